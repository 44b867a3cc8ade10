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
    CredentialsRefusedError,
    EndpointError,
    RunStoppedError,
    ThrottledError,
    TimedOutError,
    ToolkitError,
    UnavailableError,
    UnreachableError,
)

TRIES: Final = 6
"""How often a call that fails by no fault of its own is made before its failure is the answer."""

TRIES_A_TIME_OUT: Final = 3
"""How many of them a call without an answer in time costs: else one account holds up a run."""

DEADLINE: Final = 25.0
"""Seconds in which a whole answer must have come, however steadily it drips."""

PATIENCE: Final = 300.0
"""Seconds in which something must get through, or the run ends in order."""

OUTAGE_PATIENCE: Final = 60.0
"""Seconds without any answer after which a lost network ends the run in order."""

REFUSED_CALLS: Final = 3
"""So many different calls in a row that AWS refused mean that the credentials are no good."""

GRACE: Final = 1.0
"""Seconds in which what is in flight may still arrive once the run was told to stop."""

GRACE_UNASKED: Final = 10.0
"""The same where the run ends by itself, and nobody waits for its end."""

_LONGEST_PROBE = 15.0
_LOOK_UP = 0.25  # seconds at most between looks at the stop event and at the progress


@dataclass(slots=True, eq=False)
class _Sent:
    lane: Lane
    job: Job
    ticket: Ticket
    given_up: bool = False


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
        self._in_flight: dict[_Sent, None] = {}  # in the order in which they left
        self._refused: set[Job] = set()
        self._numbers = itertools.count()

    def lane(self, name: str, pacer: Pacer | None = None, *, width: int | None = None) -> Lane:
        """Return the lane of that name, made at first use."""
        if name not in self.lanes:
            self.lanes[name] = Lane(name, pacer or Pacer(), width)
            self._turns.append(self.lanes[name])
        return self.lanes[name]

    def add(self, lane: str, call: Callable[[], Any], receive: Callable[[Any], None]) -> None:
        """Put a call at the back of a lane's queue."""
        self.lane(lane).waiting.append(Job(call, receive))
        self._open += 1

    def give_up(self, lane: str, error: AwsError) -> None:
        """Let this error be the answer to every call that waits in the lane."""
        for job in self.lane(lane).give_up():
            self._close(job, error)

    def run(self) -> None:
        """Make every call; those that answers add, too.

        Raises RunStoppedError when told to stop, when nothing gets through for long or the network
        is gone, and whatever a receiver raised; answers then in flight are still received.
        """
        try:
            while self._open:
                now = self._clock.monotonic()
                self._check(now)
                self._receive_for(self._send(now))
        except KeyboardInterrupt:
            # Whoever interrupts what ends in order already does not want to wait.
            raise
        except BaseException:
            self._finish()
            raise
        finally:
            self._crew.dismiss()

    def _check(self, now: float) -> None:
        if self._stop.is_set():
            raise RunStoppedError("The collection was stopped.")
        self._give_up_late_ones(now)
        for lane in list(self.lanes.values()):
            error = lane.trouble
            if error is None:
                continue
            is_lost = lane.is_out and now - lane.silent_since > OUTAGE_PATIENCE
            if not is_lost and not lane.is_stuck(now, lane.patience or self._patience):
                continue
            if lane.patience is not None:
                self.give_up(lane.name, error)
            elif is_lost:
                raise RunStoppedError(error.message, error.hint) from error
            else:
                raise RunStoppedError(
                    f"Nothing got through for {self._patience / 60:.0f} minutes."
                    f" The last answer was: {error.message}"
                ) from error

    def _give_up_late_ones(self, now: float) -> None:
        """Take a call whose answer does not come, or drips, for one without an answer."""
        while self._in_flight:
            sent = next(iter(self._in_flight))
            if now - sent.ticket.sent_at <= DEADLINE:
                return
            sent.given_up = True
            self._crew.give_up()
            self._arrived(sent)
            late = TimedOutError(f"AWS gave no whole answer in {DEADLINE:.0f} seconds.")
            self._lost(sent, late, now)

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
        if lane.trouble is None:
            lane.through_at = now  # until now it had nothing to wait for
        lane.in_flight += 1
        lane.calls += 1
        sent = _Sent(lane, job, lane.pacer.sent(now))
        self._in_flight[sent] = None
        self._crew.hand_out(sent, job.call)

    def _receive_for(self, seconds: float) -> None:
        try:
            sent, answer = self._clock.receive(self._crew, seconds)
            while True:
                self._receive(sent, answer)
                sent, answer = self._crew.inbox.get_nowait()
        except queue.Empty:
            self._after()

    def _receive(self, sent: _Sent, answer: object) -> None:
        if sent.given_up:
            self._crew.came_after_all()
            return
        now = self._clock.monotonic()
        lane, job = sent.lane, sent.job
        self._crew.in_flight -= 1
        self._arrived(sent)
        if isinstance(answer, EndpointError):
            self._lost(sent, answer, now)
            return
        if isinstance(answer, CredentialsRefusedError):
            self._refuse(sent, answer, now)
            return
        if isinstance(answer, CredentialsError) or (
            isinstance(answer, BaseException) and not isinstance(answer, AwsError)
        ):
            raise answer
        self._refused.clear()
        lane.unanswered.clear()
        lane.probe_wait = FIRST_WAIT
        if isinstance(answer, ThrottledError):
            lane.pacer.throttled(sent.ticket, now)
            lane.throttled += 1
            lane.trouble = answer
            lane.paused_until = max(lane.paused_until, now + answer.retry_after)
            lane.waiting.append(job)
            return
        lane.pacer.granted(sent.ticket, now)
        if isinstance(answer, UnavailableError):
            self._failed(sent, answer, now)
            return
        lane.through_at, lane.trouble = now, None
        self._close(job, answer)

    def _arrived(self, sent: _Sent) -> None:
        del self._in_flight[sent]
        sent.lane.in_flight -= 1

    def _lost(self, sent: _Sent, error: EndpointError, now: float) -> None:
        lane = sent.lane
        lane.pacer.lost(sent.ticket, now)
        if isinstance(error, UnreachableError):
            if not lane.unanswered:
                lane.silent_since = now
            lane.unanswered.add(sent.job)
        if not lane.is_out:
            self._failed(sent, error, now)
            return
        # The network's fault, not the call's: it costs no try, and only one asks whether the
        # network is back, once all that were in flight are lost.
        lane.trouble = error
        lane.waiting.append(sent.job)
        if not lane.in_flight:
            lane.probe_at = now + lane.probe_wait
            lane.probe_wait = min(lane.probe_wait * 2, _LONGEST_PROBE)

    def _refuse(self, sent: _Sent, error: CredentialsRefusedError, now: float) -> None:
        """Take a refusal for this call's own, unless others are refused as well."""
        sent.lane.pacer.granted(sent.ticket, now)
        self._refused.add(sent.job)
        if len(self._refused) >= REFUSED_CALLS:
            raise error
        self._failed(sent, AwsError(error.message, error.hint, code=error.code), now)

    def _failed(self, sent: _Sent, error: AwsError, now: float) -> None:
        job = sent.job
        job.tries += TRIES_A_TIME_OUT if isinstance(error, TimedOutError) else 1
        sent.lane.trouble = error
        if job.tries >= TRIES:
            self._close(job, error)
            return
        wait = max(FIRST_WAIT * 2.0 ** (job.tries - 1), error.retry_after)
        heapq.heappush(sent.lane.delayed, (now + wait, next(self._numbers), job))

    def _close(self, job: Job, answer: object) -> None:
        self._open -= 1
        job.receive(answer)

    def _finish(self) -> None:
        """Receive what arrives soon; what goes wrong with it now changes nothing any more."""
        began = self._clock.monotonic()
        while self._in_flight:
            grace = GRACE if self._stop.is_set() else GRACE_UNASKED
            if (left := began + grace - self._clock.monotonic()) <= 0:
                break
            try:
                sent, answer = self._clock.receive(self._crew, min(left, _LOOK_UP))
            except queue.Empty:
                continue
            if isinstance(answer, BaseException) and (
                not isinstance(answer, AwsError) or answer.retryable
            ):
                self._in_flight.pop(sent, None)
                continue
            try:
                self._receive(sent, answer)
            except ToolkitError:
                continue
        self._after()
