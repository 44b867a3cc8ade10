"""Judging pairs: every standard account gets a verdict by one look-up in a table of cases."""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_RUN_AGAIN: Final = "Run the collection again: only the accounts without an answer are asked."

_NOT_SEEN: Final = {
    Outcome.NOT_QUERYABLE: (
        (
            "This caller cannot ask about this account: a delegated administrator may name only"
            " member accounts, never the management account."
        ),
        "Collect once with the management account's credentials to see this pair.",
    ),
    Outcome.ACCESS_DENIED: (
        "AWS denied the look-up, so the GovCloud side was not seen.",
        (
            "Allow account:GetGovCloudAccountInformation, and ask from the management account or a"
            " delegated administrator for account.amazonaws.com with trusted access enabled."
        ),
    ),
    Outcome.UNAVAILABLE: (
        "AWS could not answer for this account, although it was asked several times.",
        _RUN_AGAIN,
    ),
    Outcome.THROTTLED: (
        "AWS refused the look-up as too fast until the end of the run.",
        _RUN_AGAIN,
    ),
    Outcome.INVALID: (
        "AWS refused the look-up as invalid, so the GovCloud side was not seen.",
        "Read the detail of this account, and check that its id is right.",
    ),
    Outcome.FAILED: (
        "No usable answer arrived for this account, so the GovCloud side was not seen.",
        _RUN_AGAIN,
    ),
}
"""What an outcome that saw nothing means, and what would mend it."""

_JUDGED: Final = ("verdict", "severity", "meaning", "action")
_NOT_LOOKED_UP: Final = "This account was not looked up."


class _Cases(NamedTuple):
    """Every case a pair can be in, and where to find it by outcome and the two states."""

    table: pd.DataFrame
    """One row per case: verdict, severity, meaning, action."""
    of: np.ndarray[tuple[int, int, int], np.dtype[np.int16]]
    """[outcome, standard, GovCloud] → row; the last place of a state is for any other one."""


def verdicts_on(
    accounts: pd.DataFrame, govcloud: pd.DataFrame, rules: pd.DataFrame
) -> pd.DataFrame:
    """Judge every pair of ACCOUNTS and GOVCLOUD by the two states alone; see `judge_pairs`.

    `rules` are checked RULES.
    """
    standard = schema.checked(schema.ACCOUNTS, accounts)
    looked_up = schema.checked(schema.GOVCLOUD, govcloud)
    pairs = _joined(standard, looked_up)
    found = judged_states(pairs, rules)
    for name in _JUDGED:
        pairs[name] = found[name]
    return schema.complete(schema.PAIRS, pairs)


