"""Counts of one snapshot: key figures, states, mismatches by unit, flows, links and actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.schema import (
    GOVCLOUD_STATES,
    SEEN_OUTCOMES,
    STANDARD_STATES,
    LinkStatus,
    Outcome,
    Severity,
    State,
    Verdict,
)
from toolkit.text import printable

Ranked: TypeAlias = Literal["mismatches", "rate", "critical"]
"""What units may be ranked by."""

STANDARD_SHOWN: Final = (*STANDARD_STATES, State.UNKNOWN)
"""What the standard side can show."""

GOVCLOUD_SHOWN: Final = (*GOVCLOUD_STATES, State.NOT_LINKED, State.UNKNOWN)
"""What the GovCloud side can show."""

_STATE: Final = pd.CategoricalDtype([str(state) for state in State], ordered=True)
_LINK: Final = pd.CategoricalDtype([*map(str, LinkStatus), State.UNKNOWN.value], ordered=True)
_SEVERITIES: Final = [str(severity) for severity in Severity]


@dataclass(frozen=True)
class KeyFigures:
    """The numbers of one snapshot that everything else explains.

    `linked` counts the accounts whose GovCloud account was found. `mismatches` are those that
    nobody has accepted, `accepted` the others. `unknown` counts verdicts of UNKNOWN: `not_seen` of
    them had a look-up that failed, the others a state nobody knows. `left_behind` counts pairs that
    are in the list no longer and that nobody has accepted, `left_behind_critical` the worst of
    them.
    """

    accounts: int
    linked: int
    matches: int
    mismatches: int
    by_severity: Mapping[str, int]
    not_linked: int
    unknown: int
    not_seen: int
    accepted: int = 0
    left_behind: int = 0
    left_behind_critical: int = 0

    @property
    def judged(self) -> int:
        """Linked pairs with a verdict of match or mismatch."""
        return self.matches + self.mismatches + self.accepted

    @property
    def critical(self) -> int:
        """Mismatches of the worst severity."""
        return self.by_severity[Severity.CRITICAL]

    @property
    def mismatch_rate(self) -> float | None:
        """Share of the judged pairs that disagree and are not accepted, 0 to 1; None of none."""
        return self.mismatches / self.judged if self.judged else None


def is_open(pairs: pd.DataFrame) -> pd.Series:
    """Say of each of PAIRS whether it disagrees, and nobody has accepted that."""
    found: pd.Series = (pairs["verdict"] == Verdict.MISMATCH) & pairs["accepted_until"].isna()
    return found


def key_figures(pairs: pd.DataFrame, left_behind: pd.DataFrame | None = None) -> KeyFigures:
    """Return the key figures of PAIRS (one row per standard account) and of LEFT_BEHIND."""
    pairs = schema.checked(schema.PAIRS, pairs)
    none = schema.empty(schema.LEFT_BEHIND)
    left = none if left_behind is None else schema.checked(schema.LEFT_BEHIND, left_behind)
    left = left[left["accepted_until"].isna()]
    verdicts = _counted(pairs["verdict"], list(Verdict))
    found = int((pairs["outcome"] == Outcome.FOUND).sum())
    not_seen = ~pairs["outcome"].isin(SEEN_OUTCOMES)
    disagree = pairs["severity"][is_open(pairs)]
    return KeyFigures(
        accounts=len(pairs),
        linked=found,
        matches=verdicts[Verdict.MATCH],
        mismatches=len(disagree),
        accepted=verdicts[Verdict.MISMATCH] - len(disagree),
        left_behind=len(left),
        left_behind_critical=int((left["severity"] == Severity.CRITICAL).sum()),
        by_severity=_counted(disagree, list(Severity)),
        not_linked=verdicts[Verdict.NOT_LINKED],
        unknown=verdicts[Verdict.UNKNOWN],
        not_seen=int(not_seen.sum()),
    )


def shown_states(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the states as charts and filters show them, row by row of PAIRS.

    Columns `standard_state` and `govcloud_state`, ordered categories of State. A state that is
    missing or unheard of is UNKNOWN; the GovCloud side is NOT_LINKED where nothing is linked and
    UNKNOWN where the look-up failed. The frame keeps the index of the pairs.
    """
    return states_shown(schema.checked(schema.PAIRS, pairs))


