"""Each call, and what the analyst gets for each error that AWS models."""

import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.emulator import Emulator, Link, Switches
from toolkit.errors import (
    AccessDeniedError,
    CredentialsError,
    EndpointError,
    InputError,
    NoOrganizationError,
    NotFoundError,
    RequestInvalidError,
    ThrottledError,
    UnavailableError,
)
from toolkit.schema import CallerKind

LINK = Link("link-aaaabbbbcccc", "LINKED", "000000000001", "000000000010", "us-east-1")
ORGANIZATION = an_organization(
    a_pair(10), a_pair(11, govcloud=None), a_pair(12, "SUSPENDED"), links=(LINK,)
)


@pytest.mark.parametrize(
    ("key", "kind", "account_id"),
    [
        ("management", CallerKind.MANAGEMENT, "000000000001"),
        ("delegated", CallerKind.DELEGATED, "000000000002"),
        ("member", CallerKind.MEMBER, "000000000010"),
    ],
)
def test_the_caller_is_what_it_is_in_its_organization(
    way: Connect, key: str, kind: CallerKind, account_id: str
) -> None:
    with Emulator(ORGANIZATION) as emulator:
        caller = way(emulator, key).caller()
    assert (caller.kind, caller.account_id) == (kind, account_id)
    assert caller.organization_id == ORGANIZATION.organization_id
    assert caller.management_account_id == "000000000001"


def test_a_caller_in_no_organization_stands_alone(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        caller = way(emulator, "standalone").caller()
    assert caller.kind is CallerKind.STANDALONE
    assert caller.organization_id is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [("management", CallerKind.MANAGEMENT), ("delegated", CallerKind.DELEGATED)],
)
def test_who_may_not_describe_the_organization_reads_it_off_the_list(
    way: Connect, key: str, kind: CallerKind
) -> None:
    denied = ["DescribeOrganization"]
    with Emulator(ORGANIZATION, Switches(denied_operations=denied)) as emulator:
        caller = way(emulator, key).caller()
    assert caller.kind is kind
    assert caller.organization_id == ORGANIZATION.organization_id
    assert caller.management_account_id == "000000000001"


