"""From COUNTS to what a policy says of them: the rules, applied to combinations."""

from typing import Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import COUNTS, FLEET_TREND, Outcome, Severity, Verdict
from toolkit.store.keys import TAKEN
from toolkit.verdicts import Policy
from toolkit.verdicts.pairs import judged_states

SNAPSHOT: Final = ["organization_id", "taken"]
COMBINATION: Final = ["outcome", "standard_state", "govcloud_state"]
_TWICE: Final = "twice"


def counts_from(frame: pd.DataFrame) -> pd.DataFrame:
    """Return COUNTS of what an SQL engine counted, checked, by organization and time.

    Takes what `counts.sql` gives: COUNTS, and beside them `twice`, how many accounts of a row are
    in the snapshot more than once, which nobody can count. Raises SchemaError where there are any,
    where a combination is there twice, and for what COUNTS cannot hold.
    """
    table = schema.coerce(COUNTS, frame, what="what was counted", own=True)
    if _TWICE in table:
        often = pd.to_numeric(table.pop(_TWICE))
        if (often > 0).any():
            first = table[often > 0].head(1)
            snapshot_id = first["organization_id"] + "/" + first["taken"].dt.strftime(TAKEN)
            raise SchemaError(
                f"{snapshot_id.iloc[0]} was counted with an account that is there twice.",
                "Leave that snapshot out of the runs, or collect again.",
            )
    twice = table.duplicated([*SNAPSHOT, *COMBINATION])
    if twice.any():
        raise SchemaError("A combination is there twice.")
    return table.sort_values(SNAPSHOT, kind="stable", ignore_index=True)


def ordered(counts: pd.DataFrame) -> pd.DataFrame:
    """Return COUNTS by organization, time and combination, whoever counted."""
    return counts.sort_values([*SNAPSHOT, *COMBINATION], kind="stable", ignore_index=True)


def trend(counts: pd.DataFrame, policy: Policy | None = None) -> pd.DataFrame:
    """Count the mismatches of each snapshot: one row per organization, snapshot and severity.

    Takes COUNTS and the policy whose rules judge; gives `organization_id` and what `analysis.trend`
    gives but `left_behind`. Grace and acceptances are of accounts, which COUNTS do not know: a
    mismatch in grace counts as what it is after it, and one that somebody accepts counts.
    """
    table = schema.checked(COUNTS, counts)
    judged = judged_states(table, (policy or Policy()).rules)
    accounts, verdict = table["accounts"], judged["verdict"]
    disagree = judged["severity"].where(verdict == Verdict.MISMATCH)
    parts = {
        **{str(one): accounts.where(disagree == one, 0) for one in Severity},
        "linked": accounts.where(table["outcome"] == Outcome.FOUND, 0),
        "unknown": accounts.where(verdict == Verdict.UNKNOWN, 0),
        "judged": accounts.where(verdict.isin([Verdict.MATCH, Verdict.MISMATCH]), 0),
    }
    keys = [table[name] for name in SNAPSHOT]
    whole = pd.DataFrame(parts).groupby(keys, sort=True).sum().reset_index()
    by_severity = whole[[str(one) for one in Severity]].to_numpy()
    rate = by_severity.sum(axis=1) / whole["judged"].where(whole["judged"] > 0)
    rows = whole[[*SNAPSHOT, "linked", "unknown"]].assign(mismatch_rate=rate)
    long = rows.loc[rows.index.repeat(len(Severity))].reset_index(drop=True)
    long = long.assign(
        severity=np.tile([str(one) for one in Severity], len(whole)),
        mismatches=by_severity.ravel(),
    )
    names = [name for name in FLEET_TREND.names if name != "left_behind"]
    return long[names].astype({name: FLEET_TREND[name].dtype for name in names})
