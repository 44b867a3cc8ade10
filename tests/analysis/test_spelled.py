"""Trends from spells: exactly those of all snapshots judged one by one."""

from collections.abc import Mapping

import pandas as pd
from days import Day, days_of, on, snapshot_of, standard
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import analysis, schema
from toolkit.schema import ACCEPTANCES
from toolkit.spells import Spells
from toolkit.store import Snapshot
from toolkit.verdicts import Policy, default_rules

NUMBERS = st.integers(1, 9)
SEEN = st.sampled_from(
    [
        *("ACTIVE/ACTIVE", "CLOSED/ACTIVE", "CLOSED/CLOSED", "ACTIVE/SUSPENDED", "ACTIVE/CLOSED"),
        *("PENDING_CLOSURE/ACTIVE", "CLOSED/SUSPENDED", "CLOSED", "ACTIVE/?", "CLOSED/NEW"),
    ]
)
UNITS = st.sampled_from(["Retired", "Sandbox"])
WITNESS = st.none() | st.dictionaries(NUMBERS, st.sampled_from(["ACTIVE", "CLOSED"]), max_size=9)
DAY = st.tuples(
    st.dictionaries(NUMBERS, SEEN, min_size=4, max_size=9),
    st.dictionaries(NUMBERS, UNITS, max_size=9),
    WITNESS,
    st.dictionaries(NUMBERS, NUMBERS, max_size=1),
)
GAPS = st.lists(st.sampled_from([1, 2, 12, 19, 40]), min_size=4, max_size=4)
CLOSURES = st.dictionaries(NUMBERS, st.lists(st.integers(-20, 60), max_size=2), max_size=5)


def entry(number: int, until: float, **of: object) -> dict[str, object]:
    """Return an acceptance of what closed before its GovCloud account."""
    states = {"standard_state": "CLOSED", "govcloud_state": "ACTIVE"}
    return {"entry": number, "reason": "Held", "owner": "me", "until": on(until), **states, **of}


ACCEPTED = st.lists(
    st.builds(
        lambda until, of, states: {"until": on(until), **of, **states},
        st.integers(0, 70),
        st.sampled_from(
            [{"account_id": standard(1)}, {"ou": "Retired"}, {"account_id": standard(2), "ou": "*"}]
        ),
        st.sampled_from(
            [
                {"standard_state": standard_state, "govcloud_state": "ACTIVE"}
                for standard_state in ("CLOSED", "ACTIVE")
            ]
        ),
    ),
    max_size=3,
)


def policy_of(accepted: list[dict[str, object]]) -> Policy:
    """Return a policy with some acceptances, and rules with a short grace here and there."""
    rows = [
        {"entry": place, "reason": "Held", "owner": "me", **one}
        for place, one in enumerate(accepted, 1)
    ]
    rules = default_rules()
    here = (rules["standard_state"] == "ACTIVE") & (rules["govcloud_state"] == "SUSPENDED")
    rules.loc[here, ["grace_days", "grace_severity"]] = [2, "LOW"]
    return Policy(rules, acceptances=schema.coerce(ACCEPTANCES, rows))


def history_of(
    days: list[tuple[Day, Mapping[int, str], Day | None, Mapping[int, int]]],
    gaps: list[int],
    closed: Mapping[int, list[int]],
) -> tuple[list[Snapshot], pd.DataFrame]:
    """Make snapshots, each with the last closures before it, and all closures together."""
    snapshots, day = [], 0
    for gap, (seen, units, witness, paired) in zip(gaps, days, strict=False):
        day += gap
        known = {
            n: max(told) for n, when in closed.items() if (told := [w for w in when if w <= day])
        }
        one = snapshot_of(day, seen, units=units, witness=witness, paired=paired, closed=known)
        snapshots.append(one)
    rows = [
        {"account_id": standard(n), "closed_at": on(when)}
        for n, all_ in closed.items()
        for when in all_
    ]
    return snapshots, schema.coerce(schema.CLOSURES, rows)


@settings(max_examples=4)
@given(st.lists(DAY, min_size=2, max_size=4), GAPS, CLOSURES, ACCEPTED)
def test_trends_from_spells_are_those_of_snapshots_judged_one_by_one(
    days: list[tuple[Day, Mapping[int, str], Day | None, Mapping[int, int]]],
    gaps: list[int],
    closed: Mapping[int, list[int]],
    accepted: list[dict[str, object]],
) -> None:
    snapshots, closures = history_of(days, gaps, closed)
    policy = policy_of(accepted)
    judged = policy.judge(snapshots[-1], snapshots[:-1])
    spells = Spells.of(snapshots)
    pd.testing.assert_frame_equal(
        analysis.trend_of(spells, policy, closures),
        analysis.trend(judged.history, judged.left_behind_counts),
    )
    pd.testing.assert_frame_equal(
        analysis.state_trend_of(spells), analysis.state_trend(judged.history)
    )


def mismatches(trend: pd.DataFrame) -> list[list[int]]:
    """Return the mismatches of each snapshot, from CRITICAL to LOW."""
    return trend["mismatches"].to_numpy().reshape(-1, 4).tolist()


def test_a_closure_is_in_grace_and_then_critical() -> None:
    days = [
        snapshot_of(day, {1: word})
        for day, word in (
            (0, "ACTIVE/ACTIVE"),
            (1, "CLOSED/ACTIVE"),
            (31.9, "CLOSED/ACTIVE"),
            (32, "CLOSED/ACTIVE"),
        )
    ]
    trend = analysis.trend_of(Spells.of(days))
    assert mismatches(trend) == [[0] * 4, [0, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]


def test_what_somebody_accepts_is_not_counted_until_its_day() -> None:
    spells = Spells.of(days_of(*[{1: "CLOSED/ACTIVE"}] * 3, {}, {}, {}))
    told = schema.coerce(ACCEPTANCES, [entry(1, 2, account_id=standard(1))])
    trend = analysis.trend_of(spells, Policy(acceptances=told))
    assert mismatches(trend)[:3] == [[0] * 4, [0] * 4, [1, 0, 0, 0]]
    longer = schema.coerce(ACCEPTANCES, [entry(1, 4, account_id=standard(1))])
    trend = analysis.trend_of(spells, Policy(acceptances=longer))
    assert trend["left_behind"].tolist()[::4] == [0, 0, 0, 0, 1, 1]


def test_what_tags_accept_is_counted_as_it_is_not_known_here() -> None:
    told = schema.coerce(ACCEPTANCES, [entry(1, 9, tags='{"stage": "sunset"}')])
    spells = Spells.of(days_of({1: "CLOSED/ACTIVE"}))
    assert mismatches(analysis.trend_of(spells, Policy(acceptances=told))) == [[1, 0, 0, 0]]


def test_no_snapshots_have_no_trend_but_its_columns() -> None:
    spells = Spells.of([])
    for empty, full in (
        (analysis.trend_of(spells), analysis.trend([])),
        (analysis.state_trend_of(spells), analysis.state_trend([])),
    ):
        pd.testing.assert_frame_equal(empty, full)
