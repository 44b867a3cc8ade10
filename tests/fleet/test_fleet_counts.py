"""COUNTS of a store: what is counted, by whom, and what is kept of it."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context, resource_tracker
from pathlib import Path

import pandas as pd
import pytest
from days import (
    ORGANIZATION,
    Counting,
    again,
    id_of,
    manifest,
    part,
    snapshot_of,
    standard,
    store_of,
)
from fleeting import OTHER, copy_of, of, plain
from remade import rewritten

from toolkit.errors import SnapshotNotFoundError, StoreError
from toolkit.fleet import counts
from toolkit.schema import COUNTS, CallerKind
from toolkit.store import LeftOutWarning, Snapshot, Store

SEEN = (
    {1: "ACTIVE/ACTIVE", 2: "ACTIVE/ACTIVE", 3: "ACTIVE"},
    {1: "CLOSED/ACTIVE", 2: "ACTIVE/?", 3: "PAUSED/NEW", 4: "/CLOSED"},
    {1: "CLOSED/CLOSED", 2: "ACTIVE/ACTIVE"},
)
KEPT = f"kept/organization={ORGANIZATION}/counts.parquet"


def one_sided(snapshot: Snapshot) -> Snapshot:
    """Leave the first account out of the list, and the last one out of the look-ups."""
    tables = dict(snapshot.tables)
    tables["accounts"] = tables["accounts"].iloc[1:]
    tables["govcloud"] = tables["govcloud"].iloc[:-1]
    return replace(snapshot, tables=tables)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two organizations, of one of which there are three days."""
    found = tmp_path_factory.mktemp("counts") / "store"
    snapshots = [snapshot_of(day, seen) for day, seen in enumerate(SEEN)]
    snapshots.append(of(OTHER, one_sided(snapshot_of(1, {5: "ACTIVE/CLOSED", 6: "ACTIVE"}))))
    snapshots.append(snapshot_of(3, {1: "ACTIVE/ACTIVE"}, complete=False))
    snapshots.append(of("account-1", snapshot_of(3, {1: "ACTIVE"}, caller=CallerKind.MEMBER)))
    counts(store_of(found, snapshots))
    return found


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Store:
    """A store of those days of the test's own, of which the counts are kept."""
    return Store(shutil.copytree(folder, tmp_path / "store"))


WHOLE = [
    (ORGANIZATION, 0, "FOUND", "ACTIVE", "ACTIVE", 2),
    (ORGANIZATION, 0, "NOT_LINKED", "ACTIVE", None, 1),
    (ORGANIZATION, 1, "FOUND", "CLOSED", "ACTIVE", 1),
    (ORGANIZATION, 1, "FOUND", "PAUSED", "NEW", 1),
    (ORGANIZATION, 1, "FOUND", None, "CLOSED", 1),
    (ORGANIZATION, 1, "UNAVAILABLE", "ACTIVE", None, 1),
    (ORGANIZATION, 2, "FOUND", "ACTIVE", "ACTIVE", 1),
    (ORGANIZATION, 2, "FOUND", "CLOSED", "CLOSED", 1),
    (OTHER, 1, "FOUND", None, "CLOSED", 1),
    (OTHER, 1, "FAILED", "ACTIVE", None, 1),
]
"""All that is to be counted, with who is in one of the two tables alone."""


def test_every_combination_of_every_whole_organization_is_counted(
    store: Store, tmp_path: Path
) -> None:
    found = counts(copy_of(store, tmp_path / "new"))
    assert sorted(map(repr, plain(found))) == sorted(map(repr, WHOLE))
    assert list(found.columns) == COUNTS.names
    assert list(found.dtypes) == [column.dtype for column in COUNTS.columns]


def test_snapshots_that_are_named_are_counted_whatever_they_are_of(store: Store) -> None:
    named = [id_of(3), id_of(3, "account-1"), id_of(3)]
    assert plain(counts(store, named)) == [
        ("account-1", 3, "NOT_LINKED", "ACTIVE", None, 1),
        (ORGANIZATION, 3, "FOUND", "ACTIVE", "ACTIVE", 1),
    ]
    assert counts(store, []).empty


def test_a_snapshot_that_is_not_there_is_no_snapshot_to_count(store: Store) -> None:
    with pytest.raises(SnapshotNotFoundError, match=f"no snapshot '{ORGANIZATION}/yesterday'"):
        counts(store, [id_of(0), f"{ORGANIZATION}/yesterday"])


