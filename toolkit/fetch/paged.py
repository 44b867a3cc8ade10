"""A source that is one list: page after page, each asked for with the token of the one before.

It asks beside the others and is never in their way: whatever ends it is its own outcome.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

import pandas as pd

from toolkit.aws import Operation
from toolkit.dispatch import Pacer
from toolkit.errors import AwsError, RequestInvalidError
from toolkit.fetch.desk import Desk, Pages
from toolkit.fetch.rows import Row, outcome_of
from toolkit.fetch.source import Ended, Source, Wanted
from toolkit.schema import CallerKind, Outcome

Answer = Mapping[str, Any]


class Paged(Source):
    """The base of such sources: a subclass says what it asks, and what an answer's rows are.

    `rate` is the operation's known quota in calls a second, `told` who is told what it asks for:
    nobody else is asked in vain, or is taken to have nothing. Rows about other accounts than the
    chosen ones are left out.
    """

    phase = "sources"
    rate: ClassVar[float | None] = None
    told: ClassVar[tuple[CallerKind, ...]] = tuple(CallerKind)
    leads_on: ClassVar[str] = "NextToken"
    """The member of an answer that leads to the next page."""

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        desk.dispatcher.lane(self.name, Pacer(known_rate=self.rate))
        self._pages = Pages(self.operation.name)
        self._chosen = None if wanted.chosen is None else frozenset(wanted.chosen)
        self._is_open = True
        self.error: AwsError | None = None
        """What ended the list before its end."""

    @classmethod
    def is_wanted(cls, wanted: Wanted) -> bool:
        """Whether it is asked at all."""
        return cls.table.file in wanted.sources

    @property
    def operation(self) -> Operation:
        """The operation that gives the pages."""
        return self.operations[0]

    @property
    def is_open(self) -> bool:
        """Whether there may be another page."""
        return self._is_open

    def page(self, token: str | None) -> Answer:
        """Make the call that gives a page; in a worker's thread."""
        raise NotImplementedError

    def rows(self, answer: Answer) -> Iterable[Row]:
        """Return the rows of a page; raises AwsError where it holds what cannot be."""
        raise NotImplementedError

    def begin(self) -> None:
        """Ask for the first page, or for the one at which an earlier run stopped."""
        token, outcome = self.desk.journal.asked(self.name)
        if outcome == Outcome.FOUND:
            self._is_open = False
        elif self.desk.caller.kind not in self.told:
            who = " or ".join(f"the {kind} account" for kind in self.told)
            self.error = AwsError(f"Only {who} of the organization is told this.")
            self._end(Outcome.NOT_QUERYABLE, self.error.message)
        else:
            self._ask(token)

    def forget(self) -> None:
        """Forget the rows of a list that is begun again."""
        self.desk.journal.forget_list(self.table, self.name)

    def ended(self, rows: pd.DataFrame) -> Ended:  # noqa: ARG002 - as the base has it
        """Return how the list ended."""
        (asked,) = self.desk.journal.all_asked(self.name)
        return Ended(Outcome(asked["outcome"]), asked["detail"])

    def _ask(self, token: str | None) -> None:
        self.desk.ask_if_possible(
            self.name, partial(self.page, token), partial(self._answered, token)
        )

    def _answered(self, token: str | None, answer: Answer | AwsError) -> None:
        try:
            if isinstance(answer, RequestInvalidError) and token:
                # The place was kept for too long: begin the list again.
                self._pages.restart()
                self.forget()
                self._ask(None)
                return
            if isinstance(answer, AwsError):
                raise answer
            following = self._taken(answer)
        except AwsError as error:
            self.error = error
            outcome = outcome_of(error)
            self._end(Outcome.FAILED if outcome is Outcome.NOT_LINKED else outcome, error.message)
            return
        if following:
            self.desk.journal.save_asked(self.name, token=following)
            self._ask(following)
        else:
            self._end(Outcome.FOUND)

    def _taken(self, answer: Answer) -> str | None:
        """Take in a page, and return the token of the next one."""
        following = answer.get(self.leads_on) or None
        rows = list(self.rows(answer))
        # Their hashes tell them apart, and take a tenth of the memory.
        keys = (hash(tuple(row[name] for name in self.table.key)) for row in rows)
        self._pages.take(keys, following)
        for row in rows:
            about = row.get("account_id")
            if self._chosen is None or about is None or about in self._chosen:
                self.save(row)
        return following

    def save(self, row: Row) -> None:
        """Keep a row."""
        self.desk.save(self.table, row)

    def _end(self, outcome: Outcome, why: str | None = None) -> None:
        self._is_open = False
        self.desk.journal.save_asked(self.name, outcome=outcome.value, detail=why)
