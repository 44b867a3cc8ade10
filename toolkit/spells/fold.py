"""Folding: one snapshot after the other becomes spells, each account's rows that are alike one."""

from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.schema import Table

_MICROSECOND: Final = "datetime64[us]"
_TIMES: Final = ("began", "ended")

_Places: TypeAlias = np.ndarray[tuple[int], np.dtype[np.intp]]
_Mask: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Fold:
    """The spells of one table (SPELLS or WITNESS_SPELLS), to which snapshots are added in time.

    A spell goes on while everything that is shown of its account stays as it is. What is missing is
    not made up: an account that a snapshot in between does not list has two spells.
    """

    def __init__(
        self, table: Table, spells: pd.DataFrame | None = None, last: pd.Timestamp | None = None
    ) -> None:
        """Begin with nothing, or go on with what was folded up to a snapshot, taken then."""
        shown = [column for column in table.columns if column.name not in _TIMES]
        self._table = table
        self._rows = replace(table, columns=tuple(shown))
        # Any text is right where none has to be: there is nothing to check.
        named = tuple(one for one in shown if one.kind in ("id", "word") or not one.optional)
        self._checked = replace(table, columns=named)
        self._key = shown[0].name
        self._last = last
        known = schema.empty(table) if spells is None else spells
        still = np.zeros(len(known), dtype=bool)
        if last is not None:
            still = (known["ended"] == last).to_numpy()
        self._closed = [known[~still]]
        self._texts: list[pd.DataFrame] = []
        self._open = self._as_text(known[still])
        self._began = known.loc[still, "began"].to_numpy(dtype=_MICROSECOND)

    def add(self, taken: pd.Timestamp, rows: pd.DataFrame) -> None:
        """Add what a snapshot that was taken then shows: a row per account, in any order.

        What is shown as it was before was checked then; what is new is checked here, and raises
        SchemaError where it cannot be, so that nothing is added.
        """
        taken = taken.as_unit("us")
        rows, was = self._as_text(rows), self._open
        if was[self._key].equals(rows[self._key]):
            old, goes_on = np.arange(len(was)), _alike(was, rows)
        else:
            if not rows[self._key].is_unique:
                rows = rows.drop_duplicates(self._key, ignore_index=True)
            # Where each open spell's account is among the rows, -1 where it is not.
            old = _places(rows[self._key], was[self._key])
            goes_on = old >= 0
            listed = np.flatnonzero(goes_on)
            goes_on[listed] = _alike(was.take(listed), rows.take(old[listed]))
        old = old[goes_on]
        new = np.ones(len(rows), dtype=bool)
        new[old] = False
        if new.any():
            added = rows[self._checked.names].take(np.flatnonzero(new))
            if not _is_right(self._checked, added):
                schema.coerce(self._checked, added)
        if not goes_on.all():
            self._texts.append(self._ended(np.flatnonzero(~goes_on)))
        began = np.full(len(rows), taken.tz_convert(None).to_datetime64())
        began[old] = self._began[goes_on]
        self._open, self._began, self._last = rows, began, taken

    @property
    def spells(self) -> pd.DataFrame:
        """All spells so far: those that the last snapshot shows at the end."""
        open_ = self._ended(np.arange(len(self._open)))
        texts = pd.concat([*self._texts, open_], ignore_index=True)
        whole = texts.astype({column.name: column.dtype for column in self._rows.columns})
        times = {name: whole[name].dt.tz_localize("UTC") for name in _TIMES}
        return pd.concat([*self._closed, whole.assign(**times)], ignore_index=True)

    def _as_text(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return what is shown as text, in which a word of ours compares as fast as AWS's."""
        return rows[self._rows.names].astype("str").reset_index(drop=True)

    def _ended(self, places: _Places) -> pd.DataFrame:
        """Return open spells as they are when the last snapshot is their last."""
        last = None if self._last is None else self._last.tz_convert(None)
        ended = pd.Series(last, index=places, dtype=_MICROSECOND)
        return self._open.take(places).assign(began=self._began[places], ended=ended)


def until(spells: pd.DataFrame, last: pd.Timestamp | None) -> pd.DataFrame:
    """Return spells as they were when the snapshot of that time was the last; none before any."""
    if last is None:
        return spells.iloc[:0]
    kept = spells[spells["began"] <= last]
    return kept.assign(ended=kept["ended"].where(kept["ended"] <= last, last))


def _is_right(table: Table, rows: pd.DataFrame) -> bool:
    """Whether texts are surely right; of others `coerce`, which is dear, says what is wrong."""
    for column in table.columns:
        values = pa.array(rows[column.name])
        if values.null_count and not column.optional:
            return False
        if column.kind == "id":
            if pc.any(pc.invert(pc.match_substring_regex(values, "^[0-9]{12}$"))).as_py():
                return False
        elif column.kind == "word" and not set(values.unique().drop_null().to_pylist()) <= set(
            column.vocabulary
        ):
            return False
    return True


def _places(ids: pd.Series, wanted: pd.Series) -> _Places:
    """Return where each id that is wanted is among the ids, -1 where it is not."""
    found = pc.index_in(pa.array(wanted), value_set=pa.array(ids))
    places: _Places = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
    return places


def _alike(was: pd.DataFrame, now: pd.DataFrame) -> _Mask:
    """Say of each row whether all of it is as it was; what is missing is one value, too."""
    alike = np.ones(len(was), dtype=bool)
    for name in was.columns:
        before, after = was[name].array, now[name].array
        alike &= np.asarray(before == after) | (before.isna() & after.isna())
    return alike
