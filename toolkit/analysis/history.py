"""What several snapshots say together: changes between two, trends, and since when.

No field of AWS carries the time of a state change, so this is all there is to know about time.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.analysis.counts import key_figures, state_distribution
from toolkit.schema import Change, Severity, Verdict

History: TypeAlias = Sequence[tuple[pd.Timestamp, pd.DataFrame]]
"""(time taken, PAIRS) of each snapshot, oldest first."""

_UTC: Final = "datetime64[us, UTC]"
_COMPARED: Final = ("standard_state", "govcloud_state", "severity")


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare two snapshots: CHANGES, one row per account that changed, grouped by what happened.

    Takes PAIRS of an older and of a newer snapshot of the same accounts. APPEARED is a mismatch
    that was none before, RESOLVED a mismatch that now matches or is no longer linked, CHANGED one
    that disagrees in other states, LOST_SIGHT an account that was judged and now is UNKNOWN,
    VANISHED one no longer listed, so that whatever it left behind shows here alone, and JOINED one
    that is new in the list. Within a group the worst comes first.
    """
    columns = ["verdict", "name", "ou_path", *_COMPARED]
    older = before.set_index("account_id")[columns]
    newer = after.set_index("account_id")[columns]
    ids = newer.index.append(older.index[~older.index.isin(newer.index)])
    was, now = older.reindex(ids), newer.reindex(ids)
    gone, new = now["verdict"].isna(), was["verdict"].isna()
    disagreed, disagrees = was["verdict"] == Verdict.MISMATCH, now["verdict"] == Verdict.MISMATCH
    unknown = now["verdict"] == Verdict.UNKNOWN
    moved = ~(_same(was, now, "standard_state") & _same(was, now, "govcloud_state"))
    happened = {
        Change.VANISHED: gone,
        Change.JOINED: new,
        Change.APPEARED: disagrees & ~disagreed,
        Change.LOST_SIGHT: unknown & (was["verdict"] != Verdict.UNKNOWN),
        Change.RESOLVED: disagreed & ~disagrees,
        Change.CHANGED: disagreed & disagrees & moved,
    }
    change = np.select(list(happened.values()), [str(word) for word in happened], "")
    table = now[["name", "ou_path"]].where(~gone, was[["name", "ou_path"]])
    table = table.assign(change=change)
    for name in _COMPARED:
        table[f"{name}_before"], table[f"{name}_after"] = was[name], now[name]
    table = schema.coerce(schema.CHANGES, table[change != ""].reset_index())
    order = pd.DataFrame(
        {
            "change": table["change"].cat.codes,
            "after": table["severity_after"].cat.codes.replace(-1, len(Severity)),
            "before": table["severity_before"].cat.codes.replace(-1, len(Severity)),
            "name": table["name"].str.casefold(),
            "account_id": table["account_id"],
        }
    )
    rows = order.sort_values(list(order.columns), kind="stable").index
    return table.loc[rows].reset_index(drop=True)


def trend(history: History) -> pd.DataFrame:
    """Count the mismatches of each snapshot: one row per snapshot and severity, zeros included.

    Gives `taken` (UTC), `severity`, `mismatches`, and for the whole snapshot, repeated on its
    rows, `linked` pairs, `unknown` accounts and `mismatch_rate` (0 to 1; missing when no pair was
    judged).
    """
    rows = [
        (taken, str(severity), figures.by_severity[severity], *whole)
        for taken, figures in ((taken, key_figures(pairs)) for taken, pairs in history)
        for whole in ((figures.linked, figures.unknown, figures.mismatch_rate),)
        for severity in Severity
    ]
    names = ["taken", "severity", "mismatches", "linked", "unknown", "mismatch_rate"]
    return pd.DataFrame(rows, columns=names).astype(
        {
            "taken": _UTC,
            "severity": schema.PAIRS["severity"].dtype,
            "mismatches": "int64",
            "linked": "int64",
            "unknown": "int64",
            "mismatch_rate": "float64",
        }
    )


def state_trend(history: History) -> pd.DataFrame:
    """Count the states of each snapshot: one row per snapshot, side and state, zeros included.

    Gives `taken` (UTC) and the columns of `state_distribution`, over the linked pairs.
    """
    parts = [(taken, state_distribution(pairs)) for taken, pairs in history]
    empty = state_distribution(schema.empty(schema.PAIRS)).iloc[:0]
    table = pd.concat([empty, *(part for _, part in parts)], ignore_index=True)
    times = np.repeat([taken for taken, _ in parts], [len(part) for _, part in parts])
    table.insert(0, "taken", pd.Series(times, dtype=_UTC))
    return table


def first_seen(history: History) -> pd.Series:
    """Return since when each pair has disagreed without a break, as far as the snapshots reach.

    Gives one UTC time per account that disagrees in the newest snapshot, indexed by account_id:
    the oldest snapshot since which it was never seen to agree. Snapshots in which it was UNKNOWN
    or missing do not break the row. A time equal to that of the oldest snapshot means "at least
    since".
    """
    if not history:
        return pd.Series([], index=pd.Index([], dtype="str", name="account_id")).astype(_UTC)
    newest = history[-1][1]
    ids = pd.Index(newest["account_id"][newest["verdict"] == Verdict.MISMATCH], name="account_id")
    since = pd.Series(history[-1][0], index=ids, name="since").astype(_UTC)
    unbroken = np.ones(len(ids), dtype=bool)
    for taken, pairs in reversed(history[:-1]):
        known = pairs[pairs["account_id"].isin(ids)].set_index("account_id")["verdict"]
        verdict = known.reindex(ids).to_numpy()
        unbroken &= (verdict != Verdict.MATCH) & (verdict != Verdict.NOT_LINKED)
        since = since.mask(unbroken & (verdict == Verdict.MISMATCH), taken)
    return since


def _same(one: pd.DataFrame, other: pd.DataFrame, column: str) -> pd.Series:
    """Say row by row whether two states are equal, two missing ones included."""
    both_missing = one[column].isna() & other[column].isna()
    return (one[column] == other[column]) | both_missing
