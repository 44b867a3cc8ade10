"""What the caller may ask: each operation asked once, and what denies all of it at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.aws.operations import Aws, Caller
from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    NotEnabledError,
    NotFoundError,
    RequestInvalidError,
    ToolkitError,
)
from toolkit.schema import Access, CallerKind, ContactType

if TYPE_CHECKING:
    from toolkit.aws.translation import Operation

ACCOUNT_MANAGEMENT: Final = "account.amazonaws.com"
"""What trusted access is enabled for, as Organizations calls it."""

_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
"""An hour in which CloudTrail has nothing to tell: asked about for the permission alone."""

_NO_SUCH_UNIT: Final = "ou-0000-00000000"
_ALL_FEATURES: Final = "ALL"
SAYS_SO: Final = "must first enable trusted access"
"""What AWS's denial says where the organization's own settings are the reason."""

SEES_OTHERS: Final = (CallerKind.MANAGEMENT, CallerKind.DELEGATED)
"""Who may ask about other accounts than its own."""

_NAMES_OTHERS: Final = frozenset({str(ops.GET_GOVCLOUD), str(ops.GET_ACCOUNT_INFORMATION)})


class OrganizationCheck(NamedTuple):
    """One thing that an organization must have turned on: whether it is, and what to say."""

    about: str
    is_on: Callable[[Aws], bool]
    off: NotEnabledError
    fine: str


def check_organization(aws: Aws, caller: Caller) -> None:
    """Raise NotEnabledError where the organization's own settings deny every look-up.

    Asked with a management or delegated caller alone, since others may name nobody but themselves.
    What may not be asked, or gets no answer, is left for the look-ups to find out. Calls
    organizations DescribeOrganization and ListAWSServiceAccessForOrganization, with the
    permissions of the same names.
    """
    if caller.kind not in SEES_OTHERS:
        return
    for check in organization_checks():
        try:
            if check.is_on(aws):
                continue
        except AwsError:
            continue
        raise check.off


def explains_every_denial(error: ToolkitError) -> NotEnabledError | None:
    """Return what a denial says about every other look-up, too; None where it says nothing."""
    if not isinstance(error, AccessDeniedError) or error.operation not in _NAMES_OTHERS:
        return None
    return trusted_access_off() if SAYS_SO in error.message else None


def has_trusted_access(aws: Aws) -> bool:
    """Say whether Account Management is among the services that the organization trusts."""
    token: str | None = None
    seen: set[str | None] = set()
    while token not in seen:
        seen.add(token)
        page = aws.list_service_access_page(token)
        services = page.get("EnabledServicePrincipals") or ()
        if any(one.get("ServicePrincipal") == ACCOUNT_MANAGEMENT for one in services):
            return True
        token = page.get("NextToken")
        if not token:
            return False
    raise AwsError(f"{ops.LIST_SERVICE_ACCESS.name} names a page again: it goes in circles.")


def organization_checks() -> tuple[OrganizationCheck, ...]:
    """Return what an organization must have turned on, in the order in which it is looked at."""
    return (
        OrganizationCheck("Features", has_all_features, features_off(), "All features are on."),
        OrganizationCheck("Trusted access", has_trusted_access, trusted_access_off(), "It is on."),
    )


def has_all_features(aws: Aws) -> bool:
    """Say whether the organization has all features, and not consolidated billing alone."""
    return bool(aws.describe_organization().get("FeatureSet", _ALL_FEATURES) == _ALL_FEATURES)


def features_off() -> NotEnabledError:
    """Return the error that says so where an organization has not all features."""
    return NotEnabledError(
        "The organization has consolidated billing alone, so AWS denies every question about"
        " another account.",
        "Enable all features: Organizations console, Settings, or with the management account:"
        " aws organizations enable-all-features",
        operation=str(ops.DESCRIBE_ORGANIZATION),
    )


def trusted_access_off() -> NotEnabledError:
    """Return the error that says so where Account Management is not trusted."""
    return NotEnabledError(
        "The organization has no trusted access for AWS Account Management, so AWS denies every"
        " question about another account.",
        "Enable it: Organizations console, Services, AWS Account Management, or with the management"
        " account: aws organizations enable-aws-service-access"
        f" --service-principal {ACCOUNT_MANAGEMENT}",
        operation=str(ops.LIST_SERVICE_ACCESS),
    )


def check_access(aws: Aws, *, region: str = "us-east-1") -> pd.DataFrame:
    """Return the ACCESS table, one row per AWS operation: may the caller use it, and if not, why.

    Each operation is asked once, about the caller's own account or another of its organization,
    but for Cost Explorer's, which costs money; `region` is where WorkSpaces' are asked. One that
    gave no clear answer is UNKNOWN. Raises CredentialsError where the credentials themselves do not
    work.
    """
    return ask_each(aws, aws.caller(), region)


def ask_each(aws: Aws, caller: Caller, region: str) -> pd.DataFrame:
    """Return what `check_access` does, for a caller that is known."""
    other = _another_account(aws, caller)
    probes: list[tuple[Operation, Callable[[], object]]] = [
        (ops.DESCRIBE_ORGANIZATION, aws.describe_organization),
        (ops.LIST_SERVICE_ACCESS, aws.list_service_access_page),
        (ops.LIST_ACCOUNTS, aws.list_accounts_page),
        (ops.DESCRIBE_UNIT, lambda: aws.describe_unit(_NO_SUCH_UNIT)),
        (ops.GET_GOVCLOUD, lambda: aws.get_govcloud(other)),
        (ops.GET_ACCOUNT_INFORMATION, lambda: aws.get_account_information(other)),
        (ops.LIST_CREATIONS, aws.list_creations_page),
        (ops.LOOKUP_EVENTS, lambda: aws.lookup_closures_page(_LONG_AGO, _LONG_AGO + _HOUR)),
        (ops.GET_RESOURCES, aws.get_resources_page),
        (ops.GET_CONTACT, lambda: aws.get_contact(ContactType.SECURITY.value, other)),
        (ops.LIST_LINKS, lambda: aws.list_links_page(region)),
        (ops.GET_LINK, lambda: aws.get_link(region, other or caller.account_id)),
    ]
    rows = [
        {
            "operation": str(ops.GET_CALLER_IDENTITY),
            "permission": ops.GET_CALLER_IDENTITY.permission,
            "allowed": Access.ALLOWED,
            "detail": None,
        }
    ]
    for operation, probe in probes:
        allowed, detail = _tried(probe)
        rows.append(
            {
                "operation": str(operation),
                "permission": operation.permission,
                "allowed": allowed,
                "detail": detail,
            }
        )
    return schema.coerce(schema.ACCESS, rows)


def _tried(probe: Callable[[], object]) -> tuple[Access, str | None]:
    try:
        probe()
    except AccessDeniedError as error:
        return Access.DENIED, str(error)
    except (NotFoundError, RequestInvalidError):
        # AWS checks the permission before it looks for the thing or at the request's sense.
        return Access.ALLOWED, None
    except AwsError as error:
        return Access.UNKNOWN, str(error)
    return Access.ALLOWED, None


def _another_account(aws: Aws, caller: Caller) -> str | None:
    """Return an account that the caller may name; None asks about its own."""
    if caller.kind not in SEES_OTHERS:
        return None
    never = {caller.account_id, caller.management_account_id}
    try:
        listed = [account["Id"] for account in aws.list_accounts_page()["Accounts"]]
    except ToolkitError:
        return None
    return next((account_id for account_id in listed if account_id not in never), None)
