"""The clock: its seconds only grow, and its day begins where it is told to."""

import queue
from datetime import UTC, datetime, timedelta

import pytest

from toolkit.dispatch import Clock
from toolkit.dispatch.crew import Crew

LONG_AGO = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)


def test_without_a_start_it_tells_the_time_of_day() -> None:
    before = datetime.now(UTC)
    assert before <= Clock().now() <= datetime.now(UTC)


def test_with_a_start_its_day_begins_there_and_passes() -> None:
    clock = Clock(LONG_AGO)
    first, second = clock.now(), clock.now()
    assert LONG_AGO <= first <= second < LONG_AGO + timedelta(days=1)


def test_its_seconds_only_grow() -> None:
    clock = Clock(LONG_AGO)
    seconds = [clock.monotonic() for _ in range(100)]
    assert seconds == sorted(seconds)


def test_it_hands_on_what_has_arrived_and_says_so_where_nothing_has() -> None:
    crew = Crew()
    crew.inbox.put(("it", "well"))
    clock = Clock()
    assert clock.receive(crew, 60.0) == ("it", "well")
    with pytest.raises(queue.Empty):
        clock.receive(crew, 0.01)
