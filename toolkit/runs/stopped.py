"""Runs that failed: what stopped before its end, and what could not even begin."""

import json
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd
from filelock import FileLock, Timeout

from toolkit.errors import StoreError
from toolkit.store import Store
from toolkit.store.folder import private_folder

_FAILED: Final = "failed"
"""What is kept beside the journals where a run failed before it had one."""


def stopped_runs(store: Store) -> dict[str, pd.Timestamp | None]:
    """Return when each run began that has not ended and that nobody is at work on.

    By organization, UTC; None where its journal does not tell. A run that is in progress, or that
    ended and could be completed, is none of them. Nothing is written.
    """
    found: dict[str, pd.Timestamp | None] = {}
    for organization in store.unfinished():
        notes = _notes(store.journal / f"{organization}.sqlite")
        if not notes.get("finished") and not _is_held(store.journal / f"{organization}.lock"):
            found[organization] = _time(notes.get("begun"))
    return found


def failed_run(store: Store) -> pd.Timestamp | None:
    """Return when the last run failed that could not ask anything, UTC; None where one did since.

    Nobody knows of which organization it would have been.
    """
    with suppress(OSError, ValueError):
        return _time((store.journal / _FAILED).read_text(encoding="utf-8"))
    return None


def note_failed(store: Store, time: datetime) -> None:
    """Keep that a run failed at that time, for whoever is told of such; a store that is begun."""
    with suppress(OSError, StoreError):
        if store.is_begun:
            private_folder(store.journal)
            (store.journal / _FAILED).write_text(time.isoformat(), encoding="utf-8")


def forget_failed(store: Store) -> None:
    """Forget that a run failed: one could ask since."""
    with suppress(OSError):
        (store.journal / _FAILED).unlink(missing_ok=True)


def _notes(path: Path) -> dict[str, object]:
    """Return the facts that a journal has; none where it cannot be read."""
    with suppress(sqlite3.Error, ValueError):
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT name, value FROM notes").fetchall()
        return {name: json.loads(value) for name, value in rows}
    return {}


def _is_held(path: Path) -> bool:
    """Say whether a run holds the lock, which dies with its process."""
    if not path.exists():
        return False
    try:
        # A run that begins in this very moment is told to wait: no other way works everywhere.
        with FileLock(path, mode=0o600).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _time(noted: object) -> pd.Timestamp | None:
    with suppress(TypeError, ValueError):
        return pd.Timestamp(datetime.fromisoformat(str(noted))).tz_convert("UTC")
    return None
