"""What the caller may ask, with the missing permission named."""

import pytest
from emulated import Connect, a_pair, an_organization
from misbehaving import Misbehaving, always, said

from toolkit.aws import check_access, check_organization, connect_local, explains_every_denial
from toolkit.aws.access import has_trusted_access
from toolkit.emulator import Emulator, Switches
from toolkit.errors import AccessDeniedError, AwsError, CredentialsError, ThrottledError

ORGANIZATION = an_organization(a_pair(10))


def test_the_management_account_may_ask_everything(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        access = check_access(way(emulator))
    assert list(access["operation"]) == [
        "sts GetCallerIdentity",
        "organizations DescribeOrganization",
        "organizations ListAWSServiceAccessForOrganization",
        "organizations ListAccounts",
        "organizations DescribeOrganizationalUnit",
        "account GetGovCloudAccountInformation",
        "account GetAccountInformation",
        "organizations ListCreateAccountStatus",
        "cloudtrail LookupEvents",
        "resourcegroupstaggingapi GetResources",
        "account GetAlternateContact",
        "workspaces ListAccountLinks",
        "workspaces GetAccountLink",
    ]
    assert set(access["allowed"]) == {"ALLOWED"}


def test_a_missing_permission_is_named(way: Connect) -> None:
    denied = ["GetGovCloudAccountInformation", "ListAccountLinks"]
    with Emulator(ORGANIZATION, Switches(denied_operations=denied)) as emulator:
        access = check_access(way(emulator)).set_index("operation")
    row = access.loc["account GetGovCloudAccountInformation"]
    assert row["allowed"] == "DENIED"
    assert row["detail"].endswith("It needs the permission account:GetGovCloudAccountInformation.")
    assert list(access.index[access["allowed"] == "DENIED"]) == [
        "account GetGovCloudAccountInformation",
        "workspaces ListAccountLinks",
    ]


def test_what_gives_no_clear_answer_is_unknown(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        access = check_access(way(emulator, "standalone")).set_index("operation")["allowed"]
    assert access["organizations ListAccounts"] == "UNKNOWN"
    assert access["account GetGovCloudAccountInformation"] == "ALLOWED"


def test_expired_credentials_are_no_table(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator, pytest.raises(CredentialsError):
        check_access(way(emulator, "expired"))


@pytest.mark.parametrize("caller", ["management", "delegated"])
def test_trusted_access_that_is_off_is_said_with_what_enables_it(way: Connect, caller: str) -> None:
    with Emulator(ORGANIZATION, Switches(trusted_access=False)) as emulator:
        aws = way(emulator, caller)
        with pytest.raises(AccessDeniedError) as caught:
            check_organization(aws, aws.caller())
    assert caught.value.message == (
        "The organization has no trusted access for AWS Account Management, so AWS denies every"
        " question about another account."
    )
    assert caught.value.hint.endswith(
        "aws organizations enable-aws-service-access --service-principal account.amazonaws.com"
    )


def test_features_that_are_off_are_said_before_trusted_access(way: Connect) -> None:
    switches = Switches(all_features=False, trusted_access=False)
    with Emulator(ORGANIZATION, switches) as emulator:
        aws = way(emulator)
        with pytest.raises(AccessDeniedError, match="consolidated billing alone") as caught:
            check_organization(aws, aws.caller())
    assert caught.value.hint.endswith("aws organizations enable-all-features")


@pytest.mark.parametrize("caller", ["member", "standalone"])
def test_who_may_name_nobody_else_is_not_asked_about_the_organization(
    way: Connect, caller: str
) -> None:
    with Emulator(ORGANIZATION, Switches(trusted_access=False)) as emulator:
        aws = way(emulator, caller)
        check_organization(aws, aws.caller())
        assert emulator.calls["ListAWSServiceAccessForOrganization"] == 0


def test_what_may_not_be_asked_raises_nothing(way: Connect) -> None:
    denied = ["DescribeOrganization", "ListAWSServiceAccessForOrganization"]
    switches = Switches(denied_operations=denied, trusted_access=False, all_features=False)
    with Emulator(ORGANIZATION, switches) as emulator:
        aws = way(emulator)
        check_organization(aws, aws.caller())
        assert emulator.calls["ListAWSServiceAccessForOrganization"] == 1


def test_trusted_access_is_found_on_any_page(way: Connect) -> None:
    with Emulator(ORGANIZATION, Switches(empty_pages=True)) as emulator:
        aws = way(emulator)
        check_organization(aws, aws.caller())
        assert emulator.calls["ListAWSServiceAccessForOrganization"] == 2


def test_a_denial_that_speaks_of_trusted_access_explains_every_other(way: Connect) -> None:
    with Emulator(ORGANIZATION, Switches(trusted_access=False)) as emulator:
        with pytest.raises(AccessDeniedError) as caught:
            way(emulator).get_govcloud("000000000010")
        explained = explains_every_denial(caught.value)
        emulator.change(trusted_access=True, denied_accounts=["000000000010"])
        with pytest.raises(AccessDeniedError) as other:
            way(emulator).get_govcloud("000000000010")
    assert explained
    assert "no trusted access for AWS Account Management" in explained.message
    assert explains_every_denial(other.value) is None
    assert explains_every_denial(ThrottledError("must first enable trusted access")) is None


def test_services_whose_pages_go_in_circles_are_no_answer() -> None:
    again = said({"EnabledServicePrincipals": [], "NextToken": "again"})
    with (
        Emulator(ORGANIZATION) as emulator,
        Misbehaving(emulator.url, always("ListAWSServiceAccessForOrganization", again)) as server,
        pytest.raises(AwsError, match="goes in circles"),
    ):
        has_trusted_access(connect_local(server.url))
    assert server.asked["ListAWSServiceAccessForOrganization"] == 2
