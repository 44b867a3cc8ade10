"""One call as an operation sees it: who asks, about what, and what it is told to refuse."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from toolkit.emulator.callers import Caller
from toolkit.emulator.organization import Organization
from toolkit.emulator.refusals import Refusal, denied
from toolkit.emulator.services import Service
from toolkit.emulator.switches import Switches

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: by whom, about what, in which Region."""

    organization: Organization
    switches: Switches
    service: Service
    caller: Caller
    region: str
    operation: str
    params: dict[str, Any]

    def denied(self, why: str = "") -> Refusal:
        """Say that the caller may not do this."""
        return denied(self.caller.arn, self.service, self.operation, why)


def page(
    call: Call, items: Sequence[_Item], size: int, invalid: Refusal
) -> tuple[list[_Item], dict[str, str]]:
    """Cut the page that a call asks for, with the token of the next as a member if there is one.

    With empty pages switched on, one comes before each page and one after the last. Raises
    `invalid` for a token that this operation did not give.
    """
    start, filled = _read_token(call, invalid)
    if start > len(items):
        raise invalid
    if call.switches.empty_pages and not filled:
        return [], _next(call, start, filled=True) if start < len(items) else {}
    shown = list(items[start : start + size])
    end = start + len(shown)
    more = end < len(items) or (call.switches.empty_pages and bool(shown))
    return shown, _next(call, end, filled=False) if more else {}


def _read_token(call: Call, invalid: Refusal) -> tuple[int, bool]:
    token = call.params.get("NextToken")
    if token is None:
        return 0, False
    try:
        operation, start, filled = base64.urlsafe_b64decode(token.encode()).decode().split("|")
        place = int(start)
    except ValueError as error:
        raise invalid from error
    if operation != call.operation or place < 0:
        raise invalid
    return place, filled == "1"


def _next(call: Call, start: int, *, filled: bool) -> dict[str, str]:
    text = f"{call.operation}|{start}|{filled:d}"
    return {"NextToken": base64.urlsafe_b64encode(text.encode()).decode()}
