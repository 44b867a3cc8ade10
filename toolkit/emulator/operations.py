"""What each operation answers, and to whom."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.emulator.call import Call, page
from toolkit.emulator.callers import access_key_of
from toolkit.emulator.organization import Account, Link, Organization, email
from toolkit.emulator.refusals import Refusal, unrecognized
from toolkit.emulator.shapes import regions

_ACCOUNTS_PAGE = 20
_LINKS_PAGE = 25
_ACCOUNT_MANAGEMENT = "account.amazonaws.com"
# the services that an organization of some years trusts, in the order in which AWS gives them
_TRUSTED = (
    "access-analyzer.amazonaws.com",
    _ACCOUNT_MANAGEMENT,
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "guardduty.amazonaws.com",
    "sso.amazonaws.com",
)
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)")
_OWN_CONTEXT = (
    "The management account can only be managed using the standalone context from the management "
    "account"
)


def get_gov_cloud_account_information(call: Call) -> dict[str, Any]:
    """Tell the GovCloud account linked to a standard account."""
    account = _target(call, call.params.get("StandardAccountId"))
    if account.govcloud_account_id is None:
        raise Refusal(
            "ResourceNotFoundException",
            f"GovCloud Account ID not found for Standard Account - {account.account_id}.",
        )
    return {
        "GovCloudAccountId": account.govcloud_account_id,
        "AccountState": account.govcloud_state,
    }


def get_account_information(call: Call) -> dict[str, Any]:
    """Tell a standard account's name, age and state.

    The Account API has no PENDING_CLOSURE: until its closure is complete an account is told as
    SUSPENDED, which is also what Organizations' retired `Status` called a closing account.
    """
    account = _target(call, call.params.get("AccountId"))
    state = account.standard_state
    return {
        "AccountId": account.account_id,
        "AccountName": account.name or account.account_id,
        "AccountCreatedDate": account.joined_at,
        "AccountState": "SUSPENDED" if state == "PENDING_CLOSURE" else state,
    }


def list_accounts(call: Call) -> dict[str, Any]:
    """List the organization's accounts, 20 a page."""
    _require_view(call)
    size = call.params.get("MaxResults", _ACCOUNTS_PAGE)
    accounts, more = page(call, call.organization.accounts, size, _wrong_token())
    return {"Accounts": [_described(call.organization, account) for account in accounts], **more}


def describe_organization(call: Call) -> dict[str, Any]:
    """Tell the organization's id and its management account."""
    _require_organization(call)
    organization = call.organization
    management = organization.by_id[organization.management_account_id]
    return {
        "Organization": {
            "Id": organization.organization_id,
            "Arn": _arn(organization, "organization"),
            "FeatureSet": "ALL" if call.switches.all_features else "CONSOLIDATED_BILLING",
            "MasterAccountArn": _arn(organization, "account", management.account_id),
            "MasterAccountId": management.account_id,
            "MasterAccountEmail": email(management),
            "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}],
        }
    }


def list_aws_service_access_for_organization(call: Call) -> dict[str, Any]:
    """List the services that the organization trusts; without all features it can trust none."""
    _require_view(call)
    switches = call.switches
    trusted = [
        name
        for name in _TRUSTED
        if switches.all_features and (switches.trusted_access or name != _ACCOUNT_MANAGEMENT)
    ]
    size = call.params.get("MaxResults", _ACCOUNTS_PAGE)
    shown, more = page(call, trusted, size, _wrong_token())
    since = call.organization.by_id[call.organization.management_account_id].joined_at
    services = [{"ServicePrincipal": name, "DateEnabled": since} for name in shown]
    return {"EnabledServicePrincipals": services, **more}


def describe_account(call: Call) -> dict[str, Any]:
    """Tell one account as ListAccounts does."""
    _require_view(call)
    account = call.organization.by_id.get(call.params["AccountId"])
    if account is None:
        message = "You specified an account that doesn't exist."
        raise Refusal("AccountNotFoundException", message)
    return {"Account": _described(call.organization, account)}


def describe_organizational_unit(call: Call) -> dict[str, Any]:
    """Tell a unit's name."""
    _require_view(call)
    unit = call.organization.units.get(call.params["OrganizationalUnitId"])
    if unit is None:
        message = "You specified an organizational unit that doesn't exist."
        raise Refusal("OrganizationalUnitNotFoundException", message)
    return {
        "OrganizationalUnit": {
            "Id": unit.unit_id,
            "Arn": _arn(call.organization, "ou", unit.unit_id),
            "Name": unit.name,
            "Path": unit.path,
        }
    }


