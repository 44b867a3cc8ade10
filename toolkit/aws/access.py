"""What the caller may ask, found by asking each operation once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.aws.operations import Aws, Caller
from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    NotFoundError,
    RequestInvalidError,
    ToolkitError,
)
from toolkit.schema import Access, CallerKind

if TYPE_CHECKING:
    from toolkit.aws.translation import Operation

_NO_SUCH_UNIT: Final = "ou-0000-00000000"


def check_access(aws: Aws, *, region: str = "us-east-1") -> pd.DataFrame:
    """Return the ACCESS table, one row per AWS operation: may the caller use it, and if not, why.

    Each operation is asked once, about the caller's own account or another of its organization;
    `region` is where the WorkSpaces operations are asked. An operation that gave no clear answer
    is UNKNOWN. Raises CredentialsError where the credentials themselves do not work.
    """
    caller = aws.caller()
    other = _another_account(aws, caller)
    probes: list[tuple[Operation, Callable[[], object]]] = [
        (ops.DESCRIBE_ORGANIZATION, aws.describe_organization),
        (ops.LIST_ACCOUNTS, aws.list_accounts_page),
        (ops.DESCRIBE_UNIT, lambda: aws.describe_unit(_NO_SUCH_UNIT)),
        (ops.GET_GOVCLOUD, lambda: aws.get_govcloud(other)),
        (ops.GET_ACCOUNT_INFORMATION, lambda: aws.get_account_information(other)),
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
    if caller.kind not in (CallerKind.MANAGEMENT, CallerKind.DELEGATED):
        return None
    never = {caller.account_id, caller.management_account_id}
    try:
        listed = [account["Id"] for account in aws.list_accounts_page()["Accounts"]]
    except ToolkitError:
        return None
    return next((account_id for account_id in listed if account_id not in never), None)
