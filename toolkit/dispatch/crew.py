"""The threads that make the calls and hand back what was answered."""

import queue
import threading
from collections.abc import Callable
from typing import Any, Final

from toolkit.errors import ToolkitError

MOST_THREADS: Final = 64
"""Threads at most: 1,000 calls/s at 60 ms, or 64/s at a second."""

MOST_TOGETHER: Final = 256
"""Threads of all crews of this process at most, where many run side by side: more of them than
keep a processor busy would only take memory, and a connection each."""

FEW: Final = 8
"""Threads that a crew may have however many others there are."""


class _Count:
    """How many threads all crews of this process have."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.running = 0

    def add(self, number: int) -> None:
        with self._lock:
            self.running += number


_all: Final = _Count()


class Crew:
    """Workers that only ever wait for answers; one more is started where none is idle.

    That makes as many as rate x latency needs.
    """

    def __init__(self, most: int = MOST_THREADS) -> None:
        self.inbox: queue.SimpleQueue[tuple[Any, object]] = queue.SimpleQueue()
        self.in_flight = 0
        self._given_up = 0
        self._tasks: queue.SimpleQueue[tuple[Any, Callable[[], object]] | None]
        self._tasks = queue.SimpleQueue()
        self._most = most
        self._threads: list[threading.Thread] = []

    @property
    def is_full(self) -> bool:
        """Whether there are as many calls in flight as there may be threads."""
        if self.in_flight >= self._most or self.occupied >= 2 * self._most:
            return True
        have = len(self._threads)
        return have >= FEW and self.occupied >= have and _all.running >= MOST_TOGETHER

    @property
    def occupied(self) -> int:
        """Threads at work: those in flight, and those that nobody waits for any more."""
        return self.in_flight + self._given_up

    def hand_out(self, sent: object, call: Callable[[], object]) -> None:
        """Have a call made; what comes of it arrives in the inbox together with `sent`.

        Raises ToolkitError where this machine lets not one thread start.
        """
        if self.occupied == len(self._threads):
            self._start()
        self.in_flight += 1
        self._tasks.put((sent, call))

    def give_up(self) -> None:
        """Wait no longer for a call in flight; its thread may wait for its answer for ever."""
        self.in_flight -= 1
        self._given_up += 1

    def came_after_all(self) -> None:
        """Take back a thread whose call was given up, and has come to an end now."""
        self._given_up -= 1

    def _start(self) -> None:
        # A daemon, so that a call without an answer never keeps the program from ending.
        worker = threading.Thread(
            target=_work, args=(self._tasks, self.inbox), name="toolkit-call", daemon=True
        )
        try:
            worker.start()
        except RuntimeError as error:
            if not self._threads:
                raise ToolkitError(
                    "This machine lets no thread start.",
                    "Close other programs, or raise the limit of processes (ulimit -u).",
                ) from error
            # Those there are have to do.
            self._most = len(self._threads)
            return
        _all.add(1)
        self._threads.append(worker)

    def dismiss(self) -> None:
        """Let every worker end once it has no more to do."""
        while self._threads:
            self._threads.pop()
            self._tasks.put(None)


def _work(tasks: queue.SimpleQueue[Any], inbox: queue.SimpleQueue[Any]) -> None:
    while (task := tasks.get()) is not None:
        sent, call = task
        answer: object
        try:
            answer = call()
        except BaseException as error:  # noqa: BLE001 - a boundary: the dispatcher's thread decides
            answer = error
        inbox.put((sent, answer))
    _all.add(-1)
