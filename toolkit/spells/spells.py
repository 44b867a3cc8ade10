"""What spells tell as of a time: since when a pair has been so, and what has left the list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.schema import (
    GOVCLOUD_STATES,
    SPELLS,
    STANDARD_STATES,
    WITNESS_SPELLS,
    Outcome,
    Start,
    State,
)
from toolkit.spells.fold import Fold, until

if TYPE_CHECKING:
    from toolkit.store import Snapshot


NAMED: Final = ["account_id", "name", "ou_path", "standard_state"]
SIDES: Final = ["account_id", "outcome", "govcloud_account_id", "govcloud_state"]
"""The columns of ACCOUNTS and GOVCLOUD that spells are made of."""

WITNESSED: Final = WITNESS_SPELLS.names[:2]
"""Those of WITNESS."""


@dataclass(frozen=True, eq=False)
class Spells:
    """SPELLS and WITNESS_SPELLS of an organization, and when the snapshots were taken (UTC).

    `times` are those of all that were folded, oldest first, and `witnessed` of those of them of
    which the witness was seen. Only whole organizations are: who is not in a chosen list is not
    gone.
    """

    accounts: pd.DataFrame
    times: "pd.DatetimeIndex"
    witness: pd.DataFrame
    witnessed: "pd.DatetimeIndex"

    @classmethod
    def of(cls, snapshots: "Iterable[Snapshot]") -> "Spells":
        """Fold snapshots of one organization that are in memory, in any order."""
        found = cls(schema.empty(SPELLS), _index([]), schema.empty(WITNESS_SPELLS), _index([]))
        for one in sorted(snapshots, key=lambda one: one.taken):
            found = found.and_of(one)
        return found

    def and_of(self, snapshot: "Snapshot") -> "Spells":
        """Return these spells and those of a later snapshot, if it is of the whole organization."""
        if not snapshot.manifest.is_whole_organization:
            return self
        taken = snapshot.taken
        accounts = Fold(SPELLS, self.accounts, _last(self.times))
        accounts.add(taken, shown(snapshot.accounts, snapshot.govcloud))
        witness, witnessed = self.witness, self.witnessed
        if snapshot.was_seen("witness"):
            fold = Fold(WITNESS_SPELLS, witness, _last(witnessed))
            fold.add(taken, snapshot.witness)
            witness, witnessed = fold.spells, _index([*witnessed, taken])
        return Spells(accounts.spells, _index([*self.times, taken]), witness, witnessed)

    def at(self, taken: pd.Timestamp) -> "Spells":
        """Return what was known when the snapshot of that time had been taken."""
        times = self.times[self.times <= taken]
        if len(times) == len(self.times):
            return self
        witnessed = self.witnessed[self.witnessed <= taken]
        accounts = until(self.accounts, _last(times))
        return Spells(accounts, times, until(self.witness, _last(witnessed)), witnessed)

    def since(self) -> pd.DataFrame:
        """Return since when each pair has been in its two states: by account_id, `since`, `is`.

        There is a row for every account that the last snapshot saw in two known states; they
        stand beside, as `standard_state` and `govcloud_state`. Snapshots that did not see a pair
        or did not list it break nothing. `is` is SNAPSHOT where an earlier one showed it otherwise,
        or did not list it yet, and AT_LEAST where nobody knows what was before.
        """
        return since(self.accounts, self.times, among_seen(self.accounts))

    def gone(self) -> pd.DataFrame:
        """Return the pairs that the last snapshot does not list, as they were last seen.

        One row per account that once had a GovCloud account, unless another one was seen to have it
        later: `account_id`, `name`, `ou_path`, `standard_state` and `last_seen` of the last
        snapshot that lists it, `govcloud_account_id` and `govcloud_state` as a look-up last gave
        them, and `witnessed`, the state in which the witness has last had it since, missing where
        it has not.
        """
        if not (self.accounts["outcome"] == Outcome.FOUND).any():
            return _GONE.copy()
        ordered = self.accounts.sort_values("began", kind="stable")
        last = ordered.drop_duplicates("account_id", keep="last")
        last = last[last["ended"] < self.times[-1]].set_index("account_id")
        found = ordered[ordered["outcome"] == Outcome.FOUND]
        latest = found.groupby("govcloud_account_id")["ended"].max()
        pairs = found[found["account_id"].isin(last.index)]
        pairs = pairs.drop_duplicates("account_id", keep="last").set_index("account_id")
        unpaired = ordered[ordered["outcome"] == Outcome.NOT_LINKED]
        later = unpaired.drop_duplicates("account_id", keep="last").set_index("account_id")["ended"]
        pairs = pairs[~(later.reindex(pairs.index) > pairs["ended"])]
        seen = latest.reindex(pairs["govcloud_account_id"]).array
        pairs = pairs[~np.asarray(seen > pairs["ended"].array)]
        last = last.loc[pairs.index]
        newest = self.witness.sort_values("ended", kind="stable").drop_duplicates(
            "govcloud_account_id", keep="last"
        )
        witness = newest.set_index("govcloud_account_id").reindex(pairs["govcloud_account_id"])
        since = witness["ended"].array >= pairs["ended"].array
        return pd.DataFrame(
            {
                "name": last["name"],
                "ou_path": last["ou_path"],
                "govcloud_account_id": pairs["govcloud_account_id"],
                "standard_state": last["standard_state"],
                "govcloud_state": pairs["govcloud_state"],
                "last_seen": last["ended"],
                "witnessed": pd.Series(witness["state"].array, index=pairs.index).where(since),
            }
        ).reset_index()


def shown(accounts: pd.DataFrame, govcloud: pd.DataFrame) -> pd.DataFrame:
    """Return what a snapshot shows of each account, as SPELLS has it but for the times.

    Takes ACCOUNTS and GOVCLOUD; an account that only one of them knows is there, too.
    """
    return beside(accounts[NAMED], govcloud[SIDES])


def beside(accounts: pd.DataFrame, govcloud: pd.DataFrame) -> pd.DataFrame:
    """Return both tables beside each other, by account_id; no account of either is lost.

    Takes any columns of ACCOUNTS, and of GOVCLOUD with its outcome: whoever was not looked up
    FAILED, as everywhere. Of an account that is there twice, the first row counts.
    """
    named, sides = accounts.reset_index(drop=True), govcloud.reset_index(drop=True)
    if named["account_id"].equals(sides["account_id"]):
        both = named.assign(**{name: sides[name] for name in sides.columns[1:]})
    else:
        named, sides = (side.drop_duplicates("account_id") for side in (named, sides))
        both = named.merge(sides, on="account_id", how="outer")
    if not both["outcome"].isna().any():
        return both
    return both.assign(outcome=both["outcome"].fillna(Outcome.FAILED.value))


def among_seen(spells: pd.DataFrame) -> pd.Series:
    """Return what each spell shows of its pair in one word, missing where nothing was seen.

    It is both states, or that there is none; a state that nobody knows was not seen.
    """
    standard, govcloud = spells["standard_state"], spells["govcloud_state"]
    known = standard.isin([str(state) for state in STANDARD_STATES])
    paired = (spells["outcome"] == Outcome.FOUND) & govcloud.isin(
        [str(state) for state in GOVCLOUD_STATES]
    )
    word = (standard + "/" + govcloud).where(known & paired)
    none = known & (spells["outcome"] == Outcome.NOT_LINKED)
    return word.mask(none, State.NOT_LINKED.value)


def runs(spells: pd.DataFrame, times: "pd.DatetimeIndex", words: pd.Series) -> pd.DataFrame:
    """Return since when each spell's account has shown the spell's word without a break.

    Takes SPELLS, when all snapshots were taken, and a word for each spell, missing where nothing
    was seen, which breaks nothing. Gives SPELLS that have a word, by account and time, with `word`,
    `since`, and `is`: SNAPSHOT or AT_LEAST. What comes later changes nothing of it.
    """
    account = pd.factorize(spells["account_id"])[0]
    began = times.searchsorted(pd.DatetimeIndex(spells["began"]))
    order = np.lexsort((began, account))
    account, word = account[order], pd.factorize(words)[0][order]
    seen = word >= 0
    # Whoever was not in the first list, and was seen in the first that has it, was not there yet.
    first = _differs(account)
    joined = seen & (began[order] > 0)
    joined = np.repeat(joined[first], np.diff(np.append(np.flatnonzero(first), len(account))))
    order, account, word, joined = order[seen], account[seen], word[seen], joined[seen]
    starts = _differs(account) | _differs(word)
    run = np.cumsum(starts) - 1
    # The word was seen to be another one before, or the account to be not there yet.
    is_known = (~_differs(account) | joined)[starts][run]
    return spells.iloc[order].assign(
        word=words.iloc[order],
        since=spells["began"].iloc[order[starts]].take(run).array,
        **{"is": np.where(is_known, Start.SNAPSHOT.value, Start.AT_LEAST.value)},
    )


def since(spells: pd.DataFrame, times: "pd.DatetimeIndex", words: pd.Series) -> pd.DataFrame:
    """Return since when each account has shown its last word without a break, by account_id.

    Takes what `runs` takes, and gives `since`, `is`, `word`, and the two states of the last spell
    that has a word.
    """
    last = runs(spells, times, words).drop_duplicates("account_id", keep="last")
    return last.set_index("account_id")[["since", "is", "word", "standard_state", "govcloud_state"]]


def _differs(values: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> np.ndarray:
    """Say of each value whether it is another one than that before it; the first always is."""
    return np.append(np.ones(1, dtype=bool), values[1:] != values[:-1])[: len(values)]


def _last(times: "pd.DatetimeIndex") -> pd.Timestamp | None:
    return times[-1] if len(times) else None


def _index(times: Iterable[pd.Timestamp]) -> "pd.DatetimeIndex":
    return pd.DatetimeIndex([time.as_unit("us") for time in times], dtype="datetime64[us, UTC]")


_GONE = schema.empty(schema.LEFT_BEHIND)[
    [
        *("account_id", "name", "ou_path", "govcloud_account_id"),
        *("standard_state", "govcloud_state", "last_seen"),
    ]
].assign(witnessed=pd.Series([], dtype="str"))
