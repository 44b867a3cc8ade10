"""What tests of the fleet share: a few organizations, and a store that counts what is read."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from days import ORGANIZATION, on

from toolkit.errors import StoreError
from toolkit.store import Manifest, Snapshot, Store

OTHER = "o-other"


def of(organization: str, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot as one of another organization."""
    return replace(snapshot, manifest=replace(snapshot.manifest, organization_id=organization))


def id_of(day: float, organization: str = ORGANIZATION) -> str:
    """Return the id of the snapshot of a day."""
    return f"{organization}/{on(day):%Y-%m-%dT%H-%M-%SZ}"


def part(store: Store, snapshot_id: str, table: str = "govcloud") -> Path:
    """Return the file of a table of a snapshot."""
    organization, _, taken = snapshot_id.partition("/")
    return Path(f"{store}/{table}/organization={organization}/taken={taken}/part.parquet")


def manifest(store: Store, snapshot_id: str) -> Path:
    """Return the file of a manifest."""
    organization, _, taken = snapshot_id.partition("/")
    return Path(f"{store}/runs/organization={organization}/taken={taken}.json")


def copy_of(store: Store, folder: Path) -> Store:
    """Copy a store into a folder, without what is kept in it."""
    shutil.copytree(str(store), folder)
    shutil.rmtree(folder / "kept", ignore_errors=True)
    return Store(folder)


class Counting(Store):
    """A store that counts which snapshots are read, whole or in part."""

    def __init__(self, address: str | os.PathLike[str]) -> None:
        super().__init__(address)
        self.read: Counter[str] = Counter()

    def columns(
        self, manifests: Sequence[Manifest], wanted: Mapping[str, Sequence[str]]
    ) -> Iterator[tuple[Manifest, dict[str, Any] | StoreError]]:
        """Count, and read."""
        self.read.update(one.snapshot_id for one in manifests)
        yield from super().columns(manifests, wanted)

    def load(self, wanted: str | None = None, *, organization: str | None = None) -> Snapshot:
        """Count, and read."""
        self.read[f"{wanted} whole"] += 1
        return super().load(wanted, organization=organization)


def plain(counts: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return COUNTS as rows, the day in place of the time, and None for what is missing."""
    rows = counts.assign(taken=(counts["taken"] - on(0)).dt.days).astype("object")
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))
