"""What is kept of spells in a store: whatever happens to it, the result is that of a new fold."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from days import (
    ORGANIZATION,
    Counting,
    again,
    days_of,
    id_of,
    manifest,
    on,
    part,
    snapshot_of,
    standard,
    store_of,
)
from remade import rewritten

from toolkit.schema import CallerKind
from toolkit.spells import Spells, spells_of
from toolkit.store import Store
from toolkit.store.listing import LeftOutWarning

SEEN = (
    {1: "ACTIVE/ACTIVE", 2: "ACTIVE/ACTIVE", 3: "ACTIVE"},
    {1: "CLOSED/ACTIVE", 2: "ACTIVE/ACTIVE", 3: "ACTIVE"},
    {1: "CLOSED/ACTIVE", 2: "ACTIVE/?"},
    {1: "CLOSED/CLOSED", 2: "ACTIVE/ACTIVE", 4: "ACTIVE/CLOSED"},
)
KEPT = f"kept/organization={ORGANIZATION}/spells.parquet"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of four days, of which the witness saw three, and whose spells are kept."""
    witness = [{9: "ACTIVE"}, None, {9: "CLOSED"}, {}]
    days = zip(SEEN, witness, strict=True)
    found = tmp_path_factory.mktemp("kept") / "store"
    snapshots = [snapshot_of(day, seen, witness=told) for day, (seen, told) in enumerate(days)]
    spells_of(store_of(found, snapshots), ORGANIZATION)
    return found


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Store:
    """A store of those days of the test's own."""
    return Store(shutil.copytree(folder, tmp_path / "store"))


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Spells:
    """The spells of those days, folded where nothing is kept."""
    return from_nothing(Store(folder), tmp_path_factory.mktemp("whole"))


def kept(store: Store) -> Path:
    """Return the file in which the spells of accounts are kept."""
    return Path(str(store), KEPT)


def from_nothing(store: Store, tmp_path: Path) -> Spells:
    """Fold a copy of a store in which nothing is kept."""
    copy = tmp_path / "copy"
    shutil.copytree(str(store), copy)
    shutil.rmtree(copy / "kept", ignore_errors=True)
    return spells_of(Store(copy), ORGANIZATION)


def assert_same(found: Spells, expected: Spells) -> None:
    """Compare all of two folds."""
    for name, key in (("accounts", "account_id"), ("witness", "govcloud_account_id")):
        one, other = (
            getattr(spells, name).sort_values([key, "began"], ignore_index=True)
            for spells in (found, expected)
        )
        pd.testing.assert_frame_equal(one, other)
    assert list(found.times) == list(expected.times)
    assert list(found.witnessed) == list(expected.witnessed)


def without_rows(path: Path) -> None:
    """Drop a row, as a program may that is stopped half-way."""
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"garbage" * 99),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: pd.DataFrame({"account_id": ["1"]}).to_parquet(path),
        without_rows,
        rewritten(lambda told: told.update(version=1)),
        rewritten(lambda told: told.update(version=3)),
        rewritten(lambda told: told.pop("steps")),
        rewritten(lambda told: told.update(steps=[["when"]])),
        rewritten(lambda told: told.update(steps=[["when", "mark", "left out"]])),
        rewritten(lambda told: told.update(steps=None)),
    ],
    ids=[
        *("deleted", "empty", "garbage", "truncated", "without its end", "another table"),
        *("a row short", "older", "newer", "without steps", "short steps", "strange steps"),
        "no steps",
    ],
)
def test_what_was_kept_and_is_damaged_is_made_again(
    store: Store, whole: Spells, damage: Callable[[Path], object]
) -> None:
    damage(kept(store))
    counting = Counting(str(store))
    assert_same(spells_of(counting, ORGANIZATION), whole)
    assert counting.read
    counting.read.clear()
    spells_of(counting, ORGANIZATION)
    assert not counting.read


