"""The policy: what one judges by, and the only way from a snapshot to its verdicts."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.verdicts.links import judge_links
from toolkit.verdicts.pairs import judge_pairs
from toolkit.verdicts.reconciled import reconcile
from toolkit.verdicts.rules import (
    checked_link_rules,
    checked_reconcile_rules,
    checked_rules,
    default_link_rules,
    default_reconcile_rules,
    default_rules,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toolkit.store import Snapshot


@dataclass(frozen=True, eq=False)
class Policy:
    """What one judges by: RULES, LINK_RULES and RECONCILE_RULES, this toolkit's own unless given.

    They are on pairs, on links, and on what two organizations say of a GovCloud account. `name` is
    what it is called where something judged by it says so, such as the name of its file.
    Raises SchemaError where a table of rules cannot be right.
    """

    rules: pd.DataFrame = field(default_factory=default_rules, repr=False)
    link_rules: pd.DataFrame = field(default_factory=default_link_rules, repr=False)
    name: str = ""
    reconcile_rules: pd.DataFrame = field(default_factory=default_reconcile_rules, repr=False)

    def __post_init__(self) -> None:
        """Check the rules, and put them in the order of the states."""
        object.__setattr__(self, "rules", checked_rules(self.rules))
        object.__setattr__(self, "link_rules", checked_link_rules(self.link_rules))
        found = checked_reconcile_rules(self.reconcile_rules)
        object.__setattr__(self, "reconcile_rules", found)

    @property
    def tables(self) -> tuple[pd.DataFrame, ...]:
        """All its tables of rules, each in its order."""
        return self.rules, self.link_rules, self.reconcile_rules

    @cached_property
    def changed(self) -> int:
        """How many of its rules are not this toolkit's own."""
        defaults = (default_rules(), default_link_rules(), default_reconcile_rules())
        return sum(map(_differing, self.tables, defaults))

    @cached_property
    def mark(self) -> str:
        """A short text that differs where policies judge differently, whatever their names."""
        text = "\0".join(table.to_csv(index=False) for table in self.tables)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def judge(
        self,
        snapshot: "Snapshot",
        history: "Sequence[Snapshot] | Callable[[], Sequence[Snapshot]]" = (),
    ) -> "Judged":
        """Return a snapshot judged, with earlier snapshots judged by the same rules.

        `history` is those snapshots, or what reads them when they are first wanted; of them,
        whatever is not earlier than the snapshot is left out.
        """
        return Judged(snapshot, self, history if callable(history) else lambda: history)


@dataclass(frozen=True, eq=False)
class Judged:
    """A snapshot and what a policy says of it; each table is made when it is first wanted.

    `past` gives what may be the snapshots before it, in any order.
    """

    snapshot: "Snapshot"
    policy: Policy
    past: "Callable[[], Sequence[Snapshot]]" = tuple

    @cached_property
    def earlier(self) -> "list[Snapshot]":
        """The snapshots before this one, oldest first."""
        found = [old for old in self.past() if old.taken < self.snapshot.taken]
        return sorted(found, key=lambda old: old.taken)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """PAIRS: one row per standard account."""
        return judge_pairs(self.snapshot, rules=self.policy.rules)

    @cached_property
    def links(self) -> pd.DataFrame:
        """JUDGED_LINKS: one row per link and Region."""
        return judge_links(self.snapshot, rules=self.policy.link_rules)

    @cached_property
    def reconciled(self) -> pd.DataFrame:
        """RECONCILED: one row per GovCloud account known to either side.

        What an account was paired with before it left is looked for in all of the store that the
        snapshot came from, and where it came from none, in the history that was given.
        """
        past = self.earlier if self.snapshot.store is None else None
        return reconcile(self.snapshot, past, rules=self.policy.reconcile_rules)

    @cached_property
    def history(self) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
        """(time taken, PAIRS) of the earlier snapshots and of this one, oldest first."""
        past = [(old.taken, judge_pairs(old, rules=self.policy.rules)) for old in self.earlier]
        return [*past, (self.snapshot.taken, self.pairs)]


def _differing(one: pd.DataFrame, other: pd.DataFrame) -> int:
    """Return in how many rows two tables of rules in the same order differ."""
    alike = (one.astype("str").fillna("") == other.astype("str").fillna("")).all(axis="columns")
    return int((~alike).sum())
