"""One answer of AWS as one row: AWS's names and spellings end here."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from toolkit.aws.operations import CLOSED_EVENT
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
_MONTH: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_WRITTEN: Final = re.compile(
    r"(?P<month>\w{3})\w* (?P<day>\d{1,2}), (?P<year>\d{4}),?"
    r" (?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d) ?(?P<half>[AP]M)",
    re.ASCII,
)
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


def creation_row(entry: Mapping[str, Any]) -> Row:
    """Return one request of ListCreateAccountStatus as a CREATED row."""
    request = text(entry.get("Id"))
    if not request:
        raise AwsError("ListCreateAccountStatus named a request without an id.")
    account, govcloud = entry.get("AccountId"), entry.get("GovCloudAccountId")
    return {
        "request_id": request,
        "account_id": account if _is_id(account) else None,
        "govcloud_account_id": govcloud if _is_id(govcloud) else None,
        "name": text(entry.get("AccountName")),
        "state": text(entry.get("State")),
        "requested_at": _time(entry.get("RequestedTimestamp")),
        "completed_at": _time(entry.get("CompletedTimestamp")),
        "failure_reason": text(entry.get("FailureReason")),
    }


def closure_rows(events: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Return the closures among CloudTrail's events as CLOSURES rows; one that failed is none.

    The time is that of the closure, or of the event where it says none that can be read.
    """
    for event in events:
        if event.get("EventName", CLOSED_EVENT) != CLOSED_EVENT:
            continue
        try:
            told = json.loads(event["CloudTrailEvent"])
            closed = told["serviceEventDetails"]["closeAccountStatus"]
            account_id, state = closed["accountId"], closed["state"]
        except (KeyError, TypeError, ValueError, RecursionError):
            raise AwsError("LookupEvents gave a closure that cannot be read.") from None
        if state != "SUCCEEDED":
            continue
        at = _written_time(closed.get("completedTimestamp")) or _time(event.get("EventTime"))
        if at is None:
            raise AwsError("LookupEvents gave a closure without a time.")
        yield {"account_id": _id(account_id, "LookupEvents"), "closed_at": at}


def tag_rows(resources: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Return the tags of accounts in an answer of GetResources as TAGS rows."""
    for resource in resources:
        arn = str(resource.get("ResourceARN"))
        if ":account/" not in arn:
            continue
        account_id = _id(arn.rpartition("/")[2], "GetResources")
        for tag in resource.get("Tags") or ():
            key = text(tag.get("Key"))
            if key is None:
                raise AwsError("GetResources gave a tag without a key.")
            yield {"account_id": account_id, "key": key, "value": text(tag.get("Value")) or ""}


def cost_rows(months: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Return the amounts in an answer of GetCostAndUsage as SPEND rows."""
    for month in months:
        start = str((month.get("TimePeriod") or {}).get("Start"))
        for group in month.get("Groups") or ():
            cost = (group.get("Metrics") or {}).get("UnblendedCost") or {}
            try:
                (account_id,), amount = group["Keys"], float(cost["Amount"])
            except (KeyError, TypeError, ValueError):
                raise AwsError("GetCostAndUsage gave an amount that cannot be read.") from None
            if not (isfinite(amount) and _MONTH.fullmatch(start)):
                raise AwsError("GetCostAndUsage gave an amount or a month that cannot be.")
            yield {
                "account_id": _id(account_id, "GetCostAndUsage"),
                "month": start[:7],
                "amount": repr(amount),  # as text a journal keeps every digit
                "unit": text(cost.get("Unit")) or "",
                "is_estimated": bool(month.get("Estimated", False)),
            }


NONE_SET: Final = "None is set."


def contact_row(account_id: str, contact_type: str, answer: Mapping[str, Any] | AwsError) -> Row:
    """Return an answer of GetAlternateContact, or its error, as a CONTACTS row."""
    row: Row = {"account_id": account_id, "contact_type": contact_type}
    if isinstance(answer, AwsError):
        why = NONE_SET if isinstance(answer, NotFoundError) else answer.message
        return row | {"name": None, "title": None, "email": None, "phone": None, "detail": why}
    return row | {
        "name": text(answer.get("Name")),
        "title": text(answer.get("Title")),
        "email": text(answer.get("EmailAddress")),
        "phone": text(answer.get("PhoneNumber")),
        "detail": None,
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


def _written_time(value: object) -> str | None:
    """Return a time that CloudTrail wrote for people ("Mar 18, 2022 6:16:58 PM") as text, UTC."""
    # Python reads month names in the language of the machine, so they are read here.
    match = _WRITTEN.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    if match is None or match["month"] not in _MONTHS:
        return None
    try:
        return datetime(
            year=int(match["year"]),
            month=_MONTHS.index(match["month"]) + 1,
            day=int(match["day"]),
            hour=int(match["hour"]) % 12 + (12 if match["half"] == "PM" else 0),
            minute=int(match["minute"]),
            second=int(match["second"]),
            tzinfo=UTC,
        ).isoformat()
    except ValueError:
        return None


def _units(paths: Sequence[object]) -> str | None:
    """Return the ids of the units from the root down to the account; "" right under the root."""
    if not paths or not isinstance(paths[0], str):
        return None
    units = without_surrogates(paths[0][:_MOST]).split("/")
    return "/".join(part for part in units if part.startswith("ou-"))
