"""Titles about several snapshots."""

from typing import Final

import pandas as pd

from toolkit.errors import InputError
from toolkit.schema import Change, State
from toolkit.text import printable
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

_WHOLE: Final = {"unknown": 0, "left_behind": 0, "mismatch_rate": float("nan")}
"""What a trend may say of each whole snapshot, and what holds where it says nothing."""


def whole_snapshots(trend: pd.DataFrame) -> pd.DataFrame:
    """Return what a trend says of each whole snapshot, by when it was taken, oldest first.

    Takes a trend of one organization; columns `unknown`, `left_behind` and `mismatch_rate`.
    """
    found = trend.drop_duplicates("taken").set_index("taken").sort_index()
    return found.assign(**{name: none for name, none in _WHOLE.items() if name not in found})


def check_one_organization(trend: pd.DataFrame) -> None:
    """Raise InputError where a trend is of several organizations: it would be no one line."""
    if "organization_id" not in trend:
        return
    there = trend["organization_id"].dropna().unique()
    if len(there) > 1:
        raise InputError(
            f"This is the trend of {counted(len(there), 'organization')}, and a line is of one.",
            f"Choose one: trend[trend['organization_id'] == '{printable(str(there[0]))}'].",
        )


def title_mismatch_trend(trend: pd.DataFrame) -> str:
    """Say how the number of mismatches moved from the first to the last snapshot of a trend.

    What was left behind is counted with them: a mismatch that left the list is none the less there.
    Raises InputError where the trend is of several organizations.
    """
    if trend.empty:
        return "There are no snapshots yet"
    check_one_organization(trend)
    disagree, whole = trend.groupby("taken")["mismatches"].sum(), whole_snapshots(trend)
    left, unknown = whole["left_behind"], whole["unknown"]
    if len(disagree) == 1:
        total = counted(int(disagree.iloc[0]), "mismatch", "mismatches")
        beside = counted(int(left.iloc[0]), "account") if left.iloc[0] else ""
        return f"{total} on {day(disagree.index[0])}{beside and f', and {beside} left behind'}"
    ends = [0, -1]
    both = disagree + left
    first, last = (int(both.iloc[end]) for end in ends)
    named = {"Mismatches": disagree.iloc[ends].any(), "accounts left behind": left.iloc[ends].any()}
    noun = " and ".join(name for name, any_ in named.items() if any_) or "Mismatches"
    noun = noun[0].upper() + noun[1:]
    sentence = _movement(noun, first, last, _when(both.index[0], both.index[-1]))
    unseen = int(unknown.iloc[-1])
    if last < first and unseen > unknown.iloc[0]:
        return f"{sentence}, but {counted(unseen, 'account')} could not be judged this time"
    return sentence


def title_state_trend(trend: pd.DataFrame) -> str:
    """Say how the number of active GovCloud accounts moved, over the linked pairs.

    Raises InputError where the trend is of several organizations.
    """
    if trend.empty:
        return "There are no snapshots yet"
    check_one_organization(trend)
    active = trend[(trend["side"] == "govcloud") & (trend["state"] == State.ACTIVE)]
    first, last = (int(active["accounts"].iloc[place]) for place in (0, -1))
    if len(active) == 1:
        return f"{counted(last, 'active GovCloud account')} on {day(active['taken'].iloc[0])}"
    when = _when(active["taken"].iloc[0], active["taken"].iloc[-1])
    if first == last:
        return f"{counted(last, 'active GovCloud account')}, as many as {when}"
    return f"Active GovCloud accounts went from {number(first)} to {number(last)} {_since(when)}"


def title_changes(changes: pd.DataFrame, *, of: int = 0) -> str:
    """Count what happened between two snapshots, mismatches first.

    Takes CHANGES, or some of them, and of how many these are.
    """
    if len(changes) < of:
        if changes.empty:
            return f"None of {counted(of, 'change')} is of this kind"
        return f"{title_changes(changes)}: {number(len(changes))} of {counted(of, 'change')}"
    counts = changes["change"].value_counts()
    appeared, resolved, changed, ended, lost, vanished, joined_ = (
        int(counts.get(str(word), 0))
        for word in (
            Change.APPEARED,
            Change.RESOLVED,
            Change.CHANGED,
            Change.ACCEPTANCE_ENDED,
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
    if ended:
        parts.append(f"{counted(ended, 'acceptance')} ended")
    if vanished:
        parts.append(f"{counted(vanished, 'account')} vanished")
    if joined_:
        noun = number(joined_) if vanished else counted(joined_, "account")
        parts.append(f"{noun} joined")
    if lost:
        parts.append(f"{counted(lost, 'account')} could no longer be judged")
    return joined(parts) if parts else "No mismatch appeared or was resolved"


def _movement(noun: str, first: int, last: int, when: str) -> str:
    if first == last:
        now = f"{noun} stand at {number(last)}" if last else f"There are no {noun.lower()}"
        return f"{now}, as {when}"
    way = "down" if last < first else "up"
    if not last or not first or max(first, last) < _ENOUGH or last > 2 * first:
        start, end = (number(value) if value else "none" for value in (first, last))
        return f"{noun} are {way} from {start} to {end} {_since(when)}"
    share = abs(last - first) / first
    near = [words for fraction, words in _FRACTIONS.items() if abs(share - fraction) <= _CLOSE]
    size = near[0] if near else f"by {percent(abs(last - first), first)}"
    return f"{noun} are {way} {size} {_since(when)}"


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
