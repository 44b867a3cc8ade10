"""The desk that every source works at: the way to AWS, who asks, the queues, the journal, the time.

"One asked first, which shows whether the others may be" is written here, once.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import AccessDeniedError
from toolkit.fetch.journal import Journal, Row
from toolkit.schema import Table

if TYPE_CHECKING:
    from toolkit.fetch.source import Source


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
        """Have a call made when its lane's turn comes; its answer or error goes to `receive`."""
        self.dispatcher.add(lane, call, receive)

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
            self._desk.ask(self._lane, self._call(item), partial(self._answered, item))

    def _answered(self, item: str, answer: Any) -> None:
        if isinstance(answer, AccessDeniedError) and not self._allowed:
            self._closed = True
            self._denied(answer)
            return
        self._allowed = True
        self._receive(item, answer)
        self._ask()
