"""Finds and holds the API's rate: says when the next call may leave, by what the answers prove.

The server keeps a token bucket. It refills at a rate and holds a burst that nobody tells us; a
call that finds it empty is throttled and costs nothing. So a throttle proves that the bucket was
empty when that call arrived. Between two such moments no more calls can have been granted than
were refilled, and as many were, unless the bucket stood full in between:

    granted calls between two throttles / seconds between them  =  a lower bound of the rate

and a close one if the second throttle was reached by going only just too fast. If the bucket was
full in between, what left from then to the throttle is what it held and the refill, and what it
holds is known from the first throttle, which ended such a while too. Hence two parts:

ramp    Until the first throttle the pace grows with every granted call, so it grows exponentially
        in time, held back only by how many calls would be in flight, thus wasted, at the limit.
hold    At each throttle the pace falls to the best lower bound of the last few, or half-way from
        there to the rate if the bucket had been full, then creeps up with every granted call, the
        slower the better the rate is known, to the next throttle.
        One that is long overdue means that the quota rose: the pace then grows fast. Throttles
        that come far too soon mean that it fell: what was measured before is forgotten.

Throttled calls that left before the last reaction could be felt form one cluster and count once.
Where each answer comes before the next call leaves, that call makes up for one that was late, so
that a bucket of one call overflows less.
Everything is arithmetic on times passed in as `now`, seconds of a monotonic clock: nothing here
sleeps, reads a clock or locks, and one thread owns the pacer. A caller needs no rule for its
number of threads: when `wait` says now and no thread is idle, it starts another.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass
from math import sqrt

# The ramp.
FIRST_RATE = 10.0  # calls/s: wastes one or two calls of a quota of 3, and 200 is 2 s away
RAMP_SECONDS = 0.6  # at most, in which the pace grows e-fold: a slower ramp lets quota go by
RAMP_SECONDS_LEAST = 0.1  # at least, so that no quota has gone by before its throttle is seen
RAMP_LATENCIES = 6  # the same in latencies: a faster ramp has more calls in flight at the limit
FIRST_IN_FLIGHT = 4  # calls sent before any answer has told the latency
IN_FLIGHT_SHARE = 1 / 2  # calls in flight per granted call: slow answers must slow the ramp
BURST_SECONDS = 1.5  # s of quota that a bucket is taken to hold, for the first guess of its rate
DRAIN = 2.0  # times a learned rate until the first throttle, to use up the burst
DRAIN_SECONDS = 10.0  # s of a learned quota granted without a throttle: it is no longer true

# The hold. A span is a number of calls: the rate is known to one in so many.
ROUGH = 5  # span after a guess
SURE = 70  # span that is good enough: leads to a throttle every 240 calls or so, 0.4 % wasted
SURE_SECONDS = 0.5  # the same as a time: at high rates 70 calls pass within the latency's jitter
CREEP = 6  # spans of calls in which the pace rises by one part in a span
PROBE = 14  # calls in which it grows e-fold where the rate is a guess or a throttle is overdue
PROBE_IN_FLIGHT = 8  # the same for each call in flight, whose throttle is not known yet
OVERDUE = 5  # spans without a throttle: CREEP leads to one within 3.5 if the quota is unchanged
TOO_SOON = 1 / 8  # of a span: throttles this close, twice in a row, say that the quota fell
BOUND_CALLS = 2  # granted calls that make a lower bound; fewer are chance
HOLDS_ONE = 3  # number of the first throttled call at most if the bucket holds one: one more may
#                be granted by the latency's jitter
MARK = 0.05  # change of the pace at which a call is remembered
ROUNDS = 3  # of finding the rate by what the bucket holds, which is found by the rate
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
    """One call that left: its number, the second it left at, and the pace it left with."""

    number: int
    sent_at: float
    pace: float


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
        self._span = float(ROUGH)
        self._climb: list[Ticket] = []  # calls since then, one for each change of the pace
        self._drained: list[tuple[int, float]] = []  # calls and s from these to the first throttle
        self._holds_one = False  # the bucket holds one call only

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
        ticket = Ticket(self._sent, now, self._pace)
        if not self._climb or abs(self._pace / self._climb[-1].pace - 1) > MARK:
            self._climb.append(ticket)
        return ticket

    def granted(self, ticket: Ticket, now: float) -> None:
        """Note an answer that is not a throttle, an error included: the call used quota."""
        late = now - ticket.sent_at - self._latency
        self._note_latency(now - ticket.sent_at)
        self._granted += 1
        if self._due and self._clusters and self._latency + 3 * self._spread < 1 / self._pace:
            self._due += late / 2  # the half of it on the way there
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
        if self._expected is None or self._since > OVERDUE * self._span:
            in_flight = self._sent - self._answered
            probe: float = ROUGH if self._holds_one else PROBE
            calls = max(self._span, probe, PROBE_IN_FLIGHT * in_flight)
        else:
            calls = CREEP * self._span**2
        self._pace = min(self._pace * (1 + 1 / calls), self._ceiling)

    def _react(self, throttled: Ticket) -> None:
        """Slow down: this is the first throttle of a cluster."""
        self._clusters += 1
        self._reacted_at = self._sent
        self._pace = min(self._pace, throttled.pace)  # which was too fast already
        climb = [self._between(m, throttled) for m in self._climb if m.number < throttled.number]
        self._climb.clear()
        if self._clusters == 1:
            self._drained = climb
            self._holds_one = throttled.number <= HOLDS_ONE
        else:
            self._soon = self._soon + 1 if self._since < self._span * TOO_SOON else 0
        if self._soon > 1:
            self._expected = None
            while len(self._empty) > 1:
                self._empty.popleft()
        bounds = [self._between(empty, throttled) for empty in self._empty]
        self._empty.append(throttled)
        rate, calls = max(
            ((c / (t + self._spread), c) for c, t in bounds if c >= BOUND_CALLS), default=(0.0, 0)
        )
        if calls:
            span = min(calls, 2 * bounds[0][0] / len(bounds))
            self._settle(rate, span / (1 + rate * self._spread), climb)
        elif self._expected is not None:
            self._pace, self._span = min(self._pace, self._expected), SURE
        else:
            self._pace, self._span = self._guess(), ROUGH
        self._pace = max(self._pace, min(SLOWEST, self._ceiling))
        self._since = 0
        self._due = self._last_sent + 1 / self._pace + self._spread  # let stragglers arrive

    def _between(self, first: Ticket, last: Ticket) -> tuple[int, float]:
        """Count the granted calls that left between two others, and the seconds between them."""
        throttled = bisect_left(self._throttled, last.number)
        throttled -= bisect_right(self._throttled, first.number)
        calls = last.number - first.number - 1 - throttled
        return calls, max(last.sent_at - first.sent_at, 0.001)

    def _settle(self, rate: float, span: float, climb: list[tuple[int, float]]) -> None:
        """Go on at a measured lower bound; `span` calls tell how close it can be.

        If the bucket was full at a moment of the `climb` (granted calls and seconds from some of
        its calls to the throttle), the rate is higher: the call of that moment and those after it
        are what it held and the refill, all but the part of a call that is in it at the throttle.
        """
        high, low = self._pace, rate
        for _ in range(ROUNDS):
            high = max([(n + 2 - self._holds(high)) / s for n, s in climb] + [rate])
            low = max([(n - self._holds(low)) / s for n, s in climb] + [rate])
        self._pace = min(self._pace, sqrt(low * high), sqrt(rate * self._pace))
        self._span = min(span, 1 / max(high / low - 1, 0.001), max(SURE, rate * SURE_SECONDS))
        self._span = max(self._span, ROUGH)
        self._expected = rate

    def _holds(self, rate: float) -> float:
        """Tell the calls that the bucket holds: what left until it was empty, less the refill."""
        least = max((n + 1 - rate * s for n, s in self._drained), default=1.0)
        return max(least, 1.0) if self._holds_one else max(least + 0.5, 1.0)

    def _guess(self) -> float:
        if self._clusters > 1 or self._holds_one:
            return self._pace / 2
        return min(self._pace / 2, max((n + 2) / (s + BURST_SECONDS) for n, s in self._drained))
