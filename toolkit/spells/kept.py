"""The spells of a store: what was folded before is kept there, and only what is new is read."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from toolkit.errors import SchemaError, StoreError, StoreUnreachableError
from toolkit.schema import SPELLS, WITNESS_SPELLS, Table
from toolkit.spells.fold import Fold, until
from toolkit.spells.spells import NAMED, SIDES, WITNESSED, Spells, shown
from toolkit.store import Listing, Manifest, Store
from toolkit.store.listing import warn
from toolkit.store.made import Kept
from toolkit.store.parquet import as_frame

_VERSION: Final = 2
"""Version of what is kept."""


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

    def shown(self, read: Mapping[str, Any]) -> pd.DataFrame:
        """Return what a snapshot shows, as text that nobody has checked yet."""
        parts = [as_frame(read[name]) for name in self.read]
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


def spells_of(store: Store, organization: str, listing: Listing | None = None) -> Spells:
    """Return the spells of an organization over all snapshots of a store.

    What was folded before is taken from the store; where it is damaged, or of snapshots that were
    changed or removed since, it is made again from there on, and it is kept as far as the store can
    be written to. A snapshot that cannot be read is left out, and said so in a LeftOutWarning.
    `listing` is that of the organization, where it is known already.
    """
    listing = listing or store.listing(organization)
    warn(listing.left_out.values())
    accounts, times = _folded(store, organization, listing.manifests, _ACCOUNTS)
    witness, witnessed = _folded(store, organization, listing.manifests, _WITNESS)
    return Spells(accounts, times, witness, witnessed)


def _folded(
    store: Store, organization: str, manifests: Sequence[Manifest], kind: _Kind
) -> tuple[pd.DataFrame, "pd.DatetimeIndex"]:
    wanted = [one for one in manifests if kind.is_of(one)]
    kept = Kept(kind.table, _Step, _VERSION)
    spells, steps = kept.recalled(store, organization)
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
    for one, read in store.columns(wanted[alike:], kind.read):
        is_left_out = not _is_added(fold, one, read, store, kind)
        new.append(_Step(one.taken.isoformat(), _mark(one), is_left_out))
    whole = [*steps, *new]
    found = fold.spells
    if new:
        kept.keep(store, organization, found, whole)
    times = [pd.Timestamp(step.taken) for step in whole if not step.is_left_out]
    return found, pd.DatetimeIndex(times, dtype="datetime64[us, UTC]")


def _is_added(
    fold: Fold,
    manifest: Manifest,
    read: Mapping[str, Any] | StoreError,
    store: Store,
    kind: _Kind,
) -> bool:
    """Add a snapshot to a fold, and say whether that could be; what is wrong with it is warned."""
    if isinstance(read, StoreError):
        warn([read])
        return False
    try:
        fold.add(manifest.taken, kind.shown(read))
    except SchemaError:
        _is_readable(manifest, store, kind)
        return False
    return True


def _is_readable(manifest: Manifest, store: Store, kind: _Kind) -> bool:
    """Whether a snapshot can be read; what is wrong with it, and where, is warned."""
    try:
        for name in kind.read:
            store.part(manifest, name)
    except StoreUnreachableError:
        raise
    except StoreError as error:
        warn([error])
        return False
    return True


def _mark(manifest: Manifest) -> str:
    """Return what differs where a snapshot was completed, or is another one of the same time."""
    return hashlib.sha256(manifest.to_json().encode(errors="replace")).hexdigest()[:16]
