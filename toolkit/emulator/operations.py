"""What each operation answers, and to whom."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.emulator.callers import Caller, access_key_of
from toolkit.emulator.organization import Account, Link, Organization, email
from toolkit.emulator.refusals import Refusal, denied

_ACCOUNTS_PAGE = 20
_LINKS_PAGE = 25
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)")
_OWN_CONTEXT = (
    "The management account can only be managed using the standalone context from the management "
    "account"
)


@dataclass
class Switches:
    """What the emulator is told to refuse; each may be changed while it runs."""

    denied_accounts: set[str] = field(default_factory=set)
    denied_operations: set[str] = field(default_factory=set)
    denied_regions: set[str] = field(default_factory=set)
    disabled_regions: set[str] = field(default_factory=set)
    denied_roles: set[str] = field(default_factory=set)
    failing: dict[str, str] = field(default_factory=dict)
    empty_pages: bool = False
    trusted_access: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: by whom, about what, in which Region."""

    organization: Organization
    switches: Switches
    caller: Caller
    region: str
    operation: str
    params: dict[str, Any]

    def denied(self, service: str, why: str = "") -> Refusal:
        """Say that the caller may not do this."""
        return denied(self.caller.arn, service, self.operation, why)


def get_gov_cloud_account_information(asked: Asked) -> dict[str, Any]:
    """Tell the GovCloud account linked to a standard account."""
    account = _target(asked, asked.params.get("StandardAccountId"))
    if account.govcloud_account_id is None:
        raise Refusal(
            "ResourceNotFoundException",
            f"GovCloud Account ID not found for Standard Account - {account.account_id}.",
        )
    return {
        "GovCloudAccountId": account.govcloud_account_id,
        "AccountState": account.govcloud_state,
    }


def get_account_information(asked: Asked) -> dict[str, Any]:
    """Tell a standard account's name, age and state.

    The Account API has no PENDING_CLOSURE: until its closure is complete an account is told as
    SUSPENDED, which is also what Organizations' retired `Status` called a closing account.
    """
    account = _target(asked, asked.params.get("AccountId"))
    state = account.standard_state
    return {
        "AccountId": account.account_id,
        "AccountName": account.name or account.account_id,
        "AccountCreatedDate": account.joined_at,
        "AccountState": "SUSPENDED" if state == "PENDING_CLOSURE" else state,
    }


def list_accounts(asked: Asked) -> dict[str, Any]:
    """List the organization's accounts, 20 a page."""
    _require_view(asked)
    size = asked.params.get("MaxResults", _ACCOUNTS_PAGE)
    invalid = Refusal(
        "InvalidInputException",
        "You specified an invalid value for nextToken.",
        members={"Reason": "INVALID_NEXT_TOKEN"},
    )
    page, token = _page(asked, asked.organization.accounts, size, invalid)
    answer: dict[str, Any] = {"Accounts": [_described(asked.organization, a) for a in page]}
    return answer | ({"NextToken": token} if token else {})


