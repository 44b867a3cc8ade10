"""Findings: each thing to act on once, what was accepted, and what is new."""

import pandas as pd
import pytest
from alerted import accepting, an_organization, govcloud, judged, standard

from toolkit.alerts import findings
from toolkit.alerts.findings import is_accepted, is_added, is_grave
from toolkit.schema import Severity
from toolkit.verdicts import Judged, Policy, default_reconcile_rules

BOTH = {1: ("ACTIVE", "ACTIVE"), 2: ("CLOSED", "ACTIVE")}
ALONE = {1: ("ACTIVE", "ACTIVE")}
LISTED = {1: "ACTIVE", 2: "ACTIVE"}


def said(found: pd.DataFrame) -> list[tuple[str, str | None, str | None]]:
    """Return kind, severity and account of each finding."""
    plain = found[["kind", "severity", "account_id"]].astype("object")
    return [tuple(row) for row in plain.where(plain.notna(), None).to_numpy().tolist()]


@pytest.fixture(scope="module")
def closed() -> pd.DataFrame:
    """The finding of a pair that is closed on one side."""
    return findings(judged(an_organization("2026-11-22", {1: ("CLOSED", "ACTIVE")})))


def left(**more: object) -> Judged:
    """Judge an organization in which account 2 has left the list, and its GovCloud is ACTIVE."""
    members = more.pop("members", LISTED)
    before = an_organization("2026-11-15", BOTH, members=LISTED)
    now = an_organization("2026-11-22", ALONE, members=members)  # type: ignore[arg-type]
    return judged(before, now, **more)  # type: ignore[arg-type]


def test_what_disagrees_was_left_behind_or_was_not_seen_is_found_worst_first() -> None:
    before = an_organization("2026-11-15", {1: ("ACTIVE", "SUSPENDED"), 2: ("CLOSED", "ACTIVE")})
    now = an_organization(
        "2026-11-22",
        {1: ("ACTIVE", "SUSPENDED"), 3: ("ACTIVE", "ACTIVE"), 4: ("ACTIVE", "ACTIVE")},
        failed=[4],
        members={1: "SUSPENDED", 3: "ACTIVE"},
    )

    assert said(findings(judged(before, now))) == [
        ("LEFT_BEHIND", "CRITICAL", standard(2)),
        ("MISMATCH", "HIGH", standard(1)),
        ("UNKNOWN", None, standard(4)),
    ]


def test_what_was_left_behind_and_is_in_the_other_list_is_found_once() -> None:
    found = findings(left())

    assert said(found) == [("LEFT_BEHIND", "CRITICAL", standard(2))]
    assert found["govcloud_account_id"].tolist() == [govcloud(2)]
    assert found["since"].tolist() == [pd.Timestamp("2026-11-15T03:00:00Z")]


def test_of_two_severities_of_what_was_left_behind_the_graver_one_holds() -> None:
    pending = {1: ("ACTIVE", "ACTIVE"), 2: ("CLOSED", "SUSPENDED")}
    before = an_organization("2026-11-15", pending, members={1: "ACTIVE", 2: "SUSPENDED"})
    # It was restricted when it was last looked up, and runs again by its organization's list.
    now = an_organization("2026-11-22", ALONE, members=LISTED)

    found = findings(judged(before, now))

    assert said(found) == [("LEFT_BEHIND", "CRITICAL", standard(2))]
    assert "still active in the GovCloud organization" in found["meaning"].iloc[0]


def test_whoever_accepted_what_was_left_behind_accepted_what_the_other_list_says_of_it() -> None:
    found = findings(left(policy=accepting(2)))

    assert said(found) == [("LEFT_BEHIND", "CRITICAL", standard(2))]
    assert is_accepted(found).tolist() == [True]


def test_an_acceptance_does_not_cover_another_state_in_the_other_list() -> None:
    suspended = {1: ("ACTIVE", "ACTIVE"), 2: ("CLOSED", "SUSPENDED")}
    before = an_organization("2026-11-15", suspended, members={1: "ACTIVE", 2: "SUSPENDED"})
    now = an_organization("2026-11-22", ALONE, members=LISTED)

    found = findings(judged(before, now, policy=accepting(2, "CLOSED", "SUSPENDED")))

    assert said(found[~is_accepted(found)]) == [("PAIR_LEFT_LIST", "CRITICAL", standard(2))]
    assert said(found[is_accepted(found)]) == [("LEFT_BEHIND", "HIGH", standard(2))]


