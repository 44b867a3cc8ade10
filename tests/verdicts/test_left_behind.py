"""Left behind: who has left the list stays in sight until the GovCloud account is seen closed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from days import Day, days_of, govcloud, on, snapshot_of, standard, store_of

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import CallerKind
from toolkit.store import Snapshot
from toolkit.verdicts import Policy
from toolkit.verdicts.left_behind import default_left_behind_rules

BOTH: Day = {1: "CLOSED/ACTIVE", 2: "ACTIVE/ACTIVE"}
LEFT: Day = {2: "ACTIVE/ACTIVE"}


def left(*snapshots: Snapshot, policy: Policy | None = None) -> pd.DataFrame:
    """Return what is left behind in the last of some snapshots."""
    return (policy or Policy()).judge(snapshots[-1], snapshots[:-1]).left_behind


def ids(*snapshots: Snapshot) -> list[str]:
    """Return the standard accounts that have left something behind in the last snapshot."""
    return left(*snapshots)["account_id"].tolist()


def witnessing(*days: tuple[Day, Day | None]) -> list[Snapshot]:
    """Make days with what the witness lists on each; None where it was not asked."""
    return [snapshot_of(day, seen, witness=told) for day, (seen, told) in enumerate(days)]


def test_a_pair_that_left_the_list_is_left_behind_as_it_was_last_seen() -> None:
    (row,) = left(*days_of(BOTH, BOTH, LEFT, LEFT)).to_dict("records")
    assert {name: row[name] for name in ("account_id", "name", "govcloud_account_id")} == {
        "account_id": standard(1),
        "name": "account 1",
        "govcloud_account_id": govcloud(1),
    }
    assert (row["standard_state"], row["govcloud_state"]) == ("CLOSED", "ACTIVE")
    assert (row["last_seen"], row["severity"]) == (on(1), "CRITICAL")
    assert row["action"].startswith("Ask AWS Support, with the GovCloud account's id")


def test_how_bad_it_is_depends_on_the_govcloud_state_and_the_worst_comes_first() -> None:
    states = ["SUSPENDED", "PENDING_ACTIVATION", "CLOSED", "SOMETHING_NEW", "ACTIVE"]
    gone = {number: f"ACTIVE/{state}" for number, state in enumerate(states, 3)}
    found = left(*days_of({**LEFT, **gone}, LEFT))
    assert found[["govcloud_state", "severity"]].astype("str").to_numpy().tolist() == [
        ["ACTIVE", "CRITICAL"],
        ["SUSPENDED", "HIGH"],
        ["SOMETHING_NEW", "HIGH"],
        ["PENDING_ACTIVATION", "MEDIUM"],
    ]


def test_whoever_never_had_one_leaves_nothing_behind() -> None:
    assert ids(*days_of({**LEFT, 1: "CLOSED", 3: "CLOSED/?"}, LEFT)) == []


def test_a_look_up_that_found_one_and_gave_no_id_leaves_nothing_to_name() -> None:
    days = days_of({1: "CLOSED/ACTIVE"}, {})
    nameless = days[0].govcloud.assign(govcloud_account_id=None)
    old = replace(days[0], tables={**days[0].tables, "govcloud": nameless})
    assert ids(old, days[1]) == []


def test_what_a_look_up_last_gave_counts_where_the_last_ones_failed() -> None:
    days = days_of(BOTH, {**LEFT, 1: "PENDING_CLOSURE/?"}, LEFT)
    (row,) = left(*days).to_dict("records")
    assert (row["govcloud_state"], row["standard_state"]) == ("ACTIVE", "PENDING_CLOSURE")
    assert row["last_seen"] == on(1)


def test_whoever_was_seen_to_have_none_any_more_leaves_nothing_behind() -> None:
    assert ids(*days_of(BOTH, {**LEFT, 1: "CLOSED"}, LEFT)) == []
    assert ids(*days_of(BOTH, {**LEFT, 1: "CLOSED"}, BOTH, LEFT)) == [standard(1)]


@pytest.fixture(scope="module")
def fortnight() -> list[Snapshot]:
    """More days than the twelve snapshots that a history shows."""
    return days_of(BOTH, *[LEFT] * 13)


def test_it_stays_however_long_it_is_gone(fortnight: list[Snapshot]) -> None:
    assert ids(*fortnight) == [standard(1)]


def test_the_whole_store_is_looked_through(fortnight: list[Snapshot], tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", fortnight)
    assert Policy().judge(store.load()).left_behind["last_seen"].tolist() == [on(0)]


def test_it_is_no_longer_left_behind_once_the_account_is_listed_again() -> None:
    assert ids(*days_of(BOTH, LEFT, BOTH)) == []
    assert ids(*days_of(BOTH, LEFT, BOTH, LEFT)) == [standard(1)]


CASES: list[tuple[list[Day | None], bool]] = [
    ([None, None], True),
    ([{1: "ACTIVE"}, {1: "ACTIVE"}], True),
    ([{1: "SUSPENDED"}], True),
    ([{1: "CLOSED"}], False),
    ([{1: "CLOSED"}, {1: "CLOSED"}], False),
    ([{1: "CLOSED"}, None], False),
    ([{1: "CLOSED"}, {}], False),
    ([{1: "CLOSED"}, {}, {}], False),
    ([{}], True),
    ([{1: "ACTIVE"}, {}], True),
    ([{1: "CLOSED"}, {1: "ACTIVE"}], True),
    ([{1: "CLOSED"}, {}, {1: "ACTIVE"}], True),
    ([{1: "CLOSED"}, {1: "ACTIVE"}, {1: "CLOSED"}], False),
]
"""What the witness lists of an account on the days after it left, and whether it is left behind."""


def asked(told: list[Day | None]) -> tuple[bool, ...]:
    """Return on which days the witness was asked: cases of the same ones fit in one store."""
    return tuple(day is not None for day in told)


@pytest.fixture(scope="module")
def left_of_each() -> set[str]:
    """The accounts that have left something behind; that of a case has the number of its place."""
    found: set[str] = set()
    for group in {asked(told) for told, _ in CASES}:
        places = [place for place, (told, _) in enumerate(CASES, 10) if asked(told) == group]
        together = [
            {n: state for n in places if (state := (CASES[n - 10][0][day] or {}).get(1))}
            if there
            else None
            for day, there in enumerate(group)
        ]
        before = {**LEFT, **dict.fromkeys(places, "CLOSED/ACTIVE")}
        found.update(ids(*witnessing((before, None), *((LEFT, one) for one in together))))
    return found


@pytest.mark.parametrize("place", range(len(CASES)))
def test_it_stays_until_the_witness_shows_it_closed(place: int, left_of_each: set[str]) -> None:
    _, is_left = CASES[place]
    assert (standard(place + 10) in left_of_each) == is_left


def test_what_the_witness_said_before_the_last_look_up_is_over() -> None:
    days = witnessing((BOTH, {1: "CLOSED"}), (BOTH, None), (LEFT, None))
    assert ids(*days) == [standard(1)]
    together = witnessing((BOTH, {1: "CLOSED"}), (LEFT, None))
    assert ids(*together) == []


def moved(day: int, seen: Day) -> Snapshot:
    """Make a day on which account 3 has the GovCloud account of account 1."""
    return snapshot_of(day, seen, paired={3: 1})


def test_another_account_that_has_it_now_answers_for_it() -> None:
    old, new = snapshot_of(0, BOTH), moved(1, {**LEFT, 3: "ACTIVE/ACTIVE"})
    assert ids(old, new) == []
    unseen = snapshot_of(2, {**LEFT, 3: "ACTIVE/?"})
    assert ids(old, new, unseen) == []
    assert ids(old, new, unseen, snapshot_of(3, LEFT)) == [standard(3)]
    closed = moved(2, {**LEFT, 3: "ACTIVE/CLOSED"})
    assert ids(old, new, closed, snapshot_of(3, LEFT)) == []


def test_chosen_accounts_make_nobody_vanish_and_bring_nobody_back() -> None:
    chosen = snapshot_of(1, LEFT, complete=False)
    assert ids(snapshot_of(0, BOTH), chosen) == []
    assert ids(snapshot_of(0, BOTH), chosen, snapshot_of(2, BOTH)) == []
    # What the whole list was missing before is not what these were asked for.
    assert ids(*days_of(BOTH, LEFT), snapshot_of(2, LEFT, complete=False)) == []
    back = snapshot_of(2, BOTH, complete=False)
    assert ids(*days_of(BOTH, LEFT), back, snapshot_of(3, LEFT)) == [standard(1)]


def test_an_account_that_asks_for_itself_misses_nobody() -> None:
    lone = snapshot_of(1, LEFT, caller=CallerKind.MEMBER)
    assert ids(snapshot_of(0, BOTH), lone) == []


def test_an_earlier_day_shows_what_was_left_behind_then(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store", witnessing((BOTH, None), (LEFT, None), (LEFT, {1: "CLOSED"}))
    )
    ids_ = store.ids()
    days = [Policy().judge(store.load(one)).left_behind["account_id"].tolist() for one in ids_]
    assert days == [[], [standard(1)], []]


def test_how_many_were_left_behind_is_counted_day_by_day() -> None:
    days = days_of({**BOTH, 4: "CLOSED/ACTIVE"}, {**LEFT, 4: "CLOSED/ACTIVE"}, LEFT)
    assert Policy().judge(days[-1], days[:-1]).left_behind_counts == {on(0): 0, on(1): 1, on(2): 2}


def test_without_a_history_nothing_can_be_missed() -> None:
    table = left(snapshot_of(0, BOTH))
    pd.testing.assert_frame_equal(table, schema.empty(schema.LEFT_BEHIND))


def rule(**changes: Any) -> pd.DataFrame:
    """Return the rules with one changed, that on what was active."""
    rules = default_left_behind_rules()
    rules.loc[rules["govcloud_state"] == "ACTIVE", list(changes)] = list(changes.values())
    return rules


def test_own_rules_say_how_bad_it_is_and_keep_the_words_that_they_do_not_give() -> None:
    policy = Policy(left_behind_rules=rule(severity="LOW", meaning=None, action="Call us."))
    (row,) = left(*days_of(BOTH, LEFT), policy=policy).to_dict("records")
    assert (row["severity"], row["action"]) == ("LOW", "Call us.")
    assert row["meaning"].startswith("The standard account has left the list")
    assert policy.changed == 1


@pytest.mark.parametrize(
    "wrong",
    [
        rule(severity=None),
        rule(govcloud_state="CLOSED"),
        default_left_behind_rules().iloc[1:],
        pd.concat([default_left_behind_rules()] * 2),
    ],
)
def test_rules_that_are_not_one_for_each_state_are_refused(wrong: pd.DataFrame) -> None:
    with pytest.raises(SchemaError, match="rules on what was left behind"):
        Policy(left_behind_rules=wrong)
