"""What tests of the fleet share: a few organizations, and a store that counts what is read."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
from days import on

from toolkit.store import Snapshot, Store

OTHER = "o-other"


def of(organization: str, snapshot: Snapshot) -> Snapshot:
    """Return the snapshot as one of another organization."""
    return replace(snapshot, manifest=replace(snapshot.manifest, organization_id=organization))


def copy_of(store: Store, folder: Path) -> Store:
    """Copy a store into a folder, without what is kept in it."""
    shutil.copytree(str(store), folder)
    shutil.rmtree(folder / "kept", ignore_errors=True)
    return Store(folder)


def plain(counts: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return COUNTS as rows, the day in place of the time, and None for what is missing."""
    rows = counts.assign(taken=(counts["taken"] - on(0)).dt.days).astype("object")
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))
