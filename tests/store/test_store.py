"""The store: what is written is read back, and what is wrong is said in one sentence."""

import re
from pathlib import Path

import pandas as pd
import pytest

from toolkit import schema
from toolkit.errors import SnapshotNotFoundError, StoreError
from toolkit.store import (
    Manifest,
    Snapshot,
    list_snapshots,
    load_history,
    load_manifest,
    load_snapshot,
    save_snapshot,
)

TAKEN = pd.Timestamp("2026-11-22T03:00:00Z")


def a_snapshot(
    taken: pd.Timestamp = TAKEN,
    organization: str = "o-exampleorgid",
    name: str = "Payments",
    *,
    complete: bool = True,
) -> Snapshot:
    accounts = schema.coerce(
        schema.ACCOUNTS,
        [
            {"account_id": "000000000042", "name": name, "standard_state": "ACTIVE"},
            {"account_id": "111111111111", "name": "NA", "standard_state": "QUARANTINED"},
        ],
    )
    govcloud = schema.coerce(
        schema.GOVCLOUD,
        [
            {
                "account_id": "000000000042",
                "govcloud_account_id": "000000000007",
                "govcloud_state": "CLOSED",
                "outcome": "FOUND",
                "fetched_at": taken,
            },
            {"account_id": "111111111111", "outcome": "UNAVAILABLE", "detail": "not available"},
        ],
    )
    return Snapshot(
        accounts,
        govcloud,
        schema.empty(schema.LINKS),
        Manifest(
            organization_id=organization,
            taken=taken,
            finished=taken + pd.Timedelta(minutes=1),
            caller_account_id="999999999999",
            caller_kind="management",
            complete=complete,
            outcomes={"FOUND": 1, "UNAVAILABLE": 1},
            regions={"us-east-1": {"outcome": "FOUND", "links": 0}},
            accounts=2,
            rate=9.8,
            rate_clusters=3,
        ),
    )


def test_a_snapshot_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    saved = a_snapshot()
    save_snapshot(saved, tmp_path)

    loaded = load_snapshot(tmp_path)

    assert loaded.id == "o-exampleorgid/2026-11-22T03-00-00Z"
    assert loaded.manifest == saved.manifest
    pd.testing.assert_frame_equal(loaded.accounts, saved.accounts)
    pd.testing.assert_frame_equal(loaded.govcloud, saved.govcloud)
    pd.testing.assert_frame_equal(loaded.links, saved.links)


def test_the_folders_are_as_the_design_says(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(), tmp_path)

    files = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())

    assert files == [
        "accounts/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z/part.parquet",
        "govcloud/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z/part.parquet",
        "links/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z/part.parquet",
        "runs/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z.json",
    ]


def test_pandas_reads_the_partitioned_folder_as_it_is(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(), tmp_path)
    save_snapshot(a_snapshot(TAKEN + pd.Timedelta(days=7)), tmp_path)

    frame = pd.read_parquet(tmp_path / "govcloud")

    assert len(frame) == 4
    assert frame["account_id"].tolist() == ["000000000042", "111111111111"] * 2
    assert set(frame["taken"].astype("str")) == {"2026-11-22T03-00-00Z", "2026-11-29T03-00-00Z"}


def test_a_snapshot_without_its_manifest_does_not_exist(tmp_path: Path) -> None:
    path = save_snapshot(a_snapshot(), tmp_path)
    path.unlink()

    with pytest.raises(SnapshotNotFoundError, match="holds no snapshot yet"):
        load_snapshot(tmp_path)
    assert list_snapshots(tmp_path).empty


def test_the_newest_snapshot_is_the_one_loaded(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(TAKEN + pd.Timedelta(days=7)), tmp_path)
    save_snapshot(a_snapshot(TAKEN), tmp_path)

    assert load_snapshot(tmp_path).taken == TAKEN + pd.Timedelta(days=7)


