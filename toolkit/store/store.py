"""The store: snapshots as Hive-partitioned Parquet, each with the manifest that makes it one.

```
STORE/accounts/organization=o-…/taken=2026-11-22T03-00-00Z/part.parquet   (govcloud/, links/ alike)
STORE/runs/organization=o-…/taken=2026-11-22T03-00-00Z.json               the manifest
STORE/kept/organization=o-…/                  what was made from snapshots, or is remembered of them
STORE/writing/organization=o-…/taken=2026-11-22T03-00-00Z                 who writes that snapshot
STORE/journal/                     runs in progress; of a bucket they are on this machine's disk
```

STORE is a folder, or a bucket as s3://bucket/prefix. A writer first claims the id, so that no
second one writes a part of it; the manifest is written last: a snapshot exists when its manifest
does. Snapshots are found by their manifests alone. Where the bytes lie is below this class.
"""

import hashlib
import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePath
from typing import Any, Final, TypeAlias, TypeVar

import pandas as pd

from toolkit import schema
from toolkit.errors import (
    InputError,
    SnapshotExistsError,
    SnapshotNotFoundError,
    StoreError,
    StoreUnreachableError,
    expect,
)
from toolkit.store import keys, parquet
from toolkit.store.kept import read_manifests
from toolkit.store.listing import Listing, warn
from toolkit.store.manifest import Manifest
from toolkit.store.place import absolute, place_at
from toolkit.store.snapshot import Snapshot
from toolkit.text import printable

HISTORY: Final = 12
"""How many earlier snapshots a history goes back where nobody says otherwise."""

_FEW: Final = 8
"""How many snapshots are read at once where many are, one after the other."""

_ANOTHER: Final = "Collect again, or choose another snapshot."
_AS_IT_WAS: Final = "It was left as it is: collect again, which takes a new one."
_Read = TypeVar("_Read")
_Name = TypeVar("_Name", bound=Hashable)

Address: TypeAlias = "str | os.PathLike[str] | Store"
"""What names a store: a folder, s3://bucket/prefix, or a store that is open already."""


