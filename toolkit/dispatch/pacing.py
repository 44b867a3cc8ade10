"""Finds and holds the API's rate: says when the next call may leave, by what the answers prove.

The server keeps a token bucket. It refills at a rate and holds a burst that nobody tells us; a
call that finds it empty is throttled and costs nothing. So a throttle proves that the bucket was
empty when that call arrived. Between two such moments no more calls can have been granted than
were refilled, and as many were, unless the bucket stood full in between:

    granted calls between two throttles / seconds between them  =  a lower bound of the rate

and a close one if the second throttle was reached by going only just too fast. Hence two parts:

ramp    Until the first throttle the pace grows with every granted call, so it grows exponentially
        in time, held back only by how many calls would be in flight, thus wasted, at the limit.
hold    At each throttle the pace falls to the best lower bound of the last few, then creeps up
        with every granted call, the slower the better the rate is known, to the next throttle.
        One that is long overdue means that the quota rose: the pace then grows fast. Throttles
        that come far too soon mean that it fell: what was measured before is forgotten.

Throttled calls that left before the last reaction could be felt form one cluster and count once.
Everything is arithmetic on times passed in as `now`, seconds of a monotonic clock: nothing here
sleeps, reads a clock or locks, and one thread owns the pacer. A caller needs no rule for its
number of threads: when `wait` says now and no thread is idle, it starts another.
"""

from bisect import bisect_right, insort
from collections import deque
from dataclasses import dataclass
from math import sqrt

# The ramp.
FIRST_RATE = 10.0  # calls/s: wastes one or two calls of a quota of 3, and 200 is 2 s away
RAMP_SECONDS = 0.6  # at most, in which the pace grows e-fold: a slower ramp lets quota go by
RAMP_SECONDS_LEAST = 0.1  # at least, so that no quota has gone by before its throttle is seen
RAMP_LATENCIES = 6  # the same in latencies: a faster ramp has more calls in flight at the limit
FIRST_IN_FLIGHT = 3  # calls sent before any answer has told the latency
IN_FLIGHT_SHARE = 1 / 3  # calls in flight per granted call: slow answers must slow the ramp
BURST_SECONDS = 1.5  # s of quota that a bucket is taken to hold, for the first guess of its rate
DRAIN = 2.0  # times a learned rate until the first throttle, to use up the burst
DRAIN_SECONDS = 10.0  # s of a learned quota granted without a throttle: it is no longer true

# The hold. A span is a number of calls: the rate is known to one in so many.
ROUGH = 5  # span after a guess
SURE = 70  # span that is good enough: leads to a throttle every 200 calls or so, 0.5 % wasted
SURE_SECONDS = 0.5  # the same as a time: at high rates 70 calls pass within the latency's jitter
CREEP = 4  # spans of calls in which the pace rises by one part in a span
PROBE = 14  # calls in which it grows e-fold where the rate is a guess or a throttle is overdue
OVERDUE = 5  # spans without a throttle: CREEP leads to one within 2.8 if the quota is unchanged
TOO_SOON = 1 / 8  # of a span: throttles this close, twice in a row, say that the quota fell
BOUND_CALLS = 2  # granted calls that make a lower bound; fewer are chance
HOLDS_ONE = 2  # number of the first throttled call if one call had emptied the bucket
REMEMBERED = 8  # throttles looked back on: outlives some bad luck, and soon forgets
SLOWEST = 0.5  # calls/s: no known quota is lower, and when another client empties the bucket all
#                the time, throttles come however slow we are: slower still would be standstill

# Time.
CATCH_UP = 0.25  # s of missed pace that a late caller may send at once: buckets hold more than that
LATE = 0.02  # s after it was due: whoever sends later is not held back by the pace
IDLE = 1.0  # s without a call although one was due: the bucket may have filled up unseen
POLL = 0.05  # s between two looks for the first answer
SMOOTHING = 1 / 8  # weight of the newest latency in the average, as in TCP
CERTAIN_CLUSTERS = 2  # a rate takes two throttles to measure


