"""What further sources say of one account: its tags, and what its GovCloud account cost."""

from typing import Final

import pandas as pd
import streamlit as st

from toolkit import analysis
from toolkit.app.filters import EMPTY
from toolkit.app.parts import plain
from toolkit.store import Snapshot
from toolkit.titles import amount, counted, unseen_in_words

_ON_REQUEST: Final = "spend"
"""A source that costs money: that nobody asked for it goes without saying."""


def show(snapshot: Snapshot, account_id: str) -> None:
    """Show the tags of a standard account and what GovCloud cost, or why they are not known."""
    left, right = st.columns(2, gap="medium")
    with left:
        _show("Tags", snapshot, "tags", _tags(_of(snapshot.tags, account_id)), "None.")
    if _ON_REQUEST in snapshot.manifest.sources:
        cost = _cost(_of(snapshot.spend, account_id))
        with right:
            _show("GovCloud cost", snapshot, "spend", cost, "None was billed to this account.")


def _show(title: str, snapshot: Snapshot, source: str, known: dict[str, str], none: str) -> None:
    plain.write(title, "h3")
    if known:
        plain.facts(known)
    if not snapshot.was_seen(source):
        plain.write(unseen_in_words(snapshot, source), "small")
    elif not known:
        plain.write(none, "small")


def _of(rows: pd.DataFrame, account_id: str) -> pd.DataFrame:
    return rows[rows["account_id"] == account_id]


def _tags(tags: pd.DataFrame) -> dict[str, str]:
    ordered = tags.sort_values("key", kind="stable")
    return {str(tag.key): str(tag.value) or EMPTY for tag in ordered.itertuples()}


def _cost(spend: pd.DataFrame) -> dict[str, str]:
    """Return what each month cost, and all of them together; units are never added."""
    if spend.empty:
        return {}
    together = counted(spend["month"].nunique(), "month")
    months = {str(month): _amounts(rows) for month, rows in spend.groupby("month")}
    return {together: _amounts(analysis.spend_by_account(spend)), **months}


def _amounts(rows: pd.DataFrame) -> str:
    ordered = rows.sort_values("unit")
    parts = (ordered[name] for name in ("amount", "unit", "is_estimated"))
    return "; ".join(map(amount, *parts))
