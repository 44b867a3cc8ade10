"""Checked: what counts, what does not and why, and the sentence that says so."""

import pandas as pd
import pytest
from alerted import accepting, an_organization, judged, standard

from toolkit.alerts import Checked, acceptances_of_all, title_all, title_checked
from toolkit.schema import Severity
from toolkit.verdicts import Judged, Policy

FINE, CRITICAL, HIGH, MEDIUM = (
    ("ACTIVE", "ACTIVE"),
    ("CLOSED", "ACTIVE"),
    ("ACTIVE", "SUSPENDED"),
    ("ACTIVE", "CLOSED"),
)
OF = "As of 22 November 2026, 03:00 UTC, of {} by this toolkit's own rules."


def checked(
    now: Judged,
    least: Severity = Severity.HIGH,
    *,
    new_only: bool = False,
    allows_unknown: bool = False,
) -> tuple[list[str], str]:
    """Check; return the accounts that count, and what is said."""
    found = Checked.of(now, least, new_only=new_only, allows_unknown=allows_unknown)
    return found.failing["account_id"].tolist(), title_checked(found, now)


@pytest.fixture(scope="module")
def plain() -> Judged:
    """One pair of each kind, without any history, by rules of a name."""
    now = an_organization("2026-11-22", {1: CRITICAL, 2: HIGH, 3: MEDIUM, 4: FINE})
    return judged(now, policy=Policy(name="ours.toml"))


@pytest.fixture(scope="module")
def accepted() -> Judged:
    """The first pair is accepted, and 3 is new."""
    before = an_organization("2026-11-15", {1: CRITICAL, 2: HIGH})
    now = an_organization("2026-11-22", {1: CRITICAL, 2: HIGH, 3: HIGH})
    return judged(before, now, policy=accepting(1))


def test_what_is_as_grave_counts_and_what_is_milder_is_named_and_the_policy_too(
    plain: Judged,
) -> None:
    failing, said = checked(plain)

    assert failing == [standard(1), standard(2)]
    assert said == (
        "Failed: 2 findings are high or worse (1 critical). Not counted: 1 milder. As of"
        " 22 November 2026, 03:00 UTC, of 4 standard accounts, by ours.toml."
    )
    assert checked(plain, Severity.CRITICAL)[0] == [standard(1)]
    assert checked(plain, Severity.MEDIUM)[0] == [standard(1), standard(2), standard(3)]


def test_where_nothing_counts_it_passes() -> None:
    now = judged(an_organization("2026-11-22", {3: MEDIUM}))

    assert checked(now) == (
        [],
        "Passed: nothing is high or worse. Not counted: 1 milder. "
        + OF.format("1 standard account,"),
    )


def test_what_was_accepted_is_named_and_does_not_count(accepted: Judged) -> None:
    failing, said = checked(accepted)

    assert failing == [standard(2), standard(3)]
    assert "Failed: 2 findings are high or worse. Not counted: 1 accepted." in said
    assert said.endswith("by rules of our own.") is False  # an acceptance changes no rule


def test_an_accepted_one_counts_again_on_its_day() -> None:
    now = an_organization("2026-11-22", {1: CRITICAL, 2: CRITICAL})
    ended = accepting(1, until="2026-11-22").acceptances
    lasting = accepting(2, until="2026-11-23").acceptances
    policy = Policy(acceptances=pd.concat([ended, lasting.assign(entry=2)], ignore_index=True))

    assert checked(judged(now, policy=policy))[0] == [standard(1)]


@pytest.fixture(scope="module")
def unseen() -> Judged:
    """Two of three look-ups failed; one of them is of a pair that somebody accepts."""
    pairs = {1: CRITICAL, 2: FINE, 3: FINE}
    now = an_organization("2026-11-22", pairs, failed=[1, 2])
    return judged(now, policy=accepting(1))


def test_who_could_not_be_judged_counts_unless_that_is_allowed(unseen: Judged) -> None:
    failing, said = checked(unseen)
    assert standard(2) in failing
    assert said.startswith("Failed: 2 accounts could not be judged. As of")

    allowed, said = checked(unseen, allows_unknown=True)
    assert allowed == []
    assert "Not counted: 2 that could not be judged." in said


def test_an_acceptance_lets_nobody_pass_who_could_not_be_judged(unseen: Judged) -> None:
    assert checked(unseen)[0] == [standard(1), standard(2)]


def test_new_only_counts_what_the_snapshot_before_did_not_have() -> None:
    before = an_organization("2026-11-15", {1: CRITICAL, 2: MEDIUM, 3: FINE}, failed=[3])
    now = an_organization("2026-11-22", {1: CRITICAL, 2: HIGH, 3: FINE}, failed=[3])

    failing, said = checked(judged(before, now), new_only=True)

    assert failing == [standard(2)]
    assert said.startswith(
        "Failed: 1 finding is high or worse, all of it new since the snapshot of 15 November 2026,"
        " 03:00 UTC. Not counted: 2 that the snapshot before had, too."
    )


def test_new_only_compares_with_the_last_snapshot_and_no_older_one() -> None:
    now = judged(
        an_organization("2026-11-08", {1: CRITICAL, 2: FINE, 3: FINE}),
        an_organization("2026-11-15", {1: FINE, 2: HIGH, 3: CRITICAL}),
        an_organization("2026-11-22", {1: HIGH, 2: HIGH, 3: CRITICAL}),
    )

    assert checked(now, new_only=True)[0] == [standard(1)]
    failing, said = checked(now, Severity.CRITICAL, new_only=True)
    assert failing == []
    assert said.startswith("Passed: nothing is critical and new since the snapshot of")


def test_without_an_earlier_snapshot_everything_is_new(plain: Judged) -> None:
    failing, said = checked(plain, new_only=True)

    assert failing == [standard(1), standard(2)]
    assert "all of it new, as there is no earlier snapshot to compare with." in said


def test_what_counts_is_shown_before_what_was_accepted_each_with_whether_it_is_new(
    accepted: Judged,
) -> None:
    found = Checked.of(accepted, Severity.HIGH, new_only=False, allows_unknown=False)

    assert found.shown["account_id"].tolist() == [standard(2), standard(3), standard(1)]
    assert found.added.tolist() == [False, True, True]


def test_of_several_organizations_it_names_those_that_failed() -> None:
    assert title_all([], 2) == "Passed: all 2 organizations."
    assert title_all(["o-b"], 1_200) == "Failed: 1 of 1,200 organizations: o-b."
    assert title_all(["o-a", "o-b", "o-c"], 3) == (
        "Failed: 3 of 3 organizations: o-a, o-b and o-c."
    )


def test_what_an_acceptance_matches_in_several_organizations_is_added_up() -> None:
    def entries(*accounts: int, ended: tuple[bool, bool]) -> pd.DataFrame:
        until = pd.to_datetime(["2026-11-22", "2027-01-01"], utc=True)
        said = {"owner": ["a", "b"], "reason": ["x", "y"], "until": until, "ended": ended}
        return pd.DataFrame({"entry": [2, 1], "accounts": accounts, **said})

    one, other = entries(3, 0, ended=(True, False)), entries(1, 0, ended=(False, False))

    pd.testing.assert_frame_equal(
        acceptances_of_all([one, other]), entries(4, 0, ended=(True, False)), check_like=True
    )
    pd.testing.assert_frame_equal(acceptances_of_all([one]), one, check_like=True)
