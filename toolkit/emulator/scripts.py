"""The scripts that accounts follow: which states a pair goes through, and for how long."""

import random
from datetime import date
from functools import cache
from itertools import accumulate
from typing import NamedTuple

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


@cache
def timeline(script: Script) -> tuple[list[int], int]:
    """Give the days on which each scene of a script has ended, and the script's length."""
    ends = list(accumulate(scene.days for scene in script.scenes))
    return ends, ends[-1]


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
    parts += [Part(QUIET, 0, quiet=True)] * (linked + len(cast) - len(parts))
    lives = unlinked // 8
    parts += [_anywhere(draw.choice(_UNLINKED_LIVES), draw) for _ in range(lives)]
    parts += [Part(UNLINKED, 0, quiet=True)] * (unlinked - lives)
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
        cast += [Part(script, 0) for script in _STUCK]
    return cast


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
