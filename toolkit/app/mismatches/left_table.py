"""What was left behind: pairs whose account has left the list while GovCloud ran on."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.app import filters
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.mismatches import accepting, drawers, pair_table
from toolkit.app.parts import downloads, plain, tables
from toolkit.schema import LEFT_BEHIND, label
from toolkit.theme import severity_name
from toolkit.titles import counted, day, title_left_behind

_COLUMNS: Final = (
    *("severity_shown", "name", "account_id", "govcloud_account_id", "govcloud_shown"),
    *("last_seen", "standard_shown", "unit_shown", "meaning_shown"),
)
_SIDES: Final[tuple[tuple[drawers.Side, str], ...]] = (
    ("standard", "when it was last listed"),
    ("govcloud", "last seen"),
)
"""When the state of each side was so."""


def title(view: View, left: pd.DataFrame, chosen: Filter) -> str:
    """Return one sentence on what was left behind, of what the filter found."""
    if not left.empty:
        return title_left_behind(left)
    if not view.snapshot.manifest.is_whole_organization:
        return "Nobody can tell what was left behind"
    if chosen.is_wide:
        return title_left_behind(left)
    return "Nothing that was left behind fits these filters"


def show_none(view: View) -> None:
    """Say that nothing was left behind, and how far that is known."""
    if not view.snapshot.manifest.is_whole_organization:
        plain.message(
            "empty",
            "This snapshot is of chosen accounts: who is missing from it has not left the list.",
            "Collect the whole organization to see what was left behind.",
        )
        return
    times = view.judged.spells.times
    since = f" since the snapshot of {day(times[0])}" if len(times) > 1 else ""
    plain.message(
        "empty",
        f"No account with an open GovCloud account has left the list{since}.",
        "Whatever left it before the first snapshot of the store cannot be known by it."
        if since
        else "There is one snapshot so far, and it takes two to see that an account has left.",
    )


def show(view: View, left: pd.DataFrame, chosen: Filter, *, alone: bool, account: str) -> None:
    """Show rows of `View.left_listed`, and beside them that account up close, else the first.

    Where the page is of nothing else, it has said how many they are. Where no pairs stand above
    them, with which they can be taken away, they can be alone.
    """
    with st.container(key="left-behind"):
        if chosen.show != filters.LEFT_BEHIND:
            plain.write(title(view, left, chosen), "h2")
        if alone:
            with st.container(horizontal=True):
                name = f"left-behind-{view.snapshot.taken:%Y-%m-%d}"
                downloads.offer_csv(left[LEFT_BEHIND.names], name, key="left-behind")
        table, drawer = drawers.beside("left")
        with table:
            picked = _pick(view, left, tables.signature(chosen, view.mark), account)
        with drawer:
            _show_one(view, left.iloc[picked])


def _pick(view: View, left: pd.DataFrame, key: str, account: str) -> int:
    beside = [
        *(["owner"] if view.names_owners else []),
        *(["accepted_until"] if left["accepted_until"].notna().any() else []),
    ]
    order = [*_COLUMNS[:6], *beside, *_COLUMNS[6:]]
    return pair_table.picked(
        left[order],
        _settings(),
        order=order,
        key=f"left-behind-{key}",
        alt="What was left behind, worst first; pick a row to see it beside them",
        account=account,
    )


def _show_one(view: View, row: pd.Series) -> None:
    until = row["accepted_until"]
    accepted = "" if pd.isna(until) else f", accepted until {day(until)}"
    owner = row["owner"] if isinstance(row["owner"], str) else ""
    days = counted((view.snapshot.taken - row["last_seen"]).days, "day")
    facts = {
        "What to do": row["action"],
        "Last listed": f"{day(row['last_seen'])}, {days} ago",
        "Owner": owner or ("nobody is known" if view.names_owners else ""),
        "Unit": row["ou_path"] if isinstance(row["ou_path"], str) else "not known",
    }
    with st.container(border=True, key="left-one"):
        drawers.head(row, f"{severity_name(row['severity'])}, left behind{accepted}")
        plain.facts({title: text for title, text in facts.items() if text})
        for side, words in _SIDES:
            state = row[f"{side}_state"]
            known = f"{label(state)}, {words}" if isinstance(state, str) else "Not known"
            drawers.side(view, side, row, {"State": known})
        accepting.offer(row)


def _settings() -> dict[str, Any]:
    return tables.columns(
        LEFT_BEHIND,
        "last_seen",
        **pair_table.settings(),
    )
