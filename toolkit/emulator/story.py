"""A made-up organization: a pure function of seed, number of accounts and day.

Each account fills a slot, and each slot follows a script: scenes of so many days with a state on
either side, played over and over. Where a script ends with a closed account's ninety days, the
account vanishes and a new one joins in its place, so that an organization has the same number of
accounts on every day. A day is only a place in every script: two days tell one story.
"""

import random
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
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
from toolkit.emulator.organization import LINK_STATUSES, Account, Link, Organization, link_id

REFERENCE_DAY = date(2026, 11, 22)
LINK_REGIONS = ("us-east-1", "us-west-2")
SAMPLE_LINKED = "111111111111"
SAMPLE_NOT_LINKED = "222222222222"
SAMPLE_GOVCLOUD = "123456789012"

_EPOCH = date(2020, 1, 1).toordinal()
# Twice a year the company cleans up; this is the first day of one such campaign.
_CAMPAIGN = date(2026, 10, 19).toordinal() - _EPOCH
_HALF_YEAR = 182
_CAMPAIGN_DAYS = 32
_ID_SPACE = 10**12
_TENANCY = 10**6
_RESERVED = tuple(
    int(n) for n in (SAMPLE_LINKED, SAMPLE_NOT_LINKED, SAMPLE_GOVCLOUD, "700000000007")
)

A, P, S, C = "ACTIVE", "PENDING_ACTIVATION", "SUSPENDED", "CLOSED"
CLOSING = "PENDING_CLOSURE"


class Scene(NamedTuple):
    """So many days with these states; no GovCloud state means no GovCloud account."""

    days: int
    standard: str
    govcloud: str | None


class Script(NamedTuple):
    """Scenes in order; at the end the account vanishes, or the first scene comes again."""

    scenes: tuple[Scene, ...]
    vanishes: bool = False


class Part(NamedTuple):
    """A script, the day in it on which the epoch falls, and whether it is a quiet one."""

    script: Script
    phase: int
    quiet: bool = False


def _forever(standard: str, govcloud: str | None) -> Script:
    return Script((Scene(1, standard, govcloud),))


def _closing(govcloud: str) -> Script:
    """Close the standard account and let GovCloud lag behind as it was."""
    return Script(
        (
            Scene(45, A, govcloud),
            Scene(45, CLOSING, govcloud),
            Scene(60, C, govcloud),
            Scene(30, C, C),
        ),
        vanishes=True,
    )


# What never ends: pairs that nobody has looked after.
_STUCK = (
    _forever(P, P), _forever(P, A), _forever(P, S), _forever(P, C),
    _forever(S, P), _forever(S, A), _forever(S, S), _forever(S, C),
)  # fmt: skip
_QUIET = _forever(A, A)
_LIVES = (
    # sign-up, slow GovCloud onboarding, a life, a closure with GovCloud lagging behind
    Script(
        (
            Scene(5, P, P), Scene(24, A, P), Scene(420, A, A), Scene(6, CLOSING, A),
            Scene(24, C, A), Scene(66, C, C),
        ),
        vanishes=True,
    ),
    # GovCloud is closed first, the payer follows
    Script(
        (Scene(4, P, P), Scene(18, A, P), Scene(460, A, A), Scene(14, A, C), Scene(5, CLOSING, C),
         Scene(90, C, C)),
        vanishes=True,
    ),
    # suspended for non-payment, then both restored, the GovCloud side later
    Script((Scene(230, A, A), Scene(9, S, A), Scene(12, S, S), Scene(5, A, S))),
    # GovCloud restricted for a while
    Script((Scene(300, A, A), Scene(15, A, S))),
)  # fmt: skip
_UNLINKED = _forever(A, None)
_UNLINKED_LIVES = (
    Script(
        (Scene(6, P, None), Scene(500, A, None), Scene(6, CLOSING, None), Scene(90, C, None)),
        vanishes=True,
    ),
    Script((Scene(260, A, None), Scene(16, S, None))),
)
_LINKED_SHARE = 0.7
_CAST_FROM = 100
_CAST_EACH = 300


