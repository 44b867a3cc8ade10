"""Grace: a fresh combination is milder for some days, where it is known when it began."""

from functools import cache

import pytest
from days import days_of, on, snapshot_of

from toolkit.analysis import changes
from toolkit.errors import SchemaError
from toolkit.store import Snapshot
from toolkit.verdicts import Judged, Policy, default_rules

GOOD = {1: "ACTIVE/ACTIVE"}
GONE = {1: "CLOSED/ACTIVE"}


@cache
def _history(pair: str) -> tuple[Snapshot, ...]:
    return snapshot_of(-1, {1: "SUSPENDED/SUSPENDED"}), snapshot_of(0, {1: pair})


def after(days: float, pair: str = "CLOSED/ACTIVE", *, policy: Policy | None = None) -> Judged:
    """Judge a pair so many days after the first snapshot that shows it so."""
    return (policy or Policy()).judge(snapshot_of(days, {1: pair}), _history(pair))


def severity(judged: Judged) -> str:
    """Return how much the only pair matters."""
    return str(judged.pairs["severity"].iloc[0])


@pytest.mark.parametrize(
    ("days", "cases"),
    [
        (
            31,
            {
                "CLOSED/ACTIVE": ("HIGH", "CRITICAL"),
                "CLOSED/SUSPENDED": ("LOW", "MEDIUM"),
                "CLOSED/PENDING_ACTIVATION": ("LOW", "MEDIUM"),
            },
        ),
        (
            1,
            {
                "PENDING_CLOSURE/ACTIVE": ("MEDIUM", "HIGH"),
                "PENDING_CLOSURE/SUSPENDED": ("LOW", "MEDIUM"),
                "PENDING_CLOSURE/PENDING_ACTIVATION": ("LOW", "MEDIUM"),
            },
        ),
        (30, {"ACTIVE/PENDING_ACTIVATION": ("LOW", "MEDIUM")}),
    ],
)
def test_it_is_milder_until_the_days_are_over_and_not_a_moment_longer(
    days: int, cases: dict[str, tuple[str, str]]
) -> None:
    seen = dict(enumerate(cases))
    past = [snapshot_of(-1, dict.fromkeys(seen, "SUSPENDED/SUSPENDED")), snapshot_of(0, seen)]
    moment = 1 / 86_400
    mild, grave = (
        Policy().judge(snapshot_of(when, seen), past).pairs["severity"].tolist()
        for when in (days - moment, days)
    )
    assert dict(zip(cases, zip(mild, grave, strict=True), strict=True)) == cases


def test_the_thirty_second_day_is_the_first_that_is_an_alarm() -> None:
    shut = snapshot_of(0, GONE, closed={1: -0.25})
    past = [snapshot_of(-1, GOOD), shut]
    found = [
        severity(Policy().judge(snapshot_of(day, GONE, closed={1: -0.25}), past))
        for day in (30, 31)
    ]
    assert found == ["HIGH", "CRITICAL"]


@pytest.fixture(scope="module")
def in_grace() -> Judged:
    """A pair on the last day of its grace."""
    return after(30)


@pytest.fixture(scope="module")
def over() -> Judged:
    """The same pair on the day after."""
    return after(31)


def test_until_when_it_is_in_grace_is_said_row_by_row(in_grace: Judged, over: Judged) -> None:
    assert in_grace.grace.tolist() == [on(31)]
    assert over.grace.isna().all()


def test_a_match_and_what_has_no_grace_are_in_none() -> None:
    seen = {1: "CLOSED/CLOSED", 2: "ACTIVE/CLOSED"}
    past = [snapshot_of(-1, dict.fromkeys(seen, "SUSPENDED/SUSPENDED")), snapshot_of(0, seen)]
    assert Policy().judge(snapshot_of(0.5, seen), past).grace.isna().tolist() == [True, True]


def test_where_nobody_knows_when_it_began_there_is_no_grace() -> None:
    judged = Policy().judge(snapshot_of(0, GONE))
    assert (severity(judged), judged.grace.isna().all()) == ("CRITICAL", True)


def test_a_closure_before_the_oldest_snapshot_gives_what_is_left_of_the_grace() -> None:
    for closed, expected in ((-30.9, "HIGH"), (-31, "CRITICAL")):
        judged = Policy().judge(snapshot_of(0, GONE, closed={1: closed}))
        assert severity(judged) == expected


def test_the_grace_runs_on_while_the_pair_is_not_seen() -> None:
    days = [*days_of(GOOD, GONE, {1: "CLOSED/?"}), snapshot_of(31.5, GONE)]
    assert severity(Policy().judge(days[-1], days[:-1])) == "HIGH"
    late = snapshot_of(32, GONE)
    assert severity(Policy().judge(late, days[:-1])) == "CRITICAL"


def test_its_end_is_a_change_although_the_states_are_as_they_were(
    in_grace: Judged, over: Judged
) -> None:
    table = changes(in_grace.pairs, over.pairs)
    assert table[["change", "severity_before", "severity_after"]].astype(
        "str"
    ).to_numpy().tolist() == [["CHANGED", "HIGH", "CRITICAL"]]


def with_grace(days: int, mild: str | None) -> Policy:
    """Return a policy in which CLOSED/ACTIVE has another grace."""
    rules = default_rules()
    row = (rules["standard_state"] == "CLOSED") & (rules["govcloud_state"] == "ACTIVE")
    rules.loc[row, ["grace_days", "grace_severity"]] = [days, mild]
    return Policy(rules)


def test_own_rules_have_their_own_grace() -> None:
    policy = with_grace(3, "LOW")
    assert [severity(after(days, policy=policy)) for days in (2, 3)] == ["LOW", "CRITICAL"]
    assert severity(after(1, policy=with_grace(0, None))) == "CRITICAL"


def test_a_grace_never_makes_anything_worse() -> None:
    rules = default_rules()
    row = (rules["standard_state"] == "CLOSED") & (rules["govcloud_state"] == "ACTIVE")
    rules.loc[row, ["severity", "grace_severity"]] = ["LOW", "CRITICAL"]
    assert severity(after(1, policy=Policy(rules))) == "LOW"


def test_however_long_a_grace_is_it_ends_or_is_refused() -> None:
    assert severity(after(3000, policy=with_grace(36_500, "LOW"))) == "LOW"
    for days, mild in ((-1, "LOW"), (5, None), (40_000, "LOW")):
        with pytest.raises(SchemaError, match="CLOSED and ACTIVE"):
            with_grace(days, mild)


def test_rules_from_before_there_was_a_grace_have_the_toolkit_s_own() -> None:
    rules = default_rules().drop(columns=["grace_days", "grace_severity"])
    assert Policy(rules).changed == 0
    assert severity(after(1, policy=Policy(rules))) == "HIGH"
