"""The dispatcher: every call gets an answer, and a run that cannot go on ends in order."""

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from emulated import FastClock

from toolkit.dispatch import Dispatcher
from toolkit.dispatch.dispatcher import TRIES
from toolkit.errors import (
    AccessDeniedError,
    CredentialsError,
    EndpointError,
    NotFoundError,
    RunStoppedError,
    ThrottledError,
    ToolkitError,
    UnavailableError,
)
from toolkit.dispatch.pacing import Pacer


def answering(*answers: object) -> Callable[[], object]:
    """Make a call that gives these answers one after the other, the last one for ever."""
    left = list(answers)

    def call() -> object:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return call


def a_dispatcher(**options: Any) -> Dispatcher:
    return Dispatcher(FastClock(), **options)


def test_every_answer_reaches_its_receiver() -> None:
    received: dict[int, object] = {}
    dispatcher = a_dispatcher()
    for number in range(50):
        dispatcher.add("A", answering(number), lambda a, n=number: received.update({n: a}))
    dispatcher.run()
    assert received == {number: number for number in range(50)}
    assert dispatcher.lanes["A"].calls == 50


def test_answers_may_add_calls() -> None:
    received: list[object] = []
    dispatcher = a_dispatcher()
    dispatcher.add("A", answering(1), lambda _: dispatcher.add("B", answering(2), received.append))
    dispatcher.run()
    assert received == [2]


def test_an_error_that_will_not_change_is_the_answer_at_once() -> None:
    received: list[object] = []
    dispatcher = a_dispatcher()
    for error in (NotFoundError("gone"), AccessDeniedError("denied")):
        dispatcher.add("A", answering(error), received.append)
    dispatcher.run()
    assert [type(error) for error in received] == [NotFoundError, AccessDeniedError]
    assert dispatcher.lanes["A"].calls == 2


def test_what_is_unavailable_is_asked_again_and_then_answered() -> None:
    received: list[object] = []
    dispatcher = a_dispatcher()
    broken = UnavailableError("broken")
    dispatcher.add("A", answering(broken, EndpointError("cut"), broken, "well"), received.append)
    dispatcher.run()
    assert received == ["well"]
    assert dispatcher.lanes["A"].calls == 4


def test_after_a_stated_number_of_tries_the_failure_is_the_answer() -> None:
    received: list[object] = []
    error = UnavailableError("broken")
    dispatcher = a_dispatcher()
    dispatcher.add("A", answering(error), received.append)
    dispatcher.run()
    assert received == [error]
    assert dispatcher.lanes["A"].calls == TRIES


def test_waits_between_tries_grow() -> None:
    clock = FastClock()
    at: list[float] = []

    def call() -> None:
        at.append(clock.monotonic())
        raise UnavailableError("broken")

    dispatcher = Dispatcher(clock)
    dispatcher.add("A", call, lambda _: None)
    dispatcher.run()
    waits = [later - earlier for earlier, later in itertools.pairwise(at)]
    assert [wait >= least for wait, least in zip(waits, (0.5, 1, 2, 4, 8), strict=True)] == [
        True
    ] * 5


def test_nobody_waits_behind_a_call_that_failed() -> None:
    order: list[str] = []
    dispatcher = a_dispatcher()
    dispatcher.add("A", answering(UnavailableError("broken"), 1), lambda _: order.append("failed"))
    for _ in range(20):
        dispatcher.add("A", answering(1), lambda _: order.append("well"))
    dispatcher.run()
    assert order == ["well"] * 20 + ["failed"]


def test_throttles_are_repeated_without_limit_of_number() -> None:
    received: list[object] = []
    dispatcher = a_dispatcher()
    throttles = [ThrottledError("too fast")] * (3 * TRIES)
    dispatcher.add("A", answering(*throttles, "well"), received.append)
    dispatcher.run()
    assert received == ["well"]
    assert dispatcher.lanes["A"].throttled == 3 * TRIES


def test_a_run_that_gets_nothing_through_for_minutes_ends_and_says_so() -> None:
    dispatcher = a_dispatcher(patience=120.0)
    dispatcher.add("A", answering(ThrottledError("Too many.")), lambda _: None)
    with pytest.raises(RunStoppedError) as caught:
        dispatcher.run()
    assert caught.value.message == (
        "Nothing got through for 2 minutes. The last answer was: Too many."
    )


