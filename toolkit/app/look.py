"""How charts look on a page: light or dark as the browser is, in the page's own font."""

from typing import Any, Final

import streamlit as st

FONT: Final = "'Source Sans', sans-serif"
"""Streamlit's own font, so that a chart reads like the page around it."""


def is_dark() -> bool:
    """Whether this browser shows the app dark."""
    return st.context.theme.type == "dark"


def fitted(figure: Any, height: int = 0) -> Any:
    """Return a `plot_*` figure in the page's font, and of another height where one is given."""
    size = {"height": height} if height else {}
    return figure.update_layout(font_family=FONT, dragmode=False, **size)
