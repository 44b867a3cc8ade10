"""The table of pairs: what is shown, a row to pick, and the same rows to take away."""

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
    *("severity_shown", "name", "standard_shown", "govcloud_shown", "unit_shown"),
    *("account_id", "govcloud_account_id", "meaning_shown"),
)
_SINCE: Final = ("since", "since_is_shown")


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
    plain.message("empty", "No account fits these filters.", "Take one away, or all of them.")
    st.button("Clear the filters", icon=":material/filter_alt_off:", on_click=filters.clear)


def show(view: View, found: pd.DataFrame, *, key: str) -> int:
    """Show the rows and return the place of the one that is picked: the first until one is.

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
    rows = found[[*COLUMNS, *_SINCE, *beside]].join(costs)
    event: Any = st.dataframe(
        rows,
        height=tables.height_of(rows),
        row_height=tables.ROW,
        hide_index=True,
        placeholder="–",
        column_order=[
            *(*COLUMNS[:4], *costs.columns[:1], *beside, COLUMNS[4], *_SINCE),
            *(*costs.columns[1:], *COLUMNS[5:]),
        ],
        column_config=_settings() | of_costs,
        on_select="rerun",
        selection_mode="single-row-required",
        # Without it the browser picks the first row by itself, and the page runs a second time.
        selection_default={"selection": {"rows": [0], "columns": [], "cells": []}},
        key=f"pairs-{key}",
        alt="Account pairs, worst first; pick a row to see the pair below",
    )
    picked = event["selection"]["rows"]
    return min(picked[0], len(found) - 1) if picked else 0


def settings() -> dict[str, Any]:
    """Return the settings of the columns that pairs have, listed or left behind."""
    return {
        "severity_shown": tables.severity_column(),
        "name": st.column_config.TextColumn("Name", width=210),
        "standard_shown": st.column_config.TextColumn("Standard state", width=140),
        "govcloud_shown": st.column_config.TextColumn("GovCloud state", width=140),
        "unit_shown": st.column_config.TextColumn("Organizational unit", width=220),
        "owner": st.column_config.TextColumn(
            "Owner", width=150, help="Who answers for the account."
        ),
        "accepted_until": st.column_config.DateColumn(
            "Accepted until",
            format="D MMM YYYY",
            width=120,
            help="The day, UTC, on which it counts again. Until then it is in no count.",
        ),
        "meaning_shown": st.column_config.TextColumn("What it means", width=420),
    }


def _settings() -> dict[str, Any]:
    return tables.columns(
        PAIRS,
        *("account_id", "govcloud_account_id"),
        **settings(),
        since=st.column_config.DateColumn(
            "Seen so since",
            format="D MMM YYYY",
            width=120,
            help="Since when the two states have been as they are, over all snapshots of the store;"
            " how that is known stands beside it.",
        ),
        since_is_shown=st.column_config.TextColumn(
            "Known by",
            width=95,
            help="Closure: CloudTrail told when the account was closed. Snapshot: it is the first"
            " one that shows the two states, after one that showed others. At least: no earlier"
            " snapshot shows others, so it may have been so for longer.",
        ),
        accepted_by_shown=st.column_config.TextColumn("Accepted by", width=160),
    )