def judged_states(rows: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Return `verdict`, `severity`, `meaning` and `action`, row by row.

    Takes rows with `outcome` and both states, and checked RULES.
    """
    cases = _cases(rules)
    case = cases.of[
        rows["outcome"].cat.codes.to_numpy(),
        _codes(rows["standard_state"], STANDARD_STATES),
        _codes(rows["govcloud_state"], GOVCLOUD_STATES),
    ]
    found = {name: cases.table[name].array.take(case) for name in _JUDGED}
    return pd.DataFrame(found, index=rows.index)


def mismatches(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that disagree (PAIRS: one row per standard account), worst first.

    Those that somebody accepted stand at the end. Pairs of one severity follow the order of the
    standard states, then name and id. Columns of one's own stay. Raises SchemaError for whatever is
    no PAIRS.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    found = pairs[pairs["verdict"] == Verdict.MISMATCH]
    order = pd.DataFrame(
        {
            "accepted": found["accepted_until"].notna(),
            "severity": found["severity"].cat.codes,
            "state": _codes(found["standard_state"], STANDARD_STATES),
            "name": found["name"].str.casefold(),
            "account_id": found["account_id"],
        },
        index=found.index,
    ).reset_index(drop=True)
    rows = order.sort_values(list(order.columns), kind="stable").index
    return found.iloc[rows].reset_index(drop=True)


def _joined(accounts: pd.DataFrame, govcloud: pd.DataFrame) -> pd.DataFrame:
    """Return both sides beside each other, no row of either lost."""
    ids = unique_ids(accounts, "accounts")
    asked = ids if govcloud["account_id"].equals(accounts["account_id"]) else None
    if asked is None:
        asked = unique_ids(govcloud, "GovCloud")
        only_asked = asked[ids.get_indexer(asked) < 0]
        ids = ids.append(only_asked)
        accounts = accounts.reindex(np.r_[: len(accounts), np.full(len(only_asked), -1)])
        accounts = accounts.assign(account_id=ids.array)
        govcloud = govcloud.reindex(asked.get_indexer(ids))
    sides = (accounts.reset_index(drop=True), govcloud.reset_index(drop=True))
    pairs = sides[0][schema.ACCOUNTS.names].assign(
        **{name: sides[1][name] for name in schema.GOVCLOUD.names if name != "account_id"}
    )
    for side, table in zip(sides, (schema.ACCOUNTS, schema.GOVCLOUD), strict=True):
        for name in schema.own_columns(table, side):
            # What was judged before is judged anew; it is no column of the user's own. But who
            # answers for an account may stand in one's own table.
            if name not in schema.PAIRS.names or (name == "owner" and name not in pairs):
                pairs[schema.free_name(name, pairs.columns)] = side[name]
    not_asked = pairs["outcome"].isna()
    if not not_asked.any():
        return pairs
    return pairs.assign(
        outcome=pairs["outcome"].mask(not_asked, Outcome.FAILED),
        detail=pairs["detail"].mask(not_asked, _NOT_LOOKED_UP),
    )


def unique_ids(table: pd.DataFrame, which: str) -> "pd.Index[str]":
    """Return the ids of a table; raises SchemaError where an account is there twice."""
    ids = table["account_id"]
    twice = ids.duplicated()
    if twice.any():
        raise SchemaError(
            f"Account {ids[twice].iloc[0]} is in the {which} table more than once.",
            "One row per standard account: drop the rows that are not wanted.",
        )
    unique: pd.Index[str] = pd.Index(ids)
    return unique


def _codes(values: pd.Series, words: "Sequence[str]") -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the place of each value among the words, -1 for any other or none."""
    codes, seen = pd.factorize(values)
    places = pd.Index([str(word) for word in words], dtype="str").get_indexer(pd.Index(seen))
    return np.append(places, -1)[codes]


def _cases(rules: pd.DataFrame) -> _Cases:
    shape = (len(STANDARD_STATES), len(GOVCLOUD_STATES))
    others = [(Verdict.NOT_LINKED, "No GovCloud account is linked to it.", "Nothing to do.")]
    others += [(Verdict.UNKNOWN, *_NOT_SEEN[outcome]) for outcome in _NOT_SEEN]
    others += [(Verdict.UNKNOWN, *_unheard_of(side)) for side in ("standard", "GovCloud", "both")]
    rows = pd.DataFrame(others, columns=["verdict", "meaning", "action"]).assign(severity=None)
    table = pd.DataFrame(
        {
            name: pd.array(
                [*rules[name].astype("object"), *rows[name]], dtype=schema.PAIRS[name].dtype
            )
            for name in _JUDGED
        }
    )
    outcomes = tuple(Outcome)
    of = np.empty((len(outcomes), shape[0] + 1, shape[1] + 1), dtype=np.int16)
    for number, outcome in enumerate((Outcome.NOT_LINKED, *_NOT_SEEN)):
        of[outcomes.index(outcome)] = len(rules) + number
    found = of[outcomes.index(Outcome.FOUND)]
    found[:-1, :-1] = np.arange(len(rules)).reshape(shape)
    found[-1, :-1], found[:-1, -1], found[-1, -1] = range(len(table) - 3, len(table))
    return _Cases(table, of)


def _unheard_of(side: str) -> tuple[str, str]:
    """Say that a state is missing or not one of the vocabulary, on one side or on both."""
    if side == "both":
        return (
            "Neither state can be judged: each is missing, or a word this toolkit does not know.",
            "Compare both states with AWS's documentation, and update the toolkit if they are new.",
        )
    if side == "standard":
        return (
            "The standard state is missing, or a word this toolkit does not know.",
            (
                "Check that the account is in the organization's list, and update the toolkit if"
                " its state is new."
            ),
        )
    return (
        "The GovCloud state is missing, or a word this toolkit does not know.",
        "Compare it with AWS's documentation, and update the toolkit if the state is new.",
    )
