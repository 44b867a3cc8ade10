"""What the two partitions of a made-up company tell of each other: every finding, on every day."""

import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from toolkit.emulator import REFERENCE_DAY, Organization, make_organization
from toolkit.emulator.names import HOSTILE
from toolkit.emulator.shapes import operation_model, violations

WEEKS_BEFORE = range(1, 10)


def findings(today: Organization, before: list[Organization]) -> dict[str, list[tuple[Any, ...]]]:
    """Find them by hand from the truths of a day and of the weeks before, one row an account."""
    pairs = [pair for pair in today.pairs() if pair["govcloud_account_id"]]
    paired = {pair["govcloud_account_id"]: pair for pair in pairs}
    listed = {pair["account_id"]: pair for pair in today.pairs()}
    members = {row["govcloud_account_id"]: row["state"] for row in today.witness()}
    earlier = {
        pair["govcloud_account_id"]: pair
        for day in before
        for pair in day.pairs()
        if pair["govcloud_account_id"]
    }
    ordered = {
        row["govcloud_account_id"]: listed[row["account_id"]]
        for row in today.created()
        if row["state"] == "SUCCEEDED"
        and row["govcloud_account_id"]
        and row["account_id"] in listed
        and listed[row["account_id"]]["govcloud_account_id"] != row["govcloud_account_id"]
    }
    found: dict[str, list[tuple[Any, ...]]] = {
        "CREATED_BUT_NOT_PAIRED": [(key, pair["name"]) for key, pair in ordered.items()]
    }
    for key, pair in paired.items():
        state = members.get(key)
        if state is None:
            finding = (
                "AGREE" if pair["govcloud_state"] == "CLOSED" else "NOT_IN_GOVCLOUD_ORGANIZATION"
            )
        else:
            finding = "AGREE" if state == pair["govcloud_state"] else "STATE_DISAGREES"
        found.setdefault(finding, []).append((pair["govcloud_state"], state))
    for key, state in members.items():
        if key in paired or key in ordered:
            continue
        finding = "PAIR_LEFT_LIST" if key in earlier else "WITHOUT_PAIR"
        last_seen = earlier.get(key, {}).get("standard_state")
        found.setdefault(finding, []).append((last_seen, state))
    return found


DAYS = [REFERENCE_DAY, date(2026, 9, 20), date(2027, 3, 1), date(2024, 2, 29)]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(("accounts", "seed"), [(300, 7), (300, 2), (1000, 7)])
def test_every_finding_is_there_at_least_three_times_on_every_day(
    accounts: int, seed: int, day: date
) -> None:
    before = [
        make_organization(accounts, seed, day - timedelta(weeks=week)) for week in WEEKS_BEFORE
    ]
    found = findings(make_organization(accounts, seed, day), before)
    agreeing = found.pop("AGREE")

    assert len(agreeing) > 0.9 * 0.7 * accounts
    assert {("ACTIVE", "ACTIVE"), ("CLOSED", "CLOSED"), ("CLOSED", None)} <= set(agreeing)
    assert {finding: len(rows) for finding, rows in found.items() if len(rows) < 3} == {}
    assert found.keys() == {
        "STATE_DISAGREES",
        "NOT_IN_GOVCLOUD_ORGANIZATION",
        "WITHOUT_PAIR",
        "PAIR_LEFT_LIST",
        "CREATED_BUT_NOT_PAIRED",
    }
    assert set(found["STATE_DISAGREES"]) == {
        ("ACTIVE", "SUSPENDED"),
        ("ACTIVE", "PENDING_CLOSURE"),
        ("SUSPENDED", "ACTIVE"),
    }
    running = [row for row in found["PAIR_LEFT_LIST"] if row[1] == "ACTIVE"]
    assert len(running) > len(found["PAIR_LEFT_LIST"]) / 2
    # left while all was well, and closed ninety days ago
    assert {last_seen for last_seen, _ in found["PAIR_LEFT_LIST"]} == {"ACTIVE", "CLOSED"}


def test_findings_come_and_go_over_the_weeks_of_the_demo() -> None:
    organizations = [
        make_organization(day=REFERENCE_DAY - timedelta(weeks=week)) for week in range(18, -1, -1)
    ]
    weeks = [findings(organizations[at], organizations[at - 9 : at]) for at in range(9, 19)]

    for finding in ("STATE_DISAGREES", "PAIR_LEFT_LIST"):
        assert len({tuple(week[finding]) for week in weeks}) > 1
    assert all(len(rows) >= 3 for week in weeks for rows in week.values())


