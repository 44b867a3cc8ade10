"""Damage is local: what cannot be read is left out and named, and the rest is used."""

import re
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stored import ID, TAKEN, a_snapshot

from toolkit.errors import SnapshotNotFoundError, StoreError
from toolkit.exports import Report
from toolkit.runs.reuse import Earlier
from toolkit.store import LeftOutWarning, Snapshot, Store

WEEKS = [TAKEN + pd.Timedelta(weeks=week) for week in range(4)]
IDS = [f"o-exampleorgid/{week:%Y-%m-%dT%H-%M-%SZ}" for week in WEEKS]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of four weeks, which nobody damages."""
    store = Store(tmp_path_factory.mktemp("whole"))
    for week in WEEKS:
        store.save(a_snapshot(week))
    return Path(str(store))


@pytest.fixture
def store(tmp_path: Path, whole: Path) -> Store:
    """A copy of it."""
    return Store(shutil.copytree(whole, tmp_path / "store"))


def manifest(store: Store, week: int) -> Path:
    return Path(str(store), "runs", *_folders(week)[:-1], f"{_folders(week)[-1]}.json")


def part(store: Store, week: int, table: str = "accounts") -> Path:
    return Path(str(store), table, *_folders(week), "part.parquet")


def _folders(week: int) -> list[str]:
    organization, taken = IDS[week].split("/")
    return [f"organization={organization}", f"taken={taken}"]


Broken = Callable[[Store, int], Path]


def by_manifest(store: Store, week: int) -> Path:
    path = manifest(store, week)
    path.write_text("{", encoding="utf-8")
    return path


def by_table(store: Store, week: int) -> Path:
    path = part(store, week)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def by_absence(store: Store, week: int) -> Path:
    path = part(store, week, "links")
    path.unlink()
    return path


BREAK = pytest.mark.parametrize("broken", [by_manifest, by_table, by_absence])


@BREAK
def test_the_newest_that_can_be_read_is_loaded_and_the_other_is_named(
    store: Store, broken: Broken
) -> None:
    file = broken(store, 3)

    with pytest.warns(LeftOutWarning, match=re.escape(f"Left out: {file}")):
        assert store.load().id == IDS[2]


@BREAK
def test_one_that_is_named_and_damaged_is_one_sentence(store: Store, broken: Broken) -> None:
    file = broken(store, 1)

    with pytest.raises(StoreError, match=re.escape(str(file))) as caught:
        store.load(IDS[1])
    assert caught.value.hint


@BREAK
def test_a_history_is_what_can_be_read_and_as_long_as_it_can_be(
    store: Store, broken: Broken
) -> None:
    newest = store.load()
    file = broken(store, 2)

    with pytest.warns(LeftOutWarning, match=re.escape(f"Left out: {file}")):
        assert [one.id for one in store.history(newest, most=2)] == IDS[:2]


def test_a_report_has_the_history_without_what_is_damaged(store: Store) -> None:
    file = by_table(store, 0)
    report = Report.of(store.load())

    with pytest.warns(LeftOutWarning, match=re.escape(str(file))):
        assert [taken for taken, _ in report.history] == WEEKS[1:]


def test_the_list_leaves_out_what_it_names(store: Store) -> None:
    file = by_manifest(store, 3)

    with pytest.warns(LeftOutWarning, match=re.escape(str(file))) as said:
        listed = store.snapshots()["snapshot_id"].tolist()

    assert listed == IDS[2::-1]
    assert len(said) == 1
    listing = store.listing()
    assert [one.snapshot_id for one in listing.manifests] == IDS[:3]
    assert list(listing.left_out) == [IDS[3]]
    with pytest.warns(LeftOutWarning):
        assert store.find() == IDS[2]


def test_where_nothing_can_be_read_the_newest_is_said(store: Store) -> None:
    files = [by_table(store, week) for week in range(4)]

    with pytest.raises(StoreError, match=re.escape(str(files[3]))):
        store.load()


def test_what_is_whole_is_read_without_a_word(store: Store) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(store.history(store.load())) == 3
        assert len(store.snapshots()) == 4


def as_parquet(frame: pd.DataFrame) -> bytes:
    return frame.to_parquet(index=False)


def a_time_of_text(store: Store) -> bytes:
    frame = store.load(IDS[0]).govcloud
    return as_parquet(frame.assign(fetched_at="a while ago"))


def no_table() -> bytes:
    return b"PAR1"


def another_table(store: Store) -> bytes:
    return as_parquet(store.load(IDS[0]).accounts)


def nested(store: Store) -> bytes:
    frame = store.load(IDS[0]).govcloud
    table = pa.Table.from_pandas(frame.drop(columns="account_id"))
    lists = pa.array([[["1"]]] * len(frame))
    sink = pa.BufferOutputStream()
    pq.write_table(table.append_column("account_id", lists), sink)
    return sink.getvalue().to_pybytes()


def numbers_for_ids(store: Store) -> bytes:
    return as_parquet(store.load(IDS[0]).govcloud.assign(account_id=[1.5, 2.5]))


@pytest.mark.parametrize(
    "content",
    [a_time_of_text, lambda _: no_table(), another_table, nested, numbers_for_ids],
    ids=["text for a time", "no table", "another table", "lists", "numbers"],
)
def test_a_table_that_cannot_be_right_is_one_sentence_with_the_name_of_the_file(
    store: Store, content: Callable[[Store], bytes]
) -> None:
    file = part(store, 0, "govcloud")
    file.write_bytes(content(store))

    with pytest.raises(StoreError, match=re.escape(f"{file} cannot be read: ")) as caught:
        store.load(IDS[0])
    assert "\n" not in str(caught.value)


def test_a_table_with_other_rows_than_its_manifest_says_is_damaged(store: Store) -> None:
    file = part(store, 0)
    file.write_bytes(as_parquet(store.load(IDS[0]).accounts.head(1)))

    with pytest.raises(
        StoreError, match=re.escape(f"The rows of {file} are 1, and its manifest says 2.")
    ):
        store.load(IDS[0])


def test_the_rows_of_the_manifest_are_those_that_were_saved(tmp_path: Path) -> None:
    one = a_snapshot()
    fewer = Snapshot({**one.tables, "accounts": one.accounts.head(1)}, one.manifest)

    saved = Store(tmp_path).save(fewer)

    assert saved.manifest.sources["accounts"]["rows"] == 1
    assert Store(tmp_path).load().manifest == saved.manifest


def test_a_damaged_table_stops_no_new_run(store: Store) -> None:
    part(store, 3, "govcloud").write_bytes(a_time_of_text(store))

    later = WEEKS[3] + pd.Timedelta(days=1)

    assert Earlier(store, "o-exampleorgid", later, None).newest is None


@pytest.mark.parametrize("organization", ["../../../x", "..", "o-x/../../y", "o\\x", "", "o-x\n"])
def test_an_organization_id_never_leaves_the_store(tmp_path: Path, organization: str) -> None:
    root = tmp_path / "store"
    store = Store(root)
    store.save(a_snapshot())
    before = sorted(tmp_path.rglob("*"))

    for ask in (store.ids, store.snapshots, store.taken, store.listing):
        with pytest.raises(StoreError, match="cannot name an organization"):
            ask(organization)
    with pytest.raises(StoreError, match="cannot name"):
        store.manifest(f"{organization}/2026-11-22T03-00-00Z")
    with pytest.raises(StoreError, match="cannot name an organization"):
        store.save(a_snapshot(organization=organization))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["../../x", f"{ID}/..", "o-exampleorgid/2026", ""])
def test_a_snapshot_id_never_leaves_the_store(store: Store, name: str) -> None:
    with pytest.raises(StoreError):
        store.manifest(name)
    with pytest.raises(SnapshotNotFoundError):
        store.load(name)
