"""Trends of combinations: exactly those of all snapshots judged by the rules alone."""

import pandas as pd
import pytest
from days import Day, days_of, on, snapshot_of, store_of
from fleeting import OTHER
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import analysis
from toolkit.errors import SchemaError
from toolkit.fleet import counts, trend
from toolkit.schema import COUNTS, FLEET_TREND, coerce, empty
from toolkit.spells import Spells
from toolkit.store import Snapshot
from toolkit.verdicts import Policy, default_rules, judge_pairs

WORDS = st.sampled_from(["", "ACTIVE", "CLOSED", "SUSPENDED", "PENDING_CLOSURE", "NEW"])
SEEN = st.builds("/".join, st.tuples(WORDS, WORDS | st.just("?")))
DAY = st.dictionaries(st.integers(1, 9), SEEN, min_size=1, max_size=9)
RULE = st.tuples(st.integers(0, 24), st.sampled_from(["MATCH", "LOW", "CRITICAL"]))
NAMES = [name for name in FLEET_TREND.names if name != "left_behind"]


def rules_of(changed: list[tuple[int, str]], grace: int | None = None) -> pd.DataFrame:
    """Return rules of which a few say something else."""
    rules = default_rules()
    for place, word in changed:
        row = place % len(rules)
        rules.loc[row, "verdict"] = "MATCH" if word == "MATCH" else "MISMATCH"
        rules.loc[row, "severity"] = None if word == "MATCH" else word
    return rules if grace is None else rules.assign(grace_days=grace, grace_severity=None)


def without_one_side(snapshot: Snapshot, first: bool, last: bool) -> Snapshot:  # noqa: FBT001 - drawn by hypothesis
    """Leave the first account out of the list, or the last one out of the look-ups."""
    tables = dict(snapshot.tables)
    if len(tables["accounts"]) > 1:
        tables["accounts"] = tables["accounts"].iloc[1 if first else 0 :]
        tables["govcloud"] = tables["govcloud"].iloc[: -1 if last else None]
    return Snapshot(tables, snapshot.manifest)


@settings(max_examples=6)
@given(
    st.lists(st.tuples(DAY, st.booleans(), st.booleans()), min_size=1, max_size=3),
    st.lists(RULE, max_size=3),
)
def test_a_trend_of_counts_is_that_of_snapshots_judged_one_by_one(
    tmp_path_factory: pytest.TempPathFactory,
    days: list[tuple[Day, bool, bool]],
    changed: list[tuple[int, str]],
) -> None:
    snapshots = [
        without_one_side(snapshot_of(day, seen), first, last)
        for day, (seen, first, last) in enumerate(days)
    ]
    rules = rules_of(changed)
    store = store_of(tmp_path_factory.mktemp("trend"), snapshots)
    found = trend(counts(store), Policy(rules))
    history = [
        (one.taken, judge_pairs(one.accounts, one.govcloud, rules=rules)) for one in snapshots
    ]
    expected = analysis.trend(history).drop(columns="left_behind")
    pd.testing.assert_frame_equal(found.drop(columns="organization_id"), expected)


@settings(max_examples=4)
@given(st.lists(DAY, min_size=1, max_size=3), st.lists(RULE, max_size=3))
def test_without_grace_and_acceptances_it_is_the_trend_of_the_spells(
    tmp_path_factory: pytest.TempPathFactory, days: list[Day], changed: list[tuple[int, str]]
) -> None:
    policy = Policy(rules_of(changed, grace=0))
    snapshots = days_of(*days)
    found = trend(counts(store_of(tmp_path_factory.mktemp("trend"), snapshots)), policy)
    expected = analysis.trend_of(Spells.of(snapshots), policy).drop(columns="left_behind")
    pd.testing.assert_frame_equal(found.drop(columns="organization_id"), expected)


def row(organization: str, day: int, both: str, accounts: int) -> dict[str, object]:
    """Return a row of COUNTS."""
    standard_state, _, govcloud_state = both.partition("/")
    return {
        "organization_id": organization,
        "taken": on(day),
        "outcome": "FOUND",
        "standard_state": standard_state,
        "govcloud_state": govcloud_state,
        "accounts": accounts,
    }


def test_each_organization_has_its_own_trend_in_the_order_of_time() -> None:
    rows = [
        row(OTHER, 1, "CLOSED/ACTIVE", 3),
        row("o-a", 2, "CLOSED/ACTIVE", 5),
        row(OTHER, 0, "NEW/ACTIVE", 7),
        row("o-a", 2, "ACTIVE/ACTIVE", 15),
    ]
    found = trend(coerce(COUNTS, rows))
    assert list(found.columns) == NAMES
    assert list(found.dtypes) == [FLEET_TREND[name].dtype for name in NAMES]
    critical = found[found["severity"] == "CRITICAL"].drop(columns=["severity", "taken"])
    assert critical.fillna(-1).to_numpy().tolist() == [
        ["o-a", 5, 20, 0, 0.25],
        [OTHER, 0, 7, 7, -1],
        [OTHER, 3, 3, 0, 1],
    ]
    assert found["taken"].tolist()[::4] == [on(2), on(0), on(1)]


def test_nothing_counted_has_no_trend_but_its_columns() -> None:
    found = trend(empty(COUNTS))
    assert list(found.columns) == NAMES
    assert list(found.dtypes) == [FLEET_TREND[name].dtype for name in NAMES]
    assert found.empty


def test_what_is_no_counts_is_told_what_to_pass() -> None:
    with pytest.raises(SchemaError, match=r"Pass what toolkit\.fleet\.counts gives"):
        trend(None)
