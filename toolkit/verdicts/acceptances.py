"""Acceptances: known mismatches that somebody answers for, until a day."""

import json
from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import ACCEPTANCES, PAIRS, Verdict
from toolkit.verdicts.units import within

MOST_DAYS: Final = 365
"""How many days ahead an acceptance may last."""

_SAID: Final = ("accepted_until", "accepted_by", "accepted_reason")


def checked_acceptances(acceptances: pd.DataFrame) -> pd.DataFrame:
    """Return ACCEPTANCES, in the order in which they are given.

    Raises SchemaError unless each names accounts, a unit or tags, two states of which one may
    disagree with the other, a reason and an owner.
    """
    table = schema.coerce(ACCEPTANCES, acceptances, what="the acceptances")
    named = table[["account_id", "ou", "tags"]].notna().any(axis="columns")
    blank = (table[["reason", "owner"]].apply(lambda texts: texts.str.strip()) == "").any(axis=1)
    for wrong, sentence in (
        (~named, "names no account, no unit and no tag"),
        (blank, "has no reason or no owner"),
    ):
        if wrong.any():
            entry = table["entry"][wrong].iloc[0]
            raise SchemaError(f"Acceptance {entry} {sentence}.", "Every acceptance needs them.")
    table["tags"].dropna().map(_tags)
    return table


def with_acceptances(
    rows: pd.DataFrame, acceptances: pd.DataFrame, tags: pd.DataFrame, taken: pd.Timestamp
) -> pd.DataFrame:
    """Return PAIRS or LEFT_BEHIND with who accepted what, as of when the snapshot was taken.

    Only a mismatch, or what was left behind, can be accepted. Where the day has come, the row
    keeps who accepted it and why, but no day: the acceptance has ended. Of several, the one that
    lasts longest counts.
    """
    names = [name for name in _SAID if name in rows.columns]
    found = {name: pd.Series(None, index=rows.index, dtype=PAIRS[name].dtype) for name in names}
    can = (
        rows["verdict"] == Verdict.MISMATCH
        if "verdict" in rows.columns
        else pd.Series(True, index=rows.index)
    )
    told = acceptances.sort_values("until", kind="stable")
    for entry in told.to_dict("records"):
        hit = can & matched(rows, tags, entry)
        values = {
            "accepted_until": entry["until"] if entry["until"] > taken else pd.NaT,
            "accepted_by": entry["owner"],
            "accepted_reason": entry["reason"],
        }
        found = {name: column.mask(hit, values[name]) for name, column in found.items()}
    return rows.assign(**{name: found[name].astype(PAIRS[name].dtype) for name in names})


def matched(rows: pd.DataFrame, tags: pd.DataFrame, entry: Mapping[Hashable, Any]) -> pd.Series:
    """Say of each row whether an acceptance is of it: all that it names must hold, both states."""
    hit: pd.Series = (rows["standard_state"] == entry["standard_state"]).fillna(False)
    hit &= (rows["govcloud_state"] == entry["govcloud_state"]).fillna(False)
    if not hit.any():
        return hit
    if pd.notna(entry["account_id"]):
        hit &= rows["account_id"] == entry["account_id"]
    if pd.notna(entry["ou"]):
        hit &= within(rows["ou_path"], str(entry["ou"]))
    if pd.notna(entry["tags"]):
        for key, value in _tags(str(entry["tags"])).items():
            having = tags["account_id"][(tags["key"] == key) & (tags["value"] == value)]
            hit &= rows["account_id"].isin(having)
    return hit


def entries(
    acceptances: pd.DataFrame, rows: pd.DataFrame, tags: pd.DataFrame, taken: pd.Timestamp
) -> pd.DataFrame:
    """Return what became of each entry of a policy: one row per entry, in their order.

    Takes ACCEPTANCES and what may be accepted (rows of PAIRS and LEFT_BEHIND, with `account_id`,
    `ou_path` and both states). Gives `entry`, `accounts` that it matches, `owner`, `reason`,
    `until`, and `ended`, whether its day has come.
    """
    counts: dict[object, set[str]] = {}
    for entry in acceptances.to_dict("records"):
        ids = rows["account_id"][matched(rows, tags, entry)]
        counts.setdefault(entry["entry"], set()).update(ids)
    first = acceptances.drop_duplicates("entry")
    return pd.DataFrame(
        {
            "entry": first["entry"].to_numpy(),
            "accounts": np.array([len(counts[entry]) for entry in first["entry"]], dtype="int64"),
            "owner": first["owner"].to_numpy(),
            "reason": first["reason"].to_numpy(),
            "until": first["until"].array,
            "ended": (first["until"] <= taken).to_numpy(),
        }
    )


def _tags(text: str) -> dict[str, str]:
    """Read the tags that an acceptance names; raises SchemaError where they are none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise SchemaError(
            f"'{text}' names no tags of an acceptance.", 'Write JSON such as {"stage": "sunset"}.'
        )
    return found
