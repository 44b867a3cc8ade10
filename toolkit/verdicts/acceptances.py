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

_STATES: Final = ("standard_state", "govcloud_state")
_NEEDED: Final = "Every acceptance needs them."
_SAID: Final = ("accepted_until", "accepted_by", "accepted_reason")


def checked_acceptances(acceptances: pd.DataFrame) -> pd.DataFrame:
    """Return ACCEPTANCES, in the order in which they are given.

    Raises SchemaError unless each names accounts, a unit or tags, two states that are known, a
    reason and an owner. The two states may agree: an account that has left behind one that was
    active may have been active itself.
    """
    table = schema.coerce(ACCEPTANCES, acceptances, what="the acceptances")
    named = table[["account_id", "ou", "tags"]].notna().any(axis="columns")
    blank = (table[["reason", "owner"]].apply(lambda texts: texts.str.strip()) == "").any(axis=1)
    foreign = pd.Series(data=False, index=table.index)
    for name in _STATES:
        foreign |= ~table[name].isin(list(map(str, ACCEPTANCES[name].vocabulary)))
    for wrong, sentence, hint in (
        (~named, "names no account, no unit and no tag", _NEEDED),
        (blank, "has no reason or no owner", _NEEDED),
        (
            foreign,
            "is of a state that nobody knows",
            "What is UNKNOWN is never accepted; name the two states as PAIRS has them.",
        ),
    ):
        if wrong.any():
            raise SchemaError(f"Acceptance {table['entry'][wrong].iloc[0]} {sentence}.", hint)
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
    if acceptances.empty:
        return rows.assign(
            **{name: pd.Series(index=rows.index, dtype=PAIRS[name].dtype) for name in names}
        )
    can = np.arange(len(rows))
    if "verdict" in rows.columns:
        can = np.flatnonzero(rows["verdict"] == Verdict.MISMATCH)
    told = acceptances.sort_values("until", kind="stable", ignore_index=True)
    hits = longest(rows.iloc[can], told, tags)
    entry = told.iloc[hits.to_numpy()]
    values = {
        "accepted_until": entry["until"].where(entry["until"] > taken),
        "accepted_by": entry["owner"],
        "accepted_reason": entry["reason"],
    }
    index = rows.index[can[hits.index]]
    found = {
        name: pd.Series(values[name].array, index=index, dtype=PAIRS[name].dtype).reindex(
            rows.index
        )
        for name in names
    }
    return rows.assign(**found)


def longest(rows: pd.DataFrame, acceptances: pd.DataFrame, tags: pd.DataFrame) -> pd.Series:
    """Return the place of the acceptance that counts, by the place of the row that it is of.

    Takes ACCEPTANCES in the order of their days; rows that no one accepted are not in it.
    """
    hits = _hits(rows, acceptances, tags).sort_values("acceptance", kind="stable")
    counts: pd.Series = hits.drop_duplicates("row", keep="last").set_index("row")["acceptance"]
    return counts


def _hits(rows: pd.DataFrame, acceptances: pd.DataFrame, tags: pd.DataFrame) -> pd.DataFrame:
    """Return which row each acceptance is of: `row` and `acceptance`, both by place."""
    alone = acceptances["account_id"].notna() & acceptances[["ou", "tags"]].isna().all(axis=1)
    # Most name one account and no more: they are found together.
    keys = ["account_id", *_STATES]
    given = acceptances.loc[alone, keys].assign(acceptance=np.flatnonzero(alone))
    parts = [rows[keys].assign(row=np.arange(len(rows))).merge(given, on=keys)]
    for place in np.flatnonzero(~alone):
        hit = np.flatnonzero(matched(rows, tags, acceptances.iloc[place].to_dict()))
        parts.append(pd.DataFrame({"row": hit, "acceptance": place}))
    return pd.concat(parts, ignore_index=True)[["row", "acceptance"]]


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
    hits = _hits(rows, acceptances, tags)
    matches = pd.DataFrame(
        {
            "entry": acceptances["entry"].to_numpy()[hits["acceptance"]],
            "account_id": rows["account_id"].to_numpy()[hits["row"]],
        }
    )
    counts = matches.groupby("entry")["account_id"].nunique()
    first = acceptances.drop_duplicates("entry")
    return pd.DataFrame(
        {
            "entry": first["entry"].to_numpy(),
            "accounts": counts.reindex(first["entry"], fill_value=0).to_numpy("int64"),
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