def states_shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what `shown_states` does, of any rows with `outcome` and both states."""
    govcloud = np.where(
        rows["outcome"] == Outcome.FOUND,
        _codes(rows["govcloud_state"], GOVCLOUD_STATES),
        np.where(
            rows["outcome"] == Outcome.NOT_LINKED,
            _place(State.NOT_LINKED),
            _place(State.UNKNOWN),
        ),
    )
    codes = {
        "standard_state": _codes(rows["standard_state"], STANDARD_STATES),
        "govcloud_state": govcloud,
    }
    return pd.DataFrame(
        {name: pd.Categorical.from_codes(values, dtype=_STATE) for name, values in codes.items()},
        index=rows.index,
    )


def state_distribution(pairs: pd.DataFrame, *, linked_only: bool = True) -> pd.DataFrame:
    """Count the states of both sides: one row per side and state, zeros included.

    Takes PAIRS; gives `side` ("standard" or "govcloud"), `state`, `accounts` and `share` of the
    side (0 to 1). Counts the linked pairs, or with `linked_only=False` every account.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    states = shown_states(pairs)
    if linked_only:
        states = states[pairs["outcome"] == Outcome.FOUND]
    rows = [
        (side, str(state), int((states[column] == state).sum()))
        for side, column in (("standard", "standard_state"), ("govcloud", "govcloud_state"))
        for state in State
    ]
    table = pd.DataFrame(rows, columns=["side", "state", "accounts"])
    return table.assign(
        side=table["side"].astype(pd.CategoricalDtype(["standard", "govcloud"], ordered=True)),
        state=table["state"].astype(_STATE),
        share=table["accounts"] / max(len(states), 1),
    )


