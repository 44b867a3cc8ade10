"""A made-up organization: a pure function of seed, number of accounts and day.

Each account fills a slot, and each slot follows a script: scenes of so many days with a state on
either side, played over and over. Where a script ends with a closed account's ninety days, the
account vanishes and a new one joins in its place, so that an organization has the same number of
accounts on every day. A day is only a place in every script: two days tell one story. What else
AWS knows of it is made when somebody first asks.
"""

import random
from dataclasses import replace
from datetime import date
from typing import Any

from toolkit.emulator.bills import make_spend
from toolkit.emulator.closings import make_closures
from toolkit.emulator.labels import make_contacts, make_tags
from toolkit.emulator.links import make_links
from toolkit.emulator.members import make_members
from toolkit.emulator.names import NameStyle, unit_names
from toolkit.emulator.orders import make_creations
from toolkit.emulator.organization import REFERENCE_DAY, Organization
from toolkit.emulator.records import Account, Later
from toolkit.emulator.scripts import EPOCH
from toolkit.emulator.slots import (
    SAMPLE_GOVCLOUD,
    SAMPLE_LINKED,
    SAMPLE_NOT_LINKED,
    TURN,
    Ids,
    Story,
    make_slots,
)
from toolkit.errors import InputError

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def make_organization(
    accounts: int = 300,
    seed: int = 7,
    day: date = REFERENCE_DAY,
    *,
    names: NameStyle = "company",
) -> Organization:
    """Make the organization of this seed and size as it is on this day, in both partitions.

    It has exactly that number of accounts on every day; from four on the two of the reference
    page's samples are among them, from a hundred on every combination of states, and from three
    hundred on whatever the GovCloud organization's own list may show that the pairs do not. The
    management account's id begins with a zero. Raises InputError for a size or a day that cannot
    be.
    """
    if accounts < 1:
        raise InputError("An organization has at least its management account.")
    if accounts > TURN:
        raise InputError(f"A made organization has at most {TURN:,} accounts.")
    today = day.toordinal() - EPOCH
    if today < 0:
        raise InputError("The story of a made organization begins on 2020-01-01.")
    draw = random.Random(f"{seed}/{accounts}")  # noqa: S311 - a story, no secret
    organization_id = "o-" + "".join(draw.choices(_LETTERS, k=10))
    standard_ids, govcloud_ids = Ids(draw), Ids(draw)
    slots = make_slots(accounts, draw)
    story = Story(today, slots, standard_ids, govcloud_ids, names)
    people = [story.account(slot) for slot in slots]
    _place_known_accounts(people, names)
    steady = [slot.number for slot in slots if not slot.part.script.vanishes]
    idle = [
        slot.number
        for slot in slots
        if all(scene.standard != "ACTIVE" for scene in slot.part.script.scenes)
    ]
    links = make_links(people, steady, idle, today, draw)
    return Organization(
        people,
        links,
        organization_id=organization_id,
        seed=seed,
        day=day,
        govcloud_organization_id="o-" + "".join(draw.choices(_LETTERS, k=10)),
        govcloud_accounts=Later(lambda: make_members(story, people)),
        creations=Later(lambda: make_creations(story)),
        account_closures=Later(lambda: make_closures(story)),
        account_tags=Later(lambda: make_tags(people, names)),
        account_spend=Later(lambda: make_spend(story, people)),
        account_contacts=Later(lambda: make_contacts(people, names)),
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
