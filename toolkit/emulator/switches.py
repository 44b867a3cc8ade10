"""What an emulator is told: how fast it may be asked, what goes wrong, and what it refuses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from toolkit.emulator.limits import fault_shares
from toolkit.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Switches:
    """How an emulator answers; `Emulator.change` sets others while it runs.

    `rate` and `burst` (calls a second) hold for each calling account and each operation of Account
    Management; rates by operation hold for those operations alone. Without a burst it is the rate,
    and at least 1. `faults` is a share of all calls, or shares by kind: "500", "424", "reset",
    "slow" (`slow` seconds). `failing` gives accounts such a fault for good, by their id. `latency`
    is seconds added to each answer. After `expire_after` calls every credential has expired.
    What is denied is told as such, and `disabled_regions` answer as those do that an account has
    not opted in to. With `empty_pages` one comes before each page, and `expired_tokens` is how many
    of the pages' tokens come back too late where AWS lets them expire; without `trusted_access` or
    `all_features` nobody may ask about accounts by name. Raises InputError for what cannot be.
    """

    rate: float | Mapping[str, float] | None = None
    burst: float | None = None
    latency: float = 0.0
    faults: float | Mapping[str, float] = 0.0
    slow: float = 1.0
    denied_accounts: Collection[str] = ()
    denied_operations: Collection[str] = ()
    denied_regions: Collection[str] = ()
    disabled_regions: Collection[str] = ()
    denied_roles: Collection[str] = ()
    failing: Mapping[str, str] = field(default_factory=dict)
    empty_pages: bool = False
    expired_tokens: int = 0
    trusted_access: bool = True
    all_features: bool = True
    expire_after: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        fault_shares(self.faults)
        if self.latency < 0 or self.slow < 0:
            raise InputError("An emulator cannot answer sooner than at once.", "Use 0 or more.")
        rates = self.rate.values() if isinstance(self.rate, Mapping) else (self.rate,)
        if any(number is not None and number < 0 for number in (*rates, self.burst)):
            raise InputError("A rate is a number of calls a second, 0 or more.")
