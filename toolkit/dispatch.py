"""Asks AWS at the pacers' pace: one thread decides and records, the others only wait for answers.

The thread that calls `Dispatcher.run` owns the queues, the pacers and whatever the answers are
written to, so that nothing here needs a lock. Workers are started when a call may leave and none
is idle: that makes as many as rate x latency needs, and no more.
"""

import heapq
import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from toolkit.errors import (
    AwsError,
    CredentialsError,
    EndpointError,
    RunStoppedError,
    ThrottledError,
    ToolkitError,
    UnavailableError,
)
from toolkit.pacing import Pacer, Ticket

TRIES: Final = 5
"""How often a call that fails by no fault of its own is made before its failure is the answer."""

FIRST_WAIT: Final = 1.0
"""Seconds before a failed call is made again; each further wait is twice as long."""

MOST_THREADS: Final = 32
"""Threads waiting for answers at most: 500 calls/s at 60 ms, or 32/s at a second."""

AHEAD: Final = 16
"""Calls handed out beyond the threads, so that none waits for the dispatcher when all are busy."""

GATHER: Final = 0.005
"""Seconds in which answers gather while all threads are busy: one commit and one look for all."""

PATIENCE: Final = 300.0
"""Seconds in which something must get through, or the run ends in order."""

OUTAGE_CALLS: Final = 10
"""So many different calls in a row without any answer mean that the network is gone."""

OUTAGE_PATIENCE: Final = 60.0
"""Seconds without any answer after which a lost network ends the run in order."""

_Item = TypeVar("_Item")

_LONGEST_PROBE = 15.0
_LOOK_UP = 0.25  # seconds at most between looks at the stop event and at the progress


class Clock:
    """The time: seconds that only grow, the time of day, and waiting for an answer.

    With `start`, its time of day begins there instead of now; it passes all the same.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = start - datetime.now(UTC) if start else timedelta(0)

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the time of day, UTC."""
        return datetime.now(UTC) + self._offset

    def receive(self, inbox: queue.SimpleQueue[_Item], seconds: float) -> _Item:
        """Return the next item, waiting that long for it; raises queue.Empty where none came."""
        return inbox.get(timeout=seconds)


@dataclass(slots=True)
class Job:
    """One call to make, and who receives its answer.

    `call` runs in a worker; `receive` in the dispatcher's thread, with what was answered or with
    the AwsError that is the final answer.
    """

    call: Callable[[], Any]
    receive: Callable[[Any], None]
    tries: int = 0


@dataclass
class Lane:
    """The calls that share one quota, and its pacer; `width` bounds how many are in flight."""

    pacer: Pacer
    width: int | None = None
    calls: int = 0
    throttled: int = 0
    waiting: deque[Job] = field(default_factory=deque)
    delayed: list[tuple[float, int, Job]] = field(default_factory=list)
    in_flight: int = 0
    unanswered: set[int] = field(default_factory=set)
    silent_since: float = 0.0
    probe_at: float = 0.0
    probe_wait: float = FIRST_WAIT

    @property
    def is_out(self) -> bool:
        """Whether the network seems gone: call after call, and not one answer."""
        return len(self.unanswered) >= OUTAGE_CALLS

    def until_next(self, now: float) -> float | None:
        """Return seconds until a call may leave; None where only an answer can change that."""
        while self.delayed and self.delayed[0][0] <= now:
            self.waiting.append(heapq.heappop(self.delayed)[2])
        if not self.waiting:
            return self.delayed[0][0] - now if self.delayed else None
        if self.in_flight and (self.is_out or self.in_flight == self.width):
            return None
        if self.is_out and self.probe_at > now:
            return self.probe_at - now
        return self.pacer.wait(now)


@dataclass(slots=True)
class _Sent:
    lane: Lane
    job: Job
    ticket: Ticket


