"""Every error that AWS's pages list: provoked, raised by boto3 as modelled, of the right shape."""

from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from toolkit.emulator import Emulator, Switches, make_organization

PAIR = "get_gov_cloud_account_information"
EVERY_FAULT = {"500": 1.0}


def refused(client: BaseClient, operation: str, **params: object) -> ClientError:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**params)
    return caught.value


def assert_modelled(client: BaseClient, error: ClientError, name: str, status: int) -> None:
    assert isinstance(error, getattr(client.exceptions, name))
    assert error.response["Error"]["Code"] == name
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert error.response["ResponseMetadata"]["RequestId"]


def test_account_access_denied(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(denied_accounts={"111111111111"})) as emulator:
        account = client(emulator, "account")
        error = refused(account, PAIR, StandardAccountId="111111111111")

    assert_modelled(account, error, "AccessDeniedException", 403)
    assert error.response["errorType"] == "AccessDeniedException"


def test_account_internal_server(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(faults=EVERY_FAULT)) as emulator:
        account = client(emulator, "account")
        error = refused(account, PAIR)

    assert_modelled(account, error, "InternalServerException", 500)


def test_account_resource_not_found(client: Callable[..., Any], emulator: Emulator) -> None:
    account = client(emulator, "account")
    error = refused(account, PAIR, StandardAccountId="222222222222")

    assert_modelled(account, error, "ResourceNotFoundException", 404)


def test_account_resource_unavailable(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(faults={"424": 1.0})) as emulator:
        account = client(emulator, "account")
        error = refused(account, PAIR)

    assert_modelled(account, error, "ResourceUnavailableException", 424)


def test_account_too_many_requests(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(rate=0, burst=1)) as emulator:
        account = client(emulator, "account")
        account.get_gov_cloud_account_information()
        error = refused(account, PAIR)

    assert_modelled(account, error, "TooManyRequestsException", 429)


@pytest.mark.parametrize(
    "wrong", ["12", "1111111111112", "11111111111a", "１１１１１１１１１１１１"]
)
def test_account_validation_names_the_field(
    client: Callable[..., Any], emulator: Emulator, wrong: str
) -> None:
    account = client(emulator, "account")
    error = refused(account, PAIR, StandardAccountId=wrong)

    assert_modelled(account, error, "ValidationException", 400)
    assert error.response["reason"] == "fieldValidationFailed"
    (field,) = error.response["fieldList"]
    assert field["name"] == "standardAccountId"
    assert r"regular expression pattern: \d{12}" in field["message"]


def test_account_information_has_the_same_errors(client: Callable[..., Any]) -> None:
    with Emulator(
        make_organization(4), Switches(rate=0, burst=2, denied_accounts={"111111111111"})
    ) as emulator:
        account = client(emulator, "account")
        denied = refused(account, "get_account_information", AccountId="111111111111")
        invalid = refused(account, "get_account_information", AccountId="12")
        throttled = refused(account, "get_account_information")
        emulator.change(rate=None, faults=EVERY_FAULT)
        internal = refused(account, "get_account_information")

    assert_modelled(account, denied, "AccessDeniedException", 403)
    assert_modelled(account, invalid, "ValidationException", 400)
    assert_modelled(account, throttled, "TooManyRequestsException", 429)
    assert_modelled(account, internal, "InternalServerException", 500)


def test_workspaces_access_denied_in_a_region(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(denied_regions={"us-west-2"})) as emulator:
        workspaces = client(emulator, "workspaces", region="us-west-2")
        one = refused(workspaces, "get_account_link", LinkedAccountId="111111111111")
        every = refused(workspaces, "list_account_links")
        client(emulator, "workspaces").list_account_links()

    assert_modelled(workspaces, one, "AccessDeniedException", 400)
    assert_modelled(workspaces, every, "AccessDeniedException", 400)


@pytest.mark.parametrize("region", ["af-south-1", "us-gov-west-1"])
def test_workspaces_in_a_region_that_is_not_enabled_or_not_of_this_partition(
    client: Callable[..., Any], region: str
) -> None:
    with Emulator(make_organization(4), Switches(disabled_regions={"af-south-1"})) as emulator:
        error = refused(client(emulator, "workspaces", region=region), "list_account_links")

    assert error.response["Error"]["Code"] == "UnrecognizedClientException"


def test_workspaces_internal_server(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(faults=EVERY_FAULT)) as emulator:
        workspaces = client(emulator, "workspaces")
        one = refused(workspaces, "get_account_link", LinkedAccountId="111111111111")
        every = refused(workspaces, "list_account_links")

    assert_modelled(workspaces, one, "InternalServerException", 400)
    assert_modelled(workspaces, every, "InternalServerException", 400)


def test_workspaces_resource_not_found(client: Callable[..., Any], emulator: Emulator) -> None:
    workspaces = client(emulator, "workspaces")
    error = refused(workspaces, "get_account_link", LinkId="link-00000000")

    assert_modelled(workspaces, error, "ResourceNotFoundException", 400)
    assert error.response["ResourceId"] == "link-00000000"


