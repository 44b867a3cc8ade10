"""The message: what it counts and names, and what it never lets through."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from alerted import accepting, an_organization, govcloud, judged, standard
from reported import HOSTILE

from toolkit.alerts import Message, findings, first_message, news, news_message, trouble_message
from toolkit.alerts.message import MOST, plain
from toolkit.schema import OWNERS, coerce
from toolkit.store import Snapshot
from toolkit.verdicts import Judged, Policy

FINE, CRITICAL = ("ACTIVE", "ACTIVE"), ("CLOSED", "ACTIVE")


def between(before: Snapshot, after: Snapshot, policy: Policy | None = None) -> Message:
    """Return what is told of the second snapshot to whoever was told of the first."""
    old, now = judged(before, policy=policy), judged(before, after, policy=policy)
    return news_message(news(findings(old), findings(now), now), before.taken, now)


def test_the_first_message_tells_how_it_stands_and_what_is_worst() -> None:
    before = an_organization("2026-11-15", {1: FINE, 2: CRITICAL, 3: CRITICAL})
    now = judged(before, an_organization("2026-11-22", {1: FINE, 2: CRITICAL}))

    assert first_message(findings(now), now).text == (
        "1 of 2 linked pairs disagrees, critically; 1 GovCloud account was left behind\n"
        f"- Critical, left behind: account 3 ({standard(3)}, GovCloud {govcloud(3)}),"
        " Closed → Active, last listed 15 November 2026\n"
        f"- Critical, mismatch: account 2 ({standard(2)}, GovCloud {govcloud(2)}),"
        " Closed → Active, at least since the snapshot of 15 November 2026\n"
        "As of 22 November 2026, 03:00 UTC, of 2 standard accounts, by this toolkit's own rules;"
        " organization o-test."
    )


@pytest.fixture(scope="module")
def well() -> Judged:
    """An organization in which all is well."""
    return judged(an_organization("2026-11-22", {1: FINE}))


def test_where_all_is_well_the_first_message_says_so(well: Judged) -> None:
    assert first_message(findings(well), well).headline == "The only linked pair agrees"


@pytest.fixture(scope="module")
def week() -> Message:
    """What is told of a week in which each of four accounts does something else."""
    before = an_organization(
        "2026-11-15",
        {1: FINE, 2: CRITICAL, 3: ("ACTIVE", "CLOSED"), 4: ("ACTIVE", "SUSPENDED"), 5: FINE},
    )
    after = an_organization(
        "2026-11-22", {1: FINE, 3: ("ACTIVE", "SUSPENDED"), 4: FINE, 5: FINE}, failed=[5]
    )
    return between(before, after)


def test_news_are_counted_in_the_headline_and_named_below_it_worst_first(week: Message) -> None:
    assert week.headline == (
        "1 GovCloud account left behind, 1 worse, 1 account could no longer be judged and"
        " 1 resolved since 15 November 2026, 03:00 UTC"
    )
    assert [line.split(" (")[0] for line in week.lines[:4]] == [
        "- Critical, left behind: account 2",
        "- Medium → high, mismatch: account 3",
        "- Could not be judged: account 5",
        "- Resolved mismatch",
    ]
    assert "(was high): account 4" in week.lines[3]
    assert week.lines[4] == (
        "1 of 3 linked pairs disagrees, not critically; 1 GovCloud account was left behind."
    )


def test_programs_are_given_the_figures_and_what_happened(week: Message) -> None:
    content = week.content

    assert content["organization"] == "o-test"
    assert content["snapshot"] == "o-test/2026-11-22T03-00-00Z"
    figures = {name: content["figures"][name] for name in ("accounts", "mismatches", "high")}
    assert figures == {"accounts": 4, "mismatches": 1, "high": 1}
    happened = ["LEFT_BEHIND", "WORSE", "LOST_SIGHT", "RESOLVED"]
    assert [one["news"] for one in content["news"]] == happened
    assert content["news"][1] == {
        "news": "WORSE",
        "kind": "MISMATCH",
        "severity": "HIGH",
        "was": "MEDIUM",
        "account_id": standard(3),
        "govcloud_account_id": govcloud(3),
        "standard_state": "ACTIVE",
        "govcloud_state": "SUSPENDED",
        "name": "account 3",
        "since": "2026-11-22T03:00:00+00:00",
    }


def test_new_findings_by_reconciling_are_counted_apart_from_mismatches() -> None:
    before = an_organization("2026-11-15", {1: FINE, 2: FINE}, members={1: "ACTIVE", 2: "ACTIVE"})
    after = an_organization(
        "2026-11-22",
        {1: FINE, 2: ("ACTIVE", "SUSPENDED")},
        members={1: "ACTIVE", 2: "SUSPENDED", 7: "ACTIVE"},
    )

    message = between(before, after)
    assert f"- High, new, without pair: gov 7 (GovCloud {govcloud(7)}), Active" in message.lines
    assert message.headline == (
        "1 new mismatch and 1 new finding by reconciling since 15 November 2026, 03:00 UTC"
    )


def test_govcloud_is_written_as_it_is_everywhere() -> None:
    now = judged(an_organization("2026-11-22", {1: FINE}, members={}))

    assert (
        first_message(findings(now), now)
        .lines[0]
        .startswith("- High, not in GovCloud organization: account 1 (")
    )


@pytest.fixture(scope="module")
def hostile() -> Message:
    """What is told of fifteen accounts whose names try to be something else."""
    names = dict(enumerate(HOSTILE, 1))
    now = judged(an_organization("2026-11-22", dict.fromkeys(names, CRITICAL), names=names))
    return first_message(findings(now), now)


def test_ten_are_named_and_the_others_counted(hostile: Message) -> None:
    assert all("Critical, mismatch" in line and "(1" in line for line in hostile.lines[:MOST])
    assert hostile.lines[MOST] == "- and 5 more"
    assert (len(hostile.content["news"]), hostile.content["more"]) == (10, 5)


def test_it_names_no_address_and_nobody_who_answers_for_an_account() -> None:
    owners = coerce(OWNERS, [{"account_id": standard(1), "owner": "jane.doe@example.com"}])
    policy = accepting(1, *CRITICAL, until="2026-11-20", owners=owners)
    names = {1: "sandbox of john.roe@example.com and friends"}
    before = an_organization("2026-11-15", {1: CRITICAL}, names=names)
    after = an_organization("2026-11-22", {1: CRITICAL}, names=names)

    message = between(before, after, policy)

    assert message.headline == "1 acceptance ended since 15 November 2026, 03:00 UTC"
    assert "- Critical, acceptance ended, mismatch: sandbox of ‹e-mail› and friends" in message.text
    for text in (message.text, json.dumps(message.content)):
        assert "@" not in text
        assert "jane" not in text
        assert "finops" not in text
        assert "owner" not in text


def test_it_names_owners_where_the_policy_says_so() -> None:
    owners = coerce(OWNERS, [{"account_id": standard(1), "owner": "Team Ledger"}])
    now = judged(
        an_organization("2026-11-22", {1: CRITICAL}),
        policy=Policy(owners=owners, names_owners_in_notices=True),
    )

    message = first_message(findings(now), now)

    assert message.lines[0].endswith(", owner Team Ledger")
    assert message.content["news"][0]["owner"] == "Team Ledger"
    quiet = replace(now.policy, names_owners_in_notices=False)
    silent = first_message(findings(now), replace(now, policy=quiet))
    assert "Ledger" not in silent.text + json.dumps(silent.content)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<!channel> @here", "‹!channel› ＠here"),
        ("[free](https://evil.example/x)", "(free)(https∶//evil.example/x)"),
        ("*b* `rm -rf` <b>x</b>", "∗b∗ 'rm -rf' ‹b›x‹/b›"),
        ("two\nlines\r\nand \x1b[31mred", "two lines and \N{REPLACEMENT CHARACTER}(31mred"),
        ("jane@example.com", "‹e-mail›"),
        ("a" * 60 + "jane.doe-from-accounting@example.com", "‹e-mail›"),
        ("ledger_prod-1", "ledger_prod-1"),
    ],
)
def test_a_name_is_one_line_that_is_obeyed_by_nothing(name: str, shown: str) -> None:
    assert plain(name) == shown


def test_hostile_names_stay_one_line_each(hostile: Message) -> None:
    assert len(hostile.text.splitlines()) == 1 + MOST + 2
    assert hostile.text.isprintable() is False  # it has line breaks
    assert all(line.isprintable() for line in hostile.text.split("\n"))
    assert json.loads(json.dumps(hostile.content))["text"] == hostile.text


def test_what_went_wrong_stands_first_where_nothing_else_is_news(well: Judged) -> None:
    nothing = findings(well).head(0).assign(news="", was=None)

    message = news_message(nothing, pd.Timestamp("2026-11-22", tz="UTC"), well, ["It broke"])

    assert message.text.splitlines()[:2] == ["It broke", "The only linked pair agrees."]
    assert trouble_message("o-test", ["It broke"]).text == "It broke\nOrganization o-test."
