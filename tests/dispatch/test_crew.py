"""The crew: as many threads as are needed, and no answer lost."""

import threading

from patience import LONG

from toolkit.dispatch.crew import Crew


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