class Dispatcher:
    """Makes the calls of all lanes until none is left.

    `after` is called whenever answers have been received, and at least a few times a second: the
    place to commit them and to report. `stop`, once set, ends the run in order.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        after: Callable[[], None] = lambda: None,
        stop: threading.Event | None = None,
        most_threads: int = MOST_THREADS,
        patience: float = PATIENCE,
    ) -> None:
        self.lanes: dict[str, Lane] = {}
        self._clock = clock or Clock()
        self._after = after
        self._stop = stop or threading.Event()
        self._most_threads = most_threads
        self._patience = patience
        self._tasks: queue.SimpleQueue[_Sent | None] = queue.SimpleQueue()
        self._inbox: queue.SimpleQueue[tuple[_Sent, object]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._in_flight = 0
        self._open = 0
        self._through_at = 0.0
        self._trouble: ToolkitError | None = None
        self._numbers = itertools.count()

    @property
    def threads(self) -> int:
        """How many workers were started."""
        return len(self._threads)

    def lane(self, name: str, pacer: Pacer | None = None, *, width: int | None = None) -> Lane:
        """Return the lane of that name, made at first use."""
        if name not in self.lanes:
            self.lanes[name] = Lane(pacer or Pacer(), width)
        return self.lanes[name]

    def add(self, lane: str, call: Callable[[], Any], receive: Callable[[Any], None]) -> None:
        """Put a call at the back of a lane's queue."""
        self.lane(lane).waiting.append(Job(call, receive))
        self._open += 1

    def run(self) -> None:
        """Make every call; those that answers add, too.

        Raises RunStoppedError when told to stop, when nothing gets through for long or the network
        is gone, and whatever a receiver raised; answers then in flight are still received.
        """
        self._through_at = self._clock.monotonic()
        try:
            while self._open:
                now = self._clock.monotonic()
                self._check(now)
                self._receive_for(self._send(now))
        except BaseException:
            self._finish()
            raise
        finally:
            for _ in self._threads:
                self._tasks.put(None)

    def _check(self, now: float) -> None:
        if self._stop.is_set():
            raise RunStoppedError("The collection was stopped.")
        if now - self._through_at > self._patience:
            last = f" The last answer was: {self._trouble.message}" if self._trouble else ""
            raise RunStoppedError(
                f"Nothing got through for {self._patience / 60:.0f} minutes.{last}"
            ) from self._trouble
        for lane in self.lanes.values():
            if lane.is_out and now - lane.silent_since > OUTAGE_PATIENCE and self._trouble:
                raise RunStoppedError(self._trouble.message, self._trouble.hint) from self._trouble

    def _send(self, now: float) -> float:
        """Send what may leave now, one of each lane in turn; return seconds until more may."""
        lanes = [lane for lane in self.lanes.values() if lane.waiting or lane.delayed]
        soonest = _LOOK_UP
        while lanes:
            ready = []
            for lane in lanes:
                wait = lane.until_next(now)
                if wait is None:
                    continue
                if wait > 0:
                    soonest = min(soonest, wait)
                    continue
                if self._in_flight >= self._most_threads + AHEAD:
                    return _LOOK_UP
                self._send_one(lane, now)
                ready.append(lane)
            lanes = ready
        return soonest

    def _send_one(self, lane: Lane, now: float) -> None:
        if len(self._threads) < min(self._in_flight + 1, self._most_threads):
            # A daemon, so that a call without an answer never keeps the program from ending.
            worker = threading.Thread(
                target=_work, args=(self._tasks, self._inbox), name="toolkit-call", daemon=True
            )
            worker.start()
            self._threads.append(worker)
        job = lane.waiting.popleft()
        lane.in_flight += 1
        lane.calls += 1
        self._in_flight += 1
        self._tasks.put(_Sent(lane, job, lane.pacer.sent(now)))

    def _receive_for(self, seconds: float) -> None:
        try:
            sent, answer = self._clock.receive(self._inbox, seconds)
            if self._in_flight > self._most_threads:
                time.sleep(GATHER)
            while True:
                self._receive(sent, answer)
                sent, answer = self._inbox.get_nowait()
        except queue.Empty:
            self._after()

    def _receive(self, sent: _Sent, answer: object) -> None:
        now = self._clock.monotonic()
        lane, job = sent.lane, sent.job
        lane.in_flight -= 1
        self._in_flight -= 1
        if isinstance(answer, EndpointError):
            self._lost(sent, answer, now)
            return
        if isinstance(answer, CredentialsError) or (
            isinstance(answer, BaseException) and not isinstance(answer, AwsError)
        ):
            lane.pacer.lost(sent.ticket, now)
            raise answer
        lane.unanswered.clear()
        lane.probe_wait = FIRST_WAIT
        if isinstance(answer, ThrottledError):
            lane.pacer.throttled(sent.ticket, now)
            lane.throttled += 1
            self._trouble = answer
            lane.waiting.append(job)
            return
        lane.pacer.granted(sent.ticket, now)
        if isinstance(answer, UnavailableError):
            self._failed(sent, answer, now)
            return
        self._through_at = now
        self._close(job, answer)

    def _lost(self, sent: _Sent, error: EndpointError, now: float) -> None:
        lane = sent.lane
        lane.pacer.lost(sent.ticket, now)
        self._trouble = error
        if not lane.unanswered:
            lane.silent_since = now
        lane.unanswered.add(id(sent.job))
        if lane.is_out:
            # The network's fault, not the call's: it costs no try, and only one asks whether
            # the network is back.
            lane.probe_at = now + lane.probe_wait
            lane.probe_wait = min(lane.probe_wait * 2, _LONGEST_PROBE)
            lane.waiting.append(sent.job)
        else:
            self._failed(sent, error, now)

    def _failed(self, sent: _Sent, error: AwsError, now: float) -> None:
        job = sent.job
        job.tries += 1
        self._trouble = error
        if job.tries >= TRIES:
            sent.lane.unanswered.discard(id(job))
            self._close(job, error)
            return
        due = now + FIRST_WAIT * 2.0 ** (job.tries - 1)
        heapq.heappush(sent.lane.delayed, (due, next(self._numbers), job))

    def _close(self, job: Job, answer: object) -> None:
        self._open -= 1
        job.receive(answer)

    def _finish(self) -> None:
        """Receive what is in flight; what goes wrong with it now changes nothing any more."""
        while self._in_flight:
            sent, answer = self._inbox.get()
            if isinstance(answer, BaseException) and (
                not isinstance(answer, AwsError) or answer.retryable
            ):
                self._in_flight -= 1
                continue
            try:
                self._receive(sent, answer)
            except ToolkitError:
                continue
        self._after()


def _work(tasks: queue.SimpleQueue[_Sent | None], inbox: queue.SimpleQueue[Any]) -> None:
    while (sent := tasks.get()) is not None:
        answer: object
        try:
            answer = sent.job.call()
        except BaseException as error:  # noqa: BLE001 - a boundary: the dispatcher's thread decides
            answer = error
        inbox.put((sent, answer))
