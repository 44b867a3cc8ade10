"""The requests to create accounts: those in a pair, those that failed, and those under way."""

from collections.abc import Iterator
from datetime import timedelta

from toolkit.emulator.names import UNITS, account_name
from toolkit.emulator.organization import request_id
from toolkit.emulator.records import Creation
from toolkit.emulator.scripts import Role, timeline
from toolkit.emulator.slots import STRANGERS, Slot, Story, at_minute, serial_of

_LONGEST_DAYS = 20
_FAILS_EACH_DAYS = 45
_FAILS_KEPT = 4
_FAILS_FROM = 100
_OTHER = STRANGERS + 5 * 10**7
_REASONS = (
    "EMAIL_ALREADY_EXISTS",
    "FAILED_BUSINESS_VALIDATION",
    "ACCOUNT_LIMIT_EXCEEDED",
    "INVALID_ADDRESS",
    "GOVCLOUD_ACCOUNT_ALREADY_EXISTS",
)


def make_creations(story: Story) -> list[Creation]:
    """List the requests, newest first: those of accounts that came while requests were tracked."""
    ordered = [
        slot
        for slot in story.slots
        if slot.part.script.vanishes and slot.joined_method == "CREATED"
    ]
    leaves = [slot for slot in ordered if slot.part.role is Role.LEAVES]
    found = [_succeeded(story, slot, is_other=slot in leaves[:1]) for slot in ordered]
    for slot in ordered:
        found += _under_way(story, slot)
    if len(story.slots) >= _FAILS_FROM:
        found += _failed(story)
    return sorted(found, key=lambda one: (one.requested_at, one.request_id), reverse=True)


def _succeeded(story: Story, slot: Slot, *, is_other: bool) -> Creation:
    """Give the request for who is in the slot; `is_other` if it names another GovCloud account."""
    account = story.account(slot)
    turn, _, _ = story.now(slot)
    govcloud_id = account.govcloud_account_id
    if slot.part.role is Role.HALF_MADE:
        govcloud_id = story.govcloud_ids[serial_of(slot, turn)]
    if is_other:
        govcloud_id = story.govcloud_ids[_OTHER + turn]
    return Creation(
        request_id(account.account_id),
        account.name,
        "SUCCEEDED",
        account.joined_at - _took(slot),
        account.joined_at,
        account.account_id,
        govcloud_id,
    )


def _under_way(story: Story, slot: Slot) -> Iterator[Creation]:
    """Give the request for who comes next, once it is made."""
    _, within, _ = story.now(slot)
    if timeline(slot.part.script)[1] - within <= _took(slot).days:
        coming = story.account(slot, later=1)
        requested_at = coming.joined_at - _took(slot)
        yield Creation(request_id(coming.account_id), coming.name, "IN_PROGRESS", requested_at)


def _failed(story: Story) -> Iterator[Creation]:
    last = story.today // _FAILS_EACH_DAYS
    for number in range(last, max(-1, last - _FAILS_KEPT), -1):
        requested_at = at_minute(number * _FAILS_EACH_DAYS, 540 + number % 300)
        yield Creation(
            request_id(story.standard_ids[STRANGERS + number]),
            account_name(number * 13, UNITS[number % len(UNITS)], "", story.names),
            "FAILED",
            requested_at,
            requested_at + timedelta(minutes=3 + number % 50),
            failure_reason=_REASONS[number % len(_REASONS)],
        )


def _took(slot: Slot) -> timedelta:
    """Give how long the request took: somebody has to look at the business behind it."""
    return timedelta(days=1 + slot.number % _LONGEST_DAYS)
