"""How fast AWS lets one ask, and what goes wrong on the way: token buckets and faults."""

import random
import threading
from collections.abc import Callable, Mapping
from typing import Literal

from toolkit.errors import InputError

Fault = Literal["500", "424", "reset", "slow"]
FAULTS: tuple[Fault, ...] = ("500", "424", "reset", "slow")


class Bucket:
    """A token bucket for each caller: `rate` tokens a second, at most `burst` at once."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> bool:
        """Take one of the caller's tokens, if there is one."""
        level, now = self._level(caller)
        granted = level >= 1
        self._levels[caller] = (level - granted, now)
        return granted

    def change(self, rate: float, burst: float) -> None:
        """Refill at another rate from now on; what is in the buckets stays, up to `burst`."""
        levels = {caller: self._level(caller) for caller in self._levels}
        self.rate, self.burst = rate, burst
        self._levels = {caller: (min(level, burst), at) for caller, (level, at) in levels.items()}

    def _level(self, caller: str) -> tuple[float, float]:
        now = self._clock()
        level, at = self._levels.get(caller, (self.burst, now))
        return min(self.burst, level + (now - at) * self.rate), now


class Quotas:
    """The buckets of all operations; an operation without one is never throttled."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def set_rates(self, rates: Mapping[str, float], burst: float | None = None) -> None:
        """Set each operation's rate and lift the others'; without a burst it is the rate.

        What a bucket holds stays in it, up to the burst.
        """
        with self._lock:
            for operation in self._buckets.keys() - rates.keys():
                del self._buckets[operation]
            for operation, rate in rates.items():
                most = max(1.0, rate) if burst is None else burst
                bucket = self._buckets.setdefault(operation, Bucket(rate, most, self._clock))
                bucket.change(rate, most)

    def grant(self, operation: str, caller: str) -> bool:
        """Tell whether this call is within the caller's quota, and count it."""
        if operation not in self._buckets:
            return True
        with self._lock:
            bucket = self._buckets.get(operation)
            return bucket is None or bucket.take(caller)


class Dice:
    """Draws which calls go wrong, and how; the same seed draws the same sequence."""

    def __init__(self, seed: int) -> None:
        self.shares: dict[Fault, float] = {}
        self._random = random.Random(f"faults/{seed}")  # noqa: S311 - a fault, no secret
        self._lock = threading.Lock()

    def draw(self) -> Fault | None:
        """Draw the fault of one call; most calls have none."""
        if not self.shares:
            return None
        with self._lock:
            point = self._random.random()
        for fault, share in self.shares.items():
            point -= share
            if point < 0:
                return fault
        return None


def fault_shares(shares: float | Mapping[str, float]) -> dict[Fault, float]:
    """Give each kind's share of all calls; a single number is shared out evenly.

    Raises InputError for what are no shares.
    """
    if not isinstance(shares, Mapping):
        shares = dict.fromkeys(FAULTS, shares / len(FAULTS)) if shares else {}
    unknown = set(shares) - set(FAULTS)
    if unknown or any(share < 0 for share in shares.values()) or sum(shares.values()) > 1:
        raise InputError(
            f"Faults are shares of at most 1 in all, of the kinds {', '.join(FAULTS)}."
        )
    return {fault: shares[fault] for fault in FAULTS if fault in shares}
