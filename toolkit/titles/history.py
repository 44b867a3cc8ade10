"""Titles about several snapshots."""

from typing import Final

import pandas as pd

from toolkit.schema import Change, State
from toolkit.titles.words import counted, day, joined, number, percent

_FRACTIONS: Final = {
    1 / 4: "by a quarter",
    1 / 3: "by a third",
    1 / 2: "by half",
    2 / 3: "by two thirds",
    3 / 4: "by three quarters",
}
_CLOSE: Final = 0.01
"""How near a share must come to a fraction to be called so."""
_ENOUGH: Final = 12
"""From how many on a share says more than the two numbers."""


def title_mismatch_trend(trend: pd.DataFrame) -> str:
    """Say how the number of mismatches moved from the first to the last snapshot of a trend."""
    if trend.empty:
        return "There are no snapshots yet"
    times = trend.groupby("taken")["mismatches"].sum()
    first, last = int(times.iloc[0]), int(times.iloc[-1])
    if len(times) == 1:
        return f"{counted(last, 'mismatch', 'mismatches')} on {day(times.index[0])}"
    sentence = _movement(first, last, _when(times.index[0], times.index[-1]))
    unknown = trend.groupby("taken")["unknown"].first()
    unseen = int(unknown.iloc[-1])
    if last < first and unseen > unknown.iloc[0]:
        return f"{sentence}, but {counted(unseen, 'account')} could not be judged this time"
    return sentence


def title_state_trend(trend: pd.DataFrame) -> str:
    """Say how the number of active GovCloud accounts moved, over the linked pairs."""
    if trend.empty:
        return "There are no snapshots yet"
    active = trend[(trend["side"] == "govcloud") & (trend["state"] == State.ACTIVE)]
    first, last = (int(active["accounts"].iloc[place]) for place in (0, -1))
    if len(active) == 1:
        return f"{counted(last, 'active GovCloud account')} on {day(active['taken'].iloc[0])}"
    when = _when(active["taken"].iloc[0], active["taken"].iloc[-1])
    if first == last:
        return f"{counted(last, 'active GovCloud account')}, as many as {when}"
    return f"Active GovCloud accounts went from {number(first)} to {number(last)} {_since(when)}"


def title_changes(changes: pd.DataFrame) -> str:
    """Count what happened between two snapshots, mismatches first."""
    counts = changes["change"].value_counts()
    appeared, resolved, changed, lost, vanished, joined_ = (
        int(counts.get(str(word), 0))
        for word in (
            Change.APPEARED,
            Change.RESOLVED,
            Change.CHANGED,
            Change.LOST_SIGHT,
            Change.VANISHED,
            Change.JOINED,
        )
    )
    parts = []
    if appeared:
        parts.append(f"{counted(appeared, 'mismatch', 'mismatches')} appeared")
    if resolved:
        noun = number(resolved) if parts else counted(resolved, "mismatch", "mismatches")
        parts.append(f"{noun} {'was' if resolved == 1 else 'were'} resolved")
    if changed:
        noun = number(changed) if parts else counted(changed, "mismatch", "mismatches")
        parts.append(f"{noun} changed")
    if vanished:
        parts.append(f"{counted(vanished, 'account')} vanished")
    if joined_:
        noun = number(joined_) if vanished else counted(joined_, "account")
        parts.append(f"{noun} joined")
    if lost:
        parts.append(f"{counted(lost, 'account')} could no longer be judged")
    return joined(parts) if parts else "No mismatch appeared or was resolved"


def _movement(first: int, last: int, when: str) -> str:
    if first == last:
        now = f"Mismatches stand at {number(last)}" if last else "There are no mismatches"
        return f"{now}, as {when}"
    way = "down" if last < first else "up"
    if not last or not first or max(first, last) < _ENOUGH or last > 2 * first:
        start, end = (number(value) if value else "none" for value in (first, last))
        return f"Mismatches are {way} from {start} to {end} {_since(when)}"
    share = abs(last - first) / first
    near = [words for fraction, words in _FRACTIONS.items() if abs(share - fraction) <= _CLOSE]
    size = near[0] if near else f"by {percent(abs(last - first), first)}"
    return f"Mismatches are {way} {size} {_since(when)}"


def _when(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Name the first time as roughly as still tells it from the last: "in August"."""
    if first.year != last.year:
        return f"in {first.month_name()} {first.year}"
    if first.month != last.month:
        return f"in {first.month_name()}"
    if first.day != last.day:
        return f"on {first.day} {first.month_name()}"
    return f"at {first:%H:%M} UTC"


def _since(when: str) -> str:
    return f"since {when.split(maxsplit=1)[1]}"
