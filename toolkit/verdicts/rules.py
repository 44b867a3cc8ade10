"""The rules that judge a pair, one row for each combination of two states; and how rules are read.

The severities are this project's judgement, so the table is data: read it, change a copy, pass it.
"""

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
from toolkit.schema import Severity as Sev
from toolkit.verdicts.link_rules import LINK_ROWS
from toolkit.verdicts.reconcile_rules import RECONCILE_ROWS

RECONCILE_STATES: Final = (*STANDARD_STATES, State.UNKNOWN)
"""The states of a GovCloud account that a rule on findings is for."""

_PAIR_ROWS: Final = (
    (
        *(State.PENDING_ACTIVATION, State.PENDING_ACTIVATION, Verdict.MATCH, None),
        "Sign-up was never finished on either side.",
        "Nothing to align; finish both sign-ups if the pair is still wanted.",
    ),
    (
        *(State.PENDING_ACTIVATION, State.ACTIVE, Verdict.MISMATCH, Sev.HIGH),
        (
            "The payer is incomplete while GovCloud runs: its usage is billed to an account whose"
            " sign-up never finished."
        ),
        "Finish the sign-up of the standard account, its payment method first.",
    ),
    (
        *(State.PENDING_ACTIVATION, State.SUSPENDED, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer's sign-up never finished, and AWS has restricted the GovCloud account.",
        "Finish the sign-up of the standard account, then settle the restriction with AWS Support.",
    ),
    (
        *(State.PENDING_ACTIVATION, State.CLOSED, Verdict.MISMATCH, Sev.LOW),
        "The GovCloud account is closed; only a standard account that was never activated is left.",
        "Decide whether the standard account is still wanted: finish its sign-up or close it.",
    ),
    (
        *(State.ACTIVE, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.LOW),
        "Onboarding is unfinished: the GovCloud account was never activated.",
        "Finish the GovCloud sign-up, or note that the pair is not needed.",
    ),
    (
        *(State.ACTIVE, State.ACTIVE, Verdict.MATCH, None),
        "Both accounts are active.",
        "Nothing to do.",
    ),
    (
        *(State.ACTIVE, State.SUSPENDED, Verdict.MISMATCH, Sev.HIGH),
        "The GovCloud workload is cut off: AWS has restricted the GovCloud account, not its payer.",
        (
            "Find the reason under Billing and Support, which a suspended account can still see,"
            " and settle it with AWS Support."
        ),
    ),
    (
        *(State.ACTIVE, State.CLOSED, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer has nothing behind it: its GovCloud account is closed.",
        (
            "Ask the owner whether that was meant: a closed account can be reopened within 90 days;"
            " if it was, retire the standard account unless it has work of its own."
        ),
    ),
    (
        *(State.SUSPENDED, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer is restricted, and the GovCloud account was never activated.",
        "Settle the restriction of the standard account before going on with the GovCloud sign-up.",
    ),
    (
        *(State.SUSPENDED, State.ACTIVE, Verdict.MISMATCH, Sev.HIGH),
        "The payer is restricted while GovCloud runs and adds to its bill.",
        "Settle the restriction of the standard account with AWS Support, unpaid bills first.",
    ),
    (
        *(State.SUSPENDED, State.SUSPENDED, Verdict.MATCH, None),
        "AWS has restricted both accounts.",
        "Nothing to align; settle the restriction with AWS Support if the pair is still wanted.",
    ),
    (
        *(State.SUSPENDED, State.CLOSED, Verdict.MISMATCH, Sev.LOW),
        "The GovCloud account is closed; only a restricted payer is left.",
        "Settle what the standard account still owes, then close it unless it has work of its own.",
    ),
    (
        *(State.PENDING_CLOSURE, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer is closing while the GovCloud account still waits to be activated.",
        (
            "Make sure that nobody counts on this GovCloud account; if somebody does, stop the"
            " closure with AWS Support."
        ),
    ),
    (
        *(State.PENDING_CLOSURE, State.ACTIVE, Verdict.MISMATCH, Sev.HIGH),
        "The payer is closing while GovCloud still runs: the last chance to save its data.",
        (
            "Save the GovCloud data and delete its resources now, because closing the payer does"
            " not; if the closure was not meant, ask AWS Support to stop it."
        ),
    ),
    (
        *(State.PENDING_CLOSURE, State.SUSPENDED, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer is closing, and the GovCloud account behind it is restricted.",
        (
            "Ask the owner whether GovCloud data must be saved; if so, settle the restriction with"
            " AWS Support before the closure is through."
        ),
    ),
    (
        *(State.PENDING_CLOSURE, State.CLOSED, Verdict.MISMATCH, Sev.LOW),
        "The GovCloud account is closed, and the standard account is on its way.",
        "Nothing urgent: look again in the next snapshot, where both should be closed.",
    ),
    (
        *(State.CLOSED, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "The closure is incomplete: the GovCloud account, never activated, is still there.",
        (
            "Look again after the next billing cycle; if it is still there, ask AWS Support to"
            " close it."
        ),
    ),
    (
        *(State.CLOSED, State.ACTIVE, Verdict.MISMATCH, Sev.CRITICAL),
        "The payer is closed while GovCloud is active: cost and data that nobody manages.",
        (
            "Act today: find the owner, save the GovCloud data and delete its resources; the"
            " standard account can be reopened only within 90 days of its closure."
        ),
    ),
    (
        *(State.CLOSED, State.SUSPENDED, Verdict.MISMATCH, Sev.MEDIUM),
        "The closure is incomplete: the GovCloud account is suspended, not closed.",
        (
            "Look again after the next billing cycle; if it is still suspended, ask AWS Support"
            " what is left in it and to close it."
        ),
    ),
    (
        *(State.CLOSED, State.CLOSED, Verdict.MATCH, None),
        "Both accounts are closed.",
        "Nothing to do; within 90 days of closure an account can still be reopened.",
    ),
)


def default_rules() -> pd.DataFrame:
    """Return a fresh copy of the rules on pairs (RULES: one row per two states) to change."""
    return schema.coerce(schema.RULES, pd.DataFrame(_PAIR_ROWS, columns=schema.RULES.names))


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

    Raises SchemaError unless every combination of two states is there once, with a verdict of
    MATCH or MISMATCH and, for a mismatch, a severity. A match carries no severity.
    """
    table = schema.coerce(schema.RULES, rules, what="the rules")
    table = _in_order(
        table, ("standard_state", "govcloud_state"), (STANDARD_STATES, GOVCLOUD_STATES)
    )
    agree = table["verdict"] == Verdict.MATCH
    disagree = table["verdict"] == Verdict.MISMATCH
    for wrong, sentence in (
        (~agree & ~disagree, "neither MATCH nor MISMATCH"),
        (disagree & table["severity"].isna(), "a mismatch without a severity"),
    ):
        if wrong.any():
            row = table[wrong].iloc[0]
            raise SchemaError(
                f"The rule for {row['standard_state']} and {row['govcloud_state']} is {sentence}.",
                "A rule is MATCH, or MISMATCH with CRITICAL, HIGH, MEDIUM or LOW.",
            )
    return _with_texts(table.assign(severity=table["severity"].mask(agree)), default_rules)


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