def make_organization(
    accounts: int = 300,
    seed: int = 7,
    day: date = REFERENCE_DAY,
    *,
    names: NameStyle = "company",
) -> Organization:
    """Make the organization of this seed and size as it is on this day.

    From four accounts on it holds the two accounts of the reference page's samples, and from a
    hundred on every combination of states. The management account's id begins with a zero.
    """
    if accounts < 1:
        raise ValueError("An organization has at least its management account.")
    today = day.toordinal() - _EPOCH
    if today < 0:
        raise ValueError("The story of a made organization begins on 2020-01-01.")
    draw = random.Random(f"{seed}/{accounts}")  # noqa: S311 - a story, no secret
    standard_ids, govcloud_ids = _Ids(draw), _Ids(draw)
    first = [Part(_QUIET, 0, quiet=True), Part(_QUIET, 0, quiet=True)]
    samples = [Part(_QUIET, 0, quiet=True), Part(_UNLINKED, 0, quiet=True)]
    parts = [*first, *samples, *_parts(accounts - 4, draw)][:accounts]
    people: list[Account] = []
    stable: list[int] = []
    for slot, (script, phase, quiet) in enumerate(parts):
        unit = draw.choices(UNITS, cum_weights=_QUIET_SUMS if quiet else _TROUBLED_SUMS)[0]
        joined = draw.randrange(_EPOCH - 2000, _EPOCH)
        minute = draw.randrange(8 * 60, 18 * 60)
        method = "INVITED" if draw.random() < (0.05 if quiet else 0.3) else "CREATED"
        ends, total = _timeline(script)
        tenancy, within = divmod(today + phase, total)
        scene = script.scenes[bisect_right(ends, within)]
        if script.vanishes:
            joined = today - within + _EPOCH
        else:
            tenancy = 0
            stable.append(slot)
        serial = tenancy * _TENANCY + slot
        since = f"{date.fromordinal(joined):%y%m}" if script.vanishes else ""
        people.append(
            Account(
                account_id=standard_ids[serial],
                name=account_name(slot, unit, since, names),
                standard_state=scene.standard,
                govcloud_account_id=govcloud_ids[serial] if scene.govcloud else None,
                govcloud_state=scene.govcloud,
                unit=unit_names(unit, names),
                joined_method=method,
                joined_at=datetime.fromordinal(joined).replace(tzinfo=UTC)
                + timedelta(minutes=minute),
            )
        )
    _cast_the_samples(people, names)
    return Organization(
        people,
        _links(people, stable, today, draw),
        organization_id="o-" + "".join(draw.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=10)),
    )


_QUIET_SUMS = tuple(accumulate(QUIET_WEIGHTS))
_TROUBLED_SUMS = tuple(accumulate(TROUBLED_WEIGHTS))


@lru_cache(maxsize=None)
def _timeline(script: Script) -> tuple[list[int], int]:
    ends = list(accumulate(scene.days for scene in script.scenes))
    return ends, ends[-1]


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


