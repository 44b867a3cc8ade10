"""The calls the toolkit makes, one method each, and who is making them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.aws.clients import HOME, ROLE_SESSION, Clients
from toolkit.aws.partitions import partition_of, refuse_partition
from toolkit.aws.translation import (
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

ACCOUNTS_A_PAGE: Final = 20
LINKS_A_PAGE: Final = 25
SERVICES_A_PAGE: Final = 20

_ACCOUNT: Final = re.compile("[0-9]{12}")
_ORGANIZATION: Final = re.compile("o-[a-z0-9]{10,32}")

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
        given = {"profile": self.profile, "endpoint_url": self._clients.given_url}
        return f"Aws({', '.join(f'{name}={value!r}' for name, value in given.items() if value)})"

    @property
    def endpoint_url(self) -> str | None:
        """The address that answers instead of AWS's own, whoever named it: you or the settings."""
        return self._clients.endpoint_url

    @property
    def answered_at(self) -> datetime | None:
        """The time of day that AWS told with sts' last answer; None before the first."""
        return self._clients.answered_at

    def address(self, operation: Operation, region: str = HOME) -> str:
        """Return the URL at which an operation is asked; nothing is asked there yet."""
        try:
            return self._clients.address(operation.service, region)
        except BotoCoreError as error:
            raise translate(error, operation, self._clients.login) from error

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
        identity = self.identity()
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

    def _ask(self, operation: Operation, *, region: str = HOME, **parameters: object) -> Answer:
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
        token = answer.get("NextToken")
        if lacks(answer, operation.needs) or not isinstance(token, str | None):
            raise unreadable(operation)
        return answer


def _page(token: str | None) -> dict[str, str]:
    return {"NextToken": token} if token else {}


def _owner(account_arn: Any) -> tuple[str, str]:
    """Return organization and management account out of a member account's ARN."""
    try:
        _, _, _, _, management, resource = account_arn.split(":", 5)
        _, organization, _ = resource.split("/")
    except (ValueError, AttributeError):
        raise unreadable(LIST_ACCOUNTS) from None
    return _organization(organization, management, LIST_ACCOUNTS)


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
