"""WorkSpaces account links of a made-up organization: every status, in two Regions."""

import random
from collections.abc import Sequence

from toolkit.emulator.organization import LINK_STATUSES, link_id
from toolkit.emulator.records import Account, Link

LINK_REGIONS = ("us-east-1", "us-west-2")

_PENDING = "PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT"
_USUAL_WEIGHTS = tuple(
    {"LINKED": 80, "REJECTED": 6, "LINKING_FAILED": 5}.get(status, 1) for status in LINK_STATUSES
)
_ACCOUNTS_A_LINK = 9
_HALF_YEAR = 182
_DAYS_OPEN = 21
# One link in twelve has an end outside the organization, every second of them as its source.
_OUTSIDE_EACH = 12
_IDLE_EACH = 6


def make_links(
    people: Sequence[Account],
    steady: Sequence[int],
    idle: Sequence[int],
    today: int,
    draw: random.Random,
) -> list[Link]:
    """Link accounts that never vanish: the management account shares most of it.

    `steady` are their places among the people, and `idle` those of them that are never active,
    which one link in six is with. The first ten links show every status in both Regions; later
    ones are mostly accepted, and some are open invitations for three weeks of each half-year.
    """
    management = people[0].account_id
    targets = [people[slot].account_id for slot in steady if slot > 1]
    draw.shuffle(targets)
    weak = [people[slot].account_id for slot in idle] or targets
    sources = [management, management, management, *targets[-2:]]
    shown = 2 * len(LINK_STATUSES)
    links: dict[str, Link] = {}
    for number in range(max(shown + 2, len(people) // _ACCOUNTS_A_LINK)):
        region = LINK_REGIONS[number % 2]
        status, source = LINK_STATUSES[number // 2 % len(LINK_STATUSES)], management
        usual, other = draw.choices(LINK_STATUSES, _USUAL_WEIGHTS)[0], draw.choice(sources)
        sent, stranger = draw.randrange(_HALF_YEAR), f"{draw.randrange(10**11, 10**12)}"
        if number >= shown:
            invited = number % 3 == 0 and (today + sent) % _HALF_YEAR < _DAYS_OPEN
            status, source = _PENDING if invited else usual, other
        outside = number % _OUTSIDE_EACH == _OUTSIDE_EACH - 1 or not targets
        ends = weak if number % _IDLE_EACH == 0 else targets
        target = stranger if outside else ends[number % len(ends)]
        if outside and number // _OUTSIDE_EACH % 2 == 1:
            source, target = target, management
        if target != source:
            link = Link(link_id(source, target, region), status, source, target, region)
            links.setdefault(link.link_id, link)
    return list(links.values())
