"""The synthetic organization: a pure function of seed, size and day that tells one story."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from toolkit.emulator import REFERENCE_DAY, Account, Emulator, Link, Organization, make_organization
from toolkit.emulator.names import HOSTILE
from toolkit.emulator.organization import LINK_STATUSES
from toolkit.errors import InputError

ROOT = Path(__file__).parents[2]
STANDARD = {"PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"}
GOVCLOUD = STANDARD - {"PENDING_CLOSURE"}
EVERY_COMBINATION = {(standard, govcloud) for standard in STANDARD for govcloud in GOVCLOUD}
WEEKS = [REFERENCE_DAY - timedelta(weeks=week) for week in range(9, -1, -1)]


def linked(organization: Organization) -> list[dict[str, Any]]:
    return [pair for pair in organization.pairs() if pair["govcloud_account_id"]]


def mismatching(organization: Organization) -> list[dict[str, Any]]:
    return [p for p in linked(organization) if p["standard_state"] != p["govcloud_state"]]


def combinations(organization: Organization) -> set[tuple[str, str]]:
    return {(p["standard_state"], p["govcloud_state"]) for p in linked(organization)}


def by_id(organization: Organization) -> dict[str, dict[str, Any]]:
    return {pair["account_id"]: pair for pair in organization.pairs()}


def test_two_runs_agree_and_so_do_two_processes() -> None:
    program = (
        "from toolkit.emulator import make_organization as make; import hashlib;"
        "o = make(200, 5); print(hashlib.sha256(repr((o.pairs(), o.links(), o.organization_id,"
        "list(o.units))).encode()).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
    assert make_organization(200, 5).pairs() == make_organization(200, 5).pairs()


def test_another_seed_is_another_company() -> None:
    one, other = make_organization(50, 1), make_organization(50, 2)

    assert one.organization_id != other.organization_id
    assert set(by_id(one)) & set(by_id(other)) == {"111111111111", "222222222222"}


@pytest.mark.parametrize("accounts", [1, 2, 3, 4, 5, 20, 99, 100, 500])
@pytest.mark.parametrize("day", [REFERENCE_DAY, date(2024, 2, 29), date(2031, 1, 1)])
def test_the_number_of_accounts_is_exact_on_every_day(accounts: int, day: date) -> None:
    organization = make_organization(accounts, day=day)

    assert len(by_id(organization)) == accounts
    assert organization.management_account_id in by_id(organization)


@pytest.mark.parametrize("accounts", [4, 10, 100, 301])
def test_the_reference_pages_accounts_are_in_every_organization(accounts: int) -> None:
    pairs = by_id(make_organization(accounts))

    assert pairs["111111111111"]["govcloud_account_id"] == "123456789012"
    assert pairs["111111111111"]["govcloud_state"] == "ACTIVE"
    assert pairs["222222222222"]["govcloud_account_id"] is None


@pytest.mark.parametrize("accounts", [100, 101, 150, 300])
@pytest.mark.parametrize("seed", [1, 7])
def test_every_combination_of_states_is_present_from_a_hundred_accounts_on(
    accounts: int, seed: int
) -> None:
    for back in range(0, 400, 37):
        organization = make_organization(accounts, seed, REFERENCE_DAY - timedelta(days=back))

        assert combinations(organization) == EVERY_COMBINATION


@pytest.mark.parametrize("accounts", [100, 300, 1000])
def test_about_seventy_in_a_hundred_are_linked_and_most_of_them_match(accounts: int) -> None:
    organization = make_organization(accounts)

    assert len(linked(organization)) == pytest.approx(0.7 * accounts, abs=2)
    assert len(mismatching(organization)) < 0.3 * len(linked(organization))


def test_the_demo_has_a_few_critical_pairs_among_some_that_mismatch() -> None:
    organization = make_organization(300)
    critical = [p for p in mismatching(organization) if p["standard_state"] == "CLOSED"]

    assert 0.1 < len(mismatching(organization)) / len(linked(organization)) < 0.18
    assert 1 < sum(pair["govcloud_state"] == "ACTIVE" for pair in critical) < 8


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_a_clean_up_takes_away_about_a_third_of_the_mismatches_in_five_weeks(seed: int) -> None:
    counts = [len(mismatching(make_organization(1000, seed, day))) for day in WEEKS]

    assert 0.55 < counts[-1] / counts[0] < 0.8
    assert max(counts[:5]) - min(counts[:5]) < 0.12 * counts[0]
    assert counts[-1] < counts[-3] < counts[-5]


def test_states_change_only_as_accounts_do_in_life() -> None:
    """Closed accounts stay closed for at most 90 days, then vanish and never come back."""
    closed_for = Counter()
    gone = set()
    days = [REFERENCE_DAY - timedelta(days=back) for back in range(250, -1, -1)]
    organizations = [by_id(make_organization(150, day=day)) for day in days]
    for before, after in pairwise(organizations):
        gone |= set(before) - set(after)
        assert not gone & set(after)
        for account_id in set(before) - set(after):
            assert before[account_id]["standard_state"] == "CLOSED"
        for account_id, pair in after.items():
            old = before.get(account_id)
            closed_for[account_id] += pair["standard_state"] == "CLOSED"
            if old is None:
                continue
            assert old["name"] == pair["name"]
            assert old["joined_at"] == pair["joined_at"]
            assert old["ou_path"] == pair["ou_path"]
            if old["standard_state"] == "CLOSED":
                assert pair["standard_state"] == "CLOSED"
            if pair["standard_state"] == "CLOSED":
                assert old["standard_state"] in {"PENDING_CLOSURE", "CLOSED"}
            if pair["govcloud_account_id"]:
                assert pair["govcloud_account_id"] == old["govcloud_account_id"]

    assert gone
    assert max(closed_for.values()) == 90


def test_new_accounts_join_with_their_day() -> None:
    before = by_id(make_organization(300, day=WEEKS[0]))
    joined = [pair for key, pair in by_id(make_organization(300)).items() if key not in before]

    assert joined
    for pair in joined:
        assert WEEKS[0] < pair["joined_at"].date() <= REFERENCE_DAY


def test_ids_are_twelve_digits_some_with_leading_zeros_and_pairs_are_one_to_one() -> None:
    organization = make_organization(1000)
    standard = [pair["account_id"] for pair in organization.pairs()]
    govcloud = [pair["govcloud_account_id"] for pair in linked(organization)]

    for ids in (standard, govcloud):
        assert all(len(each) == 12 and each.isdecimal() for each in ids)
        assert len(set(ids)) == len(ids)
    assert sum(each.startswith("0") for each in standard) > 10
    assert organization.management_account_id.startswith("0")


def test_units_are_a_tree_like_a_real_companys() -> None:
    organization = make_organization(300)
    paths = {pair["ou_path"] for pair in organization.pairs()}

    assert 12 <= len(paths) <= 18
    assert "Workloads/Production" in paths
    assert {path.count("/") for path in paths} == {0, 1}
    assert organization.pairs()[0]["ou_path"] == "Root"


def test_names_and_addresses_are_unlike() -> None:
    pairs = make_organization(5000).pairs()

    assert len({pair["name"] for pair in pairs}) == 5000
    assert len({pair["email"] for pair in pairs}) == 5000
    assert all(pair["email"].endswith("@example.com") for pair in pairs)


@pytest.mark.parametrize("accounts", [100, 300, 1000])
def test_links_show_every_status_in_both_regions_and_some_ends_outside(accounts: int) -> None:
    organization = make_organization(accounts)
    known = set(by_id(organization))
    links = organization.links()

    assert {(link["region"], link["link_status"]) for link in links} == {
        (region, status) for region in ("us-east-1", "us-west-2") for status in LINK_STATUSES
    }
    ends = [{link["source_account_id"], link["target_account_id"]} for link in links]
    assert any(end - known for end in ends)
    states = {key: pair["standard_state"] for key, pair in by_id(organization).items()}
    assert any(states.get(each) == "SUSPENDED" for end in ends for each in end)
    assert all(end & known for end in ends)
    assert all(len(end) == 2 for end in ends)
    assert len({link["link_id"] for link in links}) == len(links)


def test_links_stay_and_only_their_status_changes() -> None:
    weeks = [
        {link.pop("link_id"): link for link in make_organization(1000, day=day).links()}
        for day in WEEKS
    ]
    changed = 0
    for before, after in pairwise(weeks):
        assert set(before) == set(after)
        for link_id, link in after.items():
            changed += before[link_id]["link_status"] != link["link_status"]
            assert before[link_id] | {"link_status": ""} == link | {"link_status": ""}

    assert changed


def test_a_day_before_the_story_and_an_empty_organization_are_refused() -> None:
    with pytest.raises(InputError, match="begins on 2020-01-01"):
        make_organization(10, day=date(2019, 12, 31))
    with pytest.raises(InputError, match="at least its management account"):
        make_organization(0)
    with pytest.raises(InputError, match="at least its management account"):
        Organization([])


def test_hostile_names_cross_the_wire_as_they_are(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(40, names="hostile")) as emulator:
        organizations = client(emulator, "organizations")
        told = [
            account["Name"]
            for page in organizations.get_paginator("list_accounts").paginate()
            for account in page["Accounts"]
        ]

    assert told == [pair["name"] for pair in emulator.organization.pairs()]
    assert set(HOSTILE) <= set(told)
    assert {unit.name for unit in emulator.organization.units.values()} <= set(HOSTILE)


def test_an_organization_given_by_hand_is_answered_as_it_is(client: Callable[..., Any]) -> None:
    """Also a state that no vocabulary has: what reads it must keep it."""
    joined = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    organization = Organization(
        [
            Account("000000000001", "boss"),
            Account("000000000002", "audit", unit=("Security", "Audit")),
            Account(
                "000000000042", "odd", "HIBERNATED", "000000000043", "FROZEN", joined_at=joined
            ),
        ],
        [Link("link-12345678", "ODD", "000000000001", "999999999999", "eu-west-1")],
    )
    with Emulator(organization) as emulator:
        pair = client(emulator, "account").get_gov_cloud_account_information(
            StandardAccountId="000000000042"
        )
        accounts = client(emulator, "organizations").list_accounts()["Accounts"]
        links = client(emulator, "workspaces", region="eu-west-1").list_account_links()
        identity = client(emulator, "sts", key="delegated").get_caller_identity()

    assert pair["GovCloudAccountId"] == "000000000043"
    assert pair["AccountState"] == "FROZEN"
    assert accounts[2]["State"] == "HIBERNATED"
    assert accounts[2]["JoinedTimestamp"] == joined
    assert links["AccountLinks"][0]["AccountLinkStatus"] == "ODD"
    assert identity["Account"] == organization.delegated_account_id == "000000000002"
    assert organization.pairs()[1]["ou_path"] == "Security/Audit"


@pytest.mark.parametrize("accounts", [0, 1_000_001])
def test_an_impossible_size_is_one_sentence(accounts: int) -> None:
    with pytest.raises(InputError):
        make_organization(accounts)
