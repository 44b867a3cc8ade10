"""What a finished run left, and the store: a folder of snapshots as Hive-partitioned Parquet.

```
DIR/accounts/organization=o-…/taken=2026-11-22T03-00-00Z/part.parquet   (govcloud/, links/ alike)
DIR/runs/organization=o-…/taken=2026-11-22T03-00-00Z.json               the manifest
```

The manifest is written last: a snapshot exists when its manifest does. Every file is written
beside its place, flushed to disk and renamed, so that a reader never meets half a file.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.errors import SnapshotNotFoundError, StoreError

FORMAT: Final = 1
"""Version of the manifest; a reader refuses newer ones instead of guessing."""

_TAKEN = "%Y-%m-%dT%H-%M-%SZ"
_TABLES: Final = {"accounts": schema.ACCOUNTS, "govcloud": schema.GOVCLOUD, "links": schema.LINKS}


@dataclass(frozen=True)
class Manifest:
    """What is true of a whole run: whose accounts, when, asked by whom, and how it went.

    `taken` is when the run began and `finished` when its last answer arrived, both UTC.
    `complete` says that `accounts` is the whole organization, not a chosen list. `regions` and
    `roles` hold the outcome of each WorkSpaces Region and of each member account's role.
    `rate` is the pace found, in calls per second, and `rate_clusters` how often it was measured.
    """

    organization_id: str
    taken: pd.Timestamp
    finished: pd.Timestamp
    caller_account_id: str
    caller_kind: str
    complete: bool
    outcomes: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    accounts: int = 0
    links: int = 0
    calls: int = 0
    calls_saved: int = 0
    throttled: int = 0
    seconds: float = 0.0
    rate: float | None = None
    rate_clusters: int = 0
    endpoint_url: str | None = None
    format: int = FORMAT

    @property
    def snapshot_id(self) -> str:
        """What `--snapshot` takes: organization and time taken."""
        return f"{self.organization_id}/{self.taken.strftime(_TAKEN)}"

    @property
    def linked(self) -> int:
        """How many accounts have a GovCloud account."""
        return self.outcomes.get(schema.Outcome.FOUND, 0)

    @property
    def not_seen(self) -> int:
        """How many look-ups ended without telling whether there is a GovCloud account."""
        seen = (schema.Outcome.FOUND, schema.Outcome.NOT_LINKED)
        return sum(count for outcome, count in self.outcomes.items() if outcome not in seen)

    def to_json(self) -> str:
        """Return the manifest as JSON text, times in ISO 8601."""
        values = asdict(self) | {
            "taken": self.taken.isoformat(),
            "finished": self.finished.isoformat(),
        }
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest; raises ValueError, KeyError or TypeError where it is not one."""
        values = json.loads(text)
        if values["format"] > FORMAT:
            raise ValueError(f"it has format {values['format']}, newer than {FORMAT}")
        times = {name: pd.Timestamp(values[name]) for name in ("taken", "finished")}
        return cls(**(values | times))


@dataclass(frozen=True)
class Snapshot:
    """Three tables and their manifest: ACCOUNTS, GOVCLOUD (one row per standard account), LINKS."""

    accounts: pd.DataFrame
    govcloud: pd.DataFrame
    links: pd.DataFrame
    manifest: Manifest

    @property
    def id(self) -> str:
        """What `--snapshot` takes: organization and time taken."""
        return self.manifest.snapshot_id

    @property
    def taken(self) -> pd.Timestamp:
        """When the run began, UTC."""
        return self.manifest.taken

    def __repr__(self) -> str:
        manifest = self.manifest
        return (
            f"Snapshot {self.id}: {manifest.accounts:,} accounts, {manifest.linked:,} with a"
            f" GovCloud account, {manifest.not_seen:,} not seen, {manifest.links:,} links"
        )


def save_snapshot(snapshot: Snapshot, store: str | os.PathLike[str]) -> Path:
    """Write the snapshot and return its manifest's path; one of the same id is replaced.

    Raises StoreError where the store is not a folder that can be written to.
    """
    root = _root(store)
    manifest = snapshot.manifest
    if not re.fullmatch("[A-Za-z0-9-]+", manifest.organization_id):
        raise StoreError(f"'{manifest.organization_id}' cannot name an organization in a store.")
    path = _manifest_path(root, manifest.snapshot_id)
    try:
        for name, table in _TABLES.items():
            frame = schema.coerce(table, getattr(snapshot, name), what=f"the {name} of a snapshot")
            _write(_part_path(root, name, manifest.snapshot_id), _plain(table, frame))
        _write(path, manifest.to_json().encode())
    except OSError as error:
        raise StoreError(
            f"The snapshot could not be written to {root}: {error.strerror}.",
            "Free some space or choose another folder with --store.",
        ) from error
    return path


