"""Trends over all snapshots of a store, counted from spells: no snapshot is read or judged.

A spell is in every snapshot from its first to its last, so that it is counted where it begins and
discounted where it ends; what changes meanwhile, as grace and acceptances do, cuts it in pieces.
"""

from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.analysis.counts import state_distribution, states_shown
from toolkit.analysis.history import TREND
from toolkit.schema import Outcome, Severity, Start, State, Verdict
from toolkit.spells import Spells
from toolkit.spells.spells import among_seen, runs
from toolkit.verdicts import Policy
from toolkit.verdicts.acceptances import longest
from toolkit.verdicts.pairs import judged_states
from toolkit.verdicts.since import by_states

_Numbers: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"

_KEYS: Final = ["account_id", "ou_path", "standard_state", "govcloud_state"]
_OPEN: Final = (State.CLOSED.value, State.PENDING_CLOSURE.value)


def trend_of(
    spells: Spells,
    policy: Policy | None = None,
    closures: pd.DataFrame | None = None,
    tags: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count the mismatches of all snapshots of a store, and what was left behind in each.

    Takes spells, the policy that judges, CLOSURES of all that is known of them, and TAGS, the
    last ones of each account; gives what `trend` gives of all the snapshots judged one by one,
    with `left_behind`. That counts the rules, the grace (a closure from the first snapshot after it
    on), and acceptances of accounts and units; those that name tags as if an account had always
    had its last ones, so that without TAGS what they accept is in the counts.
    """
    by, times = policy or Policy(), spells.times
    told = schema.empty(schema.TAGS) if tags is None else tags
    table = _numbered(spells.accounts, times)
    judged = judged_states(table, by.rules)
    table = table.assign(verdict=judged["verdict"], severity=judged["severity"].cat.codes)
    pieces = _pieces(table, spells, by, closures, told)
    by_severity = [
        _counted(times, pieces[pieces["severity"] == code]) for code in range(len(Severity))
    ]
    is_judged = table["verdict"].isin([Verdict.MATCH, Verdict.MISMATCH])
    of_judged = _counted(times, table[is_judged])
    whole = {
        "linked": _counted(times, table[table["outcome"] == Outcome.FOUND]),
        "unknown": _counted(times, table[table["verdict"] == Verdict.UNKNOWN]),
        "mismatch_rate": sum(by_severity) / np.where(of_judged > 0, of_judged, np.nan),
        "left_behind": _left_behind(table, spells, by, told),
    }
    found = {
        "taken": times.repeat(len(Severity)),
        "severity": np.tile([str(severity) for severity in Severity], len(times)),
        "mismatches": np.stack(by_severity, axis=1).ravel(),
        **{name: np.repeat(values, len(Severity)) for name, values in whole.items()},
    }
    return pd.DataFrame(found, columns=list(TREND)).astype(TREND)


def state_trend_of(spells: Spells) -> pd.DataFrame:
    """Count the states of the linked pairs in all snapshots of a store, as `state_trend` does."""
    times = spells.times
    table = _numbered(spells.accounts, times)
    table = table[table["outcome"] == Outcome.FOUND]
    shown, linked = states_shown(table), _counted(times, table)
    one = state_distribution(schema.empty(schema.PAIRS))
    counts = np.stack(
        [
            _counted(times, table[shown[f"{side}_state"] == state])
            for side, state in one[["side", "state"]].itertuples(index=False)
        ],
        axis=1,
    )
    whole = pd.concat([one] * len(times) or [one.iloc[:0]], ignore_index=True)
    return whole.assign(
        accounts=counts.ravel(), share=(counts / np.maximum(linked, 1)[:, None]).ravel()
    ).pipe(_dated, times.repeat(len(one)))


def _dated(table: pd.DataFrame, taken: "pd.DatetimeIndex") -> pd.DataFrame:
    table.insert(0, "taken", taken)
    return table


def _numbered(spells: pd.DataFrame, times: "pd.DatetimeIndex") -> pd.DataFrame:
    """Return spells with the numbers of their first and last snapshot, by account and time."""
    ends = {
        name: times.searchsorted(pd.DatetimeIndex(spells[time]))
        for name, time in (("first", "began"), ("last", "ended"))
    }
    key = pd.factorize(spells.iloc[:, 0])[0]
    order = np.lexsort((ends["first"], key))
    return spells.assign(key=key, **ends).iloc[order].reset_index(drop=True)


def _counted(times: "pd.DatetimeIndex", rows: pd.DataFrame) -> _Numbers:
    """Count for each snapshot of how many rows, from `first` to `last`, it is one."""
    # Of no rows at all, the places are no whole numbers by themselves.
    real = rows.loc[rows["first"] <= rows["last"], ["first", "last"]].astype("int64")
    length = len(times) + 1
    begins = np.bincount(real["first"], minlength=length)
    ends = np.bincount(real["last"] + 1, minlength=length)
    counts: _Numbers = (begins - ends).cumsum()[: len(times)]
    return counts


def _pieces(
    table: pd.DataFrame,
    spells: Spells,
    policy: Policy,
    closures: pd.DataFrame | None,
    tags: pd.DataFrame,
) -> pd.DataFrame:
    """Return the mismatches that nobody accepts in pieces of one severity: first, last, severity.

    A spell is cut where a closure is known of, where the acceptance ends, and where the grace does.
    """
    began = runs(table, spells.times, among_seen(table))[["since", "is"]]
    rows = table[table["verdict"] == Verdict.MISMATCH].join(began)
    # What was accepted counts from the day on.
    rows = rows.assign(
        first=np.maximum(rows["first"], _accepted_before(rows, spells, policy, tags))
    )
    if closures is not None:
        rows = _cut_by_closures(rows, table, spells, closures)
    days = by_states(rows, policy.rules, "grace_days").fillna(0).astype("int64")
    until = rows["since"] + pd.to_timedelta(days, unit="D")
    after = spells.times.searchsorted(pd.DatetimeIndex(until))
    after = np.where((rows["is"] != Start.AT_LEAST) & (days > 0), after, 0)
    then = by_states(rows, policy.rules, "grace_severity").cat.codes
    mild = rows.assign(
        last=np.minimum(rows["last"], after - 1), severity=np.maximum(rows["severity"], then)
    )
    grave = rows.assign(first=np.maximum(rows["first"], after))
    return pd.concat([mild, grave], ignore_index=True)[["first", "last", "severity"]]


def _accepted_before(
    rows: pd.DataFrame, spells: Spells, policy: Policy, tags: pd.DataFrame
) -> _Numbers:
    """Return of each row the number of the first snapshot in which nobody accepts it any more."""
    told = policy.acceptances.sort_values("until", kind="stable", ignore_index=True)
    hits = longest(rows[_KEYS], told, tags)
    ends = np.zeros(len(rows), dtype="int64")
    until = pd.DatetimeIndex(told["until"].iloc[hits.to_numpy()])
    ends[hits.index] = spells.times.searchsorted(until)
    return ends


def _cut_by_closures(
    rows: pd.DataFrame, table: pd.DataFrame, spells: Spells, closures: pd.DataFrame
) -> pd.DataFrame:
    """Return rows in pieces: from a closure on, `since` is that closure.

    One before a snapshot that shows the account open again is of no spell after it.
    """
    is_open = table["standard_state"].notna() & ~table["standard_state"].isin(_OPEN)
    seen_open = table["ended"].where(is_open).groupby(table["key"]).ffill()
    follows = (rows["standard_state"] == State.CLOSED) & (rows["govcloud_state"] != State.CLOSED)
    told = closures.dropna(subset="closed_at")[["account_id", "closed_at"]].drop_duplicates()
    cut = rows[follows].assign(spell=rows.index[follows], seen_open=seen_open)
    cut = cut.merge(told, on="account_id")
    cut = cut[~(cut["seen_open"] > cut["closed_at"])]
    known = spells.times.searchsorted(pd.DatetimeIndex(cut["closed_at"]))
    cut = cut.assign(
        first=np.maximum(cut["first"], known), since=cut["closed_at"], **{"is": Start.CLOSURE.value}
    )
    whole = pd.concat([rows.assign(spell=rows.index), cut[cut["first"] <= cut["last"]]])
    whole = whole.sort_values(["spell", "first", "closed_at"], na_position="first", kind="stable")
    # Each piece lasts until the next one of its spell begins.
    next_ = whole["first"].shift(-1).where(whole["spell"] == whole["spell"].shift(-1))
    last = np.minimum(whole["last"], (next_ - 1).fillna(len(spells.times)).astype("int64"))
    return whole.assign(last=last).reset_index(drop=True)


def _left_behind(
    table: pd.DataFrame, spells: Spells, policy: Policy, tags: pd.DataFrame
) -> _Numbers:
    """Count for each snapshot the pairs that were left behind, and that nobody accepts.

    They are the gaps in which no snapshot lists an account that had a GovCloud account.
    """
    times, by_account = spells.times, table.groupby("key")
    place = pd.Series(np.arange(len(table)), index=table.index)
    of = {
        outcome: place.where(table["outcome"] == outcome).groupby(table["key"]).ffill()
        for outcome in (Outcome.FOUND, Outcome.NOT_LINKED)
    }
    until = by_account["first"].shift(-1).fillna(len(times)).astype("int64") - 1
    gaps = table.assign(
        first=table["last"] + 1, last=until, found=of[Outcome.FOUND], none=of[Outcome.NOT_LINKED]
    )
    gaps = gaps[(gaps["first"] <= gaps["last"]) & gaps["found"].notna()]
    # Nobody is missed who was seen to have none after having one.
    gaps = gaps[~(gaps["none"] > gaps["found"])].reset_index(drop=True)
    pairs = table.iloc[gaps["found"].astype("int64")].reset_index(drop=True)
    had = ["govcloud_account_id", "govcloud_state"]
    gaps = gaps.assign(**{name: pairs[name] for name in had}, seen=pairs["last"])
    gaps = gaps[gaps["govcloud_account_id"].notna() & (gaps["govcloud_state"] != State.CLOSED)]
    gaps = gaps.assign(
        first=np.maximum(gaps["first"], _accepted_before(gaps, spells, policy, tags)),
        last=np.minimum(gaps["last"], _had_by_another(gaps, table, len(times)) - 1),
    )
    return _counted(times, gaps) - _counted(times, _closed_gaps(gaps, spells))


def _had_by_another(gaps: pd.DataFrame, table: pd.DataFrame, never: int) -> pd.Series:
    """Return the number of the snapshot that first shows another account with the GovCloud one."""
    found = table[table["outcome"] == Outcome.FOUND]
    both = gaps.reset_index()[["index", "govcloud_account_id", "seen"]].merge(
        found[["govcloud_account_id", "first", "last"]], on="govcloud_account_id"
    )
    both = both[both["last"] > both["seen"]]
    both = both.assign(since=np.maximum(both["first"], both["seen"] + 1))
    since: pd.Series = both.groupby("index")["since"].min().reindex(gaps.index)
    return since.fillna(never).astype("int64")


def _closed_gaps(gaps: pd.DataFrame, spells: Spells) -> pd.DataFrame:
    """Return the parts of gaps in which the witness's last word since is that it is closed."""
    witness = _numbered(spells.witness, spells.times)
    next_ = witness.groupby("key")["first"].shift(-1).fillna(len(spells.times)).astype("int64")
    closed = witness.assign(until=next_ - 1)[witness["state"] == State.CLOSED]
    both = gaps[["govcloud_account_id", "first", "last", "seen"]].merge(
        closed[["govcloud_account_id", "first", "last", "until"]],
        on="govcloud_account_id",
        suffixes=("", "_closed"),
    )
    # Only a list that was seen since, or with the last look-up, says more than that look-up.
    looked = spells.times.searchsorted(spells.witnessed)
    looked = np.append(looked, len(spells.times))[np.searchsorted(looked, both["seen"])]
    both = both[looked <= both["last_closed"]].assign(looked=looked[looked <= both["last_closed"]])
    begun = both[["first", "first_closed", "looked"]].max(axis="columns")
    return pd.DataFrame({"first": begun, "last": both[["last", "until"]].min(axis="columns")})
