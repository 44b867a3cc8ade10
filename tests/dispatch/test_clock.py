"""The clock: its seconds only grow, and its day begins where it is told to."""

import queue
from datetime import UTC, datetime, timedelta

import pytest

from toolkit.dispatch import Clock

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
    inbox: queue.SimpleQueue[str] = queue.SimpleQueue()
    inbox.put("well")
    clock = Clock()
    assert clock.receive(inbox, 60.0) == "well"
    with pytest.raises(queue.Empty):
        clock.receive(inbox, 0.01)