def test_no_byte_of_it_can_change_and_be_believed(store: Store, whole: Spells) -> None:
    content = kept(store).read_bytes()
    data = pq.ParquetFile(kept(store)).metadata.serialized_size
    last = len(content) - data - 8
    for place in range(4, last, last // 12):
        flipped = bytes([content[place] ^ 0x10])
        kept(store).write_bytes(content[:place] + flipped + content[place + 1 :])
        assert_same(spells_of(store, ORGANIZATION), whole)


def test_what_cannot_be_read_as_a_file_is_made_again_and_nobody_is_told(
    store: Store, whole: Spells
) -> None:
    kept(store).unlink()
    kept(store).mkdir()
    assert_same(spells_of(store, ORGANIZATION), whole)


def test_the_next_day_costs_one_snapshot(store: Store, tmp_path: Path) -> None:
    store.save(snapshot_of(4, {1: "CLOSED/CLOSED", 4: "ACTIVE/ACTIVE"}, witness={9: "CLOSED"}))
    expected = from_nothing(store, tmp_path)
    counting = Counting(str(store))
    assert_same(spells_of(counting, ORGANIZATION), expected)
    assert counting.read == {f"{id_of(4)} accounts govcloud": 1, f"{id_of(4)} witness": 1}
    spells_of(counting, ORGANIZATION)
    assert counting.read.total() == 2


@pytest.mark.parametrize("day", [0, 1, 3])
def test_a_snapshot_that_was_removed_is_as_if_it_had_never_been(
    store: Store, tmp_path: Path, day: int
) -> None:
    manifest(store, id_of(day)).unlink()
    expected = from_nothing(store, tmp_path)
    assert len(expected.times) == 3
    assert_same(spells_of(store, ORGANIZATION), expected)


@pytest.mark.parametrize("day", [0, 1, 3])
def test_a_snapshot_that_was_completed_is_read_again(
    store: Store, tmp_path: Path, day: int
) -> None:
    old = store.load(id_of(day))
    store.save(again(old, {**SEEN[day], 2: "SUSPENDED/ACTIVE"}), again=True)
    expected = from_nothing(store, tmp_path)
    found = spells_of(store, ORGANIZATION)
    assert_same(found, expected)
    assert "SUSPENDED" in set(found.accounts["standard_state"])


@pytest.mark.parametrize("day", [-1, 1.5])
def test_a_snapshot_that_comes_late_is_folded_in_its_place(
    store: Store, tmp_path: Path, day: float
) -> None:
    store.save(snapshot_of(day, {1: "SUSPENDED/ACTIVE", 5: "ACTIVE"}, witness={9: "SUSPENDED"}))
    assert_same(spells_of(store, ORGANIZATION), from_nothing(store, tmp_path))


@pytest.mark.parametrize("table", ["accounts", "govcloud"])
def test_a_damaged_snapshot_is_left_out_aloud_until_it_is_repaired(
    store: Store, whole: Spells, table: str
) -> None:
    file = part(store, id_of(1), table)
    content = file.read_bytes()
    file.write_bytes(b"garbage")
    kept(store).unlink()
    for _ in range(2):
        with pytest.warns(LeftOutWarning, match=f"{table}.*cannot be read"):
            found = spells_of(store, ORGANIZATION)
        assert list(found.times) == [on(0), on(2), on(3)]
    file.write_bytes(content)
    assert_same(spells_of(store, ORGANIZATION), whole)


def test_a_snapshot_with_what_cannot_be_right_is_left_out_and_says_what(store: Store) -> None:
    file = part(store, id_of(1))
    table = pd.read_parquet(file)
    table.assign(outcome="LOST").to_parquet(file)
    kept(store).unlink()
    for _ in range(2):
        with pytest.warns(LeftOutWarning, match="has outcome 'LOST' in row 1"):
            assert len(spells_of(store, ORGANIZATION).times) == 3


def test_what_was_folded_before_it_was_damaged_stays_known(store: Store, whole: Spells) -> None:
    part(store, id_of(1)).write_bytes(b"garbage")
    store.save(snapshot_of(4, {1: "CLOSED/CLOSED"}))
    after = spells_of(store, ORGANIZATION)
    assert list(after.times) == [*whole.times, on(4)]


def test_a_store_that_cannot_be_written_to_is_folded_anew_each_time(
    store: Store, whole: Spells
) -> None:
    shutil.rmtree(Path(str(store), "kept"))
    # A file where the folder should be refuses whoever writes, root included.
    Path(str(store), "kept").touch()
    counting = Counting(str(store))
    for times in (1, 2):
        assert_same(spells_of(counting, ORGANIZATION), whole)
        assert counting.read[f"{id_of(0)} accounts govcloud"] == times


def test_what_is_kept_is_for_its_owner_alone_as_snapshots_are(store: Store) -> None:
    if os.name == "posix":
        assert stat.S_IMODE(kept(store).stat().st_mode) == 0o600


def test_chosen_accounts_and_lone_ones_are_not_folded(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store",
        [
            *days_of({1: "ACTIVE/ACTIVE", 2: "ACTIVE"}),
            snapshot_of(1, {1: "CLOSED/ACTIVE"}, complete=False),
            snapshot_of(2, {1: "CLOSED/ACTIVE"}, caller=CallerKind.MEMBER),
        ],
    )
    found = spells_of(store, ORGANIZATION)
    assert list(found.times) == [on(0)]
    assert found.accounts["account_id"].tolist() == [standard(1), standard(2)]


def test_each_organization_has_its_own(store: Store) -> None:
    assert spells_of(store, "o-another").accounts.empty
    assert not spells_of(store, ORGANIZATION).accounts.empty
