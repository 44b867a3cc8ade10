"""The two sides of a GovCloud account: what look-ups, the witness and creations know of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.schema import CreationState, Outcome
from toolkit.store import Snapshot

ID: Final = "govcloud_account_id"

Past: TypeAlias = Callable[[Sequence[str]], Iterable[pd.DataFrame]]
"""Gives the look-ups of earlier snapshots, newest first, for these GovCloud accounts at least."""


class Sides(NamedTuple):
    """What a snapshot knows of GovCloud accounts: by their id, each once."""

    pairs: pd.DataFrame
    """By the look-ups: account_id, state_by_pair, and `also`, others that are paired with it."""
    witness: pd.DataFrame
    """In the GovCloud organization's list: state_by_witness, and `times`, how often it is there."""
    created: pd.Series
    """The standard account that each was created with."""
    listed: "pd.Index[str]"
    """The standard accounts of the snapshot."""
    answered: "pd.Index[str]"
    """Those of which it is known whether they have a GovCloud account, and which."""

    def unanswered(self, known: pd.DataFrame) -> int:
        """Count the standard accounts that may have a GovCloud account that nobody has seen.

        A pair is for good, so whoever was created with one, or was seen with one, has no other.
        """
        silent = self.listed.difference(self.answered)
        return len(silent.difference([*self.created, *known["was"].dropna()]))


def sides_of(snapshot: Snapshot) -> Sides:
    """Return what a snapshot knows of GovCloud accounts, of what was answered whole alone."""
    looked_up = schema.checked(schema.GOVCLOUD, snapshot.govcloud)
    accounts = schema.checked(schema.ACCOUNTS, snapshot.accounts)
    found = (looked_up["outcome"] == Outcome.FOUND) & looked_up[ID].notna()
    answered = found | (looked_up["outcome"] == Outcome.NOT_LINKED)
    witness = _seen(snapshot, schema.WITNESS)
    states = witness.drop_duplicates(ID).set_index(ID)["state"]
    times = witness[ID].value_counts()
    created = _seen(snapshot, schema.CREATED)
    made = created[(created["state"] == CreationState.SUCCEEDED) & created["account_id"].notna()]
    made = made[made[ID].notna()].drop_duplicates(ID)
    return Sides(
        pairs=_once(looked_up[found]),
        witness=pd.DataFrame({"state_by_witness": states, "times": times.reindex(states.index)}),
        created=made.set_index(ID)["account_id"],
        listed=pd.Index(pd.concat([accounts["account_id"], looked_up["account_id"]])).unique(),
        answered=pd.Index(looked_up["account_id"][answered]).unique(),
    )


def known_of(sides: Sides, past: Past) -> pd.DataFrame:
    """Return what is known of each GovCloud account, one row each, by its id.

    To what the sides know come `was`, the standard account that it was last paired with, looked for
    in the past where it has no pair and the witness has it, and `made`, the
    one that it was created with; of both, whether they are listed, and `silent`, whether one of
    them gave no answer.
    """
    # Of what was created with an account that is not listed, only the witness knows more.
    created = sides.created[among(sides.created, sides.listed)].index
    ids = sides.pairs.index.append([sides.witness.index, created]).unique()
    known = pd.concat([sides.pairs.reindex(ids), sides.witness.reindex(ids)], axis="columns")
    paired, witnessed = known["account_id"].notna(), known["times"].notna()
    silent = sides.listed.difference(sides.answered)
    was = last_paired_with(ids[witnessed & ~paired], past).reindex(ids)
    made = sides.created.reindex(ids)
    return known.assign(
        paired=paired,
        witnessed=witnessed,
        was=was,
        was_listed=among(was, sides.listed),
        made=made,
        made_listed=among(made, sides.listed),
        made_answered=among(made, sides.answered),
        silent=among(was, silent) | among(made, silent),
    )


def last_paired_with(wanted: "pd.Index[str]", past: Past) -> pd.Series:
    """Return the standard account that each of these GovCloud accounts was last paired with.

    No more of the past is read than it takes to find them all.
    """
    parts = [pd.Series([], index=pd.Index([], dtype="str"), dtype="str")]
    older = iter(past(wanted.tolist()) if len(wanted) else ())
    while len(wanted) and (looked_up := next(older, None)) is not None:
        found = looked_up[(looked_up["outcome"] == Outcome.FOUND) & among(looked_up[ID], wanted)]
        parts.append(found.drop_duplicates(ID).set_index(ID)["account_id"])
        wanted = wanted.difference(parts[-1].index)
    return pd.concat(parts)


def among(values: pd.Series, ids: "pd.Index[str]") -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say of each id whether it is one of these; isin() takes fifty times as long for so many."""
    if not len(ids) or values.isna().all():
        return np.zeros(len(values), dtype=bool)
    return ids.get_indexer(pd.Index(values)) >= 0


def _seen(snapshot: Snapshot, table: schema.Table) -> pd.DataFrame:
    """Return a table of a snapshot; without rows where it was not answered whole."""
    if not snapshot.was_seen(table.file):
        return schema.empty(table)
    return schema.checked(table, snapshot.table(table.file))


def _once(found: pd.DataFrame) -> pd.DataFrame:
    """Return the first look-up of each GovCloud account, `also` naming whoever else has it."""
    columns = {"account_id": "account_id", "govcloud_state": "state_by_pair"}
    first = found.drop_duplicates(ID).set_index(ID)[list(columns)].rename(columns=columns)
    again = found[found[ID].duplicated()].drop_duplicates([ID, "account_id"])
    again = again[again["account_id"] != again[ID].map(first["account_id"])]
    also = again.groupby(ID)["account_id"].agg(" and ".join)
    return first.assign(also=also.reindex(first.index).astype("str").array)