def _parts(count: int, draw: random.Random) -> list[Part]:
    """Give each of the ordinary accounts its part."""
    if count <= 0:
        return []
    cast = _cast(draw, rounds=max(1, (count + 4) // _CAST_EACH))
    cast = cast[: max(0, count // 4)] if count + 4 < _CAST_FROM else cast
    linked = max(0, round(_LINKED_SHARE * (count + 4)) - 3 - len(cast))
    linked = min(linked, count - len(cast))
    unlinked = count - len(cast) - linked
    parts = [
        *cast,
        *(_backlog(draw) for _ in range(linked // 11)),
        *(_anywhere(draw.choice(_LIVES), draw) for _ in range(linked // 7)),
    ]
    parts += [Part(_QUIET, 0, quiet=True)] * (linked + len(cast) - len(parts))
    lives = unlinked // 8
    parts += [_anywhere(draw.choice(_UNLINKED_LIVES), draw) for _ in range(lives)]
    parts += [Part(_UNLINKED, 0, quiet=True)] * (unlinked - lives)
    draw.shuffle(parts)
    return parts


def _cast(draw: random.Random, rounds: int) -> list[Part]:
    """Give the parts that together show every combination of states on every day.

    Four accounts a quarter of the script apart: one of them is in each scene of 45 days or more.
    """
    cast = []
    for turn in range(rounds):
        for govcloud in (A, S, P, C):
            start = draw.randrange(180)
            cast += [Part(_closing(govcloud), start + 45 * quarter) for quarter in range(4)]
            cast += [Part(script, turn) for script in _STUCK[:2]] if govcloud == A else []
        cast += [Part(script, turn) for script in _STUCK[2:]]
    return cast


def _anywhere(script: Script, draw: random.Random) -> Part:
    return Part(script, draw.randrange(_timeline(script)[1]))


def _backlog(draw: random.Random) -> Part:
    """Leave a pair in disagreement for months, until a campaign resolves it."""
    weeks = draw.randrange(75, 125)
    standard, govcloud = draw.choices(((A, P), (A, C), (A, S), (S, A)), weights=(4, 4, 3, 2))[0]
    calm = Scene(_HALF_YEAR - weeks, A, A)
    script = Script((calm, Scene(weeks, standard, govcloud)))
    if (standard, govcloud) == (A, C):
        # a payer with nothing behind it is closed in its turn
        closing = (Scene(3, CLOSING, C), Scene(90, C, C))
        calm = Scene(2 * _HALF_YEAR - weeks - 93, A, A)
        script = Script((calm, Scene(weeks, A, C), *closing), vanishes=True)
    total = _timeline(script)[1]
    resolved = calm.days + weeks
    on_day = _CAMPAIGN + draw.randrange(_CAMPAIGN_DAYS) + draw.choice((0, _HALF_YEAR))
    return Part(script, (resolved - on_day) % total)


def _cast_the_samples(people: list[Account], names: NameStyle) -> None:
    """Put the reference page's two accounts in their places."""
    samples = ((2, SAMPLE_LINKED, SAMPLE_GOVCLOUD), (3, SAMPLE_NOT_LINKED, None))
    for slot, account_id, govcloud_id in samples[: max(0, len(people) - 2)]:
        sample = people[slot]
        people[slot] = Account(
            account_id=account_id,
            name=sample.name,
            standard_state=A,
            govcloud_account_id=govcloud_id,
            govcloud_state=A if govcloud_id else None,
            unit=sample.unit,
            joined_method=sample.joined_method,
            joined_at=sample.joined_at,
        )
    management = people[0]
    people[0] = Account(
        account_id=management.account_id,
        name="management" if names == "company" else management.name,
        standard_state=A,
        govcloud_account_id=management.govcloud_account_id,
        govcloud_state=A,
        joined_method="INVITED",
        joined_at=management.joined_at,
    )


def _links(people: list[Account], stable: list[int], today: int, draw: random.Random) -> list[Link]:
    """Link WorkSpaces accounts: the management account shares most, two others a few."""
    targets = [slot for slot in stable if slot > 1]
    draw.shuffle(targets)
    hubs = [people[0].account_id, people[0].account_id, people[0].account_id]
    hubs += [people[slot].account_id for slot in targets[-2:]]
    links = []
    count = max(2 * len(LINK_STATUSES), len(people) // 9)
    for number in range(count):
        region = LINK_REGIONS[number % 2]
        status = LINK_STATUSES[number // 2 % len(LINK_STATUSES)]
        source = people[0].account_id if number < 2 * len(LINK_STATUSES) else draw.choice(hubs)
        sent = draw.randrange(_HALF_YEAR)
        if number >= 2 * len(LINK_STATUSES):
            status = draw.choices(LINK_STATUSES, weights=(80, 0, 6, 5, 2))[0]
            # an invitation is open for three weeks of each half-year, then it has its answer
            if (today + sent) % _HALF_YEAR < 21 and number % 3 == 0:  # noqa: PLR2004 - above
                status = LINK_STATUSES[1]
        outside = number % 12 == 7  # noqa: PLR2004 - one in twelve
        target = (
            f"{draw.randrange(10**11, _ID_SPACE):012d}"
            if outside or not targets
            else people[targets[number % len(targets)]].account_id
        )
        if target in hubs:
            continue
        if outside and number % 24 == 7:  # noqa: PLR2004 - every second of those invites us
            source, target = target, people[0].account_id
        links.append(Link(link_id(source, target, region), status, source, target, region))
    return links
