"""What was left behind: pairs whose account has left the list while GovCloud ran on."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.app import filters
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.mismatches import accepting, pair_table
from toolkit.app.parts import downloads, plain, tables
from toolkit.schema import LEFT_BEHIND, label
from toolkit.theme import severity_name
from toolkit.titles import day, title_left_behind

_COLUMNS: Final = (
    *("severity_shown", "name", "govcloud_account_id", "govcloud_shown", "last_seen"),
    *("standard_shown", "unit_shown", "account_id", "meaning_shown"),
)


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


def show(view: View, left: pd.DataFrame, chosen: Filter, *, alone: bool) -> None:
    """Show rows of `View.left_listed`, and the one that is picked up close.

    Where the page is of nothing else, it has said how many they are. Where no pairs stand above
    them, with which they can be taken away, they can be alone.
    """
    with st.container(key="left-behind"):
        if chosen.show != filters.LEFT_BEHIND:
            plain.write(title(view, left, chosen), "h2")
        if alone:
            with st.container(horizontal=True, horizontal_alignment="right"):
                name = f"left-behind-{view.snapshot.taken:%Y-%m-%d}"
                downloads.offer_csv(left[LEFT_BEHIND.names], name, key="left-behind")
        picked = _pick(view, left, tables.signature(chosen, view.mark))
        _show_one(left.iloc[picked])


def _pick(view: View, left: pd.DataFrame, key: str) -> int:
    """Show the table, and return the place of the row that is picked: the first until one is."""
    beside = [
        *(["owner"] if view.names_owners else []),
        *(["accepted_until"] if left["accepted_until"].notna().any() else []),
    ]
    rows = left[[*_COLUMNS[:5], *beside, *_COLUMNS[5:]]]
    event: Any = st.dataframe(
        rows,
        height=tables.height_of(rows),
        row_height=tables.ROW,
        hide_index=True,
        placeholder="–",
        column_config=_settings(),
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0], "columns": [], "cells": []}},
        key=f"left-behind-{key}",
        alt="What was left behind, worst first; pick a row to see it below",
    )
    picked = event["selection"]["rows"]
    return min(picked[0], len(left) - 1) if picked else 0


def _show_one(row: pd.Series) -> None:
    name = row["name"] if isinstance(row["name"], str) and row["name"] else "Account without a name"
    until = row["accepted_until"]
    accepted = "" if pd.isna(until) else f", accepted until {day(until)}"
    with st.container(border=True, key="left-one"):
        plain.write(name, "h2")
        what, states = st.columns([5, 8], gap="medium")
        with what:
            plain.write(f"{severity_name(row['severity'])}, left behind{accepted}", "h3")
            plain.write(row["meaning"])
            owner = row["owner"] if isinstance(row["owner"], str) else ""
            facts = {"What to do": row["action"], "Owner": owner}
            plain.facts({title: text for title, text in facts.items() if text})
        with states:
            plain.write("As it was last seen", "h3")
            plain.facts(
                {
                    "GovCloud": f"{row['govcloud_account_id']}, {_state(row['govcloud_state'])}",
                    "Standard": f"{row['account_id']}, {_state(row['standard_state'])}",
                    "Last listed": f"{day(row['last_seen'])}, {row['last_seen']:%H:%M} UTC",
                    "Unit": row["ou_path"] if isinstance(row["ou_path"], str) else "not known",
                }
            )
        accepting.offer(row)


def _state(word: object) -> str:
    return label(word).lower() if isinstance(word, str) else "state not known"


def _settings() -> dict[str, Any]:
    return tables.columns(
        LEFT_BEHIND,
        *("account_id", "govcloud_account_id", "last_seen"),
        **pair_table.settings(),
    )
