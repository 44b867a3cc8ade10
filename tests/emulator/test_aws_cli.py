"""The AWS CLI, pointed at the emulator by AWS_ENDPOINT_URL alone."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from copied import IN_UTF_8

from toolkit.emulator import Emulator, make_organization


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(make_organization(110)) as emulator:
        yield emulator


PROGRAM = """
import contextlib, io, json, os, sys
from awscli.clidriver import create_clidriver
data = os.environ["AWS_DATA_PATH"]
for line in sys.stdin:
    command, settings = json.loads(line)
    os.environ.clear()
    os.environ.update(settings, AWS_DATA_PATH=data)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = create_clidriver().main(command)
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""
"""Runs the CLI's commands, each as if it were the first: to start Python costs more than they do.

In the tests' own process it would change which botocore all others import.
"""


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def cli() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | IN_UTF_8,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as started:
        yield started


@pytest.fixture
def aws(emulator: Emulator, cli: subprocess.Popen[str]) -> Callable[..., Ended]:
    """Run one command of the CLI."""

    def run(command: str, key: str = "management", region: str = "us-east-1") -> Ended:
        settings = {
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_DEFAULT_REGION": region,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }
        assert cli.stdin
        assert cli.stdout
        print(json.dumps([command.split(), {**os.environ, **settings}]), file=cli.stdin, flush=True)
        return Ended(*json.loads(cli.stdout.readline()))

    return run


def test_it_gets_the_reference_pages_answers(aws: Callable[..., Any]) -> None:
    sample = {"GovCloudAccountId": "123456789012", "AccountState": "ACTIVE"}
    command = "account get-gov-cloud-account-information"

    own = aws(command, key="member111111111111")
    named = aws(f"{command} --standard-account-id 111111111111")

    assert json.loads(own.stdout) == sample
    assert json.loads(named.stdout) == sample


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "account get-gov-cloud-account-information --standard-account-id 222222222222",
            "GovCloud Account ID not found for Standard Account - 222222222222.",
        ),
        (
            "account get-gov-cloud-account-information --standard-account-id 12",
            "An error occurred (ValidationException) when calling the",
        ),
        (
            "workspaces get-account-link --link-id link-00000000",
            "An error occurred (ResourceNotFoundException) when calling the GetAccountLink",
        ),
        (
            "organizations describe-account --account-id 999999999999",
            "An error occurred (AccountNotFoundException) when calling the DescribeAccount",
        ),
        (
            "sts assume-role --role-arn arn:aws:iam::999999999999:role/R --role-session-name me",
            "An error occurred (AccessDenied) when calling the AssumeRole",
        ),
    ],
)
def test_it_shows_awss_errors(aws: Callable[..., Any], command: str, message: str) -> None:
    run = aws(command)

    assert run.returncode != 0
    assert message in run.stderr


def test_it_follows_every_page(aws: Callable[..., Any], emulator: Emulator) -> None:
    listed = json.loads(aws("organizations list-accounts").stdout)["Accounts"]
    some = json.loads(aws("organizations list-accounts --page-size 3 --max-items 7").stdout)

    assert [account["Id"] for account in listed] == [
        pair["account_id"] for pair in emulator.organization.pairs()
    ]
    assert some["Accounts"] == listed[:7]
    assert some["NextToken"]


def test_it_reads_account_links_of_each_region(aws: Callable[..., Any], emulator: Emulator) -> None:
    own = emulator.organization.management_account_id
    for region in ("us-east-1", "us-west-2"):
        run = aws("workspaces list-account-links", region=region)

        assert [link["AccountLinkId"] for link in json.loads(run.stdout)["AccountLinks"]] == [
            link["link_id"]
            for link in emulator.organization.links()
            if link["region"] == region
            and own in {link["source_account_id"], link["target_account_id"]}
        ]


def test_it_tells_who_is_calling(aws: Callable[..., Any], emulator: Emulator) -> None:
    identity = json.loads(aws("sts get-caller-identity", key="delegated").stdout)

    assert identity["Account"] == emulator.organization.delegated_account_id


def test_it_lists_the_govcloud_organization(aws: Callable[..., Any], emulator: Emulator) -> None:
    run = aws("organizations list-accounts", key="govcloud", region="us-gov-west-1")

    assert [(each["Id"], each["State"]) for each in json.loads(run.stdout)["Accounts"]] == [
        (row["govcloud_account_id"], row["state"]) for row in emulator.organization.witness()
    ]


def test_it_gets_creations_tags_closures_spend_and_contacts(
    aws: Callable[..., Any], emulator: Emulator
) -> None:
    organization = emulator.organization
    contact = next(
        row
        for row in organization.contacts()
        if row["account_id"] != organization.management_account_id
    )
    of_govcloud = '{"Dimensions":{"Key":"REGION","Values":["us-gov-west-1","us-gov-east-1"]}}'
    created = aws("organizations list-create-account-status --states FAILED SUCCEEDED")
    tagged = aws(
        "resourcegroupstaggingapi get-resources --resource-type-filters organizations:account "
        "--page-size 30"
    )
    closed = aws(
        "cloudtrail lookup-events --lookup-attributes "
        "AttributeKey=EventName,AttributeValue=CloseAccountResult"
    )
    spent = aws(
        "ce get-cost-and-usage --time-period Start=2026-08-01,End=2026-11-01 --granularity MONTHLY "
        "--metrics UnblendedCost --group-by Type=DIMENSION,Key=LINKED_ACCOUNT "
        f"--filter {of_govcloud}"
    )
    called = aws(
        f"account get-alternate-contact --account-id {contact['account_id']} "
        f"--alternate-contact-type {contact['contact_type']}"
    )

    assert [each["Id"] for each in json.loads(created.stdout)["CreateAccountStatuses"]] == [
        row["request_id"] for row in organization.created() if row["state"] != "IN_PROGRESS"
    ]
    assert [
        (each["ResourceARN"][-12:], tag["Key"], tag["Value"])
        for each in json.loads(tagged.stdout)["ResourceTagMappingList"]
        for tag in each["Tags"]
    ] == [(row["account_id"], row["key"], row["value"]) for row in organization.tags()]
    assert len(json.loads(closed.stdout)["Events"]) == len(organization.closures_shown)
    assert [
        (group["Keys"][0], float(group["Metrics"]["UnblendedCost"]["Amount"]))
        for month in json.loads(spent.stdout)["ResultsByTime"]
        for group in month["Groups"]
    ] == [(row["account_id"], row["amount"]) for row in organization.spend()]
    assert json.loads(called.stdout)["AlternateContact"]["EmailAddress"] == contact["email"]
