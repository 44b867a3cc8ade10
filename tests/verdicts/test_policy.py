"""The policy: one way from a snapshot to its verdicts, and what tells one policy from another."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from reported import contested_snapshot, make_snapshot, older_snapshot, own_policy, small_snapshot
from witnessed import lone, member, pair, witnessed

from toolkit.errors import SchemaError
from toolkit.store import Snapshot, Store
from toolkit.verdicts import (
    Policy,
    default_link_rules,
    default_reconcile_rules,
    default_rules,
    judge_links,
    judge_pairs,
    reconcile,
)

Making = Callable[[], Policy]
"""What makes a policy once a test wants it, and not while tests are collected."""


def with_rule(standard: str, govcloud: str, **changes: object) -> Policy:
    """Return a policy in which one rule on pairs differs."""
    rules = default_rules()
    row = (rules["standard_state"] == standard) & (rules["govcloud_state"] == govcloud)
    rules.loc[row, list(changes)] = list(changes.values())
    return Policy(rules)


def with_link_rule(status: str, ends: str, severity: str) -> Policy:
    """Return a policy in which one rule on links differs."""
    rules = default_link_rules()
    rules.loc[(rules["link_status"] == status) & (rules["ends"] == ends), "severity"] = severity
    return Policy(link_rules=rules)


def with_reconcile_rule(finding: str, state: str, **changes: object) -> Policy:
    """Return a policy in which one rule on findings differs."""
    rules = default_reconcile_rules()
    row = (rules["finding"] == finding) & (rules["state"] == state)
    rules.loc[row, list(changes)] = list(changes.values())
    return Policy(reconcile_rules=rules)


def test_a_policy_that_says_nothing_else_is_the_toolkit_s_own() -> None:
    policy = Policy()
    pd.testing.assert_frame_equal(policy.rules, default_rules())
    pd.testing.assert_frame_equal(policy.link_rules, default_link_rules())
    pd.testing.assert_frame_equal(policy.reconcile_rules, default_reconcile_rules())
    assert (policy.changed, policy.name) == (0, "")


@pytest.mark.parametrize(
    ("policy", "changed"),
    [
        (lambda: with_rule("ACTIVE", "CLOSED", severity="HIGH"), 1),
        (lambda: with_rule("ACTIVE", "CLOSED", severity="MEDIUM"), 0),
        (lambda: with_rule("ACTIVE", "CLOSED", severity="HIGH", action="Ask."), 1),
        (lambda: with_link_rule("LINKED", "OUTSIDE", "CRITICAL"), 1),
        (lambda: with_link_rule("LINKED", "BOTH_ACTIVE", "LOW"), 1),
        (lambda: with_reconcile_rule("WITHOUT_PAIR", "ACTIVE", severity="LOW"), 1),
        (lambda: with_reconcile_rule("WITHOUT_PAIR", "ACTIVE", severity="HIGH"), 0),
        (lambda: with_reconcile_rule("AGREE", "SUSPENDED", severity="LOW", meaning="Ours."), 1),
        (own_policy, 3),
        (lambda: Policy(default_rules().iloc[::-1], default_link_rules().iloc[::-1]), 0),
        (lambda: Policy(reconcile_rules=default_reconcile_rules().iloc[::-1]), 0),
    ],
)
def test_rules_that_differ_are_counted_once_each(policy: Making, changed: int) -> None:
    assert policy().changed == changed


@pytest.mark.parametrize(
    "other",
    [
        lambda: with_rule("ACTIVE", "CLOSED", severity="HIGH"),
        lambda: with_rule("ACTIVE", "CLOSED", verdict="MATCH"),
        lambda: with_rule("ACTIVE", "CLOSED", meaning="Kept."),
        lambda: with_rule("ACTIVE", "CLOSED", action="Ask."),
        lambda: with_link_rule("LINKED", "OUTSIDE", "CRITICAL"),
        lambda: with_reconcile_rule("WITHOUT_PAIR", "ACTIVE", severity="LOW"),
        lambda: with_reconcile_rule("WITHOUT_PAIR", "ACTIVE", action="Ask."),
    ],
)
def test_policies_that_judge_differently_have_other_marks(other: Making) -> None:
    assert other().mark != Policy().mark


@pytest.mark.parametrize(
    "same",
    [
        lambda: Policy(name="ours.toml"),
        lambda: Policy(default_rules().iloc[::-1]),
        lambda: Policy(default_rules().assign(mine="a column that judges nothing")),
        lambda: with_rule("ACTIVE", "CLOSED", severity="MEDIUM"),
        lambda: with_rule("ACTIVE", "ACTIVE", severity="LOW"),
        lambda: with_reconcile_rule("WITHOUT_PAIR", "ACTIVE", severity="HIGH"),
        lambda: Policy(reconcile_rules=default_reconcile_rules().iloc[::-1]),
    ],
)
def test_policies_that_judge_alike_have_one_mark(same: Making) -> None:
    assert same().mark == Policy().mark


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (
            lambda: Policy(default_rules().iloc[1:]),
            "lack PENDING_ACTIVATION with PENDING_ACTIVATION",
        ),
        (lambda: Policy(default_rules().assign(severity=None)), "a mismatch without a severity"),
        (
            lambda: Policy(link_rules=default_link_rules().iloc[1:]),
            "lack LINKED with BOTH_ACTIVE",
        ),
        (
            lambda: Policy(reconcile_rules=default_reconcile_rules().iloc[1:]),
            "lack AGREE with PENDING_ACTIVATION",
        ),
    ],
)
def test_rules_that_cannot_be_right_make_no_policy(policy: Making, said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        policy()


def test_rules_without_texts_mean_what_the_toolkit_s_own_do() -> None:
    texts = ["meaning", "action"]
    bare = Policy(
        default_rules().drop(columns=texts),
        default_link_rules().drop(columns=texts),
        reconcile_rules=default_reconcile_rules().drop(columns=texts),
    )
    assert (bare.changed, bare.mark) == (0, Policy().mark)


def test_a_snapshot_is_judged_by_the_rules_of_its_policy() -> None:
    policy, snapshot = own_policy(), contested_snapshot()
    judged = policy.judge(snapshot)
    pd.testing.assert_frame_equal(judged.pairs, judge_pairs(snapshot, rules=policy.rules))
    pd.testing.assert_frame_equal(judged.links, judge_links(snapshot, rules=policy.link_rules))
    assert judged.pairs["severity"].astype("str").fillna("").tolist() == ["", "CRITICAL", ""]
    assert judged.links["severity"].tolist() == ["CRITICAL"]
    assert (judged.policy, judged.snapshot) == (policy, snapshot)


def test_a_snapshot_is_reconciled_by_the_rules_of_its_policy_with_its_history() -> None:
    policy = with_reconcile_rule("PAIR_LEFT_LIST", "ACTIVE", severity="LOW")
    before, now = witnessed([pair(7)], day="2026-11-15"), witnessed([lone(1)], [member(7)])
    found = policy.judge(now, [before]).reconciled
    rules = policy.reconcile_rules
    pd.testing.assert_frame_equal(found, reconcile(now, [before], rules=rules))
    assert found["finding"].tolist() == ["PAIR_LEFT_LIST"]
    assert found["severity"].tolist() == ["LOW"]


def test_for_a_snapshot_of_a_store_the_whole_store_is_its_history(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(witnessed([pair(7)], day="2026-11-15", complete=False))
    now = store.save(witnessed([lone(1)], [member(7)]))
    found = Policy().judge(now).reconciled
    assert found["finding"].tolist() == ["PAIR_LEFT_LIST"]


def test_the_past_is_judged_by_the_same_rules() -> None:
    before = contested_snapshot(day="2026-11-15")
    judged = own_policy().judge(contested_snapshot(), [before])
    assert [f"{taken:%m-%d}" for taken, _ in judged.history] == ["11-15", "11-22"]
    for _, pairs in judged.history:
        assert pairs["severity"].astype("str").fillna("").tolist() == ["", "CRITICAL", ""]
    assert judged.history[-1][1] is judged.pairs


def test_of_a_history_whatever_is_not_earlier_is_left_out() -> None:
    snapshots = [
        older_snapshot(),
        small_snapshot(day="2026-11-01"),
        small_snapshot(day="2026-12-01"),
    ]
    judged = Policy().judge(small_snapshot(), [*snapshots, small_snapshot()])
    assert [f"{old.taken:%m-%d}" for old in judged.earlier] == ["11-01", "11-15"]


def test_a_history_to_be_read_is_read_once_and_only_where_it_is_wanted() -> None:
    read: list[str] = []

    def past() -> list[Snapshot]:
        read.append("read")
        return [older_snapshot()]

    judged = Policy().judge(small_snapshot(), past)
    assert len(judged.links) == 3
    assert read == []
    assert len(judged.pairs) == 5  # since when each is so
    assert (len(judged.history), len(judged.earlier)) == (2, 1)
    assert read == ["read"]


def test_judging_leaves_rules_and_snapshot_alone() -> None:
    rules, snapshot = default_rules().iloc[::-1], make_snapshot([])
    before = rules.copy(), snapshot.accounts.copy()
    Policy(rules).judge(snapshot).history  # noqa: B018 - it is made when it is read
    pd.testing.assert_frame_equal(rules, before[0])
    pd.testing.assert_frame_equal(snapshot.accounts, before[1])
