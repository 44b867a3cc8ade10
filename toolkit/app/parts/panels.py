"""A chart on a page: its sentence above it, its text for screen readers, its table, its clicks."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from toolkit.app.address import Address
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import plain
from toolkit.charts import chart_alt, chart_subtitle, chart_title

Clicked = Sequence[Any]
"""The customdata of what was clicked."""


def show_chart(
    figure: Any,
    key: str,
    *,
    table: pd.DataFrame,
    title: str = "",
    opens: Callable[[Clicked], Address] | None = None,
    narrows: Callable[[Clicked | None], dict[str, Any]] | None = None,
) -> None:
    """Show a `plot_*` figure in a frame, and the table behind it for whoever cannot use the chart.

    `title` stands in for the figure's own where the page has said that already. `opens` turns what
    is clicked into the address at which Mismatches then opens; `narrows` turns it into the values
    of this page's own filters, and so it does None, when the click is taken back.
    """
    with st.container(border=True, key=f"panel-{key}", height="stretch"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            with st.container(gap="xxsmall"):
                plain.write(title or chart_title(figure), "h2")
                plain.write(chart_subtitle(figure), "small")
            with st.popover("Table", icon=":material/table_rows:", type="tertiary"):
                st.dataframe(table, hide_index=True, placeholder="–", alt=chart_title(figure))
        event: Any = st.plotly_chart(
            figure,
            theme=None,
            key=f"chart-{key}",
            on_select=_on_select(f"chart-{key}", narrows)
            if narrows
            else "rerun"
            if opens
            else "ignore",
            selection_mode="points",
            config={"displayModeBar": False},
            alt=chart_alt(figure),
        )
    clicked = _clicked(event) if opens else None
    if opens and clicked:
        st.switch_page(MISMATCHES.path, query_params=opens(clicked))


def _on_select(key: str, narrows: Callable[[Clicked | None], dict[str, Any]]) -> Callable[[], None]:
    def narrow() -> None:
        st.session_state.update(narrows(_clicked(st.session_state[key])))

    return narrow


def _clicked(event: Any) -> Clicked | None:
    points = event["selection"]["points"]
    found: Clicked | None = points[0].get("customdata") if points else None
    return found
