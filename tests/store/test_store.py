"""The store: what is written is read back, and what is wrong is said in one sentence."""

import json
import threading
from pathlib import Path

import pandas as pd
import pytest
from stored import ID, MANIFEST, TAKEN, a_snapshot

from toolkit import schema
from toolkit.errors import SnapshotNotFoundError, StoreError
from toolkit.store import LeftOutWarning, Manifest, Snapshot, Store, load_snapshot


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_snapshot_is_read_back_as_it_was_saved(store: Store) -> None:
    saved = store.save(a_snapshot())

    loaded = store.load()

    assert loaded.id == ID
    assert loaded.manifest == saved.manifest
    for name in ("accounts", "govcloud", "links"):
        pd.testing.assert_frame_equal(loaded.table(name), saved.table(name))


def test_a_snapshot_knows_the_store_that_it_is_in(store: Store) -> None:
    assert a_snapshot().store is None
    assert store.save(a_snapshot()).store == store
    assert store.load().store == store


def test_the_function_reads_as_the_store_does(store: Store, tmp_path: Path) -> None:
    store.save(a_snapshot())

    assert load_snapshot(tmp_path).id == load_snapshot(store, ID).id == ID


def test_the_folders_are_as_the_design_says(store: Store, tmp_path: Path) -> None:
    store.save(a_snapshot())

    assert files(tmp_path) == [
        "accounts/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z/part.parquet",
        "govcloud/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z/part.parquet",
        "links/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z/part.parquet",
        MANIFEST,
    ]


def test_pandas_reads_the_partitioned_folder_as_it_is(store: Store, tmp_path: Path) -> None:
    store.save(a_snapshot())
    store.save(a_snapshot(TAKEN + pd.Timedelta(days=7)))

    frame = pd.read_parquet(tmp_path / "govcloud")

    assert len(frame) == 4
    assert frame["account_id"].tolist() == ["000000000042", "111111111111"] * 2
    assert set(frame["taken"].astype("str")) == {"2026-11-22T03-00-00Z", "2026-11-29T03-00-00Z"}


def test_a_snapshot_without_its_manifest_does_not_exist(store: Store, tmp_path: Path) -> None:
    store.save(a_snapshot())
    (tmp_path / MANIFEST).unlink()

    with pytest.raises(SnapshotNotFoundError, match="holds no snapshot yet"):
        store.load()
    assert store.snapshots().empty


def test_a_snapshot_whose_tables_could_not_be_written_does_not_exist(
    store: Store, tmp_path: Path
) -> None:
    """The manifest comes last: what stops before it leaves nothing that anybody finds."""
    (tmp_path / "links").write_text("a file where the folder of a table should be")

    with pytest.raises(StoreError, match="could not be written"):
        store.save(a_snapshot())

    assert store.ids() == []


def test_the_newest_snapshot_is_the_one_loaded_whatever_its_organization_is_called(
    store: Store,
) -> None:
    store.save(a_snapshot(TAKEN + pd.Timedelta(days=7), organization="o-aaaaaaaaaa"))
    store.save(a_snapshot(TAKEN, organization="o-zzzzzzzzzz"))

    assert store.load().taken == TAKEN + pd.Timedelta(days=7)
    assert store.ids() == ["o-zzzzzzzzzz/2026-11-22T03-00-00Z", "o-aaaaaaaaaa/2026-11-29T03-00-00Z"]


def test_a_snapshot_is_found_by_its_time_alone_where_only_one_organization_has_it(
    store: Store,
) -> None:
    store.save(a_snapshot())
    assert store.load("2026-11-22T03-00-00Z").id == ID

    store.save(a_snapshot(organization="o-otherorgid0"))
    with pytest.raises(SnapshotNotFoundError, match="2 organizations have a snapshot"):
        store.load("2026-11-22T03-00-00Z")
    assert store.load("2026-11-22T03-00-00Z", organization="o-exampleorgid").id == ID


def test_an_unknown_snapshot_is_named_with_the_newest_there_is(store: Store) -> None:
    store.save(a_snapshot())

    with pytest.raises(SnapshotNotFoundError, match="holds no snapshot 'yesterday'") as caught:
        store.load("yesterday")
    assert ID in caught.value.hint


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "store"
    file.write_text("")

    with pytest.raises(StoreError, match="is a file, not a folder"):
        Store(file)


def test_a_folder_that_is_not_there_yet_is_an_empty_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "later")

    assert store.ids() == []
    assert store.unfinished() == []
    assert not (tmp_path / "later").exists()


def test_a_manifest_of_before_there_were_sources_is_read_as_it_is(
    store: Store, tmp_path: Path
) -> None:
    store.save(a_snapshot())
    path = tmp_path / MANIFEST
    values = json.loads(path.read_text())
    del values["sources"]
    path.write_text(json.dumps(values))

    loaded = store.load()

    assert loaded.manifest.sources == {}
    assert len(loaded.accounts) == 2


def test_a_second_snapshot_of_the_same_id_is_refused_and_changes_nothing(store: Store) -> None:
    store.save(a_snapshot(name="Before"))

    with pytest.raises(StoreError, match=f"has a snapshot {ID} already"):
        store.save(a_snapshot(name="After"))
    assert store.load().accounts["name"].tolist() == ["Before", "NA"]


def test_a_run_that_completes_its_snapshot_replaces_it(store: Store, tmp_path: Path) -> None:
    store.save(a_snapshot(name="Before"))
    before = store.versions()

    store.save(a_snapshot(name="After"), again=True)

    assert store.load().accounts["name"].tolist() == ["After", "NA"]
    assert store.ids() == [ID]
    assert store.versions() != before
    assert not list(tmp_path.rglob("*.new"))