def test_who_left_is_a_member_for_nine_weeks_and_then_forgotten() -> None:
    today = make_organization()
    here = {pair["account_id"] for pair in today.pairs()}
    members = {row["govcloud_account_id"] for row in today.witness()}

    def left_since(days: int) -> set[str]:
        """Give the GovCloud ids of who was there that day, running, and is not any more."""
        return {
            pair["govcloud_account_id"]
            for pair in make_organization(day=REFERENCE_DAY - timedelta(days=days)).pairs()
            if pair["account_id"] not in here and pair["govcloud_state"] == "ACTIVE"
        }

    assert len(left_since(63) & members) >= 3
    assert left_since(63) <= members
    assert not (left_since(200) - left_since(63)) & members


@pytest.mark.parametrize("accounts", [1, 2, 5, 60, 120])
def test_a_smaller_organization_has_both_partitions_too(accounts: int) -> None:
    organization = make_organization(accounts)
    pairs = organization.pairs()

    assert organization.witness()[0]["govcloud_account_id"] == pairs[0]["govcloud_account_id"]
    for truth in ("created", "closures", "tags", "spend", "contacts"):
        assert isinstance(getattr(organization, truth)(), list)


def test_two_members_never_have_one_id() -> None:
    for week in (0, 9):
        organization = make_organization(1000, day=REFERENCE_DAY - timedelta(weeks=week))
        ids = [row["govcloud_account_id"] for row in organization.witness()]

        assert len(set(ids)) == len(ids)
        assert not set(ids) & {pair["account_id"] for pair in organization.pairs()}


def test_requests_end_as_they_should_and_are_one_an_account() -> None:
    organization = make_organization()
    created = organization.created()
    states = Counter(row["state"] for row in created)
    listed = {pair["account_id"]: pair for pair in organization.pairs()}

    assert states["SUCCEEDED"] > 30
    assert states["FAILED"] == 4
    assert states["IN_PROGRESS"] >= 1
    assert len({row["request_id"] for row in created}) == len(created)
    for row in created:
        assert re.fullmatch("car-[a-z0-9]{8,32}", row["request_id"])
        assert (row["failure_reason"] is not None) == (row["state"] == "FAILED")
        assert (row["completed_at"] is None) == (row["state"] == "IN_PROGRESS")
        assert (row["account_id"] is None) == (row["state"] != "SUCCEEDED")
        assert row["requested_at"] < organization.now
        if row["account_id"]:
            assert listed[row["account_id"]]["joined_at"] == row["completed_at"]
            assert listed[row["account_id"]]["joined_method"] == "CREATED"


def test_a_request_may_name_another_govcloud_account_than_the_pair_has_or_none() -> None:
    organization = make_organization()
    listed = {pair["account_id"]: pair for pair in organization.pairs()}
    unlike = [
        (row["govcloud_account_id"], listed[row["account_id"]]["govcloud_account_id"])
        for row in organization.created()
        if row["govcloud_account_id"]
        and listed[row["account_id"]]["govcloud_account_id"] != row["govcloud_account_id"]
    ]

    assert sum(paired is not None for _, paired in unlike) == 1
    assert sum(paired is None for _, paired in unlike) >= 3


def test_a_request_under_way_becomes_the_account_that_comes() -> None:
    waiting = {
        row["request_id"]: row
        for row in make_organization().created()
        if row["state"] == "IN_PROGRESS"
    }
    later = make_organization(day=REFERENCE_DAY + timedelta(days=20)).created()
    came = {row["request_id"]: row for row in later if row["state"] == "SUCCEEDED"}

    assert waiting.keys() <= came.keys()
    for request_id, row in waiting.items():
        assert (came[request_id]["name"], came[request_id]["requested_at"]) == (
            row["name"],
            row["requested_at"],
        )


