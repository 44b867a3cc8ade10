"""The desk that every source works at: the way to AWS, who asks, the queues, the journal, the time.

"One asked first, which shows whether the others may be" is written here, once, and so is what a
list of pages must not do.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import AccessDeniedError, AwsError
from toolkit.fetch.journal import Journal, Row
from toolkit.schema import Table

if TYPE_CHECKING:
    from toolkit.fetch.source import Source

SPARED: Final = 60.0
"""Seconds without an answer after which a run goes on without what it can do without."""

BARREN_PAGES: Final = 100
"""Pages in a row without anything new after which a list leads nowhere: AWS gives empty ones."""

RESTARTS: Final = 3
"""How often a list is read again from its start because its next page was not known any more."""


class Desk:
    """What sources share while they ask; one thread owns it, the one that calls `run`.

    `after` is called whenever answers have been received, and a few times a second; `stop`, once
    set, ends the asking in order.
    """

    def __init__(
        self,
        aws: Aws,
        caller: Caller,
        journal: Journal,
        clock: Clock | None = None,
        *,
        after: Callable[[], None] = lambda: None,
        stop: threading.Event | None = None,
    ) -> None:
        self.aws = aws
        self.caller = caller
        self.journal = journal
        self.clock = clock or Clock()
        self.dispatcher = Dispatcher(self.clock, after=after, stop=stop)
        self._sources: Sequence[Source] = ()

    def ask(self, lane: str, call: Callable[[], Any], receive: Callable[[Any], None]) -> None:
        """Have a call made when its lane's turn comes; its answer or error goes to `receive`.

        Where nothing gets through for long, the run ends in order.
        """
        self.dispatcher.add(lane, call, receive)

    def ask_if_possible(
        self, lane: str, call: Callable[[], Any], receive: Callable[[Any], None]
    ) -> None:
        """Do as `ask`; where nothing gets through for long, that is the answer."""
        self.dispatcher.lane(lane).patience = SPARED
        self.ask(lane, call, receive)

    def give_up(self, lane: str, error: AwsError) -> None:
        """Let this error be the answer to whatever waits in the lane."""
        self.dispatcher.give_up(lane, error)

    def save(self, table: Table, row: Row) -> None:
        """Keep one row that was answered."""
        self.journal.save(table, row)

    def now(self) -> datetime:
        """Return the time of day, UTC."""
        return self.clock.now()

    def run(
        self, sources: "Sequence[Source]", accounts: Mapping[str, str | None] | None = None
    ) -> None:
        """Let every source ask until all is answered.

        `accounts` are those there are (standard state by id), where no source lists them. Raises
        what ends the asking before its end, such as CredentialsError and RunStoppedError.
        """
        self._sources = sources
        # Whoever lists the accounts comes first of the sources, and begins last: then the others
        # are ready to hear of them.
        for source in reversed(sources):
            source.begin()
        if accounts is not None:
            self.found(accounts)
            self.finish()
        self.dispatcher.run()
        for source in sources:
            source.afterwards()
        self.dispatcher.run()

    def found(self, accounts: Mapping[str, str | None]) -> None:
        """Tell every source of accounts that have become known: standard state by id."""
        for source in self._sources:
            source.found(accounts)

    def finish(self) -> None:
        """Tell every source that no more accounts will come."""
        for source in self._sources:
            source.finish()


class Probe:
    """Questions of one kind, of which the first shows whether any may be asked.

    It is asked alone and the others wait for it. Where it is denied, `denied` is told and no other
    is asked; once one was answered, a denial is that question's own answer. `call` makes the call
    for an item, and `receive` gets the item and its answer.
    """

    def __init__(
        self,
        desk: Desk,
        lane: str,
        *,
        call: Callable[[str], Callable[[], Any]],
        receive: Callable[[str, Any], None],
        denied: Callable[[AccessDeniedError], None],
    ) -> None:
        self._desk = desk
        self._lane = lane
        self._call = call
        self._receive = receive
        self._denied = denied
        self._waiting: deque[str] = deque()
        self._tried = self._allowed = self._closed = False

    def add(self, items: Iterable[str]) -> None:
        """Ask about these, too, as soon as it is known that one may."""
        self._waiting.extend(items)
        self._ask()

    def _ask(self) -> None:
        while self._waiting and not self._closed and (self._allowed or not self._tried):
            self._tried = True
            item = self._waiting.popleft()
            self._desk.ask_if_possible(self._lane, self._call(item), partial(self._answered, item))

    def _answered(self, item: str, answer: Any) -> None:
        if isinstance(answer, AccessDeniedError) and not self._allowed:
            self._closed = True
            self._denied(answer)
            return
        self._allowed = True
        self._receive(item, answer)
        self._ask()


class Pages:
    """The pages of one list: notices where they go in circles or never end.

    `what` names the operation. What it raises is the end of that list.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._restarts = 0
        self._begin()

    def _begin(self) -> None:
        self._tokens: set[str] = set()
        self._rows: set[Hashable] = set()
        self._barren = 0

    def restart(self) -> None:
        """Begin the list again; raises AwsError where that was done too often."""
        self._restarts += 1
        if self._restarts > RESTARTS:
            raise AwsError(
                f"{self._what} does not know its own next page, however often it is read again."
            )
        self._begin()

    def take(self, rows: Iterable[Hashable], following: str | None) -> None:
        """Take in a page, what tells its rows apart, and the token of the next one.

        Raises AwsError where that token was given before, or many pages brought nothing new.
        """
        new = set(rows) - self._rows
        self._rows |= new
        self._barren = 0 if new else self._barren + 1
        if following in self._tokens:
            raise AwsError(
                f"{self._what} names a page again that it has given: it goes in circles."
            )
        if following and self._barren >= BARREN_PAGES:
            raise AwsError(
                f"{self._what} gave {BARREN_PAGES} pages in a row with nothing new, and names yet"
                " another."
            )
        if following:
            self._tokens.add(following)
