"""COUNTS of a store: a few snapshots a task, and what was counted before is kept."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from itertools import groupby
from typing import Any, Final, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit import schema
from toolkit.errors import (
    SchemaError,
    SnapshotNotFoundError,
    StoreError,
    StoreUnreachableError,
)
from toolkit.fleet.combinations import COMBINATION, ordered
from toolkit.fleet.work import each
from toolkit.schema import COUNTS
from toolkit.spells.spells import beside
from toolkit.store import Address, Manifest, Store, keys
from toolkit.store.listing import warn
from toolkit.store.made import Kept
from toolkit.store.parquet import as_frame
from toolkit.text import printable
from toolkit.verdicts.pairs import unique_ids

_CHUNK: Final = 8
"""How many snapshots a task counts, one after the other."""

_THREADS: Final = 4
"""How many are in memory at once where no executor is given: a bucket is waited for, mostly."""

_COLUMNS: Final = {
    "accounts": ["account_id", "standard_state"],
    "govcloud": ["account_id", "outcome", "govcloud_state"],
}
"""The columns that are read, by the name of their table."""

_CALLED: Final = {"accounts": "accounts", "govcloud": "GovCloud"}


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
        marks.setdefault(keys.organization(snapshot_id), {})[snapshot_id] = mark
    before = {one: _recalled(store, one, of) for one, of in marks.items()}
    known = {step.snapshot_id for _, steps in before.values() for step in steps}
    new = _all(store, there.keys() - known, executor, whole=True)
    table = _together([*(rows for rows, _ in before.values()), *(one.table for one in new)])
    rows = {snapshot_id: n for one in new for snapshot_id, n in one.rows.items()}
    for organization, (_, steps) in before.items():
        of = marks[organization]
        added = [_Step(one, of[one], rows[one]) for one in of if one in rows]
        if added:  # what is kept of others, nobody asks for
            whole = sorted((*steps, *added), key=lambda step: keys.by_time(step.snapshot_id))
            own = table[table["organization_id"] == organization]
            _KEPT.keep(store, organization, own, whole)
    return table


def _all(
    store: Store, ids: Iterable[str], executor: Executor | None, *, whole: bool
) -> list[Counted]:
    """Count snapshots, a few of one organization a task, and say what was left out."""
    calls = [
        (store, few[place : place + _CHUNK], whole)
        for _, of in groupby(sorted(ids), keys.organization)
        for few in (list(of),)
        for place in range(0, len(few), _CHUNK)
    ]
    found = each(executor, count, calls, threads=_THREADS)
    warn(error for one in found for error in one.left_out)
    return found


def count(store: Store, ids: Sequence[str], whole: bool) -> Counted:  # noqa: FBT001 - a task's
    """Count some snapshots one after the other; with `whole` only those of whole organizations."""
    listing = store.manifests(ids)
    left_out = list(listing.left_out.values())
    wanted = [one for one in listing.manifests if one.is_whole_organization or not whole]
    rows = {one.snapshot_id: 0 for one in listing.manifests}
    columns: dict[str, list[Any]] = {name: [] for name in COUNTS.names}
    for manifest, read in store.columns(wanted, _COLUMNS):
        try:
            found = _combinations(store, manifest, read)
        except StoreUnreachableError:
            raise
        except StoreError as error:
            left_out.append(error)
            del rows[manifest.snapshot_id]
            continue
        rows[manifest.snapshot_id] = length = len(found["accounts"])
        columns["organization_id"] += [manifest.organization_id] * length
        columns["taken"] += [manifest.taken] * length
        for name, values in found.items():
            columns[name] += values
    return Counted(schema.coerce(COUNTS, pd.DataFrame(columns)), rows, left_out)


def _combinations(
    store: Store, manifest: Manifest, read: Mapping[str, Any] | StoreError
) -> dict[str, list[Any]]:
    """Count a snapshot by outcome and both states; raises StoreError where it cannot be right."""
    if isinstance(read, StoreError):
        raise read
    accounts, govcloud = (read[name] for name in _COLUMNS)
    if not (_are_ids(accounts) and _are_ids(govcloud)):
        _refuse(store, manifest)
    if accounts["account_id"].equals(govcloud["account_id"]):
        both = govcloud.append_column("standard_state", accounts["standard_state"])
    else:
        frame = beside(as_frame(accounts), as_frame(govcloud))
        both = pa.Table.from_pandas(frame, preserve_index=False)
    groups = both.group_by(COMBINATION, use_threads=False).aggregate([([], "count_all")])
    if not set(groups["outcome"].to_pylist()) <= set(COUNTS["outcome"].vocabulary):
        _refuse(store, manifest)
    found: dict[str, list[Any]] = groups.rename_columns([*COMBINATION, "accounts"]).to_pydict()
    return found


def _are_ids(table: Any) -> bool:
    """Whether its accounts are known by 12 digits each, and none is there twice."""
    ids = table["account_id"]
    right = pc.all(pc.match_substring_regex(ids, "^[0-9]{12}$"), skip_nulls=False).as_py()
    return right is not False and pc.count_distinct(ids, mode="all").as_py() == len(ids)


def _refuse(store: Store, manifest: Manifest) -> None:
    """Raise the StoreError that says what cannot be right in a snapshot, as judging it does."""
    for name, called in _CALLED.items():
        try:
            unique_ids(store.part(manifest, name), called)
        except SchemaError as error:
            raise StoreError(
                f"{manifest.snapshot_id} cannot be counted: {error.message}", error.hint
            ) from error


def _recalled(
    store: Store, organization: str, marks: Mapping[str, str]
) -> tuple[pd.DataFrame, list[_Step]]:
    """Return what was counted before of snapshots that are as they were."""
    table, steps = _KEPT.recalled(store, organization)
    ids = [step.snapshot_id for step in steps for _ in range(step.rows)]
    told = table["organization_id"] + "/" + table["taken"].dt.strftime(keys.TAKEN)
    if ids != told.tolist() or len({step.snapshot_id for step in steps}) < len(steps):
        return schema.empty(COUNTS), []
    good = [step for step in steps if marks.get(step.snapshot_id) == step.mark]
    known = [step.snapshot_id for step in good]
    return table[pd.Series(ids).isin(known).to_numpy()], good


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return ordered(pd.concat([schema.empty(COUNTS), *parts], ignore_index=True))
