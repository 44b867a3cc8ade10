"""What is kept: one judging for many looks, and a new one once snapshot or rules are others."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from reported import make_snapshot
from staged import write_anew

from toolkit import analysis, schema
from toolkit.app import data
from toolkit.app.filters import Filter
from toolkit.app.source import Source
from toolkit.errors import StoreError
from toolkit.spells import Spells, spells_of
from toolkit.store import Listing, Store
from toolkit.verdicts import Judged, Policy, judged

MOST = 3
"""How far back the history goes here, so that few snapshots are more than it holds."""


@pytest.fixture
def store(small_demo: Path) -> Store:
    """The demo, to read alone."""
    return Store(small_demo)


@pytest.fixture
def short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the history go back MOST snapshots."""
    monkeypatch.setattr(data, "MOST", MOST)


def of(store: Store, policy: Policy) -> data.View:
    """Look at the newest snapshot of a store."""
    return data.view(Source("demo", store, store.find(), "", policy))


@pytest.fixture(scope="module")
def whole(small_demo: Path) -> Judged:
    """The newest snapshot with its history, judged without any cache."""
    store = Store(small_demo)
    snapshot = store.load()
    return Policy().judge(snapshot, store.history(snapshot))


def test_a_second_look_judges_nothing_anew(store: Store) -> None:
    policy = Policy()

    assert of(store, policy).pairs is of(store, policy).pairs
    assert of(store, policy).listed is of(store, policy).listed


def test_a_snapshot_that_is_written_anew_is_judged_anew(demo_store: Path) -> None:
    store = Store(demo_store)
    policy, snapshot = Policy(), store.load()
    before = of(store, policy)

    write_anew(snapshot, accounts=snapshot.accounts.head(60), govcloud=snapshot.govcloud.head(60))

    after = of(store, policy)
    assert (len(before.pairs), len(after.pairs)) == (120, 60)
    assert before.mark != after.mark


def test_other_rules_judge_anew_and_the_history_too(store: Store, own_rules: Policy) -> None:
    usual, strict = of(store, Policy()), of(store, own_rules)

    assert usual.mark != strict.mark
    for (_, ours), (_, theirs) in zip(usual.history, strict.history, strict=True):
        active = (ours["standard_state"] == "ACTIVE") & (ours["govcloud_state"] == "ACTIVE")
        assert active.any()
        assert set(ours["verdict"][active]) == {"MATCH"}
        assert set(theirs["severity"][active]) == {"CRITICAL"}


def test_the_same_rules_under_another_name_are_called_by_it(store: Store) -> None:
    one, other = (
        view.selection(view.listed, view.left_listed, Filter("All accounts"))
        for name in ("one.toml", "other.toml")
        for view in (of(store, Policy(name=name)),)
    )

    assert (one.policy.name, other.policy.name) == ("one.toml", "other.toml")


def test_what_a_view_says_is_what_the_policy_says(store: Store, whole: Judged) -> None:
    view = of(store, Policy())

    assert_frame_equal(view.pairs, whole.pairs)
    assert_frame_equal(view.links, whole.links)
    assert [taken for taken, _ in view.history] == [taken for taken, _ in whole.history]
    assert_frame_equal(
        analysis.trend(view.history), analysis.trend(whole.history), check_dtype=False
    )
    assert_frame_equal(view.left_behind, whole.left_behind)
    assert dict(data.figures(view)) == {
        one.snapshot.taken: analysis.key_figures(one.pairs, one.left_behind)
        for one in (*whole.before, whole)
    }
    assert view.left_behind_counts == whole.left_behind_counts


def test_changes_and_since_when_are_those_of_the_whole_history(store: Store, whole: Judged) -> None:
    view = of(store, Policy())
    (before, old), (after, new) = whole.history

    assert_frame_equal(data.changes(view, before, after), analysis.changes(old, new))
    assert_frame_equal(
        view.pairs[["account_id", "since", "since_is"]],
        whole.pairs[["account_id", "since", "since_is"]],
    )


def test_a_selection_keeps_what_it_was_selected_from(store: Store, own_rules: Policy) -> None:
    view = of(store, own_rules)

    report = view.selection(view.listed.head(5), view.left_listed, Filter(severity=("High",)))

    assert list(report.pairs["account_id"]) == list(view.listed["account_id"].head(5))
    assert list(report.pairs.columns) == list(view.pairs.columns)
    linked = int((view.pairs["outcome"] == "FOUND").sum())
    assert report.note == f"5 of the organization's {linked} pairs are high"
    assert report.policy == own_rules
    assert report.judged.pairs is view.pairs