def test_a_lost_network_ends_the_run_and_costs_few_calls() -> None:
    received: list[object] = []
    dispatcher = a_dispatcher()
    for _ in range(200):
        dispatcher.add("A", answering(EndpointError("No answer from x.")), received.append)
    with pytest.raises(RunStoppedError, match="No answer from x"):
        dispatcher.run()
    assert received == []
    assert dispatcher.lanes["A"].calls < 60


def test_a_network_that_comes_back_costs_no_call_its_answer() -> None:
    clock = FastClock()
    received: list[object] = []
    back_at = clock.monotonic() + 40

    def call() -> str:
        if clock.monotonic() < back_at:
            raise EndpointError("No answer from x.")
        return "well"

    dispatcher = Dispatcher(clock)
    for _ in range(50):
        dispatcher.add("A", call, received.append)
    dispatcher.run()
    assert received == ["well"] * 50


def test_one_call_that_is_always_cut_does_not_end_the_run() -> None:
    received: list[object] = []
    dispatcher = a_dispatcher()
    for number in range(3):
        dispatcher.add("A", answering(EndpointError(f"cut {number}")), received.append)
    dispatcher.run()
    assert sorted(map(str, received)) == ["cut 0", "cut 1", "cut 2"]


def test_told_to_stop_it_receives_what_is_in_flight_and_nothing_else() -> None:
    stop = threading.Event()
    received: list[object] = []

    def call() -> str:
        stop.set()
        time.sleep(0.1)
        return "in flight"

    dispatcher = a_dispatcher(stop=stop)
    dispatcher.lane("A", Pacer(known_rate=1.0))
    for _ in range(100):
        dispatcher.add("A", call, received.append)
    with pytest.raises(RunStoppedError, match="stopped"):
        dispatcher.run()
    assert received == ["in flight"] * dispatcher.lanes["A"].calls
    assert len(received) < 100


def test_refused_credentials_end_the_run_and_keep_what_was_in_flight() -> None:
    received: list[object] = []
    refused = threading.Event()

    def slow() -> str:
        refused.wait(5)
        return "in flight"

    def expired() -> None:
        refused.set()
        raise CredentialsError("The credentials have expired.")

    dispatcher = a_dispatcher()
    dispatcher.add("A", slow, received.append)
    dispatcher.add("A", expired, received.append)
    with pytest.raises(CredentialsError):
        dispatcher.run()
    assert received == ["in flight"]


def test_what_a_receiver_raises_ends_the_run() -> None:
    def refuse(_: object) -> None:
        raise ToolkitError("This will not do.")

    dispatcher = a_dispatcher()
    dispatcher.add("A", answering(1), refuse)
    with pytest.raises(ToolkitError, match="This will not do"):
        dispatcher.run()


def test_a_fault_of_the_program_is_not_hidden_in_a_thread() -> None:
    dispatcher = a_dispatcher()
    dispatcher.add("A", answering(ZeroDivisionError("a bug")), lambda _: None)
    with pytest.raises(ZeroDivisionError):
        dispatcher.run()


def test_a_slow_pace_needs_few_threads() -> None:
    dispatcher = a_dispatcher()
    dispatcher.lane("A", Pacer(known_rate=3.0))
    for _ in range(30):
        dispatcher.add("A", answering(1), lambda _: None)
    dispatcher.run()
    assert dispatcher.threads <= 2


def test_a_lane_of_width_one_has_one_call_in_flight() -> None:
    now = [0]
    most: list[int] = []

    def call() -> None:
        now[0] += 1
        most.append(now[0])
        time.sleep(0.005)
        now[0] -= 1

    dispatcher = a_dispatcher()
    dispatcher.lane("A", width=1)
    for _ in range(10):
        dispatcher.add("A", call, lambda _: None)
    dispatcher.run()
    assert max(most) == 1


def test_what_is_done_after_answers_is_done_before_the_next_look() -> None:
    """The place to commit is reached after every answer, the last one included."""
    received: list[object] = []
    committed: list[int] = []
    dispatcher = a_dispatcher(after=lambda: committed.append(len(received)))
    for _ in range(20):
        dispatcher.add("A", answering(1), received.append)
    dispatcher.run()
    assert committed[-1] == 20
