"""Which organizational unit is the worst: by its mismatches, by their rate, by the critical ones.

Each takes what `analysis.mismatches_by_ou` gives, ranked by that, of at least one unit.
"""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from toolkit.analysis import Ranked
from toolkit.schema import Severity
from toolkit.text import shorten_middle
from toolkit.titles.words import counted, number, percent

_NOT_KNOWN: Final = "accounts without a known unit"
_FEW: Final = 2


def by_mismatches(units: pd.DataFrame, *, selected: bool = False) -> str:
    """Say which unit holds how much of the mismatches."""
    total, most = int(units["mismatches"].sum()), int(units["mismatches"].iloc[0])
    top = units["ou_path"][units["mismatches"] == most]
    share, the = percent(most, total), "the selected" if selected else "the"
    if len(units) == 1:
        only = "The only mismatch is" if total == 1 else f"All {number(total)} mismatches are"
        return f"{only} in {_name(top.iloc[0])}"
    if len(top) == 1 and top.notna().all():
        return f"{_name(top.iloc[0])} holds {share} of {the} mismatches"
    if len(top) == 1:
        return f"{share} of {the} mismatches are in {_NOT_KNOWN}"
    if len(top) == _FEW and top.notna().all():
        names = " and ".join(_name(unit) for unit in top)
        return f"{names} hold {share} of {the} mismatches each"
    total_ = counted(total, "mismatch", "mismatches")
    return f"{total_}, at most {number(most)} in one organizational unit"


def by_rate(units: pd.DataFrame, *, selected: bool = False) -> str:
    """Say where the largest share of the pairs disagrees, and of how many that is.

    Of units with the same rate, the one with the most mismatches is named.
    """
    first = units.iloc[0]
    disagree = int(first["mismatches"])
    pairs = counted(int(first["linked"]), "selected pair" if selected else "linked pair")
    verb = "disagrees" if disagree == 1 else "disagree"
    return f"Most often in {_name(first['ou_path'])}: {number(disagree)} of {pairs} {verb}"


def by_critical(units: pd.DataFrame, *, selected: bool = False) -> str:
    """Say which unit holds how many of the critical mismatches."""
    critical = units[Severity.CRITICAL]
    total, most = int(critical.sum()), int(critical.iloc[0])
    if not total:
        which = "selected mismatches" if selected else "mismatches"
        return f"None of the {which} is critical"
    mismatches = counted(total, "critical mismatch", "critical mismatches")
    top = units["ou_path"][critical == most]
    if len(top) > 1:
        return f"{mismatches}, at most {number(most)} in one organizational unit"
    where = _name(top.iloc[0])
    if most < total:
        return f"{number(most)} of {mismatches} {'is' if most == 1 else 'are'} in {where}"
    return (
        f"The only {mismatches[2:]} is in {where}"
        if total == 1
        else (f"All {mismatches} are in {where}")
    )


UNITS_BY: Final[Mapping[Ranked, Callable[..., str]]] = {
    "mismatches": by_mismatches,
    "rate": by_rate,
    "critical": by_critical,
}
"""What says it, by what the units are ranked by."""


def _name(unit: object) -> str:
    """Return the name of an organizational unit for a sentence, or say that it is not known."""
    return shorten_middle(unit) if isinstance(unit, str) else _NOT_KNOWN
