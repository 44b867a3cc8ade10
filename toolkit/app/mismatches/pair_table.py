"""The table of pairs: what is shown, a row to pick, and the same rows to take away."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.app import filters
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.parts import cost, plain, tables
from toolkit.schema import PAIRS
from toolkit.titles import counted, title_mismatches, title_unknown

COLUMNS: Final = (
    *("severity_shown", "name", "standard_shown", "govcloud_shown", "unit_shown"),
    *("account_id", "govcloud_account_id", "meaning_shown"),
)


def title(found: pd.DataFrame, chosen: Filter) -> str:
    """Return one sentence on what the filter found."""
    if chosen.show == filters.MISMATCHES:
        if found.empty:
            return "No mismatch" if chosen.is_wide else "No mismatch fits these filters"
        return title_mismatches(found)
    if chosen.show == filters.UNKNOWN and len(found):
        return title_unknown(found)
    kind = "" if chosen.show == filters.ALL else f", {chosen.show.lower()}"
    return f"{counted(len(found), 'account')}{kind}"


def show_none(chosen: Filter) -> None:
    """Say that there is nothing to show, and offer the way to something."""
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

    Where it is known what GovCloud cost, there is a column for each unit, to sort by. Let the key
    change with the rows.
    """
    costs, of_costs = cost.beside(view, found["account_id"])
    rows = found[[*COLUMNS, "since"]].join(costs)
    event: Any = st.dataframe(
        rows,
        height=tables.height_of(rows),
        row_height=tables.ROW,
        hide_index=True,
        placeholder="–",
        column_order=[
            *(*COLUMNS[:4], *costs.columns[:1], COLUMNS[4], "since"),
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


def _settings() -> dict[str, Any]:
    return tables.columns(
        PAIRS,
        *("account_id", "govcloud_account_id"),
        severity_shown=tables.severity_column(),
        name=st.column_config.TextColumn("Name", width=210),
        standard_shown=st.column_config.TextColumn("Standard state", width=140),
        govcloud_shown=st.column_config.TextColumn("GovCloud state", width=140),
        unit_shown=st.column_config.TextColumn("Organizational unit", width=220),
        since=st.column_config.DateColumn(
            "Seen since",
            format="D MMM YYYY",
            width=110,
            help="The oldest snapshot since which the pair was never seen to agree; at least since"
            " then, where that is the oldest there is or that is looked at.",
        ),
        meaning_shown=st.column_config.TextColumn("What it means", width=420),
    )
