"""What else AWS knows of accounts, over HTTP, as told by an organization given by hand."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from company import (
    AUDIT,
    BOSS,
    CLOSED,
    GOV_BOSS,
    GOV_PAIRED,
    GOV_STRAY,
    NOON,
    PAIRED,
    make_company,
)

from toolkit.emulator import Emulator, Organization, Switches, Tag
from toolkit.emulator.shapes import operation_model, violations

WEST = "us-gov-west-1"
CLOSING = {"AttributeKey": "EventName", "AttributeValue": "CloseAccountResult"}
ACCOUNTS = ["organizations:account"]
BILLING = {"AlternateContactType": "BILLING"}
SPENT: dict[str, Any] = {
    "TimePeriod": {"Start": "2026-08-01", "End": "2026-11-01"},
    "Granularity": "MONTHLY",
    "Metrics": ["UnblendedCost"],
    "GroupBy": [{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}],
    "Filter": {"Dimensions": {"Key": "REGION", "Values": [WEST, "us-gov-east-1"]}},
}


@pytest.fixture(scope="module")
def company() -> Iterator[Emulator]:
    """Answer for the company, unchanged."""
    with Emulator(make_company()) as emulator:
        yield emulator


def answer(client: BaseClient, operation: str, **params: object) -> dict[str, Any]:
    """Ask, and hold the answer to botocore's own shape."""
    given = getattr(client, operation)(**params)
    del given["ResponseMetadata"]
    name = client.meta.method_to_api_mapping[operation]
    shape = operation_model(client.meta.service_model.service_name, name).output_shape
    # the patterns of Organizations' ARNs know the commercial partition alone
    found = [each for each in violations(shape, given) if "'arn:aws-us-gov:" not in each.message]
    assert found == []
    return given


def refused(client: BaseClient, operation: str, **params: object) -> str:
    """Give the code of the error."""
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**params)
    return caught.value.response["Error"]["Code"]


# The organization in the GovCloud partition (D1)


def test_a_key_of_govcloud_lists_the_govcloud_organization(
    client: Callable[..., Any], company: Emulator
) -> None:
    gov = client(company, "organizations", key="govcloud", region=WEST)
    accounts = answer(gov, "list_accounts")["Accounts"]
    organization = answer(gov, "describe_organization")["Organization"]
    unit_id = accounts[1]["Paths"][0].split("/")[2]
    unit = answer(gov, "describe_organizational_unit", OrganizationalUnitId=unit_id)

    assert [(each["Id"], each["State"], each["JoinedMethod"]) for each in accounts] == [
        (GOV_BOSS, "ACTIVE", "CREATED"),
        (GOV_PAIRED, "PENDING_CLOSURE", "CREATED"),
        (GOV_STRAY, "SUSPENDED", "INVITED"),
    ]
    assert accounts[0]["JoinedTimestamp"] == NOON
    assert accounts[0]["Arn"] == (
        f"arn:aws-us-gov:organizations::{GOV_BOSS}:account/o-govcloud42/{GOV_BOSS}"
    )
    assert (organization["Id"], organization["MasterAccountId"]) == ("o-govcloud42", GOV_BOSS)
    assert organization["Arn"].startswith("arn:aws-us-gov:organizations::")
    assert unit["OrganizationalUnit"]["Name"] == "Federal"
    assert answer(gov, "describe_account", AccountId=GOV_STRAY)["Account"] == accounts[2]
    assert refused(gov, "describe_account", AccountId=PAIRED) == "AccountNotFoundException"
    assert answer(gov, "list_aws_service_access_for_organization")["EnabledServicePrincipals"]


def test_what_it_lists_is_what_the_witness_says(
    client: Callable[..., Any], company: Emulator
) -> None:
    gov = client(company, "organizations", key="govcloud", region=WEST)

    told = [
        {
            "govcloud_account_id": each["Id"],
            "name": each["Name"],
            "email": each["Email"],
            "state": each["State"],
            "joined_method": each["JoinedMethod"],
            "joined_at": each["JoinedTimestamp"],
        }
        for each in answer(gov, "list_accounts")["Accounts"]
    ]

    truth = company.organization.witness()
    assert [row | {"ou_path": true["ou_path"]} for row, true in zip(told, truth, strict=True)] == (
        truth
    )
    assert [true["ou_path"] for true in truth] == ["Root", "Federal", "Root"]


