"""What the GovCloud halves of a made-up company cost, billed to their standard accounts."""

import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from toolkit.emulator.members import FORGOTTEN_DAYS
from toolkit.emulator.organization import SPEND_MONTHS
from toolkit.emulator.records import Account, Spend
from toolkit.emulator.scripts import EPOCH, C, P, S, last_scene, scene_at
from toolkit.emulator.slots import Slot, Story, serial_of

_FINAL_FROM = 6  # the day of the month from which on the bill of the month before is final
_BUSY_EACH = 15  # one account in so many costs much more than the others
_ABROAD = 1


def make_spend(story: Story, people: Sequence[Account]) -> list[Spend]:
    """List what each was billed for in the month in progress and in the full ones before it."""
    today = date.fromordinal(EPOCH + story.today)
    end, months = today, []
    for _ in range(SPEND_MONTHS + 1):
        months.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return [one for end in reversed(months) for one in _month(story, people, today, end)]


def _month(story: Story, people: Sequence[Account], today: date, end: date) -> Iterator[Spend]:
    """Bill whoever was there at the month's end, and whose GovCloud account was left behind."""
    month = end.replace(day=1)
    age = (today.year - month.year) * 12 + today.month - month.month
    is_estimated = age == 0 or (age == 1 and today.day < _FINAL_FROM)
    share = 1.0 if age else today.day / 31
    for slot in story.slots:
        for account_id, state in _running(story, people, slot, end.toordinal() - EPOCH):
            amount = round(_amount(account_id, month, state) * share, 2)
            if amount:
                yield Spend(account_id, month, amount, is_estimated=is_estimated)
                if slot.number == _ABROAD:
                    # one company of the group is invoiced abroad for a part of what it uses
                    yield Spend(account_id, month, round(amount / 8, 2), "EUR", is_estimated)


def _running(
    story: Story, people: Sequence[Account], slot: Slot, day: int
) -> Iterator[tuple[str, str]]:
    """Give the accounts of a slot that are billed that day, with their GovCloud state."""
    script = slot.part.script
    turn, within, scene = scene_at(script, day + slot.part.phase)
    if not script.vanishes:
        if scene.govcloud:
            yield people[slot.number].account_id, scene.govcloud
        return
    if scene.govcloud:
        yield story.standard_ids[serial_of(slot, turn)], scene.govcloud
    left = last_scene(script).govcloud
    if left and within < FORGOTTEN_DAYS:
        yield story.standard_ids[serial_of(slot, turn - 1)], left


def _amount(account_id: str, month: date, state: str) -> float:
    """Give dollars: little for most, much for a few, never the same in two months."""
    if state in {P, C}:
        return 0.0
    usual = zlib.crc32(f"spend/{account_id}".encode())
    dollars = 40 + usual % 400
    if usual % _BUSY_EACH == 0:
        dollars *= 40
    swing = 0.9 + zlib.crc32(f"{month}/{account_id}".encode()) % 1000 / 5000
    return dollars * swing * (0.2 if state == S else 1.0)
