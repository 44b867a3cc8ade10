"""Judging pairs, of a snapshot or of frames of one's own, in one call."""

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError, expect
from toolkit.store import Address, Snapshot, Store
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
    expect(policy, Policy | None, "policy", "Pass what load_policy gave.")
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


def load_history(
    store: Address,
    policy: Policy | None = None,
    *,
    organization: str | None = None,
    last: int = 12,
) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
    """Read and judge the last snapshots of one organization: (time taken, PAIRS), oldest first.

    They are those that may be compared, all judged by the same policy, this toolkit's own when not
    given, and each as of its own time. The last is the newest that can be read; what cannot be is
    named in a LeftOutWarning. It is what `analysis.trend` takes, and two of its PAIRS are what
    `analysis.changes` takes. Raises SnapshotNotFoundError where there is none, StoreError where
    none can be read, InputError where an argument cannot be right.
    """
    expect(policy, Policy | None, "policy", "Pass what load_policy gave.")
    expect(last, int, "number of snapshots", "Give one above 0.")
    if last < 1:
        raise InputError(f"No history has {last} snapshots.", "Give a number above 0.")
    kept = Store.at(store)
    newest = kept.load(organization=organization)
    return (policy or Policy()).judge(newest, lambda: kept.history(newest, most=last - 1)).history
