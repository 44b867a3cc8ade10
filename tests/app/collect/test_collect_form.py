"""The form of Collect: whose collection is shown first."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import LONG

from toolkit.app import runs
from toolkit.app.collect.form import first_choice
from toolkit.errors import RunStoppedError
from toolkit.runs import Progress
from toolkit.store import Snapshot, Store

pytestmark = pytest.mark.usefixtures("forgotten")


def until_stopped(
    progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool
) -> Snapshot:
    """Collect nothing until it is told to stop."""
    del progress, fresh
    stop.wait()
    raise RunStoppedError("The collection was stopped.")


def test_a_run_is_shown_first_while_it_is_under_way_and_no_longer(tmp_path: Path) -> None:
    stores = {"theirs": Store(tmp_path / "theirs"), "ours": Store(tmp_path / "ours")}
    runs.start(stores["theirs"], "theirs", until_stopped)
    run = runs.find(stores["theirs"])
    assert first_choice(stores, "ours") == "theirs"

    run.stop()
    assert run.ended.wait(LONG)

    assert first_choice(stores, "ours") == "ours"