@pytest.mark.parametrize(
    ("key", "listed"),
    [
        ("GOVCLOUDMEMBER", "AccessDeniedException"),
        (f"govcloud-member{GOV_STRAY}", "AccessDeniedException"),
        ("GOVCLOUDNOORG", "AWSOrganizationsNotInUseException"),
        ("GOVCLOUD-EXPIRED", "ExpiredTokenException"),
        ("GOVCLOUD-INVALID", "UnrecognizedClientException"),
    ],
)
def test_others_of_govcloud_may_not_list(
    client: Callable[..., Any], company: Emulator, key: str, listed: str
) -> None:
    assert refused(client(company, "organizations", key, WEST), "list_accounts") == listed


def test_govcloud_organizations_is_signed_for_us_gov_west_1(
    client: Callable[..., Any], company: Emulator
) -> None:
    east = client(company, "organizations", key="govcloud", region="us-gov-east-1")
    identity = client(company, "sts", key="govcloud", region="us-gov-east-1")

    assert refused(east, "list_accounts") == "InvalidSignatureException"
    assert answer(identity, "get_caller_identity")["Account"] == GOV_BOSS


def test_a_company_without_a_govcloud_organization_has_none_to_list(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    emulator.organization = Organization(emulator.organization.accounts)
    gov = client(emulator, "organizations", key="govcloud", region=WEST)
    identity = client(emulator, "sts", key="govcloud", region=WEST)

    assert refused(gov, "list_accounts") == "AWSOrganizationsNotInUseException"
    assert answer(identity, "get_caller_identity")["Account"] == "600000000006"
    assert emulator.organization.witness() == []


@pytest.mark.parametrize(
    ("asked", "params", "expected"),
    [
        ("account.get_gov_cloud_account_information", {}, "InvalidSignatureException"),
        ("account.get_alternate_contact", BILLING, "InvalidSignatureException"),
        ("ce.get_cost_and_usage", SPENT, "InvalidSignatureException"),
        ("workspaces.list_account_links", {}, "UnknownOperationException"),
        ("organizations.list_create_account_status", {}, "UnsupportedAPIEndpointException"),
    ],
)
def test_what_there_is_not_in_govcloud_is_refused_there(
    client: Callable[..., Any],
    company: Emulator,
    asked: str,
    params: dict[str, Any],
    expected: str,
) -> None:
    service, _, operation = asked.partition(".")
    there = client(company, service, key="govcloud", region=WEST)

    assert refused(there, operation, **params) == expected


def test_in_govcloud_nothing_is_known_of_commercial_tags_and_closures(
    client: Callable[..., Any], company: Emulator
) -> None:
    tagging = client(company, "resourcegroupstaggingapi", key="govcloud", region=WEST)
    trail = client(company, "cloudtrail", key="govcloud", region=WEST)

    assert answer(tagging, "get_resources")["ResourceTagMappingList"] == []
    assert answer(trail, "lookup_events")["Events"] == []


def test_a_role_is_assumed_in_its_own_partition_alone(
    client: Callable[..., Any], company: Emulator
) -> None:
    gov = client(company, "sts", key="govcloud", region=WEST)
    role = {"RoleArn": f"arn:aws-us-gov:iam::{GOV_PAIRED}:role/Audit", "RoleSessionName": "me"}
    given = answer(gov, "assume_role", **role)["Credentials"]
    assumed = client(company, "sts", given["AccessKeyId"], WEST, given["SessionToken"])

    assert answer(assumed, "get_caller_identity")["Arn"] == (
        f"arn:aws-us-gov:sts::{GOV_PAIRED}:assumed-role/Audit/me"
    )
    assert refused(client(company, "sts"), "assume_role", **role) == "AccessDenied"
    commercial = {"RoleArn": f"arn:aws:iam::{PAIRED}:role/Audit", "RoleSessionName": "me"}
    assert refused(gov, "assume_role", **commercial) == "AccessDenied"


# Requests to create accounts (D2)


@pytest.mark.parametrize("key", ["management", "delegated"])
def test_requests_for_accounts_are_told_with_what_became_of_them(
    client: Callable[..., Any], company: Emulator, key: str
) -> None:
    told = answer(client(company, "organizations", key), "list_create_account_status")

    assert told == {
        "CreateAccountStatuses": [
            {
                "Id": "car-00000001",
                "AccountName": "paired",
                "State": "SUCCEEDED",
                "RequestedTimestamp": NOON,
                "CompletedTimestamp": NOON,
                "AccountId": PAIRED,
                "GovCloudAccountId": GOV_PAIRED,
            },
            {
                "Id": "car-00000002",
                "AccountName": "waits",
                "State": "IN_PROGRESS",
                "RequestedTimestamp": NOON,
            },
            {
                "Id": "car-00000003",
                "AccountName": "failed",
                "State": "FAILED",
                "RequestedTimestamp": NOON,
                "CompletedTimestamp": NOON,
                "FailureReason": "INVALID_ADDRESS",
            },
        ]
    }
    assert company.organization.created()[0] == {
        "request_id": "car-00000001",
        "account_id": PAIRED,
        "govcloud_account_id": GOV_PAIRED,
        "name": "paired",
        "state": "SUCCEEDED",
        "requested_at": NOON,
        "completed_at": NOON,
        "failure_reason": None,
    }


def test_requests_come_in_pages_and_by_state(client: Callable[..., Any], company: Emulator) -> None:
    organizations = client(company, "organizations")
    asked = {"States": ["SUCCEEDED", "FAILED"], "MaxResults": 1}
    first = answer(organizations, "list_create_account_status", **asked)
    second = answer(
        organizations, "list_create_account_status", **asked, NextToken=first["NextToken"]
    )

    ids = [one["Id"] for page in (first, second) for one in page["CreateAccountStatuses"]]
    assert ids == ["car-00000001", "car-00000003"]
    assert "NextToken" not in second


@pytest.mark.parametrize(
    ("key", "params", "expected"),
    [
        ("member", {}, "AccessDeniedException"),
        ("noorg", {}, "AWSOrganizationsNotInUseException"),
        ("management", {"MaxResults": 21}, "InvalidInputException"),
        ("management", {"States": ["DONE"]}, "InvalidInputException"),
        ("management", {"NextToken": "x"}, "InvalidInputException"),
    ],
)
def test_requests_are_refused(
    client: Callable[..., Any],
    company: Emulator,
    key: str,
    params: dict[str, Any],
    expected: str,
) -> None:
    organizations = client(company, "organizations", key)

    assert refused(organizations, "list_create_account_status", **params) == expected


# The tags of accounts (D3)


def test_tags_are_told_of_tagged_accounts_alone(
    client: Callable[..., Any], company: Emulator
) -> None:
    tagging = client(company, "resourcegroupstaggingapi")
    told = answer(tagging, "get_resources", ResourceTypeFilters=ACCOUNTS)

    arn = f"arn:aws:organizations::{BOSS}:account/o-commercial1/"
    assert told == {
        "ResourceTagMappingList": [
            {"ResourceARN": arn + BOSS, "Tags": [{"Key": "owner", "Value": "bob"}]},
            {
                "ResourceARN": arn + PAIRED,
                "Tags": [{"Key": "owner", "Value": "ann"}, {"Key": "stage", "Value": ""}],
            },
        ],
        "PaginationToken": "",
    }
    assert answer(tagging, "get_resources") == told
    assert company.organization.tags() == [
        {"account_id": BOSS, "key": "owner", "value": "bob"},
        {"account_id": PAIRED, "key": "owner", "value": "ann"},
        {"account_id": PAIRED, "key": "stage", "value": ""},
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"ResourceTypeFilters": ["s3:bucket"]}, []),
        ({"ResourceTypeFilters": ["organizations"]}, [BOSS, PAIRED]),
        ({"TagFilters": [{"Key": "owner", "Values": ["ann", "eve"]}]}, [PAIRED]),
        ({"TagFilters": [{"Key": "owner"}, {"Key": "stage"}]}, [PAIRED]),
        (
            {"ResourceARNList": [f"arn:aws:organizations::{BOSS}:account/o-commercial1/{BOSS}"]},
            [BOSS],
        ),
    ],
)
def test_tags_are_filtered(
    client: Callable[..., Any], company: Emulator, asked: dict[str, Any], found: list[str]
) -> None:
    told = answer(client(company, "resourcegroupstaggingapi"), "get_resources", **asked)

    ids = [each["ResourceARN"].rpartition("/")[2] for each in told["ResourceTagMappingList"]]
    assert ids == found


