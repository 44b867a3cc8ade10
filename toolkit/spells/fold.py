"""Folding: one snapshot after the other becomes spells, each account's rows that are alike one."""

from typing import Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.schema import SPELLS, WITNESS_SPELLS, Table

_TIME: Final = "datetime64[us, UTC]"

_ALIKE: Final = {
    SPELLS.name: ("standard_state", "outcome", "govcloud_account_id", "govcloud_state"),
    WITNESS_SPELLS.name: ("state",),
}
"""What must stay as it is for a spell to go on; its other columns are those of its last snapshot.

What is missing is not made up: an account that no snapshot in between lists has two spells.
"""


class Fold:
    """The spells of one table (SPELLS or WITNESS_SPELLS), to which snapshots are added in time."""

    def __init__(
        self, table: Table, spells: pd.DataFrame | None = None, last: pd.Timestamp | None = None
    ) -> None:
        """Begin with nothing, or go on with what was folded up to a snapshot, taken then."""
        self._table = table
        self._key = table.columns[0].name
        self._columns = [name for name in table.names if name not in ("began", "ended")]
        self._last = last
        known = schema.empty(table) if spells is None else spells
        open_ = known["ended"] == last if last is not None else pd.Series([], dtype=bool)
        self._closed = [known[~open_.to_numpy()] if len(known) else known]
        self._open = known[open_.to_numpy()].reset_index(drop=True) if len(known) else known

    def add(self, taken: pd.Timestamp, rows: pd.DataFrame) -> None:
        """Add what a snapshot that was taken then shows: a row per account, in any order."""
        rows = rows[self._columns].reset_index(drop=True)
        places = _places(self._open[self._key], rows[self._key])
        alike = places >= 0
        for name in _ALIKE[self._table.name]:
            alike &= _same(self._open[name], rows[name], places)
        began = pd.Series(taken, index=rows.index, dtype=_TIME)
        if alike.any():
            began = began.mask(alike, self._open["began"].take(places).reset_index(drop=True))
        gone = np.ones(len(self._open), dtype=bool)
        gone[places[alike]] = False
        if gone.any():
            self._closed.append(self._open[gone].assign(ended=self._last))
        self._open = rows.assign(began=began)
        self._last = taken

    @property
    def spells(self) -> pd.DataFrame:
        """All spells so far: those that the last snapshot shows at the end."""
        open_ = self._open.assign(ended=pd.Series(self._last, index=self._open.index, dtype=_TIME))
        parts = [part for part in (*self._closed, open_) if len(part)]
        if not parts:
            return schema.empty(self._table)
        whole = pd.concat(parts, ignore_index=True)[self._table.names]
        return whole.astype({column.name: column.dtype for column in self._table.columns})


def _places(known: pd.Series, ids: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return where each id is among those known, -1 where it is not."""
    if len(known) == len(ids) and known.equals(ids):
        return np.arange(len(ids))
    places: np.ndarray[tuple[int], np.dtype[np.intp]] = pd.Index(known).get_indexer(pd.Index(ids))
    return places


def _same(
    before: pd.Series, now: pd.Series, places: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say of each value whether it is the one at its place before; what is missing is one, too."""
    if not len(before):
        return np.zeros(len(now), dtype=bool)
    was = before.astype("str").fillna("").take(places).reset_index(drop=True)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        was == now.astype("str").fillna("")
    ).to_numpy()
    return found
