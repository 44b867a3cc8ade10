"""What the pages load: the one module that caches.

Everything is kept by store, snapshot and the time its manifest was written, so a snapshot that is
written anew is read anew. What comes out is shared between sessions and never changed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit import analysis
from toolkit.app.source import Source
from toolkit.errors import SnapshotNotFoundError
from toolkit.files import printable_series
from toolkit.schema import Verdict
from toolkit.snapshot import Snapshot, list_snapshots, load_snapshot
from toolkit.verdicts import judge_links, judge_pairs, mismatches

MOST: Final = 12
"""How many snapshots the history on screen goes back, the chosen one included."""

_SLIM: Final = (
    *("account_id", "name", "ou_path", "standard_state", "govcloud_state"),
    *("outcome", "verdict", "severity"),
)

Key = tuple[str, str, int]
"""A snapshot as the caches know it: store, snapshot id, when its manifest was written."""


@dataclass(frozen=True)
class View:
    """One snapshot as the pages need it."""

    snapshot: Snapshot
    pairs: pd.DataFrame
    """PAIRS: one row per standard account."""
    links: pd.DataFrame
    """JUDGED_LINKS: one row per link and Region."""
    listed: pd.DataFrame
    """PAIRS to look through, worst first, and `standard_shown` and `govcloud_shown`, the states
    as charts count them."""


def view(source: Source) -> View:
    """Return the chosen snapshot; raises SnapshotNotFoundError where the store holds none."""
    return _view(*_key(source.store, _chosen(source)))


def history(source: Source) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
    """Return the organization's snapshots up to the chosen one, oldest first.

    Each is the time it was taken, and its PAIRS with the columns that a comparison needs.
    """
    return [(pd.Timestamp(when), _slim(*key)) for when, key in _history_keys(source)]


def figures(source: Source) -> list[tuple[pd.Timestamp, analysis.KeyFigures]]:
    """Return the key figures of each snapshot of the history, oldest first."""
    return [(pd.Timestamp(when), _figures(*key)) for when, key in _history_keys(source)]


def first_seen(source: Source) -> pd.Series:
    """Return since when each pair that disagrees is known to, as `analysis.first_seen` does."""
    return _first_seen(_history_keys(source))


def forget() -> None:
    """Read everything anew at the next run."""
    for kept in (_view, _slim, _figures, _first_seen):
        kept.clear()


@st.cache_resource(max_entries=3, show_spinner=False)
def _view(store: str, snapshot_id: str, written: int) -> View:
    del written  # it is part of the key alone
    snapshot = load_snapshot(store, snapshot_id)
    pairs = judge_pairs(snapshot)
    return View(snapshot, pairs, judge_links(snapshot), _listed(pairs))


@st.cache_resource(max_entries=2 * MOST, show_spinner=False)
def _slim(store: str, snapshot_id: str, written: int) -> pd.DataFrame:
    del written
    return judge_pairs(load_snapshot(store, snapshot_id))[list(_SLIM)]


@st.cache_resource(max_entries=10 * MOST, show_spinner=False)
def _figures(store: str, snapshot_id: str, written: int) -> analysis.KeyFigures:
    return analysis.key_figures(_slim(store, snapshot_id, written))


@st.cache_resource(max_entries=3, show_spinner=False)
def _first_seen(keys: list[tuple[str, Key]]) -> pd.Series:
    return analysis.first_seen([(pd.Timestamp(when), _slim(*key)) for when, key in keys])


def _chosen(source: Source) -> str:
    if source.snapshot_id is None:
        raise SnapshotNotFoundError(
            f"{source.store} holds no snapshot yet.", "Collect one on the page Collect."
        )
    return source.snapshot_id


def _key(store: Path, snapshot_id: str) -> Key:
    organization, taken = snapshot_id.split("/")
    manifest = store / "runs" / f"organization={organization}" / f"taken={taken}.json"
    written = manifest.stat().st_mtime_ns if manifest.exists() else 0
    return str(store), snapshot_id, written


def _history_keys(source: Source) -> list[tuple[str, Key]]:
    chosen = _chosen(source)
    organization = chosen.split("/")[0]
    known = list_snapshots(source.store, organization=organization)
    # Ids of one organization sort as their times do.
    until = known[known["snapshot_id"] <= chosen].head(MOST).iloc[::-1]
    return [
        (when.isoformat(), _key(source.store, snapshot_id))
        for when, snapshot_id in zip(until["taken"], until["snapshot_id"], strict=True)
    ]


def _listed(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs in the order in which they are looked through: worst first, then by name."""
    rest = pairs[pairs["verdict"] != Verdict.MISMATCH]
    order = {Verdict.UNKNOWN: 0, Verdict.NOT_LINKED: 1, Verdict.MATCH: 2}
    keys = pd.DataFrame(
        {"verdict": rest["verdict"].astype("str").map(order), "name": rest["name"].str.casefold()}
    )
    rest = rest.loc[keys.sort_values(["verdict", "name"], kind="stable").index]
    listed = pd.concat([mismatches(pairs), rest], ignore_index=True)
    shown = analysis.shown_states(listed)
    return listed.assign(
        name=printable_series(listed["name"]),
        ou_path=printable_series(listed["ou_path"]),
        standard_shown=shown["standard_state"],
        govcloud_shown=shown["govcloud_state"],
    )
