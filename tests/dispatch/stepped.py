"""Time that passes only while everybody waits, so that a run's every second can be asserted."""

import heapq
import itertools
import queue
import threading
from math import inf
from typing import Any

from patience import LONG

from toolkit.dispatch import Clock, Dispatcher, Pacer
from toolkit.dispatch.crew import Crew

_POLL = 0.002


class Stepped(Clock):
    """A clock for one dispatcher: it stands still while a call is at work, and then jumps."""

    dispatcher: Dispatcher

    def __init__(self, at: float = 0.0) -> None:
        super().__init__()
        self.at = at
        self._asleep: list[tuple[float, int, threading.Event]] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float = inf) -> None:
        """Wait in a call for so long; for ever means until `wake`."""
        alarm = threading.Event()
        with self._lock:
            heapq.heappush(self._asleep, (self.at + seconds, next(self._numbers), alarm))
        assert alarm.wait(LONG)

    def wake(self) -> None:
        """Let every call that sleeps go on."""
        with self._lock:
            for _, _, alarm in self._asleep:
                alarm.set()
            self._asleep.clear()

    def receive(self, crew: Crew, seconds: float) -> Any:
        until = self.at + seconds
        while True:
            try:
                return crew.inbox.get(timeout=_POLL if self._at_work(crew) else 0)
            except queue.Empty:
                if self._at_work(crew):
                    continue
            with self._lock:
                if not self._asleep or self._asleep[0][0] > until:
                    self.at = until
                    raise queue.Empty
                self.at, _, alarm = heapq.heappop(self._asleep)
            alarm.set()

    def _at_work(self, crew: Crew) -> bool:
        """Whether a call is being made that does not sleep."""
        return crew.occupied > len(self._asleep)


class Unpaced(Pacer):
    """A pacer that lets every call leave at once."""

    def wait(self, now: float) -> float:
        del now
        return 0.0


def stepped(at: float = 0.0, **options: Any) -> tuple[Stepped, Dispatcher]:
    """Make a dispatcher and the clock it goes by, which begins at that second."""
    clock = Stepped(at)
    clock.dispatcher = Dispatcher(clock, **options)
    return clock, clock.dispatcher
