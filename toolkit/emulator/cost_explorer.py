"""What Cost Explorer answers: each standard account's bill for GovCloud, month by month."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from toolkit.emulator.call import Call, page
from toolkit.emulator.records import Spend
from toolkit.emulator.refusals import Refusal

_REGION = "us-gov-west-1"
_METRICS = ("AmortizedCost", "BlendedCost", "NetAmortizedCost", "NetUnblendedCost", "UnblendedCost")
_GROUPS_A_PAGE = 250
_MONTHS_KEPT = 14
# what an account costs in all Regions, as a multiple of GovCloud's share
_ALL_REGIONS = 10.0


def get_cost_and_usage(call: Call) -> dict[str, Any]:
    """Tell what was spent in GovCloud by account and month; what was nothing is left out.

    The month in progress is an estimate. Without a filter by Region it is ten times as much.
    """
    params = call.params
    months = list(_months(call))
    metrics = params["Metrics"]
    if not metrics or not set(metrics) <= set(_METRICS):
        raise _wrong(f"Metrics must be among {', '.join(_METRICS)}.")
    by_account = [("DIMENSION", "LINKED_ACCOUNT")]
    if [(one.get("Type"), one.get("Key")) for one in params.get("GroupBy", ())] != by_account:
        raise _wrong("This endpoint groups by the dimension LINKED_ACCOUNT alone.")
    share = _share(params.get("Filter"))
    # a month in which nobody spent is there, too
    found = [(month, one) for month in months for one in (share and _spent(call, month)) or (None,)]
    invalid = Refusal("InvalidNextTokenException", "The pagination token is invalid.")
    changed = Refusal(
        "RequestChangedException",
        "Your request parameters changed between pages. Try again with the old parameters or "
        "without a pagination token.",
    )
    shown, more = page(
        call, found, _GROUPS_A_PAGE, invalid, member="NextPageToken", changed=changed
    )
    return {
        "GroupDefinitions": params["GroupBy"],
        "ResultsByTime": [
            {
                "TimePeriod": {"Start": f"{month[0]}", "End": f"{month[1]}"},
                "Total": {},
                "Groups": [_group(one, metrics, share) for at, one in shown if at == month and one],
                "Estimated": _is_estimated(call, month),
            }
            for month in dict.fromkeys(month for month, _ in shown)
        ],
        "DimensionValueAttributes": [],
        **more,
    }


_Period = tuple[date, date]


def _months(call: Call) -> Iterator[_Period]:
    """Give the months asked for, of which the first and the last may be parts of one."""
    today, params = call.organization.day, call.params
    if params["Granularity"] != "MONTHLY":
        raise _wrong("This endpoint knows amounts by month alone.")
    start, end = (_day(params["TimePeriod"], name) for name in ("Start", "End"))
    if start >= end:
        raise _wrong("Start date (and hour) should be before end date (and hour)")
    if end > _next_month(today):
        raise _wrong("end date past the beginning of next month")
    oldest = today.replace(day=1)
    for _ in range(_MONTHS_KEPT):
        oldest = (oldest - timedelta(days=1)).replace(day=1)
    if start < oldest:
        raise _wrong(f"You haven't enabled historical data beyond {_MONTHS_KEPT} months")
    if start > today:
        raise Refusal(
            "DataUnavailableException",
            "Data is not available. Please try to adjust the time period. If just enabled Cost "
            "Explorer, data might not be ingested yet",
        )
    while start < end:
        until = min(_next_month(start), end)
        yield start, until
        start = until


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _day(period: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(period[name][:10])
    except ValueError as error:
        raise _wrong(
            f"{name} time {period[name]} is invalid. Valid format is: yyyy-MM-dd."
        ) from error


def _spent(call: Call, month: _Period) -> list[Spend]:
    spent = call.organization.spend_of.get(month[0].replace(day=1), [])
    if call.caller.kind == "management":
        return spent
    return [one for one in spent if one.account_id == call.caller.account.account_id]


def _share(wanted: dict[str, Any] | None) -> float:
    if wanted is None:
        return _ALL_REGIONS
    dimension = wanted.get("Dimensions", {})
    if len(wanted) != 1 or dimension.get("Key") != "REGION":
        raise _wrong("This endpoint filters by the dimension REGION alone.")
    return 1.0 if _REGION in dimension.get("Values", ()) else 0.0


def _group(one: Spend, metrics: list[str], share: float) -> dict[str, Any]:
    # by way of its digits, since 1234567.89 is a little less in binary
    amount = {"Amount": f"{Decimal(str(one.amount * share)):.10f}", "Unit": one.unit}
    return {"Keys": [one.account_id], "Metrics": dict.fromkeys(metrics, amount)}


def _is_estimated(call: Call, month: _Period) -> bool:
    organization, first = call.organization, month[0].replace(day=1)
    return _next_month(first) > organization.day or first in organization.estimated_months


def _wrong(message: str) -> Refusal:
    return Refusal("ValidationException", message)
