"""Runs that stopped: told from those in progress, and from those that ended."""

from pathlib import Path

import pandas as pd
import pytest
from reported import small_snapshot

from toolkit.fetch.journal import Journal
from toolkit.runs.stopped import failed_run, forget_failed, note_failed, stopped_runs
from toolkit.store import Store

BEGAN = "2026-11-22T03:00:00+00:00"


def begun(store: Store, **notes: object) -> Journal:
    """Begin a run, as its journal has it."""
    journal = Journal(store.journal, "o-test")
    journal.note(begun=BEGAN, **notes)
    journal.commit()
    return journal


def test_a_store_without_a_run_has_none_that_stopped(tmp_path: Path) -> None:
    assert stopped_runs(Store(tmp_path)) == {}


def test_a_run_at_which_nobody_is_at_work_has_stopped(tmp_path: Path) -> None:
    store = Store(tmp_path)
    begun(store, finished=False).close()

    assert stopped_runs(store) == {"o-test": pd.Timestamp(BEGAN)}
    # To look takes nothing from it: the next run goes on with it.
    journal = Journal(store.journal, "o-test")
    assert journal.noted("begun") == BEGAN
    journal.close()


def test_a_run_in_progress_has_not_stopped(tmp_path: Path) -> None:
    store = Store(tmp_path)
    journal = begun(store, finished=False)

    assert stopped_runs(store) == {}
    journal.close()
    assert list(stopped_runs(store)) == ["o-test"]


def test_a_run_that_ended_and_could_be_completed_has_not_stopped(tmp_path: Path) -> None:
    store = Store(tmp_path)
    begun(store, finished=True).close()

    assert stopped_runs(store) == {}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00"])
def test_a_journal_that_cannot_be_read_is_of_a_run_that_stopped(
    content: bytes, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    store.journal.mkdir(parents=True, exist_ok=True)
    (store.journal / "o-test.sqlite").write_bytes(content)

    assert stopped_runs(store) == {"o-test": None}


def test_a_run_that_could_not_ask_anything_is_known_until_one_could(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(small_snapshot())
    at = pd.Timestamp(BEGAN)

    assert failed_run(store) is None
    note_failed(store, at)
    assert failed_run(store) == at
    assert stopped_runs(store) == {}
    forget_failed(store)
    assert failed_run(store) is None


def test_a_store_that_is_not_begun_stays_so_where_a_run_fails(tmp_path: Path) -> None:
    note_failed(Store(tmp_path / "none"), pd.Timestamp(BEGAN))

    assert not (tmp_path / "none").exists()
