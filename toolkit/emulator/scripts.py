"""The scripts that accounts follow: which states a pair goes through, and for how long."""

import random
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import cache
from itertools import accumulate
from typing import Literal, NamedTuple

# Days are counted from here: the story of a made organization has no earlier one.
EPOCH = date(2020, 1, 1).toordinal()
# Twice a year the company cleans up; this is the first day of one such campaign.
_CAMPAIGN = date(2026, 10, 19).toordinal() - EPOCH
_HALF_YEAR = 182
_CAMPAIGN_DAYS = 32
_LINKED_SHARE = 0.7
_CAST_FROM = 100
_CAST_EACH = 220
_CLOSING_DAYS = 180
_TOLD_EACH = 300  # from so many accounts on every role is played, and again for as many more
_LEAVING = 12

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


class Role(Enum):
    """What is special about a part beside its states."""

    LEAVES = "goes to another organization, and its GovCloud account is forgotten"
    HALF_MADE = "was ordered as a pair, and the GovCloud half is not paired with it"
    UNINVITED = "its GovCloud account was never invited to the GovCloud organization"
    RESTRICTED = "GovCloud's list shows it suspended long before the pair does"
    REOPENED = "its GovCloud account is being closed, which is then called off"
    LIFTED = "GovCloud's list shows it active again, which the pair does not"


class Part(NamedTuple):
    """A script, the day in it on which the epoch falls, and whether it is a quiet one."""

    script: Script
    phase: int
    quiet: bool = False
    role: Role | None = None


def _forever(standard: str, govcloud: str | None) -> Script:
    return Script((Scene(1, standard, govcloud),))


def _closing(govcloud: str) -> Script:
    """Close the standard account and let GovCloud lag behind as it was.

    One that still runs outlives the standard account's place in the list: it is left behind.
    """
    lag = 90 if govcloud == A else 60
    quarter = _CLOSING_DAYS // 4
    return Script(
        (
            Scene(quarter, A, govcloud),
            Scene(quarter, CLOSING, govcloud),
            Scene(lag, C, govcloud),
            Scene(90 - lag, C, C),
        ),
        vanishes=True,
    )


# What never ends: pairs that nobody has looked after.
_STUCK = (
    _forever(P, P), _forever(P, A), _forever(P, S), _forever(P, C),
    _forever(S, P), _forever(S, A), _forever(S, S), _forever(S, C),
)  # fmt: skip
# What a clean-up does not reach: a payer with nothing behind it, a sign-up given up half-way.
_NEGLECTED = (_forever(A, C), _forever(A, C), _forever(A, P))
QUIET = _forever(A, A)
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
_LIFE_WEIGHTS = (5, 2, 2, 1)
UNLINKED = _forever(A, None)
_UNLINKED_LIVES = (
    Script(
        (Scene(6, P, None), Scene(500, A, None), Scene(6, CLOSING, None), Scene(90, C, None)),
        vanishes=True,
    ),
    Script((Scene(260, A, None), Scene(16, S, None))),
)


# An account that another organization takes over while all is well with the pair.
_ON_LOAN = Script((Scene(240, A, A),), vanishes=True)
_ORDERED = _UNLINKED_LIVES[0]
# What GovCloud's own list shows as the account's state, where that is not what the pair shows.
FAR_SCRIPTS = {
    Role.RESTRICTED: Script((Scene(70, A, A), Scene(35, A, S))),
    Role.REOPENED: Script((Scene(56, A, A), Scene(28, A, CLOSING))),
    Role.LIFTED: _forever(S, A),
}


@cache
def timeline(script: Script) -> tuple[list[int], int]:
    """Give the days on which each scene of a script has ended, and the script's length."""
    ends = list(accumulate(scene.days for scene in script.scenes))
    return ends, ends[-1]


def scene_at(script: Script, day: int) -> tuple[int, int, Scene]:
    """Give the turn, the day within it and the scene of a script that began on day 0."""
    ends, length = timeline(script)
    turn, within = divmod(day, length)
    return turn, within, script.scenes[bisect_right(ends, within)]


def last_scene(script: Script) -> Scene:
    """Give the scene of a script's last day; one of no days may come after it."""
    return scene_at(script, timeline(script)[1] - 1)[2]


