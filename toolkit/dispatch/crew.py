"""The threads that make the calls and hand back what was answered."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final

MOST_THREADS: Final = 64
"""Threads at most: 1,000 calls/s at 60 ms, or 64/s at a second."""

AHEAD: Final = 16
"""Calls handed out beyond the threads where no thread is added, so that none waits idly."""

GATHER: Final = 0.005
"""Seconds in which answers gather while all threads are busy: one commit and one look for all."""

GROW_EACH: Final = 0.01
"""Seconds between two new threads."""

BUSY: Final = 0.85
"""Share of one core from which on more threads would only wait for each other."""

BUSY_AND_LATE: Final = 0.35
"""The same where a thread that wants to go on must wait: a machine that has others to serve."""

LATE: Final = 0.002
"""Seconds that it must wait for that."""

_LOOK_EACH = 0.1  # seconds over which that share is measured
_NAP = 0.0005


class Crew:
    """Workers that only ever wait for answers; started when a call may leave and none is idle.

    That makes as many as rate x latency needs. Python runs one thread at a time, so where calls
    are answered faster than they can be made, more threads than keep it busy are not started.
    """

    def __init__(self, most: int = MOST_THREADS) -> None:
        self.inbox: queue.SimpleQueue[tuple[Any, object]] = queue.SimpleQueue()
        self.in_flight = 0
        self._tasks: queue.SimpleQueue[tuple[Any, Callable[[], object]] | None]
        self._tasks = queue.SimpleQueue()
        self._most = most
        self._threads: list[threading.Thread] = []
        self._grown_at = self._looked_at = float("-inf")
        self._worked = 0.0
        self._is_busy = False

    def __len__(self) -> int:
        return len(self._threads)

    @property
    def gathers(self) -> bool:
        """Whether every thread is busy and has its next call, so that answers may gather."""
        return self.in_flight > len(self._threads)

    def wait(self, now: float) -> float | None:
        """Return seconds until a call may be handed out; None until there is an answer."""
        if self.in_flight < len(self._threads):
            return 0.0
        self._look(now)
        if self._is_full:
            return 0.0 if self.in_flight < len(self._threads) + AHEAD else None
        return max(0.0, self._grown_at + GROW_EACH - now)

    def hand_out(self, sent: object, call: Callable[[], object], now: float) -> None:
        """Have a call made; what comes of it arrives in the inbox together with `sent`."""
        if self.in_flight >= len(self._threads) and not self._is_full:
            # A daemon, so that a call without an answer never keeps the program from ending.
            worker = threading.Thread(
                target=_work, args=(self._tasks, self.inbox), name="toolkit-call", daemon=True
            )
            worker.start()
            self._threads.append(worker)
            self._grown_at = now
        self.in_flight += 1
        self._tasks.put((sent, call))

    def dismiss(self) -> None:
        """Let every worker end once it has no more to do."""
        while self._threads:
            self._threads.pop()
            self._tasks.put(None)

    @property
    def _is_full(self) -> bool:
        """Whether no thread is to be added."""
        return len(self._threads) == self._most or (self._is_busy and bool(self._threads))

    def _look(self, now: float) -> None:
        if now - self._looked_at < _LOOK_EACH:
            return
        worked = time.process_time()
        if self._threads:
            share = (worked - self._worked) / (now - self._looked_at)
            self._is_busy = share >= BUSY or (share >= BUSY_AND_LATE and _lateness() >= LATE)
        self._worked, self._looked_at = worked, now


def _lateness() -> float:
    """Return how much later than it wanted this thread gets to run again."""
    began = time.perf_counter()
    time.sleep(_NAP)
    return time.perf_counter() - began - _NAP


def _work(tasks: queue.SimpleQueue[Any], inbox: queue.SimpleQueue[Any]) -> None:
    while (task := tasks.get()) is not None:
        sent, call = task
        answer: object
        try:
            answer = call()
        except BaseException as error:  # noqa: BLE001 - a boundary: the dispatcher's thread decides
            answer = error
        inbox.put((sent, answer))
