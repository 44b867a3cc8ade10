"""Since when: the closure where it is known, the first snapshot, or at least since then."""

from pathlib import Path

import pandas as pd
import pytest
from days import Day, days_of, id_of, on, snapshot_of, standard, store_of

from toolkit import analysis
from toolkit.schema import CallerKind
from toolkit.spells import Spells
from toolkit.store import Snapshot
from toolkit.verdicts import Policy, judge_pairs


def of(snapshots: list[Snapshot], account: int = 1) -> tuple[pd.Timestamp | None, str | None]:
    """Return since when an account is so in the last of some snapshots, and how that is known."""
    pairs = Policy().judge(snapshots[-1], snapshots[:-1]).pairs.set_index("account_id")
    since, how = pairs.loc[standard(account), ["since", "since_is"]]
    return (None, None) if pd.isna(since) else (since, how)


GOOD, GONE, SHUT, UNSEEN, ALONE = (
    {1: word} for word in ("ACTIVE/ACTIVE", "CLOSED/ACTIVE", "CLOSED/CLOSED", "CLOSED/?", "CLOSED")
)
AWAY: Day = {2: "ACTIVE"}


CASES: list[tuple[tuple[Day | None, ...], int, str]] = [
    ((GONE,), 0, "AT_LEAST"),
    ((GONE, GONE), 0, "AT_LEAST"),
    ((GOOD, GONE, GONE), 1, "SNAPSHOT"),
    ((GOOD, GONE, GOOD, GONE), 3, "SNAPSHOT"),
    ((GOOD, GONE, UNSEEN, GONE), 1, "SNAPSHOT"),
    ((GOOD, GONE, None, GONE), 1, "SNAPSHOT"),
    ((GOOD, GONE, AWAY, GONE), 1, "SNAPSHOT"),
    ((UNSEEN, GONE), 1, "AT_LEAST"),
    ((UNSEEN, UNSEEN, GONE, GONE), 2, "AT_LEAST"),
    ((GOOD, UNSEEN, GONE), 2, "SNAPSHOT"),
    ((ALONE, GONE), 1, "SNAPSHOT"),
    ((AWAY, GONE, GONE), 1, "SNAPSHOT"),
    ((AWAY, UNSEEN, GONE), 2, "AT_LEAST"),
    ((GONE, AWAY, GONE), 0, "AT_LEAST"),
    ((GOOD, GONE, SHUT), 2, "SNAPSHOT"),
    ((GOOD, {1: "CLOSED/NEW"}, GONE), 2, "SNAPSHOT"),
    (({1: "NEW/ACTIVE"}, GONE), 1, "AT_LEAST"),
]


def taken(days: tuple[Day | None, ...]) -> tuple[bool, ...]:
    """Return on which days there is a snapshot: cases of the same ones fit in one organization."""
    return tuple(day is not None for day in days)


@pytest.fixture(scope="module")
def dated() -> dict[int, tuple[object, ...]]:
    """Since when the account of each case is so, by place; it has the number of the place."""
    found: dict[int, tuple[object, ...]] = {}
    for group in {taken(days) for days, _, _ in CASES}:
        places = [place for place, (days, _, _) in enumerate(CASES) if taken(days) == group]
        together = [
            {place: word for place in places if (word := (CASES[place][0][day] or {}).get(1))}
            if there
            else None
            for day, there in enumerate(group)
        ]
        snapshots = days_of(*together)
        pairs = Policy().judge(snapshots[-1], snapshots[:-1]).pairs.set_index("account_id")
        for place in places:
            found[place] = tuple(pairs.loc[standard(place), ["since", "since_is"]])
    return found


@pytest.mark.parametrize("place", range(len(CASES)))
def test_a_pair_is_so_since_the_first_snapshot_that_shows_it(
    place: int, dated: dict[int, tuple[object, ...]]
) -> None:
    _, since, how = CASES[place]
    assert dated[place] == (on(since), how)


def test_of_what_has_no_two_known_states_nothing_is_said() -> None:
    last = ["CLOSED/?", "CLOSED", "CLOSED/NEW", "NEW/ACTIVE"]
    good, gone = (dict.fromkeys(range(4), word) for word in ("ACTIVE/ACTIVE", "CLOSED/ACTIVE"))
    days = days_of(good, gone, dict(enumerate(last)))
    pairs = Policy().judge(days[-1], days[:-1]).pairs
    assert len(pairs) == len(last)
    assert pairs[["since", "since_is"]].isna().all(axis=None)


@pytest.fixture(scope="module")
def fortnight() -> list[Snapshot]:
    """More days than the twelve snapshots that a history shows."""
    return days_of(GOOD, *[GONE] * 13)


