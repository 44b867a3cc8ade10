"""Every operation through boto3: what it answers, checked against botocore's own output shapes."""

import base64
import json
from collections.abc import Callable
from itertools import chain
from typing import Any

import cbor2
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.emulator.shapes import operation_model, violations


def answer(client: BaseClient, operation: str, **params: object) -> dict[str, Any]:
    given = getattr(client, operation)(**params)
    del given["ResponseMetadata"]
    return given


def assert_as_modelled(service: str, operation: str, given: dict[str, Any]) -> None:
    shape = operation_model(service, operation).output_shape
    assert not ParamValidator().validate(given, shape).has_errors()
    assert list(violations(shape, given)) == []


def test_the_pair_of_every_account_is_told_as_it_is(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    account = client(emulator, "account")
    told, true = {}, {}
    for pair in emulator.organization.pairs()[1:]:
        true[pair["account_id"]] = (pair["govcloud_account_id"], pair["govcloud_state"])
        try:
            given = answer(
                account,
                "get_gov_cloud_account_information",
                StandardAccountId=pair["account_id"],
            )
        except account.exceptions.ResourceNotFoundException:
            told[pair["account_id"]] = (None, None)
        else:
            assert_as_modelled("account", "GetGovCloudAccountInformation", given)
            told[pair["account_id"]] = (given["GovCloudAccountId"], given["AccountState"])

    assert told == true


def test_the_management_account_gets_its_own_pair_by_naming_nobody(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    management = emulator.organization.pairs()[0]

    given = answer(client(emulator, "account"), "get_gov_cloud_account_information")

    assert given["GovCloudAccountId"] == management["govcloud_account_id"]


def test_account_information_is_told_as_modelled(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    account = client(emulator, "account")
    for pair in emulator.organization.pairs()[1:]:
        given = answer(account, "get_account_information", AccountId=pair["account_id"])

        assert_as_modelled("account", "GetAccountInformation", given)
        assert given["AccountName"] == pair["name"]
        assert given["AccountCreatedDate"] == pair["joined_at"]
        closing = pair["standard_state"] == "PENDING_CLOSURE"
        assert given["AccountState"] == ("SUSPENDED" if closing else pair["standard_state"])


def test_list_accounts_tells_every_account_in_pages_of_twenty(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    pages = [
        {"Accounts": page["Accounts"]}
        for page in client(emulator, "organizations").get_paginator("list_accounts").paginate()
    ]

    assert [len(page["Accounts"]) for page in pages] == [20] * 6
    for page in pages:
        assert_as_modelled("organizations", "ListAccounts", page)
    told = [account for page in pages for account in page["Accounts"]]
    pairs = emulator.organization.pairs()
    assert [account["Id"] for account in told] == [pair["account_id"] for pair in pairs]
    assert [account["State"] for account in told] == [pair["standard_state"] for pair in pairs]
    assert [account["Email"] for account in told] == [pair["email"] for pair in pairs]
    assert [account["JoinedTimestamp"] for account in told] == [pair["joined_at"] for pair in pairs]


def test_the_names_along_an_accounts_path_can_be_looked_up(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    organizations = client(emulator, "organizations")
    told = organizations.list_accounts()["Accounts"]

    for account, pair in zip(told, emulator.organization.pairs(), strict=False):
        organization_id, root_id, *units, account_id = account["Paths"][0].strip("/").split("/")
        assert organization_id == emulator.organization.organization_id
        assert root_id.startswith("r-")
        assert account_id == account["Id"]
        names = []
        for unit_id in units:
            given = answer(
                organizations, "describe_organizational_unit", OrganizationalUnitId=unit_id
            )
            assert_as_modelled("organizations", "DescribeOrganizationalUnit", given)
            names.append(given["OrganizationalUnit"]["Name"])
        assert ("/".join(names) or "Root") == pair["ou_path"]


def test_describe_organization_names_the_management_account(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    given = answer(client(emulator, "organizations"), "describe_organization")

    assert_as_modelled("organizations", "DescribeOrganization", given)
    assert given["Organization"]["Id"] == emulator.organization.organization_id
    assert given["Organization"]["MasterAccountId"] == emulator.organization.management_account_id
    assert given["Organization"]["FeatureSet"] == "ALL"


def test_describe_account_tells_what_list_accounts_does(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    organizations = client(emulator, "organizations")
    listed = organizations.list_accounts()["Accounts"][2]

    given = answer(organizations, "describe_account", AccountId=listed["Id"])

    assert given == {"Account": listed}
    assert_as_modelled("organizations", "DescribeAccount", given)


def test_the_callers_links_are_listed_for_each_region_apart(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    organization = emulator.organization
    for region in ("us-east-1", "us-west-2", "eu-central-1"):
        given = answer(client(emulator, "workspaces", region=region), "list_account_links")

        assert_as_modelled("workspaces", "ListAccountLinks", given)
        assert [link["AccountLinkId"] for link in given["AccountLinks"]] == [
            link["link_id"]
            for link in organization.links()
            if link["region"] == region
            and organization.management_account_id
            in {link["source_account_id"], link["target_account_id"]}
        ]


def test_links_are_filtered_by_status(client: Callable[..., Any], emulator: Emulator) -> None:
    workspaces = client(emulator, "workspaces")

    given = answer(workspaces, "list_account_links", LinkStatusFilter=["REJECTED"])

    assert {link["AccountLinkStatus"] for link in given["AccountLinks"]} == {"REJECTED"}


def test_one_link_is_found_by_its_id_and_by_its_other_end(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    workspaces = client(emulator, "workspaces")
    for link in workspaces.list_account_links()["AccountLinks"]:
        ends = {link["SourceAccountId"], link["TargetAccountId"]}
        (other,) = ends - {emulator.organization.management_account_id}

        by_id = answer(workspaces, "get_account_link", LinkId=link["AccountLinkId"])
        by_end = answer(workspaces, "get_account_link", LinkedAccountId=other)

        assert by_id == by_end == {"AccountLink": link}
        assert_as_modelled("workspaces", "GetAccountLink", by_id)


def test_workspaces_answers_alike_in_cbor_and_in_json(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    link = emulator.organization.links()[0]
    params = {"LinkId": link["link_id"]}
    asked = {"service": "workspaces", "region": link["region"]}

    binary = post(
        emulator,
        "/service/WorkspacesService/operation/GetAccountLink",
        cbor2.dumps(params),
        smithy_protocol="rpc-v2-cbor",
        Content_Type="application/cbor",
        **asked,
    )
    text = post(
        emulator,
        body=json.dumps(params),
        X_Amz_Target="WorkspacesService.GetAccountLink",
        Content_Type="application/x-amz-json-1.1",
        **asked,
    )

    assert (binary.status, text.status) == (200, 200)
    assert binary.headers["Content-Type"] == "application/cbor"
    assert binary.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert text.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert cbor2.loads(binary.body) == text.json
    assert text.json["AccountLink"]["AccountLinkStatus"] == link["link_status"]


def test_the_caller_is_identified(client: Callable[..., Any], emulator: Emulator) -> None:
    given = answer(client(emulator, "sts"), "get_caller_identity")

    management = emulator.organization.management_account_id
    assert_as_modelled("sts", "GetCallerIdentity", given)
    assert given["Account"] == management
    assert given["Arn"] == f"arn:aws:iam::{management}:user/analyst"


def test_a_role_makes_its_account_the_caller(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    given = answer(
        client(emulator, "sts"),
        "assume_role",
        RoleArn="arn:aws:iam::111111111111:role/audit/ReadOnly",
        RoleSessionName="audit",
    )
    credentials = given["Credentials"]

    assert_as_modelled("sts", "AssumeRole", given)
    for service in ("sts", "account"):
        assumed = client(
            emulator,
            service,
            key=credentials["AccessKeyId"],
            token=credentials["SessionToken"],
        )
        if service == "sts":
            identity = assumed.get_caller_identity()
            assert identity["Arn"] == "arn:aws:sts::111111111111:assumed-role/ReadOnly/audit"
        else:
            own = assumed.get_gov_cloud_account_information()
            assert own["GovCloudAccountId"] == "123456789012"


@pytest.mark.parametrize("kind", ["management", "delegated", "standalone", "noorg"])
def test_a_role_in_any_known_account_can_be_assumed(
    client: Callable[..., Any], emulator: Emulator, kind: str
) -> None:
    account = client(emulator, "sts", key=kind).get_caller_identity()["Account"]

    credentials = client(emulator, "sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/R", RoleSessionName="audit"
    )["Credentials"]

    assumed = client(
        emulator, "sts", key=credentials["AccessKeyId"], token=credentials["SessionToken"]
    )
    assert assumed.get_caller_identity()["Account"] == account


def test_a_denied_role_is_not_assumed(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(denied_roles={"111111111111"})) as emulator:
        sts = client(emulator, "sts")
        with pytest.raises(ClientError) as denied:
            sts.assume_role(RoleArn="arn:aws:iam::111111111111:role/R", RoleSessionName="audit")
        other = sts.assume_role(RoleArn="arn:aws:iam::222222222222:role/R", RoleSessionName="audit")

    assert denied.value.response["Error"]["Code"] == "AccessDenied"
    assert other["Credentials"]["AccessKeyId"].endswith("222222222222")


def test_pages_are_as_large_as_asked_for(client: Callable[..., Any], emulator: Emulator) -> None:
    organizations = client(emulator, "organizations")
    sizes = [
        len(page["Accounts"])
        for page in organizations.get_paginator("list_accounts").paginate(
            PaginationConfig={"PageSize": 7}
        )
    ]

    assert sizes == [7] * 17 + [1]


def test_links_come_twenty_five_a_page(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(1000)) as emulator:
        workspaces = client(emulator, "workspaces")
        first = workspaces.list_account_links()
        second = workspaces.list_account_links(NextToken=first["NextToken"])

    assert len(first["AccountLinks"]) == 25
    assert first["AccountLinks"][-1] not in second["AccountLinks"]


def test_empty_pages_carry_a_token_and_lose_nobody(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(45), Switches(empty_pages=True)) as emulator:
        organizations = client(emulator, "organizations")
        pages, token = [], {}
        while True:
            page = organizations.list_accounts(**token)
            pages.append([account["Id"] for account in page["Accounts"]])
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        links = client(emulator, "workspaces").list_account_links()

    assert [len(page) for page in pages] == [0, 20, 0, 20, 0, 5, 0]
    assert list(chain.from_iterable(pages)) == [
        pair["account_id"] for pair in emulator.organization.pairs()
    ]
    assert links["AccountLinks"] == []
    assert links["NextToken"]


@pytest.mark.parametrize(
    "token",
    [
        "not a token",
        "é",
        base64.b64encode(b"ListAccounts|-1|0").decode(),
        base64.b64encode(b"ListAccounts|9999|0").decode(),
        base64.b64encode(b"ListAccountLinks|0|0").decode(),
    ],
)
def test_a_token_that_was_never_given_is_refused(
    client: Callable[..., Any], emulator: Emulator, token: str
) -> None:
    organizations = client(emulator, "organizations")

    with pytest.raises(organizations.exceptions.InvalidInputException) as refused:
        organizations.list_accounts(NextToken=token)

    assert refused.value.response["Reason"] == "INVALID_NEXT_TOKEN"
