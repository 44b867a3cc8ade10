"""One call as an operation sees it: who asks, about what, and what it is told to refuse."""

import base64
import hashlib
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

    switches: Switches
    service: Service
    caller: Caller
    region: str
    operation: str
    params: dict[str, Any]

    @property
    def organization(self) -> Organization:
        """The organization in which the caller asks."""
        return self.caller.organization

    def denied(self, why: str = "") -> Refusal:
        """Say that the caller may not do this."""
        return denied(self.caller.arn, self.service, self.operation, why)


def page(
    call: Call,
    items: Sequence[_Item],
    size: int,
    invalid: Refusal,
    *,
    member: str = "NextToken",
    changed: Refusal | None = None,
) -> tuple[list[_Item], dict[str, str]]:
    """Cut the page that a call asks for, with the token of the next as a member if there is one.

    With empty pages switched on, one comes before each page and one after the last. Raises
    `invalid` for a token that this operation did not give, and `changed`, if that is given, for
    one that it gave to other parameters. `member` is what the operation calls its token.
    """
    bound = "" if changed is None else _digest(call.params, member)
    start, filled, given_for = _read_token(call, member, invalid)
    if start > len(items):
        raise invalid
    if changed is not None and given_for not in {None, bound}:
        raise changed

    def next_page(start: int, *, filled: bool) -> dict[str, str]:
        text = f"{call.operation}|{start}|{filled:d}|{bound}"
        return {member: base64.urlsafe_b64encode(text.encode()).decode()}

    if call.switches.empty_pages and not filled:
        return [], next_page(start, filled=True) if start < len(items) else {}
    shown = list(items[start : start + size])
    end = start + len(shown)
    more = end < len(items) or (call.switches.empty_pages and bool(shown))
    return shown, next_page(end, filled=False) if more else {}


def _read_token(call: Call, name: str, invalid: Refusal) -> tuple[int, bool, str | None]:
    token = call.params.get(name)
    if token is None:
        return 0, False, None
    try:
        operation, start, filled, bound = (
            base64.urlsafe_b64decode(token.encode()).decode().split("|")
        )
        place = int(start)
    except ValueError as error:
        raise invalid from error
    if operation != call.operation or place < 0:
        raise invalid
    return place, filled == "1", bound


def _digest(params: dict[str, Any], member: str) -> str:
    others = sorted((name, repr(value)) for name, value in params.items() if name != member)
    return hashlib.sha256(repr(others).encode()).hexdigest()[:12]
