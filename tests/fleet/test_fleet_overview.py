"""Every organization in a row: what its newest snapshot says, judged as everywhere, and kept."""

import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, replace
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
    on,
    part,
    snapshot_of,
    standard,
    store_of,
)
from fleeting import OTHER, copy_of, of

import toolkit as tk
from toolkit import analysis, schema
from toolkit.errors import SnapshotNotFoundError, StoreError
from toolkit.fleet import Fleet, first_seen, fleet, overview, worst_organizations_first
from toolkit.schema import ACCEPTANCES, FLEET, FLEET_TREND, OWNERS, CallerKind
from toolkit.spells import spells_of
from toolkit.store import LeftOutWarning, Store
from toolkit.store.keys import TAKEN
from toolkit.verdicts import Policy

LONE, CALM = "account-100000000007", "o-calm"
ORGANIZATIONS = (ORGANIZATION, OTHER, CALM, LONE)
CLOSED = {"standard_state": "CLOSED", "govcloud_state": "ACTIVE"}


def policy_of(*accepted: Mapping[str, object]) -> Policy:
    """Return a policy that accepts a few things of a closed account until long after all days."""
    rows = [
        {"entry": place, "reason": "Held", "owner": "me", "until": on(99), **CLOSED, **one}
        for place, one in enumerate(accepted, 1)
    ]
    return Policy(acceptances=schema.coerce(ACCEPTANCES, rows))


POLICY = policy_of({"account_id": standard(2)}, {"tags": '{"stage": "sunset"}'})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of four organizations.

    The first has what is accepted, in grace, left behind and unknown; the newest of its snapshots
    is a chosen list. The second has a critical mismatch alone, the third nothing, and the fourth is
    an account alone.
    """
    gone = {8: "ACTIVE/ACTIVE", 9: "CLOSED/ACTIVE"}
    tags = {4: {"stage": "sunset"}, 9: {"stage": "sunset"}}
    days = [
        ({1: "CLOSED/ACTIVE", 2: "CLOSED/ACTIVE", 3: "ACTIVE/ACTIVE", 4: "CLOSED/ACTIVE", **gone}),
        ({1: "CLOSED/ACTIVE", 2: "CLOSED/ACTIVE", 3: "CLOSED/ACTIVE", 4: "CLOSED/ACTIVE"}),
        ({1: "CLOSED/ACTIVE", 2: "CLOSED/ACTIVE", 3: "CLOSED/ACTIVE", 4: "CLOSED/ACTIVE",
          5: "ACTIVE/?", 6: "ACTIVE/PENDING_ACTIVATION", 7: "ACTIVE/SUSPENDED"}),
    ]  # fmt: skip
    snapshots = [
        snapshot_of(day, seen, tags=tags, closed={3: 0.5}) for day, seen in enumerate(days)
    ]
    snapshots.append(snapshot_of(3, {1: "ACTIVE/ACTIVE"}, complete=False))
    snapshots.append(of(OTHER, snapshot_of(1, dict.fromkeys(range(1, 4), "CLOSED/ACTIVE"))))
    snapshots.append(of(CALM, snapshot_of(2, {1: "ACTIVE/ACTIVE", 2: "ACTIVE"})))
    lone = (snapshot_of(day, {7: "CLOSED/ACTIVE"}, caller=CallerKind.STANDALONE) for day in (0, 1))
    snapshots += (of(LONE, one) for one in lone)
    found = tmp_path_factory.mktemp("fleet") / "store"
    overview(store_of(found, snapshots), POLICY)
    return found


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Store:
    """A store of those organizations of the test's own, whose rows by POLICY are kept."""
    return Store(shutil.copytree(folder, tmp_path / "store"))


def assert_same(found: Fleet, expected: Fleet) -> None:
    """Compare all of two looks at a store."""
    pd.testing.assert_frame_equal(found.table, expected.table)
    pd.testing.assert_frame_equal(found.trend, expected.trend)
    assert found.left_out.keys() == expected.left_out.keys()


