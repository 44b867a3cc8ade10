"""What CloudTrail answers: when the management account closed an account, and how that ended."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.utils import parse_to_aware_datetime

from toolkit.emulator.call import Call, page
from toolkit.emulator.records import Closure
from toolkit.emulator.refusals import Refusal

_REGION = "us-east-1"
_RESULT = "CloseAccountResult"
_SOURCE = "organizations.amazonaws.com"
_MOST = 50
_NOTED_AFTER = timedelta(seconds=8)
# what strftime gives for %b depends on the machine's language
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def lookup_events(call: Call) -> dict[str, Any]:
    """List what closing accounts left in the event history, newest first."""
    attributes = call.params.get("LookupAttributes", ())
    if len(attributes) > 1:
        message = "You can only specify one lookup attribute at a time."
        raise Refusal("InvalidLookupAttributesException", message)
    since, until = _time(call, "StartTime"), _time(call, "EndTime")
    if since and until and since > until:
        message = "The start time must be before the end time."
        raise Refusal("InvalidTimeRangeException", message)
    closures = [
        closure
        for closure in _closures(call)
        if (since is None or _noted(closure) >= since)
        and (until is None or _noted(closure) <= until)
        and all(_told(closure, one["AttributeKey"]) == one["AttributeValue"] for one in attributes)
    ]
    invalid = Refusal("InvalidNextTokenException", "The token is not valid for these parameters.")
    size = call.params.get("MaxResults", _MOST)
    shown, more = page(call, closures, size, invalid, changed=invalid)
    return {"Events": [_event(call, closure) for closure in shown], **more}


def _closures(call: Call) -> list[Closure]:
    """Give the caller's own events: nobody but the management account closes accounts."""
    if (
        call.caller.kind != "management"
        or call.region != _REGION
        or "EventCategory" in call.params  # insights, of which there are none
    ):
        return []
    return call.organization.closures_shown


def _told(closure: Closure, key: str) -> str | None:
    """Give what an event says under the key of a look-up attribute."""
    told = {"EventName": _RESULT, "EventSource": _SOURCE, "ReadOnly": "false"}
    return _id(closure) if key == "EventId" else told.get(key)


def _id(closure: Closure) -> str:
    name = f"{closure.account_id}/{closure.closed_at.isoformat()}"
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def _noted(closure: Closure) -> datetime:
    return closure.closed_at + _NOTED_AFTER


def _event(call: Call, closure: Closure) -> dict[str, Any]:
    owner, noted, event_id = call.organization.management_account_id, _noted(closure), _id(closure)
    detail = {
        "eventVersion": "1.08",
        "userIdentity": {"accountId": owner, "invokedBy": _SOURCE},
        "eventTime": f"{noted:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": _SOURCE,
        "eventName": _RESULT,
        "awsRegion": _REGION,
        "sourceIPAddress": _SOURCE,
        "userAgent": _SOURCE,
        "requestParameters": None,
        "responseElements": None,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": owner,
        "serviceEventDetails": {
            "closeAccountStatus": {
                "accountId": closure.account_id,
                "state": closure.state,
                "requestedTimestamp": _in_words(closure.closed_at - _NOTED_AFTER),
                "completedTimestamp": _in_words(closure.closed_at),
            }
        },
        "eventCategory": "Management",
    }
    return {
        "EventId": event_id,
        "EventName": _RESULT,
        "ReadOnly": "false",
        "EventTime": noted,
        "EventSource": _SOURCE,
        "Resources": [],
        "CloudTrailEvent": json.dumps(detail),
    }


def _in_words(moment: datetime) -> str:
    """Write "Mar 18, 2022 6:16:58 PM"."""
    hour = moment.hour % 12 or 12
    return f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year} {hour}:{moment:%M:%S} " + (
        "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - noon
    )


def _time(call: Call, name: str) -> datetime | None:
    value = call.params.get(name)
    if value is None:
        return None
    try:
        moment: datetime = parse_to_aware_datetime(value)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refusal("InvalidTimeRangeException", f"{name} is no time.") from error
