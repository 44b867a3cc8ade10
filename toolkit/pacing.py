"""Finds and holds the API's rate: when the next call may leave, learned from the answers alone.

The server keeps a token bucket: it refills at a rate nobody tells us, holds a burst nobody tells
us, and a call that finds it empty is throttled and costs nothing. So a throttle proves that the
bucket was empty when the call arrived. Between two such moments no more calls can have been
granted than the bucket was refilled, and as many have been unless it stood full in between:

    granted calls between two throttles / time between them  =  a lower bound of the rate

and a close one, since the pace that led to the second throttle was only just too fast. From that
follow the two parts of the pacer:

ramp    Until the first throttle the pace grows with every granted call, which is exponential in
        time. It is held back only by the number of calls that would be wasted in flight.
hold    At each throttle the pace falls to the best lower bound of the last few, then creeps up
        with each granted call, more slowly the better the rate is known, until the next throttle.
        A throttle that is long overdue means that the quota rose: the pace grows faster. Throttles
        that come much too soon mean that it fell: what was measured before is forgotten.

Everything here is arithmetic on times that are passed in (`now`, seconds of a monotonic clock):
nothing sleeps, nothing reads a clock, and one thread owns the pacer.
"""

from bisect import bisect_right, insort
from collections import deque
from dataclasses import dataclass

FIRST_RATE = 10.0  # calls/s to begin with: wastes a call or two of a quota of 3, and 50 is 1 s away
RAMP_SECONDS = 0.7  # the pace grows e-fold in this time: faster overshoots a drained burst too far
FIRST_IN_FLIGHT = 3  # before any answer the latency is unknown: so few can be wasted by a slow one
IN_FLIGHT_SHARE = 1 / 3  # calls in flight per granted call while ramping: bounds what is wasted
AFTER_RAMP = 0.25  # a burst of several seconds lets the ramp pass the rate by this factor
DRAIN = 2.0  # times a learned rate until the first throttle: uses up the burst the server grants

ROUGH = 5  # calls that a bound must span to count at all; the trust after the ramp
SURE = 50  # calls: a rate known to 1 in 50 is as good as it gets in a quota that others share
SURE_SECONDS = 0.5  # at high rates that many calls pass within the latency's jitter: time counts
CREEP = 2  # spans until the pace has crept from the lower bound to the upper one
OVERDUE = 4  # spans after which the throttle should have come (CREEP + sqrt(2 * CREEP))
TOO_SOON = 1 / 8  # of a span: a throttle this early, twice in a row, says that the quota fell
REMEMBERED = 4  # throttles looked back on: enough to outlive one unlucky window, few to go stale

CATCH_UP = 0.02  # s: a late caller sends the missed calls at once, up to this much of the pace
POLL = 0.05  # s between looks while the first answers are awaited
SMOOTHING = 1 / 8  # weight of a new latency in the average, as TCP does


@dataclass(frozen=True, slots=True)
class Learned:
    """What a run found out about its quota: calls/s, and how many times it met the limit."""

    rate: float
    clusters: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """One call that left: its number and the second it left at."""

    number: int
    sent_at: float