def test_of_several_writers_of_one_snapshot_one_alone_succeeds(store: Store) -> None:
    said: list[str] = []
    together = threading.Barrier(8)

    def write(name: str) -> None:
        together.wait()
        try:
            store.save(a_snapshot(name=name))
            said.append("saved")
        except StoreError as error:
            said.append(error.message)

    writers = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    refused = [text for text in said if text != "saved"]
    assert len(refused) == 7
    assert set(refused) <= {
        f"{store} has a snapshot {ID} already.",
        f"Another collection is writing the snapshot {ID} to {store}, or was stopped at that.",
    }
    assert store.load().accounts["name"].iloc[0].startswith("writer ")


def test_the_history_is_the_same_organization_before_that_snapshot_oldest_first(
    store: Store,
) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in range(4)]
    for taken in weeks:
        store.save(a_snapshot(taken))
    store.save(a_snapshot(weeks[0], organization="o-otherorgid0"))
    newest = store.load(organization="o-exampleorgid")

    assert [s.taken for s in store.history(newest)] == weeks[:3]
    assert [s.taken for s in store.history(newest, most=1)] == weeks[2:3]
    assert store.taken("o-exampleorgid") == set(weeks)


def test_a_chosen_list_of_accounts_is_in_no_history_and_has_none(store: Store) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in range(3)]
    whole, chosen, newest = (
        store.save(a_snapshot(taken, complete=complete))
        for taken, complete in zip(weeks, (True, False, True), strict=True)
    )

    assert [s.taken for s in store.history(newest)] == [whole.taken]
    assert store.history(chosen) == []


def test_rows_that_are_looked_for_come_from_every_earlier_snapshot_newest_first(
    store: Store,
) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in range(3)]
    store.save(a_snapshot(weeks[0], name="first"))
    store.save(a_snapshot(weeks[1], name="chosen", complete=False))
    store.save(a_snapshot(weeks[0], name="other", organization="o-otherorgid0"))
    newest = store.save(a_snapshot(weeks[2], name="newest"))

    def found(*ids: str) -> list[list[str]]:
        rows = store.rows_before(newest.manifest, "accounts", "account_id", ids)
        return [frame["name"].tolist() for frame in rows]

    assert found("000000000042", "999999999999") == [["chosen"], ["first"]]
    assert found("999999999999") == [[], []]


def test_rows_are_looked_for_only_as_far_back_as_somebody_asks(
    store: Store, tmp_path: Path
) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in range(3)]
    *_, newest = (store.save(a_snapshot(taken)) for taken in weeks)
    first, second, _ = sorted(tmp_path.glob("accounts/*/*/part.parquet"))
    first.write_bytes(b"damaged")
    wanted = "accounts", "account_id", ["111111111111"]

    rows = store.rows_before(newest.manifest, *wanted)
    assert next(rows)["account_id"].tolist() == ["111111111111"]
    with pytest.warns(LeftOutWarning, match="cannot be read"):
        assert list(rows) == []

    schema.empty(schema.ACCOUNTS).to_parquet(second)
    with pytest.warns(LeftOutWarning) as said:
        assert list(store.rows_before(newest.manifest, *wanted)) == []
    assert "are 0, and its manifest says 2" in str(said[0].message)
    assert len(said) == 2


def test_the_list_counts_what_was_seen_and_what_was_not(store: Store) -> None:
    store.save(a_snapshot())

    assert store.snapshots().to_dict("records") == [
        {
            "snapshot_id": ID,
            "organization_id": "o-exampleorgid",
            "taken": TAKEN,
            "accounts": 2,
            "linked": 1,
            "not_seen": 1,
            "links": 0,
        }
    ]


def test_the_list_is_newest_first(store: Store) -> None:
    weeks = [TAKEN + pd.Timedelta(weeks=week) for week in (1, 0, 2)]
    for taken in weeks:
        store.save(a_snapshot(taken))

    assert store.snapshots()["taken"].tolist() == sorted(weeks, reverse=True)


def test_files_that_are_no_manifests_are_passed_over(store: Store, tmp_path: Path) -> None:
    store.save(a_snapshot())
    runs = tmp_path / "runs"
    (runs / "notes.txt").write_text("ours")
    (runs / "organization=o-exampleorgid" / ".0123456789abcdef.new").write_text("{")

    assert store.ids() == [ID]


def test_a_table_that_the_run_did_not_ask_for_has_no_rows() -> None:
    snapshot = Snapshot({}, a_snapshot().manifest)

    assert snapshot.links.empty
    assert list(snapshot.links.columns) == schema.LINKS.names


def test_a_snapshot_prints_as_one_line() -> None:
    assert repr(a_snapshot()) == (
        f"Snapshot {ID}: 2 accounts, 1 with a GovCloud account, 1 not seen, 0 links"
    )


@pytest.mark.parametrize(
    ("endpoint", "is_local"),
    [
        (None, False),
        ("http://127.0.0.1:4599", True),
        ("http://localhost:80", True),
        ("https://x.example", False),
    ],
)
def test_a_manifest_says_whether_this_machine_answered(
    endpoint: str | None, *, is_local: bool
) -> None:
    manifest = Manifest("o-x", TAKEN, TAKEN, "000000000001", "management", complete=True)

    assert Manifest.from_json(manifest.to_json()) == manifest
    assert Manifest(**(vars(manifest) | {"endpoint_url": endpoint})).is_local is is_local
