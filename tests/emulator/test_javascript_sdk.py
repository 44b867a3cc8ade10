"""The AWS SDK for JavaScript v3, pointed at the emulator by AWS_ENDPOINT_URL alone.

Its packages are pinned by javascript/package-lock.json and installed once, below build/.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from npm import installed
from patience import LONG

from toolkit.emulator import Emulator, make_organization

Answers: TypeAlias = tuple[Emulator, dict[str, Any]]

HERE = Path(__file__).parent / "javascript"


def asked_about(emulator: Emulator) -> list[str]:
    """Give some accounts that may be asked about, with and without someone to call."""
    return [pair["account_id"] for pair in emulator.organization.pairs()[1:13]]


@pytest.fixture(scope="module")
def told() -> Iterator[Answers]:
    """Give the emulator that was asked, and all that it answered."""
    with Emulator(make_organization(110)) as emulator:
        settings = {
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "management",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        run = subprocess.run(
            ["node", "ask.mjs", *asked_about(emulator)],
            cwd=installed(HERE),
            env=os.environ | settings,
            capture_output=True,
            encoding="utf-8",
            timeout=LONG,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        yield emulator, json.loads(run.stdout)


def test_it_gets_the_reference_pages_answers(told: Answers) -> None:
    _, answers = told
    sample = {"GovCloudAccountId": "123456789012", "AccountState": "ACTIVE"}

    assert answers["own"] == sample
    assert answers["linked"] == sample
    assert answers["information"]["AccountId"] == "111111111111"
    assert answers["information"]["AccountCreatedDate"].endswith("Z")


def test_it_raises_the_modelled_errors(told: Answers) -> None:
    _, answers = told

    assert answers["notLinked"] == {
        "error": "ResourceNotFoundException",
        "message": "GovCloud Account ID not found for Standard Account - 222222222222.",
        "status": 404,
        "modelled": True,
    }
    assert answers["invalid"]["error"] == "ValidationException"
    assert answers["invalid"]["reason"] == "fieldValidationFailed"
    assert answers["invalid"]["fields"][0]["name"] == "standardAccountId"
    assert answers["denied"]["error"] == "AccessDeniedException"
    assert answers["invalid"]["modelled"]
    assert answers["denied"]["modelled"]


def test_it_follows_every_page(told: Answers) -> None:
    emulator, answers = told
    listed = [account for page in answers["pages"] for account in page]

    assert [len(page) for page in answers["pages"]] == [20, 20, 20, 20, 20, 10]
    assert listed == [
        {"Id": pair["account_id"], "State": pair["standard_state"]}
        for pair in emulator.organization.pairs()
    ]
    organization = answers["organization"]["Organization"]
    assert organization["Id"] == emulator.organization.organization_id


@pytest.mark.parametrize("protocol", ["json", "cbor"])
def test_it_reads_account_links_in_both_protocols(told: Answers, protocol: str) -> None:
    emulator, answers = told
    links = answers[protocol]

    own = emulator.organization.management_account_id
    assert [link["AccountLinkId"] for link in links["listed"]] == [
        link["link_id"]
        for link in emulator.organization.links()
        if link["region"] == "us-east-1"
        and own in {link["source_account_id"], link["target_account_id"]}
    ]
    assert links["first"] == {"AccountLink": links["listed"][0]}
    for name, error in (("none", "ResourceNotFoundException"), ("invalid", "ValidationException")):
        assert links[name]["error"] == error
        assert links[name]["status"] == 400
        assert links[name]["modelled"]


def test_the_cbor_client_really_spoke_cbor(told: Answers) -> None:
    _, answers = told

    assert answers["cborPaths"] == [
        "/service/WorkspacesService/operation/ListAccountLinks",
        *3 * ["/service/WorkspacesService/operation/GetAccountLink"],
        *5 * ["/service/ResourceGroupsTaggingAPI_20170126/operation/GetResources"],
    ]


def test_it_lists_the_govcloud_organization_and_the_requests_for_accounts(told: Answers) -> None:
    emulator, answers = told
    organization = emulator.organization

    assert [(each["Id"], each["State"]) for each in answers["witness"]] == [
        (row["govcloud_account_id"], row["state"]) for row in organization.witness()
    ]
    assert all(each["Arn"].startswith("arn:aws-us-gov:") for each in answers["witness"])
    assert [
        (each["Id"], each["State"], each.get("GovCloudAccountId")) for each in answers["created"]
    ] == [
        (row["request_id"], row["state"], row["govcloud_account_id"])
        for row in organization.created()
    ]


@pytest.mark.parametrize("name", ["tags", "cborTags"])
def test_it_reads_tags_in_both_protocols(told: Answers, name: str) -> None:
    emulator, answers = told
    listed = [
        {"account_id": each["ResourceARN"][-12:], "key": tag["Key"], "value": tag["Value"]}
        for each in answers[name]["listed"]
        for tag in each["Tags"]
    ]

    assert listed == emulator.organization.tags()
    assert answers[name]["invalid"]["error"] == "InvalidParameterException"
    assert answers[name]["invalid"]["modelled"]


def test_it_reads_closures_spend_and_contacts(told: Answers) -> None:
    emulator, answers = told
    organization = emulator.organization

    details = [json.loads(event["CloudTrailEvent"]) for event in answers["closed"]]
    statuses = [detail["serviceEventDetails"]["closeAccountStatus"] for detail in details]
    assert [(each["accountId"], each["state"]) for each in statuses] == [
        (one.account_id, one.state) for one in organization.closures_shown
    ]
    assert answers["badToken"]["error"] == "InvalidNextTokenException"
    assert answers["badToken"]["modelled"]
    assert [
        (month["TimePeriod"]["Start"][:7], group["Keys"][0], float(cost["Amount"]), cost["Unit"])
        for month in answers["spend"]
        for group in month["Groups"]
        for cost in [group["Metrics"]["UnblendedCost"]]
    ] == [
        (row["month"], row["account_id"], row["amount"], row["unit"])
        for row in organization.spend()
    ]
    known = {
        row["account_id"]: row["name"]
        for row in organization.contacts()
        if row["contact_type"] == "BILLING"
    }
    for account_id, answer in zip(asked_about(emulator), answers["billing"], strict=True):
        named = answer.get("AlternateContact", {}).get("Name")
        assert named == known.get(account_id)
        assert named or answer["status"] == 404