def test_tags_come_in_pages_whose_tokens_may_expire(client: Callable[..., Any]) -> None:
    organization = Organization(
        make_company().accounts, account_tags=[Tag(BOSS, "a", "1"), Tag(CLOSED, "b", "2")]
    )
    with Emulator(organization, Switches(expired_tokens=1)) as emulator:
        tagging = client(emulator, "resourcegroupstaggingapi")
        first = answer(tagging, "get_resources", ResourcesPerPage=1, PaginationToken="")
        token = first["PaginationToken"]
        again = {"ResourcesPerPage": 1, "PaginationToken": token}
        late = refused(tagging, "get_resources", **again)
        second = answer(tagging, "get_resources", **again)

        assert late == "PaginationTokenExpiredException"
        assert emulator.faulted == {"token": 1}
    assert [len(page["ResourceTagMappingList"]) for page in (first, second)] == [1, 1]
    assert second["PaginationToken"] == ""


@pytest.mark.parametrize(
    "params",
    [{"ResourcesPerPage": 0}, {"ResourcesPerPage": 101}, {"PaginationToken": "x"}],
)
def test_tags_are_refused(
    client: Callable[..., Any], company: Emulator, params: dict[str, Any]
) -> None:
    tagging = client(company, "resourcegroupstaggingapi")

    assert refused(tagging, "get_resources", **params) == "InvalidParameterException"


