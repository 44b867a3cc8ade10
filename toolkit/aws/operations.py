"""The calls the toolkit makes, one method each, and who is making them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.aws.clients import HOME, ROLE_SESSION, Clients
from toolkit.aws.partitions import GOVCLOUD, partition_at, partition_of, refuse_partition
from toolkit.aws.translation import (
    NO_SUCH_KEY,
    REFUSED_CODES,
    Operation,
    error_code,
    no_answer,
    translate,
    unreadable,
)
from toolkit.aws.wire import NoAnswer, lacks
from toolkit.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    InputError,
    NoOrganizationError,
    ToolkitError,
    UnknownOperationError,
)
from toolkit.schema import CallerKind

GET_CALLER_IDENTITY: Final = Operation(
    "sts", "GetCallerIdentity", "sts:GetCallerIdentity", needs=("Account", "Arn")
)
DESCRIBE_ORGANIZATION: Final = Operation(
    "organizations",
    "DescribeOrganization",
    "organizations:DescribeOrganization",
    needs=("Organization",),
)
LIST_ACCOUNTS: Final = Operation(
    "organizations", "ListAccounts", "organizations:ListAccounts", needs=("Accounts",)
)
LIST_SERVICE_ACCESS: Final = Operation(
    "organizations",
    "ListAWSServiceAccessForOrganization",
    "organizations:ListAWSServiceAccessForOrganization",
    needs=("EnabledServicePrincipals",),
)
DESCRIBE_UNIT: Final = Operation(
    "organizations",
    "DescribeOrganizationalUnit",
    "organizations:DescribeOrganizationalUnit",
    needs=("OrganizationalUnit",),
)
GET_GOVCLOUD: Final = Operation(
    "account",
    "GetGovCloudAccountInformation",
    "account:GetGovCloudAccountInformation",
    needs=("GovCloudAccountId", "AccountState"),
)
GET_ACCOUNT_INFORMATION: Final = Operation(
    "account",
    "GetAccountInformation",
    "account:GetAccountInformation",
    needs=("AccountState",),
)
LIST_LINKS: Final = Operation(
    "workspaces",
    "ListAccountLinks",
    "workspaces:ListAccountLinks",
    regional=True,
    needs=("AccountLinks",),
)
ASSUME_ROLE: Final = Operation("sts", "AssumeRole", "sts:AssumeRole", needs=("Credentials",))
GET_LINK: Final = Operation(
    "workspaces",
    "GetAccountLink",
    "workspaces:GetAccountLink",
    regional=True,
    needs=("AccountLink",),
)

LIST_CREATIONS: Final = Operation(
    "organizations",
    "ListCreateAccountStatus",
    "organizations:ListCreateAccountStatus",
    needs=("CreateAccountStatuses",),
)
GET_RESOURCES: Final = Operation(
    "resourcegroupstaggingapi",
    "GetResources",
    "tag:GetResources",
    needs=("ResourceTagMappingList",),
)
LOOKUP_EVENTS: Final = Operation(
    "cloudtrail", "LookupEvents", "cloudtrail:LookupEvents", needs=("Events",)
)
GET_COST: Final = Operation("ce", "GetCostAndUsage", "ce:GetCostAndUsage", needs=("ResultsByTime",))
GET_CONTACT: Final = Operation(
    "account", "GetAlternateContact", "account:GetAlternateContact", needs=("AlternateContact",)
)

ACCOUNTS_A_PAGE: Final = 20
LINKS_A_PAGE: Final = 25
SERVICES_A_PAGE: Final = 20
CREATIONS_A_PAGE: Final = 20
RESOURCES_A_PAGE: Final = 100
EVENTS_A_PAGE: Final = 50

GOVCLOUD_REGIONS: Final = ("us-gov-west-1", "us-gov-east-1")
"""What Cost Explorer calls the Regions of GovCloud."""

CLOSED_EVENT: Final = "CloseAccountResult"
"""What CloudTrail calls the end of a closure."""

_TOKENS: Final = ("NextToken", "NextPageToken", "PaginationToken")

_ACCOUNT: Final = re.compile("[0-9]{12}")
_ORGANIZATION: Final = re.compile("o-[a-z0-9]{10,32}")
_ACCOUNT_ARN: Final = re.compile(
    "arn:[a-z-]+:organizations::(?P<management>[0-9]{12}):account/"
    "(?P<organization>o-[a-z0-9]{10,32})/[0-9]{12}"
)

Answer = dict[str, Any]
"""What AWS answered, as botocore parsed it."""


@dataclass(frozen=True)
class Caller:
    """The identity that asks, and what it is in its organization.

    `organization_id` and `management_account_id` are None where there is no organization, or
    where the caller may not read which it is.
    """

    account_id: str
    arn: str
    kind: CallerKind
    organization_id: str | None = None
    management_account_id: str | None = None

    @property
    def partition(self) -> str:
        """The part of AWS that it is of: aws, aws-us-gov for GovCloud, aws-cn for China."""
        return partition_of(self.arn)


class Aws:
    """The way to AWS with one set of credentials; safe to share between threads.

    Every method is one call, never repeated here, and raises CredentialsError where the
    credentials are missing, expired or refused, and else the AwsError that the answer stands for.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def __repr__(self) -> str:
        given = {
            "profile": self.profile,
            "partition": self.partition,
            "endpoint_url": self._clients.given_url,
        }
        return f"Aws({', '.join(f'{name}={value!r}' for name, value in given.items() if value)})"

    @property
    def endpoint_url(self) -> str | None:
        """The address that answers instead of AWS's own, whoever named it: you or the settings."""
        return self._clients.endpoint_url

    @property
    def answered_at(self) -> datetime | None:
        """The time of day that AWS told with sts' last answer; None before the first."""
        return self._clients.answered_at

    def address(self, operation: Operation, region: str | None = None) -> str:
        """Return the URL at which an operation is asked; nothing is asked there yet."""
        try:
            return self._clients.address(operation.service, region or self._clients.home)
        except BotoCoreError as error:
            raise translate(error, operation, self._clients.login) from error

    @property
    def partition(self) -> str:
        """The part of AWS that it asks: aws, or aws-us-gov where its Region is one of GovCloud."""
        return partition_at(self._clients.region)

    def in_govcloud(self) -> "Aws":
        """Return the same login, asking GovCloud: in its own Region there, else us-gov-west-1."""
        if self.partition == GOVCLOUD:
            return self
        return Aws(self._clients.at(GOVCLOUD_REGIONS[0]))

    @property
    def profile(self) -> str | None:
        """The profile it logs in with; None for the default credential chain."""
        return self._clients.login.profile

    def close(self) -> None:
        """Close the connections to AWS; a later call opens new ones."""
        self._clients.close()

    def caller(self) -> Caller:
        """Return who is asking, from up to three calls.

        A caller outside any organization is `standalone`; one that may not list accounts is a
        `member`. Raises InputError for one of GovCloud or China, before the others are made.
        Permissions sts:GetCallerIdentity, organizations:DescribeOrganization and
        organizations:ListAccounts.
        https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        """
        identity = self._known()
        account_id = _checked(identity["Account"], _ACCOUNT, GET_CALLER_IDENTITY)
        arn = str(identity["Arn"])
        refuse_partition(arn, self._clients.login)
        try:
            organization = self.describe_organization()
        except NoOrganizationError:
            return Caller(account_id, arn, CallerKind.STANDALONE)
        except (AccessDeniedError, UnknownOperationError):
            organization = {}
        own: tuple[str | None, str | None] = (None, None)
        if organization:
            own = _organization(organization.get("Id"), organization.get("MasterAccountId"))
        if own[1] == account_id:
            return Caller(account_id, arn, CallerKind.MANAGEMENT, *own)
        try:
            page = self.list_accounts_page()
        except NoOrganizationError:
            return Caller(account_id, arn, CallerKind.STANDALONE)
        except AccessDeniedError:
            return Caller(account_id, arn, CallerKind.MEMBER, *own)
        if not organization and page["Accounts"]:
            own = _owner(page["Accounts"][0].get("Arn"))
        kind = CallerKind.MANAGEMENT if own[1] == account_id else CallerKind.DELEGATED
        return Caller(account_id, arn, kind, *own)

    def witness(self) -> Answer:
        """Return who is asking in GovCloud, as sts GetCallerIdentity tells; no permission needed.

        Raises InputError for a login of another partition, before anything else is asked.
        https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        """
        identity = self._known()
        refuse_partition(str(identity["Arn"]), self._clients.login, GOVCLOUD)
        return identity

    def _known(self) -> Answer:
        """Return who is asking, wherever the keys are known.

        Each partition knows its own keys alone: what one refuses is asked in the other, so that
        the wrong profile is named as what it is.
        """
        try:
            return self.identity()
        except CredentialsRefusedError as error:
            if error.code not in NO_SUCH_KEY:
                raise
            elsewhere = HOME if self.partition == GOVCLOUD else GOVCLOUD_REGIONS[0]
            try:
                return self._ask(GET_CALLER_IDENTITY, region=elsewhere)
            except ToolkitError:
                raise error from None

    def identity(self) -> Answer:
        """Call sts GetCallerIdentity where the profile's Region is; needs no permission.

        https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        """
        return self._ask(GET_CALLER_IDENTITY, region=self._clients.region)

    def describe_organization(self) -> Answer:
        """Call organizations DescribeOrganization; needs organizations:DescribeOrganization.

        https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
        """
        answer: Answer = self._ask(DESCRIBE_ORGANIZATION)["Organization"]
        return answer

    def list_service_access_page(self, token: str | None = None) -> Answer:
        """Call organizations ListAWSServiceAccessForOrganization for one page.

        Needs the permission of the same name, and the management account or a delegated one.
        https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html
        """
        return self._ask(LIST_SERVICE_ACCESS, MaxResults=SERVICES_A_PAGE, **_page(token))

    def list_accounts_page(self, token: str | None = None) -> Answer:
        """Call organizations ListAccounts for one page; needs organizations:ListAccounts.

        A page may be empty and still have a NextToken: go on until there is none.
        https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
        """
        return self._ask(LIST_ACCOUNTS, MaxResults=ACCOUNTS_A_PAGE, **_page(token))

    def describe_unit(self, unit_id: str) -> Answer:
        """Call organizations DescribeOrganizationalUnit; needs the permission of the same name.

        https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganizationalUnit.html
        """
        answer: Answer = self._ask(DESCRIBE_UNIT, OrganizationalUnitId=unit_id)[
            "OrganizationalUnit"
        ]
        return answer

    def get_govcloud(self, account_id: str | None = None) -> Answer:
        """Call account GetGovCloudAccountInformation; needs the permission of the same name.

        Without an id it is about the caller's own account, which must not name itself. Raises
        NotFoundError where no GovCloud account is linked.
        https://docs.aws.amazon.com/accounts/latest/reference/API_GetGovCloudAccountInformation.html
        """
        return self._ask(GET_GOVCLOUD, **({"StandardAccountId": account_id} if account_id else {}))

    def list_creations_page(self, token: str | None = None) -> Answer:
        """Call organizations ListCreateAccountStatus for one page; needs the permission.

        Only the management account and delegated administrators may ask. A page may be empty and
        still have a NextToken.
        https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListCreateAccountStatus.html
        """
        return self._ask(LIST_CREATIONS, MaxResults=CREATIONS_A_PAGE, **_page(token))

    def get_resources_page(self, token: str | None = None) -> Answer:
        """Call resourcegroupstaggingapi GetResources for the tags of accounts, one page.

        Needs tag:GetResources. Accounts that never had a tag are absent; the PaginationToken is
        good for 15 minutes, and empty on the last page.
        https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
        """
        return self._ask(
            GET_RESOURCES,
            ResourceTypeFilters=["organizations:account"],
            ResourcesPerPage=RESOURCES_A_PAGE,
            **_page(token, "PaginationToken"),
        )

    def lookup_closures_page(
        self, start: datetime, end: datetime, token: str | None = None
    ) -> Answer:
        """Call cloudtrail LookupEvents for closures of accounts, one page, newest first.

        Needs cloudtrail:LookupEvents. The management account alone has these events, for 90 days.
        https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
        """
        return self._ask(
            LOOKUP_EVENTS,
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": CLOSED_EVENT}],
            StartTime=start,
            EndTime=end,
            MaxResults=EVENTS_A_PAGE,
            **_page(token),
        )

    def get_cost_page(self, start: date, end: date, token: str | None = None) -> Answer:
        """Call ce GetCostAndUsage for what GovCloud cost each account a month, one page.

        Needs ce:GetCostAndUsage; AWS charges $0.01 for each call. `end` is not included.
        https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
        """
        return self._ask(
            GET_COST,
            TimePeriod={"Start": start.isoformat(), "End": end.isoformat()},
            Granularity="MONTHLY",
            Metrics=["UnblendedCost"],
            GroupBy=[{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}],
            Filter={"Dimensions": {"Key": "REGION", "Values": list(GOVCLOUD_REGIONS)}},
            **_page(token, "NextPageToken"),
        )

    def get_contact(self, contact_type: str, account_id: str | None = None) -> Answer:
        """Call account GetAlternateContact; needs account:GetAlternateContact.

        Without an id it is about the caller's own account, which must not name itself. Raises
        NotFoundError where none is set.
        https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
        """
        named = {"AccountId": account_id} if account_id else {}
        answer: Answer = self._ask(GET_CONTACT, AlternateContactType=contact_type, **named)[
            "AlternateContact"
        ]
        return answer

    def get_account_information(self, account_id: str | None = None) -> Answer:
        """Call account GetAccountInformation; needs account:GetAccountInformation.

        Without an id it is about the caller's own account, which must not name itself.
        https://docs.aws.amazon.com/accounts/latest/reference/API_GetAccountInformation.html
        """
        return self._ask(
            GET_ACCOUNT_INFORMATION, **({"AccountId": account_id} if account_id else {})
        )

    def list_links_page(self, region: str, token: str | None = None) -> Answer:
        """Call workspaces ListAccountLinks for one page; needs workspaces:ListAccountLinks.

        It gives the links of the caller's own account in one Region.
        https://docs.aws.amazon.com/workspaces/latest/api/API_ListAccountLinks.html
        """
        return self._ask(LIST_LINKS, region=region, MaxResults=LINKS_A_PAGE, **_page(token))

    def get_link(
        self, region: str, account_id: str | None = None, *, link_id: str | None = None
    ) -> Answer:
        """Call workspaces GetAccountLink for a link of the caller's; needs the permission.

        The link is named by the account at its other end (LinkedAccountId) or by its own id
        (LinkId). Raises InputError where it is not named by exactly one of them, and NotFoundError
        where the caller has no such link in that Region.
        https://docs.aws.amazon.com/workspaces/latest/api/API_GetAccountLink.html
        """
        given = {"LinkedAccountId": account_id, "LinkId": link_id}
        named = {name: value for name, value in given.items() if value is not None}
        if len(named) != 1:
            raise InputError(
                "A link is asked for by one of two names.", "Give account_id or link_id, not both."
            )
        answer: Answer = self._ask(GET_LINK, region=region, **named)["AccountLink"]
        return answer

    def assume(self, role_arn: str) -> "Aws":
        """Return the way to AWS as that role, for the hour that its credentials last.

        Calls sts AssumeRole; needs sts:AssumeRole on the role, whose trust policy names the caller.
        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
        """
        answer = self._ask(
            ASSUME_ROLE,
            region=self._clients.region,
            RoleArn=role_arn,
            RoleSessionName=ROLE_SESSION,
        )
        return Aws(self._clients.with_keys(answer["Credentials"]))

    def _ask(
        self, operation: Operation, *, region: str | None = None, **parameters: object
    ) -> Answer:
        region = region or self._clients.home
        try:
            client = self._clients.get(operation.service, region)
            answer: Answer = getattr(client, xform_name(operation.name))(**parameters)
        except ToolkitError:
            raise
        except NoAnswer as error:
            raise no_answer(error, operation) from error
        except (ClientError, BotoCoreError) as error:
            if operation.regional and error_code(error) in REFUSED_CODES:
                # A Region that the account has not enabled answers as if the keys were wrong.
                raise AccessDeniedError(
                    f"{region} does not accept the credentials: it is probably not enabled.",
                    "Enable the Region for the account, or leave it out of the link Regions.",
                    code=error_code(error),
                    operation=str(operation),
                ) from error
            raise translate(error, operation, self._clients.login) from error
        except Exception as error:
            # Whatever else botocore falls over lies in the answer.
            raise unreadable(operation) from error
        tokens = (answer.get(name) for name in _TOKENS)
        if lacks(answer, operation.needs) or not all(isinstance(one, str | None) for one in tokens):
            raise unreadable(operation)
        return answer


def _page(token: str | None, name: str = "NextToken") -> dict[str, str]:
    return {name: token} if token else {}


def organization_of(account_arn: object) -> str | None:
    """Return the organization that the ARN of an account names; None where it names none."""
    found = _ACCOUNT_ARN.fullmatch(account_arn) if isinstance(account_arn, str) else None
    return found["organization"] if found else None


def _owner(account_arn: object) -> tuple[str, str]:
    """Return organization and management account out of a member account's ARN."""
    found = _ACCOUNT_ARN.fullmatch(account_arn) if isinstance(account_arn, str) else None
    if found is None:
        raise unreadable(LIST_ACCOUNTS)
    return found["organization"], found["management"]


def _organization(
    organization: Any, management: Any, operation: Operation = DESCRIBE_ORGANIZATION
) -> tuple[str, str]:
    # They will name files and requests.
    return (
        _checked(organization, _ORGANIZATION, operation),
        _checked(management, _ACCOUNT, operation),
    )


def _checked(value: Any, pattern: re.Pattern[str], operation: Operation) -> str:
    """Return an id that came from the wire; raises UnavailableError where it is none."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise unreadable(operation)
    return value