def test_whoever_is_closed_or_closing_has_its_closure_where_that_began() -> None:
    organization = make_organization()
    closures = {row["account_id"]: row["closed_at"] for row in organization.closures()}
    closing = {
        pair["account_id"]: pair["standard_state"]
        for pair in organization.pairs()
        if pair["standard_state"] in {"CLOSED", "PENDING_CLOSURE"}
    }

    @cache
    def states(day: date) -> dict[str, str]:
        pairs = make_organization(day=day).pairs()
        return {pair["account_id"]: pair["standard_state"] for pair in pairs}

    assert closures.keys() == closing.keys()
    for account_id, at in closures.items():
        assert at.hour < 2  # a day's snapshot is taken after it
        assert states(at.date())[account_id] == closing[account_id]
        the_day_before = states(at.date() - timedelta(days=1))
        assert the_day_before[account_id] != closing[account_id]
    assert {one.state for one in organization.closures_shown} == {"SUCCEEDED", "FAILED"}


def test_most_accounts_have_tags_and_some_have_odd_ones() -> None:
    tags = make_organization(1000).tags()
    keys = Counter(row["key"] for row in tags)

    assert 0.85 < len({row["account_id"] for row in tags}) / 1000 < 0.98
    assert keys.keys() == {"owner", "Owner", "stage", "cost-center"}
    assert keys["owner"] > 800 > keys["cost-center"] > 500
    assert {" ", ""} <= {row["value"] for row in tags}
    hostile = make_organization(60, names="hostile").tags()
    assert "=1+1" in {row["value"] for row in hostile}
    assert set(HOSTILE) & {row["value"] for row in hostile}


def test_spend_is_little_for_most_and_much_for_a_few_and_a_month_stays_as_it_is() -> None:
    organization = make_organization()
    spend = organization.spend()
    linked = {pair["account_id"] for pair in organization.pairs() if pair["govcloud_account_id"]}
    usual = sorted(row["amount"] for row in spend if row["unit"] == "USD")
    abroad = {row["account_id"] for row in spend if row["unit"] != "USD"}

    assert {row["month"] for row in spend} == {"2026-08", "2026-09", "2026-10"}
    assert len({row["account_id"] for row in spend} & linked) > 0.75 * len(linked)
    # whom nobody lists any more, but who is billed
    assert {row["account_id"] for row in spend} - {p["account_id"] for p in organization.pairs()}
    assert usual[len(usual) // 2] < 500
    assert usual[-5] > 5000
    assert abroad == {organization.delegated_account_id}
    assert not any(row["is_estimated"] for row in spend)
    week_later = make_organization(day=REFERENCE_DAY + timedelta(days=7)).spend()
    assert week_later == spend
    early = make_organization(day=date(2026, 11, 3)).spend()
    assert {row["month"] for row in early if row["is_estimated"]} == {"2026-10"}


def test_contacts_are_for_bills_mostly() -> None:
    organization = make_organization(1000)
    contacts = organization.contacts()
    kinds = Counter(row["contact_type"] for row in contacts)

    assert kinds["BILLING"] > 800 > kinds["OPERATIONS"] > kinds["SECURITY"] > 250
    assert 0 < 1000 - len({row["account_id"] for row in contacts}) < 150
    assert all(row["email"].endswith("@example.com") for row in contacts)


@pytest.mark.parametrize("names", ["company", "hostile"])
def test_what_is_made_is_as_awss_models_want_it(names: Any) -> None:
    organization = make_organization(300, names=names)
    contact = operation_model("account", "GetAlternateContact").output_shape.members
    tagged = operation_model("resourcegroupstaggingapi", "GetResources").output_shape.members
    tag = tagged["ResourceTagMappingList"].member.members["Tags"]

    for row in organization.contacts():
        told = {
            "Name": row["name"],
            "Title": row["title"],
            "EmailAddress": row["email"],
            "PhoneNumber": row["phone"],
            "AlternateContactType": row["contact_type"],
        }
        assert list(violations(contact["AlternateContact"], told)) == []
    tags = [{"Key": row["key"], "Value": row["value"]} for row in organization.tags()]
    assert list(violations(tag, tags)) == []


def test_nothing_of_it_is_made_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("members", "creations", "closures", "tags", "spend", "contacts"):
        monkeypatch.setattr(
            f"toolkit.emulator.story.make_{name}",
            lambda *_, name=name: asked.append(name) or [],
        )
    organization = make_organization(60)
    assert asked == []

    organization.tags()
    organization.tags()

    assert asked == ["tags"]
