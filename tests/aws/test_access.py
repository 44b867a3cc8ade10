"""What the caller may ask, with the missing permission named."""

import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.aws import check_access
from toolkit.emulator import Emulator, Switches
from toolkit.errors import CredentialsError

ORGANIZATION = an_organization(a_pair(10))


def test_the_management_account_may_ask_everything(way: Connect) -> None:
    with Emulator(ORGANIZATION) as emulator:
        access = check_access(way(emulator))
    assert list(access["operation"]) == [
        "sts GetCallerIdentity",
        "organizations DescribeOrganization",
        "organizations ListAccounts",
        "organizations DescribeOrganizationalUnit",
        "account GetGovCloudAccountInformation",
        "account GetAccountInformation",
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
