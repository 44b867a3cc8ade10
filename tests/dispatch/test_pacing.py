"""The pacer against a simulated token bucket: shares of the ceiling and of wasted calls."""

from collections import deque
from collections.abc import Callable
from statistics import fmean

import pytest
from pacing_simulation import Run, World, simulate

from toolkit.dispatch.pacing import (
    CATCH_UP,
    FIRST_IN_FLIGHT,
    FIRST_RATE,
    IDLE,
    SLOWEST,
    Learned,
    Pacer,
    Ticket,
)

SEEDS = (1, 2, 3)
MANY = 2_400
"""Calls after which one throw of the dice is like any other: one seed tells as much as three."""


def worst(make: Callable[[], Pacer], world: Callable[[int], World]) -> tuple[float, float]:
    """Lowest share of the ceiling and highest share of throttled calls over the seeds."""
    seeds = SEEDS[:1] if world(1).calls > MANY else SEEDS
    runs = [simulate(make(), world(seed)) for seed in seeds]
    assert all(run.granted == world(1).calls for run in runs)
    return min(run.share for run in runs), max(run.wasted for run in runs)


# The targets: share of the ceiling reached, share of calls throttled.


@pytest.mark.parametrize(
    ("rate", "burst", "at_most"),
    [
        (3, 3, 0.015),
        (3, 6, 0.025),  # of 360 calls, 9: a deep bucket shows its bottom late, and the ramp is high
        (3, 15, 0.03),
        (10, 10, 0.015),
        (10, 20, 0.015),
        (10, 50, 0.02),
        (50, 50, 0.015),
        (50, 100, 0.015),
        (50, 250, 0.015),
    ],
)
def test_an_unknown_quota_is_used_up_within_two_minutes(
    rate: int, burst: int, at_most: float
) -> None:
    share, wasted = worst(Pacer, lambda seed: World(rate, burst, rate * 120, seed=seed))
    assert share >= 0.99
    assert wasted <= at_most


@pytest.mark.parametrize("latency", [0.01, 0.03, 0.12, 0.2])
def test_the_latency_does_not_matter(latency: float) -> None:
    share, wasted = worst(Pacer, lambda seed: World(10, 10, 1200, latency=latency, seed=seed))
    assert share >= 0.98
    assert wasted <= 0.015


@pytest.mark.parametrize(
    ("rate", "burst", "calls", "at_least"),
    [
        (200, 200, 6_000, 0.945),
        (200, 1000, 20_000, 0.98),
        (500, 500, 20_000, 0.94),
    ],
)
def test_a_high_quota_costs_only_the_ramp(
    rate: int, burst: int, calls: int, at_least: float
) -> None:
    share, wasted = worst(Pacer, lambda seed: World(rate, burst, calls, threads=64, seed=seed))
    assert share >= at_least
    assert wasted <= 0.02


@pytest.mark.parametrize("burst", [2, 5])
def test_one_call_a_second_is_used_up(burst: int) -> None:
    share, wasted = worst(Pacer, lambda seed: World(1, burst, 360, seed=seed))
    assert share >= 0.99
    assert wasted <= 0.03


@pytest.mark.parametrize(
    ("rate", "burst", "latency", "calls", "at_least", "at_most"),
    [
        (3, 3, 0.06, 120, 0.984, 0.03),
        (20, 20, 0.06, 600, 0.99, 0.02),
        (150, 150, 0.06, 4500, 0.976, 0.017),
        (10, 10, 1.0, 500, 0.96, 0.045),
        (10, 1, 0.06, 500, 0.88, 0.02),
    ],
)
def test_a_run_from_end_to_end_uses_up_its_quota(
    rate: int, burst: int, latency: float, calls: int, *, at_least: float, at_most: float
) -> None:
    """Here the bucket's first calls are a gift, as to whoever counts calls and seconds only."""
    runs = [
        simulate(Pacer(), World(rate, burst, calls, threads=64, latency=latency, seed=seed))
        for seed in range(1, 2 if calls > 600 else 9)
    ]
    assert fmean(calls / (run.seconds * rate) for run in runs) >= at_least
    assert fmean(run.throttled / (run.granted + run.throttled) for run in runs) <= at_most


@pytest.mark.parametrize(("rate", "calls", "at_least"), [(1, 360, 0.93), (3, 360, 0.91)])
def test_a_bucket_of_one_is_used_as_far_as_the_latency_varies(
    rate: int, calls: int, at_least: float
) -> None:
    """A call that comes late loses quota for good and one that comes early is throttled."""
    share, wasted = worst(Pacer, lambda seed: World(rate, 1, calls, seed=seed))
    assert share >= at_least
    assert wasted <= 0.035


@pytest.mark.parametrize("rate", [1, 3, 10, 50, 200])
@pytest.mark.parametrize("seconds_of_burst", [1, 5])
def test_a_learned_rate_is_held_from_the_start(rate: int, seconds_of_burst: int) -> None:
    world = World(rate, max(2, rate * seconds_of_burst), rate * 120)
    run = simulate(Pacer(learned=Learned(rate, 5)), world)
    assert run.share >= 0.985
    assert run.wasted <= 0.02