def describe_organization(asked: Asked) -> dict[str, Any]:
    """Tell the organization's id and its management account."""
    _require_organization(asked)
    organization = asked.organization
    management = organization.by_id[organization.management_account_id]
    return {
        "Organization": {
            "Id": organization.organization_id,
            "Arn": f"{_arn(organization, 'organization')}",
            "FeatureSet": "ALL",
            "MasterAccountArn": _arn(organization, "account", management.account_id),
            "MasterAccountId": management.account_id,
            "MasterAccountEmail": email(management),
            "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        }
    }


def describe_account(asked: Asked) -> dict[str, Any]:
    """Tell one account as ListAccounts does."""
    _require_view(asked)
    account = asked.organization.by_id.get(asked.params["AccountId"])
    if account is None:
        message = "You specified an account that doesn't exist."
        raise Refusal("AccountNotFoundException", message)
    return {"Account": _described(asked.organization, account)}


def describe_organizational_unit(asked: Asked) -> dict[str, Any]:
    """Tell a unit's name."""
    _require_view(asked)
    unit = asked.organization.units.get(asked.params["OrganizationalUnitId"])
    if unit is None:
        message = "You specified an organizational unit that doesn't exist."
        raise Refusal("OrganizationalUnitNotFoundException", message)
    return {
        "OrganizationalUnit": {
            "Id": unit.unit_id,
            "Arn": _arn(asked.organization, "ou", unit.unit_id),
            "Name": unit.name,
            "Path": unit.path,
        }
    }


def get_account_link(asked: Asked) -> dict[str, Any]:
    """Tell one link of the caller's account in this Region, by its id or its other end."""
    _require_region(asked)
    own = asked.caller.account.account_id
    wanted, other = asked.params.get("LinkId"), asked.params.get("LinkedAccountId")
    if (wanted is None and other is None) or other == own:
        raise Refusal(
            "ValidationException",
            "You either haven't provided a TargetAccountId or are using the same value for "
            "TargetAccountId and SourceAccountId.",
        )
    for link in asked.organization.links_of(own, asked.region):
        ends = {link.source_account_id, link.target_account_id}
        if wanted in {None, link.link_id} and (other is None or other in ends):
            return {"AccountLink": _told(link)}
    raise Refusal(
        "ResourceNotFoundException",
        "The account link could not be found.",
        members={"ResourceId": wanted or other},
    )


def list_account_links(asked: Asked) -> dict[str, Any]:
    """List the links of the caller's account in this Region, 25 a page."""
    _require_region(asked)
    wanted = asked.params.get("LinkStatusFilter")
    links = [
        link
        for link in asked.organization.links_of(asked.caller.account.account_id, asked.region)
        if not wanted or link.link_status in wanted
    ]
    size = asked.params.get("MaxResults", _LINKS_PAGE)
    invalid = Refusal("ValidationException", "The value of NextToken is not valid.")
    page, token = _page(asked, links, size, invalid)
    answer: dict[str, Any] = {"AccountLinks": [_told(link) for link in page]}
    return answer | ({"NextToken": token} if token else {})


def get_caller_identity(asked: Asked) -> dict[str, Any]:
    """Tell who is calling."""
    caller = asked.caller
    return {"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account.account_id}


def assume_role(asked: Asked) -> dict[str, Any]:
    """Give credentials that name the role's account as the caller."""
    organization = asked.organization
    arn, session = asked.params["RoleArn"], asked.params["RoleSessionName"]
    found = _ROLE.fullmatch(arn)
    account = _known(organization, found[1]) if found else None
    if found is None or account is None or asked.switches.denied_roles & {arn, *found.groups()}:
        sentence = f"User: {asked.caller.arn} is not authorized to perform: sts:AssumeRole"
        raise Refusal("AccessDenied", f"{sentence} on resource: {arn}", status=403)
    role = found[2]
    seconds = asked.params.get("DurationSeconds", 3600)
    expiration = datetime.now(UTC) + timedelta(seconds=seconds)
    return {
        "Credentials": {
            "AccessKeyId": access_key_of(organization, account),
            "SecretAccessKey": "emulated",
            "SessionToken": f"emulator/{role}/{session}",
            "Expiration": expiration,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROAEMULATEDROLE00000:{session}",
            "Arn": f"arn:aws:sts::{account.account_id}:assumed-role/{role}/{session}",
        },
    }


OPERATIONS: dict[str, dict[str, Callable[[Asked], dict[str, Any]]]] = {
    "account": {
        "GetGovCloudAccountInformation": get_gov_cloud_account_information,
        "GetAccountInformation": get_account_information,
    },
    "organizations": {
        "ListAccounts": list_accounts,
        "DescribeOrganization": describe_organization,
        "DescribeAccount": describe_account,
        "DescribeOrganizationalUnit": describe_organizational_unit,
    },
    "workspaces": {
        "GetAccountLink": get_account_link,
        "ListAccountLinks": list_account_links,
    },
    "sts": {"GetCallerIdentity": get_caller_identity, "AssumeRole": assume_role},
}


def _target(asked: Asked, account_id: str | None) -> Account:
    """Find the account asked about, if the caller may ask about it."""
    caller, organization = asked.caller, asked.organization
    if account_id is None:
        if caller.account.account_id in asked.switches.denied_accounts:
            raise asked.denied("account")
        return caller.account
    if not caller.sees_organization:
        raise asked.denied("account")
    if account_id == organization.management_account_id:
        raise asked.denied("account", _OWN_CONTEXT)
    account = organization.by_id.get(account_id)
    if account is None:
        raise asked.denied("account", "The account is not a member of your organization")
    if not asked.switches.trusted_access:
        why = "Your organization must first enable trusted access with AWS Account Management"
        raise asked.denied("account", why)
    if account_id in asked.switches.denied_accounts:
        raise asked.denied("account")
    return account


def _require_organization(asked: Asked) -> None:
    if not asked.caller.in_organization:
        raise Refusal(
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        )


def _require_view(asked: Asked) -> None:
    _require_organization(asked)
    if not asked.caller.sees_organization:
        message = "You don't have permissions to access this resource."
        raise Refusal("AccessDeniedException", message)


def _require_region(asked: Asked) -> None:
    if asked.region in asked.switches.disabled_regions:
        # what a Region says that the account has not opted in to
        message = "The security token included in the request is invalid."
        raise Refusal("UnrecognizedClientException", message, status=400)
    if asked.region in asked.switches.denied_regions:
        raise asked.denied("workspaces")


def _page(
    asked: Asked, items: Any, size: int, invalid: Refusal
) -> tuple[list[Any], str | None]:
    """Cut one page; with empty pages on, one comes before and after each page that is not."""
    start, blank = _read_token(asked, invalid)
    if start > len(items):
        raise invalid
    if asked.switches.empty_pages and not blank:
        return [], _write_token(asked, start, blank=True) if start < len(items) else None
    page = list(items[start : start + size])
    end = start + len(page)
    more = end < len(items) or (asked.switches.empty_pages and page)
    return page, _write_token(asked, end, blank=False) if more else None


def _read_token(asked: Asked, invalid: Refusal) -> tuple[int, bool]:
    token = asked.params.get("NextToken")
    if token is None:
        return 0, False
    try:
        operation, start, blank = base64.urlsafe_b64decode(token.encode()).decode().split("|")
        known = operation == asked.operation
        return (int(start), blank == "1") if known and start.isdecimal() else _fail(invalid)
    except ValueError as error:
        raise invalid from error


def _fail(refusal: Refusal) -> tuple[int, bool]:
    raise refusal


def _write_token(asked: Asked, start: int, *, blank: bool) -> str:
    return base64.urlsafe_b64encode(f"{asked.operation}|{start}|{blank:d}".encode()).decode()


def _described(organization: Organization, account: Account) -> dict[str, Any]:
    return {
        "Id": account.account_id,
        "Arn": _arn(organization, "account", account.account_id),
        "Email": email(account),
        "Name": account.name or account.account_id,
        "State": account.standard_state,
        "Paths": [organization.path(account)],
        "JoinedMethod": account.joined_method,
        "JoinedTimestamp": account.joined_at,
    }


def _told(link: Link) -> dict[str, str]:
    return {
        "AccountLinkId": link.link_id,
        "AccountLinkStatus": link.link_status,
        "SourceAccountId": link.source_account_id,
        "TargetAccountId": link.target_account_id,
    }


def _arn(organization: Organization, kind: str, *ends: str) -> str:
    owner = f"arn:aws:organizations::{organization.management_account_id}"
    return "/".join([f"{owner}:{kind}", organization.organization_id, *ends])


def _known(organization: Organization, account_id: str) -> Account | None:
    outside = {a.account_id: a for a in (organization.standalone, organization.lone)}
    return organization.by_id.get(account_id) or outside.get(account_id)
