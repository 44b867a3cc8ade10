"""A made-up organization: a pure function of seed, number of accounts and day.

Each account fills a slot, and each slot follows a script: scenes of so many days with a state on
either side, played over and over. Where a script ends with a closed account's ninety days, the
account vanishes and a new one joins in its place, so that an organization has the same number of
accounts on every day. A day is only a place in every script: two days tell one story.
"""

import random
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from toolkit.emulator.links import make_links
from toolkit.emulator.names import (
    QUIET_WEIGHTS,
    TROUBLED_WEIGHTS,
    UNITS,
    NameStyle,
    account_name,
    unit_names,
)
from toolkit.emulator.organization import REFERENCE_DAY, Organization
from toolkit.emulator.records import Account
from toolkit.emulator.scripts import EPOCH, QUIET, UNLINKED, Part, cast_parts, timeline
from toolkit.errors import InputError

SAMPLE_LINKED = "111111111111"
SAMPLE_NOT_LINKED = "222222222222"
SAMPLE_GOVCLOUD = "123456789012"

_ID_SPACE = 10**12
# Serial numbers of one slot's successive accounts are this far apart.
_TURN = 10**6
_RESERVED = tuple(
    int(n) for n in (SAMPLE_LINKED, SAMPLE_NOT_LINKED, SAMPLE_GOVCLOUD, "700000000007")
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_QUIET_SUMS = tuple(accumulate(QUIET_WEIGHTS))
_TROUBLED_SUMS = tuple(accumulate(TROUBLED_WEIGHTS))
_OFFICE_HOURS = (8 * 60, 18 * 60)
_OLDEST = 2000


def make_organization(
    accounts: int = 300,
    seed: int = 7,
    day: date = REFERENCE_DAY,
    *,
    names: NameStyle = "company",
) -> Organization:
    """Make the organization of this seed and size as it is on this day.

    It has exactly that number of accounts on every day; from four on the two of the reference
    page's samples are among them, and from a hundred on every combination of states. The
    management account's id begins with a zero. Raises InputError for a size or a day that cannot
    be.
    """
    if accounts < 1:
        raise InputError("An organization has at least its management account.")
    if accounts > _TURN:
        raise InputError(f"A made organization has at most {_TURN:,} accounts.")
    today = day.toordinal() - EPOCH
    if today < 0:
        raise InputError("The story of a made organization begins on 2020-01-01.")
    draw = random.Random(f"{seed}/{accounts}")  # noqa: S311 - a story, no secret
    organization_id = "o-" + "".join(draw.choices(_LETTERS, k=10))
    standard_ids, govcloud_ids = _Ids(draw), _Ids(draw)
    slots = _slots(accounts, draw)
    people = [_account_on(today, slot, standard_ids, govcloud_ids, names) for slot in slots]
    _place_known_accounts(people, names)
    steady = [slot.number for slot in slots if not slot.part.script.vanishes]
    idle = [
        slot.number
        for slot in slots
        if all(scene.standard != "ACTIVE" for scene in slot.part.script.scenes)
    ]
    links = make_links(people, steady, idle, today, draw)
    return Organization(people, links, organization_id=organization_id, seed=seed, day=day)


class _Slot(NamedTuple):
    """What is true of a place in the organization on every day."""

    number: int
    part: Part
    unit: tuple[str, ...]
    joined: int
    minute: int
    joined_method: str


class _Ids:
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


def _slots(accounts: int, draw: random.Random) -> list[_Slot]:
    known = (QUIET, QUIET, QUIET, UNLINKED)
    parts = [*(Part(script, 0, quiet=True) for script in known), *cast_parts(accounts - 4, draw)]
    return [
        _Slot(
            number,
            part,
            unit=draw.choices(UNITS, cum_weights=_QUIET_SUMS if part.quiet else _TROUBLED_SUMS)[0],
            joined=draw.randrange(-_OLDEST, 0),
            minute=draw.randrange(*_OFFICE_HOURS),
            joined_method="INVITED" if draw.random() < (0.05 if part.quiet else 0.3) else "CREATED",
        )
        for number, part in enumerate(parts[:accounts])
    ]


def _account_on(
    today: int, slot: _Slot, standard_ids: _Ids, govcloud_ids: _Ids, names: NameStyle
) -> Account:
    """Give the account that is in the slot on this day, in the states of this day."""
    script = slot.part.script
    ends, length = timeline(script)
    turn, within = divmod(today + slot.part.phase, length)
    scene = script.scenes[bisect_right(ends, within)]
    serial, joined, since = slot.number, EPOCH + slot.joined, ""
    if script.vanishes:
        serial, joined = turn * _TURN + slot.number, EPOCH + today - within
        since = f"{date.fromordinal(joined):%y%m}"
    return Account(
        account_id=standard_ids[serial],
        name=account_name(slot.number, slot.unit, since, names),
        standard_state=scene.standard,
        govcloud_account_id=govcloud_ids[serial] if scene.govcloud else None,
        govcloud_state=scene.govcloud,
        unit=unit_names(slot.unit, names),
        joined_method=slot.joined_method,
        joined_at=datetime.fromordinal(joined).replace(tzinfo=UTC) + timedelta(minutes=slot.minute),
    )


def _place_known_accounts(people: list[Account], names: NameStyle) -> None:
    """Name the management account and its delegate, and put in the reference page's two."""
    known: list[dict[str, Any]] = [
        {"name": "management", "unit": (), "joined_method": "INVITED"},
        {"name": "security-audit", "unit": ("Security", "Audit")},
        {"account_id": SAMPLE_LINKED, "govcloud_account_id": SAMPLE_GOVCLOUD},
        {"account_id": SAMPLE_NOT_LINKED},
    ]
    for slot, changes in enumerate(known[: len(people)]):
        if names == "hostile":
            changes.pop("name", None)
        if "unit" in changes:
            changes["unit"] = unit_names(changes["unit"], names)
        people[slot] = replace(people[slot], **changes)
