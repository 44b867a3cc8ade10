"""The table of changes between two snapshots: what happened to which account."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from toolkit.app import address, filters, look
from toolkit.app.address import Address, Field
from toolkit.app.data import View
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import downloads, plain, tables
from toolkit.app.source import Source, names_of
from toolkit.schema import CHANGES, Change, Severity, Verdict, label
from toolkit.text import printable_series
from toolkit.theme import palette
from toolkit.titles import day

_GONE: Final = "not listed"
_UNSEEN: Final = "not seen"
_NONE: Final = "none"


def day_address(source: Source, taken: str) -> Address:
    """Return the address of the mismatches in the snapshot taken then (ISO 8601)."""
    return Filter().address() | source.address_of(pd.Timestamp(taken))


def choose_two(taken: Sequence[pd.Timestamp]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Show the pickers of an older and a newer snapshot, and return when they were taken."""
    times = dict(zip(names_of(taken), taken, strict=True))
    names = list(times)
    fields = [
        Field("before", names[:-1], names[-2]),
        Field("after", names[1:], names[-1]),
        Field("change", [label(word) for word in Change], many=True),
    ]
    address.arrive("trends", fields)
    if st.session_state["after"] <= st.session_state["before"]:
        st.session_state["after"] = names[-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Compare", names[:-1], key="before", persist_state="session", width=220)
        later = [name for name in names if name > st.session_state["before"]]
        st.selectbox("with", later, key="after", persist_state="session", width=220)
        st.pills(
            "What happened",
            [label(word) for word in Change],
            selection_mode="multi",
            key="change",
            persist_state="session",
        )
    values = address.leave("trends", fields)
    return times[values["before"][0]], times[values["after"][0]]


def chosen(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the kinds of change that are chosen, all of them where none is.

    What has vanished comes first: no other page lists it.
    """
    kinds = [word.value for word in Change if label(word) in st.session_state["change"]]
    kept = changes[changes["change"].isin(kinds)] if kinds else changes
    gone = kept["change"] == Change.VANISHED
    return pd.concat([kept[gone], kept[~gone]], ignore_index=True)


def show(view: View, changes: pd.DataFrame, before: pd.Timestamp, after: pd.Timestamp) -> None:
    """Show the changes, each with a way to its account, and offer them as CSV.

    Of what has vanished and left a GovCloud account behind, that account's id stands beside it.
    """
    if changes.empty:
        plain.message("empty", f"Nothing of this kind changed from {day(before)} to {day(after)}.")
        return
    rows = pd.DataFrame(
        {
            "change": tables.pills(changes["change"]),
            "severity_before": tables.severity_pills(changes["severity_before"]),
            "severity_after": tables.severity_pills(changes["severity_after"]),
            "name": printable_series(changes["name"]),
            "account_id": changes["account_id"],
            "standard": moved(changes, "standard_state"),
            "govcloud": moved(changes, "govcloud_state"),
            "ou_path": printable_series(changes["ou_path"]),
        }
    )
    left = _left_behind(view, changes, after)
    if left.notna().any():
        rows.insert(3, "left_behind", left)
    picked = tables.pick(
        rows,
        _settings(),
        key=f"changes-{tables.signature(before, after, changes['account_id'])}",
        alt="What changed between the two snapshots; pick a row to go to its account",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if picked is not None:
            is_left = left.notna().iloc[picked]
            _show_way(view.source, changes.iloc[picked], before, after, is_left=is_left)
        else:
            plain.write("Pick a row to open its account.", "small")
        downloads.offer_csv(changes, f"changes-{before:%Y-%m-%d}-{after:%Y-%m-%d}", key="changes")


def _left_behind(view: View, changes: pd.DataFrame, after: pd.Timestamp) -> pd.Series:
    """Return of each change the id of the GovCloud account that was left behind by it."""
    left = view.left_behind_at(after).drop_duplicates("account_id").set_index("account_id")
    gone = changes["account_id"].where(changes["change"] == Change.VANISHED)
    return gone.map(left["govcloud_account_id"])


def _show_way(
    source: Source,
    change: pd.Series,
    before: pd.Timestamp,
    after: pd.Timestamp,
    *,
    is_left: bool,
) -> None:
    # What has vanished is to be seen in the older snapshot alone, but for what it left behind.
    gone = change["change"] == Change.VANISHED and not is_left
    shown = filters.LEFT_BEHIND if is_left else filters.ALL
    of_account = Filter(shown, find=change["account_id"]).address()
    text = "Open what it left behind" if is_left else "Open this account"
    st.page_link(
        MISMATCHES.path,
        label="Open this account as it last was" if gone else text,
        icon=":material/arrow_forward:",
        query_params=of_account | source.address_of(before if gone else after),
    )


def moved(changes: pd.DataFrame, side: str) -> pd.Series:
    """Return both states of a side as one text: "Active → Closed", or the one that stayed.

    Where one is missing it says why: the account was not listed, could not be seen, or has none.
    """
    change = changes["change"]
    unseen = np.where(change == Change.LOST_SIGHT, _UNSEEN, _NONE)
    missing = {
        "before": np.where(change == Change.JOINED, _GONE, _NONE),
        "after": np.where(change == Change.VANISHED, _GONE, unseen),
    }
    was, now = (
        tables.worded(changes[f"{side}_{when}"])
        .astype("str")
        .fillna(pd.Series(why, index=changes.index, dtype="str"))
        for when, why in missing.items()
    )
    return was.where(was == now, was + " → " + now)


def _settings() -> dict[str, Any]:
    colours = palette(dark=look.is_dark())
    calm = colours.verdict_tints[Verdict.NOT_LINKED]
    fills = {
        Change.APPEARED: colours.tints[Severity.CRITICAL],
        Change.RESOLVED: colours.verdict_tints[Verdict.MATCH],
        Change.CHANGED: colours.tints[Severity.MEDIUM],
        Change.ACCEPTANCE_ENDED: colours.tints[Severity.HIGH],
        Change.LOST_SIGHT: colours.verdict_tints[Verdict.UNKNOWN],
        Change.VANISHED: colours.tints[Severity.LOW],
        Change.JOINED: calm,
    }
    return tables.columns(
        CHANGES,
        *("name", "account_id", "ou_path"),
        change=st.column_config.MultiselectColumn(
            "Change",
            options=[label(word) for word in fills],
            color=list(fills.values()),
            width=190,
        ),
        left_behind=st.column_config.TextColumn(
            "Left behind",
            width=130,
            help="The GovCloud account that was not closed when the account left the list.",
        ),
        standard=st.column_config.TextColumn("Standard state"),
        govcloud=st.column_config.TextColumn("GovCloud state"),
        severity_before=tables.severity_column("Was"),
        severity_after=tables.severity_column("Is now"),
    )
