"""One answer of AWS as one row: AWS's names and spellings end here."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    NotFoundError,
    RequestInvalidError,
    ThrottledError,
    ToolkitError,
    UnknownOperationError,
)
from toolkit.schema import Outcome
from toolkit.text import without_surrogates

Row = dict[str, Any]

OUTCOMES: Final[Mapping[type[AwsError], Outcome]] = {
    NotFoundError: Outcome.NOT_LINKED,
    AccessDeniedError: Outcome.ACCESS_DENIED,
    RequestInvalidError: Outcome.INVALID,
    UnknownOperationError: Outcome.INVALID,
    ThrottledError: Outcome.THROTTLED,
}
"""What an error says about the account asked for; everything else is FAILED or UNAVAILABLE."""

_UNAVAILABLE_CODES: Final = frozenset(
    {"ResourceUnavailableException", "ServiceUnavailable", "ServiceUnavailableException"}
)
_ID: Final = re.compile("[0-9]{12}")
_MOST: Final = 1_000  # characters of a text: AWS's own are shorter, and nobody reads more


def outcome_of(error: ToolkitError) -> Outcome:
    """Return the outcome of a look-up that ended in this error."""
    if isinstance(error, AwsError) and error.code in _UNAVAILABLE_CODES:
        return Outcome.UNAVAILABLE
    return next((o for kind, o in OUTCOMES.items() if isinstance(error, kind)), Outcome.FAILED)


def account_row(entry: Mapping[str, Any]) -> Row:
    """Return one account of ListAccounts as an ACCOUNTS row, its `ou_path` the ids of the units."""
    return {
        "account_id": _id(entry.get("Id"), "ListAccounts"),
        "name": text(entry.get("Name")),
        "email": text(entry.get("Email")),
        "standard_state": text(entry.get("State")),
        "joined_method": text(entry.get("JoinedMethod")),
        "joined_at": _time(entry.get("JoinedTimestamp")),
        "ou_path": _units(entry.get("Paths") or ()),
    }


def information_row(account_id: str, answer: Mapping[str, Any] | AwsError) -> Row:
    """Return an answer of GetAccountInformation as an ACCOUNTS row; no state where it failed."""
    if isinstance(answer, AwsError):
        return {"account_id": account_id, "standard_state": None}
    return {
        "account_id": account_id,
        "name": text(answer.get("AccountName")),
        "standard_state": text(answer.get("AccountState")),
    }


def govcloud_row(account_id: str, answer: Mapping[str, Any] | AwsError, at: datetime) -> Row:
    """Return an answer of GetGovCloudAccountInformation, or its error, as a GOVCLOUD row."""
    row = {
        "account_id": account_id,
        "govcloud_account_id": None,
        "govcloud_state": None,
        "outcome": Outcome.FOUND.value,
        "detail": None,
        "fetched_at": at.isoformat(),
    }
    if isinstance(answer, AwsError):
        outcome = outcome_of(answer)
        why = None if outcome is Outcome.NOT_LINKED else answer.message
        return row | {"outcome": outcome.value, "detail": why}
    linked = answer.get("GovCloudAccountId")
    if not _is_id(linked):
        why = f"AWS answered without the id of a GovCloud account ({text(linked)})."
        return row | {"outcome": Outcome.FAILED.value, "detail": why}
    return row | {"govcloud_account_id": linked, "govcloud_state": text(answer.get("AccountState"))}


def not_queryable_row(account_id: str, at: datetime) -> Row:
    """Return the GOVCLOUD row of the management account for a delegated administrator."""
    return {
        "account_id": account_id,
        "govcloud_account_id": None,
        "govcloud_state": None,
        "outcome": Outcome.NOT_QUERYABLE.value,
        "detail": "Only the management account itself may ask about the management account.",
        "fetched_at": at.isoformat(),
    }


def link_row(entry: Mapping[str, Any], region: str, at: datetime) -> Row:
    """Return one account link as a LINKS row."""
    source, target = entry.get("SourceAccountId"), entry.get("TargetAccountId")
    return {
        "link_id": text(entry.get("AccountLinkId")) or f"{text(source)} to {text(target)}",
        "link_status": text(entry.get("AccountLinkStatus")),
        "source_account_id": source if _is_id(source) else None,
        "target_account_id": target if _is_id(target) else None,
        "region": region,
        "fetched_at": at.isoformat(),
    }


def text(value: object) -> str | None:
    """Return a text as it came; what is none, as JSON; what no file can hold, replaced."""
    if value is None:
        return None
    said = value if isinstance(value, str) else json.dumps(value, default=str)
    return without_surrogates(said[:_MOST])


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _id(value: object, operation: str) -> str:
    if not isinstance(value, str) or not _is_id(value):
        raise AwsError(f"{operation} named an account '{text(value)}', which is no account id.")
    return value


def _time(value: object) -> str | None:
    """Return a time as text, UTC; None where there is none that a calendar has."""
    if not isinstance(value, datetime):
        return None
    try:
        return value.astimezone(UTC).isoformat()
    except OverflowError:
        return None


def _units(paths: Sequence[object]) -> str | None:
    """Return the ids of the units from the root down to the account; "" right under the root."""
    if not paths or not isinstance(paths[0], str):
        return None
    units = without_surrogates(paths[0][:_MOST]).split("/")
    return "/".join(part for part in units if part.startswith("ou-"))
