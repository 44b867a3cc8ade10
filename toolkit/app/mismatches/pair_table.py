"""The table of pairs: what is shown, a row to pick, and the same rows to take away."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit import analysis
from toolkit.app import filters
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.mismatches import left_table
from toolkit.app.parts import cost, plain, tables
from toolkit.schema import PAIRS
from toolkit.titles import counted, left_in_words, title_mismatches, title_unknown

COLUMNS: Final = (
    *("severity_shown", "name", "account_id", "govcloud_account_id"),
    *("standard_shown", "govcloud_shown", "age"),
)
"""What stands first: what is worst, its name and both its ids, and what it is."""
_ROWS: Final = 15
"""As many as a drawer is high."""
_SINCE: Final = ("since", "since_is_shown")
_LAST: Final = ("unit_shown", "meaning_shown")


def title(view: View, found: pd.DataFrame, left: pd.DataFrame, chosen: Filter) -> str:
    """Return one sentence on what the filter found of pairs, and of what was left behind."""
    figures = analysis.key_figures(found, left)
    if chosen.show == filters.LEFT_BEHIND:
        return left_table.title(view, left, chosen)
    if chosen.show == filters.MISMATCHES:
        if figures.mismatches:
            return title_mismatches(found, left)
        none = "No mismatch" if chosen.is_wide else "No mismatch fits these filters"
        if figures.accepted:
            none = f"No open mismatch, {figures.accepted:,} accepted"
        return none + left_in_words(figures)
    if chosen.show == filters.UNKNOWN and len(found):
        return title_unknown(found)
    kind = "" if chosen.show == filters.ALL else f", {chosen.show.lower()}"
    return f"{counted(len(found), 'account')}{kind}"


def show_none(view: View, chosen: Filter) -> None:
    """Say that there is nothing to show, and offer the way to something."""
    if chosen == Filter(filters.LEFT_BEHIND):
        left_table.show_none(view)
        return
    if chosen == Filter(filters.ACCEPTED):
        plain.message(
            "empty",
            "No mismatch of this snapshot is accepted.",
            "Choose Mismatches above, pick a pair, and say below it who answers for it.",
        )
        return
    if chosen == Filter():
        plain.message(
            "empty",
            "No pair disagrees in this snapshot.",
            "Choose Unknown above for what could not be seen, or All accounts for everything.",
        )
        return
    _tell_where(view, chosen)
    st.button("Clear the filters", icon=":material/filter_alt_off:", on_click=filters.clear)


def _tell_where(view: View, chosen: Filter) -> None:
    """Say that nothing fits, and where what was searched for is, with a button that leads there."""
    nothing = "No account fits these filters."
    kept = replace(chosen, show=filters.ALL)
    for there, apart in ((kept, ""), (Filter(filters.ALL, find=chosen.find), ", without filters")):
        count = sum(map(len, view.kept(there))) if chosen.find.strip() else 0
        if count:
            plain.message("empty", nothing, f"{count:,} under {filters.ALL}{apart}.")
            st.button(
                f"Show {'it' if count == 1 else 'them'}",
                icon=":material/search:",
                key="show-where",
                type="primary",
                on_click=filters.put,
                args=(there,),
            )
            return
    plain.message("empty", nothing, "Take one away, or all of them.")


def show(view: View, found: pd.DataFrame, *, key: str, account: str) -> int:
    """Show the rows, pick that account, else the first, and return the place of what is picked.

    Where it is known what GovCloud cost, there is a column for each unit, to sort by; where anybody
    is known to own one of them, or has accepted one, there are columns of that. Let the key change
    with the rows.
    """
    costs, of_costs = cost.beside(view, found["account_id"])
    accepted = found["accepted_until"].notna().any()
    beside = [
        *(["owner"] if view.names_owners else []),
        *(["accepted_until", "accepted_by_shown"] if accepted else []),
    ]
    rows = found.assign(age=(view.snapshot.taken - found["since"]).dt.days.clip(lower=0))
    rows = rows[[*COLUMNS, *beside, *_SINCE, *_LAST]].join(costs)
    return picked(
        rows,
        _settings() | of_costs,
        order=[*COLUMNS, *beside, *costs.columns, *_LAST[:1], *_SINCE, *_LAST[1:]],
        key=f"pairs-{key}",
        alt="Account pairs, worst first; pick a row to see the pair beside them",
        account=account,
    )


def picked(
    rows: pd.DataFrame,
    settings: dict[str, Any],
    *,
    order: Sequence[str],
    key: str,
    alt: str,
    account: str,
) -> int:
    """Show rows of which one is always picked: that of an account, else the first.

    The one that is picked is the account of the address from then on.
    """
    ids = rows["account_id"].reset_index(drop=True)
    there = ids.index[ids == account]
    place = tables.pick(
        rows,
        settings,
        order=order,
        key=key,
        alt=alt,
        most=_ROWS,
        at=int(there[0]) if len(there) else 0,
        on_pick=lambda place: filters.pick_account(ids[place]),
    )
    return min(place or 0, len(rows) - 1)


def settings() -> dict[str, Any]:
    """Return the settings of the columns that pairs have, listed or left behind."""
    return {
        "severity_shown": tables.severity_column(),
        "name": st.column_config.TextColumn("Name", width=175),
        "account_id": _id("account_id", 115),
        "govcloud_account_id": _id("govcloud_account_id", 130),
        "standard_shown": st.column_config.TextColumn("Standard state", width=135),
        "govcloud_shown": st.column_config.TextColumn("GovCloud state", width=135),
        "unit_shown": st.column_config.TextColumn("Organizational unit", width=220),
        "owner": st.column_config.TextColumn(
            "Owner", width=150, help="Who answers for the account."
        ),
        "accepted_until": st.column_config.DateColumn(
            "Accepted until",
            format=tables.DAY,
            width=150,
            help="The day, UTC, on which it counts again. Until then it is in no count.",
        ),
        "meaning_shown": st.column_config.TextColumn("What it means", width=420),
    }


def _settings() -> dict[str, Any]:
    return settings() | {
        "age": st.column_config.NumberColumn(
            "Days",
            width=65,
            help="For how many days the two states have been as they are, at the snapshot.",
        ),
        "since": st.column_config.DateColumn(
            "Seen so since",
            format=tables.DAY,
            width=150,
            help="Since when the two states have been as they are, over all snapshots of the store;"
            " how that is known stands beside it.",
        ),
        "since_is_shown": st.column_config.TextColumn(
            "Known by",
            width=95,
            help="Closure: CloudTrail told when the account was closed. Snapshot: it is the first"
            " one that shows the two states, after one that showed others. At least: no earlier"
            " snapshot shows others, so it may have been so for longer.",
        ),
        "accepted_by_shown": st.column_config.TextColumn("Accepted by", width=160),
    }


def _id(name: str, width: int) -> Any:
    return tables.text_column(PAIRS, name, width)
