"""Judging pairs, of a snapshot or of frames of one's own, in one call."""

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.store import Snapshot
from toolkit.verdicts.owners import with_owners
from toolkit.verdicts.pairs import verdicts_on
from toolkit.verdicts.policy import Policy


def judge_pairs(
    accounts: "pd.DataFrame | Snapshot",
    govcloud: pd.DataFrame | None = None,
    *,
    rules: pd.DataFrame | None = None,
    policy: Policy | None = None,
) -> pd.DataFrame:
    """Judge every pair of a snapshot, or of ACCOUNTS and GOVCLOUD frames of one's own.

    Takes a Snapshot, or ACCOUNTS and GOVCLOUD (one row per standard account each; optional columns
    may be absent), and gives PAIRS: one row per standard account of either table, in the order of
    the accounts, those that only GOVCLOUD knows at the end. A failed look-up or an unheard-of state
    is UNKNOWN, never a match or a mismatch. `policy` is what is judged by, this toolkit's own when
    not given, or `rules` alone in place of `default_rules()`. Since when a pair has been so, and so
    its grace, is found in the store that the snapshot came from; frames of one's own tell no time,
    so that there is no grace, and nothing is accepted. Raises SchemaError where a table or the
    rules cannot be right, an account listed twice included, InputError where something is missing.
    """
    by = policy or Policy()
    if rules is not None:
        if policy is not None:
            raise InputError(
                "Both rules and a policy were given.", "Put the rules into the policy."
            )
        by = Policy(rules)
    if isinstance(accounts, Snapshot):
        return by.judge(accounts).pairs
    if not isinstance(accounts, pd.DataFrame):
        schema.check(schema.ACCOUNTS, accounts, what="a snapshot or the accounts table")
    if govcloud is None:
        raise InputError(
            "Judging needs both sides: only a table of accounts was given.",
            "Pass a snapshot, or the accounts and their GovCloud look-ups.",
        )
    standard = schema.coerce(schema.ACCOUNTS, accounts, what="the accounts table", own=True)
    looked_up = schema.coerce(schema.GOVCLOUD, govcloud, what="the GovCloud table", own=True)
    pairs = verdicts_on(standard, looked_up, by.rules)
    return with_owners(pairs, by.owners, schema.empty(schema.TAGS), by.owner_tag)
