"""Runs that stopped before their end: what a store's journals tell of them."""

import json
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from toolkit.store import Store


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