def test_workspaces_does_not_tell_the_links_of_others(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    workspaces = client(emulator, "workspaces", key="member222222222222")
    link = emulator.organization.links()[0]
    error = refused(workspaces, "get_account_link", LinkId=link["link_id"])

    assert_modelled(workspaces, error, "ResourceNotFoundException", 400)


@pytest.mark.parametrize(
    "params",
    [
        {"LinkId": "link-1234567"},
        {"LinkId": "link-" + 25 * "x"},
        {"LinkId": "111111111111"},
        {"LinkedAccountId": "12"},
        {"LinkedAccountId": "link-12345678"},
    ],
)
def test_workspaces_validation_follows_the_patterns(
    client: Callable[..., Any], emulator: Emulator, params: dict[str, Any]
) -> None:
    workspaces = client(emulator, "workspaces")
    error = refused(workspaces, "get_account_link", **params)

    assert_modelled(workspaces, error, "ValidationException", 400)
    assert "regular expression pattern" in error.response["message"]


def test_workspaces_validation_wants_another_account(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    workspaces = client(emulator, "workspaces")
    own = emulator.organization.management_account_id
    for params in ({}, {"LinkedAccountId": own}):
        error = refused(workspaces, "get_account_link", **params)

        assert_modelled(workspaces, error, "ValidationException", 400)
        assert error.response["message"] == (
            "You either haven't provided a TargetAccountId or are using the same value for "
            "TargetAccountId and SourceAccountId."
        )


def test_list_account_links_validation(client: Callable[..., Any], emulator: Emulator) -> None:
    workspaces = client(emulator, "workspaces")
    for params in ({"MaxResults": 26}, {"LinkStatusFilter": ["DONE"]}, {"NextToken": "x"}):
        error = refused(workspaces, "list_account_links", **params)

        assert_modelled(workspaces, error, "ValidationException", 400)


def test_workspaces_throttling_is_one_of_awss_common_errors(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    emulator.change(rate={"ListAccountLinks": 0}, burst=0)

    error = refused(client(emulator, "workspaces"), "list_account_links")

    assert error.response["Error"]["Code"] == "ThrottlingException"


def test_organizations_errors(client: Callable[..., Any]) -> None:
    with Emulator(
        make_organization(4), Switches(denied_operations={"DescribeOrganization"})
    ) as emulator:
        organizations = client(emulator, "organizations")
        denied = refused(organizations, "describe_organization")
        nobody = refused(organizations, "describe_account", AccountId="999999999999")
        invalid = refused(organizations, "list_accounts", MaxResults=21)
        unit = refused(
            organizations, "describe_organizational_unit", OrganizationalUnitId="ou-abcd-12345678"
        )
        emulator.change(rate={"ListAccounts": 0}, burst=0)
        throttled = refused(organizations, "list_accounts")
        emulator.change(faults=EVERY_FAULT)
        broken = refused(organizations, "describe_account", AccountId="111111111111")

    assert_modelled(organizations, denied, "AccessDeniedException", 400)
    assert_modelled(organizations, nobody, "AccountNotFoundException", 400)
    assert_modelled(organizations, invalid, "InvalidInputException", 400)
    assert invalid.response["Reason"] == "MAX_VALUE_EXCEEDED"
    assert_modelled(organizations, unit, "OrganizationalUnitNotFoundException", 400)
    assert_modelled(organizations, throttled, "TooManyRequestsException", 400)
    assert throttled.response["Type"] == "RATE_LIMIT"
    assert_modelled(organizations, broken, "ServiceException", 500)


@pytest.mark.parametrize(
    ("service", "operation", "code_and_status"),
    [
        ("account", "list_regions", ("UnknownOperationException", 404)),
        ("organizations", "list_roots", ("UnknownOperationException", 400)),
        ("workspaces", "describe_workspaces", ("UnknownOperationException", 400)),
        ("sts", "get_session_token", ("InvalidAction", 400)),
    ],
)
def test_an_operation_that_is_not_served_is_unknown(
    client: Callable[..., Any],
    emulator: Emulator,
    service: str,
    operation: str,
    code_and_status: tuple[str, int],
) -> None:
    response = refused(client(emulator, service), operation).response

    told = (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"])
    assert told == code_and_status


def test_cbor_errors_name_their_type(post: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(denied_regions={"us-east-1"})) as emulator:
        reply = post(
            emulator,
            "/service/WorkspacesService/operation/ListAccountLinks",
            cbor2.dumps({}),
            service="workspaces",
            smithy_protocol="rpc-v2-cbor",
        )

    assert reply.status == 400
    assert reply.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert cbor2.loads(reply.body)["__type"] == "AccessDeniedException"


def test_a_failing_account_fails_every_time_and_alone(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(failing={"111111111111": "424"})) as emulator:
        account = client(emulator, "account")
        for _ in range(3):
            error = refused(account, PAIR, StandardAccountId="111111111111")
            assert_modelled(account, error, "ResourceUnavailableException", 424)
        other = refused(account, PAIR, StandardAccountId="222222222222")

    assert_modelled(account, other, "ResourceNotFoundException", 404)
