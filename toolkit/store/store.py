"""The store: snapshots as Hive-partitioned Parquet, each with the manifest that makes it one.

```
STORE/accounts/organization=o-…/taken=2026-11-22T03-00-00Z/part.parquet   (govcloud/, links/ alike)
STORE/runs/organization=o-…/taken=2026-11-22T03-00-00Z.json               the manifest
STORE/journal/                                                            runs in progress
```

The manifest is written last: a snapshot exists when its manifest does. Snapshots are found by
their manifests alone. This class owns every id and every path; where the bytes lie is below it.
"""

import io
import os
import re
from pathlib import Path, PurePath
from typing import Final, TypeAlias

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError, SnapshotNotFoundError, StoreError
from toolkit.store.manifest import TAKEN, Manifest
from toolkit.store.place import absolute, place_at
from toolkit.store.snapshot import Snapshot

HISTORY: Final = 12
"""How many earlier snapshots a history goes back where nobody says otherwise."""

_KEY: Final = re.compile(r"runs/organization=([^/]+)/taken=([^/]+)\.json")
_DAMAGE: Final = (ValueError, KeyError, TypeError, OSError)

Address: TypeAlias = "str | os.PathLike[str] | Store"
"""What names a store: a folder, or a store that is open already."""


class Store:
    """The snapshots under one address; nothing is read before it is asked for.

    Raises StoreError where the address cannot be that of a store.
    """

    def __init__(self, address: str | os.PathLike[str]) -> None:
        self._place = place_at(address)

    @classmethod
    def at(cls, address: Address) -> "Store":
        """Return the store at that address."""
        if isinstance(address, Store):
            return address
        if not isinstance(address, str | os.PathLike):
            raise InputError(
                f"A {type(address).__name__} is no store of snapshots.", "Name a folder."
            )
        return cls(address)

    @classmethod
    def started_here(cls, address: str) -> "Store":
        """Return the store at an address as it was typed, to be found from anywhere.

        ~ is one's own folder, and a path that begins nowhere begins where the program was started.
        """
        return cls(absolute(address))

    def __str__(self) -> str:
        return str(self._place)

    @property
    def name(self) -> str:
        """The last part of the address, for a list of stores."""
        return PurePath(str(self)).name or str(self)

    @property
    def is_begun(self) -> bool:
        """Whether there is anything yet: snapshots, or a run in progress."""
        return bool(self.ids() or self.unfinished())

    def __repr__(self) -> str:
        return f"Store({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Store) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def versions(self, organization: str | None = None) -> dict[str, str]:
        """Return the ids of the snapshots, oldest first, each with a mark of its version.

        The mark changes when the snapshot is written anew.
        """
        under = "runs/" if organization is None else f"runs/organization={organization}/"
        found = {}
        for key, version in self._place.versions(under).items():
            match = _KEY.fullmatch(key)
            if match:
                found[f"{match[1]}/{match[2]}"] = version
        return dict(sorted(found.items(), key=lambda item: _by_time(item[0])))

    def ids(
        self, organization: str | None = None, *, before: pd.Timestamp | None = None
    ) -> list[str]:
        """Return the ids of the snapshots, oldest first; of one organization, before a time."""
        known = list(self.versions(organization))
        if before is None:
            return known
        return [one for one in known if _time_of(one) < before.strftime(TAKEN)]

    def snapshots(self, organization: str | None = None) -> pd.DataFrame:
        """Return the SNAPSHOTS table, one row per snapshot, newest first."""
        rows = [
            {name: getattr(manifest, name) for name in schema.SNAPSHOTS.names}
            for manifest in map(self.manifest, self.ids(organization))
        ]
        frame = schema.coerce(schema.SNAPSHOTS, rows)
        return frame.sort_values("taken", ascending=False, ignore_index=True, kind="stable")

    def find(self, wanted: str | None = None, *, organization: str | None = None) -> str:
        """Return the id of the newest snapshot, or of the one named whole or by its time alone.

        Raises SnapshotNotFoundError where there is no such snapshot, or more than one.
        """
        known = self.ids(organization)
        if not known:
            raise SnapshotNotFoundError(
                f"{self} holds no snapshot yet.", "Make one: python -m toolkit collect --store DIR"
            )
        if wanted is None:
            return known[-1]
        found = [known_id for known_id in known if wanted in (known_id, _time_of(known_id))]
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
        key = _manifest_key(snapshot_id)
        try:
            return Manifest.from_json(self._place.read(key).decode())
        except _DAMAGE as error:
            raise StoreError(
                f"{self._place.name(key)} is not a manifest that can be read: {error}.",
                "Move that file away, or use the version of the toolkit that wrote it.",
            ) from error

    def load(self, wanted: str | None = None, *, organization: str | None = None) -> Snapshot:
        """Read the newest snapshot, or the one that `find` finds.

        Raises SnapshotNotFoundError where there is no such snapshot, StoreError where it is
        damaged.
        """
        snapshot_id = self.find(wanted, organization=organization)
        manifest = self.manifest(snapshot_id)
        tables = {
            name: self._read(name, snapshot_id) for name in schema.STORED if name in manifest.tables
        }
        return Snapshot(tables, manifest, self)

    def earlier(self, until: Manifest) -> list[str]:
        """Return the ids of the snapshots that `until` may be compared with, oldest first.

        They are those of the same organization taken before it. Only whole organizations are
        compared: an account that a chosen list leaves out has not vanished.
        """
        if not until.complete:
            return []
        known = self.ids(until.organization_id, before=until.taken)
        return [one for one in known if self.manifest(one).complete]

    def taken(self, organization: str) -> set[pd.Timestamp]:
        """Return when the organization's snapshots were taken, to the second, UTC."""
        times = [_time_of(one) for one in self.ids(organization)]
        return set(pd.to_datetime(times, format=TAKEN, utc=True))

    def history(self, until: Snapshot, *, most: int = HISTORY) -> list[Snapshot]:
        """Read the last `most` snapshots that `until` may be compared with, oldest first."""
        return [self.load(i) for i in self.earlier(until.manifest)[-most:]]

    def save(self, snapshot: Snapshot, *, again: bool = False) -> Snapshot:
        """Write the snapshot, its manifest last, and return it as one of this store.

        With `again` it completes the one of the same id; otherwise a second one is refused.
        Raises StoreError where the store cannot be written to, or has that snapshot.
        """
        manifest = snapshot.manifest
        snapshot_id = manifest.snapshot_id
        if not re.fullmatch("[A-Za-z0-9-]+", manifest.organization_id):
            raise StoreError(f"'{manifest.organization_id}' cannot name an organization.")
        if not again and snapshot_id in self.versions(manifest.organization_id):
            raise _taken_already(self, snapshot_id)
        try:
            for name in manifest.tables:
                content = _parquet(name, snapshot.table(name))
                self._place.write(_part_key(name, snapshot_id), content)
            key, content = _manifest_key(snapshot_id), manifest.to_json().encode()
            if again:
                self._place.write(key, content)
            elif not self._place.write_if_absent(key, content):
                raise _taken_already(self, snapshot_id)
        except OSError as error:
            raise StoreError(
                f"The snapshot could not be written to {self}: {error.strerror}.",
                "Free some space or choose another folder with --store.",
            ) from error
        return Snapshot(snapshot.tables, manifest, self)

    @property
    def journal(self) -> Path:
        """The folder in which the journals of runs in progress lie."""
        return self._place.journal

    def unfinished(self) -> list[str]:
        """Return the organizations of which a run is in progress, or was stopped half-way."""
        return sorted(path.stem for path in self.journal.glob("*.sqlite"))

    def _read(self, name: str, snapshot_id: str) -> pd.DataFrame:
        key = _part_key(name, snapshot_id)
        try:
            # Read as one file, so that the partition folders do not become columns.
            frame = pd.read_parquet(io.BytesIO(self._place.read(key)))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self._place.name(key)} cannot be read: {error}.",
                "Collect again, or choose another snapshot.",
            ) from error
        return schema.coerce(schema.STORED[name], frame, what=self._place.name(key))


