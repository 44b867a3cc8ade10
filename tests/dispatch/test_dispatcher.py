"""The dispatcher: every call gets an answer, and a run that cannot go on ends in order."""

import itertools
import threading
from collections.abc import Callable

import pytest
from patience import LONG
from stepped import Stepped, Unpaced, stepped

from toolkit.dispatch import Dispatcher, Pacer
from toolkit.dispatch.dispatcher import DEADLINE, GRACE, OUTAGE_PATIENCE, REFUSED_CALLS, TRIES
from toolkit.dispatch.lanes import OUTAGE_CALLS
from toolkit.dispatch.pacing import Ticket
from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    CredentialsError,
    CredentialsRefusedError,
    NotFoundError,
    RunStoppedError,
    ThrottledError,
    TimedOutError,
    ToolkitError,
    UnavailableError,
    UnreachableError,
)

CUT = UnreachableError("No answer from x.", "Look at the network.")
BROKEN = UnavailableError("broken")
THROTTLE = ThrottledError("Too many.")


def answering(*answers: object) -> Callable[[], object]:
    """Make a call that gives these answers one after the other, the last one for ever."""
    left = list(answers)

    def call() -> object:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, BaseException):
            raise answer.with_traceback(None)
        return answer

    return call


def timed(clock: Stepped, at: list[float], call: Callable[[], object]) -> Callable[[], object]:
    """Make the call note the second at which it is made."""

    def noting() -> object:
        at.append(clock.at)
        return call()

    return noting


def ignore(_: object) -> None:
    """Receive an answer that does not matter."""