@pytest.mark.parametrize(("key", "region"), [("delegated", "us-east-1"), ("m", "eu-west-1")])
def test_accounts_are_resources_of_the_management_account_in_us_east_1(
    client: Callable[..., Any], company: Emulator, key: str, region: str
) -> None:
    tagging = client(company, "resourcegroupstaggingapi", key, region)

    assert answer(tagging, "get_resources")["ResourceTagMappingList"] == []


def test_tags_are_told_alike_in_cbor_and_in_json(
    post: Callable[..., Any], company: Emulator
) -> None:
    binary = post(
        company,
        "/service/ResourceGroupsTaggingAPI_20170126/operation/GetResources",
        cbor2.dumps({"ResourcesPerPage": 1}),
        service="tagging",
        smithy_protocol="rpc-v2-cbor",
    )
    text = post(
        company,
        body=json.dumps({"ResourcesPerPage": 1}),
        service="tagging",
        X_Amz_Target="ResourceGroupsTaggingAPI_20170126.GetResources",
    )

    assert (binary.status, text.status) == (200, 200)
    assert cbor2.loads(binary.body) == text.json
    assert len(text.json["ResourceTagMappingList"]) == 1


# The alternate contacts (D4)


def test_an_alternate_contact_is_told_or_is_none(
    client: Callable[..., Any], company: Emulator
) -> None:
    account = client(company, "account")
    named = {"AccountId": PAIRED}
    told = answer(account, "get_alternate_contact", **named, AlternateContactType="BILLING")
    own = answer(account, "get_alternate_contact", AlternateContactType="SECURITY")
    none = {**named, "AlternateContactType": "SECURITY"}

    assert told == {
        "AlternateContact": {
            "Name": "Ann Lee",
            "Title": "Controller",
            "EmailAddress": "ann@example.com",
            "PhoneNumber": "+1 555 0100",
            "AlternateContactType": "BILLING",
        }
    }
    assert own["AlternateContact"]["Name"] == "Bo Ode"
    with pytest.raises(account.exceptions.ResourceNotFoundException):
        account.get_alternate_contact(**none)
    assert company.organization.contacts()[0] == {
        "account_id": PAIRED,
        "contact_type": "BILLING",
        "name": "Ann Lee",
        "title": "Controller",
        "email": "ann@example.com",
        "phone": "+1 555 0100",
    }


@pytest.mark.parametrize(
    ("key", "params", "expected"),
    [
        ("member", {"AccountId": BOSS}, "AccessDeniedException"),
        ("management", {"AccountId": BOSS}, "AccessDeniedException"),
        ("delegated", {"AccountId": BOSS}, "AccessDeniedException"),
        ("management", {"AccountId": "999999999999"}, "AccessDeniedException"),
        ("management", {"AlternateContactType": "LEGAL"}, "ValidationException"),
    ],
)
def test_contacts_are_told_by_the_rules_of_pairs(
    client: Callable[..., Any],
    company: Emulator,
    key: str,
    params: dict[str, Any],
    expected: str,
) -> None:
    asked = {"AlternateContactType": "BILLING"} | params

    assert refused(client(company, "account", key), "get_alternate_contact", **asked) == expected