def test_every_call_gives_what_aws_answered(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        aws = way(emulator)
        page = aws.list_accounts_page()
        unit = page["Accounts"][2]["Paths"][0].split("/")[2]
        assert [account["Id"][-2:] for account in page["Accounts"]] == [
            "01",
            "02",
            "10",
            "11",
            "12",
        ]
        assert aws.describe_unit(unit)["Name"] == "Workloads"
        assert aws.get_govcloud("000000000010")["AccountState"] == "ACTIVE"
        assert aws.get_account_information("000000000012")["AccountState"] == "SUSPENDED"
        assert aws.get_account_information()["AccountId"] == "000000000001"
        assert aws.list_links_page("us-east-1")["AccountLinks"][0]["AccountLinkId"] == LINK.link_id
        assert aws.list_links_page("us-west-2")["AccountLinks"] == []
        assert aws.get_link("us-east-1", "000000000010")["AccountLinkStatus"] == "LINKED"


def test_a_link_is_asked_for_by_its_own_id_too(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        aws = way(emulator)
        link = aws.get_link("us-east-1", link_id=LINK.link_id)
        assert link == aws.get_link("us-east-1", "000000000010")
        assert (link["AccountLinkId"], link["TargetAccountId"]) == (LINK.link_id, "000000000010")
        with pytest.raises(NotFoundError):
            aws.get_link("us-west-2", link_id=LINK.link_id)
        with pytest.raises(RequestInvalidError):
            aws.get_link("us-east-1", link_id="link-1")
        asked = emulator.calls.total()
        for named in ({}, {"account_id": "000000000010", "link_id": LINK.link_id}):
            with pytest.raises(InputError, match="by one of two names"):
                aws.get_link("us-east-1", **named)
        assert emulator.calls.total() == asked


def test_a_pair_that_is_not_linked_is_not_found(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator, pytest.raises(NotFoundError) as caught:
        way(emulator).get_govcloud("000000000011")
    assert caught.value.code == "ResourceNotFoundException"
    assert caught.value.operation == "account GetGovCloudAccountInformation"


def test_a_denied_call_names_the_permission(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        with pytest.raises(AccessDeniedError) as caught:
            way(emulator, "member").list_accounts_page()
        assert caught.value.permission == "organizations:ListAccounts"
        assert caught.value.hint == "It needs the permission organizations:ListAccounts."
        with pytest.raises(AccessDeniedError) as caught:
            way(emulator, "member").get_govcloud("000000000012")
        assert caught.value.permission == "account:GetGovCloudAccountInformation"


def test_a_malformed_request_is_refused_by_aws(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        aws = way(emulator)
        with pytest.raises(RequestInvalidError, match="ValidationException"):
            aws.get_govcloud("12")
        with pytest.raises(RequestInvalidError, match="InvalidInputException"):
            aws.list_accounts_page("no such token")
        with pytest.raises(RequestInvalidError, match="ValidationException"):
            aws.get_link("us-east-1", "12")


def test_calls_beyond_the_quota_are_throttled(way: Connect) -> None:
    rates = {"GetGovCloudAccountInformation": 0.001, "ListAccounts": 0.001}
    with Emulator(ORGANIZATION, Switches(rate=rates, burst=1)) as emulator:
        aws = way(emulator)
        aws.get_govcloud("000000000010")
        aws.list_accounts_page()
        with pytest.raises(ThrottledError):
            aws.get_govcloud("000000000010")
        with pytest.raises(ThrottledError):
            aws.list_accounts_page()


@pytest.mark.parametrize(
    ("fault", "code"),
    [("500", "InternalServerException"), ("424", "ResourceUnavailableException")],
)
def test_what_aws_cannot_answer_now_is_unavailable(way: Connect, fault: str, code: str) -> None:
    with Emulator(ORGANIZATION, Switches(faults={fault: 1.0})) as emulator:
        aws = way(emulator)
        with pytest.raises(UnavailableError) as caught:
            aws.get_govcloud("000000000010")
        assert caught.value.code == code
        assert caught.value.retryable
        with pytest.raises(UnavailableError) as caught:
            aws.list_links_page("us-east-1")
        assert caught.value.code == "InternalServerException"
        with pytest.raises(UnavailableError) as caught:
            aws.list_accounts_page()
        assert caught.value.code == "ServiceException"


def test_a_cut_connection_is_no_answer(way: Connect) -> None:
    with Emulator(ORGANIZATION, Switches(faults={"reset": 1.0})) as emulator:
        with pytest.raises(EndpointError, match="the connection was cut") as caught:
            way(emulator).get_govcloud("000000000010")
        assert emulator.url in caught.value.message


def test_no_call_is_ever_repeated_here(way: Connect) -> None:
    with Emulator(ORGANIZATION, Switches(faults={"500": 1.0})) as emulator:
        with pytest.raises(UnavailableError):
            way(emulator).get_govcloud("000000000010")
        assert emulator.calls == {"GetGovCloudAccountInformation": 1}


def test_there_is_no_list_without_an_organization(way: Connect) -> None:
    with (
        Emulator(ORGANIZATION) as emulator,
        pytest.raises(NoOrganizationError) as caught,
    ):
        way(emulator, "standalone").list_accounts_page()
    assert caught.value.message == "The caller's account belongs to no organization."


def test_expired_credentials_are_told_by_every_service(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        aws = way(emulator, "expired")
        for call in (
            aws.caller,
            aws.list_accounts_page,
            aws.get_govcloud,
            lambda: aws.list_links_page("us-east-1"),
        ):
            with pytest.raises(CredentialsError, match="have expired"):
                call()


def test_a_region_that_is_not_enabled_says_so_and_blames_no_login(way: Connect) -> None:
    with (
        Emulator(ORGANIZATION, Switches(disabled_regions=["af-south-1"])) as emulator,
        pytest.raises(AccessDeniedError) as caught,
    ):
        way(emulator).list_links_page("af-south-1")
    assert caught.value.message == (
        "af-south-1 does not accept the credentials: it is probably not enabled."
    )


def test_a_denied_region_names_the_permission(way: Connect) -> None:
    with (
        Emulator(ORGANIZATION, Switches(denied_regions=["us-west-2"])) as emulator,
        pytest.raises(AccessDeniedError) as caught,
    ):
        way(emulator).get_link("us-west-2", "000000000010")
    assert caught.value.permission == "workspaces:GetAccountLink"


def test_a_role_gives_the_way_of_its_account(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        role = way(emulator).assume("arn:aws:iam::000000000010:role/Links")
        assert role.caller().account_id == "000000000010"
        role.close()


def test_a_role_that_may_not_be_assumed_is_denied(way: Connect) -> None:
    with (
        Emulator(ORGANIZATION, Switches(denied_roles=["Links"])) as emulator,
        pytest.raises(AccessDeniedError) as caught,
    ):
        way(emulator).assume("arn:aws:iam::000000000010:role/Links")
    assert caught.value.permission == "sts:AssumeRole"