def load_snapshot(
    store: Address, snapshot_id: str | None = None, *, organization: str | None = None
) -> Snapshot:
    """Read one snapshot: the newest, or the one named by its id or, where unique, its time alone.

    Raises SnapshotNotFoundError where there is no such snapshot, StoreError where it is damaged.
    """
    return Store.at(store).load(snapshot_id, organization=organization)


def _by_time(snapshot_id: str) -> tuple[str, str]:
    organization, _, taken = snapshot_id.rpartition("/")
    return taken, organization


def _time_of(snapshot_id: str) -> str:
    return snapshot_id.rpartition("/")[2]


def _partition(snapshot_id: str) -> str:
    organization, taken = snapshot_id.split("/")
    return f"organization={organization}/taken={taken}"


def _part_key(name: str, snapshot_id: str) -> str:
    return f"{name}/{_partition(snapshot_id)}/part.parquet"


def _manifest_key(snapshot_id: str) -> str:
    return f"runs/{_partition(snapshot_id)}.json"


def _taken_already(store: Store, snapshot_id: str) -> StoreError:
    return StoreError(
        f"{store} has a snapshot {snapshot_id} already.",
        "It was left as it is: collect again, which takes a new one.",
    )


def _parquet(name: str, frame: pd.DataFrame) -> bytes:
    table = schema.STORED[name]
    checked = schema.coerce(table, frame, what=f"the {name} of a snapshot")
    # Categories are written as text, so that every reader sees one column type in all snapshots.
    words = {c.name: "str" for c in table.columns if c.kind == "word"}
    return checked.astype(words).to_parquet(index=False)