@dataclass(frozen=True, slots=True)
class Learned:
    """What a run found out: the quota in calls/s, and how many clusters of throttles it met."""

    rate: float
    clusters: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """One call that left: its number and the second it left at."""

    number: int
    sent_at: float


class Pacer:
    """Say when the next call may leave, so that a quota is used up and hardly ever exceeded.

    `known_rate` (calls/s) is a stated quota: held from the first call, never exceeded, and only a
    lower one is learned. `learned` is what an earlier run found, to begin with. Each ticket goes
    back once, to `granted`, `throttled` or `lost`. Raises ValueError for a rate not above 0.
    """

    def __init__(self, *, known_rate: float | None = None, learned: Learned | None = None) -> None:
        if known_rate is not None and not known_rate > 0:
            raise ValueError("known_rate must be more than 0 calls per second")
        self._ceiling = float("inf") if known_rate is None else known_rate
        self._learned = learned if learned and learned.clusters >= CERTAIN_CLUSTERS else None
        self._expected = known_rate  # the rate as far as it is known
        self._pace = FIRST_RATE if known_rate is None else known_rate
        if known_rate is None and self._learned:
            self._expected = self._learned.rate
            self._pace = self._learned.rate * DRAIN
        self._due: float | None = None  # when the next call may leave
        self._began = self._last_sent = 0.0
        self._sent = self._answered = self._granted = 0
        self._latency = self._spread = 0.0  # s: mean, and mean distance from it
        self._keeping_up = True  # the caller sends as fast as it may
        self._throttled: list[int] = []  # numbers of throttled calls, ascending
        self._empty: deque[Ticket] = deque(maxlen=REMEMBERED)  # last throttle of each cluster
        self._clusters = 0
        self._soon = 0  # clusters in a row that came too soon
        self._reacted_at = 0  # number of the last call sent when the pacer last reacted
        self._since = 0  # granted calls since then
        self._from = 0.0  # the pace since then began with
        self._span = float(ROUGH)
        self._burst: tuple[int, float] = (0, 0.0)  # calls and seconds to the first throttle

    @property
    def rate(self) -> float:
        """Calls per second that may leave now."""
        return self._pace

    @property
    def learned(self) -> Learned | None:
        """What the next run should begin with; None if this one has nothing to tell."""
        if self._clusters < CERTAIN_CLUSTERS or self._expected is None:
            return self._learned
        return Learned(rate=self._expected, clusters=self._clusters)

    def wait(self, now: float) -> float:
        """Tell the seconds until the next call may leave; 0.0 is now."""
        if self._answered == 0 and self._sent >= FIRST_IN_FLIGHT:
            return POLL
        return 0.0 if self._due is None else max(0.0, self._due - now)

    def sent(self, now: float) -> Ticket:
        """Note that a call leaves now; its ticket goes back with the answer."""
        if self._due is None:
            self._due = self._began = now
        self._keeping_up = now - self._due < LATE
        if now - self._due > IDLE:
            self._empty.clear()
        self._due = max(self._due, now - CATCH_UP) + 1 / self._pace
        self._sent += 1
        self._last_sent = now
        return Ticket(self._sent, now)

    def granted(self, ticket: Ticket, now: float) -> None:
        """Note an answer that is not a throttle, an error included: the call used quota."""
        self._note_latency(now - ticket.sent_at)
        self._granted += 1
        if not self._keeping_up:
            return  # whoever is slower than the pace learns nothing about a faster one
        if not self._clusters:
            self._ramp()
        elif ticket.number > self._reacted_at:
            self._since += 1
            self._creep()

    def throttled(self, ticket: Ticket, now: float) -> None:
        """Note a throttle: the bucket was empty when this call arrived."""
        self._note_latency(now - ticket.sent_at)
        insort(self._throttled, ticket.number)
        if ticket.number > self._reacted_at:
            self._react(ticket)
        elif self._empty and ticket.number > self._empty[-1].number:
            self._empty[-1] = ticket

    def lost(self, ticket: Ticket, now: float) -> None:
        """Note that no answer came, which tells nothing for certain.

        It is taken to have used quota: a bound that is too high costs the next throttle, one that
        is too low costs time.
        """
        del ticket, now
        self._answered += 1

    def _note_latency(self, seconds: float) -> None:
        if not self._answered:
            self._latency = seconds
        self._answered += 1
        self._spread += (abs(seconds - self._latency) - self._spread) * SMOOTHING
        self._latency += (seconds - self._latency) * SMOOTHING

    def _ramp(self) -> None:
        if self._pace >= self._ceiling:
            return
        if self._expected:
            if self._granted < self._expected * DRAIN_SECONDS:
                return
            self._expected = None
        in_flight = FIRST_IN_FLIGHT + self._granted * IN_FLIGHT_SHARE
        seconds = max(RAMP_LATENCIES * self._latency, RAMP_SECONDS_LEAST)
        self._pace = min(
            self._pace + 1 / min(seconds, RAMP_SECONDS), in_flight / max(self._latency, 0.001)
        )

    def _creep(self) -> None:
        guessing = self._expected is None or self._since > OVERDUE * self._span
        in_flight = self._sent - self._answered  # their throttles are not known yet
        calls = max(self._span, PROBE, 4 * in_flight) if guessing else CREEP * self._span**2
        self._pace = min(self._pace * (1 + 1 / calls), self._ceiling)

    def _react(self, throttled: Ticket) -> None:
        """Slow down: this is the first throttle of a cluster."""
        self._clusters += 1
        self._reacted_at = self._sent
        if self._clusters == 1:
            self._burst = (throttled.number, throttled.sent_at - self._began)
        else:
            self._soon = self._soon + 1 if self._since < self._span * TOO_SOON else 0
        if self._soon > 1:
            self._expected = None
            while len(self._empty) > 1:
                self._empty.popleft()
        bounds = [self._bound(empty, throttled) for empty in self._empty]
        self._empty.append(throttled)
        rate, calls = max((b for b in bounds if b[1] >= BOUND_CALLS), default=(0.0, 0))
        if calls:
            self._settle(rate, min(calls, 2 * bounds[0][1] / len(bounds)))
        elif self._expected is not None:
            self._pace, self._span = min(self._pace, self._expected), SURE
        else:
            self._pace, self._span = self._guess(), ROUGH
        self._pace = max(self._pace, min(SLOWEST, self._ceiling))
        self._since, self._from = 0, self._pace
        self._due = self._last_sent + 1 / self._pace + self._spread  # let stragglers arrive

    def _bound(self, first: Ticket, last: Ticket) -> tuple[float, int]:
        """Lower bound of the rate between two empty moments, and the granted calls behind it."""
        throttled = bisect_right(self._throttled, last.number)
        throttled -= bisect_right(self._throttled, first.number)
        calls = last.number - first.number - throttled
        return calls / max(last.sent_at - first.sent_at + self._spread, 0.001), calls

    def _settle(self, rate: float, span: float) -> None:
        """Go on at a measured lower bound; `span` calls tell how close it can be."""
        calls, seconds = self._burst
        # What left until the bucket was first empty, less the refill, is the least that it holds.
        burst = max(calls - self._pace * seconds, 1.0) if calls > HOLDS_ONE else 0.0
        unused = self._since * (1 - self._from / rate) / 2  # what a climb from so low left in it
        excess = max(self._pace / rate, 1.0)
        self._pace = min(self._pace, rate)
        if unused > burst:  # it may have overflowed: the rate lies between the bound and the pace
            self._pace = rate * sqrt(excess)
            span = min(span, 1 / max(excess - 1, 0.001))
        self._span = min(max(span, ROUGH), max(SURE, rate * SURE_SECONDS))
        self._expected = rate

    def _guess(self) -> float:
        if self._clusters > 1:
            return self._pace / 2
        calls, seconds = self._burst
        return min(self._pace / 2, calls / (seconds + BURST_SECONDS))