def get_account_link(call: Call) -> dict[str, Any]:
    """Tell one link of the caller's account in this Region, by its id or its other end."""
    _require_region(call)
    own = call.caller.account.account_id
    wanted, other = call.params.get("LinkId"), call.params.get("LinkedAccountId")
    if (wanted is None and other is None) or other == own:
        raise Refusal(
            "ValidationException",
            "You either haven't provided a TargetAccountId or are using the same value for "
            "TargetAccountId and SourceAccountId.",
        )
    for link in call.organization.links_of(own, call.region):
        ends = {link.source_account_id, link.target_account_id}
        if wanted in {None, link.link_id} and (other is None or other in ends):
            return {"AccountLink": _told(link)}
    raise Refusal(
        "ResourceNotFoundException",
        "The account link could not be found.",
        members={"ResourceId": wanted or other},
    )


def list_account_links(call: Call) -> dict[str, Any]:
    """List the links of the caller's account in this Region, 25 a page."""
    _require_region(call)
    wanted = call.params.get("LinkStatusFilter")
    links = [
        link
        for link in call.organization.links_of(call.caller.account.account_id, call.region)
        if not wanted or link.link_status in wanted
    ]
    size = call.params.get("MaxResults", _LINKS_PAGE)
    invalid = Refusal("ValidationException", "The value of NextToken is not valid.")
    shown, more = page(call, links, size, invalid)
    return {"AccountLinks": [_told(link) for link in shown], **more}


def get_caller_identity(call: Call) -> dict[str, Any]:
    """Tell who is calling."""
    caller = call.caller
    return {"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account.account_id}


def assume_role(call: Call) -> dict[str, Any]:
    """Give credentials that name the role's account as the caller."""
    organization = call.organization
    arn, session = call.params["RoleArn"], call.params["RoleSessionName"]
    found = _ROLE.fullmatch(arn)
    account = _known(organization, found[1]) if found else None
    if (
        found is None
        or account is None
        or any(name in call.switches.denied_roles for name in (arn, *found.groups()))
    ):
        refusal = call.denied()
        raise Refusal(refusal.code, f"{refusal.message} on resource: {arn}", refusal.status)
    role = found[2]
    seconds = call.params.get("DurationSeconds", 3600)
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


OPERATIONS: dict[str, dict[str, Callable[[Call], dict[str, Any]]]] = {
    "account": {
        "GetGovCloudAccountInformation": get_gov_cloud_account_information,
        "GetAccountInformation": get_account_information,
    },
    "organizations": {
        "ListAccounts": list_accounts,
        "DescribeOrganization": describe_organization,
        "ListAWSServiceAccessForOrganization": list_aws_service_access_for_organization,
        "DescribeAccount": describe_account,
        "DescribeOrganizationalUnit": describe_organizational_unit,
    },
    "workspaces": {
        "GetAccountLink": get_account_link,
        "ListAccountLinks": list_account_links,
    },
    "sts": {"GetCallerIdentity": get_caller_identity, "AssumeRole": assume_role},
}


def _target(call: Call, account_id: str | None) -> Account:
    """Find the account asked about, if the caller may ask about it."""
    caller, organization = call.caller, call.organization
    if account_id is None:
        if caller.account.account_id in call.switches.denied_accounts:
            raise call.denied()
        return caller.account
    if not caller.sees_organization:
        raise call.denied()
    if account_id == organization.management_account_id:
        raise call.denied(_OWN_CONTEXT)
    account = organization.by_id.get(account_id)
    if account is None:
        raise call.denied("The account is not a member of your organization")
    if not (call.switches.trusted_access and call.switches.all_features):
        why = "Your organization must first enable trusted access with AWS Account Management"
        raise call.denied(why)
    if account_id in call.switches.denied_accounts:
        raise call.denied()
    return account


def _wrong_token() -> Refusal:
    return Refusal(
        "InvalidInputException",
        "You specified an invalid value for nextToken.",
        members={"Reason": "INVALID_NEXT_TOKEN"},
    )


def _require_organization(call: Call) -> None:
    if not call.caller.in_organization:
        raise Refusal(
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        )


def _require_view(call: Call) -> None:
    _require_organization(call)
    if not call.caller.sees_organization:
        message = "You don't have permissions to access this resource."
        raise Refusal("AccessDeniedException", message)


def _require_region(call: Call) -> None:
    if call.caller.kind in {"govcloud", "china"}:
        # there are no account links in other partitions
        raise Refusal("UnknownOperationException", "", 400)
    if call.region in call.switches.disabled_regions:
        # what a Region says that the account has not opted in to
        raise unrecognized(call.service)
    if call.region not in regions(call.service.name):
        message = f"Credential should be scoped to a valid region, not '{call.region}'."
        raise Refusal("InvalidSignatureException", message, 400)
    if call.region in call.switches.denied_regions:
        raise call.denied()


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
