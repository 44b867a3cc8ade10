"""The table of organizations: read while it is looked at, and a row to pick opens its Overview."""

import time
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.app import data, look
from toolkit.app.pages import OVERVIEW
from toolkit.app.parts import plain, tables
from toolkit.app.source import Source
from toolkit.fleet import Fleet
from toolkit.schema import FLEET, FLEET_SEVERITIES, Severity, State
from toolkit.theme import palette

STALE: Final = pd.Timedelta(days=8)
"""The age from which a snapshot is marked: a week, and a day for a collection that is late."""

_STALE: Final = "Stale"
_LAST: Final = 30
"""How many snapshots a sparkline goes back."""

_ROWS: Final = 25
_PATIENCE: Final = 0.5
"""Seconds between two looks at what is there so far."""

_WIDTHS: Final = {"critical": 62, "high": 52, "medium": 66, "low": 50} | {
    "mismatches": 92,
    "left_behind": 90,
    "paired": 62,
    "snapshots": 84,
    "accounts": 78,
    "accepted": 78,
    "unknown": 78,
}
"""The columns of numbers, and how wide each is in pixels."""


def gathered(wanted: Source, now: pd.Timestamp) -> Fleet:
    """Return how the organizations of a store stand; what takes long is shown as far as it is."""
    place, total = st.empty(), len(wanted.organizations)
    shown = time.monotonic()
    fleet = Fleet(pd.DataFrame(), pd.DataFrame())
    for number, fleet in enumerate(data.fleets(wanted), 1):
        if number < total and time.monotonic() - shown > _PATIENCE:
            with place.container():
                plain.write("Reading the organizations", "h1")
                st.progress(
                    number / total,
                    text=f"Reading the history of {number + 1} of {total} organizations",
                )
                if not fleet.table.empty:
                    st.dataframe(
                        _rows(fleet, now),
                        height=tables.height_of(fleet.table, _ROWS),
                        row_height=tables.ROW,
                        hide_index=True,
                        placeholder="–",
                        column_config=_columns(),
                        alt=f"The {number} organizations that are read so far",
                    )
            shown = time.monotonic()
    place.empty()
    return fleet


def show(fleet: Fleet, now: pd.Timestamp) -> None:
    """Show the organizations, worst first; a row that is picked opens its Overview."""
    rows = _rows(fleet, now)
    picked = tables.pick(
        rows,
        _columns(),
        key=f"fleet-{tables.signature(*(fleet.table[name] for name in fleet.table))}",
        alt="The organizations, worst first; pick a row to open one",
        most=_ROWS,
        anywhere=False,
    )
    if picked is not None:
        one = rows["organization_id"].iloc[picked]
        st.switch_page(OVERVIEW.path, query_params={"organization": one})


def _rows(fleet: Fleet, now: pd.Timestamp) -> pd.DataFrame:
    """Return FLEET as people read it: the worst severity, the trend, and how old it all is."""
    table = fleet.table
    counts = table[list(FLEET_SEVERITIES)]
    worst = counts.gt(0).idxmax(axis=1).astype("str").str.upper()
    age, trends = now - table["taken"], _trends(fleet.trend)
    stale = [[_STALE] if is_stale else [] for is_stale in age >= STALE]
    return pd.DataFrame(
        {
            "worst": tables.severity_pills(worst.where(counts.gt(0).any(axis=1))),
            "organization_id": table["organization_id"],
            **{name: table[name] for name in FLEET_SEVERITIES},
            "trend": [trends.get(one) for one in table["organization_id"]],
            "left_behind": table["left_behind"],
            "age": age.dt.days.clip(lower=0),
            **({"stale": stale} if any(stale) else {}),
            **{name: table[name] for name in _WIDTHS},
        }
    )


def _trends(trend: pd.DataFrame) -> dict[str, list[int]]:
    """Return the mismatches of every severity in the last snapshots of each organization."""
    summed = trend.groupby(["organization_id", "taken"])["mismatches"].sum()
    found = {}
    for organization, of_one in summed.groupby(level="organization_id"):
        last = [int(value) for value in of_one.tail(_LAST)]
        # One snapshot is no trend, and would be drawn as one that stays as it is.
        found[str(organization)] = last if len(last) > 1 else []
    return found


def _columns() -> dict[str, Any]:
    colours = palette(dark=look.is_dark())
    return {
        "worst": tables.severity_column("Worst"),
        "organization_id": st.column_config.TextColumn(
            "Organization", help=FLEET["organization_id"].meaning, pinned=True
        ),
        "trend": st.column_config.LineChartColumn(
            "Over time",
            y_min=0,
            color=colours.states[State.ACTIVE],
            width=110,
            help=f"Mismatches, none of them accepted, in the last {_LAST} snapshots.",
        ),
        "age": st.column_config.NumberColumn(
            "Days old", help="The age of its newest snapshot.", width=75
        ),
        "stale": st.column_config.MultiselectColumn(
            "",
            options=[_STALE],
            color=[colours.tints[Severity.HIGH]],
            width=75,
            help=f"Its newest snapshot is {STALE.days} days old, or older: collect again.",
        ),
        **{
            name: st.column_config.NumberColumn(
                FLEET[name].label, help=FLEET[name].meaning, format="localized", width=width
            )
            for name, width in _WIDTHS.items()
        },
    }