class Pacer:
    """Says when the next call may leave so that a quota is used up and hardly ever exceeded.

    `known_rate` (calls/s) is a stated quota: it is held from the first call and never exceeded,
    and only a lower one is learned. `learned` is what an earlier run found: it is where this
    one begins. Report every answer, with the ticket of its call, to exactly one of `granted`,
    `throttled` and `lost`.
    """

    def __init__(self, *, known_rate: float | None = None, learned: Learned | None = None) -> None:
        if known_rate is not None and not known_rate > 0:
            raise ValueError("known_rate must be more than 0 calls per second")
        self._ceiling = float("inf") if known_rate is None else known_rate
        self._start = FIRST_RATE
        self._expected: float | None = None
        if known_rate is not None:
            self._start = self._expected = known_rate
        elif learned is not None and learned.clusters >= 2:
            self._expected = learned.rate
            self._start = learned.rate * DRAIN
        self._pace = self._start
        self._due = float("-inf")
        self._sent = 0
        self._answered = 0
        self._granted = 0
        self._latency = 0.0
        self._spread = 0.0
        self._keeping_up = True
        self._not_granted: list[int] = []  # numbers of throttled and lost calls, ascending
        self._empties: deque[Ticket] = deque(maxlen=REMEMBERED)  # one throttled call per cluster
        self._reacted_after = 0  # calls up to this number left before the pacer last reacted
        self._clusters = 0
        self._span = float(ROUGH)  # calls: the rate is known to 1 in so many
        self._since = 0  # granted calls since the last reaction
        self._soon = 0  # throttles in a row that came too soon

    @property
    def rate(self) -> float:
        """Calls per second that it now allows."""
        return self._pace

    @property
    def learned(self) -> Learned | None:
        """What is worth handing to the next run; None before the limit was met twice."""
        if self._clusters < 2:
            return None
        return Learned(rate=self._pace, clusters=self._clusters)

    def wait(self, now: float) -> float:
        """Seconds until the next call may leave; 0.0 means now."""
        if self._answered == 0 and self._sent >= FIRST_IN_FLIGHT:
            return POLL
        return max(0.0, self._due - now)

    def sent(self, now: float) -> Ticket:
        """A call leaves now; hand the ticket back with its answer."""
        self._keeping_up = now - self._due < CATCH_UP
        self._due = max(self._due, now - CATCH_UP) + 1 / self._pace
        self._sent += 1
        return Ticket(self._sent, now)

    def granted(self, ticket: Ticket, now: float) -> None:
        """The answer is anything but a throttle: the call was let through and used quota."""
        self._arrived(ticket, now)
        self._granted += 1
        if not self._keeping_up:
            return  # the caller is slower than the pace, so its success proves nothing
        if not self._clusters:
            self._ramp()
        elif ticket.number > self._reacted_after:
            self._since += 1
            self._creep()

    def throttled(self, ticket: Ticket, now: float) -> None:
        """The answer is a throttle: the bucket was empty when this call arrived."""
        self._arrived(ticket, now)
        insort(self._not_granted, ticket.number)
        if ticket.number > self._reacted_after:
            self._react(ticket)
        elif self._empties and ticket.number > self._empties[-1].number:
            self._empties[-1] = ticket  # same cluster: the next window begins at its last throttle

    def lost(self, ticket: Ticket, now: float) -> None:
        """No answer came: that says nothing about the quota."""
        del now
        self._answered += 1
        insort(self._not_granted, ticket.number)

    def _arrived(self, ticket: Ticket, now: float) -> None:
        taken = now - ticket.sent_at
        if self._answered == 0:
            self._latency = taken
        self._answered += 1
        self._spread += (abs(taken - self._latency) - self._spread) * SMOOTHING
        self._latency += (taken - self._latency) * SMOOTHING

    def _ramp(self) -> None:
        freely = self._start + self._granted / RAMP_SECONDS
        if self._expected is not None and self._granted < 10 * self._expected:
            freely = self._start
        in_flight = FIRST_IN_FLIGHT + self._granted * IN_FLIGHT_SHARE
        self._pace = min(freely, in_flight / max(self._latency, 1e-3), self._ceiling)

    def _creep(self) -> None:
        if self._since < OVERDUE * self._span:
            growth = 1 / (CREEP * self._span**2)
        else:
            in_flight = self._sent - self._answered
            growth = 1 / max(self._span, 2 * ROUGH, 2 * in_flight)
        self._pace = min(self._pace * (1 + growth), self._ceiling)

    def _react(self, throttled: Ticket) -> None:
        """Fall to the best lower bound of the rate: the first throttle of a new cluster."""
        self._reacted_after = self._sent
        self._clusters += 1
        self._soon = self._soon + 1 if self._since < self._span * TOO_SOON else 0
        self._since = 0
        if self._soon > 1:
            while len(self._empties) > 1:
                self._empties.popleft()
        bounds = [self._bound(empty, throttled) for empty in self._empties]
        self._empties.append(throttled)
        rate, span = max(bounds, default=(0.0, 0.0))
        if span >= ROUGH:
            self._pace = min(self._pace, rate)
            self._span = min(span, max(SURE, rate * SURE_SECONDS))
        elif self._expected is not None:
            self._pace, self._span = self._expected, float(SURE)
        else:
            self._pace *= AFTER_RAMP if self._clusters == 1 else 0.5
            self._span = float(ROUGH)
        self._expected = None

    def _bound(self, first: Ticket, last: Ticket) -> tuple[float, float]:
        """Lower bound of the rate between two empty moments, and the granted calls it spans."""
        refused = bisect_right(self._not_granted, last.number) - bisect_right(
            self._not_granted, first.number
        )
        granted = last.number - first.number - refused
        seconds = last.sent_at - first.sent_at + self._spread
        return (granted / seconds if seconds > 0 else 0.0), float(granted)
