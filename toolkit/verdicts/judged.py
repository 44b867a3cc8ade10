"""A snapshot judged: the only way from a snapshot to its verdicts."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit import schema
from toolkit.errors import StoreError
from toolkit.schema import TAGS
from toolkit.spells import Spells, spells_of
from toolkit.store.keys import snapshot_id
from toolkit.store.listing import warn
from toolkit.verdicts import acceptances, links
from toolkit.verdicts.left_behind import left_behind
from toolkit.verdicts.owners import with_owners
from toolkit.verdicts.pairs import verdicts_on
from toolkit.verdicts.reconciled import reconcile
from toolkit.verdicts.since import in_grace, with_grace, with_since

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toolkit.store import Snapshot
    from toolkit.verdicts.policy import Policy

_OPEN = ["account_id", "ou_path", "standard_state", "govcloud_state"]


@dataclass(frozen=True, eq=False)
class Judged:
    """A snapshot and what a policy says of it; each table is made when it is first wanted.

    `past` gives what may be the snapshots before it, in any order, and `told` are the spells of its
    store where they are known already.
    """

    snapshot: "Snapshot"
    policy: "Policy"
    past: "Callable[[], Sequence[Snapshot]]" = tuple
    told: "Spells | None" = None

    @cached_property
    def earlier(self) -> "list[Snapshot]":
        """The snapshots before this one, oldest first."""
        found = [old for old in self.past() if old.taken < self.snapshot.taken]
        return sorted(found, key=lambda old: old.taken)

    @cached_property
    def spells(self) -> Spells:
        """How long each account had been in what state when the snapshot was taken.

        They are of the whole store that the snapshot came from, and where it came from none, of the
        history that was given.
        """
        snapshot, taken = self.snapshot, self.snapshot.taken
        if self.told is not None:
            known = self.told.at(taken)
        elif snapshot.store is not None:
            known = spells_of(snapshot.store, snapshot.manifest.organization_id).at(taken)
        else:
            return Spells.of([*self.earlier, snapshot])
        return known if taken in known.times else known.and_of(snapshot)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """PAIRS: one row per standard account."""
        policy, snapshot, taken = self.policy, self.snapshot, self.snapshot.taken
        judged = verdicts_on(snapshot.accounts, snapshot.govcloud, policy.rules)
        dated = with_since(judged, self.spells, snapshot.closures, taken)
        graced = with_grace(dated, policy.rules, taken)
        owned = with_owners(graced, policy.owners, snapshot.tags, policy.owner_tag)
        return acceptances.with_acceptances(owned, policy.acceptances, snapshot.tags, taken)

    @cached_property
    def grace(self) -> pd.Series:
        """Until when each of the pairs is in grace, row by row; missing where it is not."""
        return in_grace(self.pairs, self.policy.rules, self.snapshot.taken)

    @cached_property
    def left_behind(self) -> pd.DataFrame:
        """LEFT_BEHIND: one row per pair that left the list while its GovCloud account was open."""
        policy, tags = self.policy, self._last_tags
        owned = with_owners(self._left, policy.owners, tags, policy.owner_tag)
        return acceptances.with_acceptances(owned, policy.acceptances, tags, self.snapshot.taken)

    @cached_property
    def tags(self) -> pd.DataFrame:
        """TAGS of all accounts: of what was left behind, as they were when it was last listed."""
        return pd.concat([self.snapshot.tags, self._last_tags], ignore_index=True)

    @cached_property
    def acceptances(self) -> pd.DataFrame:
        """What became of each acceptance: one row per entry, as `acceptances.entries` gives it."""
        pairs = self.pairs[self.pairs["verdict"] == schema.Verdict.MISMATCH]
        rows = pd.concat([pairs[_OPEN], self.left_behind[_OPEN]], ignore_index=True)
        return acceptances.entries(self.policy.acceptances, rows, self.tags, self.snapshot.taken)

    @cached_property
    def links(self) -> pd.DataFrame:
        """JUDGED_LINKS: one row per link and Region."""
        return links.judge_links(self.snapshot, rules=self.policy.link_rules)

    @cached_property
    def reconciled(self) -> pd.DataFrame:
        """RECONCILED: one row per GovCloud account known to either side.

        What an account was paired with before it left is looked for in all of the store that the
        snapshot came from, and where it came from none, in the history that was given.
        """
        past = self.earlier if self.snapshot.store is None else None
        return reconcile(self.snapshot, past, rules=self.policy.reconcile_rules)

    @cached_property
    def before(self) -> "list[Judged]":
        """The earlier snapshots, judged by the same policy, each as of its own time."""
        return [Judged(old, self.policy, self.past, self.spells) for old in self.earlier]

    @cached_property
    def history(self) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
        """(time taken, PAIRS) of the earlier snapshots and of this one, oldest first."""
        past = [(old.snapshot.taken, old.pairs) for old in self.before]
        return [*past, (self.snapshot.taken, self.pairs)]

    @cached_property
    def left_behind_counts(self) -> dict[pd.Timestamp, int]:
        """How many pairs were left behind that nobody had accepted, by when a snapshot was taken.

        They are those of the history and this one, as `analysis.trend` takes them beside it.
        """
        return {one.snapshot.taken: one.left_open for one in (*self.before, self)}

    @property
    def left_open(self) -> int:
        """How many pairs were left behind that nobody had accepted."""
        # Who answers for them is in the tags of every day on which one left: not asked here.
        tags = self._last_tags if self.policy.accepts_by_tags else schema.empty(TAGS)
        taken = self.snapshot.taken
        said = acceptances.with_acceptances(self._left, self.policy.acceptances, tags, taken)
        return int(said["accepted_until"].isna().sum())

    @cached_property
    def _left(self) -> pd.DataFrame:
        return left_behind(self.snapshot, self.spells, self.policy.left_behind_rules)

    @cached_property
    def _last_tags(self) -> pd.DataFrame:
        """TAGS of what was left behind, as the last snapshot that lists each account has them."""
        if not (self.policy.owner_tag or self.policy.accepts_by_tags):
            return schema.empty(TAGS)
        days = self._left.groupby("last_seen")["account_id"]
        parts = [self._tags_at(taken, ids.tolist()) for taken, ids in days]
        return pd.concat([schema.empty(TAGS), *parts], ignore_index=True)

    def _tags_at(self, taken: Any, ids: "list[str]") -> pd.DataFrame:
        """Return TAGS of accounts in the snapshot of that time; one that is damaged is left out."""
        store, organization = self.snapshot.store, self.snapshot.manifest.organization_id
        if store is None:
            told = (old.tags for old in self.earlier if old.taken == taken)
            tags = next(told, schema.empty(TAGS))
            return tags[tags["account_id"].isin(ids)]
        try:
            return store.rows(snapshot_id(organization, taken), TAGS.file, "account_id", ids)
        except StoreError as error:
            warn([error])
            return schema.empty(TAGS)
