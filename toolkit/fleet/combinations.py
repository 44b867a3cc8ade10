"""From COUNTS to what a policy says of them: the rules, applied to combinations."""

from typing import Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import COUNTS, FLEET_TREND, Outcome, Severity, Verdict
from toolkit.store.keys import snapshot_id
from toolkit.text import as_text, printable
from toolkit.verdicts import Policy
from toolkit.verdicts.pairs import judged_states

SNAPSHOT: Final = ["organization_id", "taken"]
COMBINATION: Final = ["outcome", "standard_state", "govcloud_state"]

_TEXTS: Final = ["organization_id", *COMBINATION]
_TWICE: Final = "twice"
_WHAT: Final = "the table of counts"
_MOST: Final = 2**53
_FOLDER: Final = r"T(\d\d)-(\d\d)-(\d\d)Z$"
"""How the time in the name of a folder ends, which may have no colons."""


def counts_from(frame: pd.DataFrame) -> pd.DataFrame:
    """Return COUNTS of what an SQL engine counted, checked, by organization and time.

    Takes what `counts.sql` gives: COUNTS, and beside them `twice`, how many accounts of a row are
    in the snapshot more than once, which nobody can count. A time may be a text as folders have it,
    or a time, of UTC where it names no zone; a text that is empty is missing; other columns stay
    behind. Raises SchemaError where an account or a combination is there twice, where a number is
    no whole number of accounts, and for whatever else COUNTS cannot hold.
    """
    given = schema.check(COUNTS, frame, what=_WHAT).reset_index(drop=True)
    texts = {name: as_text(given[name]) for name in _TEXTS if name in given}
    plain = given.assign(
        **{name: text.mask(text.str.strip() == "") for name, text in texts.items()},
        taken=_times(given["taken"]),
        accounts=_numbers(given["accounts"], "accounts"),
    )
    table = schema.coerce(COUNTS, plain, what=_WHAT, own=True)
    if _TWICE in table:
        often = _numbers(table.pop(_TWICE), _TWICE) > 0
        if often.any():
            raise SchemaError(
                f"{_snapshot(table[often])} was counted with an account that is there twice.",
                "Leave that snapshot out of the runs, or collect again.",
            )
    again = table.duplicated([*SNAPSHOT, *COMBINATION])
    if again.any():
        words = table.loc[again, COMBINATION].astype("str").fillna("none").iloc[0]
        raise SchemaError(
            f"{_snapshot(table[again])} was counted with {printable(', '.join(words))} twice.",
            "One row per combination: group by outcome and both states, and nothing else.",
        )
    return ordered(table)


def _times(values: pd.Series) -> pd.Series:
    """Return times, a text as a folder is called with its colons."""
    if pd.api.types.is_numeric_dtype(values):
        raise SchemaError(
            "The table of counts has numbers as taken, of which nobody knows what they count.",
            "Pass times, or texts such as 2026-11-22T03-00-00Z.",
        )
    if pd.api.types.is_datetime64_any_dtype(values):
        return values
    text: pd.Series = as_text(values).str.replace(_FOLDER, r"T\1:\2:\3Z", regex=True)
    return text


def _numbers(values: pd.Series, name: str) -> pd.Series:
    """Return whole numbers, in whatever type an engine has them; raises SchemaError for others."""
    numbers = pd.to_numeric(as_text(values), errors="coerce")
    wrong = ~((numbers >= 0) & (numbers % 1 == 0) & (numbers < _MOST))
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise SchemaError(
            f"The table of counts has {name} '{printable(str(values.iloc[row]))}' in row {row + 1},"
            " which is no number of accounts.",
            "Count whole accounts.",
        )
    return numbers.astype("int64")


def _snapshot(rows: pd.DataFrame) -> str:
    """Return the id of the snapshot that the first row is of."""
    first = rows.iloc[0]
    return snapshot_id(printable(first["organization_id"]), first["taken"])


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
