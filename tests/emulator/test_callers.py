"""Who may ask what: the caller rules of Account Management and Organizations, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from toolkit.emulator import Emulator, Switches, make_organization

PAIR = "get_gov_cloud_account_information"


def code(client: BaseClient, operation: str, **params: object) -> str | None:
    """Give the error's code, or None where the call is answered."""
    try:
        getattr(client, operation)(**params)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def test_the_management_account_must_not_name_itself(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    own = emulator.organization.management_account_id
    account = client(emulator, "account")

    with pytest.raises(account.exceptions.AccessDeniedException, match="standalone context"):
        account.get_gov_cloud_account_information(StandardAccountId=own)
    assert code(account, PAIR) is None


def test_a_delegated_administrator_may_name_members_only(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    organization = emulator.organization
    account = client(emulator, "account", key="delegated")

    assert code(account, PAIR, StandardAccountId="111111111111") is None
    assert code(account, PAIR, StandardAccountId=organization.delegated_account_id) is None
    denied = code(account, PAIR, StandardAccountId=organization.management_account_id)
    assert denied == "AccessDeniedException"


@pytest.mark.parametrize("key", ["member", "member222222222222", "standalone"])
def test_anyone_else_may_name_nobody(
    client: Callable[..., Any], emulator: Emulator, key: str
) -> None:
    account = client(emulator, "account", key=key)

    denied = code(account, PAIR, StandardAccountId="111111111111")

    assert denied == "AccessDeniedException"


@pytest.mark.parametrize("key", ["management", "delegated"])
def test_an_account_outside_the_organization_is_denied_and_not_called_unlinked(
    client: Callable[..., Any], emulator: Emulator, key: str
) -> None:
    account = client(emulator, "account", key=key)

    assert code(account, PAIR, StandardAccountId="999999999999") == "AccessDeniedException"


def test_without_trusted_access_nobody_can_be_named(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(trusted_access=False)) as emulator:
        account = client(emulator, "account")

        assert code(account, PAIR, StandardAccountId="111111111111") == "AccessDeniedException"
        assert code(account, PAIR) is None


@pytest.mark.parametrize("switch", ["trusted_access", "all_features"])
@pytest.mark.parametrize("key", ["management", "delegated"])
def test_without_trusted_access_the_denial_says_so(
    client: Callable[..., Any], key: str, switch: str
) -> None:
    with Emulator(make_organization(4), Switches(**{switch: False})) as emulator:
        account = client(emulator, "account", key=key)
        with pytest.raises(
            account.exceptions.AccessDeniedException, match="must first enable trusted access"
        ):
            account.get_gov_cloud_account_information(StandardAccountId="111111111111")


@pytest.mark.parametrize(
    ("switches", "features", "is_trusted"),
    [
        ({}, "ALL", True),
        ({"trusted_access": False}, "ALL", False),
        ({"all_features": False}, "CONSOLIDATED_BILLING", False),
    ],
)
def test_the_organization_tells_its_features_and_whom_it_trusts(
    client: Callable[..., Any], switches: dict[str, bool], features: str, *, is_trusted: bool
) -> None:
    with Emulator(make_organization(4), Switches(**switches)) as emulator:
        organizations = client(emulator, "organizations")
        told = organizations.describe_organization()["Organization"]["FeatureSet"]
        pages = list(
            organizations.get_paginator("list_aws_service_access_for_organization").paginate(
                PaginationConfig={"PageSize": 2}
            )
        )

    trusted = [
        one["ServicePrincipal"] for page in pages for one in page["EnabledServicePrincipals"]
    ]
    assert told == features
    assert ("account.amazonaws.com" in trusted) is is_trusted
    assert len(pages) == -(-len(trusted) // 2) or not trusted


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("management", None),
        ("delegated", None),
        ("member", "AccessDeniedException"),
        ("standalone", "AWSOrganizationsNotInUseException"),
    ],
)
def test_who_may_ask_whom_the_organization_trusts(
    client: Callable[..., Any], emulator: Emulator, key: str, expected: str | None
) -> None:
    organizations = client(emulator, "organizations", key=key)

    assert code(organizations, "list_aws_service_access_for_organization") == expected
    if expected is None:
        wrong = code(organizations, "list_aws_service_access_for_organization", NextToken="nothing")
        assert wrong == "InvalidInputException"


def test_callers_without_an_organization_still_have_their_own_account(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    linked = client(emulator, "account", key="standalone")
    alone = client(emulator, "account", key="AKIA-No-Organization")

    assert linked.get_gov_cloud_account_information()["AccountState"] == "ACTIVE"
    assert code(alone, PAIR) == "ResourceNotFoundException"
    assert alone.get_account_information()["AccountState"] == "ACTIVE"


@pytest.mark.parametrize(
    ("key", "listed", "described"),
    [
        ("management", None, None),
        ("delegated", None, None),
        ("member", "AccessDeniedException", None),
        ("standalone", *2 * ["AWSOrganizationsNotInUseException"]),
        ("noorg", *2 * ["AWSOrganizationsNotInUseException"]),
    ],
)
def test_what_each_caller_sees_of_the_organization(
    client: Callable[..., Any],
    emulator: Emulator,
    key: str,
    listed: str | None,
    described: str | None,
) -> None:
    organizations = client(emulator, "organizations", key=key)
    unit = next(iter(emulator.organization.units))

    assert code(organizations, "list_accounts") == listed
    assert code(organizations, "describe_account", AccountId="111111111111") == listed
    told = code(organizations, "describe_organizational_unit", OrganizationalUnitId=unit)
    assert told == listed
    assert code(organizations, "describe_organization") == described


@pytest.mark.parametrize(
    ("key", "service", "expected"),
    [
        ("EXPIRED", "account", "ExpiredTokenException"),
        ("expired", "organizations", "ExpiredTokenException"),
        ("expired", "workspaces", "ExpiredTokenException"),
        ("expired", "sts", "ExpiredToken"),
        ("invalid", "account", "UnrecognizedClientException"),
        ("invalid", "sts", "InvalidClientTokenId"),
        ("member999999999999", "account", "UnrecognizedClientException"),
    ],
)
def test_credentials_that_are_no_good(
    client: Callable[..., Any], emulator: Emulator, key: str, service: str, expected: str
) -> None:
    operation = {
        "account": "get_account_information",
        "organizations": "list_accounts",
        "workspaces": "list_account_links",
        "sts": "get_caller_identity",
    }[service]

    assert code(client(emulator, service, key=key), operation) == expected


def test_credentials_expire_at_a_moment_and_work_again_after_a_new_login(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    account = client(emulator, "account")
    assert code(account, PAIR) is None
    emulator.change(expire_after=0)
    assert code(account, PAIR) == "ExpiredTokenException"
    emulator.change(expire_after=None)
    assert code(account, PAIR) is None


def test_credentials_expire_after_a_number_of_calls(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(expire_after=2)) as emulator:
        account = client(emulator, "account")
        codes = [code(account, PAIR) for _ in range(3)]

    assert codes == [None, None, "ExpiredTokenException"]


@pytest.mark.parametrize(
    ("key", "region", "partition"),
    [("govcloud", "us-gov-west-1", "aws-us-gov"), ("china", "cn-north-1", "aws-cn")],
)
def test_keys_of_another_partition_are_known_there_alone(
    client: Callable[..., Any], emulator: Emulator, key: str, region: str, partition: str
) -> None:
    identity = client(emulator, "sts", key=key, region=region).get_caller_identity()

    assert identity["Arn"] == f"arn:{partition}:iam::{identity['Account']}:user/analyst"
    commercial = client(emulator, "sts", region=region)
    assert code(commercial, "get_caller_identity") == "InvalidClientTokenId"
    for service, operation, expected in [
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("account", PAIR, "UnrecognizedClientException"),
        ("organizations", "describe_organization", "UnrecognizedClientException"),
        ("workspaces", "list_account_links", "UnrecognizedClientException"),
    ]:
        assert code(client(emulator, service, key=key), operation) == expected
    there = client(emulator, "account", key=key, region=region)
    assert code(there, PAIR) == "InvalidSignatureException"
    links = client(emulator, "workspaces", key=key, region=region)
    assert code(links, "list_account_links") == "UnknownOperationException"


def test_links_are_asked_for_in_regions_that_have_workspaces_alone(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    nowhere = client(emulator, "workspaces", region="mars-north-1")

    assert code(nowhere, "list_account_links") == "InvalidSignatureException"


@pytest.mark.parametrize("service", ["account", "organizations"])
def test_the_global_services_are_signed_for_us_east_1(
    client: Callable[..., Any], emulator: Emulator, service: str
) -> None:
    operation = {"account": PAIR, "organizations": "describe_organization"}[service]

    denied = code(client(emulator, service, region="eu-west-1"), operation)

    assert denied == "InvalidSignatureException"


def test_an_unsigned_request_gets_awss_own_error(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    rest = post(emulator, "/getGovCloudAccountInformation", "{}", key=None)
    target = "AWSOrganizationsV20161128.ListAccounts"
    rpc = post(emulator, "/", "{}", key=None, X_Amz_Target=target)
    form = post(
        emulator,
        "/",
        "Action=GetCallerIdentity&Version=2011-06-15",
        key=None,
        Content_Type="application/x-www-form-urlencoded",
    )

    assert rest.status == 403
    assert rest.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
    assert rest.json == {"message": "Missing Authentication Token"}
    assert rpc.status == 400
    assert rpc.json["__type"] == "MissingAuthenticationTokenException"
    assert form.status == 403
    assert b"<Code>MissingAuthenticationToken</Code>" in form.body
    assert emulator.calls.total() == 0


def test_a_signature_without_a_credential_is_incomplete(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    reply = post(emulator, "/getAccountInformation", "{}", key=None, Authorization="AWS4 nothing")

    assert reply.status == 403
    assert reply.headers["x-amzn-ErrorType"] == "IncompleteSignature"


def test_a_signature_for_another_service_is_refused(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    reply = post(emulator, "/getAccountInformation", "{}", service="s3")

    assert reply.status == 403
    assert reply.headers["x-amzn-ErrorType"] == "InvalidSignatureException"
