"""The places of a made-up organization: who is in each of them on a day, and who was before."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from toolkit.emulator.names import (
    QUIET_WEIGHTS,
    TROUBLED_WEIGHTS,
    UNITS,
    NameStyle,
    account_name,
    unit_names,
)
from toolkit.emulator.records import Account
from toolkit.emulator.scripts import (
    EPOCH,
    QUIET,
    UNLINKED,
    Part,
    Role,
    Scene,
    cast_parts,
    last_scene,
    scene_at,
    timeline,
)

SAMPLE_LINKED = "111111111111"
SAMPLE_NOT_LINKED = "222222222222"
SAMPLE_GOVCLOUD = "123456789012"

# Serial numbers of one slot's successive accounts are this far apart.
TURN = 10**6
# Serial numbers from here on are nobody's who is or was in a slot.
STRANGERS = 9 * 10**8
_ID_SPACE = 10**12
_RESERVED = tuple(
    int(n) for n in (SAMPLE_LINKED, SAMPLE_NOT_LINKED, SAMPLE_GOVCLOUD, "700000000007")
)
_QUIET_SUMS = tuple(accumulate(QUIET_WEIGHTS))
_TROUBLED_SUMS = tuple(accumulate(TROUBLED_WEIGHTS))
_OFFICE_HOURS = (8 * 60, 18 * 60)
_OLDEST = 2000
_BOUGHT = (("Acquisitions", "Northwind"), ("Acquisitions", "Contoso"))


class Slot(NamedTuple):
    """What is true of a place in the organization on every day."""

    number: int
    part: Part
    unit: tuple[str, ...]
    joined: int
    minute: int
    joined_method: str


class Ids:
    """Ids of 12 digits for serial numbers: no two alike, none of the samples' own."""

    def __init__(self, draw: random.Random) -> None:
        self._factor = draw.randrange(10**11, _ID_SPACE) // 10 * 10 + 7
        # serial 0 gets a leading zero
        self._offset = draw.randrange(10**10, 10**11)
        back = pow(self._factor, -1, _ID_SPACE)
        while any((n - self._offset) * back % _ID_SPACE < 10**9 for n in _RESERVED):
            self._offset += 1

    def __getitem__(self, serial: int) -> str:
        return f"{(self._factor * serial + self._offset) % _ID_SPACE:012d}"


def make_slots(accounts: int, draw: random.Random) -> list[Slot]:
    """Give each place its part, its unit and the day on which its account joined."""
    known = (QUIET, QUIET, QUIET, UNLINKED)
    parts = [*(Part(script, 0, quiet=True) for script in known), *cast_parts(accounts - 4, draw)]
    return [
        Slot(
            number,
            part,
            unit=_unit(part, draw),
            joined=draw.randrange(-_OLDEST, 0),
            minute=draw.randrange(*_OFFICE_HOURS),
            joined_method=_joined_method(part, draw),
        )
        for number, part in enumerate(parts[:accounts])
    ]


def _unit(part: Part, draw: random.Random) -> tuple[str, ...]:
    drawn = draw.choices(UNITS, cum_weights=_QUIET_SUMS if part.quiet else _TROUBLED_SUMS)[0]
    return _BOUGHT[part.phase % 2] if part.role is Role.UNINVITED else drawn


def _joined_method(part: Part, draw: random.Random) -> str:
    is_invited = draw.random() < (0.05 if part.quiet else 0.3)
    return "INVITED" if is_invited and part.role is not Role.HALF_MADE else "CREATED"


@dataclass(frozen=True)
class Story:
    """The slots on one day, and the ids and names of whoever is, was and will be in them."""

    today: int
    slots: list[Slot]
    standard_ids: Ids
    govcloud_ids: Ids
    names: NameStyle

    def now(self, slot: Slot) -> tuple[int, int, Scene]:
        """Give the slot's turn, the day within it, and the scene."""
        return scene_at(slot.part.script, self.today + slot.part.phase)

    def account(self, slot: Slot, later: int = 0) -> Account:
        """Give the account in the slot in the states of this day, or the turn's after or before.

        One of another turn is in the states in which it came or left.
        """
        script = slot.part.script
        turn, within, scene = self.now(slot)
        serial, joined, since = serial_of(slot, turn + later), EPOCH + slot.joined, ""
        if script.vanishes:
            joined = EPOCH + self.today - within + later * timeline(script)[1]
            since = f"{date.fromordinal(joined):%y%m}"
        if later:
            scene = script.scenes[0] if later > 0 else last_scene(script)
        return Account(
            account_id=self.standard_ids[serial],
            name=account_name(slot.number, slot.unit, since, self.names),
            standard_state=scene.standard,
            govcloud_account_id=self.govcloud_ids[serial] if scene.govcloud else None,
            govcloud_state=scene.govcloud,
            unit=unit_names(slot.unit, self.names),
            joined_method=slot.joined_method,
            joined_at=at_minute(joined - EPOCH, slot.minute),
        )


def serial_of(slot: Slot, turn: int) -> int:
    """Give the serial number of the account that is in a slot in one turn of its script."""
    return turn * TURN + slot.number if slot.part.script.vanishes else slot.number


def at_minute(day: int, minute: int) -> datetime:
    """Give the time of a minute on a day that is counted as scripts count it."""
    midnight = datetime.fromordinal(EPOCH + day).replace(tzinfo=UTC)
    return midnight + timedelta(minutes=minute)
