"""Since when a pair has been in its two states, and what that makes of its severity."""

import numpy as np
import pandas as pd

from toolkit.schema import (
    GOVCLOUD_STATES,
    PAIRS,
    STANDARD_STATES,
    Outcome,
    Start,
    State,
    Verdict,
)
from toolkit.spells import Spells


def with_since(
    pairs: pd.DataFrame, spells: Spells, closures: pd.DataFrame, taken: pd.Timestamp
) -> pd.DataFrame:
    """Return PAIRS with `since` and `since_is`, where both states are known.

    Takes the spells as of the snapshot, CLOSURES, and when the snapshot was taken. What follows a
    closure is counted from it where CloudTrail told when it was; else from the first snapshot that
    shows the two states. Where no earlier one shows others, it is at least since then.
    """
    paired = (
        (pairs["outcome"] == Outcome.FOUND)
        & pairs["standard_state"].isin([str(state) for state in STANDARD_STATES])
        & pairs["govcloud_state"].isin([str(state) for state in GOVCLOUD_STATES])
    )
    known = spells.since().reindex(pd.Index(pairs["account_id"]))
    same = paired.to_numpy() & np.logical_and.reduce(
        [
            (known[name].fillna("").to_numpy() == pairs[name].fillna("").to_numpy())
            for name in ("standard_state", "govcloud_state")
        ]
    )
    # Of one that the spells do not have so, this is the first snapshot that shows it.
    begun = pd.Series(known["since"].array, index=pairs.index).where(same, taken)
    other = known["word"].notna().to_numpy() & ~same
    how = pd.Series(known["is"].array, index=pairs.index).where(same, Start.AT_LEAST.value)
    how = how.mask(other, Start.SNAPSHOT.value)
    closed = _closed(pairs, spells, closures)
    begun, how = begun.mask(closed.notna(), closed), how.mask(closed.notna(), Start.CLOSURE.value)
    return pairs.assign(
        since=begun.where(paired).astype(PAIRS["since"].dtype),
        since_is=how.where(paired).astype(PAIRS["since_is"].dtype),
    )


def in_grace(pairs: pd.DataFrame, rules: pd.DataFrame, taken: pd.Timestamp) -> pd.Series:
    """Return of each of PAIRS until when it is in grace; missing where it is not.

    Takes RULES, and when the snapshot was taken. Where nobody knows when it began, there is none.
    """
    days = by_states(pairs, rules, "grace_days").fillna(0).to_numpy()
    counts = (pairs["verdict"] == Verdict.MISMATCH) & (pairs["since_is"] != Start.AT_LEAST)
    until = pairs["since"] + pd.to_timedelta(days, unit="D")
    grace: pd.Series = until.where(counts & pairs["since"].notna() & (until > taken))
    return grace


def with_grace(pairs: pd.DataFrame, rules: pd.DataFrame, taken: pd.Timestamp) -> pd.DataFrame:
    """Return PAIRS with the severity that they have in grace; it is never the graver one."""
    mild = in_grace(pairs, rules, taken).notna().to_numpy()
    if not mild.any():
        return pairs
    then = by_states(pairs, rules, "grace_severity").cat.codes.to_numpy()
    codes = pairs["severity"].cat.codes.to_numpy()
    milder = np.where(mild, np.maximum(codes, then), codes)
    dtype = PAIRS["severity"].dtype
    return pairs.assign(severity=pd.Categorical.from_codes(milder, dtype=dtype))


def by_states(rows: pd.DataFrame, rules: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of RULES for the two states of each row; missing where there is no rule."""
    keys = ["standard_state", "govcloud_state"]
    places = pd.MultiIndex.from_frame(rules[keys].astype("str")).get_indexer(
        pd.MultiIndex.from_frame(rows[keys].astype("str"))
    )
    found = rules[name].astype("Int64") if name == "grace_days" else rules[name]
    return pd.Series(found.array.take(places, allow_fill=True), index=rows.index)


def _closed(pairs: pd.DataFrame, spells: Spells, closures: pd.DataFrame) -> pd.Series:
    """Return when the standard account of each pair was closed, where what follows is counted so.

    A closure before a snapshot that shows the account open again is another one.
    """
    follows = (pairs["standard_state"] == State.CLOSED) & (pairs["govcloud_state"] != State.CLOSED)
    # Few of an organization's pairs are so: only of those is the history looked through.
    few = pairs["account_id"][follows]
    told = closures[closures["account_id"].isin(few)].dropna(subset="closed_at")
    times = told.groupby("account_id")["closed_at"].max()
    closed = pd.Series(times.reindex(pd.Index(few)).array, index=few.index)
    seen = spells.accounts[spells.accounts["account_id"].isin(times.index)]
    open_ = seen[
        seen["standard_state"].notna()
        & ~seen["standard_state"].isin([State.CLOSED.value, State.PENDING_CLOSURE.value])
    ]
    last_open = open_.groupby("account_id")["ended"].max().reindex(pd.Index(few))
    reopened = pd.Series(last_open.array, index=few.index) > closed
    when: pd.Series = closed.mask(reopened).reindex(pairs.index)
    return when