def test_a_snapshot_is_found_by_its_time_alone_where_only_one_organization_has_it(
    tmp_path: Path,
) -> None:
    save_snapshot(a_snapshot(), tmp_path)
    assert load_snapshot(tmp_path, "2026-11-22T03-00-00Z").id.startswith("o-exampleorgid/")

    save_snapshot(a_snapshot(organization="o-otherorgid0"), tmp_path)
    with pytest.raises(SnapshotNotFoundError, match="2 organizations have a snapshot"):
        load_snapshot(tmp_path, "2026-11-22T03-00-00Z")


def test_an_unknown_snapshot_is_named_with_the_newest_there_is(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(), tmp_path)

    with pytest.raises(SnapshotNotFoundError, match="holds no snapshot 'yesterday'") as caught:
        load_snapshot(tmp_path, "yesterday")
    assert "o-exampleorgid/2026-11-22T03-00-00Z" in caught.value.hint


@pytest.mark.parametrize("use", [load_snapshot, list_snapshots])
def test_a_store_that_is_a_file_is_refused(tmp_path: Path, use: object) -> None:
    file = tmp_path / "store"
    file.write_text("")
    assert callable(use)

    with pytest.raises(StoreError, match="is a file, not a folder"):
        use(file)


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    path = save_snapshot(a_snapshot(), tmp_path)
    path.write_text('{"format": 1}')

    with pytest.raises(StoreError, match=re.escape(str(path))):
        list_snapshots(tmp_path)


def test_a_manifest_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = save_snapshot(a_snapshot(), tmp_path)
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))

    with pytest.raises(StoreError, match="format 2, newer than 1"):
        load_manifest(tmp_path, "o-exampleorgid/2026-11-22T03-00-00Z")


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(), tmp_path)
    part = next(tmp_path.glob("accounts/*/*/part.parquet"))
    part.write_bytes(b"PAR1")

    with pytest.raises(StoreError, match=re.escape(str(part))):
        load_snapshot(tmp_path)


def test_saving_again_replaces_the_snapshot_of_that_id(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(name="Before"), tmp_path)
    save_snapshot(a_snapshot(name="After"), tmp_path)

    assert load_snapshot(tmp_path).accounts["name"].tolist() == ["After", "NA"]
    assert len(list_snapshots(tmp_path)) == 1
    assert not list(tmp_path.rglob("*.new"))


def test_an_organization_id_never_leaves_the_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot name an organization"):
        save_snapshot(a_snapshot(organization="../elsewhere"), tmp_path / "store")


def test_the_history_is_the_same_organization_before_that_snapshot_oldest_first(
    tmp_path: Path,
) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in range(4)]
    for taken in weeks:
        save_snapshot(a_snapshot(taken), tmp_path)
    save_snapshot(a_snapshot(weeks[0], organization="o-otherorgid0"), tmp_path)
    newest = load_snapshot(tmp_path, organization="o-exampleorgid")

    assert [s.taken for s in load_history(tmp_path, newest)] == weeks[:3]
    assert [s.taken for s in load_history(tmp_path, newest, most=1)] == weeks[2:3]


def test_a_chosen_list_of_accounts_is_in_no_history_and_has_none(tmp_path: Path) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in range(3)]
    whole, chosen, newest = (
        a_snapshot(taken, complete=complete)
        for taken, complete in zip(weeks, (True, False, True), strict=True)
    )
    for snapshot in (whole, chosen, newest):
        save_snapshot(snapshot, tmp_path)

    assert [s.taken for s in load_history(tmp_path, newest)] == [weeks[0]]
    assert load_history(tmp_path, chosen) == []


def test_the_list_counts_what_was_seen_and_what_was_not(tmp_path: Path) -> None:
    save_snapshot(a_snapshot(), tmp_path)

    listed = list_snapshots(tmp_path)

    assert listed.to_dict("records") == [
        {
            "snapshot_id": "o-exampleorgid/2026-11-22T03-00-00Z",
            "organization_id": "o-exampleorgid",
            "taken": TAKEN,
            "accounts": 2,
            "linked": 1,
            "not_seen": 1,
            "links": 0,
        }
    ]


def test_a_snapshot_prints_as_one_line() -> None:
    assert repr(a_snapshot()) == (
        "Snapshot o-exampleorgid/2026-11-22T03-00-00Z: 2 accounts, 1 with a GovCloud account,"
        " 1 not seen, 0 links"
    )
