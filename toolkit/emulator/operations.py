"""What each operation answers, and to whom."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.emulator.call import Call, page
from toolkit.emulator.callers import access_key_of
from toolkit.emulator.cost_explorer import get_cost_and_usage
from toolkit.emulator.organization import GOVCLOUD, Organization, arn
from toolkit.emulator.records import Account, Creation, email
from toolkit.emulator.refusals import Refusal
from toolkit.emulator.tagging import get_resources
from toolkit.emulator.trail import lookup_events
from toolkit.emulator.workspaces import get_account_link, list_account_links

_ACCOUNTS_PAGE = 20
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
_ROLE = re.compile(r"arn:([a-z-]+):iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)")
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


def get_alternate_contact(call: Call) -> dict[str, Any]:
    """Tell whom an account has named for one kind of question."""
    account = _target(call, call.params.get("AccountId"))
    kind = call.params["AlternateContactType"]
    contact = call.organization.contact_of.get((account.account_id, kind))
    if contact is None:
        message = "No contact of the inputted alternate contact type found."
        raise Refusal("ResourceNotFoundException", message)
    return {
        "AlternateContact": {
            "Name": contact.name,
            "Title": contact.title,
            "EmailAddress": contact.email,
            "PhoneNumber": contact.phone,
            "AlternateContactType": kind,
        }
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
            "Arn": arn(organization, "organization"),
            "FeatureSet": "ALL" if call.switches.all_features else "CONSOLIDATED_BILLING",
            "MasterAccountArn": arn(organization, "account", management.account_id),
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


def list_create_account_status(call: Call) -> dict[str, Any]:
    """List the requests to create accounts that are still known, 20 a page."""
    if call.organization.partition == GOVCLOUD:
        message = "This action isn't available in the current AWS Region."
        raise Refusal("UnsupportedAPIEndpointException", message)
    _require_view(call)
    wanted = call.params.get("States")
    requests = [one for one in call.organization.creations if not wanted or one.state in wanted]
    size = call.params.get("MaxResults", _ACCOUNTS_PAGE)
    shown, more = page(call, requests, size, _wrong_token())
    return {"CreateAccountStatuses": [_requested(one) for one in shown], **more}


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
            "Arn": arn(call.organization, "ou", unit.unit_id),
            "Name": unit.name,
            "Path": unit.path,
        }
    }


def get_caller_identity(call: Call) -> dict[str, Any]:
    """Tell who is calling."""
    caller = call.caller
    return {"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account.account_id}


def assume_role(call: Call) -> dict[str, Any]:
    """Give credentials that name the role's account as the caller."""
    organization = call.organization
    role_arn, session = call.params["RoleArn"], call.params["RoleSessionName"]
    found = _ROLE.fullmatch(role_arn)
    account = _known(organization, found[2]) if found else None
    if (
        found is None
        or account is None
        or found[1] != organization.partition
        or any(name in call.switches.denied_roles for name in (role_arn, found[2], found[3]))
    ):
        refusal = call.denied()
        raise Refusal(refusal.code, f"{refusal.message} on resource: {role_arn}", refusal.status)
    role = found[3]
    seconds = call.params.get("DurationSeconds", 3600)
    expiration = datetime.now(UTC) + timedelta(seconds=seconds)
    owner = f"arn:{organization.partition}:sts::{account.account_id}"
    return {
        "Credentials": {
            "AccessKeyId": access_key_of(organization, account),
            "SecretAccessKey": "emulated",
            "SessionToken": f"emulator/{role}/{session}",
            "Expiration": expiration,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROAEMULATEDROLE00000:{session}",
            "Arn": f"{owner}:assumed-role/{role}/{session}",
        },
    }


OPERATIONS: dict[str, dict[str, Callable[[Call], dict[str, Any]]]] = {
    "account": {
        "GetGovCloudAccountInformation": get_gov_cloud_account_information,
        "GetAccountInformation": get_account_information,
        "GetAlternateContact": get_alternate_contact,
    },
    "organizations": {
        "ListAccounts": list_accounts,
        "DescribeOrganization": describe_organization,
        "ListAWSServiceAccessForOrganization": list_aws_service_access_for_organization,
        "ListCreateAccountStatus": list_create_account_status,
        "DescribeAccount": describe_account,
        "DescribeOrganizationalUnit": describe_organizational_unit,
    },
    "resourcegroupstaggingapi": {"GetResources": get_resources},
    "cloudtrail": {"LookupEvents": lookup_events},
    "ce": {"GetCostAndUsage": get_cost_and_usage},
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


def _described(organization: Organization, account: Account) -> dict[str, Any]:
    return {
        "Id": account.account_id,
        "Arn": arn(organization, "account", account.account_id),
        "Email": email(account),
        "Name": account.name or account.account_id,
        "State": account.standard_state,
        "Paths": [organization.path(account)],
        "JoinedMethod": account.joined_method,
        "JoinedTimestamp": account.joined_at,
    }


def _requested(one: Creation) -> dict[str, Any]:
    told = {
        "Id": one.request_id,
        "AccountName": one.name,
        "State": one.state,
        "RequestedTimestamp": one.requested_at,
        "CompletedTimestamp": one.completed_at,
        "AccountId": one.account_id,
        "GovCloudAccountId": one.govcloud_account_id,
        "FailureReason": one.failure_reason,
    }
    return {name: value for name, value in told.items() if value is not None}


def _known(organization: Organization, account_id: str) -> Account | None:
    outside = {a.account_id: a for a in (organization.standalone, organization.lone)}
    return organization.by_id.get(account_id) or outside.get(account_id)