def days_in_state(script: Script, day: int, side: Literal["standard", "govcloud"]) -> int | None:
    """Tell for how many days one side is as it is; None if it has always been."""
    _, within, scene = scene_at(script, day)
    began = 0
    for each, end in zip(script.scenes, timeline(script)[0], strict=True):
        if end > within:
            break
        if getattr(each, side) != getattr(scene, side):
            began = end
    return within - began if began or script.vanishes else None


def cast_parts(count: int, draw: random.Random) -> list[Part]:
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
        *(Part(draw.choice(_NEGLECTED), 0) for _ in range(linked // 24)),
        *(_backlog(draw) for _ in range(linked // 11)),
        *(_anywhere(draw.choices(_LIVES, _LIFE_WEIGHTS)[0], draw) for _ in range(linked // 5)),
    ]
    told = (count + 4) // _TOLD_EACH
    parts += [*_roles(told), *[Part(QUIET, 0, quiet=True)] * count][
        : linked + len(cast) - len(parts)
    ]
    lives = unlinked // 8
    parts += [_anywhere(draw.choice(_UNLINKED_LIVES), draw) for _ in range(lives)]
    parts += [*_orders(told), *[Part(UNLINKED, 0, quiet=True)] * count][: unlinked - lives]
    draw.shuffle(parts)
    return parts


def _cast(draw: random.Random, rounds: int) -> list[Part]:
    """Give the parts that together show every combination of states on every day.

    Four accounts a quarter of the script apart: one of them is in each scene of 45 days or more.
    """
    cast = []
    for _ in range(rounds):
        for govcloud in (A, S, P, C):
            start = draw.randrange(_CLOSING_DAYS)
            quarters = range(start, start + _CLOSING_DAYS, _CLOSING_DAYS // 4)
            cast += [Part(_closing(govcloud), phase) for phase in quarters]
        cast += [
            Part(script, 0, role=Role.LIFTED if script == _forever(S, S) else None)
            for script in _STUCK
        ]
    return cast


def _roles(rounds: int) -> Iterator[Part]:
    """Give linked parts in which the two sides match and something else does not.

    Their phases are so far apart that each role has one in each of its scenes on every day, and
    three of those who leave have left within nine weeks.
    """
    for number in range(rounds):
        for phase in _spread(_ON_LOAN, _LEAVING):
            yield Part(_ON_LOAN, phase + number, quiet=True, role=Role.LEAVES)
        for role, several in ((Role.RESTRICTED, 6), (Role.REOPENED, 3)):
            for phase in _spread(FAR_SCRIPTS[role], several):
                yield Part(QUIET, phase + number, quiet=True, role=role)
        for place in range(5):
            yield Part(QUIET, place, quiet=True, role=Role.UNINVITED)


def _orders(rounds: int) -> Iterator[Part]:
    for number in range(rounds):
        for phase in _spread(_ORDERED, 4):
            yield Part(_ORDERED, phase + number, quiet=True, role=Role.HALF_MADE)


def _spread(script: Script, several: int) -> list[int]:
    """Give phases that are equally far apart."""
    return [timeline(script)[1] * number // several for number in range(several)]


def _anywhere(script: Script, draw: random.Random) -> Part:
    return Part(script, draw.randrange(timeline(script)[1]))


def _backlog(draw: random.Random) -> Part:
    """Leave a pair in disagreement for months, until a campaign resolves it."""
    days = draw.randrange(75, 125)
    standard, govcloud = draw.choices(((A, P), (A, C), (A, S), (S, A)), weights=(4, 4, 3, 2))[0]
    calm = _HALF_YEAR - days
    script = Script((Scene(calm, A, A), Scene(days, standard, govcloud)))
    if (standard, govcloud) == (A, C):
        # a payer with nothing behind it is closed in its turn, at every second campaign
        closing = (Scene(3, CLOSING, C), Scene(90, C, C))
        calm = 2 * _HALF_YEAR - days - sum(scene.days for scene in closing)
        script = Script((Scene(calm, A, A), Scene(days, A, C), *closing), vanishes=True)
    resolved = _CAMPAIGN + draw.randrange(_CAMPAIGN_DAYS) + draw.choice((0, _HALF_YEAR))
    return Part(script, (calm + days - resolved) % timeline(script)[1])
