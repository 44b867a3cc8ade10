"""Runs in the background: one a store at a time, whoever starts it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from patience import LONG

from toolkit.app import runs
from toolkit.app.runs import Status
from toolkit.errors import CredentialsError, RunStoppedError
from toolkit.runs import Progress
from toolkit.store import Store


class Waits:
    """Work that goes on until it is told to stop or to fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun: list[bool] = []
        self.let_go = threading.Event()
        self.error = error

    def __call__(
        self, progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool
    ) -> Any:
        self.begun.append(fresh)
        progress(Progress("looking up", 1, 2))
        while not self.let_go.wait(0.01):
            if stop.is_set():
                raise RunStoppedError("The collection was stopped.")
        raise self.error or CredentialsError("Expired.")


pytestmark = pytest.mark.usefixtures("forgotten")


def test_a_second_start_into_the_same_store_begins_nothing(tmp_path: Path) -> None:
    work, other = Waits(), Waits()
    runs.start(Store(tmp_path), "ours", work)
    first = runs.find(Store(tmp_path))
    runs.start(Store.started_here(str(tmp_path / "x" / "..")), "ours", other)

    assert runs.find(Store(tmp_path)) is first
    assert first.status is Status.RUNNING
    first.stop()
    assert first.ended.wait(LONG)
    assert other.begun == []


def test_another_store_has_a_run_of_its_own(tmp_path: Path) -> None:
    works = [Waits(), Waits()]
    for number, work in enumerate(works):
        runs.start(Store(tmp_path / str(number)), "ours", work)
    found = [runs.find(Store(tmp_path / str(number))) for number in range(2)]

    assert found[0] is not found[1]
    for run in found:
        run.stop()
        assert run.ended.wait(LONG)
    assert [work.begun for work in works] == [[False], [False]]


def test_a_stopped_run_can_be_resumed_and_does_not_start_over_again(tmp_path: Path) -> None:
    work = Waits()
    runs.start(Store(tmp_path), "ours", work, fresh=True)
    stopped = runs.find(Store(tmp_path))
    stopped.stop()
    assert stopped.ended.wait(LONG)
    assert stopped.status is Status.STOPPED

    runs.resume(stopped)
    resumed = runs.find(Store(tmp_path))
    resumed.stop()
    assert resumed.ended.wait(LONG)
    assert work.begun == [True, False]


@pytest.mark.parametrize("error", [CredentialsError("Expired."), ZeroDivisionError("a slip")])
def test_what_ended_a_run_is_kept_to_be_shown(tmp_path: Path, error: Exception) -> None:
    work = Waits(error)
    runs.start(Store(tmp_path), "ours", work)
    work.let_go.set()
    run = runs.find(Store(tmp_path))
    assert run.ended.wait(LONG)

    assert run.status is Status.FAILED
    assert run.error is error


def test_a_run_under_way_cannot_be_put_away(tmp_path: Path) -> None:
    runs.start(Store(tmp_path), "ours", Waits())
    run = runs.find(Store(tmp_path))
    runs.put_away(Store(tmp_path))
    assert runs.find(Store(tmp_path)) is run

    run.stop()
    assert run.status is Status.STOPPING or run.ended.is_set()
    assert run.ended.wait(LONG)
    runs.put_away(Store(tmp_path))
    assert runs.find(Store(tmp_path)) is None
