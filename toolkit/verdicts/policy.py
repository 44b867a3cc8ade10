"""The policy: what one judges by."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from toolkit import schema
from toolkit.verdicts.acceptances import checked_acceptances
from toolkit.verdicts.judged import Judged
from toolkit.verdicts.left_behind import checked_left_behind_rules, default_left_behind_rules
from toolkit.verdicts.owners import checked_owners
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

    from toolkit.spells import Spells
    from toolkit.store import Snapshot

_TABLES: "Final[dict[str, tuple[Callable[[], pd.DataFrame], Callable[..., pd.DataFrame]]]]" = {
    "rules": (default_rules, checked_rules),
    "link_rules": (default_link_rules, checked_link_rules),
    "reconcile_rules": (default_reconcile_rules, checked_reconcile_rules),
    "left_behind_rules": (default_left_behind_rules, checked_left_behind_rules),
    "acceptances": (partial(schema.empty, schema.ACCEPTANCES), checked_acceptances),
    "owners": (partial(schema.empty, schema.OWNERS), checked_owners),
}
"""Each table of a policy: what makes this toolkit's own, and what checks another."""


@cache
def _own(name: str) -> pd.DataFrame:
    """Return a table of this toolkit's own, made and checked once: each policy has a copy of it."""
    made, checked = _TABLES[name]
    return checked(made())


OWNER_TAG: Final = "owner"
"""The tag that says who answers for an account where nobody names another."""


@dataclass(frozen=True, eq=False)
class Policy:
    """What one judges by: rules, this toolkit's own unless given, acceptances and owners.

    RULES are on pairs, with their grace, LINK_RULES on links, RECONCILE_RULES on what two
    organizations say of a GovCloud account, LEFT_BEHIND_RULES on what an account left behind that
    is no longer listed. ACCEPTANCES are what somebody answers for, OWNERS who answers for what, and
    `owner_tag` the key of the tag that says so ("" for none). `name` is what it is called where
    something judged by it says so, such as the name of its file, and `names_owners_in_notices`
    whether a message to others may name who answers for what. Raises SchemaError where a table
    cannot be right.
    """

    rules: pd.DataFrame = field(default_factory=partial(_own, "rules"), repr=False)
    link_rules: pd.DataFrame = field(default_factory=partial(_own, "link_rules"), repr=False)
    name: str = ""
    reconcile_rules: pd.DataFrame = field(
        default_factory=partial(_own, "reconcile_rules"), repr=False
    )
    left_behind_rules: pd.DataFrame = field(
        default_factory=partial(_own, "left_behind_rules"), repr=False
    )
    acceptances: pd.DataFrame = field(default_factory=partial(_own, "acceptances"), repr=False)
    owners: pd.DataFrame = field(default_factory=partial(_own, "owners"), repr=False)
    owner_tag: str = OWNER_TAG
    names_owners_in_notices: bool = False

    def __post_init__(self) -> None:
        """Check the tables, and put the rules in the order of the states."""
        for name, (_, checked) in _TABLES.items():
            given, own = getattr(self, name), _own(name)
            object.__setattr__(self, name, own.copy() if given is own else checked(given))

    @property
    def tables(self) -> tuple[pd.DataFrame, ...]:
        """All its tables of rules, each in its order."""
        return self.rules, self.link_rules, self.reconcile_rules, self.left_behind_rules

    @cached_property
    def changes(self) -> tuple[pd.DataFrame, ...]:
        """Of each of its tables of rules those that are not this toolkit's own."""
        return tuple(map(_differing, self.tables, Policy().tables))

    @property
    def changed(self) -> int:
        """How many of its rules are not this toolkit's own."""
        return sum(map(len, self.changes))

    @property
    def accepts_by_tags(self) -> bool:
        """Whether an acceptance names tags."""
        return bool(self.acceptances["tags"].notna().any())

    @cached_property
    def mark(self) -> str:
        """A short text that differs where policies judge differently, whatever their names."""
        tables = (*self.tables, self.acceptances, self.owners)
        text = "\0".join([self.owner_tag, *(table.to_csv(index=False) for table in tables)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def owned_by(self, owners: pd.DataFrame) -> "Policy":
        """Return this policy with these OWNERS over its own."""
        given = checked_owners(owners)
        both = pd.concat([given, self.owners], ignore_index=True)
        return replace(self, owners=both.drop_duplicates(["account_id", "ou_path"]))

    def judge(
        self,
        snapshot: "Snapshot",
        history: "Sequence[Snapshot] | Callable[[], Sequence[Snapshot]]" = (),
        *,
        spells: "Spells | None" = None,
    ) -> "Judged":
        """Return a snapshot judged, with earlier snapshots judged by the same rules.

        `history` is those snapshots, or what reads them when they are first wanted; of them,
        whatever is not earlier than the snapshot is left out. How long a pair has been so, and what
        was left behind, is found over all of the store that the snapshot came from, and where it
        came from none, over the history; `spells` are those of the store where they are known.
        """
        past = history if callable(history) else lambda: history
        return Judged(snapshot, self, past, spells)


def _differing(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of rules that differ from those of another in the same order."""
    alike = (one.astype("str").fillna("") == other.astype("str").fillna("")).all(axis="columns")
    return one[~alike]
