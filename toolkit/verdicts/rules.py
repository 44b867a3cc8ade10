"""How rules are read: this toolkit's own as tables, and one's own checked and put in order."""

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    Finding,
    LinkEnds,
    LinkStatus,
    State,
    Verdict,
)
from toolkit.verdicts.link_rules import LINK_ROWS
from toolkit.verdicts.pair_rules import GRACE, PAIR_ROWS
from toolkit.verdicts.reconcile_rules import RECONCILE_ROWS

RECONCILE_STATES: Final = (*STANDARD_STATES, State.UNKNOWN)
"""The states of a GovCloud account that a rule on findings is for."""

_MOST_DAYS: Final = 36_500
"""The longest grace; a century is as good as for ever."""


def default_rules() -> pd.DataFrame:
    """Return a fresh copy of the rules on pairs (RULES: one row per two states) to change."""
    rows = [(*row, *GRACE.get(row[:2], (0, None))) for row in PAIR_ROWS]
    return schema.coerce(schema.RULES, pd.DataFrame(rows, columns=schema.RULES.names))


def default_link_rules() -> pd.DataFrame:
    """Return a fresh copy of the rules on links (LINK_RULES: one row per status and ends)."""
    return schema.coerce(
        schema.LINK_RULES, pd.DataFrame(LINK_ROWS, columns=schema.LINK_RULES.names)
    )


def default_reconcile_rules() -> pd.DataFrame:
    """Return a fresh copy of the rules on findings (RECONCILE_RULES: one row each and state)."""
    rows = pd.DataFrame(RECONCILE_ROWS, columns=schema.RECONCILE_RULES.names)
    return _findings_in_order(schema.coerce(schema.RECONCILE_RULES, rows))


def checked_rules(rules: pd.DataFrame) -> pd.DataFrame:
    """Return the rules in the order of the states; a text that is missing is this toolkit's own.

    So is the grace where the rules have no such columns. Raises SchemaError unless every
    combination of two states is there once, with a verdict of MATCH or MISMATCH and, for a
    mismatch, a severity; and unless days of grace, of a mismatch alone, have a severity. A match
    carries neither.
    """
    table = schema.coerce(schema.RULES, _with_grace(rules), what="the rules")
    table = _in_order(
        table, ("standard_state", "govcloud_state"), (STANDARD_STATES, GOVCLOUD_STATES)
    )
    agree = table["verdict"] == Verdict.MATCH
    disagree = table["verdict"] == Verdict.MISMATCH
    has_grace = disagree & (table["grace_days"] > 0)
    for wrong, sentence in (
        (~agree & ~disagree, "neither MATCH nor MISMATCH"),
        (disagree & table["severity"].isna(), "a mismatch without a severity"),
        (
            ~table["grace_days"].between(0, _MOST_DAYS),
            f"one without 0 to {_MOST_DAYS:,} days of grace",
        ),
        (has_grace & table["grace_severity"].isna(), "one with days of grace and no severity then"),
    ):
        if wrong.any():
            row = table[wrong].iloc[0]
            raise SchemaError(
                f"The rule for {row['standard_state']} and {row['govcloud_state']} is {sentence}.",
                "A rule is MATCH, or MISMATCH with CRITICAL, HIGH, MEDIUM or LOW.",
            )
    graces = {"grace_days": table["grace_days"].where(has_grace, 0)}
    graces["grace_severity"] = table["grace_severity"].where(has_grace)
    ruled = table.assign(severity=table["severity"].mask(agree), **graces)
    return _with_texts(ruled, default_rules)


def _with_grace(rules: pd.DataFrame) -> pd.DataFrame:
    """Return rules with days of grace: this toolkit's own where there are no such columns."""
    named = ["standard_state", "govcloud_state"]
    if not isinstance(rules, pd.DataFrame) or not set(named) <= set(rules.columns):
        return rules
    missing = [name for name in ("grace_days", "grace_severity") if name not in rules.columns]
    if not missing:
        return rules.assign(grace_days=rules["grace_days"].fillna(0))
    own = default_rules().set_index(named)[missing]
    keys = pd.MultiIndex.from_frame(rules[named].astype("str"))
    found = own.reindex(keys)
    if "grace_days" in missing:
        found = found.assign(grace_days=found["grace_days"].fillna(0))
    return rules.assign(**{name: found[name].array for name in missing})


def checked_link_rules(rules: pd.DataFrame) -> pd.DataFrame:
    """Return the rules on links in the order of statuses and ends, no text missing.

    Raises SchemaError unless every combination is there once.
    """
    table = schema.coerce(schema.LINK_RULES, rules, what="the link rules")
    table = _in_order(table, ("link_status", "ends"), (tuple(LinkStatus), tuple(LinkEnds)))
    return _with_texts(table, default_link_rules)


def checked_reconcile_rules(rules: pd.DataFrame) -> pd.DataFrame:
    """Return the rules on findings in the order of findings and states, no text missing.

    Raises SchemaError unless every combination is there once.
    """
    table = schema.coerce(schema.RECONCILE_RULES, rules, what="the reconcile rules")
    return _with_texts(_findings_in_order(table), default_reconcile_rules)


def _findings_in_order(table: pd.DataFrame) -> pd.DataFrame:
    return _in_order(table, ("finding", "state"), (tuple(Finding), RECONCILE_STATES))


def _with_texts(table: pd.DataFrame, own: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return rules, each with a meaning and an action, that of our own row where it has none."""
    texts = ["meaning", "action"]
    return table.fillna(own()[texts]) if table[texts].isna().any(axis=None) else table


def _in_order(
    table: pd.DataFrame, keys: tuple[str, str], words: tuple[Sequence[str], Sequence[str]]
) -> pd.DataFrame:
    """Return one row for each combination of words, in their order."""
    wanted = pd.MultiIndex.from_product([[str(word) for word in side] for side in words])
    given = pd.MultiIndex.from_arrays([table[key].astype("str") for key in keys])
    hint = f"{len(wanted)} rows: every {keys[0]} with every {keys[1]}, once."
    missing = wanted.difference(given, sort=False)
    if len(missing):
        raise SchemaError(f"The rules lack {missing[0][0]} with {missing[0][1]}.", hint)
    foreign = given.difference(wanted, sort=False)
    if len(foreign):
        raise SchemaError(f"No rule is possible for {foreign[0][0]} with {foreign[0][1]}.", hint)
    if given.has_duplicates:
        first, second = given[given.duplicated()][0]
        raise SchemaError(f"The rules have {first} with {second} twice.", hint)
    return table.iloc[given.get_indexer(wanted)].reset_index(drop=True)
