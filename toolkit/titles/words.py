"""Numbers, days and names as people write them in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from toolkit.schema import CallerKind
from toolkit.text import printable

CALLERS: Final[Mapping[str, str]] = {
    CallerKind.MANAGEMENT: "the management account",
    CallerKind.DELEGATED: "a delegated administrator",
    CallerKind.MEMBER: "a member account",
    CallerKind.STANDALONE: "an account in no organization",
}
"""What each kind of caller is called in a sentence."""

_CENTS_COUNT: Final = 10
"""Below how much an amount is written with its cents."""
_ONE_TIME: Final = pd.Timedelta(hours=1)


def caller_in_words(kind: str) -> str:
    """Say what kind of caller asked; one that this version does not know as it is called."""
    return CALLERS.get(kind, kind)


def scope_in_words(kind: str, *, complete: bool) -> str:
    """Say whose accounts a run by such a caller asked about."""
    if not complete:
        return "a chosen list of accounts"
    alone = kind in (CallerKind.MEMBER, CallerKind.STANDALONE)
    return "this account alone" if alone else "the whole organization"


def number(value: int) -> str:
    """Write a whole number with thousands separators: 1,234."""
    return f"{value:,}"


def counted(value: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 account", "1,234 accounts"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """Write a share as a whole percentage that is never 0 % or 100 % unless it is exactly that."""
    if part in (0, whole):
        return "0 %" if part == 0 else "100 %"
    return f"{min(max(round(100 * part / whole), 1), 99)} %"


def share(rate: float) -> str:
    """Write a share of 0 to 1 with one decimal, never 0 or 100 % unless it is exactly that."""
    if rate in (0, 1):
        return f"{100 * rate:.0f} %"
    return f"{min(max(100 * rate, 0.1), 99.9):.1f} %"


def amount(value: float, unit: str, is_estimated: bool) -> str:  # noqa: FBT001 - as SPEND has it
    """Write an amount in its unit, and say where AWS estimates: 1,234 USD, estimated."""
    text = f"{value:,.2f}" if 0 < abs(value) < _CENTS_COUNT else f"{value:,.0f}"
    if text.lstrip("-") == "0.00":
        text = "less than 0.01"
    return f"{text} {printable(unit)}{', estimated' if is_estimated else ''}"


def contact_in_words(contact: Mapping[Any, Any]) -> str:
    """Say on one line whom to call by a row of CONTACTS, or why nobody is named."""
    parts = [contact[name] for name in ("name", "title", "email", "phone")]
    known = [printable(part) for part in parts if isinstance(part, str) and part]
    detail = contact["detail"]
    return ", ".join(known) or (printable(detail) if isinstance(detail, str) else "none is set")


def day(time: pd.Timestamp) -> str:
    """Write a day: 22 November 2026."""
    return f"{time.day} {time.month_name()} {time.year}"


def times_in_words(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Say of when answers are that were given at different times; "" where that is one hour."""
    if last - first <= _ONE_TIME:
        return ""
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{day(last)}, {last:%H:%M}"
    return f"answers of {day(first)}, {first:%H:%M} to {until} UTC"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Join with commas and a last "and", or what is given for it."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