def state_matrix(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count the combinations of states: one row per standard and shown GovCloud state, zeros too.

    Takes PAIRS; gives `standard_state`, `govcloud_state`, `verdict`, `severity`, `accounts`.
    Verdict and severity are those of the pairs in it, missing where there are none: the worst of
    those that nobody accepted, as some may be in grace, and of all where all were accepted.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    states = shown_states(pairs)
    cell = states["standard_state"].cat.codes.to_numpy(dtype="int64") * len(State)
    cell += states["govcloud_state"].cat.codes.to_numpy()
    counts = np.bincount(cell, minlength=len(State) ** 2)
    shown = [
        (_place(standard), _place(govcloud))
        for standard in STANDARD_SHOWN
        for govcloud in GOVCLOUD_SHOWN
    ]
    rows = np.array([standard * len(State) + govcloud for standard, govcloud in shown])
    words = {}
    for name in ("verdict", "severity"):
        codes = np.full(len(State) ** 2, -1)
        order = np.lexsort((-pairs[name].cat.codes.to_numpy(), is_open(pairs).to_numpy()))
        # Of several, the last one stays.
        codes[cell[order]] = pairs[name].cat.codes.to_numpy()[order]
        words[name] = pd.Categorical.from_codes(codes[rows], dtype=schema.PAIRS[name].dtype)
    return pd.DataFrame(
        {
            "standard_state": pd.Categorical.from_codes([s for s, _ in shown], dtype=_STATE),
            "govcloud_state": pd.Categorical.from_codes([g for _, g in shown], dtype=_STATE),
            **words,
            "accounts": counts[rows],
        }
    )


def mismatch_flows(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count the ways of disagreeing: one row per combination of states that does, largest first.

    Takes PAIRS; gives `standard_state`, `govcloud_state`, `severity`, `accounts`. What somebody has
    accepted is not counted.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    cells = state_matrix(pairs[is_open(pairs)])
    flows = cells[(cells["verdict"] == Verdict.MISMATCH) & (cells["accounts"] > 0)]
    flows = flows.sort_values(["accounts", "severity"], ascending=[False, True], kind="stable")
    return flows.drop(columns="verdict").reset_index(drop=True)


def mismatches_by_ou(pairs: pd.DataFrame, *, by: Ranked = "mismatches") -> pd.DataFrame:
    """Count mismatches by organizational unit: one row per unit that has any, most first.

    Takes PAIRS; gives `ou_path` (missing where not known), one column per severity, `mismatches`
    and `linked`, the linked pairs of the unit. Units are ranked `by` their mismatches, by the rate
    of them among the linked pairs, or by the critical ones; of equals, the worse ones come first.
    What somebody has accepted is not counted. Raises InputError for another `by`.
    """
    if by not in get_args(Ranked):
        raise InputError(
            f"Units cannot be ranked by '{printable(str(by))}'.",
            f"Rank them by {', '.join(get_args(Ranked))}.",
        )
    pairs = schema.checked(schema.PAIRS, pairs)
    return _mismatches_by(pairs, "ou_path", by)


def mismatches_by_owner(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count mismatches by owner: one row per owner that has any, most first.

    As `mismatches_by_ou`, with `owner`, missing where nobody is known to answer for the account.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    return _mismatches_by(pairs, "owner")


def _mismatches_by(pairs: pd.DataFrame, name: str, by: Ranked = "mismatches") -> pd.DataFrame:
    disagree = is_open(pairs)
    marks = pd.get_dummies(pairs["severity"].where(disagree)).set_axis(_SEVERITIES, axis=1)
    marks = marks.assign(mismatches=disagree, linked=pairs["outcome"] == Outcome.FOUND)
    table = marks.groupby(pairs[name], dropna=False).sum().astype("int64").reset_index()
    table = table[table["mismatches"] > 0]
    order = [*_SEVERITIES] if by == "critical" else ["mismatches", *_SEVERITIES]
    if by == "rate":
        table, order = table.assign(rate=table["mismatches"] / table["linked"]), ["rate", *order]
    ranked = table.sort_values(
        [*order, name], ascending=[False] * len(order) + [True], ignore_index=True
    )
    return ranked.drop(columns="rate", errors="ignore")


def link_status(links: pd.DataFrame) -> pd.DataFrame:
    """Count links by Region and status: one row per combination that occurs, in their order.

    Takes LINKS or JUDGED_LINKS; gives `region`, `link_status` (an ordered category of LinkStatus
    and UNKNOWN, for a status that is missing or unheard of), `links`, and `flagged`: those with a
    severity, 0 where the links were not judged.
    """
    links = schema.checked(schema.LINKS, links)
    status = links["link_status"]
    known = status.where(status.isin(_LINK.categories), State.UNKNOWN.value).astype(_LINK)
    flagged = links["severity"].notna() if "severity" in links else pd.Series(0, index=links.index)
    table = pd.DataFrame({"region": links["region"], "link_status": known, "flagged": flagged})
    return (
        table.groupby(["region", "link_status"], observed=True)["flagged"]
        .agg(links="size", flagged="sum")
        .astype("int64")
        .reset_index()
    )


def actions(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count what there is to do: one row per action on mismatches and unknown pairs, worst first.

    Takes PAIRS; gives `verdict`, `severity` (missing for unknown ones), `meaning`, `action`,
    `accounts`. Mismatches come first; rows of one severity with the most accounts first. For what
    somebody has accepted there is nothing to do.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    open_ = is_open(pairs) | (pairs["verdict"] == Verdict.UNKNOWN)
    keys = ["verdict", "severity", "meaning", "action"]
    table = (
        pairs[open_]
        .groupby(keys, dropna=False, observed=True)
        .size()
        .rename("accounts")
        .reset_index()
    )
    order = table.assign(rank=table["severity"].cat.codes.replace(-1, len(Severity)))
    rows = order.sort_values(
        ["verdict", "rank", "accounts"], ascending=[True, True, False], kind="stable"
    ).index
    return table.loc[rows].reset_index(drop=True)


def _place(state: State) -> int:
    return list(_STATE.categories).index(state.value)


def _codes(values: pd.Series, words: Sequence[State]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the place of each value in State, that of UNKNOWN for any value not in words."""
    codes, seen = pd.factorize(values)
    places = {str(word): _place(word) for word in words}
    unknown = _place(State.UNKNOWN)
    return np.array([*(places.get(value, unknown) for value in seen), unknown])[codes]


def _counted(values: pd.Series, words: Sequence[str]) -> dict[str, int]:
    counts = values.value_counts()
    return {str(word): int(counts.get(str(word), 0)) for word in words}
