"""What several snapshots say together: changes between two, trends, and since when.

No field of AWS carries the time of a state change, so this is all there is to know about time.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.analysis.counts import key_figures, state_distribution
from toolkit.schema import Change, Severity, Verdict
from toolkit.spells import Spells
from toolkit.spells.spells import among_seen, since
from toolkit.verdicts import default_rules

History: TypeAlias = Sequence[tuple[pd.Timestamp, pd.DataFrame]]
"""(time taken, PAIRS) of each snapshot, oldest first."""

_UTC: Final = "datetime64[us, UTC]"
TREND: Final = {one.name: one.dtype for one in schema.FLEET_TREND.columns[1:]}
"""The columns of the trend of one organization, and what each holds."""

_COMPARED: Final = ("standard_state", "govcloud_state", "severity")


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare two snapshots: CHANGES, one row per account that changed, grouped by what happened.

    Takes PAIRS of an older and of a newer snapshot of the same accounts. APPEARED is a mismatch
    that was none before, RESOLVED a mismatch that now matches or is no longer linked, CHANGED one
    that disagrees in other states or whose grace is over, ACCEPTANCE_ENDED one that was accepted
    and now is not, LOST_SIGHT an account that was judged and now is UNKNOWN,
    VANISHED one no longer listed, so that whatever it left behind shows here alone, by the id of
    its GovCloud account, and JOINED one that is new in the list. Within a group the worst comes
    first.
    """
    before, after = (schema.checked(schema.PAIRS, pairs) for pairs in (before, after))
    listed, known = pd.Index(after["account_id"]), pd.Index(before["account_id"])
    gone = np.flatnonzero(listed.get_indexer(known) < 0)
    # Row by row of the newer list, then of what is gone: its place in each snapshot, -1 for none.
    in_old = np.concatenate([known.get_indexer(listed), gone])
    in_new = np.concatenate([np.arange(len(listed)), np.full(len(gone), -1)])
    was, now = _verdicts(before, in_old), _verdicts(after, in_new)
    disagreed, disagrees = was == Verdict.MISMATCH, now == Verdict.MISMATCH
    accepted_before, accepted = _accepted(before, in_old), _accepted(after, in_new)
    happened = {
        Change.VANISHED: in_new < 0,
        Change.JOINED: in_old < 0,
        Change.APPEARED: disagrees & ~disagreed & ~accepted,
        Change.LOST_SIGHT: (now == Verdict.UNKNOWN) & (was != Verdict.UNKNOWN),
        Change.RESOLVED: disagreed & ~disagrees,
        Change.ACCEPTANCE_ENDED: disagreed & accepted_before & disagrees & ~accepted,
        Change.CHANGED: disagreed & disagrees,
    }
    change = np.select(list(happened.values()), [str(word) for word in happened], "")
    rows = np.flatnonzero(change != "")
    table = _beside(before, after, in_old[rows], in_new[rows]).assign(change=change[rows])
    as_it_was = (table["change"] == Change.CHANGED) & np.logical_and.reduce(
        [(table[f"{name}_before"] == table[f"{name}_after"]) for name in _COMPARED]
    )
    table = schema.coerce(schema.CHANGES, table[~as_it_was])
    order = pd.DataFrame(
        {
            "change": table["change"].cat.codes,
            "after": table["severity_after"].cat.codes.replace(-1, len(Severity)),
            "before": table["severity_before"].cat.codes.replace(-1, len(Severity)),
            "name": table["name"].str.casefold(),
            "account_id": table["account_id"],
        }
    )
    sorted_ = order.sort_values(list(order.columns), kind="stable").index
    return table.loc[sorted_].reset_index(drop=True)


def trend(history: History, left_behind: Mapping[pd.Timestamp, int] | None = None) -> pd.DataFrame:
    """Count the mismatches of each snapshot: one row per snapshot and severity, zeros included.

    Takes beside the history how many pairs were left behind in each snapshot, by when it was taken,
    as `left_behind_counts` of what a policy judged gives it; none where it says nothing. Gives
    `taken` (UTC), `severity`, `mismatches`, and for the whole snapshot, repeated on its rows,
    `linked` pairs, `unknown` accounts, `mismatch_rate` (0 to 1; missing when no pair was judged)
    and `left_behind`.
    """
    left = left_behind or {}
    rows = [
        (taken, str(severity), figures.by_severity[severity], *whole)
        for taken, figures in ((taken, key_figures(pairs)) for taken, pairs in history)
        for whole in ((figures.linked, figures.unknown, figures.mismatch_rate, left.get(taken, 0)),)
        for severity in Severity
    ]
    return pd.DataFrame(rows, columns=list(TREND)).astype(TREND)


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


def first_seen(spells: Spells, rules: pd.DataFrame | None = None) -> pd.Series:
    """Return since when each pair has disagreed without a break, over all snapshots of a store.

    Takes spells, and RULES that say what disagrees, this toolkit's own when not given. Gives one
    UTC time per account that disagreed when a snapshot last saw it, indexed by account_id: the
    oldest snapshot since which none has seen it agree. Snapshots in which it was UNKNOWN or missing
    do not break the row. A time equal to that of the oldest snapshot means "at least since".
    """
    table = default_rules() if rules is None else rules
    disagree = table[table["verdict"] == Verdict.MISMATCH]
    ways = set(disagree["standard_state"] + "/" + disagree["govcloud_state"])
    seen = among_seen(spells.accounts)
    words = seen.isin(ways).astype("str").where(seen.notna())
    found = since(spells.accounts, spells.times, words)
    first: pd.Series = found["since"][found["word"] == "True"].sort_index()
    return first


def _accepted(pairs: pd.DataFrame, places: np.ndarray) -> np.ndarray:
    """Say whether the row at each place is accepted; one that is not there is not."""
    found: np.ndarray = np.append(pairs["accepted_until"].notna().to_numpy(), False)[places]
    return found


def _verdicts(pairs: pd.DataFrame, places: np.ndarray) -> np.ndarray:
    """Return the verdict of the row at each place, "" where there is none."""
    words: np.ndarray = np.append(pairs["verdict"].to_numpy(dtype=object), "")
    found: np.ndarray = words[places]
    return found


def _beside(
    before: pd.DataFrame, after: pd.DataFrame, in_old: np.ndarray, in_new: np.ndarray
) -> pd.DataFrame:
    """Return the rows of both snapshots beside each other; what they are called, from the newer.

    So is the GovCloud account, but for whom the newer one has none of: that of the older one.
    """
    columns = ["account_id", "name", "ou_path", "govcloud_account_id", *_COMPARED]
    was, now = (
        pairs[columns].reset_index(drop=True).reindex(places).reset_index(drop=True)
        for pairs, places in ((before, in_old), (after, in_new))
    )
    sides = {
        f"{name}_{when}": side[name]
        for name in _COMPARED
        for when, side in (("before", was), ("after", now))
    }
    called = ["account_id", "name", "ou_path"]
    names = now[called].where(pd.Series(in_new >= 0), was[called])
    paired = now["govcloud_account_id"].fillna(was["govcloud_account_id"])
    return names.assign(govcloud_account_id=paired, **sides)
