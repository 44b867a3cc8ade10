"""COUNTS of a store: a few snapshots a task, and what was counted before is kept."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError, SnapshotNotFoundError, StoreError
from toolkit.fleet.work import each
from toolkit.schema import COUNTS
from toolkit.spells.spells import beside
from toolkit.store import Address, Manifest, Store
from toolkit.store.made import Kept
from toolkit.store.keys import TAKEN, by_time
from toolkit.store.listing import warn
from toolkit.text import printable
from toolkit.verdicts.pairs import unique_ids

_CHUNK: Final = 8
"""How many snapshots a task counts, one after the other."""

_THREADS: Final = 4
"""How many are in memory at once where no executor is given: a bucket is waited for, mostly."""

_SIDES: Final = {
    "accounts": ("accounts", ["account_id", "standard_state"]),
    "govcloud": ("GovCloud", ["account_id", "outcome", "govcloud_state"]),
}
"""The columns that are read, by the name of their table, and what that is called."""

_COUNTED: Final = ["outcome", "standard_state", "govcloud_state"]


class _Step(NamedTuple):
    """A snapshot that was counted, in so many rows: none if it is of no whole organization."""

    snapshot_id: str
    mark: str
    rows: int


_KEPT: Final = Kept(COUNTS, _Step, version=1)


class Counted(NamedTuple):
    """What a task counted: COUNTS of its snapshots, how many rows of each, and what it left out."""

    table: pd.DataFrame
    rows: dict[str, int]
    left_out: list[StoreError]


def counts(
    store: Address, ids: Sequence[str] | None = None, *, executor: Executor | None = None
) -> pd.DataFrame:
    """Return COUNTS: one row per organization, snapshot and combination that occurs.

    Counts the snapshots of those ids, or all that are of a whole organization. A snapshot that
    cannot be read is left out, and said so in a LeftOutWarning; one without accounts has no row.
    The executor is any of `concurrent.futures`; a few threads where none is given. Without ids,
    what was counted before is taken from the store, and only what is new or was changed is read.
    Raises SnapshotNotFoundError where there is no snapshot of an id, StoreError where the store
    cannot be read.
    """
    store = Store.at(store)
    there = store.versions()
    if ids is not None:
        for one in ids:
            if one not in there:
                raise SnapshotNotFoundError(
                    f"{store} holds no snapshot '{printable(str(one))}'.",
                    "Name snapshots as python -m toolkit snapshots lists them.",
                )
        return _together(one.table for one in _all(store, set(ids), executor, whole=False))
    marks: dict[str, dict[str, str]] = {}
    for snapshot_id, mark in there.items():
        marks.setdefault(_organization(snapshot_id), {})[snapshot_id] = mark
    before = {one: _recalled(store, one, of) for one, of in marks.items()}
    known = {step.snapshot_id for _, steps, _ in before.values() for step in steps}
    new = _all(store, there.keys() - known, executor, whole=True)
    table = _together([*(rows for rows, _, _ in before.values()), *(one.table for one in new)])
    rows = {snapshot_id: n for one in new for snapshot_id, n in one.rows.items()}
    for organization, (_, steps, is_as_kept) in before.items():
        of = marks[organization]
        added = [_Step(one, of[one], rows[one]) for one in of if one in rows]
        if added or not is_as_kept:
            whole = sorted((*steps, *added), key=lambda step: by_time(step.snapshot_id))
            own = table[table["organization_id"] == organization]
            _KEPT.keep(store, organization, own, whole)
    return table


def _all(
    store: Store, ids: Iterable[str], executor: Executor | None, *, whole: bool
) -> list[Counted]:
    """Count snapshots, a few of one organization a task, and say what was left out."""
    calls = [
        (store, few[place : place + _CHUNK], whole)
        for _, of in groupby(sorted(ids), _organization)
        for few in (list(of),)
        for place in range(0, len(few), _CHUNK)
    ]
    found = each(executor, count, calls, threads=_THREADS)
    warn(error for one in found for error in one.left_out)
    return found


def count(store: Store, ids: Sequence[str], whole: bool) -> Counted:  # noqa: FBT001 - a task's
    """Count some snapshots one after the other; with `whole` only those of whole organizations."""
    records: list[tuple[object, ...]] = []
    rows, left_out = {}, []
    for snapshot_id in ids:
        try:
            manifest = store.manifest(snapshot_id)
            found = []
            if manifest.is_whole_organization or not whole:
                found = _combinations(store, manifest)
        except StoreError as error:
            left_out.append(error)
        else:
            records += ((manifest.organization_id, manifest.taken, *one) for one in found)
            rows[snapshot_id] = len(found)
    table = pd.DataFrame(records, columns=COUNTS.names)
    return Counted(schema.coerce(COUNTS, table), rows, left_out)


def _combinations(store: Store, manifest: Manifest) -> list[tuple[object, ...]]:
    """Count a snapshot by outcome and both states; raises StoreError where it cannot be read."""
    sides = [store.texts(manifest, name, columns) for name, (_, columns) in _SIDES.items()]
    both = beside(*sides)
    codes, words = zip(*(pd.factorize(both[name]) for name in _COUNTED), strict=True)
    are_right = all(map(_are_unique_ids, (side["account_id"] for side in sides)))
    if not are_right or not set(words[0]) <= set(COUNTS["outcome"].vocabulary):
        _refuse(store, manifest)
    cell = np.zeros(len(both), dtype=np.int64)
    for code, seen in zip(codes, words, strict=True):
        cell = cell * (len(seen) + 1) + code + 1
    _, first, sizes = np.unique(cell, return_index=True, return_counts=True)
    rows = both[_COUNTED].iloc[first].itertuples(index=False, name=None)
    return [(*row, int(size)) for row, size in zip(rows, sizes, strict=True)]


def _are_unique_ids(values: pd.Series) -> bool:
    return bool(values.is_unique and values.str.fullmatch("[0-9]{12}").all())


def _refuse(store: Store, manifest: Manifest) -> None:
    """Raise the StoreError that says what cannot be right in a snapshot."""
    for name, (called, _) in _SIDES.items():
        try:
            unique_ids(store.part(manifest, name), called)
        except SchemaError as error:
            raise StoreError(
                f"{manifest.snapshot_id} cannot be counted: {error.message}", error.hint
            ) from error


def _organization(snapshot_id: str) -> str:
    return snapshot_id.partition("/")[0]


def _recalled(
    store: Store, organization: str, marks: Mapping[str, str]
) -> tuple[pd.DataFrame, list[_Step], bool]:
    """Return what was counted before of snapshots that are as they were; and whether all are."""
    table, steps = _KEPT.recalled(store, organization)
    ids = [step.snapshot_id for step in steps for _ in range(step.rows)]
    told = table["organization_id"] + "/" + table["taken"].dt.strftime(TAKEN)
    if ids != told.tolist() or len({step.snapshot_id for step in steps}) < len(steps):
        return schema.empty(COUNTS), [], False
    good = [step for step in steps if marks.get(step.snapshot_id) == step.mark]
    known = [step.snapshot_id for step in good]
    return table[pd.Series(ids).isin(known).to_numpy()], good, len(good) == len(steps)


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat([schema.empty(COUNTS), *parts], ignore_index=True)
    return whole.sort_values(["organization_id", "taken"], kind="stable", ignore_index=True)
