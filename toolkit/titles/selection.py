"""What a selection of accounts is, and of how many: the sentence that stands wherever it does."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from toolkit.schema import Outcome, Severity, label
from toolkit.text import shorten_middle
from toolkit.titles.words import counted, joined, number

_ORGANIZATION: Final = "the organization"


def unit_of(path: str) -> str:
    """Return how a sentence calls an organizational unit: by the last part of its path."""
    return shorten_middle(path.removesuffix("/…").rpartition("/")[2])


def severities_in_words(severities: Sequence[str]) -> str:
    """Say that something has one of these severities: "critical or high", worst first."""
    wanted = [label(word).lower() for word in Severity if word in severities]
    return joined(wanted, "or")


def selection_in_words(
    chosen: pd.DataFrame,
    base: pd.DataFrame,
    left_behind: pd.DataFrame | None = None,
    *,
    where: str = "",
    which: str = "",
) -> str:
    """Say how many are chosen of how many, as "2 of Northwind's 17 pairs are critical or high".

    Takes PAIRS: `chosen` of `base`, all there are where it was chosen. `where` calls that place,
    the organization if not given; `which` ends the sentence that begins with "they are". Linked
    pairs are counted where only such were chosen, else accounts; LEFT_BEHIND is counted beside, as
    nobody lists those any longer.
    """
    linked = bool(len(chosen)) and bool((chosen["outcome"] == Outcome.FOUND).all())
    there = base[base["outcome"] == Outcome.FOUND] if linked or chosen.empty else base
    noun = ("pair", "pairs") if linked or chosen.empty else ("account", "accounts")
    whose = possessive(where or _ORGANIZATION)
    verb = "is" if len(chosen) == 1 else "are"
    count = number(len(chosen)) if len(chosen) else "None"
    said = f"{count} of {whose} {counted(len(there), *noun)} {verb} {which or 'chosen'}"
    if left_behind is None or left_behind.empty:
        return said
    more = counted(len(left_behind), "more", "more")
    return f"{said}; {more} {'was' if len(left_behind) == 1 else 'were'} left behind"


def possessive(name: str) -> str:
    """Return the name as an owner: "Northwind's", "Programs'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