def test_to_forget_is_to_read_anew(store: Store) -> None:
    policy = Policy()
    before = of(store, policy).pairs

    data.forget()

    assert of(store, policy).pairs is not before


def of_weeks(folder: Path, weeks: int) -> Store:
    """A store of one pair that disagrees in each of so many weeks."""
    store = Store(folder)
    made = make_snapshot([("111122223333", "Payments", "Root", "CLOSED", "ACTIVE")])
    for week in range(weeks):
        taken = made.taken - pd.Timedelta(weeks=weeks - 1 - week)
        store.save(replace(made, manifest=replace(made.manifest, taken=taken)))
    return store


@pytest.mark.usefixtures("short_history")
def test_a_history_that_is_cut_says_so_and_since_when_goes_on_before_it(tmp_path: Path) -> None:
    view = of(of_weeks(tmp_path, MOST + 2), Policy())

    assert len(view.history) == len(view.past) == MOST
    assert view.reaches == "the last 3 of 5 snapshots"
    assert view.pairs["since"].tolist() == [view.known[0][0]]
    assert view.pairs["since_is"].tolist() == ["AT_LEAST"]


@pytest.mark.usefixtures("short_history")
def test_a_history_that_is_whole_says_nothing_of_that(tmp_path: Path) -> None:
    view = of(of_weeks(tmp_path, MOST), Policy())

    assert len(view.history) == MOST
    assert view.reaches == ""


@pytest.mark.usefixtures("short_history")
def test_a_damaged_table_in_the_history_makes_room_for_an_older_one(tmp_path: Path) -> None:
    store = of_weeks(tmp_path, MOST + 2)
    damaged = sorted(tmp_path.glob("accounts/*/*/part.parquet"))[-2]
    damaged.write_bytes(b"no table")
    view = of(store, Policy())

    assert [taken for taken, _ in view.history] == [taken for taken, _ in view.past]
    assert len(view.history) == MOST
    assert view.reaches == "the last 3 of 4 snapshots"
    (why,) = data.left_out(view.source)
    assert str(damaged) in why.message


def test_a_damaged_snapshot_that_is_written_anew_is_read_again(demo_store: Path) -> None:
    store = Store(demo_store)
    snapshot = store.load()
    part = max(demo_store.glob("accounts/*/*/part.parquet"))
    part.write_bytes(b"no table")
    with pytest.raises(StoreError, match="cannot be read"):
        data.view(Source("demo", store, snapshot.id, "", Policy()))

    write_anew(snapshot)

    assert len(data.view(Source("demo", store, snapshot.id, "", Policy())).pairs) == 120


@pytest.mark.usefixtures("short_history")
def test_a_damaged_snapshot_that_the_history_does_not_reach_is_named_as_well(
    tmp_path: Path,
) -> None:
    store = of_weeks(tmp_path, MOST + 2)
    oldest = min(tmp_path.glob("accounts/*/*/part.parquet"))
    oldest.write_bytes(b"no table")
    view = of(store, Policy())

    (why,) = data.left_out(view.source)

    assert str(oldest) in why.message
    assert view.pairs["since"].tolist() == [view.known[1][0]]


def test_all_snapshots_are_folded_once_and_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, folded = of_weeks(tmp_path, 3), []

    def fold(of: Store, organization: str, listing: Listing) -> Spells:
        folded.append(organization)
        return spells_of(of, organization, listing)

    monkeypatch.setattr(data, "spells_of", fold)
    monkeypatch.delattr(judged, "spells_of")
    for _ in range(2):
        view = of(store, Policy())
        assert len(data.figures(view)) == len(view.history) == 3
    assert folded == ["o-test"]

    # What comes after is folded with all before it, once.
    write_anew(store.load())
    assert len(data.figures(of(store, Policy()))) == 3
    assert folded == ["o-test", "o-test"]


def test_a_view_that_accepts_something_else_is_another_one(tmp_path: Path) -> None:
    store = of_weeks(tmp_path, 2)
    row = {
        "entry": 1,
        "account_id": "111122223333",
        "reason": "Audit",
        "owner": "ann",
        "standard_state": "CLOSED",
        "govcloud_state": "ACTIVE",
        "until": "2027-01-01",
    }
    accepting = Policy(acceptances=schema.coerce(schema.ACCEPTANCES, [row]))

    plain, accepted = of(store, Policy()), of(store, accepting)

    assert plain.mark != accepted.mark
    assert [one.mismatches for _, one in data.figures(plain)] == [1, 1]
    assert [one.mismatches for _, one in data.figures(accepted)] == [0, 0]
    assert [one.accepted for _, one in data.figures(accepted)] == [1, 1]
