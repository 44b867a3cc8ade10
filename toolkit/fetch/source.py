"""What a source is: something that can be asked, with the table it fills and how it ended."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pandas as pd

from toolkit.aws import Aws, Operation
from toolkit.dispatch import Learned
from toolkit.fetch.desk import Desk
from toolkit.fetch.rows import Row
from toolkit.schema import Outcome, Table

Phase = Literal["listing", "looking up", "links", "sources", "saving", "done", "failed"]
"""What a run is doing, or how it has ended."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted of the sources; each takes what concerns it.

    `chosen` are the only accounts to ask about, None for every one; `listed` says whether the
    organization's list may be read. `sources` are the further ones to ask, by the tables that they
    fill, `govcloud` is the way to the witness, and `closures` when accounts were closed as earlier
    snapshots knew it, ISO 8601. `earlier` gives the GOVCLOUD row that stands for an account
    (id, standard state) without asking, or None.
    """

    chosen: tuple[str, ...] | None = None
    listed: bool = True
    regions: tuple[str, ...] = ()
    role_name: str | None = None
    sources: Collection[str] = ()
    govcloud: Aws | None = None
    closures: Mapping[str, str] = field(default_factory=dict)
    rate: float | None = None
    learned: Learned | None = None
    earlier: Callable[[str, str | None], Row | None] = lambda _account, _state: None


@dataclass
class Tally:
    """How far a source is that asks about each account: answers by outcome, accounts in all."""

    total: int = 0
    throttled: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        """How many accounts have an answer."""
        return self.outcomes.total()


@dataclass(frozen=True)
class Ended:
    """How a source ended, and why where that is worth a word; `facts` are fields of the manifest.

    A source that fails is an outcome of that source, never the end of a run.
    """

    outcome: Outcome
    detail: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Source:
    """Something that can be asked; the base of each, which does nothing.

    `begin` asks what an earlier run left open, `found` hears of accounts as they become known, and
    `finish` that no more will come. Answers go to the desk's journal, into `table`.
    """

    table: ClassVar[Table]
    operations: ClassVar[tuple[Operation, ...]]
    """What it calls, with the permissions that it needs."""
    phase: ClassVar[Phase]
    by_default: ClassVar[bool] = True
    """Whether it is asked where nobody says which sources are."""

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        self.desk = desk
        self.wanted = wanted

    @classmethod
    def is_wanted(cls, wanted: Wanted) -> bool:  # noqa: ARG003 - for those that are asked on demand
        """Whether it is asked at all."""
        return True

    @property
    def name(self) -> str:
        """What it is called in the manifest: as its table in the store."""
        return self.table.file

    @property
    def is_open(self) -> bool:
        """Whether it still waits for answers, as far as it can tell."""
        return True

    @property
    def is_mendable(self) -> bool:
        """Whether asking again soon would complete what it has: only then a run is kept open."""
        return False

    @property
    def tally(self) -> Tally | None:
        """How far it is, for a source whose answers are counted account by account."""
        return None

    def begin(self) -> None:
        """Ask what can be asked before any account is known."""

    def found(self, accounts: Mapping[str, str | None]) -> None:
        """Take in accounts that have become known: standard state by id."""

    def finish(self) -> None:
        """Learn that no more accounts will come."""

    def afterwards(self) -> None:
        """Ask what can be asked only once everything else is answered."""

    def notes(self) -> dict[str, Any]:
        """Return what the next run must know if this one stops now."""
        return {}

    def ended(self, rows: pd.DataFrame) -> Ended | None:  # noqa: ARG002 - for those that count
        """Return how it ended, given its table; None where there was nothing to ask."""
        return Ended(Outcome.FOUND)