def test_an_accepted_pair_outside_its_organization_is_a_finding_of_its_own() -> None:
    now = an_organization("2026-11-22", {2: ("SUSPENDED", "ACTIVE")}, members={})

    found = findings(judged(now, policy=accepting(2, "SUSPENDED")))

    assert said(found[~is_accepted(found)]) == [
        ("NOT_IN_GOVCLOUD_ORGANIZATION", "HIGH", standard(2))
    ]
    assert said(found[is_accepted(found)]) == [("MISMATCH", "HIGH", standard(2))]


def test_a_finding_that_a_policy_gives_no_severity_is_none() -> None:
    rules = default_reconcile_rules()
    outside = rules["finding"] == "NOT_IN_GOVCLOUD_ORGANIZATION"
    policy = Policy(reconcile_rules=rules.assign(severity=rules["severity"].mask(outside)))
    now = an_organization("2026-11-22", {2: ("SUSPENDED", "ACTIVE")}, members={})

    assert said(findings(judged(now, policy=policy))) == [("MISMATCH", "HIGH", standard(2))]


def test_a_member_without_a_pair_has_the_name_that_its_organization_gives_it() -> None:
    found = findings(
        judged(an_organization("2026-11-22", ALONE, members={1: "ACTIVE", 7: "ACTIVE"}))
    )

    assert said(found) == [("WITHOUT_PAIR", "HIGH", None)]
    assert found["name"].tolist() == ["gov 7"]


def test_as_grave_as_a_severity_is_that_one_and_whatever_is_graver() -> None:
    now = an_organization(
        "2026-11-22", {1: ("ACTIVE", "SUSPENDED"), 2: ("CLOSED", "ACTIVE"), 3: ("ACTIVE", "CLOSED")}
    )
    found = findings(judged(now))

    assert found["severity"].tolist() == ["CRITICAL", "HIGH", "MEDIUM"]
    assert is_grave(found, Severity.HIGH).tolist() == [True, True, False]


def test_what_was_there_in_the_same_states_as_grave_is_not_new(closed: pd.DataFrame) -> None:
    now = findings(
        judged(an_organization("2026-11-22", {1: ("CLOSED", "ACTIVE"), 2: ("CLOSED", "ACTIVE")}))
    )

    assert now["account_id"].tolist() == [standard(1), standard(2)]
    assert is_added(now, closed).tolist() == [False, True]
    assert is_added(now, closed.head(0)).tolist() == [True, True]


def test_what_is_graver_or_in_other_states_or_no_longer_accepted_is_new(
    closed: pd.DataFrame,
) -> None:
    suspended = an_organization("2026-11-15", {1: ("CLOSED", "SUSPENDED")})
    before = an_organization("2026-11-15", {1: ("CLOSED", "ACTIVE")})
    milder = closed.assign(severity=pd.Categorical(["HIGH"], dtype=closed["severity"].dtype))

    assert is_added(closed, findings(judged(suspended))).tolist() == [True]
    assert is_added(closed, findings(judged(before, policy=accepting(1)))).tolist() == [True]
    assert is_added(closed, milder).tolist() == [True]


def test_what_is_milder_than_it_was_is_not_new(closed: pd.DataFrame) -> None:
    now = closed.assign(severity=pd.Categorical(["HIGH"], dtype=closed["severity"].dtype))

    assert is_added(now, closed).tolist() == [False]


def test_the_end_of_grace_makes_a_finding_new() -> None:
    active = an_organization("2026-10-01", {1: ("ACTIVE", "ACTIVE")})
    closed = [
        an_organization(day, {1: ("CLOSED", "ACTIVE")}) for day in ("2026-10-02", "2026-11-22")
    ]

    in_grace = findings(judged(active, closed[0]))
    after = findings(judged(active, *closed))

    assert in_grace["severity"].tolist() == ["HIGH"]
    assert after["severity"].tolist() == ["CRITICAL"]
    assert is_added(after, in_grace).tolist() == [True]