def load_snapshot(
    store: str | os.PathLike[str],
    snapshot_id: str | None = None,
    *,
    organization: str | None = None,
) -> Snapshot:
    """Read one snapshot: the newest, or the one named by its id or, where unique, its time alone.

    Raises SnapshotNotFoundError where there is no such snapshot, StoreError where it is damaged.
    """
    root = _root(store)
    known = _ids(root, organization)
    if not known:
        raise SnapshotNotFoundError(
            f"{root} holds no snapshot yet.", "Make one: python -m toolkit collect --store DIR"
        )
    if snapshot_id is None:
        chosen = max(known, key=lambda known_id: known_id.rpartition("/")[2])
    else:
        chosen = _chosen(root, known, snapshot_id)
    manifest = load_manifest(root, chosen)
    return Snapshot(**{name: _read(root, name, chosen) for name in _TABLES}, manifest=manifest)


def earlier_ids(store: str | os.PathLike[str], until: Manifest) -> list[str]:
    """Return the ids of the snapshots that `until` may be compared with, oldest first.

    They are those of the same organization taken before it. Only whole organizations are compared:
    an account that a chosen list leaves out has not vanished.
    """
    root = _root(store)
    if not until.complete:
        return []
    earlier = [i for i in _ids(root, until.organization_id) if i < until.snapshot_id]
    return [i for i in earlier if load_manifest(root, i).complete]


def load_history(
    store: str | os.PathLike[str], until: Snapshot, *, most: int = 12
) -> list[Snapshot]:
    """Read the snapshots that `until` may be compared with, oldest first, the last `most`."""
    return [load_snapshot(store, i) for i in earlier_ids(store, until.manifest)[-most:]]


def load_manifest(store: str | os.PathLike[str], snapshot_id: str) -> Manifest:
    """Read what one run was, without its tables."""
    path = _manifest_path(_root(store), snapshot_id)
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise StoreError(
            f"{path} is not a manifest that can be read: {error}.",
            "Move that file away, or use the version of the toolkit that wrote it.",
        ) from error


def list_snapshots(
    store: str | os.PathLike[str], *, organization: str | None = None
) -> pd.DataFrame:
    """Return the SNAPSHOTS table, one row per snapshot, newest first."""
    root = _root(store)
    manifests = [load_manifest(root, snapshot_id) for snapshot_id in _ids(root, organization)]
    rows = [
        {name: getattr(manifest, name) for name in schema.SNAPSHOTS.names} for manifest in manifests
    ]
    frame = schema.coerce(schema.SNAPSHOTS, rows)
    return frame.sort_values("taken", ascending=False, ignore_index=True, kind="stable")


def _root(store: str | os.PathLike[str]) -> Path:
    root = Path(store)
    if root.exists() and not root.is_dir():
        raise StoreError(f"{root} is a file, not a folder.", "Name a folder with --store.")
    return root


def _ids(root: Path, organization: str | None) -> list[str]:
    return [
        f"{path.parent.name.removeprefix('organization=')}/{path.stem.removeprefix('taken=')}"
        for path in sorted(root.glob(f"runs/organization={organization or '*'}/taken=*.json"))
    ]


def _chosen(root: Path, known: list[str], wanted: str) -> str:
    found = [known_id for known_id in known if wanted in (known_id, known_id.rpartition("/")[2])]
    if not found:
        raise SnapshotNotFoundError(
            f"{root} holds no snapshot '{wanted}'.",
            f"The newest is {max(known, key=lambda i: i.rpartition('/')[2])};"
            " python -m toolkit snapshots lists them all.",
        )
    if len(found) > 1:
        raise SnapshotNotFoundError(
            f"{len(found)} organizations have a snapshot '{wanted}'.",
            f"Name one whole: {' or '.join(found)}.",
        )
    return found[0]


def _part_path(root: Path, name: str, snapshot_id: str) -> Path:
    organization, taken = snapshot_id.split("/")
    return root / name / f"organization={organization}" / f"taken={taken}" / "part.parquet"


def _manifest_path(root: Path, snapshot_id: str) -> Path:
    organization, taken = snapshot_id.split("/")
    return root / "runs" / f"organization={organization}" / f"taken={taken}.json"


def _plain(table: schema.Table, frame: pd.DataFrame) -> bytes:
    # Categories are written as text, so that every reader sees one column type in all snapshots.
    words = {column.name: "str" for column in table.columns if column.kind == "word"}
    return frame.astype(words).to_parquet(index=False)


def _read(root: Path, name: str, snapshot_id: str) -> pd.DataFrame:
    path = _part_path(root, name, snapshot_id)
    try:
        # Without this, pyarrow would add the partition folders as columns.
        frame = pd.read_parquet(path, partitioning=None)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path} cannot be read: {error}.", "Collect again, or choose another snapshot."
        ) from error
    return schema.coerce(_TABLES[name], frame, what=str(path))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
