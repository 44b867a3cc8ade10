"""What a policy changes, and what became of its acceptances, in sentences."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from toolkit.titles import entry_in_words, policy_in_words, stale_in_words
from toolkit.verdicts import Policy, load_policy

ACCEPTED = """
[[accepted]]
{of}
standard = "CLOSED"
govcloud = "ACTIVE"
reason = "Known"
owner = "ops"
until = {until}
"""
BY_ID = 'accounts = ["000000000001", "000000000002"]'


def policy_of(text: str, folder: Path) -> Policy:
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path, today=date(2026, 11, 26))


def accepted(of: str = BY_ID, until: str = "2027-03-31") -> str:
    return ACCEPTED.format(of=of, until=until)


def test_a_policy_that_changes_nothing_says_so() -> None:
    assert policy_in_words(Policy()) == [
        "It changes none of 80 rules.",
        "It accepts nothing.",
        "Owners are known by the tag owner.",
    ]


def test_each_rule_that_differs_is_named_with_what_it_is_now(tmp_path: Path) -> None:
    text = """
rules = [
  {standard = "SUSPENDED", govcloud = "CLOSED", severity = "HIGH"},
  {standard = "CLOSED", govcloud = "ACTIVE", grace_days = 1},
  {standard = "PENDING_CLOSURE", govcloud = "CLOSED", verdict = "MATCH"},
]
link_rules = [{status = "LINKING_FAILED", ends = "OUTSIDE", severity = "NONE"}]
reconcile = [{finding = "WITHOUT_PAIR", state = "ACTIVE", severity = "CRITICAL"}]
"""
    [rules, *_] = policy_in_words(policy_of(text, tmp_path))
    assert rules == (
        "ours.toml changes 5 of 80 rules: Suspended → Closed (high), Pending closure → Closed"
        " (match), Closed → Active (critical, 1 day of grace), link Linking failed → Outside"
        " (none) and finding Without pair → Active (critical)."
    )


def test_of_many_rules_the_first_are_named(tmp_path: Path) -> None:
    states = ("PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "UNKNOWN")
    rows = [f'[[left_behind]]\ngovcloud = "{state}"\naction = "Ask us."\n' for state in states]
    rows += [
        f'[[link_rules]]\nstatus = "LINKED"\nends = "{ends}"\nmeaning = "Ours."\n'
        for ends in ("BOTH_ACTIVE", "NOT_ACTIVE", "OUTSIDE")
    ]
    [rules, *_] = policy_in_words(policy_of("".join(rows), tmp_path))
    assert rules.startswith("ours.toml changes 7 of 80 rules: link Linked → Both active (none), ")
    assert rules.endswith(
        "left behind Pending activation (medium), left behind Active (critical) and 2 more."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (accepted(), "It has 1 acceptance of 2 accounts by id, until 31 March 2027."),
        (accepted("ou = 'Retired'"), "It has 1 acceptance, until 31 March 2027."),
        (
            accepted() + accepted(until="2026-12-01"),
            (
                "It has 2 acceptances of 2 accounts by id: the first until 1 December 2026, the"
                " last until 31 March 2027."
            ),
        ),
    ],
)
def test_acceptances_are_counted_with_their_days(text: str, said: str, tmp_path: Path) -> None:
    assert policy_in_words(policy_of(text, tmp_path))[1] == said


def test_it_is_said_how_owners_are_known(tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("ou_path,owner\nRetired,ops\n", encoding="utf-8")
    both = policy_of('owner_tag = "team\\u001b"\nowners = "owners.csv"', tmp_path)
    assert policy_in_words(both)[2] == (
        "Owners are known by the tag team\N{REPLACEMENT CHARACTER} and a list of 1 account or unit."
    )


def entry(number: int, accounts: int, *, ended: bool = False) -> dict[str, object]:
    until = pd.Timestamp("2026-12-01T00:00Z")
    names = ("entry", "accounts", "owner", "reason", "until", "ended")
    return dict(zip(names, (number, accounts, "o\x1bps", "Known", until, ended), strict=True))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (entry(1, 1), "matches 1 account, until 1 December 2026."),
        (entry(1, 1200), "matches 1,200 accounts, until 1 December 2026."),
        (entry(1, 0), "matches nothing, until 1 December 2026."),
        (entry(1, 2, ended=True), "ended on 1 December 2026, and still matches 2 accounts."),
        (entry(1, 0, ended=True), "ended on 1 December 2026, and matches nothing."),
    ],
)
def test_of_an_acceptance_it_is_said_what_became_of_it(row: dict[str, object], said: str) -> None:
    who = "(o\N{REPLACEMENT CHARACTER}ps)"
    assert entry_in_words(row) == f"Acceptance 1 {who} {said}"
    assert entry_in_words(row, "That on line 7") == f"That on line 7 {who} {said}"


def test_only_acceptances_that_do_nothing_are_told_and_many_are_counted() -> None:
    assert stale_in_words(pd.DataFrame([entry(1, 3), entry(2, 0), entry(3, 1, ended=True)])) == [
        entry_in_words(entry(2, 0)),
        entry_in_words(entry(3, 1, ended=True)),
    ]
    many = stale_in_words(pd.DataFrame([entry(number, 0) for number in range(1, 14)]))
    assert len(many) == 11
    assert many[-1] == "3 more match nothing or have ended."
    assert stale_in_words(pd.DataFrame([entry(1, 3)])) == []
