"""What is said of many organizations at once, of a FLEET: one row each, the newest snapshot."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from toolkit.schema import Severity, label
from toolkit.text import printable
from toolkit.titles.words import counted, day, number

_NAMED: Final = 3
"""How many organizations that could not be read are named."""
_ONLY: Final = "the only organization"


def title_fleet(fleet: pd.DataFrame, unread: int = 0) -> str:
    """Say how many mismatches of the worst severity there are, and in how many organizations.

    Takes FLEET, and how many more organizations could not be read. What is milder or accepted, what
    was left behind, and what could not be judged, or read, is said beside.
    """
    count = len(fleet)
    if not count:
        return _nothing_read(unread)
    disagrees = bool(fleet["mismatches"].any())
    where = counted(count, "organization") if count > 1 or unread else _ONLY
    parts = [_disagreement(fleet, where) if disagrees else _agreement(fleet, where)]
    unknown, left = (int(fleet[name].sum()) for name in ("unknown", "left_behind"))
    if unknown and disagrees:
        parts.append(f"{counted(unknown, 'account')} unknown")
    if left:
        parts.append(f"{counted(left, 'pair')} left behind")
    if unread:
        parts.append(f"{counted(unread, 'more organization')} could not be read")
    return "; ".join(parts)


def seen_in_words(fleet: pd.DataFrame) -> str:
    """Say of when the newest snapshots of a FLEET are: "seen between 24 and 26 November 2026".

    Days are UTC; "" where it has no rows.
    """
    if fleet.empty:
        return ""
    first, last = fleet["taken"].min(), fleet["taken"].max()
    if first.date() == last.date():
        return f"seen on {day(last)}"
    if first.year != last.year:
        since = day(first)
    elif first.month != last.month:
        since = f"{first.day} {first.month_name()}"
    else:
        since = str(first.day)
    return f"seen between {since} and {day(last)}"


def unread_in_words(organizations: Iterable[str]) -> str:
    """Name organizations that could not be read, many of them by their number; "" for none."""
    names = [printable(name) for name in organizations]
    if not names:
        return ""
    more = f" and {number(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
    return f"could not be read: {', '.join(names[:_NAMED])}{more}"


def _nothing_read(unread: int) -> str:
    if unread > 1:
        return f"None of {number(unread)} organizations could be read"
    return f"{_begun(_ONLY)} could not be read" if unread else "There are no organizations yet"


def _disagreement(fleet: pd.DataFrame, where: str) -> str:
    """Count what is worst, then what is milder, each with the organizations that have any."""
    worst = next(one for one in Severity if fleet[one.lower()].any())
    counts = fleet[worst.lower()]
    milder = fleet["mismatches"] - counts
    several = len(fleet) > 1
    of = f"{number(int(counts.gt(0).sum()))} of " if several else ""
    word = "mismatch" if counts.sum() == 1 else "mismatches"
    said = f"{number(int(counts.sum()))} {label(worst).lower()} {word} in {of}{where}"
    if milder.any():
        among = f" in {number(int(milder.gt(0).sum()))}" if several else ""
        said += f", {number(int(milder.sum()))} milder{among}"
    accepted = int(fleet["accepted"].sum())
    return f"{said}, {number(accepted)} more accepted" if accepted else said


def _agreement(fleet: pd.DataFrame, where: str) -> str:
    """Say what there is to say where no pair disagrees, without claiming what was not seen."""
    paired, unknown, accepted = (
        int(fleet[name].sum()) for name in ("paired", "unknown", "accepted")
    )
    missing = f", but {counted(unknown, 'account')} could not be judged" if unknown else ""
    if not paired:
        return f"No GovCloud account was found in {where}{missing}"
    if accepted:
        all_ = f"All {number(accepted)} mismatches" if accepted > 1 else "The only mismatch"
        return f"{all_} in {where} {'are' if accepted > 1 else 'is'} accepted{missing}"
    if unknown:
        return f"No judged pair disagrees in {where}{missing}"
    if len(fleet) == 1:
        return f"{_begun(where)} agrees"
    alone = int(fleet["paired"].eq(0).sum())
    if alone:
        agree = len(fleet) - alone
        verbs = ("agrees" if agree == 1 else "agree", "has" if alone == 1 else "have")
        said = f"{number(agree)} of {where} {verbs[0]}"
        return f"{said}, and {number(alone)} {verbs[1]} no GovCloud account"
    return f"All {where} agree"


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
