"""Acceptances: what somebody answers for stays in sight, leaves the counts, and comes back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from days import Day, days_of, on, snapshot_of, standard
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import schema
from toolkit.analysis import changes, is_open, key_figures, mismatches_by_ou
from toolkit.errors import SchemaError
from toolkit.schema import ACCEPTANCES, Verdict
from toolkit.store import Snapshot
from toolkit.verdicts import Judged, Policy, mismatches

BOTH: Day = {1: "CLOSED/ACTIVE", 2: "CLOSED/ACTIVE", 3: "ACTIVE/ACTIVE"}


def accepting(*given: Mapping[str, object], tag: str = "") -> Policy:
    """Return a policy with these acceptances of CLOSED/ACTIVE until day 10, one an entry."""
    rows = [
        {
            "entry": place,
            "standard_state": "CLOSED",
            "govcloud_state": "ACTIVE",
            "reason": "Held until the audit",
            "owner": "finops@example.com",
            "until": on(10),
            **one,
        }
        for place, one in enumerate(given, 1)
    ]
    return Policy(acceptances=schema.coerce(ACCEPTANCES, rows), owner_tag=tag)


def judged(policy: Policy, *snapshots: Snapshot) -> Judged:
    """Judge the last of some snapshots."""
    return policy.judge(snapshots[-1], snapshots[:-1])


def accepted(policy: Policy, *snapshots: Snapshot) -> list[str]:
    """Return which pairs somebody accepts in the last of some snapshots."""
    pairs = judged(policy, *snapshots).pairs
    return pairs["account_id"][pairs["accepted_until"].notna()].tolist()


ONE = {"account_id": standard(1)}


def test_what_is_accepted_keeps_its_severity_and_says_who_answers_for_it() -> None:
    (pair, *_) = judged(accepting(ONE), snapshot_of(0, BOTH)).pairs.to_dict("records")
    assert (pair["verdict"], pair["severity"]) == ("MISMATCH", "CRITICAL")
    assert pair["accepted_until"] == on(10)
    assert (pair["accepted_by"], pair["accepted_reason"]) == (
        "finops@example.com",
        "Held until the audit",
    )


def test_it_leaves_the_counts_and_is_counted_beside_them() -> None:
    pairs = judged(accepting(ONE), snapshot_of(0, BOTH)).pairs
    figures = key_figures(pairs)
    assert (figures.mismatches, figures.accepted, figures.critical) == (1, 1, 1)
    assert (figures.judged, figures.mismatch_rate) == (3, 1 / 3)
    assert mismatches_by_ou(pairs)["mismatches"].tolist() == [1]
    assert mismatches(pairs)["account_id"].tolist() == [standard(2), standard(1)]


@pytest.mark.parametrize(("day", "is_accepted"), [(10 - 1 / 86_400, True), (10, False)])
def test_it_ends_on_its_day_and_says_whose_it_was(day: float, is_accepted: bool) -> None:  # noqa: FBT001 - a case
    found = judged(accepting(ONE), snapshot_of(day, BOTH))
    pair = found.pairs.iloc[0]
    assert pd.notna(pair["accepted_until"]) == is_accepted
    assert pair["accepted_by"] == "finops@example.com"
    assert found.acceptances["ended"].tolist() == [not is_accepted]
    assert key_figures(found.pairs).accepted == int(is_accepted)


def test_its_end_is_a_change() -> None:
    policy = accepting(ONE)
    before, after = (judged(policy, snapshot_of(day, BOTH)).pairs for day in (9, 10))
    assert changes(before, after)["change"].tolist() == ["ACCEPTANCE_ENDED"]


def test_another_state_of_either_ends_it() -> None:
    states = [
        *("CLOSED/SUSPENDED", "PENDING_CLOSURE/ACTIVE", "CLOSED/CLOSED", "ACTIVE/ACTIVE"),
        *("CLOSED", "CLOSED/ACTIVE"),
    ]
    policy = accepting(*({"account_id": standard(number)} for number in range(len(states))))
    assert accepted(policy, snapshot_of(0, dict(enumerate(states)))) == [standard(5)]


def test_what_was_not_seen_or_not_understood_is_never_accepted() -> None:
    states = ["CLOSED/?", "CLOSED/NEW", "NEW/ACTIVE", "/ACTIVE"]
    pairs = judged(accepting({"ou": "**"}), snapshot_of(0, dict(enumerate(states)))).pairs
    assert pairs["verdict"].tolist() == ["UNKNOWN"] * 4
    assert pairs[["accepted_until", "accepted_by"]].isna().all(axis=None)


def test_a_state_that_stands_beside_a_failed_look_up_is_not_what_was_accepted() -> None:
    day = snapshot_of(0, {1: "CLOSED/?"})
    stale = day.govcloud.assign(govcloud_state="ACTIVE")
    assert accepted(accepting(ONE), replace(day, tables={**day.tables, "govcloud": stale})) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "Acceptance 1 names no account"),
        ({**ONE, "reason": " "}, "Acceptance 1 has no reason or no owner"),
        ({**ONE, "owner": ""}, "Acceptance 1 has no reason or no owner"),
        ({**ONE, "govcloud_state": "UNKNOWN"}, "Acceptance 1 is of a state that nobody knows"),
        ({**ONE, "standard_state": "NEW"}, "Acceptance 1 is of a state that nobody knows"),
        ({"tags": "stage=sunset"}, "'stage=sunset' names no tags"),
        ({"tags": json.dumps({"stage": 1})}, "names no tags"),
        ({"account_id": "42"}, "not 12 digits"),
    ],
)
def test_an_acceptance_that_cannot_be_one_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        accepting(wrong)


UNITS = {1: "Retired/2025", 2: "Sandbox"}
TAGS = {1: {"stage": "sunset", "team": "a"}, 2: {"stage": "sunset"}}


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ({"ou": "Root/Retired/**"}, [1]),
        ({"ou": "*"}, [2]),
        ({"tags": json.dumps({"stage": "sunset"})}, [1, 2]),
        ({"tags": json.dumps({"stage": "sunset", "team": "a"})}, [1]),
        ({"tags": json.dumps({"stage": "dusk"})}, []),
        ({"tags": json.dumps({"stage": "sunset"}), "ou": "Sandbox"}, [2]),
        ({**ONE, "ou": "Sandbox"}, []),
        ({**ONE, "ou": "Retired/*", "tags": json.dumps({"team": "a"})}, [1]),
    ],
)
def test_all_that_an_entry_names_must_hold(of: dict[str, object], expected: list[int]) -> None:
    found = judged(accepting(of), snapshot_of(0, BOTH, units=UNITS, tags=TAGS))
    is_accepted = found.pairs["accepted_until"].notna()
    ids = found.pairs["account_id"][is_accepted].tolist()
    assert ids == [standard(number) for number in expected]
    assert found.acceptances["accounts"].tolist() == [len(expected)]


def test_of_several_the_one_that_lasts_longest_counts() -> None:
    short, long = {**ONE, "until": on(5), "owner": "a"}, {"ou": "**", "until": on(20), "owner": "b"}
    for entries in ((short, long), (long, short)):
        pair = judged(accepting(*entries), snapshot_of(6, BOTH)).pairs.iloc[0]
        assert (pair["accepted_by"], pair["accepted_until"]) == ("b", on(20))


def test_each_entry_says_what_became_of_it_one_that_matches_nothing_too() -> None:
    policy = accepting(ONE, {"account_id": standard(9)}, {"ou": "Retired/**", "until": on(-1)})
    table = judged(policy, snapshot_of(0, BOTH, units=UNITS)).acceptances
    assert table[["entry", "accounts", "ended"]].to_numpy().tolist() == [
        [1, 1, False],
        [2, 0, False],
        [3, 1, True],
    ]


def test_an_entry_of_several_accounts_is_one() -> None:
    policy = accepting(ONE, {"account_id": standard(2), "entry": 1})
    assert judged(policy, snapshot_of(0, BOTH)).acceptances["accounts"].tolist() == [2]


LEFT: Day = {3: "ACTIVE/ACTIVE"}


def test_an_acceptance_goes_on_when_the_account_leaves_the_list() -> None:
    found = judged(accepting(ONE), *days_of(BOTH, LEFT))
    assert found.left_behind["accepted_until"].fillna(on(0)).tolist() == [on(10), on(0)]
    assert (key_figures(found.pairs, found.left_behind)).left_behind == 1
    assert found.acceptances["accounts"].tolist() == [1]
    assert found.left_behind_counts == {on(0): 0, on(1): 1}


def test_and_ends_on_its_day_there_too() -> None:
    days = [*days_of(BOTH), snapshot_of(10, LEFT)]
    assert judged(accepting(ONE), *days).left_behind["accepted_until"].isna().all()


def test_what_was_left_behind_in_a_state_nobody_knows_is_not_accepted() -> None:
    days = days_of({1: "CLOSED/NEW", **LEFT}, LEFT)
    assert judged(accepting({"ou": "**"}), *days).left_behind["accepted_until"].isna().all()


def test_a_pair_that_agreed_can_be_accepted_once_it_is_left_behind() -> None:
    policy = accepting({"account_id": standard(3), "standard_state": "ACTIVE"})
    assert accepted(policy, snapshot_of(0, BOTH)) == []
    found = judged(policy, *days_of(BOTH, {1: "CLOSED/ACTIVE", 2: "CLOSED/ACTIVE"}))
    assert found.left_behind["accepted_until"].tolist() == [on(10)]


def test_tags_and_owners_of_what_left_are_those_of_the_last_snapshot_that_lists_it() -> None:
    told = {1: {"stage": "sunset", "owner": "ada"}}
    days = [
        snapshot_of(0, BOTH, tags={1: {"stage": "prod", "owner": "bob"}}),
        snapshot_of(1, BOTH, tags=told),
        snapshot_of(2, LEFT, tags={3: {"owner": "eve"}}),
    ]
    policy = accepting({"tags": json.dumps({"stage": "sunset"})}, tag="owner")
    rows = judged(policy, *days).left_behind.set_index("account_id")
    assert rows.loc[standard(1), ["owner", "accepted_until"]].tolist() == ["ada", on(10)]
    assert rows.loc[standard(2), ["owner", "accepted_until"]].isna().all()


SEEN: Day = dict(
    enumerate(
        [
            *("CLOSED/ACTIVE", "ACTIVE/CLOSED") * 4,
            *("CLOSED/CLOSED", "ACTIVE/ACTIVE", "CLOSED/?", "CLOSED/NEW", "ACTIVE"),
        ],
        1,
    )
)
TAGGED = (1, 2, 3, 10)
OF: list[dict[str, str]] = [
    {"ou": "**"},
    {"tags": '{"a": "b"}'},
    {"account_id": standard(1)},
]
OF_STATES = [("CLOSED", "ACTIVE"), ("ACTIVE", "CLOSED"), ("CLOSED", "CLOSED")]
"""The two states of an entry; those that agree are no mismatch, so that it accepts nothing."""
ENTRIES = st.lists(
    st.builds(
        lambda of, states, until: {
            "standard_state": states[0],
            "govcloud_state": states[1],
            "until": on(until),
            **of,
        },
        st.sampled_from(OF),
        st.sampled_from(OF_STATES),
        st.sampled_from([3, -1, 40, 99]),
    ),
    min_size=4,
    max_size=6,
)


def model(number: int, word: str, entries: list[dict[str, Any]]) -> pd.Timestamp | None:
    """Say in the plainest way until when an account in two states is accepted on day 0."""
    untils = [
        one["until"]
        for one in entries
        if word == f"{one['standard_state']}/{one['govcloud_state']}"
        and one.get("account_id", standard(number)) == standard(number)
        and ("tags" not in one or number in TAGGED)
    ]
    return max(untils) if untils and max(untils) > on(0) else None


@pytest.fixture(scope="module")
def day() -> Snapshot:
    """A snapshot in which pairs disagree in two ways, and others are fine or unknown."""
    return snapshot_of(0, SEEN, tags={number: {"a": "b"} for number in TAGGED})


@pytest.fixture(scope="module")
def plain(day: Snapshot) -> pd.DataFrame:
    """Its pairs, of which nobody accepts one."""
    return judged(Policy(), day).pairs


@settings(max_examples=8)
@given(entries=ENTRIES, order=st.permutations(range(6)))
def test_whatever_is_accepted_in_whatever_order_nothing_is_lost_and_no_unknown_vanishes(
    day: Snapshot, plain: pd.DataFrame, entries: list[dict[str, object]], order: list[int]
) -> None:
    under = judged(accepting(*entries), day).pairs
    same = ["account_id", "verdict", "severity", "since"]
    pd.testing.assert_frame_equal(plain[same], under[same])
    before, after = key_figures(plain), key_figures(under)
    assert after.unknown == before.unknown
    assert after.mismatches + after.accepted == before.mismatches
    assert is_open(under).sum() == after.mismatches
    accepted_rows = under[under["accepted_until"].notna()]
    assert (accepted_rows["verdict"] == Verdict.MISMATCH).all()
    until = under.set_index("account_id")["accepted_until"].dropna().to_dict()
    expected = {standard(number): model(number, word, entries) for number, word in SEEN.items()}
    disagreeing = set(under["account_id"][under["verdict"] == Verdict.MISMATCH])
    assert until == {one: end for one, end in expected.items() if end and one in disagreeing}
    shuffled = accepting(*(entries[place] for place in order if place < len(entries)))
    columns = ["account_id", "accepted_until"]
    pd.testing.assert_frame_equal(under[columns], judged(shuffled, day).pairs[columns])


def test_taken_back_an_acceptance_leaves_nothing(day: Snapshot, plain: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(judged(accepting(), day).pairs, plain)