def rows_of(found: Fleet) -> dict[str, list[int]]:
    """Return the numbers of each organization, in their order."""
    numbers = found.table.drop(columns=["organization_id", "taken"])
    ids = found.table["organization_id"]
    return dict(zip(ids, numbers.to_numpy().tolist(), strict=True))


def test_each_organization_is_in_a_row_and_the_worst_is_the_first(store: Store) -> None:
    found = overview(store, POLICY)
    assert list(found.table.columns) == FLEET.names
    assert list(found.table.dtypes) == [column.dtype for column in FLEET.columns]
    assert list(rows_of(found).items()) == [
        # accounts, paired, mismatches, by severity, accepted, left behind, unknown, snapshots
        (OTHER, [3, 3, 2, 2, 0, 0, 0, 1, 0, 0, 1]),
        (ORGANIZATION, [7, 6, 4, 1, 2, 0, 1, 2, 1, 1, 4]),
        (LONE, [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 2]),
        (CALM, [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ]
    assert dict(zip(found.table["organization_id"], found.table["taken"], strict=True)) == {
        ORGANIZATION: on(2),
        OTHER: on(1),
        CALM: on(2),
        LONE: on(1),
    }
    assert not found.left_out
    pd.testing.assert_frame_equal(fleet(store, POLICY), found.table)


@pytest.mark.parametrize(
    "policy", [POLICY, Policy(), policy_of({"account_id": standard(8)}, {"ou": "*"})]
)
def test_a_row_has_the_key_figures_of_its_snapshot_and_the_trend_ends_with_them(
    store: Store, policy: Policy
) -> None:
    found = overview(store, policy)
    for row in found.table.to_dict("records"):
        organization = row["organization_id"]
        at = f"{organization}/{row['taken']:{TAKEN}}"
        judged = policy.judge(store.load(at))
        figures = analysis.key_figures(judged.pairs, judged.left_behind)
        expected = {
            **{name: n for name, n in asdict(figures).items() if name in row},
            **{word.lower(): n for word, n in figures.by_severity.items()},
        }
        assert {name: row[name] for name in expected} == expected
        trend = found.trend[found.trend["organization_id"] == organization]
        if organization == LONE:
            assert trend.empty
            continue
        newest = trend[trend["taken"] == row["taken"]]
        assert newest["mismatches"].tolist() == list(figures.by_severity.values())
        assert set(newest["left_behind"]) == {figures.left_behind}
        assert set(newest["unknown"]) == {figures.unknown}


def test_the_trend_is_that_of_the_spells(store: Store) -> None:
    found = overview(store).trend
    assert list(found.columns) == FLEET_TREND.names
    assert list(found["organization_id"].unique()) == sorted(ORGANIZATIONS[:3])
    for organization in ORGANIZATIONS[:3]:
        newest = store.load(id_of(1 if organization == OTHER else 2, organization))
        own = found[found["organization_id"] == organization].drop(columns="organization_id")
        expected = analysis.trend_of(spells_of(store, organization), None, newest.closures)
        pd.testing.assert_frame_equal(own.reset_index(drop=True), expected)


def test_only_the_organizations_that_are_named_are_looked_at(store: Store) -> None:
    assert list(rows_of(overview(store, organizations=[CALM, OTHER, CALM]))) == [OTHER, CALM]
    assert overview(store, organizations=[]).table.empty


def test_one_that_is_not_there_is_not_passed_over(store: Store) -> None:
    with pytest.warns(LeftOutWarning, match="no snapshot of o-nobody"):
        found = overview(store, organizations=["o-nobody", CALM])
    assert list(rows_of(found)) == [CALM]
    assert list(found.left_out) == ["o-nobody"]


def test_a_store_without_snapshots_has_no_fleet(tmp_path: Path) -> None:
    with pytest.raises(SnapshotNotFoundError, match="holds no snapshot yet"):
        tk.fleet(tmp_path / "nothing")


def test_threads_and_processes_see_the_same(store: Store, tmp_path: Path) -> None:
    expected = overview(store, POLICY)
    file = part(store, id_of(1), "accounts")
    damaged = overview(store, POLICY)
    shutil.rmtree(Path(str(store), "kept"))
    with ThreadPoolExecutor(4) as threads:
        assert_same(overview(store, POLICY, executor=threads), expected)
    assert_same(damaged, expected)
    new = copy_of(store, tmp_path / "new")
    part(new, id_of(1), "accounts").write_bytes(b"garbage")
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        with pytest.warns(LeftOutWarning, match=r"accounts.*cannot be read"):
            found = overview(new, POLICY, executor=processes)
        seen = first_seen(store, executor=processes)
    resource_tracker._resource_tracker._stop()  # it would go on until this process ends
    assert file.exists()
    pd.testing.assert_frame_equal(found.table, expected.table)
    assert len(found.trend) == len(expected.trend) - 4
    pd.testing.assert_frame_equal(seen, first_seen(store))


def test_first_seen_is_that_of_each_organization(store: Store) -> None:
    found = first_seen(store)
    assert list(found.columns) == ["organization_id", "account_id", "first_seen"]
    for organization in ORGANIZATIONS:
        own = found[found["organization_id"] == organization]
        expected = analysis.first_seen(spells_of(store, organization))
        assert dict(zip(own["account_id"], own["first_seen"], strict=True)) == dict(expected)
    assert set(found["organization_id"]) == {ORGANIZATION, OTHER}
    nothing = first_seen(str(store) + "-nothing")
    assert nothing.empty
    assert list(nothing.dtypes) == list(found.dtypes)


@pytest.mark.parametrize("table", ["accounts", "links"])
def test_of_a_damaged_newest_the_one_before_is_in_the_row(store: Store, table: str) -> None:
    file = part(store, id_of(2), table)
    content = file.read_bytes()
    file.write_bytes(b"garbage")
    shutil.rmtree(Path(str(store), "kept"))
    for _ in range(2):  # what was left out is looked for each time
        with pytest.warns(LeftOutWarning, match=f"{table}.*cannot be read"):
            found = overview(store, POLICY)
        row = found.table.set_index("organization_id").loc[ORGANIZATION]
        assert (row["taken"], row["accounts"], row["snapshots"]) == (on(1), 4, 4)
        assert found.trend.loc[found.trend["organization_id"] == ORGANIZATION, "taken"].max() == on(
            1
        )
        assert not found.left_out
    file.write_bytes(content)
    assert rows_of(overview(store, POLICY))[ORGANIZATION][0] == 7


def test_a_snapshot_with_an_account_twice_is_not_judged_and_says_so(store: Store) -> None:
    both = store.load(id_of(2)).tables
    twice = {**both, "accounts": pd.concat([both["accounts"]] * 2)}
    store.save(replace(snapshot_of(2.5, {}), tables=twice))
    with pytest.warns(LeftOutWarning, match=r"cannot be judged: Account 1.* more than once"):
        found = overview(store, POLICY)
    assert found.table.set_index("organization_id").loc[ORGANIZATION, "taken"] == on(2)


def test_an_organization_of_which_nothing_can_be_read_is_not_silently_absent(store: Store) -> None:
    for damaged in (manifest(store, id_of(1, OTHER)), part(store, id_of(2, CALM), "accounts")):
        damaged.write_bytes(b"{")
    for _ in range(2):
        with pytest.warns(LeftOutWarning) as told:
            found = overview(store)
        assert sorted(found.left_out) == [CALM, OTHER]
        assert all(isinstance(error, StoreError) for error in found.left_out.values())
        assert {str(one.message) for one in told} >= {
            f"Left out: {error}" for error in found.left_out.values()
        }
        assert set(rows_of(found)) == {ORGANIZATION, LONE}


def test_where_no_whole_organization_can_be_read_the_newest_snapshot_is_in_the_row(
    store: Store,
) -> None:
    for day in range(3):
        store.remove(id_of(day))
    row = overview(store).table.set_index("organization_id").loc[ORGANIZATION]
    assert (row["taken"], row["accounts"], row["snapshots"]) == (on(3), 1, 1)


def test_a_second_look_reads_nothing(store: Store) -> None:
    expected = overview(copy_of(store, Path(f"{store}-new")), POLICY)
    counting = Counting(str(store))
    assert_same(overview(counting, POLICY), expected)
    assert not counting.read


def test_the_next_day_costs_one_snapshot(store: Store, tmp_path: Path) -> None:
    store.save(snapshot_of(4, {1: "CLOSED/CLOSED", 4: "ACTIVE/ACTIVE"}))
    expected = overview(copy_of(store, tmp_path / "new"), POLICY)
    counting = Counting(str(store))
    assert_same(overview(counting, POLICY), expected)
    assert counting.read == {f"{id_of(4)} accounts govcloud": 1, f"{id_of(4)} whole": 1}
    assert_same(overview(counting, POLICY), expected)
    assert counting.read.total() == 2


def test_another_policy_judges_anew_and_another_owner_does_not(store: Store) -> None:
    counting = Counting(str(store))
    owners = schema.coerce(OWNERS, [{"account_id": standard(1), "owner": "Ann"}])
    overview(counting, replace(POLICY, owners=owners, owner_tag="", name="mine"))
    assert not counting.read
    found = rows_of(overview(counting, policy_of({"account_id": standard(1)})))
    assert found[ORGANIZATION][7] == 1
    assert counting.read == {
        f"{id_of(day, one)} whole": 1
        for one, day in ((ORGANIZATION, 2), (OTHER, 1), (CALM, 2), (LONE, 1))
    }


def completed(store: Store) -> None:
    store.save(again(store.load(id_of(2)), {1: "SUSPENDED/ACTIVE"}), again=True)


def earlier(store: Store) -> None:
    store.save(snapshot_of(0.5, {99: "ACTIVE/ACTIVE"}))


def removed(store: Store) -> None:
    store.remove(id_of(0))


def forgotten(store: Store) -> None:
    Path(str(store), f"kept/organization={ORGANIZATION}/fleet_trend.parquet").write_bytes(b"PAR1")


@pytest.mark.parametrize("change", [completed, earlier, removed, forgotten])
def test_whatever_happens_to_a_store_its_fleet_is_that_of_a_new_look(
    store: Store, tmp_path: Path, change: object
) -> None:
    change(store)
    expected = overview(copy_of(store, tmp_path / "new"), POLICY)
    assert_same(overview(store, POLICY), expected)


def test_a_store_that_cannot_be_written_to_is_looked_at_anew_each_time(store: Store) -> None:
    expected = overview(store, POLICY)
    shutil.rmtree(Path(str(store), "kept"))
    Path(str(store), "kept").touch()  # refuses whoever writes, root included
    for _ in range(2):
        assert_same(overview(store, POLICY), expected)


def test_the_gravest_count_decides_then_the_next_and_of_equals_the_id() -> None:
    counts = {"critical": 0, "high": 0, "medium": 0, "low": 0, "left_behind": 0, "unknown": 0}
    rows = [
        {"organization_id": "o-equal2", **counts},
        {"organization_id": "o-unseen", **counts, "unknown": 90},
        {"organization_id": "o-left", **counts, "left_behind": 1},
        {"organization_id": "o-mild", **counts, "low": 40},
        {"organization_id": "o-equal1", **counts},
        {"organization_id": "o-graver", **counts, "critical": 1, "high": 1},
        {"organization_id": "o-grave", **counts, "critical": 1, "medium": 30},
    ]

    ordered = worst_organizations_first(pd.DataFrame(rows))

    assert ordered["organization_id"].tolist() == [
        *("o-graver", "o-grave", "o-mild", "o-left", "o-unseen", "o-equal1", "o-equal2")
    ]
