"""What the pages load: the one module that caches.

Everything is kept by store, snapshot and the time its manifest was written, so a snapshot that is
written anew is read anew. What comes out is shared between sessions and never changed.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit import analysis, charts
from toolkit.app.look import fitted
from toolkit.app.parts.tables import severity_pills, worded
from toolkit.app.source import Source
from toolkit.errors import SnapshotNotFoundError
from toolkit.schema import Verdict
from toolkit.store import Snapshot, earlier_ids, load_manifest, load_snapshot
from toolkit.text import printable_series
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
    """One snapshot as the pages need it; what takes long is made when it is first wanted."""

    snapshot: Snapshot
    pairs: pd.DataFrame
    """PAIRS: one row per standard account."""

    @cached_property
    def links(self) -> pd.DataFrame:
        """JUDGED_LINKS: one row per link and Region."""
        return judge_links(self.snapshot)

    @cached_property
    def listed(self) -> pd.DataFrame:
        """PAIRS to look through: worst first, names printable, and as people read them.

        Adds what the table shows in its own way: `standard_shown` and `govcloud_shown`, the states
        as charts count them, in words; `severity_shown`, a pill; `unit_shown` and `meaning_shown`,
        which repeat so much that as categories they take half the way to the browser.
        """
        rest = self.pairs[self.pairs["verdict"] != Verdict.MISMATCH]
        order = pd.DataFrame(
            {
                # unknown ones, then those without a GovCloud account, then those that agree
                "verdict": -rest["verdict"].cat.codes,
                "name": rest["name"].str.casefold(),
            }
        )
        rest = rest.loc[order.sort_values(["verdict", "name"], kind="stable").index]
        rows = pd.concat([mismatches(self.pairs), rest], ignore_index=True)
        shown = analysis.shown_states(rows)
        units = printable_series(rows["ou_path"])
        return rows.assign(
            name=printable_series(rows["name"]),
            ou_path=units,
            unit_shown=units.astype("category"),
            meaning_shown=rows["meaning"].astype("category"),
            standard_shown=worded(shown["standard_state"]),
            govcloud_shown=worded(shown["govcloud_state"]),
            severity_shown=severity_pills(rows["severity"]),
        )


def view(source: Source) -> View:
    """Return the chosen snapshot; raises SnapshotNotFoundError where the store holds none."""
    return _view(*_key(source.store, _chosen(source)))


def since(source: Source) -> pd.Series:
    """Return when each pair was first seen to disagree without a break, row by row of `listed`."""
    return _since(_history_keys(source))


def drawn(source: Source, plot: str, *, dark: bool, height: int = 0) -> Any:
    """Return the named chart of the chosen snapshot, to be shown and not changed."""
    return _drawn(_key(source.store, _chosen(source)), plot, dark=dark, height=height)


def history(source: Source) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
    """Return the organization's snapshots up to the chosen one, oldest first.

    Each is the time it was taken, and its PAIRS with the columns that a comparison needs.
    """
    return [(pd.Timestamp(when), _slim(*key)) for when, key in _history_keys(source)]


def figures(source: Source) -> list[tuple[pd.Timestamp, analysis.KeyFigures]]:
    """Return the key figures of each snapshot of the history, oldest first."""
    return [(pd.Timestamp(when), _figures(*key)) for when, key in _history_keys(source)]


def changes(source: Source, before: pd.Timestamp, after: pd.Timestamp) -> pd.DataFrame:
    """Return CHANGES between two snapshots of the history."""
    keys = {pd.Timestamp(when): key for when, key in _history_keys(source)}
    return _changes(keys[before], keys[after])


def forget() -> None:
    """Read everything anew at the next run."""
    for kept in (_view, _since, _drawn, _slim, _figures, _changes):
        kept.clear()


@st.cache_resource(max_entries=3, show_spinner=False)
def _view(store: str, snapshot_id: str, written: int) -> View:
    del written  # it is part of the key alone
    snapshot = load_snapshot(store, snapshot_id)
    return View(snapshot, judge_pairs(snapshot))


@st.cache_resource(max_entries=3, show_spinner="Looking back")
def _since(keys: list[tuple[str, Key]]) -> pd.Series:
    first = analysis.first_seen([(pd.Timestamp(when), _slim(*key)) for when, key in keys])
    rows = _view(*keys[-1][1]).listed["account_id"]
    return pd.Series(first.reindex(pd.Index(rows)).array, index=rows.index)


@st.cache_resource(max_entries=24, show_spinner=False)
def _drawn(key: Key, plot: str, *, dark: bool, height: int) -> Any:
    chosen = _view(*key)
    frame = chosen.links if plot == "plot_link_status" else chosen.pairs
    figure = getattr(charts, plot)(frame, dark=dark)
    return fitted(figure, height)


@st.cache_resource(max_entries=2 * MOST, show_spinner=False)
def _slim(store: str, snapshot_id: str, written: int) -> pd.DataFrame:
    del written
    return judge_pairs(load_snapshot(store, snapshot_id))[list(_SLIM)]


@st.cache_resource(max_entries=10 * MOST, show_spinner=False)
def _figures(store: str, snapshot_id: str, written: int) -> analysis.KeyFigures:
    return analysis.key_figures(_slim(store, snapshot_id, written))


@st.cache_resource(max_entries=6, show_spinner="Comparing the snapshots")
def _changes(before: Key, after: Key) -> pd.DataFrame:
    return analysis.changes(_slim(*before), _slim(*after))


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
    manifest = load_manifest(source.store, chosen)
    ids = [*earlier_ids(source.store, manifest), chosen][-MOST:]
    return [(load_manifest(source.store, i).taken.isoformat(), _key(source.store, i)) for i in ids]
