"""The cards above the organizations: what all of them have together."""

from typing import Final

import pandas as pd
import streamlit as st

from toolkit.app.parts import plain
from toolkit.titles import counted, figure, number
from toolkit.verdicts import Policy

COLUMNS: Final = {
    "critical": "critical",
    "mismatches": "mismatches",
    "left-behind": "left_behind",
    "linked": "paired",
    "unknown": "unknown",
    "accounts": "accounts",
}
"""The key figures that are summed, as on the cards of one organization, and their columns."""


def show(fleet: pd.DataFrame, policy: Policy) -> None:
    """Show a card for each key figure of a FLEET: its sum, and how many organizations have any."""
    with st.container(key="totals"):
        for key, name in COLUMNS.items():
            shown, total = figure(key), int(fleet[name].sum())
            with st.container(border=True, key=f"total-{key}", gap="xsmall", height="stretch"):
                st.metric(shown.name, number(total), help=plain.markdown(shown.meaning(policy)))
                plain.write(_beside(fleet, name), "small")


def _beside(fleet: pd.DataFrame, name: str) -> str:
    having = int(fleet[name].gt(0).sum())
    where = f"in {number(having)} of {counted(len(fleet), 'organization')}"
    accepted = int(fleet["accepted"].sum())
    if name == "mismatches" and accepted:
        return f"{where}, {number(accepted)} more accepted"
    return where
