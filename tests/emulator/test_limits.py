"""Quotas and faults: token buckets on an injected clock, and draws that a seed repeats."""

from collections import Counter

import pytest

from toolkit.emulator.limits import Dice, Quotas, fault_shares


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quotas(clock: Clock) -> Quotas:
    return Quotas(clock)


def granted(quotas: Quotas, calls: int, caller: str = "a", operation: str = "Get") -> int:
    return sum(quotas.grant(operation, caller) for _ in range(calls))


def test_an_operation_without_a_rate_is_never_throttled(quotas: Quotas) -> None:
    assert granted(quotas, 1000) == 1000


def test_a_full_bucket_grants_its_burst_and_then_the_rate(quotas: Quotas, clock: Clock) -> None:
    quotas.set_rates({"Get": 3}, 5)

    assert granted(quotas, 10) == 5
    clock.now += 1
    assert granted(quotas, 10) == 3
    clock.now += 60
    assert granted(quotas, 10) == 5


def test_a_burst_is_the_rate_and_at_least_one(quotas: Quotas) -> None:
    quotas.set_rates({"Get": 7, "List": 0.5})

    assert granted(quotas, 20) == 7
    assert granted(quotas, 20, operation="List") == 1


def test_parts_of_a_token_add_up(quotas: Quotas, clock: Clock) -> None:
    quotas.set_rates({"Get": 0.5}, 1)
    granted(quotas, 1)

    clock.now += 1
    assert granted(quotas, 1) == 0
    clock.now += 1
    assert granted(quotas, 1) == 1


def test_each_caller_and_each_operation_has_its_own_bucket(quotas: Quotas) -> None:
    quotas.set_rates({"Get": 2, "List": 1})

    assert granted(quotas, 5, caller="a") == 2
    assert granted(quotas, 5, caller="b") == 2
    assert granted(quotas, 5, caller="a", operation="List") == 1


def test_a_changed_rate_counts_from_the_moment_it_changes(quotas: Quotas, clock: Clock) -> None:
    quotas.set_rates({"Get": 10}, 20)
    granted(quotas, 20)
    clock.now += 1

    quotas.set_rates({"Get": 2}, 20)

    assert granted(quotas, 100) == 10
    clock.now += 1
    assert granted(quotas, 100) == 2


def test_a_lifted_rate_throttles_nobody(quotas: Quotas) -> None:
    quotas.set_rates({"Get": 0}, 0)
    assert granted(quotas, 3) == 0
    quotas.set_rates({})
    assert granted(quotas, 3) == 3


def test_faults_come_in_their_shares_and_a_seed_repeats_them() -> None:
    shares = fault_shares({"500": 0.2, "424": 0.1, "reset": 0.1, "slow": 0.1})
    dice, again = Dice(seed=3), Dice(seed=3)
    dice.shares = again.shares = shares

    drawn = [dice.draw() for _ in range(10_000)]

    assert drawn == [again.draw() for _ in range(10_000)]
    counts = Counter(drawn)
    for fault, share in shares.items():
        assert counts[fault] / 10_000 == pytest.approx(share, abs=0.02)


def test_a_single_share_is_shared_out_evenly() -> None:
    assert fault_shares(0.2) == {"500": 0.05, "424": 0.05, "reset": 0.05, "slow": 0.05}
    assert fault_shares(0) == {}
