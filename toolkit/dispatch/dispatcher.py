"""Makes the calls of every lane, each at its pace, until all have an answer."""

import heapq
import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from toolkit.dispatch.clock import Clock
from toolkit.dispatch.crew import MOST_THREADS, Crew
from toolkit.dispatch.lanes import FIRST_WAIT, Job, Lane
from toolkit.dispatch.pacing import Pacer, Ticket
from toolkit.errors import (
    AwsError,
    CredentialsError,
    EndpointError,
    RunStoppedError,
    ThrottledError,
    ToolkitError,
    UnavailableError,
)

TRIES: Final = 6
"""How often a call that fails by no fault of its own is made before its failure is the answer."""

PATIENCE: Final = 300.0
"""Seconds in which something must get through, or the run ends in order."""

OUTAGE_PATIENCE: Final = 60.0
"""Seconds without any answer after which a lost network ends the run in order."""

_LONGEST_PROBE = 15.0
_LOOK_UP = 0.25  # seconds at most between looks at the stop event and at the progress


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
        self._turns: deque[Lane] = deque()
        self._clock = clock or Clock()
        self._after = after
        self._stop = stop or threading.Event()
        self._patience = patience
        self._crew = Crew(most_threads)
        self._open = 0
        self._through_at = 0.0
        self._trouble: ToolkitError | None = None
        self._numbers = itertools.count()

    def lane(self, name: str, pacer: Pacer | None = None, *, width: int | None = None) -> Lane:
        """Return the lane of that name, made at first use."""
        if name not in self.lanes:
            self.lanes[name] = Lane(pacer or Pacer(), width)
            self._turns.append(self.lanes[name])
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
            self._crew.dismiss()

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
        lanes = [lane for lane in self._turns if lane.waiting or lane.delayed]
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
                if self._crew.is_full:
                    return soonest
                self._send_one(lane, now)
                ready.append(lane)
            lanes = ready
        return soonest

    def _send_one(self, lane: Lane, now: float) -> None:
        # Where there is room for one call only, another lane gets the next.
        self._turns.remove(lane)
        self._turns.append(lane)
        job = lane.waiting.popleft()
        lane.in_flight += 1
        lane.calls += 1
        self._crew.hand_out(_Sent(lane, job, lane.pacer.sent(now)), job.call)

    def _receive_for(self, seconds: float) -> None:
        try:
            sent, answer = self._clock.receive(self._crew.inbox, seconds)
            while True:
                self._receive(sent, answer)
                sent, answer = self._crew.inbox.get_nowait()
        except queue.Empty:
            self._after()

    def _receive(self, sent: _Sent, answer: object) -> None:
        now = self._clock.monotonic()
        lane, job = sent.lane, sent.job
        lane.in_flight -= 1
        self._crew.in_flight -= 1
        if isinstance(answer, EndpointError):
            self._lost(sent, answer, now)
            return
        if isinstance(answer, CredentialsError) or (
            isinstance(answer, BaseException) and not isinstance(answer, AwsError)
        ):
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
        lane.unanswered.add(sent.job)
        if lane.is_out:
            # The network's fault, not the call's: it costs no try, and only one asks whether
            # the network is back, once all that were in flight are lost.
            lane.waiting.append(sent.job)
            if not lane.in_flight:
                lane.probe_at = now + lane.probe_wait
                lane.probe_wait = min(lane.probe_wait * 2, _LONGEST_PROBE)
        else:
            self._failed(sent, error, now)

    def _failed(self, sent: _Sent, error: AwsError, now: float) -> None:
        job = sent.job
        job.tries += 1
        self._trouble = error
        if job.tries >= TRIES:
            self._close(job, error)
            return
        due = now + FIRST_WAIT * 2.0 ** (job.tries - 1)
        heapq.heappush(sent.lane.delayed, (due, next(self._numbers), job))

    def _close(self, job: Job, answer: object) -> None:
        self._open -= 1
        job.receive(answer)

    def _finish(self) -> None:
        """Receive what is in flight; what goes wrong with it now changes nothing any more."""
        while self._crew.in_flight:
            sent, answer = self._crew.inbox.get()
            if isinstance(answer, BaseException) and (
                not isinstance(answer, AwsError) or answer.retryable
            ):
                self._crew.in_flight -= 1
                continue
            try:
                self._receive(sent, answer)
            except ToolkitError:
                continue
        self._after()
