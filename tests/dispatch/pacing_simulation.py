"""A discrete-event simulation of a paced run against a token bucket, on a fake clock."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from toolkit.dispatch.pacing import Pacer, Ticket

SLOW_ANSWER = 3.0  # s


@dataclass
class Bucket:
    """A server's quota: `rate` tokens a second, at most `burst` of them kept."""

    rate: float
    burst: float
    tokens: float = 0.0
    refilled_at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, now: float) -> bool:
        self.tokens = min(self.burst, self.tokens + self.rate * (now - self.refilled_at))
        self.refilled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def change(self, factor: float) -> None:
        self.rate *= factor
        self.burst *= factor
        self.tokens = min(self.tokens, self.burst)


@dataclass(frozen=True)
class World:
    """What surrounds the pacer in a simulated run."""

    rate: float
    burst: float
    calls: int
    threads: int = 32
    latency: float = 0.06  # s
    jitter: float = 0.3  # share of the latency that varies either way
    slow: float = 0.0  # share of slow answers
    resets: float = 0.0  # share of calls that are never answered
    resets_use_quota: bool = False
    quota_changes: list[tuple[int, float]] = field(default_factory=list)  # (granted calls, factor)
    other_client: float = 0.0  # calls/s that somebody else sends on the same quota
    seed: int = 1

    def seconds_needed(self, used_by_others: int) -> float:
        """Time that the quota itself needs: the burst is spent and nothing is wasted."""
        seconds, rate, done = -self.burst / self.rate, self.rate, 0
        for calls, factor in self.quota_changes:
            seconds += (calls - done) / rate
            done, rate = calls, rate * factor
        return seconds + (self.calls + used_by_others - done) / rate


@dataclass(frozen=True)
class Run:
    """How a simulated run ended."""

    seconds: float
    granted: int
    throttled: int
    ceiling: float  # seconds that the quota itself needed

    @property
    def share(self) -> float:
        return self.ceiling / self.seconds

    @property
    def wasted(self) -> float:
        return self.throttled / self.granted


class Simulation:
    """Events in the order of their times; a call arrives at the bucket half-way of its latency."""

    def __init__(self, pacer: Pacer, world: World) -> None:
        self.pacer, self.world = pacer, world
        self.dice = random.Random(world.seed)  # noqa: S311 - repeatable, not secret
        self.bucket = Bucket(world.rate, world.burst)
        self.changes = list(world.quota_changes)
        self.events: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = count()
        self.waiting, self.idle = world.calls, world.threads
        self.taken = self.granted = self.throttled = self.used_by_others = 0
        self.next_look = float("inf")

    def run(self) -> Run:
        now = 0.0
        if self.world.other_client:
            self.at(now, self.somebody_else_calls)
        self.look(now)
        while self.granted < self.world.calls:
            now, _, happen = heapq.heappop(self.events)
            happen(now)
            self.look(now)
        ceiling = self.world.seconds_needed(self.used_by_others)
        return Run(now, self.granted, self.throttled, ceiling)

    def at(self, when: float, what: Callable[[float], None]) -> None:
        heapq.heappush(self.events, (when, next(self.order), what))

    def look(self, now: float) -> None:
        """Send what may leave now and look again when the next call may."""
        if now >= self.next_look:
            self.next_look = float("inf")
        while self.waiting and self.idle:
            delay = self.pacer.wait(now)
            if delay > 0:
                if now + delay < self.next_look:
                    self.next_look = now + delay
                    self.at(self.next_look, lambda _: None)
                return
            self.send(now)

    def send(self, now: float) -> None:
        self.waiting -= 1
        self.idle -= 1
        ticket = self.pacer.sent(now)
        one_way = self.world.latency / 2 * (1 + self.world.jitter * self.dice.uniform(-1, 1))
        back = SLOW_ANSWER if self.dice.random() < self.world.slow else one_way
        self.at(now + one_way, partial(self.arrive, ticket, back))

    def arrive(self, ticket: Ticket, back: float, now: float) -> None:
        if self.dice.random() < self.world.resets:
            if self.world.resets_use_quota:
                self.used_by_others += self.bucket.take(now)
            self.at(now + back, partial(self.reset, ticket))
        elif self.bucket.take(now):
            self.at(now + back, partial(self.grant, ticket))
            self.taken += 1
            if self.changes and self.taken == self.changes[0][0]:
                self.bucket.change(self.changes.pop(0)[1])
        else:
            self.at(now + back, partial(self.throttle, ticket))

    def grant(self, ticket: Ticket, now: float) -> None:
        self.pacer.granted(ticket, now)
        self.granted += 1
        self.idle += 1

    def throttle(self, ticket: Ticket, now: float) -> None:
        self.pacer.throttled(ticket, now)
        self.throttled += 1
        self.again()

    def reset(self, ticket: Ticket, now: float) -> None:
        self.pacer.lost(ticket, now)
        self.again()

    def again(self) -> None:
        self.waiting += 1
        self.idle += 1

    def somebody_else_calls(self, now: float) -> None:
        self.used_by_others += self.bucket.take(now)
        self.at(now + self.dice.expovariate(self.world.other_client), self.somebody_else_calls)


def simulate(pacer: Pacer, world: World) -> Run:
    """Send `world.calls` calls through the pacer until each of them was granted."""
    return Simulation(pacer, world).run()