def test_thirteen_days_are_thirteen_and_not_twelve(fortnight: list[Snapshot]) -> None:
    assert of(fortnight) == (on(1), "SNAPSHOT")


def test_the_whole_store_is_looked_through_even_where_no_history_is_given(
    fortnight: list[Snapshot], tmp_path: Path
) -> None:
    store = store_of(tmp_path / "store", fortnight)
    pair = judge_pairs(store.load()).iloc[0]
    assert (pair["since"], pair["since_is"]) == (on(1), "SNAPSHOT")
    earlier = judge_pairs(store.load(id_of(5))).iloc[0]
    assert (earlier["since"], earlier["since_is"]) == (on(1), "SNAPSHOT")


def closing(*seen: tuple[Day, dict[int, float] | None]) -> list[Snapshot]:
    """Make days with the closures that CloudTrail tells of on each."""
    return [snapshot_of(day, one, closed=closed) for day, (one, closed) in enumerate(seen)]


def test_the_closure_counts_where_it_is_known() -> None:
    days = closing((GOOD, None), (GONE, {1: 0.5}), (GONE, {1: 0.5}))
    assert of(days) == (on(0.5), "CLOSURE")


def test_a_closure_before_the_first_snapshot_is_known_all_the_same() -> None:
    assert of(closing((GONE, {1: -20}))) == (on(-20), "CLOSURE")


def test_another_s_closure_is_not_its_own() -> None:
    assert of(closing((GOOD, None), (GONE, {2: 0.5}))) == (on(1), "SNAPSHOT")


@pytest.mark.parametrize("pair", [GOOD, SHUT, {1: "PENDING_CLOSURE/ACTIVE"}])
def test_a_closure_dates_only_what_follows_from_it(pair: Day) -> None:
    days = closing(({1: "SUSPENDED/ACTIVE"}, None), (pair, {1: 0.5}))
    assert of(days) == (on(1), "SNAPSHOT")


def test_an_account_that_was_reopened_and_closed_again_counts_from_its_last_closure() -> None:
    days = closing((GOOD, None), (GONE, {1: 0.5}), (GOOD, {1: 0.5}), (GONE, {1: 2.5}))
    assert of(days) == (on(2.5), "CLOSURE")


def test_a_closure_before_the_account_was_open_again_is_of_another_time() -> None:
    days = closing((GOOD, None), (GONE, {1: 0.5}), (GOOD, {1: 0.5}), (GONE, {1: 0.5}))
    assert of(days) == (on(3), "SNAPSHOT")


def test_closing_is_not_being_open() -> None:
    days = closing((GOOD, None), ({1: "PENDING_CLOSURE/ACTIVE"}, {1: 0.5}), (GONE, {1: 0.5}))
    assert of(days) == (on(0.5), "CLOSURE")


def test_chosen_accounts_neither_begin_nor_break_what_is_so() -> None:
    chosen = snapshot_of(2, {1: "ACTIVE/ACTIVE"}, complete=False)
    days = [*days_of(GOOD, GONE), chosen, snapshot_of(3, GONE)]
    assert of(days) == (on(1), "SNAPSHOT")


@pytest.mark.parametrize(
    ("pair", "expected"), [(GONE, (1, "SNAPSHOT")), (SHUT, (2, "SNAPSHOT")), (AWAY, None)]
)
def test_chosen_accounts_are_dated_by_what_the_whole_organization_was_before(
    pair: Day, expected: tuple[int, str] | None
) -> None:
    chosen = snapshot_of(2, {**pair, 7: "ACTIVE/CLOSED"}, complete=False)
    days = [*days_of(GOOD, GONE), chosen]
    if expected:
        assert of(days) == (on(expected[0]), expected[1])
    assert of(days, 7) == (on(2), "AT_LEAST")


def test_an_account_alone_has_no_history() -> None:
    lone = snapshot_of(2, GONE, caller=CallerKind.STANDALONE)
    assert of([lone]) == (on(2), "AT_LEAST")


def test_what_comes_after_a_snapshot_says_nothing_of_it(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", days_of(GOOD, GONE, GOOD, GONE))
    old = store.load(id_of(1))
    assert Policy().judge(old).pairs["since"].tolist() == [on(1)]


def test_first_seen_is_of_every_account_that_disagreed_when_it_was_last_seen() -> None:
    spells = Spells.of(days_of({1: "ACTIVE/ACTIVE", 2: "CLOSED/ACTIVE"}, {**GONE, 2: "CLOSED/?"}))
    assert analysis.first_seen(spells).to_dict() == {standard(1): on(1), standard(2): on(0)}