class Listening(Unpaced):
    """A pacer that keeps what it is told, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[int, str]] = []

    def granted(self, ticket: Ticket, now: float) -> None:
        del now
        self.told.append((ticket.number, "granted"))

    def throttled(self, ticket: Ticket, now: float) -> None:
        del now
        self.told.append((ticket.number, "throttled"))

    def lost(self, ticket: Ticket, now: float) -> None:
        del now
        self.told.append((ticket.number, "lost"))


# Every call is made and answered.


def test_every_answer_reaches_its_receiver() -> None:
    received: dict[int, object] = {}
    _, dispatcher = stepped()
    for number in range(50):
        dispatcher.add("A", answering(number), lambda a, n=number: received.update({n: a}))
    dispatcher.run()
    assert received == {number: number for number in range(50)}
    assert dispatcher.lanes["A"].calls == 50


def test_answers_may_add_calls() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    dispatcher.add("A", answering(1), lambda _: dispatcher.add("B", answering(2), received.append))
    dispatcher.run()
    assert received == [2]


def test_after_a_run_more_calls_make_another_run() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    for number in range(3):
        dispatcher.add("A", answering(number), received.append)
        dispatcher.run()
    assert received == [0, 1, 2]


def test_a_run_without_calls_ends_at_once() -> None:
    clock, dispatcher = stepped()
    dispatcher.run()
    assert clock.at == 0.0


@pytest.mark.parametrize("ending", ["well", CredentialsError("expired")])
def test_when_a_run_ends_its_threads_do(ending: object) -> None:
    threads: set[threading.Thread] = set()
    clock, dispatcher = stepped()
    dispatcher.lane("A", Unpaced())

    def call() -> object:
        threads.add(threading.current_thread())
        clock.sleep(1.0)
        clock.wake()
        return answering(ending)()

    for _ in range(5):
        dispatcher.add("A", call, ignore)
    if isinstance(ending, CredentialsError):
        with pytest.raises(CredentialsError):
            dispatcher.run()
    else:
        dispatcher.run()
    assert len(threads) == 5
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)


def test_what_is_done_after_answers_is_done_before_the_next_look() -> None:
    """The place to commit is reached after every answer, the last one included."""
    received: list[object] = []
    committed: list[int] = []
    _, dispatcher = stepped(after=lambda: committed.append(len(received)))
    for _ in range(20):
        dispatcher.add("A", answering(1), received.append)
    dispatcher.run()
    assert committed[-1] == 20


def test_while_nothing_comes_there_is_a_look_four_times_a_second() -> None:
    looks: list[float] = []
    clock, dispatcher = stepped(after=lambda: looks.append(clock.at))
    dispatcher.lane("A", Pacer(known_rate=0.1))
    for _ in range(2):
        dispatcher.add("A", answering(1), ignore)
    dispatcher.run()
    waits = [later - earlier for earlier, later in itertools.pairwise(looks)]
    assert looks[-1] == 10.0
    assert max(waits) == 0.25


# The order and the pace.


def test_the_calls_of_a_lane_leave_in_their_order() -> None:
    order: list[int] = []
    _, dispatcher = stepped(most_threads=1)
    for number in range(30):
        dispatcher.add("A", lambda n=number: order.append(n), ignore)
    dispatcher.run()
    assert order == list(range(30))


def test_lanes_take_turns() -> None:
    order: list[str] = []
    _, dispatcher = stepped(most_threads=1)
    for lane in "ABC":
        dispatcher.lane(lane, Unpaced())
        for _ in range(4):
            dispatcher.add(lane, lambda lane=lane: order.append(lane), ignore)
    dispatcher.run()
    assert "".join(order) == "ABCABCABCABC"


def test_lanes_take_turns_where_there_is_room_for_one_call_at_a_time() -> None:
    order: list[str] = []
    clock, dispatcher = stepped(most_threads=1)

    def call(lane: str) -> None:
        order.append(lane)
        clock.sleep(1.0)

    for lane in "AB":
        dispatcher.lane(lane, Unpaced())
        for _ in range(60):
            dispatcher.add(lane, lambda lane=lane: call(lane), ignore)
    dispatcher.run()
    assert "".join(order) == "AB" * 60


def test_each_lane_leaves_at_its_own_pace() -> None:
    clock, dispatcher = stepped()
    at: dict[str, list[float]] = {"A": [], "B": []}
    for lane, rate in (("A", 10.0), ("B", 3.0)):
        dispatcher.lane(lane, Pacer(known_rate=rate))
        for _ in range(12):
            dispatcher.add(lane, timed(clock, at[lane], answering(1)), ignore)
    dispatcher.run()
    assert at["A"] == pytest.approx([n / 10 for n in range(12)])
    assert at["B"] == pytest.approx([n / 3 for n in range(12)])


def test_a_lane_that_must_wait_for_an_answer_holds_up_no_other() -> None:
    clock, dispatcher = stepped()
    at: list[float] = []
    dispatcher.lane("narrow", width=1)
    dispatcher.lane("wide", Pacer(known_rate=1.0))
    for _ in range(2):
        dispatcher.add("narrow", lambda: clock.sleep(10.0), ignore)
    for _ in range(5):
        dispatcher.add("wide", timed(clock, at, answering(1)), ignore)
    dispatcher.run()
    assert at == pytest.approx([0.0, 1.0, 2.0, 3.0, 4.0], abs=0.05)


def test_a_lane_is_made_once() -> None:
    _, dispatcher = stepped()
    pacer = Pacer(known_rate=2.0)
    made = dispatcher.lane("A", pacer, width=3)
    assert (made.pacer, made.width) == (pacer, 3)
    assert dispatcher.lane("A", Pacer(), width=9) is made
    assert (made.pacer, made.width) == (pacer, 3)
    assert dispatcher.lane("B") is not made


def test_a_slow_pace_needs_few_threads() -> None:
    threads: set[int] = set()
    _, dispatcher = stepped()
    dispatcher.lane("A", Pacer(known_rate=3.0))
    for _ in range(30):
        dispatcher.add("A", lambda: threads.add(threading.get_ident()), ignore)
    dispatcher.run()
    assert len(threads) == 1


@pytest.mark.parametrize(("width", "most"), [(1, 1), (3, 3), (None, 12)])
def test_a_lane_has_as_many_calls_in_flight_as_it_is_wide(width: int | None, most: int) -> None:
    clock, dispatcher = stepped()
    lock, at_once, seen = threading.Lock(), [0], []

    def call() -> None:
        with lock:
            at_once[0] += 1
            seen.append(at_once[0])
        clock.sleep(1.0)
        with lock:
            at_once[0] -= 1

    dispatcher.lane("A", Unpaced(), width=width)
    for _ in range(12):
        dispatcher.add("A", call, ignore)
    dispatcher.run()
    assert max(seen) == most


# Errors that are answers, and calls that are made again.


def test_an_error_that_will_not_change_is_the_answer_at_once() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    errors = [NotFoundError("gone"), AccessDeniedError("denied"), AwsError("what?")]
    for error in errors:
        dispatcher.add("A", answering(error), received.append)
    dispatcher.run()
    assert received == errors
    assert dispatcher.lanes["A"].calls == 3


def test_what_is_unavailable_is_asked_again_and_then_answered() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    dispatcher.add("A", answering(BROKEN, CUT, BROKEN, "well"), received.append)
    dispatcher.run()
    assert received == ["well"]
    assert dispatcher.lanes["A"].calls == 4


@pytest.mark.parametrize("error", [BROKEN, CUT])
def test_after_a_stated_number_of_tries_the_failure_is_the_answer(error: AwsError) -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    dispatcher.add("A", answering(error), received.append)
    dispatcher.run()
    assert received == [error]
    assert dispatcher.lanes["A"].calls == TRIES


@pytest.mark.parametrize("error", [BROKEN, CUT])
def test_each_wait_between_tries_is_twice_as_long(error: AwsError) -> None:
    clock, dispatcher = stepped()
    at: list[float] = []
    dispatcher.add("A", timed(clock, at, answering(error)), ignore)
    dispatcher.run()
    assert at == [0.0, 0.5, 1.5, 3.5, 7.5, 15.5]


def test_calls_that_failed_at_one_moment_are_made_again_in_their_order() -> None:
    order: list[int] = []
    _, dispatcher = stepped(most_threads=1)
    dispatcher.lane("A", Unpaced())

    def failing(number: int) -> Callable[[], object]:
        answer = answering(BROKEN, "well")

        def call() -> object:
            order.append(number)
            return answer()

        return call

    for number in range(8):
        dispatcher.add("A", failing(number), ignore)
    dispatcher.run()
    assert order == [*range(8), *range(8)]


def test_nobody_waits_behind_a_call_that_failed() -> None:
    order: list[str] = []
    _, dispatcher = stepped()
    dispatcher.add("A", answering(BROKEN, 1), lambda _: order.append("failed"))
    for _ in range(20):
        dispatcher.add("A", answering(1), lambda _: order.append("well"))
    dispatcher.run()
    assert order == ["well"] * 20 + ["failed"]


def test_a_call_made_again_goes_before_those_that_came_after_it_was_due() -> None:
    order: list[str] = []
    clock, dispatcher = stepped()
    dispatcher.lane("A", Unpaced(), width=1)

    def slow() -> None:
        clock.sleep(1.0)

    def add_newer(_: object) -> None:
        dispatcher.add("A", answering(1), lambda _: order.append("newer"))

    dispatcher.add("A", answering(BROKEN, 1), lambda _: order.append("again"))
    dispatcher.add("A", slow, add_newer)  # from 0.0 to 1.0; the first is due at 0.5
    dispatcher.run()
    assert order == ["again", "newer"]


def test_a_call_that_failed_has_its_turn_among_calls_that_never_end() -> None:
    order: list[str] = []
    _, dispatcher = stepped()
    dispatcher.lane("A", Pacer(known_rate=10.0))

    def more(_: object) -> None:
        order.append("more")
        if len(order) < 100:
            dispatcher.add("A", answering(1), more)

    dispatcher.add("A", answering(BROKEN, 1), lambda _: order.append("again"))
    dispatcher.add("A", answering(1), more)
    dispatcher.add("A", answering(1), more)
    dispatcher.run()
    assert order.index("again") < 10


def test_a_throttle_costs_no_try_and_no_answer() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    throttles, failures = [THROTTLE] * (3 * TRIES), [BROKEN] * (TRIES - 1)
    dispatcher.add("A", answering(*throttles, *failures, "well"), received.append)
    dispatcher.run()
    assert received == ["well"]


def test_a_throttled_call_goes_to_the_back() -> None:
    order: list[str] = []
    _, dispatcher = stepped(most_threads=1)
    dispatcher.lane("A", Unpaced(), width=1)
    dispatcher.add("A", answering(THROTTLE, 1), lambda _: order.append("throttled"))
    for _ in range(3):
        dispatcher.add("A", answering(1), lambda _: order.append("well"))
    dispatcher.run()
    assert order == ["well"] * 3 + ["throttled"]


def test_calls_and_throttles_are_counted_lane_by_lane() -> None:
    _, dispatcher = stepped()
    dispatcher.add("A", answering(THROTTLE, BROKEN, THROTTLE, CUT, "well"), ignore)
    dispatcher.add("A", answering(NotFoundError("gone")), ignore)
    dispatcher.add("B", answering(THROTTLE, "well"), ignore)
    dispatcher.add("C", answering("well"), ignore)
    dispatcher.run()
    counted = {name: (lane.calls, lane.throttled) for name, lane in dispatcher.lanes.items()}
    assert counted == {"A": (6, 2), "B": (2, 1), "C": (1, 0)}


def test_the_pacer_is_told_how_each_of_its_calls_ended() -> None:
    _, dispatcher = stepped()
    pacer = Listening()
    dispatcher.lane("A", pacer)
    dispatcher.add("A", answering("well"), ignore)
    dispatcher.run()
    dispatcher.add("A", answering(THROTTLE, BROKEN, CUT, NotFoundError("gone")), ignore)
    dispatcher.run()
    assert pacer.told == [
        (1, "granted"),
        (2, "throttled"),
        (3, "granted"),  # an error of AWS's own has used quota, too
        (4, "lost"),
        (5, "granted"),
    ]


# A lost network.


def test_a_lost_network_ends_the_run_after_a_minute_and_few_calls() -> None:
    received: list[object] = []
    clock, dispatcher = stepped(1000.0)
    dispatcher.lane("A", Unpaced())
    for _ in range(200):
        dispatcher.add("A", answering(CUT), received.append)
    with pytest.raises(RunStoppedError) as caught:
        dispatcher.run()
    assert (caught.value.message, caught.value.hint) == (CUT.message, CUT.hint)
    assert caught.value.__cause__ is CUT
    assert received == []
    assert clock.at == 1000.0 + OUTAGE_PATIENCE + 0.25


def test_waits_between_probes_double_up_to_fifteen_seconds() -> None:
    clock, dispatcher = stepped()
    at: list[float] = []
    dispatcher.lane("A", Unpaced())
    for _ in range(50):
        dispatcher.add("A", timed(clock, at, answering(CUT)), ignore)
    with pytest.raises(RunStoppedError):
        dispatcher.run()
    flight = at.count(0.0)  # those that had left before the tenth came back
    assert OUTAGE_CALLS <= flight <= 50
    probes = [0.0, *at[flight:]]
    assert [later - earlier for earlier, later in itertools.pairwise(probes)] == [
        *(0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0)
    ]


def test_only_one_call_asks_whether_the_network_is_back() -> None:
    clock, dispatcher = stepped()
    began: list[float] = []
    ended: list[float] = []

    def call() -> str:
        began.append(clock.at)
        clock.sleep(5.0)
        ended.append(clock.at)
        if clock.at < 45.0:
            raise CUT
        return "well"

    dispatcher.lane("A", Unpaced())
    for _ in range(30):
        dispatcher.add("A", call, ignore)
    dispatcher.run()
    flight = ended[29]  # the last of those that had left before the tenth came back
    assert began[30:35] == pytest.approx([flight + n for n in (0.5, 6.5, 13.5, 22.5, 35.5)])
    assert min(began[35:]) == ended[34] > 45.0


def test_a_network_that_comes_back_costs_no_call_its_answer() -> None:
    clock, dispatcher = stepped()
    received: list[object] = []

    def call() -> str:
        if clock.at < 40.0:
            raise CUT
        return "well"

    for _ in range(50):
        dispatcher.add("A", call, received.append)
    dispatcher.run()
    assert received == ["well"] * 50


def test_fewer_than_ten_calls_without_an_answer_are_their_own_failure() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    for _ in range(OUTAGE_CALLS - 1):
        dispatcher.add("A", answering(CUT), received.append)
    dispatcher.run()
    assert received == [CUT] * (OUTAGE_CALLS - 1)
    assert dispatcher.lanes["A"].calls == TRIES * (OUTAGE_CALLS - 1)


def test_calls_given_up_count_among_the_ten() -> None:
    """One call at a time, each given up after its tries: the network is gone all the same."""
    received: list[object] = []
    _, dispatcher = stepped()

    def again(answer: object) -> None:
        received.append(answer)
        dispatcher.add("A", answering(CUT), again)

    dispatcher.add("A", answering(CUT), again)
    with pytest.raises(RunStoppedError, match="No answer from x"):
        dispatcher.run()
    assert received == [CUT] * (OUTAGE_CALLS - 1)


@pytest.mark.parametrize(
    "answer", ["well", NotFoundError("gone"), BROKEN, THROTTLE], ids=lambda a: type(a).__name__
)
def test_any_answer_ends_the_silence(answer: object) -> None:
    """Two times nine calls without an answer, and one answer in between: that is no outage."""
    clock, dispatcher = stepped(most_threads=1)
    at: list[float] = []
    dispatcher.lane("A", Unpaced(), width=1)
    for call in (*[(CUT, "well")] * 9, (answer, "well"), *[(CUT, "well")] * 9):
        dispatcher.add("A", timed(clock, at, answering(*call)), ignore)
    dispatcher.run()
    assert at[:19] == [0.0] * 19


def test_after_an_outage_the_next_one_begins_with_short_waits() -> None:
    clock, dispatcher = stepped(most_threads=1)
    at: list[float] = []
    dispatcher.lane("A", Unpaced(), width=1)

    def until(back: float) -> Callable[[], object]:
        def call() -> str:
            if clock.at < back:
                raise CUT
            return "well"

        return timed(clock, at, call)

    def again(_: object) -> None:
        for _ in range(10):
            dispatcher.add("A", until(20.0), ignore)

    for receive in [again, *[ignore] * 9]:
        dispatcher.add("A", until(15.0), receive)
    dispatcher.run()
    assert at == [
        *[0.0] * 10,
        *(0.5, 1.5, 3.5, 7.5),
        *[15.5] * 20,
        *(16.0, 17.0, 19.0),
        *[23.0] * 10,
    ]


def test_while_one_lane_is_out_another_goes_on() -> None:
    clock, dispatcher = stepped()
    out: list[float] = []
    well: list[float] = []

    def cut() -> None:
        if clock.at < 45.0:
            raise CUT

    dispatcher.lane("out", Unpaced())
    dispatcher.lane("well", Pacer(known_rate=2.0))
    for _ in range(20):
        dispatcher.add("out", timed(clock, out, cut), ignore)
    for _ in range(90):
        dispatcher.add("well", timed(clock, well, answering("well")), ignore)
    dispatcher.run()
    assert well == pytest.approx([n / 2 for n in range(90)])
    assert len([second for second in out if 0.0 < second < 45.0]) == 6


# Calls whose answer does not come.


def test_a_call_without_an_answer_is_given_up_and_made_once_more() -> None:
    received: list[object] = []
    clock, dispatcher = stepped(after=lambda: clock.at > 100.0 and clock.wake())
    at: list[float] = []
    dispatcher.add("A", timed(clock, at, clock.sleep), received.append)
    dispatcher.run()
    assert [type(answer) for answer in received] == [TimedOutError]
    assert received[0].message == "AWS gave no whole answer in 25 seconds."
    assert at == pytest.approx([0.0, DEADLINE + 0.25 + 2.0], abs=0.3)


def test_calls_that_never_answer_hold_back_no_other() -> None:
    received: list[object] = []
    clock, dispatcher = stepped(most_threads=4)
    dispatcher.lane("A", Unpaced())
    for call in (*[clock.sleep] * 3, *[answering("well")] * 50):
        dispatcher.add("A", call, received.append)
    dispatcher.run()
    assert received[:50] == ["well"] * 50
    assert [type(answer) for answer in received[50:]] == [TimedOutError] * 3
    assert clock.at < 60.0


def test_an_answer_that_comes_after_all_changes_nothing() -> None:
    received: list[object] = []
    clock, dispatcher = stepped()
    dispatcher.lane("A", Pacer(known_rate=0.1))

    def late() -> str:
        clock.sleep(DEADLINE + 10.0)
        return "late"

    dispatcher.add("A", late, received.append)
    for _ in range(8):
        dispatcher.add("A", answering("well"), received.append)
    dispatcher.run()
    assert received.count("well") == 8
    assert [type(answer) for answer in received if answer != "well"] == [TimedOutError]


def test_ten_calls_that_time_out_are_no_lost_network() -> None:
    late = TimedOutError("No answer in time.")
    received: list[object] = []
    _, dispatcher = stepped()
    for _ in range(OUTAGE_CALLS + 5):
        dispatcher.add("A", answering(late), received.append)
    dispatcher.run()
    assert received == [late] * (OUTAGE_CALLS + 5)


# What an answer asks for, and refusals.


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError])
def test_a_pause_that_an_answer_asks_for_is_kept(kind: type[AwsError]) -> None:
    clock, dispatcher = stepped()
    at: list[float] = []
    pausing = kind("Not now.", retry_after=30.0)
    dispatcher.lane("A", Unpaced())
    dispatcher.add("A", timed(clock, at, answering(pausing, "well")), ignore)
    dispatcher.run()
    assert at == [0.0, 30.0]


def test_a_refusal_of_one_call_is_its_own() -> None:
    received: list[object] = []
    _, dispatcher = stepped()
    refused = CredentialsRefusedError("AWS does not accept it.", "Log in.", code="Refused")
    dispatcher.add("A", answering(refused), received.append)
    for _ in range(5):
        dispatcher.add("A", answering("well"), received.append)
    dispatcher.run()
    assert received[:5] == ["well"] * 5
    assert (type(received[5]), received[5].code) == (AwsError, "Refused")


def test_refusals_of_several_calls_in_a_row_end_the_run() -> None:
    refused = CredentialsRefusedError("AWS does not accept it.", "Log in.")
    _, dispatcher = stepped()
    for _ in range(REFUSED_CALLS):
        dispatcher.add("A", answering(refused), ignore)
    with pytest.raises(CredentialsRefusedError):
        dispatcher.run()


# What a run can do without.


@pytest.mark.parametrize("error", [THROTTLE, CUT])
def test_a_lane_that_the_run_can_do_without_ends_with_its_trouble(error: AwsError) -> None:
    received: list[object] = []
    clock, dispatcher = stepped()
    dispatcher.lane("spare").patience = 60.0
    for _ in range(20):
        dispatcher.add("spare", answering(error), received.append)
    dispatcher.lane("A", Pacer(known_rate=1.0))
    for _ in range(100):
        dispatcher.add("A", answering("well"), ignore)
    dispatcher.run()
    assert received == [error] * 20
    assert clock.at == pytest.approx(99.0)


def test_what_is_told_to_give_up_answers_whatever_waits() -> None:
    received: list[object] = []
    error = AwsError("Nobody knows it.")
    _, dispatcher = stepped(most_threads=1)

    def give_up(answer: object) -> None:
        received.append(answer)
        dispatcher.give_up("A", error)

    dispatcher.add("A", answering("well"), give_up)
    for _ in range(5):
        dispatcher.add("A", answering("well"), received.append)
    dispatcher.run()
    assert received[0] == "well"
    assert received[1:] == [error] * 5


# The end of a run that cannot go on.


def test_a_run_that_gets_nothing_through_for_minutes_ends_and_names_the_last_answer() -> None:
    clock, dispatcher = stepped(1000.0, patience=120.0)
    last = ThrottledError("Far too many.")
    dispatcher.lane("A", Pacer(known_rate=1.0))
    dispatcher.add("A", answering(*[THROTTLE] * 5, last), ignore)
    with pytest.raises(RunStoppedError) as caught:
        dispatcher.run()
    assert caught.value.message == (
        "Nothing got through for 2 minutes. The last answer was: Far too many."
    )
    assert caught.value.__cause__ is last
    assert 1120.0 < clock.at <= 1120.25


def test_calls_that_are_given_up_do_not_count_as_got_through() -> None:
    clock, dispatcher = stepped()

    def again(_: object) -> None:
        dispatcher.add("A", answering(BROKEN), again)

    dispatcher.add("A", answering(BROKEN), again)
    with pytest.raises(RunStoppedError, match="The last answer was: broken"):
        dispatcher.run()
    assert 300.0 < clock.at <= 300.25


@pytest.mark.parametrize("answer", ["well", NotFoundError("gone")])
def test_a_run_lasts_as_long_as_something_gets_through(answer: object) -> None:
    received: list[object] = []
    clock, dispatcher = stepped()
    dispatcher.lane("A", Pacer(known_rate=1 / 250))
    for _ in range(5):
        dispatcher.add("A", answering(answer), received.append)
    dispatcher.run()
    assert received == [answer] * 5
    assert clock.at == pytest.approx(1000.0)


def test_told_to_stop_it_receives_what_is_in_flight_and_nothing_else() -> None:
    stop = threading.Event()
    received: list[object] = []
    committed: list[int] = []

    def after() -> None:
        committed.append(len(received))
        if dispatcher.lanes["A"].in_flight == 3:
            stop.set()
            clock.wake()

    clock, dispatcher = stepped(stop=stop, after=after)
    dispatcher.lane("A", Pacer(known_rate=1.0))
    for _ in range(100):
        dispatcher.add("A", lambda: clock.sleep() or "in flight", received.append)
    with pytest.raises(RunStoppedError) as caught:
        dispatcher.run()
    assert str(caught.value) == "The collection was stopped."
    assert received == ["in flight"] * 3
    assert dispatcher.lanes["A"].calls == 3
    assert committed[-1] == 3


def test_told_to_stop_it_waits_for_what_is_in_flight_no_longer_than_a_moment() -> None:
    stop = threading.Event()
    received: list[object] = []
    clock, dispatcher = stepped(
        stop=stop, after=lambda: dispatcher.lanes["A"].in_flight and stop.set()
    )
    dispatcher.add("A", clock.sleep, received.append)
    with pytest.raises(RunStoppedError):
        dispatcher.run()
    assert received == []
    assert clock.at <= GRACE + 0.5
    clock.wake()


def test_what_goes_wrong_after_the_end_neither_hides_its_reason_nor_costs_an_answer() -> None:
    stop, all_wrong = threading.Event(), threading.Event()
    received: list[object] = []
    went_wrong: list[object] = []
    wrong = [CredentialsError("expired"), THROTTLE, BROKEN, CUT, ZeroDivisionError(), SystemExit()]

    def after() -> None:
        if dispatcher.lanes["A"].in_flight == 9:
            stop.set()
            clock.wake()

    def in_flight(answer: object) -> Callable[[], object]:
        def call() -> object:
            clock.sleep()
            if answer in wrong:
                went_wrong.append(answer)
                if len(went_wrong) == len(wrong):
                    all_wrong.set()
            elif not all_wrong.wait(LONG):  # the others come first
                return "nothing went wrong"
            return answering(answer)()

        return call

    def refuse(_: object) -> None:
        raise ToolkitError("This will not do.")

    clock, dispatcher = stepped(stop=stop, after=after)
    dispatcher.lane("A", Unpaced(), width=9)
    dispatcher.add("A", in_flight("refused"), refuse)
    for answer in (*wrong, NotFoundError("gone"), "well", "not made"):
        dispatcher.add("A", in_flight(answer), received.append)
    with pytest.raises(RunStoppedError, match="The collection was stopped"):
        dispatcher.run()
    assert sorted(map(str, received)) == ["gone", "well"]


def test_refused_credentials_end_the_run_and_keep_what_was_in_flight() -> None:
    received: list[object] = []
    clock, dispatcher = stepped()

    def slow() -> str:
        clock.sleep(2.0)
        return "in flight"

    def expired() -> None:
        clock.sleep(1.0)
        clock.wake()
        raise CredentialsError("The credentials have expired.")

    dispatcher.lane("A", Unpaced())
    dispatcher.add("A", slow, received.append)
    dispatcher.add("A", expired, received.append)
    dispatcher.lane("B", Pacer(known_rate=1.0))
    for _ in range(100):
        dispatcher.add("B", answering("well"), ignore)
    with pytest.raises(CredentialsError, match="have expired"):
        dispatcher.run()
    assert received == ["in flight"]
    assert dispatcher.lanes["B"].calls <= 2


@pytest.mark.parametrize("error", [ToolkitError("This will not do."), ZeroDivisionError("a bug")])
def test_what_a_receiver_raises_ends_the_run_and_keeps_what_was_in_flight(
    error: Exception,
) -> None:
    received: list[object] = []
    committed: list[int] = []
    clock, dispatcher = stepped(after=lambda: committed.append(len(received)))

    def slow() -> str:
        clock.sleep()
        return "in flight"

    def refuse(_: object) -> None:
        clock.wake()
        raise error

    dispatcher.lane("A", Unpaced())
    for _ in range(3):
        dispatcher.add("A", slow, received.append)
    dispatcher.add("A", lambda: clock.sleep(1.0), refuse)
    with pytest.raises(type(error)) as caught:
        dispatcher.run()
    assert caught.value is error
    assert received == ["in flight"] * 3
    assert committed[-1] == 3


@pytest.mark.parametrize("fault", [ZeroDivisionError("a bug"), SystemExit(3), KeyboardInterrupt()])
def test_a_fault_of_the_program_is_not_hidden_in_a_thread(fault: BaseException) -> None:
    _, dispatcher = stepped()
    dispatcher.add("A", answering(fault), ignore)
    with pytest.raises(type(fault)):
        dispatcher.run()


def test_by_default_a_dispatcher_goes_by_the_real_time() -> None:
    received: list[object] = []
    dispatcher = Dispatcher()
    dispatcher.lane("A", Pacer(known_rate=100.0))
    for number in range(5):
        dispatcher.add("A", answering(number), received.append)
    dispatcher.run()
    assert received == [0, 1, 2, 3, 4]
