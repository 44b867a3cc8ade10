"""The crew: as many threads as are needed, and no answer lost."""

import threading
import time

from toolkit.dispatch.crew import AHEAD, Crew


def test_a_thread_is_started_only_where_none_is_idle() -> None:
    crew = Crew()
    for number in range(5):
        crew.hand_out(number, lambda: "well", time.monotonic())
        assert crew.inbox.get(timeout=5) == (number, "well")
        crew.in_flight -= 1
    assert len(crew) == 1
    crew.dismiss()


def test_calls_that_wait_for_answers_get_threads_of_their_own_up_to_the_most() -> None:
    crew, go = Crew(most=3), threading.Event()
    now = time.monotonic()
    for number in range(3):
        wait = crew.wait(now)
        assert wait is not None
        now += wait
        crew.hand_out(number, go.wait, now)
    assert len(crew) == 3
    for number in range(AHEAD):
        assert crew.wait(now) == 0.0
        crew.hand_out(number, go.wait, now)
    assert len(crew) == 3
    assert crew.wait(now) is None
    assert crew.gathers
    go.set()
    assert [crew.inbox.get(timeout=5)[1] for _ in range(3 + AHEAD)] == [True] * (3 + AHEAD)
    crew.dismiss()


def test_whatever_a_call_raises_is_its_answer() -> None:
    def broken() -> None:
        raise SystemExit

    crew = Crew()
    crew.hand_out("it", broken, time.monotonic())
    sent, answer = crew.inbox.get(timeout=5)
    assert sent == "it"
    assert isinstance(answer, SystemExit)
    crew.dismiss()


def test_dismissed_threads_end() -> None:
    crew = Crew()
    before = set(threading.enumerate())
    crew.hand_out("it", lambda: "well", time.monotonic())
    (thread,) = set(threading.enumerate()) - before
    crew.dismiss()
    thread.join(timeout=5)
    assert not thread.is_alive()
