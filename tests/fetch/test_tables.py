"""One question, one table, over HTTP."""

import pytest
from emulated import Connect, FastClock, a_pair, an_organization

from toolkit.emulator import Emulator, Link, Switches
from toolkit.errors import AccessDeniedError, EndpointError, InputError, NoOrganizationError
from toolkit.fetch import fetch_accounts, fetch_caller, fetch_govcloud, fetch_links
from toolkit.schema import CallerKind

PAIRS = [a_pair(number) for number in range(10, 60)]
LINKS = (
    Link("link-aaaabbbbcccc", "LINKED", "000000000001", "000000000010", "us-east-1"),
    Link("link-ddddeeeeffff", "REJECTED", "000000000011", "000000000012", "us-east-1"),
)


def test_accounts_come_from_every_page_and_empty_pages_are_followed(way: Connect) -> None:
    organization = an_organization(*PAIRS)
    with Emulator(organization, Switches(empty_pages=True)) as emulator:
        accounts = fetch_accounts(way(emulator))
        pages = emulator.calls["ListAccounts"]
    assert list(accounts["account_id"]) == [pair["account_id"] for pair in organization.pairs()]
    assert list(accounts["ou_path"]) == [pair["ou_path"] for pair in organization.pairs()]
    assert pages > 3


def test_where_unit_names_may_not_be_read_their_ids_stand(way: Connect) -> None:
    organization = an_organization(*PAIRS)
    denied = ["DescribeOrganizationalUnit"]
    with Emulator(organization, Switches(denied_operations=denied)) as emulator:
        accounts = fetch_accounts(way(emulator))
        assert emulator.calls["DescribeOrganizationalUnit"] == 1
    (unit,) = organization.units
    assert set(accounts["ou_path"]) == {"Root", unit}


def test_accounts_cannot_be_listed_without_permission_or_organization(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
        with pytest.raises(AccessDeniedError, match="organizations:ListAccounts"):
            fetch_accounts(way(emulator, "member"))
        with pytest.raises(NoOrganizationError):
            fetch_accounts(way(emulator, "standalone"))


def test_each_given_account_has_one_row_with_its_outcome(way: Connect) -> None:
    pairs = [
        a_pair(10),
        a_pair(11, govcloud=None),
        a_pair(12),
        a_pair(13),
        a_pair(14, govcloud="X"),
    ]
    failing = {"000000000013": "424"}
    with Emulator(
        an_organization(*pairs), Switches(denied_accounts=["000000000012"], failing=failing)
    ) as emulator:
        ids = [f"{number:012}" for number in (1, 10, 11, 12, 13, 14, 99)]
        answers = fetch_govcloud(way(emulator), [*ids, ids[0]], clock=FastClock())
    assert list(answers["account_id"]) == ids
    assert list(answers["outcome"]) == [
        "NOT_LINKED",
        "FOUND",
        "NOT_LINKED",
        "ACCESS_DENIED",
        "UNAVAILABLE",
        "FOUND",
        "ACCESS_DENIED",
    ]
    assert answers["govcloud_state"].iloc[5] == "X"
    assert answers["detail"].iloc[3].startswith("AWS denied account GetGovCloudAccountInformation")


def test_the_management_account_is_asked_without_its_id(way: Connect) -> None:
    """Naming itself would be denied."""
    with Emulator(an_organization(*PAIRS)) as emulator:
        answers = fetch_govcloud(way(emulator), ["000000000001"])
    assert list(answers["outcome"]) == ["NOT_LINKED"]


def test_a_delegated_administrator_never_asks_about_the_management_account(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
        answers = fetch_govcloud(way(emulator, "delegated"), ["000000000001"])
        assert emulator.calls["GetGovCloudAccountInformation"] == 0
    assert list(answers["outcome"]) == ["NOT_QUERYABLE"]


def test_a_wrong_id_is_refused_before_anything_is_asked(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
        with pytest.raises(InputError):
            fetch_govcloud(way(emulator), ["12"])
        assert sum(emulator.calls.values()) == 0


def test_links_are_listed_in_each_region(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS, links=LINKS)) as emulator:
        links = fetch_links(way(emulator), ["us-east-1", "us-west-2"])
    assert list(links["link_id"]) == ["link-aaaabbbbcccc"]
    assert list(links["region"]) == ["us-east-1"]


def test_many_links_come_from_every_page(way: Connect) -> None:
    links = tuple(
        Link(f"link-{number:012}", "LINKED", "000000000001", f"{number:012}", "us-east-1")
        for number in range(10, 60)
    )
    with Emulator(an_organization(*PAIRS, links=links)) as emulator:
        assert len(fetch_links(way(emulator), ["us-east-1"])) == 50
        assert emulator.calls["ListAccountLinks"] == 2


def test_where_listing_links_is_denied_each_account_is_asked_about(way: Connect) -> None:
    denied = ["ListAccountLinks"]
    ids = ["000000000001", "000000000010", "000000000011"]
    with Emulator(
        an_organization(*PAIRS, links=LINKS), Switches(denied_operations=denied)
    ) as emulator:
        links = fetch_links(way(emulator), ["us-east-1"], account_ids=ids)
        assert emulator.calls["GetAccountLink"] == 2
    assert list(links["link_id"]) == ["link-aaaabbbbcccc"]


def test_a_region_that_may_not_be_asked_at_all_costs_one_look_up(way: Connect) -> None:
    ids = [f"{number:012}" for number in range(10, 60)]
    with Emulator(
        an_organization(*PAIRS, links=LINKS), Switches(denied_regions=["us-east-1"])
    ) as emulator:
        links = fetch_links(way(emulator), ["us-east-1"], account_ids=ids)
        assert emulator.calls["GetAccountLink"] == 1
    assert links.empty


def test_a_role_shows_links_the_caller_has_no_part_in(way: Connect) -> None:
    ids = ["000000000010", "000000000011", "000000000012"]
    with Emulator(an_organization(*PAIRS, links=LINKS)) as emulator:
        links = fetch_links(way(emulator), ["us-east-1"], account_ids=ids, role_name="Links")
    assert list(links["link_id"]) == ["link-aaaabbbbcccc", "link-ddddeeeeffff"]


def test_workspaces_internal_errors_are_asked_again(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS, links=LINKS), Switches(faults={"500": 0.4})) as emulator:
        links = fetch_links(way(emulator), ["us-east-1"])
    assert list(links["link_id"]) == ["link-aaaabbbbcccc"]


def test_who_is_calling_is_asked_again_when_aws_cannot_answer(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS), Switches(faults={"500": 0.3})) as emulator:
        assert fetch_caller(way(emulator)).kind is CallerKind.MANAGEMENT


def test_an_address_where_nobody_listens_is_told_at_once(way: Connect) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
        aws = way(emulator)
    with pytest.raises(EndpointError, match="it could not be reached"):
        fetch_caller(aws)
