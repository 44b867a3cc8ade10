"""The calls that wait for their turn, in one lane for each quota."""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from toolkit.dispatch.pacing import Pacer
from toolkit.errors import AwsError

FIRST_WAIT: Final = 0.5
"""Seconds before a failed call is made again; each further wait is twice as long."""

OUTAGE_CALLS: Final = 10
"""So many different calls in a row that did not reach AWS mean that the network is gone."""


@dataclass(slots=True, eq=False)
class Job:
    """One call to make, and who receives its answer.

    `call` runs in a worker; `receive` in the dispatcher's thread, with what was answered or with
    the AwsError that is the final answer.
    """

    call: Callable[[], Any]
    receive: Callable[[Any], None]
    tries: int = 0


@dataclass(eq=False)
class Lane:
    """The calls that share one quota, and its pacer; `width` bounds how many are in flight.

    With `patience` the run can do without it: where nothing got through for so many seconds, what
    went wrong is the answer to each of its calls. A lane without it then ends the run.
    """

    name: str
    pacer: Pacer
    width: int | None = None
    patience: float | None = None
    calls: int = 0
    throttled: int = 0
    waiting: deque[Job] = field(default_factory=deque)
    delayed: list[tuple[float, int, Job]] = field(default_factory=list)
    in_flight: int = 0
    trouble: AwsError | None = None  # what went wrong since something last got through
    through_at: float = 0.0
    paused_until: float = 0.0
    unanswered: set[Job] = field(default_factory=set)
    silent_since: float = 0.0
    probe_at: float = 0.0
    probe_wait: float = FIRST_WAIT

    @property
    def is_out(self) -> bool:
        """Whether the network seems gone: call after call, and none that reached AWS."""
        return len(self.unanswered) >= OUTAGE_CALLS

    def until_next(self, now: float) -> float | None:
        """Return seconds until a call may leave; None where only an answer can change that."""
        while self.delayed and self.delayed[0][0] <= now:
            self.waiting.append(heapq.heappop(self.delayed)[2])
        if not self.waiting:
            return self.delayed[0][0] - now if self.delayed else None
        if self.in_flight and (self.is_out or self.in_flight >= (self.width or inf)):
            return None
        if self.is_out and self.probe_at > now:
            return self.probe_at - now
        return max(self.pacer.wait(now), self.paused_until - now)

    def is_stuck(self, now: float, patience: float) -> bool:
        """Whether nothing but trouble came for longer than that."""
        return self.trouble is not None and now - self.through_at > patience

    def give_up(self) -> list[Job]:
        """Return the calls that wait, and have none any more."""
        waiting = [*self.waiting, *(job for _, _, job in self.delayed)]
        self.waiting.clear()
        self.delayed.clear()
        return waiting