# When accounts were closed (D5)


def test_closures_of_ninety_days_are_told_newest_first(
    client: Callable[..., Any], company: Emulator
) -> None:
    told = answer(client(company, "cloudtrail"), "lookup_events", LookupAttributes=[CLOSING])
    details = [json.loads(event["CloudTrailEvent"]) for event in told["Events"]]
    statuses = [detail["serviceEventDetails"]["closeAccountStatus"] for detail in details]

    assert [
        (status["accountId"], status["state"], status["completedTimestamp"]) for status in statuses
    ] == [
        (CLOSED, "SUCCEEDED", "Nov 1, 2026 12:00:05 PM"),
        (PAIRED, "FAILED", "Oct 5, 2026 6:16:58 PM"),
        (CLOSED, "SUCCEEDED", "Sep 1, 2026 12:30:09 AM"),
        ("000000000099", "SUCCEEDED", "Aug 25, 2026 12:00:00 AM"),
    ]
    assert [event["EventName"] for event in told["Events"]] == ["CloseAccountResult"] * 4
    assert [event["EventId"] for event in told["Events"]] == [each["eventID"] for each in details]
    assert 0 <= (told["Events"][0]["EventTime"] - NOON).total_seconds() < 60
    assert company.organization.closures() == [
        {"account_id": CLOSED, "closed_at": NOON},
        {"account_id": "000000000099", "closed_at": datetime(2026, 8, 25, tzinfo=UTC)},
    ]


def test_closures_come_in_pages_that_hold_for_the_same_parameters(
    client: Callable[..., Any], company: Emulator
) -> None:
    trail = client(company, "cloudtrail")
    asked = {"LookupAttributes": [CLOSING], "MaxResults": 3}
    first = answer(trail, "lookup_events", **asked)
    again = {"NextToken": first["NextToken"]}
    second = answer(trail, "lookup_events", **asked, **again)

    assert [len(page["Events"]) for page in (first, second)] == [3, 1]
    other = asked | {"MaxResults": 2}
    assert refused(trail, "lookup_events", **other, **again) == "InvalidNextTokenException"


@pytest.mark.parametrize(
    ("params", "number"),
    [
        ({"StartTime": datetime(2026, 10, 1, tzinfo=UTC)}, 2),
        ({"EndTime": datetime(2026, 10, 1, tzinfo=UTC)}, 2),
        ({"StartTime": NOON, "EndTime": NOON + timedelta(minutes=1)}, 1),
        ({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "X"}]}, 0),
        ({"LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]}, 4),
        ({"LookupAttributes": [{"AttributeKey": "Username", "AttributeValue": "eve"}]}, 0),
        ({"EventCategory": "insight"}, 0),
    ],
)
def test_events_are_looked_up_by_attribute_and_time(
    client: Callable[..., Any], company: Emulator, params: dict[str, Any], number: int
) -> None:
    told = answer(client(company, "cloudtrail"), "lookup_events", **params)

    assert len(told["Events"]) == number


@pytest.mark.parametrize(("key", "region"), [("delegated", "us-east-1"), ("m", "eu-west-1")])
def test_nobody_else_and_nowhere_else_has_these_events(
    client: Callable[..., Any], company: Emulator, key: str, region: str
) -> None:
    assert answer(client(company, "cloudtrail", key, region), "lookup_events")["Events"] == []


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"NextToken": "x"}, "InvalidNextTokenException"),
        ({"LookupAttributes": [CLOSING, CLOSING]}, "InvalidLookupAttributesException"),
        (
            {"LookupAttributes": [{"AttributeKey": "Event", "AttributeValue": "x"}]},
            "InvalidLookupAttributesException",
        ),
        ({"EventCategory": "data"}, "InvalidEventCategoryException"),
        (
            {"StartTime": NOON, "EndTime": NOON - timedelta(days=1)},
            "InvalidTimeRangeException",
        ),
    ],
)
def test_a_wrong_look_up_of_events_is_refused_as_modelled(
    client: Callable[..., Any], company: Emulator, params: dict[str, Any], expected: str
) -> None:
    trail = client(company, "cloudtrail")

    assert refused(trail, "lookup_events", **params) == expected


