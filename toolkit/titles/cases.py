"""What is said of the worst cases (`analysis.worst`): since when each is so, and what to ask."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from toolkit import analysis
from toolkit.schema import Severity, State, label
from toolkit.titles.since import since_in_words
from toolkit.titles.snapshot import title_overview
from toolkit.titles.words import day, joined, number

_WORDS: Final = (
    "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - a sentence reads better than thirteen strings
)
_WHEN: Final[Mapping[str, str]] = {
    Severity.CRITICAL: "act today",
    Severity.HIGH: "act this week",
    Severity.MEDIUM: "plan it this month",
    Severity.LOW: "look again next month",
}
"""By when each severity asks for somebody."""

_MOST: Final = 2
"""How many ways of being so bad are named before they are only counted."""


def case_since(row: Mapping[Any, Any]) -> str:
    """Say since when a row of `analysis.worst` is as it is; "" where nobody knows."""
    if row["kind"] == "pair":
        return since_in_words(row)
    return f"left the list after {day(row['since'])}"


def act_in_words(severity: str) -> str:
    """Say by when something of a severity asks for somebody: "act today"."""
    return _WHEN[severity]


def ask(pairs: pd.DataFrame, left_behind: pd.DataFrame | None = None) -> str:
    """Say what PAIRS and LEFT_BEHIND ask for, and by when, by what is the worst among them.

    Where nothing asks for anybody it is the sentence of `title_overview`, which also says what
    could not be seen.
    """
    cases = analysis.worst(pairs, left_behind)
    if cases.empty:
        return title_overview(pairs, left_behind)
    severity = str(cases["severity"].iloc[0])
    top = cases[cases["severity"] == severity]
    # Whoever has left the list has no standard state any longer, only one that it had.
    there = top["standard_state"].where(top["kind"] == "pair")
    keys = ["kind", "standard_state", "govcloud_state"]
    ways = (
        top.assign(standard_state=there)
        .groupby(keys, observed=True, dropna=False)
        .size()
        .rename("count")
        .reset_index()
        .sort_values("count", ascending=False, kind="stable")
    )
    if len(ways) > _MOST:
        said = f"{_spelled(len(top))} cases are of {label(severity).lower()} severity"
    else:
        said = joined([_way(*way) for way in ways.itertuples(index=False)])
    return f"{said[0].upper()}{said[1:]}: {_WHEN[severity]}"


def _way(kind: str, standard: object, govcloud: object, count: int) -> str:
    one = count == 1
    who = f"{_spelled(count)} GovCloud {'account' if one else 'accounts'}"
    if kind == "left":
        state = f" while {label(govcloud).lower()}" if isinstance(govcloud, str) else ""
        return f"{who} {'was' if one else 'were'} left behind{state}"
    if (standard, govcloud) == (State.CLOSED, State.ACTIVE):
        return f"{who} {'runs' if one else 'run'} without a payer"
    states = " → ".join(label(str(state)) for state in (standard, govcloud))
    return f"{_spelled(count)} {'pair is' if one else 'pairs are'} {states}"


def _spelled(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else number(count)
