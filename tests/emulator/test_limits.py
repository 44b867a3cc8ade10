"""Quotas and faults: token buckets on an injected clock, and draws that a seed repeats."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from toolkit.emulator import Emulator
from toolkit.emulator.limits import Dice, Quotas
from toolkit.errors import InputError

PAIR = "/getGovCloudAccountInformation"


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
    quotas.set_rate("Get", 3, 5)

    assert granted(quotas, 10) == 5
    clock.now += 1
    assert granted(quotas, 10) == 3
    clock.now += 60
    assert granted(quotas, 10) == 5


def test_a_burst_is_the_rate_and_at_least_one(quotas: Quotas) -> None:
    quotas.set_rate("Get", 7)
    quotas.set_rate("List", 0.5)

    assert granted(quotas, 20) == 7
    assert granted(quotas, 20, operation="List") == 1


def test_parts_of_a_token_add_up(quotas: Quotas, clock: Clock) -> None:
    quotas.set_rate("Get", 0.5, 1)
    granted(quotas, 1)

    clock.now += 1
    assert granted(quotas, 1) == 0
    clock.now += 1
    assert granted(quotas, 1) == 1


def test_each_caller_and_each_operation_has_its_own_bucket(quotas: Quotas) -> None:
    quotas.set_rate("Get", 2)
    quotas.set_rate("List", 1)

    assert granted(quotas, 5, caller="a") == 2
    assert granted(quotas, 5, caller="b") == 2
    assert granted(quotas, 5, caller="a", operation="List") == 1


def test_a_changed_rate_counts_from_the_moment_it_changes(quotas: Quotas, clock: Clock) -> None:
    quotas.set_rate("Get", 10, 20)
    granted(quotas, 20)
    clock.now += 1

    quotas.set_rate("Get", 2, 20)

    assert granted(quotas, 100) == 10
    clock.now += 1
    assert granted(quotas, 100) == 2


def test_a_lifted_rate_throttles_nobody(quotas: Quotas) -> None:
    quotas.set_rate("Get", 0, 0)
    assert granted(quotas, 3) == 0
    quotas.set_rate("Get", None)
    assert granted(quotas, 3) == 3


def test_the_rate_of_an_emulator_holds_for_account_management_only(
    post: Callable[..., Any], clock: Clock
) -> None:
    with Emulator(accounts=4, rate=1, burst=2, clock=clock) as emulator:
        pair = [post(emulator, PAIR, "{}").status for _ in range(3)]
        information = [post(emulator, "/getAccountInformation", "{}").status for _ in range(3)]
        target = {
            "service": "organizations",
            "X_Amz_Target": "AWSOrganizationsV20161128.ListAccounts",
        }
        listed = [post(emulator, body="{}", **target).status for _ in range(5)]

        assert pair == information == [200, 200, 429]
        assert listed == [200] * 5
        assert emulator.calls == {
            "GetGovCloudAccountInformation": 3,
            "GetAccountInformation": 3,
            "ListAccounts": 5,
        }
        assert emulator.throttled == {
            "GetGovCloudAccountInformation": 1,
            "GetAccountInformation": 1,
        }


def test_the_rate_can_change_while_it_runs(post: Callable[..., Any], clock: Clock) -> None:
    with Emulator(accounts=4, rate=1, clock=clock) as emulator:
        post(emulator, PAIR, "{}")
        assert post(emulator, PAIR, "{}").status == 429
        emulator.set_rate(4)
        clock.now += 1
        assert [post(emulator, PAIR, "{}").status for _ in range(5)] == [200] * 4 + [429]
        emulator.set_rate(None)
        assert post(emulator, PAIR, "{}").status == 200


def test_answered_look_ups_are_counted_for_each_account(post: Callable[..., Any]) -> None:
    with Emulator(accounts=4, rate=0, burst=3) as emulator:
        for account_id in ("111111111111", "222222222222", "111111111111", "111111111111"):
            post(emulator, PAIR, f'{{"StandardAccountId":"{account_id}"}}')

        assert emulator.answered == {"111111111111": 2, "222222222222": 1}


def test_faults_come_in_their_shares_and_a_seed_repeats_them() -> None:
    shares = {"500": 0.2, "424": 0.1, "reset": 0.1, "slow": 0.1}
    dice = Dice(shares, seed=3)

    drawn = [dice.draw() for _ in range(10_000)]

    again = Dice(shares, seed=3)
    assert drawn == [again.draw() for _ in range(10_000)]
    counts = Counter(drawn)
    for fault, share in shares.items():
        assert counts[fault] / 10_000 == pytest.approx(share, abs=0.02)


def test_a_single_share_is_shared_out_evenly() -> None:
    assert Dice(0.2, seed=1).shares == {"500": 0.05, "424": 0.05, "reset": 0.05, "slow": 0.05}
    assert Dice(0, seed=1).draw() is None


def test_a_slow_answer_is_still_the_right_one(post: Callable[..., Any]) -> None:
    with Emulator(accounts=4, faults={"slow": 1}, slow=0.01, latency=0.001) as emulator:
        reply = post(emulator, PAIR, '{"StandardAccountId":"111111111111"}')

        assert reply.json["GovCloudAccountId"] == "123456789012"
        assert emulator.faulted == {"slow": 1}


def test_sts_has_no_faults(client: Callable[..., Any]) -> None:
    with Emulator(accounts=4, faults=1.0) as emulator:
        assert client(emulator, "sts").get_caller_identity()["Account"]


@pytest.mark.parametrize(
    "options",
    [
        {"accounts": 0},
        {"accounts": 1_000_001},
        {"latency": -1},
        {"slow": -0.1},
        {"rate": -1},
        {"burst": -1},
        {"faults": 2},
        {"faults": -0.1},
        {"faults": {"503": 0.1}},
    ],
)
def test_an_impossible_option_is_one_sentence(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Emulator(**options)


@pytest.mark.parametrize("faults", [1.5, {"never": 0.1}])
def test_impossible_faults_are_refused_while_running_too(emulator: Emulator, faults: Any) -> None:
    with pytest.raises(InputError):
        emulator.set_faults(faults)


def test_a_port_in_use_is_one_sentence(emulator: Emulator) -> None:
    port = int(emulator.url.rsplit(":", 1)[1])

    with pytest.raises(InputError, match=f"cannot listen on port {port}"):
        Emulator(accounts=1, port=port).start()
    with pytest.raises(InputError, match="cannot listen on port 70000"):
        Emulator(accounts=1, port=70_000).start()