@pytest.fixture(scope="module", params=["threads", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """Executors of Python's own."""
    if request.param == "threads":
        with ThreadPoolExecutor(3) as threads:
            yield threads
    else:
        with ProcessPoolExecutor(1, get_context("spawn")) as processes:
            yield processes
        # What Python starts beside them would go on until this process ends.
        resource_tracker._resource_tracker._stop()


def test_whoever_counts_counts_the_same_and_is_not_shut_down(
    executor: Executor, store: Store, tmp_path: Path
) -> None:
    new = copy_of(store, tmp_path / "new")
    expected = counts(store)
    garbage = part(new, id_of(1))
    garbage.write_bytes(b"garbage")
    with pytest.warns(LeftOutWarning, match=r"govcloud.*cannot be read"):
        found = counts(new, executor=executor)
    damaged = [row[:2] == (ORGANIZATION, 1) for row in plain(expected)]
    left = expected[[not one for one in damaged]].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, left)
    assert executor.submit(sum, [1, 2]).result() == 3


def test_what_a_task_cannot_do_ends_it_all(store: Store) -> None:
    class Broken(Store):
        def manifests(self, ids: object) -> object:
            raise ZeroDivisionError(ids)

    with pytest.raises(ZeroDivisionError):
        counts(Broken(str(store)), [id_of(0)])


def test_the_next_day_costs_one_snapshot(store: Store, tmp_path: Path) -> None:
    store.save(snapshot_of(4, {1: "CLOSED/CLOSED", 4: "ACTIVE/ACTIVE"}))
    expected = counts(copy_of(store, tmp_path / "new"))
    counting = Counting(str(store))
    pd.testing.assert_frame_equal(counts(counting), expected)
    assert counting.read == {f"{id_of(4)} accounts govcloud": 1}
    pd.testing.assert_frame_equal(counts(counting), expected)
    assert counting.read.total() == 1


def remove(store: Store, day: int) -> None:
    store.remove(id_of(day))


def complete(store: Store, day: int) -> None:
    store.save(again(store.load(id_of(day)), {**SEEN[day], 2: "SUSPENDED/ACTIVE"}), again=True)


def add_before(store: Store, day: int) -> None:
    store.save(snapshot_of(day - 0.5, {1: "SUSPENDED/ACTIVE"}))


@pytest.mark.parametrize("day", [0, 1, 2])
@pytest.mark.parametrize("change", [remove, complete, add_before])
def test_whatever_happens_to_snapshots_the_counts_are_those_of_a_new_count(
    store: Store, tmp_path: Path, change: Callable[[Store, int], None], day: int
) -> None:
    change(store, day)
    expected = counts(copy_of(store, tmp_path / "new"))
    assert plain(expected) != WHOLE
    for _ in range(2):
        pd.testing.assert_frame_equal(counts(store), expected)


def test_an_organization_that_is_gone_leaves_no_counts(store: Store) -> None:
    store.remove(id_of(1, OTHER))
    assert set(counts(store)["organization_id"]) == {ORGANIZATION}


@pytest.mark.parametrize("table", ["accounts", "govcloud", "manifest"])
def test_a_damaged_snapshot_is_left_out_aloud_until_it_is_repaired(
    store: Store, tmp_path: Path, table: str
) -> None:
    new = copy_of(store, tmp_path / "new")
    file = manifest(new, id_of(1)) if table == "manifest" else part(new, id_of(1), table)
    content = file.read_bytes()
    file.write_bytes(b"garbage")
    for _ in range(2):
        with pytest.warns(LeftOutWarning, match="Left out: "):
            assert {row[:2] for row in plain(counts(new))} == {
                *((ORGANIZATION, 0), (ORGANIZATION, 2), (OTHER, 1))
            }
    file.write_bytes(content)
    pd.testing.assert_frame_equal(counts(new), counts(store))


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("govcloud", {"outcome": "LOST"}, "has outcome 'LOST' in row 1"),
        ("govcloud", {"outcome": None}, "has no outcome in row 1"),
        ("accounts", {"account_id": "12"}, "has account_id '12' in row 1"),
        ("accounts", {"account_id": None}, "has no account_id in row 1"),
        (
            "govcloud",
            {"account_id": standard(1)},
            f"Account {standard(1)} is in the GovCloud table more than once",
        ),
        (
            "accounts",
            {"account_id": standard(1)},
            f"cannot be counted: Account {standard(1)} is in the accounts table more than once",
        ),
    ],
)
def test_a_snapshot_that_cannot_be_judged_is_not_counted_and_says_why(
    store: Store, table: str, change: dict[str, str], said: str
) -> None:
    file = part(store, id_of(0), table)
    pd.read_parquet(file).assign(**change).to_parquet(file)
    with pytest.warns(LeftOutWarning, match=said):
        assert counts(store, [id_of(0)]).empty


def of_another(path: Path) -> None:
    """Put what is kept of another organization there."""
    shutil.copy(Path(str(path).replace(ORGANIZATION, OTHER)), path)


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b"garbage" * 99),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: pd.DataFrame({"accounts": [1]}).to_parquet(path),
        of_another,
        rewritten(lambda told: told.update(version=2)),
        rewritten(lambda told: told["steps"].pop(0)),
        rewritten(lambda told: told["steps"].append(told["steps"][-1])),
        rewritten(lambda told: told["steps"][0].__setitem__(2, 1)),
        rewritten(lambda told: told["steps"][0].__setitem__(2, "3")),
        rewritten(lambda told: told.update(steps=[["when"]])),
    ],
    ids=[
        *("deleted", "garbage", "truncated", "another table", "another's", "newer"),
        *("a step short", "a step twice", "rows elsewhere", "no number", "strange steps"),
    ],
)
def test_what_was_kept_and_is_damaged_is_counted_again(
    store: Store, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    damage(Path(str(store), KEPT))
    expected = counts(copy_of(store, tmp_path / "new"))
    counting = Counting(str(store))
    pd.testing.assert_frame_equal(counts(counting), expected)
    assert counting.read
    counting.read.clear()
    pd.testing.assert_frame_equal(counts(counting), expected)
    assert not counting.read


def test_a_store_that_cannot_be_written_to_is_counted_anew_each_time(store: Store) -> None:
    expected = counts(store)
    shutil.rmtree(Path(str(store), "kept"))
    Path(str(store), "kept").touch()  # refuses whoever writes, root included
    counting = Counting(str(store))
    for times in (1, 2):
        pd.testing.assert_frame_equal(counts(counting), expected)
        assert counting.read[f"{id_of(0)} accounts govcloud"] == times


def test_a_store_without_snapshots_has_no_counts(tmp_path: Path) -> None:
    assert counts(tmp_path / "nothing").empty


def test_a_store_that_cannot_be_read_is_no_empty_one(store: Store) -> None:
    runs = Path(str(store), "runs")
    shutil.rmtree(runs)
    runs.touch()
    with pytest.raises(StoreError):
        counts(store)
