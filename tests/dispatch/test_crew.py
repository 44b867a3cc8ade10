"""The crew: as many threads as are needed, and no answer lost."""

import threading

import patience
import pytest
from patience import LONG

from toolkit.dispatch.crew import FEW, Crew, _all
from toolkit.errors import ToolkitError


def test_a_thread_is_started_only_where_none_is_idle() -> None:
    crew, threads = Crew(), set()
    for number in range(5):
        crew.hand_out(number, threading.get_ident)
        sent, answer = crew.inbox.get(timeout=LONG)
        assert sent == number
        threads.add(answer)
        crew.in_flight -= 1
    assert len(threads) == 1
    crew.dismiss()


def test_calls_that_wait_for_answers_have_a_thread_each_up_to_the_most() -> None:
    crew, together = Crew(most=3), threading.Barrier(3)
    for number in range(3):
        assert not crew.is_full
        crew.hand_out(number, lambda: together.wait(LONG))
    assert crew.is_full
    assert sorted(crew.inbox.get(timeout=LONG)[0] for _ in range(3)) == [0, 1, 2]
    assert crew.is_full  # until it is noted that the answers are here
    crew.in_flight -= 1
    assert not crew.is_full
    crew.dismiss()


def test_whatever_a_call_raises_is_its_answer() -> None:
    def broken() -> None:
        raise SystemExit

    crew = Crew()
    crew.hand_out("it", broken)
    sent, answer = crew.inbox.get(timeout=LONG)
    assert sent == "it"
    assert isinstance(answer, SystemExit)
    crew.dismiss()


def test_dismissed_threads_make_the_calls_they_were_given_and_end() -> None:
    crew, threads = Crew(), []
    for _ in range(3):
        crew.hand_out("it", lambda: threads.append(threading.current_thread()))
    crew.dismiss()
    for _ in range(3):
        crew.inbox.get(timeout=LONG)
    for thread in threads:
        thread.join(timeout=LONG)
    assert [thread.is_alive() for thread in threads] == [False] * 3
    assert all(thread.daemon for thread in threads)


def test_a_call_that_is_given_up_makes_room_for_another_thread() -> None:
    crew, blocked = Crew(most=1), threading.Event()
    crew.hand_out("late", lambda: blocked.wait(60) and "late")
    assert crew.is_full
    crew.give_up()
    assert not crew.is_full
    crew.hand_out("next", lambda: "well")
    assert crew.inbox.get(timeout=60) == ("next", "well")
    crew.in_flight -= 1
    blocked.set()
    assert crew.inbox.get(timeout=60) == ("late", "late")
    crew.came_after_all()
    crew.dismiss()


def test_threads_that_never_come_back_are_bounded() -> None:
    crew, blocked = Crew(most=2), threading.Event()
    for _ in range(4):
        assert not crew.is_full
        crew.hand_out("late", lambda: blocked.wait(60))
        crew.give_up()
    assert crew.is_full
    blocked.set()
    crew.dismiss()


def test_crews_side_by_side_have_so_many_threads_together_and_a_few_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("toolkit.dispatch.crew.MOST_TOGETHER", 0)
    crew, gate = Crew(), threading.Event()
    for number in range(FEW):
        assert not crew.is_full
        crew.hand_out(number, lambda: gate.wait(LONG))
    assert crew.is_full
    # With the others gone there is room, and where a thread is idle it needs none.
    monkeypatch.undo()
    assert not crew.is_full
    gate.set()
    for _ in range(FEW):
        crew.inbox.get(timeout=LONG)
    crew.in_flight = 0
    monkeypatch.setattr("toolkit.dispatch.crew.MOST_TOGETHER", 0)
    assert not crew.is_full
    crew.dismiss()


def test_threads_that_have_ended_are_counted_no_longer() -> None:
    before, threads = _all.running, []
    crew = Crew()
    for number in range(3):
        crew.hand_out(number, lambda: threads.append(threading.current_thread()))
    crew.dismiss()
    patience.until(lambda: len(threads) == 3)
    # Those of other tests may be ending still.
    patience.until(lambda: _all.running <= before)


def test_where_no_more_threads_may_start_those_there_are_do_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crew, gate = Crew(), threading.Event()
    crew.hand_out("first", lambda: gate.wait(60))
    monkeypatch.setattr(threading.Thread, "start", cannot_start)
    crew.hand_out("second", lambda: "well")
    assert crew.is_full
    gate.set()
    assert [crew.inbox.get(timeout=60)[0] for _ in range(2)] == ["first", "second"]
    crew.dismiss()


def test_where_not_one_thread_may_start_it_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading.Thread, "start", cannot_start)
    with pytest.raises(ToolkitError, match="lets no thread start") as caught:
        Crew().hand_out("it", lambda: "well")
    assert "ulimit -u" in caught.value.hint


def cannot_start(_: threading.Thread) -> None:
    """Answer as a machine does that has no process left to give."""
    raise RuntimeError("can't start new thread")
