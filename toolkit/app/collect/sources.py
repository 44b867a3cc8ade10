"""What a collection asks beside the accounts, their pairs and links, and what that costs."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from toolkit.app.parts import plain
from toolkit.fetch import CHARGE, FURTHER

NAMES: Final[Mapping[str, str]] = {
    "created": "Creation requests",
    "closures": "Closures",
    "tags": "Tags",
    "spend": "GovCloud cost",
    "contacts": "Alternate contacts",
}
"""The sources that are chosen here, and what each is called."""

_WORTH_KNOWING: Final[Mapping[str, tuple[str, str]]] = {
    "spend": (CHARGE, "Without the GovCloud cost nothing is charged."),
    "contacts": (
        "The alternate contacts name people: whoever reads the snapshot can read them.",
        "They are asked for the mismatching accounts only.",
    ),
}
"""What is to be known before these are asked; they are not, unless somebody says so."""

BY_DEFAULT: Final = tuple(name for name in NAMES if FURTHER[name])
"""What a collection asks where nobody says which."""


def pick() -> tuple[str, ...]:
    """Show the sources to choose from, say what some of them cost, and return the chosen ones."""
    chosen = st.multiselect(
        "What else to ask",
        list(NAMES),
        default=list(BY_DEFAULT),
        format_func=NAMES.__getitem__,
        key="collect-sources",
        persist_state="session",
        placeholder="Nothing",
        help="A source that is denied is said once, and costs the collection nothing.",
    )
    for name in chosen:
        if name in _WORTH_KNOWING:
            plain.message("notice", *_WORTH_KNOWING[name])
    return tuple(chosen)
