"""What is said of one pair: since when it is so, its grace, who accepted it, and until when."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from toolkit.schema import Start, State
from toolkit.text import printable
from toolkit.titles.words import counted, day

REOPEN_DAYS: Final = 90
"""How many days after its closure an account can be reopened; then it leaves the list."""

_DAY: Final = pd.Timedelta(days=1)


def since_in_words(row: Mapping[Any, Any]) -> str:
    """Say since when a row of PAIRS is as it is, and how that is known; "" where it is not."""
    since, how = row["since"], row["since_is"]
    if pd.isna(since):
        return ""
    if how == Start.CLOSURE:
        return f"since its closure on {day(since)}"
    first = f"since the snapshot of {day(since)}"
    return first if how == Start.SNAPSHOT else f"at least {first}"


def age_in_days(row: Mapping[Any, Any], taken: pd.Timestamp) -> int | None:
    """Return for how many whole days a row of PAIRS has been as it is; None where nobody knows.

    Where it is at least since a snapshot, it is at least as many.
    """
    return None if pd.isna(row["since"]) else max(0, int((taken - row["since"]) / _DAY))


def grace_in_words(until: pd.Timestamp) -> str:
    """Say until when a pair is in grace; "" where it is not."""
    return "" if pd.isna(until) else f"in grace until {day(until)}"


def acceptance_in_words(row: Mapping[Any, Any]) -> str:
    """Say who accepted a row of PAIRS, until when and why; "" where nobody did."""
    who, until = row["accepted_by"], row["accepted_until"]
    if not isinstance(who, str):
        return ""
    reason = row["accepted_reason"]
    why = f": {printable(reason)}" if isinstance(reason, str) and reason else ""
    if pd.isna(until):
        return f"acceptance by {printable(who)} ended{why}"
    return f"accepted by {printable(who)} until {day(until)}{why}"


def reopen_in_words(row: Mapping[Any, Any], closures: pd.DataFrame, taken: pd.Timestamp) -> str:
    """Say how long a closed standard account can still be reopened; "" where it is not closed.

    Takes a row of PAIRS, CLOSURES, and when the snapshot was taken. Where CloudTrail did not tell
    when it was closed, the first snapshot that shows it does, and then it is at most so long.
    """
    if row["standard_state"] != State.CLOSED:
        return ""
    told = closures["closed_at"][closures["account_id"] == row["account_id"]].dropna()
    known = not told.empty
    begun = told.max() if known else row["since"]
    if pd.isna(begun):
        return f"can be reopened within {REOPEN_DAYS} days of its closure"
    left = max(0, REOPEN_DAYS - int((taken - begun) / _DAY))
    if not left:
        return f"can be reopened no longer: it was closed over {REOPEN_DAYS} days ago"
    return f"can be reopened for {'' if known else 'at most '}{counted(left, 'more day')}"
