"""What a check finds: which findings count, which do not, and why, in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from toolkit.alerts.findings import UNKNOWN, findings, in_order, is_accepted, is_added, is_grave
from toolkit.schema import Severity, label
from toolkit.text import printable
from toolkit.titles import counted, day, number
from toolkit.titles.words import joined
from toolkit.verdicts import Judged, Policy


@dataclass(frozen=True, eq=False)
class Checked:
    """FINDINGS of a snapshot, by whether they count: those in `failing` do, worst first.

    `least` is the mildest severity that counts. `accepted` are as grave and somebody answers for
    them; `milder`, `older` (in the snapshot before, `since`, as grave) and `allowed` (accounts that
    could not be judged) are how many others do not count. `added` says of each of `failing`, and
    behind them of `accepted`, whether the snapshot before did not have it so.
    """

    least: Severity
    failing: pd.DataFrame
    accepted: pd.DataFrame
    added: pd.Series
    milder: int
    older: int
    allowed: int
    since: pd.Timestamp | None
    new_only: bool

    @classmethod
    def of(
        cls, judged: Judged, least: Severity, *, new_only: bool, allows_unknown: bool
    ) -> "Checked":
        """Check a judged snapshot against the last one of its history."""
        found = findings(judged)
        before = judged.before[-1] if judged.before else None
        old = findings(before) if before else found.head(0)
        added, settled = is_added(found, old), is_accepted(found)
        unknown, grave = found["kind"] == UNKNOWN, is_grave(found, least)
        counts = (grave & ~settled) | (unknown & (not allows_unknown))
        fails = counts & added if new_only else counts
        accepted = grave & settled
        return cls(
            least,
            in_order(found[fails]),
            in_order(found[accepted]),
            pd.concat([added[fails], added[accepted]], ignore_index=True),
            int((~grave & ~unknown & ~settled).sum()),
            int((counts & ~fails).sum()),
            int((unknown & ~counts).sum()),
            before.snapshot.taken if before else None,
            new_only,
        )

    @property
    def shown(self) -> pd.DataFrame:
        """FINDINGS that count, and behind them those that somebody has accepted."""
        return pd.concat([self.failing, self.accepted], ignore_index=True)


def title_checked(checked: Checked, judged: Judged) -> str:
    """Say what a check came to, what it did not count, as of when, of how many, by what."""
    sentences = [f"{_came_to(checked)}."]
    aside = [
        (checked.accepted.shape[0], "accepted"),
        (checked.older, "that the snapshot before had, too"),
        (checked.milder, "milder"),
        (checked.allowed, "that could not be judged"),
    ]
    if parts := [f"{number(count)} {words}" for count, words in aside if count]:
        sentences.append(f"Not counted: {joined(parts)}.")
    return " ".join([*sentences, f"{as_of(judged)}."])


def title_all(failed: Sequence[str], count: int) -> str:
    """Say what a check of several organizations came to, and which of them failed."""
    if not failed:
        return f"Passed: all {number(count)} organizations."
    return f"Failed: {number(len(failed))} of {number(count)} organizations: {joined([*failed])}."


def acceptances_of_all(entries: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what became of each acceptance in several organizations, given that of each.

    They are rows as `Judged.acceptances` has them: accounts are added up, and what has ended as of
    one snapshot has ended.
    """
    same = dict.fromkeys(("owner", "reason", "until"), "first")
    ways = {"accounts": "sum", **same, "ended": "any"}
    return pd.concat([*entries]).groupby("entry", sort=False, as_index=False).agg(ways)


def as_of(judged: Judged) -> str:
    """Say as of when something is said, of how many accounts, and by which policy."""
    taken = judged.snapshot.taken
    of = counted(len(judged.pairs), "standard account")
    return f"As of {day(taken)}, {taken:%H:%M} UTC, of {of}, by {_whose(judged.policy)}"


def _whose(policy: Policy) -> str:
    """Say by what is judged."""
    if policy.name:
        return printable(policy.name)
    return "rules of our own" if policy.changed else "this toolkit's own rules"


def _came_to(checked: Checked) -> str:
    """Say how many findings count, and with which snapshot they were compared."""
    failing, critical = checked.failing, checked.least is Severity.CRITICAL
    unknown = int((failing["kind"] == UNKNOWN).sum())
    grave, worst = len(failing) - unknown, int((failing["severity"] == Severity.CRITICAL).sum())
    level = f"{label(checked.least).lower()}{'' if critical else ' or worse'}"
    parts = []
    if grave:
        which = "" if critical or not worst else f" ({number(worst)} critical)"
        parts.append(f"{counted(grave, 'finding')} {'is' if grave == 1 else 'are'} {level}{which}")
    if unknown:
        parts.append(f"{counted(unknown, 'account')} could not be judged")
    if not parts:
        new = " and new" if checked.new_only else ""
        return f"Passed: nothing is {level}{new}{_since(checked)}"
    new = ", all of it new" if checked.new_only else ""
    return f"Failed: {joined(parts)}{new}{_since(checked)}"


def _since(checked: Checked) -> str:
    if not checked.new_only:
        return ""
    if checked.since is None:
        return ", as there is no earlier snapshot to compare with"
    return f" since the snapshot of {day(checked.since)}, {checked.since:%H:%M} UTC"
