"""What nobody could verify without an account, as questions that read and never write.

Each asks a few calls, the same of AWS and of the emulator. Quotas are not tried, and nothing that
costs money. Where an answer depends on whom it is
about, several are asked about, and answers that ended alike are compared.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from botocore import xform_name
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.parsers import ResponseParserError
from reading import Reading, read

from toolkit.aws import Aws, Caller
from toolkit.aws import operations as ops

HOME = "us-east-1"
SAMPLE_TARGET = "AWSAccountV20210201.GetGovCloudAccountInformation"
STRANGER = "999999999999"
OPT_IN = "af-south-1"


class Asker(NamedTuple):
    """Who asks, and about whom it may ask."""

    aws: Aws
    caller: Caller
    others: tuple[str, ...]

    def call(
        self, service: str, operation: str, region: str = HOME, **parameters: object
    ) -> Reading:
        """Make one call, and return what came over the wire."""
        client = self.aws._clients.get(service, region)
        seen: list[dict[str, Any]] = []

        def look(response_dict: dict[str, Any], **_: object) -> None:
            seen.append(response_dict)

        event = f"before-parse.{client.meta.service_model.service_id.hyphenize()}.{operation}"
        client.meta.events.register(event, look)
        try:
            getattr(client, xform_name(operation))(**parameters)
        except (ClientError, ResponseParserError):
            pass  # an error is an answer, too, and so is what botocore cannot read
        finally:
            client.meta.events.unregister(event, look)
        return read(seen[-1]["status_code"], seen[-1]["headers"], seen[-1]["body"])

    def post(self, path: str, body: str, host: str = "", **headers: str) -> Reading:
        """Send one signed request that no SDK would send to Account Management."""
        url = (host or self.aws.address(ops.GET_GOVCLOUD)).rstrip("/") + path
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = AWSRequest("POST", url, headers=given, data=body.encode())
        credentials = self.aws._clients._inner.get_credentials().get_frozen_credentials()
        SigV4Auth(credentials, "account", HOME).add_auth(request)
        session = URLLib3Session()
        try:
            answer = session.send(request.prepare())
            return read(answer.status_code, answer.headers, answer.content)
        except HTTPClientError as error:
            return Reading(0, type(error).__name__, "", None)
        finally:
            session.close()


Question = Callable[[Asker], Iterator[Reading]]


def who_is_asking(asker: Asker) -> Iterator[Reading]:
    yield asker.call("sts", "GetCallerIdentity")


def which_organization(asker: Asker) -> Iterator[Reading]:
    yield asker.call("organizations", "DescribeOrganization")


def whom_it_trusts(asker: Asker) -> Iterator[Reading]:
    yield asker.call("organizations", "ListAWSServiceAccessForOrganization", MaxResults=20)
    yield asker.call("organizations", "ListAWSServiceAccessForOrganization", NextToken="nothing")


def which_accounts(asker: Asker) -> Iterator[Reading]:
    yield asker.call("organizations", "ListAccounts", MaxResults=20)
    yield asker.call("organizations", "ListAccounts", MaxResults=1, NextToken="nothing")


def a_unit_that_is_not_there(asker: Asker) -> Iterator[Reading]:
    unit = "ou-0000-00000000"
    yield asker.call("organizations", "DescribeOrganizationalUnit", OrganizationalUnitId=unit)


def its_own_pair(asker: Asker) -> Iterator[Reading]:
    yield asker.call("account", "GetGovCloudAccountInformation")


def its_own_pair_by_its_own_id(asker: Asker) -> Iterator[Reading]:
    own = asker.caller.account_id
    yield asker.call("account", "GetGovCloudAccountInformation", StandardAccountId=own)


def the_pairs_of_others(asker: Asker) -> Iterator[Reading]:
    for other in asker.others or (STRANGER,):
        yield asker.call("account", "GetGovCloudAccountInformation", StandardAccountId=other)


def the_pair_of_the_management_account(asker: Asker) -> Iterator[Reading]:
    management = asker.caller.management_account_id or STRANGER
    yield asker.call("account", "GetGovCloudAccountInformation", StandardAccountId=management)


def the_pair_of_a_stranger(asker: Asker) -> Iterator[Reading]:
    yield asker.call("account", "GetGovCloudAccountInformation", StandardAccountId=STRANGER)


def the_pair_of_what_is_no_id(asker: Asker) -> Iterator[Reading]:
    yield asker.call("account", "GetGovCloudAccountInformation", StandardAccountId="12")


def the_states_of_accounts(asker: Asker) -> Iterator[Reading]:
    yield asker.call("account", "GetAccountInformation")
    for other in asker.others:
        yield asker.call("account", "GetAccountInformation", AccountId=other)


def the_sample_of_the_reference_page(asker: Asker) -> Iterator[Reading]:
    kind = "application/x-www-form-urlencoded"
    yield asker.post("/", "{}", X_Amz_Target=SAMPLE_TARGET)
    yield asker.post("/", "{}", X_Amz_Target=SAMPLE_TARGET, Content_Type=kind)


def what_no_service_knows(asker: Asker) -> Iterator[Reading]:
    yield asker.post("/getNothing", "{}")
    yield asker.post("/", "{}")


def account_management_with_fips(asker: Asker) -> Iterator[Reading]:
    """Whether it exists is not known; the emulator stands for an address that does."""
    host = "" if asker.aws.endpoint_url else "https://account-fips.us-east-1.amazonaws.com"
    yield asker.post("/getAccountInformation", "{}", host)


def accounts_created_as_pairs(asker: Asker) -> Iterator[Reading]:
    yield asker.call("organizations", "ListCreateAccountStatus", MaxResults=20)


def tags_of_accounts(asker: Asker) -> Iterator[Reading]:
    kinds = ["organizations:account"]
    yield asker.call("resourcegroupstaggingapi", "GetResources", ResourceTypeFilters=kinds)


def closures(asker: Asker) -> Iterator[Reading]:
    named = [{"AttributeKey": "EventName", "AttributeValue": "CloseAccountResult"}]
    yield asker.call("cloudtrail", "LookupEvents", LookupAttributes=named, MaxResults=5)


def which_links(asker: Asker) -> Iterator[Reading]:
    yield asker.call("workspaces", "ListAccountLinks", MaxResults=25)


def links_in_a_region_that_may_not_be_enabled(asker: Asker) -> Iterator[Reading]:
    yield asker.call("workspaces", "ListAccountLinks", OPT_IN, MaxResults=25)


def a_link_by_each_of_its_names(asker: Asker) -> Iterator[Reading]:
    yield asker.call("workspaces", "GetAccountLink", LinkId="link-00000000")
    yield asker.call("workspaces", "GetAccountLink", LinkId="link-1")
    yield asker.call("workspaces", "GetAccountLink", LinkedAccountId=STRANGER)
    yield asker.call("workspaces", "GetAccountLink", LinkedAccountId="link-00000000")
    yield asker.call("workspaces", "GetAccountLink", LinkedAccountId=asker.caller.account_id)
    yield asker.call("workspaces", "GetAccountLink")


QUESTIONS: tuple[Question, ...] = (
    who_is_asking,
    which_organization,
    whom_it_trusts,
    which_accounts,
    a_unit_that_is_not_there,
    its_own_pair,
    its_own_pair_by_its_own_id,
    the_pairs_of_others,
    the_pair_of_the_management_account,
    the_pair_of_a_stranger,
    the_pair_of_what_is_no_id,
    the_states_of_accounts,
    the_sample_of_the_reference_page,
    what_no_service_knows,
    account_management_with_fips,
    accounts_created_as_pairs,
    tags_of_accounts,
    closures,
    which_links,
    links_in_a_region_that_may_not_be_enabled,
    a_link_by_each_of_its_names,
)