@pytest.mark.parametrize("time", [1e300, "soon", -1e18])
def test_a_time_that_is_none_is_refused(
    post: Callable[..., Any], company: Emulator, time: object
) -> None:
    target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
    body = json.dumps({"StartTime": time})
    reply = post(company, body=body, service="cloudtrail", X_Amz_Target=target)

    assert reply.status == 400
    assert reply.json["__type"] == "SerializationException"


# What GovCloud costs (D6)


def test_spend_is_told_by_month_and_account_and_nothing_is_no_group(
    client: Callable[..., Any], company: Emulator
) -> None:
    told = answer(client(company, "ce"), "get_cost_and_usage", **SPENT)

    def group(account_id: str, amount: str, unit: str = "USD") -> dict[str, Any]:
        return {
            "Keys": [account_id],
            "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": unit}},
        }

    assert [
        (each["TimePeriod"]["Start"], each["TimePeriod"]["End"], each["Estimated"], each["Groups"])
        for each in told["ResultsByTime"]
    ] == [
        (
            "2026-08-01",
            "2026-09-01",
            False,
            [
                group(BOSS, "10.2500000000"),
                group(PAIRED, "0.5000000000", "EUR"),
                group(PAIRED, "1234567.8900000000"),
            ],
        ),
        ("2026-09-01", "2026-10-01", False, []),
        ("2026-10-01", "2026-11-01", True, [group(BOSS, "3.0000000000")]),
    ]
    assert "NextPageToken" not in told
    assert company.organization.spend() == [
        {
            "account_id": BOSS,
            "month": "2026-08",
            "amount": 10.25,
            "unit": "USD",
            "is_estimated": False,
        },
        {
            "account_id": PAIRED,
            "month": "2026-08",
            "amount": 0.5,
            "unit": "EUR",
            "is_estimated": False,
        },
        {
            "account_id": PAIRED,
            "month": "2026-08",
            "amount": 1234567.89,
            "unit": "USD",
            "is_estimated": False,
        },
        {
            "account_id": BOSS,
            "month": "2026-10",
            "amount": 3.0,
            "unit": "USD",
            "is_estimated": True,
        },
    ]


def test_the_month_in_progress_is_an_estimate(
    client: Callable[..., Any], company: Emulator
) -> None:
    asked = SPENT | {"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-22"}}
    (month,) = answer(client(company, "ce"), "get_cost_and_usage", **asked)["ResultsByTime"]

    assert month["TimePeriod"] == {"Start": "2026-11-01", "End": "2026-11-22"}
    assert month["Estimated"] is True
    assert [each["Keys"] for each in month["Groups"]] == [[BOSS]]


@pytest.mark.parametrize(
    ("regions", "amount"),
    [
        (["us-gov-west-1"], "10.2500000000"),
        (["us-east-1"], None),
        (None, "102.5000000000"),
    ],
)
def test_spend_is_that_of_the_regions_asked_for(
    client: Callable[..., Any], company: Emulator, regions: list[str] | None, amount: str | None
) -> None:
    asked = {key: value for key, value in SPENT.items() if key != "Filter"}
    if regions:
        asked["Filter"] = {"Dimensions": {"Key": "REGION", "Values": regions}}
    months = answer(client(company, "ce"), "get_cost_and_usage", **asked)["ResultsByTime"]

    groups = months[0]["Groups"]
    assert len(months) == 3
    assert (groups[0]["Metrics"]["UnblendedCost"]["Amount"] if groups else None) == amount


