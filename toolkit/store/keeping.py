"""Which snapshots a rule keeps: a decision on manifests alone, which removes nothing itself.

A rule is steps with commas between them, such as `all:30d,weekly:1y,monthly`: every snapshot for 30
days, the newest of each week for a year, and the newest of each month for ever. A snapshot stays
where one step keeps it. So the newest of a month, which is rarely the newest of its week, is there
when only the months are left; and to prune every day leaves what to prune once leaves.

The newest of a week or month stays, not the first: it is how that time ended, as balances are
reported, and whatever began in that time is known from then on, not only from the next one.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from toolkit.errors import InputError
from toolkit.store.keys import time_of
from toolkit.store.manifest import Manifest
from toolkit.text import printable

DEFAULT: Final = "all:30d,weekly:1y,monthly"
"""The rule that the word `default` stands for."""

_PERIODS: Final[Mapping[str, tuple[str, Callable[[pd.Timestamp], Any]]]] = {
    "all": ("", lambda taken: taken),
    "daily": ("day", lambda taken: taken.date()),
    "weekly": ("week", lambda taken: tuple(taken.isocalendar())[:2]),
    "monthly": ("month", lambda taken: (taken.year, taken.month)),
    "yearly": ("year", lambda taken: taken.year),
}
"""How much is kept, finest first: what it keeps one of, and which of these a time (UTC) is in."""

_DAYS: Final = {"d": 1, "w": 7, "y": 365}
_AGE: Final = re.compile(r"([1-9][0-9]{0,4})([dwy])", re.ASCII)
_EXAMPLE: Final = f"Write one such as {DEFAULT}, or default, which is that."


@dataclass(frozen=True)
class Step:
    """One step of a rule: how much is kept, and for how many days; None is for ever."""

    word: str
    days: int | None

    def reaches(self, age: pd.Timedelta) -> bool:
        """Whether a snapshot of that age is one that this step may keep."""
        return self.days is None or age <= pd.Timedelta(days=self.days)

    def period(self, taken: pd.Timestamp) -> Any:
        """Return the day, week, month or year of a time, in UTC; weeks begin on Mondays."""
        return _PERIODS[self.word][1](taken)


@dataclass(frozen=True)
class Rule:
    """What to keep: steps from the finest and shortest to the coarsest and longest."""

    steps: tuple[Step, ...]

    @classmethod
    def read(cls, text: str) -> "Rule":
        """Return the rule that a text such as `all:30d,weekly:1y,monthly` says, or `default`.

        A step is all, daily, weekly, monthly or yearly, a colon, and for how long: days, weeks or
        years of 365 days (30d, 12w, 1y). The last step may leave that out: it is for ever. Raises
        InputError, with an example, for what is no rule.
        """
        steps: list[Step] = []
        for part in (DEFAULT if text.strip() == "default" else text).split(","):
            step = _step(part.strip())
            if steps:
                _check(steps[-1], step)
            steps.append(step)
        return cls(tuple(steps))

    def unkept(self, manifests: Iterable[Manifest], now: pd.Timestamp) -> dict[str, str]:
        """Return the ids of the snapshots that no step keeps, oldest first, each with the reason.

        Each organization is looked at by itself, and in it snapshots of the whole and those of
        chosen accounts. Ages are counted from the newest of these, so that nothing is lost where
        no new ones are taken; one that was taken after `now`, by a wrong clock, ages nothing. The
        newest of each always stays.
        """
        series: dict[tuple[str, bool], list[Manifest]] = {}
        for one in manifests:
            key = one.organization_id, one.is_whole_organization
            series.setdefault(key, []).append(one)
        found = {id_: why for some in series.values() for id_, why in self._unkept(some, now)}
        return dict(sorted(found.items(), key=lambda item: (time_of(item[0]), item[0])))

    def _unkept(self, some: list[Manifest], now: pd.Timestamp) -> Iterable[tuple[str, str]]:
        newest = max(one.taken for one in some)
        as_of = max((one.taken for one in some if one.taken <= now), default=now)
        last: dict[tuple[str, Any], pd.Timestamp] = {}
        for one, step in ((one, step) for one in some for step in self.steps):
            key = step.word, step.period(one.taken)
            last[key] = max(one.taken, last.get(key, one.taken))
        for one in some:
            age = as_of - one.taken
            steps = [step for step in self.steps if step.reaches(age)]
            kept = [last[step.word, step.period(one.taken)] for step in steps]
            if one.taken in (newest, as_of, *kept):
                continue
            if not steps:
                days = self.steps[-1].days
                yield one.snapshot_id, f"it is older than {days:,} days"
            else:
                noun = _PERIODS[steps[0].word][0]
                yield one.snapshot_id, f"of that {noun}, {kept[0]:%Y-%m-%d %H:%M} UTC stays"


def _step(text: str) -> Step:
    word, colon, age = text.partition(":")
    if word not in _PERIODS:
        raise InputError(
            f"'{printable(text)}' is no rule of what to keep: it begins with none of"
            f" {', '.join(_PERIODS)}.",
            _EXAMPLE,
        )
    if not colon:
        return Step(word, None)
    found = _AGE.fullmatch(age)
    if not found:
        raise InputError(
            f"'{printable(age)}' in '{printable(text)}' does not say for how long, as 30d, 12w or"
            " 1y does.",
            _EXAMPLE,
        )
    return Step(word, int(found[1]) * _DAYS[found[2]])


def _check(before: Step, step: Step) -> None:
    """Raise InputError where a step cannot follow the one before it."""
    order = list(_PERIODS)
    if order.index(step.word) <= order.index(before.word):
        raise InputError(
            f"'{step.word}' cannot come after '{before.word}': each step keeps fewer than the one"
            " before it.",
            _EXAMPLE,
        )
    if before.days is None:
        raise InputError(
            f"'{before.word}' does not say for how long, and only the last step is for ever.",
            _EXAMPLE,
        )
    if step.days is not None and step.days <= before.days:
        raise InputError(
            f"'{step.word}' for {step.days:,} days keeps nothing that '{before.word}' for"
            f" {before.days:,} days does not keep.",
            _EXAMPLE,
        )
