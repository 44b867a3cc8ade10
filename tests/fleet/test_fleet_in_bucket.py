"""The fleet of a bucket: over HTTP, and just what it is in a folder."""

from pathlib import Path

import pandas as pd
import pytest
from days import days_of, snapshot_of, store_of
from fleeting import OTHER, of

from toolkit.errors import StoreUnreachableError
from toolkit.fleet import counts, first_seen, overview
from toolkit.store import Store

SEEN = [{1: "ACTIVE/ACTIVE", 2: "ACTIVE"}, {1: "CLOSED/ACTIVE", 2: "ACTIVE/?"}]
SNAPSHOTS = [*days_of(*SEEN), of(OTHER, snapshot_of(0, SEEN[1]))]


def test_a_bucket_is_counted_and_seen_as_a_folder_is(bucket: str, tmp_path: Path) -> None:
    stores = [Store(bucket), Store(tmp_path / "store")]
    for new in (SNAPSHOTS, [snapshot_of(4, {1: "CLOSED/ACTIVE"})], []):
        for store in stores:
            for one in new:
                store.save(one)
        there, here = stores
        pd.testing.assert_frame_equal(counts(there), counts(here))
        one, other = overview(there), overview(here)
        pd.testing.assert_frame_equal(one.table, other.table)
        pd.testing.assert_frame_equal(one.trend, other.trend)
        pd.testing.assert_frame_equal(first_seen(there), first_seen(here))


def test_a_bucket_that_nobody_reaches_is_not_a_fleet_of_damaged_snapshots(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = store_of(tmp_path / "store", SNAPSHOTS)
    store = Store(bucket)
    store.save(SNAPSHOTS[0])

    class Lost(Store):
        """A bucket that is lost once its organizations are known."""

        def organizations(self) -> list[str]:
            found = folder.organizations()
            monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
            return found

    with pytest.raises(StoreUnreachableError):
        overview(Lost(bucket))
