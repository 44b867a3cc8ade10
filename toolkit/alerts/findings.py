"""Findings: all of a judged snapshot that somebody has to act on, in one table, each once."""

from typing import Final

import pandas as pd

from toolkit import schema
from toolkit.schema import FINDINGS, Finding, Severity, Verdict
from toolkit.verdicts import Judged

LEFT: Final = "LEFT_BEHIND"
MISMATCH: Final = Verdict.MISMATCH.value
UNKNOWN: Final = Verdict.UNKNOWN.value

KEY: Final = ["kind", "account_id", "govcloud_account_id"]
"""What makes a finding the same one later, whatever its states, its severity and its owner."""

_STATES: Final = ["standard_state", "govcloud_state"]


def findings(judged: Judged) -> pd.DataFrame:
    """Return FINDINGS of a judged snapshot, worst first, what was accepted among them.

    They are the pairs that disagree or could not be judged, what was left behind, and what two
    organizations say of a GovCloud account that has a severity. An account that was left behind and
    is in the GovCloud organization's list is one finding, of the graver severity. Whoever accepted
    it has accepted both, as long as that list shows it in the state that was accepted; no other
    finding of two organizations is covered by the acceptance of a pair.
    """
    pairs, left = judged.pairs, judged.left_behind
    mismatches = pairs[pairs["verdict"] == Verdict.MISMATCH].assign(kind=MISMATCH)
    unknown = pairs[pairs["verdict"] == Verdict.UNKNOWN].assign(kind=UNKNOWN)
    reconciled = judged.reconciled
    reconciled = reconciled[reconciled["severity"].notna()]
    outlived = reconciled[reconciled["finding"] == Finding.PAIR_LEFT_LIST]
    left, told = _with_witness(left, outlived)
    others = _named(reconciled.drop(told), judged)
    rows = [mismatches, unknown, left.assign(kind=LEFT, since=left["last_seen"]), others]
    tables = [schema.coerce(FINDINGS, one) for one in rows]
    return in_order(pd.concat(tables, ignore_index=True))


def keys_of(found: pd.DataFrame) -> pd.Index:
    """Return what tells each finding from others, in this snapshot and in every other."""
    return pd.Index(pd.MultiIndex.from_frame(found[KEY].astype("object").fillna("")))


def is_accepted(found: pd.DataFrame) -> pd.Series:
    """Say of each finding whether somebody answers for it."""
    accepted: pd.Series = found["accepted_until"].notna()
    return accepted


def is_grave(found: pd.DataFrame, least: Severity) -> pd.Series:
    """Say of each finding whether its severity is that one or a graver one."""
    grave: pd.Series = found["severity"].notna() & (found["severity"] <= least.value)
    return grave


def is_added(found: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Say of each finding whether it was not there before, in these states and at least as grave.

    What was accepted before was not there.
    """
    old = before[~is_accepted(before)]
    places = _exactly(old).get_indexer(_exactly(found))
    was = old["severity"].cat.codes.to_numpy()[places] if len(old) else places
    graver = (found["severity"].cat.codes.to_numpy() < was) & (places >= 0)
    return pd.Series((places < 0) | graver, index=found.index)


def in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Return findings worst first, those without a severity last."""
    order = pd.DataFrame(
        {
            "severity": found["severity"].cat.codes.replace(-1, len(Severity)),
            "kind": found["kind"].cat.codes,
            "name": found["name"].str.casefold(),
            "account": found["account_id"],
            "govcloud": found["govcloud_account_id"],
        }
    )
    rows = order.sort_values(list(order.columns), kind="stable").index
    return found.loc[rows].reset_index(drop=True)


def _exactly(found: pd.DataFrame) -> pd.Index:
    columns = found[[*KEY, *_STATES]].astype("object").fillna("")
    return pd.Index(pd.MultiIndex.from_frame(columns))


def _with_witness(left: pd.DataFrame, outlived: pd.DataFrame) -> tuple[pd.DataFrame, pd.Index]:
    """Return LEFT_BEHIND as grave as the witness has it, and the findings that say no more."""
    by = outlived.set_index("govcloud_account_id")
    ids = pd.Index(left["govcloud_account_id"])
    known = by.reindex(ids).set_axis(left.index)
    state = known["state_by_witness"]
    # An acceptance is of two states: what the list shows in another one, nobody has accepted.
    other = left["accepted_until"].notna() & state.notna() & (state != left["govcloud_state"])
    graver = known["severity"].notna() & ~other & left["accepted_until"].isna()
    graver &= known["severity"].cat.codes < left["severity"].cat.codes
    said = {
        name: left[name].mask(graver, known[name]) for name in ("severity", "meaning", "action")
    }
    same = outlived.index[outlived["govcloud_account_id"].isin(ids[~other.to_numpy()])]
    return left.assign(**said), same


def _named(reconciled: pd.DataFrame, judged: Judged) -> pd.DataFrame:
    """Return RECONCILED with what its accounts are called, who owns them, and their states."""
    columns = ["account_id", "name", "ou_path", "standard_state", "owner"]
    known = pd.concat([judged.pairs[columns], judged.left_behind[columns]], ignore_index=True)
    known = known.drop_duplicates("account_id").set_index("account_id")
    there = known.reindex(pd.Index(reconciled["account_id"])).set_axis(reconciled.index)
    witness = judged.snapshot.witness.drop_duplicates("govcloud_account_id")
    called = reconciled["govcloud_account_id"].map(witness.set_index("govcloud_account_id")["name"])
    return reconciled.assign(
        **{name: there[name] for name in columns[1:]},
        kind=reconciled["finding"].astype("str"),
        govcloud_state=reconciled["state_by_witness"].fillna(reconciled["state_by_pair"]),
    ).assign(name=there["name"].fillna(called))