def test_what_one_run_learns_serves_the_next() -> None:
    first = Pacer()
    simulate(first, World(50, 50, 3000))
    assert first.learned is not None
    assert first.learned.rate == pytest.approx(50, rel=0.02)
    second = simulate(Pacer(learned=first.learned), World(50, 50, 6000, seed=9))
    assert second.share >= 0.985


@pytest.mark.parametrize("wrong", [0.4, 3.0])
def test_a_rate_that_is_no_longer_true_is_unlearned(wrong: float) -> None:
    pacer = Pacer(learned=Learned(50 * wrong, 5))
    run = simulate(pacer, World(50, 50, 6000))
    assert run.share >= 0.93
    assert pacer.rate == pytest.approx(50, rel=0.1)


@pytest.mark.parametrize("rate", [3, 10, 50, 200])
def test_a_quota_that_halves_is_followed(rate: int) -> None:
    calls = rate * 120
    share, wasted = worst(
        Pacer,
        lambda seed: World(rate, rate, calls, quota_changes=[(calls // 2, 0.5)], seed=seed),
    )
    assert share >= 0.97
    assert wasted <= 0.035


@pytest.mark.parametrize(("rate", "at_least"), [(10, 0.8), (50, 0.94), (200, 0.95)])
def test_a_quota_that_doubles_is_noticed(rate: int, at_least: float) -> None:
    calls = rate * 120
    share, wasted = worst(
        Pacer, lambda seed: World(rate, rate, calls, quota_changes=[(calls // 3, 2.0)], seed=seed)
    )
    assert share >= at_least
    assert wasted <= 0.025


@pytest.mark.parametrize(("rate", "at_least"), [(3, 0.75), (10, 0.9), (50, 0.98)])
def test_what_another_client_leaves_of_the_quota_is_used(rate: int, at_least: float) -> None:
    share, _ = worst(
        Pacer, lambda seed: World(rate, rate, rate * 60, other_client=rate / 3, seed=seed)
    )
    assert share >= at_least


def test_throttles_that_slowness_does_not_cure_never_lead_to_standstill() -> None:
    """Another client keeps a bucket of one nearly empty, so that any pace is throttled."""
    pacer = Pacer()
    run = simulate(pacer, World(1, 1, 120, other_client=0.5))
    assert pacer.rate >= SLOWEST
    assert run.share >= 0.4


@pytest.mark.parametrize(("rate", "at_least"), [(3, 0.94), (10, 0.94), (50, 0.9)])
def test_answers_that_take_a_second_are_coped_with(rate: int, at_least: float) -> None:
    share, wasted = worst(
        Pacer, lambda seed: World(rate, rate, rate * 120, latency=1.0, threads=400, seed=seed)
    )
    assert share >= at_least
    assert wasted <= 0.07


@pytest.mark.parametrize(("rate", "calls"), [(3, 720), (10, 2400), (50, 12_000)])
@pytest.mark.parametrize("resets_use_quota", [False, True])
def test_lost_and_slow_answers_cost_little(
    rate: int, calls: int, *, resets_use_quota: bool
) -> None:
    """One call in a hundred gets no answer, and one an answer after three seconds."""
    share, wasted = worst(
        Pacer,
        lambda seed: World(
            rate,
            rate,
            calls,
            slow=0.01,
            resets=0.01,
            resets_use_quota=resets_use_quota,
            seed=seed,
        ),
    )
    assert share >= 0.97
    assert wasted <= 0.015


def test_without_a_quota_the_caller_is_the_limit() -> None:
    pacer = Pacer()
    run = simulate(pacer, World(100_000, 100_000, 20_000, threads=16, latency=0.02))
    caller = 16 / 0.02
    assert run.throttled == 0
    assert run.granted / run.seconds >= 0.9 * caller
    assert caller < pacer.rate < 3 * caller


# A stated quota.


def test_a_known_rate_is_held_and_never_exceeded() -> None:
    pacer = Pacer(known_rate=20)
    run = simulate(pacer, World(100, 100, 2400))
    assert run.throttled == 0
    assert run.seconds == pytest.approx(2400 / 20, rel=0.01)
    assert pacer.rate == 20


def test_a_known_rate_is_held_where_it_is_the_quota() -> None:
    run = simulate(Pacer(known_rate=10), World(10, 10, 1200))
    assert run.share >= 0.985
    assert run.throttled == 0


def test_a_lower_quota_than_the_known_rate_is_learned() -> None:
    pacer = Pacer(known_rate=80)
    run = simulate(pacer, World(50, 50, 6000))
    assert run.share >= 0.985
    assert run.wasted <= 0.015
    assert pacer.rate == pytest.approx(50, rel=0.05)


def test_a_throttle_of_a_known_rate_never_leads_above_it() -> None:
    pacer, now, fastest = Pacer(known_rate=20), 0.0, 0.0
    for call in range(2_000):
        now += pacer.wait(now)
        answer = pacer.throttled if call == 100 else pacer.granted
        answer(pacer.sent(now), now + 0.01)
        fastest = max(fastest, pacer.rate)
    assert fastest == 20
    assert pacer.rate == 20


def test_a_known_rate_may_be_slower_than_the_slowest_guess() -> None:
    pacer = Pacer(known_rate=0.1)
    pacer.sent(0.0)
    assert pacer.wait(4.0) == pytest.approx(6.0)


@pytest.mark.parametrize("nonsense", [0.0, -1.0, float("nan")])
def test_a_known_rate_must_be_a_rate(nonsense: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Pacer(known_rate=nonsense)


# The rules, one by one.


def begin(pacer: Pacer, *, calls: int = 1) -> list[Ticket]:
    """Calls that leave as the pacer allows and are granted 10 ms later."""
    tickets, now = [], 0.0
    for _ in range(calls):
        now += pacer.wait(now)
        tickets.append(pacer.sent(now))
        pacer.granted(tickets[-1], now + 0.01)
    return tickets


def test_the_first_call_may_leave_at_once() -> None:
    assert Pacer().wait(123.0) == 0.0


def test_few_calls_leave_before_the_first_answer() -> None:
    pacer = Pacer()
    tickets = [pacer.sent(n / FIRST_RATE) for n in range(FIRST_IN_FLIGHT)]
    assert pacer.wait(60.0) > 0
    pacer.granted(tickets[0], 60.0)
    assert pacer.wait(60.0) == 0.0


def test_while_answers_take_seconds_half_of_what_was_granted_is_in_flight() -> None:
    pacer, now, granted, most = Pacer(), 0.0, 0, 0.0
    in_flight: deque[Ticket] = deque()
    while granted < 100:
        if pacer.wait(now) == 0.0:
            in_flight.append(pacer.sent(now))
            most = max(most, len(in_flight) - granted / 2)
        elif in_flight[0].sent_at + 2.0 <= now:
            pacer.granted(in_flight.popleft(), now)
            granted += 1
        else:
            now += min(pacer.wait(now), in_flight[0].sent_at + 2.0 - now)
    assert most <= FIRST_IN_FLIGHT + 1


def test_every_granted_call_of_the_ramp_raises_the_pace() -> None:
    pacer = Pacer()
    begin(pacer, calls=5)
    assert pacer.rate > FIRST_RATE


def test_throttles_of_one_cluster_slow_down_once() -> None:
    pacer = Pacer()
    begin(pacer, calls=20)
    tickets = [pacer.sent(5.0 + n / 100) for n in range(4)]
    pacer.throttled(tickets[0], 5.1)
    after_one = pacer.rate
    for ticket in tickets[1:]:
        pacer.throttled(ticket, 5.15)
    assert pacer.rate == after_one


def test_no_answer_neither_slows_down_nor_speeds_up() -> None:
    pacer = Pacer()
    begin(pacer, calls=5)
    before = pacer.rate
    pacer.lost(pacer.sent(2.0), 62.0)
    assert pacer.rate == before


def test_nothing_is_learned_from_one_throttle() -> None:
    pacer = Pacer()
    begin(pacer, calls=20)
    pacer.throttled(pacer.sent(5.0), 5.1)
    assert pacer.learned is None


def test_a_rate_learned_from_one_throttle_is_not_trusted() -> None:
    assert Pacer(learned=Learned(rate=400.0, clusters=1)).rate == FIRST_RATE


def test_a_run_that_meets_no_limit_hands_on_what_it_was_given() -> None:
    given = Learned(rate=40.0, clusters=7)
    pacer = Pacer(learned=given)
    begin(pacer, calls=5)
    assert pacer.learned == given


def test_a_caller_that_is_slower_than_the_pace_raises_it_no_further() -> None:
    pacer = Pacer()
    for second in range(1, 50):
        pacer.granted(pacer.sent(float(second)), second + 0.01)
    assert pacer.rate <= 2 * FIRST_RATE


def test_calls_missed_by_a_late_caller_do_not_leave_all_at_once() -> None:
    pacer = Pacer(known_rate=1000)
    begin(pacer)
    late = 10 * IDLE
    burst = 0
    while pacer.wait(late) == 0.0:
        pacer.sent(late)
        burst += 1
    assert burst == pytest.approx(CATCH_UP * 1000, abs=2)


def test_an_idle_while_is_not_mistaken_for_a_low_quota() -> None:
    """Calls stop for two minutes: the throttles around them measure nothing."""
    pacer = Pacer()
    simulate(pacer, World(50, 50, 3000))
    before = pacer.rate
    now = 1000.0
    for _ in range(100):
        now += pacer.wait(now)
        pacer.granted(pacer.sent(now), now + 0.06)
    pacer.throttled(pacer.sent(now), now + 0.06)
    assert pacer.rate == pytest.approx(before, rel=0.1)


def test_two_runs_of_one_simulation_agree() -> None:
    runs: list[Run] = [simulate(Pacer(), World(10, 10, 600, seed=4)) for _ in range(2)]
    assert runs[0] == runs[1]
