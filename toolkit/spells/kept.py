"""The spells of a store: what was folded before is kept there, and only what is new is read."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from toolkit import schema
from toolkit.errors import SchemaError, StoreError, ToolkitError
from toolkit.schema import SPELLS, WITNESS_SPELLS, Table
from toolkit.spells.fold import Fold, until
from toolkit.spells.spells import NAMED, SIDES, WITNESSED, Spells, shown
from toolkit.store import Manifest, Store
from toolkit.store.listing import warn

_FORMAT: Final = 1
"""Version of what is kept; anything else is thrown away and made again."""

_FOLDED: Final = b"folded"
"""The key of the file's metadata under which stands what was folded."""


class _Step(NamedTuple):
    """A snapshot that was folded, or left out as it cannot be read."""

    taken: str
    mark: str
    is_left_out: bool


@dataclass(frozen=True)
class _Kind:
    """What is folded: into which table, of which snapshots and of which of their tables."""

    table: Table
    is_of: Callable[[Manifest], bool]
    read: Mapping[str, Sequence[str]]
    """The columns that are read, by the name of their table."""

    def shown(self, store: Store, manifest: Manifest) -> pd.DataFrame:
        """Return what a snapshot shows, as text that nobody has checked yet."""
        parts = [store.texts(manifest, name, columns) for name, columns in self.read.items()]
        return parts[0] if len(parts) == 1 else shown(*parts)


_ACCOUNTS: Final = _Kind(
    SPELLS,
    lambda manifest: manifest.is_whole_organization,
    {"accounts": NAMED, "govcloud": SIDES},
)
_WITNESS: Final = _Kind(
    WITNESS_SPELLS,
    lambda manifest: manifest.is_whole_organization and manifest.was_seen("witness"),
    {"witness": WITNESSED},
)


def spells_of(store: Store, organization: str) -> Spells:
    """Return the spells of an organization over all snapshots of a store.

    What was folded before is taken from the store; where it is damaged, or of snapshots that were
    changed or removed since, it is made again from there on, and it is kept as far as the store can
    be written to. A snapshot that cannot be read is left out, and said so in a LeftOutWarning.
    """
    listing = store.listing(organization)
    warn(listing.left_out.values())
    accounts, times = _folded(store, organization, listing.manifests, _ACCOUNTS)
    witness, witnessed = _folded(store, organization, listing.manifests, _WITNESS)
    return Spells(accounts, times, witness, witnessed)


def _folded(
    store: Store, organization: str, manifests: Sequence[Manifest], kind: _Kind
) -> tuple[pd.DataFrame, "pd.DatetimeIndex"]:
    wanted = [one for one in manifests if kind.is_of(one)]
    spells, steps = _recalled(store, organization, kind.table)
    alike = 0
    for step, one in zip(steps, wanted, strict=False):
        if step[:2] != (one.taken.isoformat(), _mark(one)):
            break
        if step.is_left_out and _is_readable(one, store, kind):
            break
        alike += 1
    steps = steps[:alike]
    last = max((pd.Timestamp(step.taken) for step in steps if not step.is_left_out), default=None)
    fold = Fold(kind.table, until(spells, last), last)
    new = []
    for one in wanted[alike:]:
        is_left_out = not _is_added(fold, one, store, kind)
        new.append(_Step(one.taken.isoformat(), _mark(one), is_left_out))
    whole = [*steps, *new]
    found = fold.spells
    if new:
        _keep(store, organization, kind.table, found, whole)
    times = [pd.Timestamp(step.taken) for step in whole if not step.is_left_out]
    return found, pd.DatetimeIndex(times, dtype="datetime64[us, UTC]")


def _is_added(fold: Fold, manifest: Manifest, store: Store, kind: _Kind) -> bool:
    """Add a snapshot to a fold, and say whether that could be; what is wrong with it is warned."""
    try:
        fold.add(manifest.taken, kind.shown(store, manifest))
    except StoreError as error:
        warn([error])
    except SchemaError:
        _is_readable(manifest, store, kind)
    else:
        return True
    return False


def _is_readable(manifest: Manifest, store: Store, kind: _Kind) -> bool:
    """Whether a snapshot can be read; what is wrong with it, and where, is warned."""
    try:
        for name in kind.read:
            store.part(manifest, name)
    except StoreError as error:
        warn([error])
        return False
    return True


def _mark(manifest: Manifest) -> str:
    """Return what differs where a snapshot was completed, or is another one of the same time."""
    return hashlib.sha256(manifest.to_json().encode(errors="replace")).hexdigest()[:16]


def _recalled(store: Store, organization: str, table: Table) -> tuple[pd.DataFrame, list[_Step]]:
    """Return what was kept, and of which snapshots it is; nothing where it cannot be trusted."""
    try:
        content = store.recall(organization, _name(table))
        if content is None:
            return schema.empty(table), []
        file = pq.ParquetFile(
            pa.BufferReader(content), pre_buffer=False, page_checksum_verification=True
        )
        told = json.loads((file.schema_arrow.metadata or {})[_FOLDED])
        if told["format"] != _FORMAT or told["rows"] != file.metadata.num_rows:
            return schema.empty(table), []
        steps = [_Step(str(taken), str(mark), bool(left)) for taken, mark, left in told["steps"]]
        # Read by this thread alone, as every table of a snapshot is.
        frame = file.read(use_threads=False).to_pandas(use_threads=False)
        return schema.coerce(table, frame), steps
    except (pa.ArrowException, ToolkitError, OSError, ValueError, TypeError, KeyError):
        # What cannot be read is made again from the snapshots, which lose nothing by it.
        return schema.empty(table), []


def _keep(
    store: Store, organization: str, table: Table, spells: pd.DataFrame, steps: Sequence[_Step]
) -> None:
    """Keep what was folded; a store that cannot be written to goes without."""
    words = {column.name: "str" for column in table.columns if column.kind == "word"}
    whole = pa.Table.from_pandas(spells.astype(words), preserve_index=False)
    told = {"format": _FORMAT, "rows": len(spells), "steps": [list(step) for step in steps]}
    metadata = {**(whole.schema.metadata or {}), _FOLDED: json.dumps(told).encode()}
    sink = pa.BufferOutputStream()
    pq.write_table(whole.replace_schema_metadata(metadata), sink, write_page_checksum=True)
    try:
        store.remember(organization, _name(table), sink.getvalue().to_pybytes())
    except StoreError:
        return


def _name(table: Table) -> str:
    return f"{table.file}.parquet"
