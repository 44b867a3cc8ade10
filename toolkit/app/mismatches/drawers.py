"""The drawer beside a table: its place, and what every one says of the row that is picked."""

from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from toolkit.app.data import View
from toolkit.app.parts import plain

Side = Literal["standard", "govcloud"]

_SIDES: Final[dict[Side, tuple[str, str, str]]] = {
    "standard": ("Standard account", "account_id", "https://console.aws.amazon.com"),
    "govcloud": ("GovCloud account", "govcloud_account_id", "https://console.amazonaws-us-gov.com"),
}
"""What each side is called, the column of its id, and where its partition's console is."""

_INVENTED: Final = "The demo's accounts are made up: no console knows them."


def beside(key: str) -> tuple[Any, Any]:
    """Return the place of a table and that of its drawer, which goes below where it is narrow."""
    with st.container(key=f"beside-{key}"):
        table, drawer = st.columns([13, 8], gap="small")
    return table, drawer


def head(row: pd.Series, verdict: str) -> None:
    """Show whose row of PAIRS or LEFT_BEHIND it is, what is wrong with it, and what that means."""
    name = row["name"]
    plain.write(name if isinstance(name, str) and name else "Account without a name", "h2")
    plain.write(verdict, "h3")
    plain.write(row["meaning"])


def side(view: View, which: Side, row: pd.Series, facts: dict[str, str]) -> None:
    """Show one side of a pair: its id, to be copied, its console, and what is known of it."""
    title, column, console = _SIDES[which]
    account = row[column]
    with st.container(gap="xsmall"):
        plain.write(title, "h3")
        if isinstance(account, str) and account:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.code(account, language=None, width=175)
                made_up = view.source.is_demo or view.snapshot.manifest.is_local
                st.link_button(
                    "Console",
                    f"{console}/organizations/v2/home/accounts/{account}",
                    icon=":material/open_in_new:",
                    type="tertiary",
                    help=_INVENTED if made_up else "Its page in the console of AWS Organizations.",
                    disabled=made_up,
                )
        plain.facts({name: text for name, text in facts.items() if text})