class Store:
    """The snapshots under one address; nothing is read before it is asked for.

    A file that cannot be read takes down nothing but what needs it: lists, histories and the search
    for the newest snapshot leave it out and say so in a LeftOutWarning, each time they meet it.
    Raises StoreError where the address cannot be that of a store, or nothing there can be read.
    """

    def __init__(
        self,
        address: str | os.PathLike[str],
        *,
        profile: str | None = None,
        kms_key: str | None = None,
    ) -> None:
        """Name the store; `profile` and `kms_key` are for a bucket.

        They are the AWS profile that reads and writes it, where that is not the usual one, and the
        KMS key by which what is written is encrypted.
        """
        if not isinstance(address, str | os.PathLike):
            raise InputError(
                f"A {type(address).__name__} is no store of snapshots.",
                "Name a folder, or a bucket as s3://bucket/prefix.",
            )
        self._place = place_at(address, profile=profile, kms_key=kms_key)

    @classmethod
    def at(cls, address: Address, *, profile: str | None = None) -> "Store":
        """Return the store at that address; one that is open already has its profile."""
        if isinstance(address, Store):
            return address
        return cls(address, profile=profile)

    @classmethod
    def started_here(
        cls, address: str, *, profile: str | None = None, kms_key: str | None = None
    ) -> "Store":
        """Return the store at an address as it was typed, to be found from anywhere.

        ~ is one's own folder, and a path that begins nowhere begins where the program was started.
        """
        return cls(absolute(address), profile=profile, kms_key=kms_key)

    def __str__(self) -> str:
        return str(self._place)

    @property
    def name(self) -> str:
        """The last part of the address, for a list of stores."""
        return PurePath(str(self)).name or str(self)

    @property
    def is_bucket(self) -> bool:
        """Whether it is a bucket, of which each look is a request, and no folder."""
        return self._place.is_far

    @property
    def is_begun(self) -> bool:
        """Whether there is anything yet: snapshots, or a run in progress."""
        return bool(self.unfinished() or self.organizations())

    def __repr__(self) -> str:
        return f"Store({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Store) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def organizations(self) -> list[str]:
        """Return the organizations of which there are snapshots, sorted; one request of a bucket.

        Raises StoreError where the store cannot be read.
        """
        try:
            folders = self._place.folders(keys.manifests(None))
        except OSError as error:
            raise StoreError.refused(f"{self} cannot be read", error) from error
        return [one for one in map(keys.organization_of, folders) if one is not None]

    def versions(self, organization: str | None = None) -> dict[str, str]:
        """Return the ids of the snapshots, oldest first, each with a mark of its version.

        The mark changes when the snapshot is written anew.
        """
        under = keys.manifests(organization)
        try:
            there = self._place.versions(under)
        except OSError as error:
            raise StoreError.refused(f"{self} cannot be read", error) from error
        found = {keys.snapshot_of(key): version for key, version in there.items()}
        return {one: found[one] for one in sorted(filter(None, found), key=keys.by_time)}

    def ids(
        self, organization: str | None = None, *, before: pd.Timestamp | None = None
    ) -> list[str]:
        """Return the ids of the snapshots, oldest first; of one organization, before a time."""
        known = list(self.versions(organization))
        if before is None:
            return known
        return [one for one in known if keys.time_of(one) < before.strftime(keys.TAKEN)]

    def listing(self, organization: str | None = None) -> Listing:
        """Read every manifest, or those of one organization; of a bucket 16 at once.

        Raises StoreError where nothing of the store can be read.
        """
        return self._listing(self._contents(self.versions(organization)))

    def _listing(self, contents: Mapping[str, bytes | OSError]) -> Listing:
        manifests, left_out = [], {}
        for snapshot_id, content in contents.items():
            try:
                manifests.append(self._manifest(snapshot_id, content))
            except StoreError as error:
                left_out[snapshot_id] = error
        return Listing(tuple(manifests), left_out)

    def _contents(self, versions: Mapping[str, str]) -> dict[str, bytes | OSError]:
        """Return what the manifests of these snapshots hold, or why one cannot be read."""
        try:
            return read_manifests(self._place, versions)
        except OSError as error:
            raise StoreError.refused(f"{self} cannot be read", error) from error

    def snapshots(self, organization: str | None = None) -> pd.DataFrame:
        """Return the SNAPSHOTS table, one row per snapshot that can be read, newest first."""
        listing = self.listing(organization)
        warn(listing.left_out.values())
        return listing.table

    def find(self, wanted: str | None = None, *, organization: str | None = None) -> str:
        """Return the id of the newest snapshot, or of the one named whole or by its time alone.

        The newest is the newest whose manifest can be read. Raises SnapshotNotFoundError where
        there is no such snapshot, or more than one, StoreError where none can be read.
        """
        if wanted is None:
            return self._newest(self.manifest, organization).snapshot_id
        named = keys.organization(wanted)
        if organization is None and named in self.organizations():
            organization = named  # its list is shorter than that of all
        known = self._known(organization)
        found = [known_id for known_id in known if wanted in (known_id, keys.time_of(known_id))]
        if not found:
            raise SnapshotNotFoundError(
                f"{self} holds no snapshot '{wanted}'.",
                f"The newest is {known[-1]}; python -m toolkit snapshots lists them all.",
            )
        if len(found) > 1:
            raise SnapshotNotFoundError(
                f"{len(found)} organizations have a snapshot '{wanted}'.",
                f"Name one whole: {' or '.join(found)}.",
            )
        return found[0]

    def manifest(self, snapshot_id: str) -> Manifest:
        """Read what one run was, without its tables; raises StoreError where it is damaged."""
        try:
            content: bytes | OSError = self._place.read(keys.manifest_key(snapshot_id))
        except OSError as error:
            content = error
        return self._manifest(snapshot_id, content)

    def _manifest(self, snapshot_id: str, content: bytes | OSError) -> Manifest:
        """Return the manifest that was read; raises StoreError where it was not, or is none."""
        name = self._place.name(keys.manifest_key(snapshot_id))
        if isinstance(content, OSError):
            raise StoreError.refused(f"{name} cannot be read", content) from content
        try:
            manifest = Manifest.from_json(content)
        except ValueError as error:
            raise StoreError(
                f"{name} is not a manifest that can be read: {printable(str(error))}.",
                "Move that file away, or use the version of the toolkit that wrote it.",
            ) from error
        if manifest.snapshot_id != snapshot_id:
            raise StoreError(
                f"{name} is not its own manifest: it is that of {manifest.snapshot_id}.",
                "Move that file away.",
            )
        return manifest

    def load(self, wanted: str | None = None, *, organization: str | None = None) -> Snapshot:
        """Read the newest snapshot that can be read, or the one that `find` finds.

        Raises SnapshotNotFoundError where there is no such snapshot, StoreError where it is
        damaged.
        """
        expect(wanted, str | None, "id of a snapshot", "Name one as Store.snapshots lists them.")
        whose = "Name one as Store.organizations lists them."
        expect(organization, str | None, "id of an organization", whose)
        if wanted is None:
            return self._newest(self._load, organization)
        return self._load(self.find(wanted, organization=organization))

    def table(self, snapshot_id: str, name: str) -> pd.DataFrame:
        """Read one table of the snapshot of that id; without rows where it has none.

        Raises StoreError where it is damaged.
        """
        return self.part(self.manifest(snapshot_id), name)

    def part(self, manifest: Manifest, name: str) -> pd.DataFrame:
        """Read one table of the snapshot of that manifest, as `table` does."""
        if name not in manifest.tables:
            return schema.empty(schema.STORED[name])
        return self._read(name, manifest)

    def texts(self, manifest: Manifest, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Read columns of one table of the snapshot of that manifest, as text and in a hurry.

        What they hold is not checked: `schema.coerce` is for whoever takes it further. Raises
        StoreError where the file is damaged.
        """
        _, found = next(self.columns([manifest], {name: columns}))
        if isinstance(found, StoreError):
            raise found
        return parquet.as_frame(found[name])

    def manifests(self, ids: Iterable[str]) -> Listing:
        """Read the manifests of a few snapshots at once, in their order."""
        contents = self._many({one: keys.manifest_key(one) for one in ids})
        return self._listing(contents)

    def columns(
        self, manifests: Sequence[Manifest], wanted: Mapping[str, Sequence[str]]
    ) -> Iterator[tuple[Manifest, dict[str, Any] | StoreError]]:
        """Give of each snapshot some columns of some tables, as Arrow has them and all as text.

        Or why they cannot be read. A few snapshots are read at once, when the first of them is
        wanted; no more are in memory. What they hold is not checked, as of `texts`. Raises
        StoreError where nothing of the store can be read.
        """
        for begin in range(0, len(manifests), _FEW):
            few = manifests[begin : begin + _FEW]
            contents = self._many(
                {
                    (one.snapshot_id, name): keys.part_key(name, one.snapshot_id)
                    for one in few
                    for name in wanted
                    if name in one.tables
                }
            )
            for one in few:
                own = {name: contents.pop((one.snapshot_id, name), None) for name in wanted}
                try:
                    yield one, self._columns(one, wanted, own)
                except StoreError as error:
                    yield one, error

    def _columns(
        self,
        manifest: Manifest,
        wanted: Mapping[str, Sequence[str]],
        contents: Mapping[str, bytes | OSError | None],
    ) -> dict[str, Any]:
        found = {}
        for name, content in contents.items():
            read = partial(parquet.columns, name, wanted=wanted[name])
            found[name] = (
                parquet.no_columns(wanted[name])
                if content is None
                else self._part(name, manifest, content, read)
            )
        return found

    def earlier(self, until: Manifest) -> list[str]:
        """Return the ids of the snapshots that `until` may be compared with, as a Listing does."""
        listing = self.listing(until.organization_id)
        before = self.ids(until.organization_id, before=until.taken)
        warn(error for one, error in listing.left_out.items() if one in before)
        return [one.snapshot_id for one in listing.earlier(until)]

    def taken(self, organization: str) -> set[pd.Timestamp]:
        """Return when the organization's snapshots were taken, to the second, UTC."""
        times = [keys.time_of(one) for one in self.ids(organization)]
        return set(pd.to_datetime(times, format=keys.TAKEN, utc=True))

    def history(self, until: Snapshot, *, most: int = HISTORY) -> list[Snapshot]:
        """Read the last `most` snapshots that `until` may be compared with, oldest first."""
        found: list[Snapshot] = []
        left_out = []
        known = self.earlier(until.manifest)
        while known and len(found) < most:
            try:
                found.append(self._load(known.pop()))
            except StoreUnreachableError:
                raise
            except StoreError as error:
                left_out.append(error)
        warn(left_out)
        return found[::-1]

    def rows(
        self, snapshot_id: str, table: str, column: str, wanted: Sequence[str]
    ) -> pd.DataFrame:
        """Read the rows of a table that have one of these values, as `table` reads all of them."""
        manifest = self.manifest(snapshot_id)
        if table not in manifest.tables:
            return schema.empty(schema.STORED[table])
        return self._read(table, manifest, (column, wanted))

    def rows_before(
        self, until: Manifest, table: str, column: str, wanted: Sequence[str]
    ) -> Iterator[pd.DataFrame]:
        """Give the rows that have one of these values, of every earlier snapshot, newest first.

        They are snapshots of the same organization, those of chosen accounts too; each is read when
        it is asked for.
        """
        for snapshot_id in reversed(self.ids(until.organization_id, before=until.taken)):
            try:
                found = self.rows(snapshot_id, table, column, wanted)
            except StoreUnreachableError:
                raise
            except StoreError as error:
                warn([error])
            else:
                yield found

    def check(self) -> None:
        """Raise StoreError where no snapshot could be saved, before one is collected for hours."""
        try:
            self._place.check()
        except OSError as error:
            raise StoreError.refused(f"{self} cannot be written to", error) from error

    def save(
        self, snapshot: Snapshot, *, again: bool = False, claim: str | None = None
    ) -> Snapshot:
        """Write the snapshot, its manifest last, and return it as one of this store.

        With `again` it completes the one of the same id; otherwise a second one is refused before
        a part of it is written, also while the first is being written. `claim` is what a writer
        goes on by that was cut off, and which nobody else has: else it is the content's own mark,
        so that the very same snapshot is gone on with. Raises SnapshotExistsError where the store
        has that snapshot or another writer has begun it, StoreError where it cannot be written to.
        """
        manifest = snapshot.counted()
        snapshot_id = manifest.snapshot_id
        content = manifest.to_json().encode(errors="replace")
        parts = {
            keys.part_key(name, snapshot_id): parquet.written(name, snapshot.table(name))
            for name in manifest.tables
        }
        mark = (claim or _mark(content, *parts.values())).encode()
        try:
            self._sweep()
            with self._claimed(snapshot_id, mark, again=again):
                for key, part in parts.items():
                    self._place.write(key, part)
                key = keys.manifest_key(snapshot_id)
                if again:
                    self._place.write(key, content)
                elif not self._place.write_if_absent(key, content):
                    raise _exists(self, snapshot_id)
        except OSError as error:
            raise StoreError.refused(
                f"The snapshot could not be written to {self}", error
            ) from error
        return Snapshot(snapshot.tables, manifest, self)

    @contextmanager
    def _claimed(self, snapshot_id: str, mark: bytes, *, again: bool) -> Iterator[None]:
        """Keep an id for one writer; raises SnapshotExistsError where it is taken.

        In a bucket, where nobody sweeps, the claim then stays: who writes need not remove.
        """
        self._claim(snapshot_id, mark, again=again)
        try:
            yield
        finally:
            with suppress(OSError):
                self._let_go(snapshot_id)

    def _claim(self, snapshot_id: str, mark: bytes, *, again: bool) -> None:
        key = keys.claim_key(snapshot_id)
        if again:
            # Whoever completes its own has no rival: where nobody sweeps, no claim is needed.
            if not self._place.is_far:
                self._place.write(key, mark)
            return
        is_own = self._place.write_if_absent(key, mark) or self._read_or_none(key) == mark
        # Only now: a writer lets go of its claim, or not, when its manifest is there.
        is_there = self._read_or_none(keys.manifest_key(snapshot_id)) is not None
        if is_own and is_there:
            self._let_go(snapshot_id)
        if is_there:
            raise _exists(self, snapshot_id)
        if not is_own:
            raise SnapshotExistsError(
                f"Another collection is writing the snapshot {snapshot_id} to {self}, or was"
                " stopped at that.",
                _AS_IT_WAS,
            )

    def _let_go(self, snapshot_id: str) -> None:
        if not self._place.is_far:
            self._place.remove(keys.claim_key(snapshot_id))

    def _sweep(self) -> None:
        """Remove what writers that were killed left half written: their claims are there still."""
        self._place.sweep(keys.CLAIMS)
        for key in self._place.forgotten(keys.CLAIMS):
            snapshot_id = keys.claimed(key)
            if snapshot_id is not None:
                for name in schema.STORED:
                    self._place.sweep(keys.part_key(name, snapshot_id).rpartition("/")[0] + "/")
                self._place.sweep(keys.manifests(keys.organization(snapshot_id)))
                self._place.remove(key)

    def _read_or_none(self, key: str) -> bytes | None:
        try:
            return self._place.read(key)
        except FileNotFoundError:
            return None

    def remove(self, snapshot_id: str) -> None:
        """Remove a snapshot: its manifest first, so that no reader meets half of it.

        Raises StoreError where it cannot be removed.
        """
        try:
            self._place.remove(keys.manifest_key(snapshot_id))
            for name in schema.STORED:
                self._place.remove(keys.part_key(name, snapshot_id))
            self._place.remove(keys.claim_key(snapshot_id))
        except OSError as error:
            raise StoreError.refused(f"{snapshot_id} cannot be removed", error) from error

    def recall(self, organization: str, name: str) -> bytes | None:
        """Return what was remembered of an organization under that name; None where nothing was.

        Raises StoreError where it cannot be read.
        """
        key = keys.kept_key(organization, name)
        try:
            return self._read_or_none(key)
        except OSError as error:
            raise StoreError.refused(f"{self._place.name(key)} cannot be read", error) from error

    def remember(self, organization: str, name: str, content: bytes) -> None:
        """Keep something beside the snapshots of an organization, in place of what was there.

        Raises StoreError where the store cannot be written to.
        """
        key = keys.kept_key(organization, name)
        try:
            self._place.sweep(key.rpartition("/")[0] + "/")
            self._place.write(key, content)
        except OSError as error:
            raise StoreError.refused(f"{self._place.name(key)} cannot be kept", error) from error

    @property
    def journal(self) -> Path:
        """The folder in which the journals of runs in progress lie."""
        return self._place.journal

    def unfinished(self) -> list[str]:
        """Return the organizations of which a run is in progress, or was stopped half-way."""
        return sorted(path.stem for path in self.journal.glob("*.sqlite"))

    def _known(self, organization: str | None) -> list[str]:
        known = self.ids(organization)
        if not known and organization is not None and self.organizations():
            raise SnapshotNotFoundError(
                f"{self} holds no snapshot of {printable(organization)}.",
                "Name an organization as python -m toolkit fleet lists them.",
            )
        if not known:
            raise SnapshotNotFoundError(
                f"{self} holds no snapshot yet.", "Make one: python -m toolkit collect --store DIR"
            )
        return known

    def _newest(self, read: Callable[[str], _Read], organization: str | None) -> _Read:
        """Return what can be read of the newest snapshot of which it can be read."""
        left_out = []
        for snapshot_id in reversed(self._known(organization)):
            try:
                found = read(snapshot_id)
            except StoreUnreachableError:
                raise  # an older one cannot be read either
            except StoreError as error:
                left_out.append(error)
            else:
                warn(left_out)
                return found
        raise left_out[0]

    def _load(self, snapshot_id: str) -> Snapshot:
        manifest = self.manifest(snapshot_id)
        part_of = {name: keys.part_key(name, snapshot_id) for name in manifest.tables}
        contents = self._many(part_of)
        tables = {
            name: self._part(name, manifest, contents[name], partial(parquet.read, name))
            for name in part_of
        }
        return Snapshot(tables, manifest, self)

    def _many(self, key_of: Mapping[_Name, str]) -> dict[_Name, bytes | OSError]:
        """Return what is under some keys, or why it cannot be read, by what they are called."""
        try:
            contents = self._place.read_many(key_of.values())
        except OSError as error:
            raise StoreError.refused(f"{self} cannot be read", error, _ANOTHER) from error
        return {name: contents[key] for name, key in key_of.items()}

    def _read(
        self, name: str, manifest: Manifest, where: tuple[str, Sequence[str]] | None = None
    ) -> pd.DataFrame:
        try:
            content: bytes | OSError = self._place.read(keys.part_key(name, manifest.snapshot_id))
        except OSError as error:
            content = error
        return self._part(name, manifest, content, partial(parquet.read, name, where=where))

    def _part(
        self,
        name: str,
        manifest: Manifest,
        content: bytes | OSError,
        read: Callable[[bytes], tuple[_Read, int]],
    ) -> _Read:
        """Return what is read of a part; raises StoreError where that cannot be."""
        file = self._place.name(keys.part_key(name, manifest.snapshot_id))
        if isinstance(content, OSError):
            raise StoreError.refused(f"{file} cannot be read", content, _ANOTHER) from content
        try:
            found, there = read(content)
        except parquet.DAMAGE as error:
            why = printable(str(error)).rstrip(".")
            raise StoreError(f"{file} cannot be read: {why}.", _ANOTHER) from error
        rows = manifest.sources.get(name, {}).get("rows", there)
        if rows != there:
            raise StoreError(
                f"The rows of {file} are {there:,}, and its manifest says {rows:,}.", _ANOTHER
            )
        return found


def load_snapshot(
    store: Address, snapshot_id: str | None = None, *, organization: str | None = None
) -> Snapshot:
    """Read one snapshot: the newest, or the one named by its id or, where unique, its time alone.

    The newest is the newest that can be read; a newer one is named in a LeftOutWarning. Raises
    SnapshotNotFoundError where there is no such snapshot, StoreError where it is damaged.
    """
    return Store.at(store).load(snapshot_id, organization=organization)


def _exists(store: Store, snapshot_id: str) -> SnapshotExistsError:
    return SnapshotExistsError(f"{store} has a snapshot {snapshot_id} already.", _AS_IT_WAS)


def _mark(*contents: bytes) -> str:
    """Return a mark that no other contents have."""
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in contents)).hexdigest()
