"""What was left behind: GovCloud accounts whose standard account has left the list."""

from typing import Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import SchemaError
from toolkit.schema import LEFT_STATES, Severity, State
from toolkit.spells import Spells
from toolkit.store import Snapshot

_ASK: Final = (
    "Ask AWS Support, with the GovCloud account's id, who is billed for it; then save its data and"
    " have it closed, or accept it."
)
_ROWS: Final = (
    (
        *(State.PENDING_ACTIVATION, Severity.MEDIUM),
        "The standard account has left the list, and its GovCloud account was never activated.",
        "Ask AWS Support, with the GovCloud account's id, to close it.",
    ),
    (
        *(State.ACTIVE, Severity.CRITICAL),
        (
            "The standard account has left the list while its GovCloud account was active: nothing"
            " here shows any longer what it costs and holds."
        ),
        _ASK,
    ),
    (
        *(State.SUSPENDED, Severity.HIGH),
        (
            "The standard account has left the list while its GovCloud account was restricted, and"
            " not closed."
        ),
        _ASK,
    ),
    (
        *(State.UNKNOWN, Severity.HIGH),
        (
            "The standard account has left the list, and its GovCloud account was in a state that"
            " this toolkit does not know."
        ),
        _ASK,
    ),
)


def default_left_behind_rules() -> pd.DataFrame:
    """Return a fresh copy of the rules on what was left behind (LEFT_BEHIND_RULES) to change."""
    rows = pd.DataFrame(_ROWS, columns=schema.LEFT_BEHIND_RULES.names)
    return schema.coerce(schema.LEFT_BEHIND_RULES, rows)


def checked_left_behind_rules(rules: pd.DataFrame) -> pd.DataFrame:
    """Return the rules on what was left behind in the order of the states, no text missing.

    Raises SchemaError unless every state is there once, with a severity.
    """
    table = schema.coerce(schema.LEFT_BEHIND_RULES, rules, what="the rules on what was left behind")
    states = [str(state) for state in LEFT_STATES]
    if sorted(table["govcloud_state"]) != sorted(states) or table["severity"].isna().any():
        raise SchemaError(
            "The rules on what was left behind are not one for each state, with a severity.",
            f"The states are {', '.join(states)}.",
        )
    own = default_left_behind_rules().set_index("govcloud_state").loc[states].reset_index()
    ordered = table.set_index("govcloud_state").loc[states].reset_index()
    return ordered.fillna(own[["meaning", "action"]])


def left_behind(snapshot: Snapshot, spells: Spells, rules: pd.DataFrame) -> pd.DataFrame:
    """Return LEFT_BEHIND: one row per pair that left the list and was not closed, worst first.

    It is folded over the whole history: what has left stays until the witness shows it closed, the
    account is listed again, or another one is seen to have it. Empty for a chosen list of accounts,
    in which nobody can be missed. Owners and acceptances are the policy's, and come after.
    """
    if not snapshot.manifest.is_whole_organization or not len(spells.times):
        return schema.empty(schema.LEFT_BEHIND)
    gone = spells.gone()
    stays = gone["govcloud_account_id"].notna() & (gone["govcloud_state"] != State.CLOSED)
    kept = gone[stays & (gone["witnessed"] != State.CLOSED)]
    known = [str(state) for state in LEFT_STATES]
    state = kept["govcloud_state"].where(kept["govcloud_state"].isin(known), State.UNKNOWN.value)
    by = rules.set_index("govcloud_state")
    judged = {name: by[name].reindex(state).array for name in ("severity", "meaning", "action")}
    table = schema.coerce(schema.LEFT_BEHIND, kept.assign(**judged))
    order = table.assign(rank=table["severity"].cat.codes, called=table["name"].str.casefold())
    rows = order.sort_values(["rank", "last_seen", "called", "account_id"], kind="stable").index
    return table.loc[np.asarray(rows)].reset_index(drop=True)