def test_spend_comes_in_pages_that_hold_for_the_same_parameters(
    client: Callable[..., Any], company: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.emulator.cost_explorer._GROUPS_A_PAGE", 2)
    ce = client(company, "ce")
    pages, token = [], {}
    for _ in range(3):
        page = answer(ce, "get_cost_and_usage", **SPENT, **token)
        pages.append(
            [(each["TimePeriod"]["Start"], len(each["Groups"])) for each in page["ResultsByTime"]]
        )
        token = {"NextPageToken": page.get("NextPageToken", "")}
    other = SPENT | {"Metrics": ["BlendedCost"]}
    first = answer(ce, "get_cost_and_usage", **SPENT)["NextPageToken"]

    assert pages == [
        [("2026-08-01", 2)],
        [("2026-08-01", 1), ("2026-09-01", 0)],
        [("2026-10-01", 1)],
    ]
    assert refused(ce, "get_cost_and_usage", **other, NextPageToken=first) == (
        "RequestChangedException"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-13-01", "End": "2026-11-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-11", "End": "2026-12-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-11-01", "End": "2026-12-02"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2025-08-31", "End": "2026-11-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-11-23", "End": "2026-12-01"}}, "DataUnavailableException"),
        ({"Granularity": "DAILY"}, "ValidationException"),
        ({"Metrics": ["Cost"]}, "ValidationException"),
        ({"GroupBy": []}, "ValidationException"),
        ({"Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["x"]}}}, "ValidationException"),
        ({"NextPageToken": "x"}, "InvalidNextTokenException"),
    ],
)
def test_a_wrong_question_about_spend_is_refused(
    client: Callable[..., Any], company: Emulator, change: dict[str, Any], expected: str
) -> None:
    assert refused(client(company, "ce"), "get_cost_and_usage", **SPENT | change) == expected


@pytest.mark.parametrize(
    ("key", "seen"), [("m", [BOSS, PAIRED]), (f"member{PAIRED}", [PAIRED]), ("delegated", [])]
)
def test_a_member_sees_its_own_spend_alone(
    client: Callable[..., Any], company: Emulator, key: str, seen: list[str]
) -> None:
    assert company.organization.delegated_account_id == AUDIT
    months = answer(client(company, "ce", key), "get_cost_and_usage", **SPENT)["ResultsByTime"]

    assert sorted({each["Keys"][0] for each in months[0]["Groups"]}) == seen


# What holds for all of them

ALL = [
    ("organizations", "list_create_account_status", {}, "TooManyRequestsException"),
    ("resourcegroupstaggingapi", "get_resources", {}, "ThrottledException"),
    (
        "account",
        "get_alternate_contact",
        {"AlternateContactType": "BILLING"},
        "TooManyRequestsException",
    ),
    ("cloudtrail", "lookup_events", {}, "ThrottlingException"),
    ("ce", "get_cost_and_usage", SPENT, "LimitExceededException"),
]


@pytest.mark.parametrize(("service", "operation", "params", "throttled"), ALL)
def test_each_is_denied_throttled_and_broken_as_its_service_says_it(
    client: Callable[..., Any], service: str, operation: str, params: Any, throttled: str
) -> None:
    with Emulator(make_company()) as emulator:
        asking = client(emulator, service)
        name = asking.meta.method_to_api_mapping[operation]
        emulator.change(denied_operations=[name])
        denied = refused(asking, operation, **params)
        emulator.change(denied_operations=[], rate={name: 0}, burst=0)
        slowed = refused(asking, operation, **params)
        emulator.change(rate=None, faults={"500": 1})
        with pytest.raises(ClientError) as broken:
            getattr(asking, operation)(**params)

    assert (denied, slowed) == ("AccessDeniedException", throttled)
    assert broken.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_a_denial_names_the_permission(client: Callable[..., Any], emulator: Emulator) -> None:
    emulator.change(denied_operations=["GetResources"])

    with pytest.raises(ClientError, match="not authorized to perform: tag:GetResources"):
        client(emulator, "resourcegroupstaggingapi").get_resources()


def test_empty_pages_come_before_each_page_and_lose_nothing(client: Callable[..., Any]) -> None:
    with Emulator(make_company(), Switches(empty_pages=True)) as emulator:
        gov = client(emulator, "organizations", "govcloud", WEST)
        members = [page["Accounts"] for page in gov.get_paginator("list_accounts").paginate()]
        tagging = client(emulator, "resourcegroupstaggingapi")
        tagged = [
            page["ResourceTagMappingList"]
            for page in tagging.get_paginator("get_resources").paginate()
        ]
        trail = client(emulator, "cloudtrail").get_paginator("lookup_events")
        closed = [page["Events"] for page in trail.paginate()]

    assert [len(page) for page in members] == [0, 3, 0]
    assert [len(page) for page in tagged] == [0, 2, 0]
    assert [len(page) for page in closed] == [0, 4, 0]
