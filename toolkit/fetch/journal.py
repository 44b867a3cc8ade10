"""The answers of a run in progress, on disk as they arrive, so that a stopped run can go on.

One SQLite file per organization under DIR/journal, in WAL mode: what was committed survives a
kill -9 at any moment. One run at a time holds it, guarded by a lock that dies with its process.
The same tables in memory serve calls that keep nothing.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pandas as pd
from filelock import FileLock, Timeout

from toolkit import schema
from toolkit.errors import StoreBusyError, StoreError

FORMAT: Final = 1
"""Version of the journal's tables; one of another version is begun anew."""

_TABLES: Final = f"""
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accounts (
    account_id TEXT PRIMARY KEY, name TEXT, email TEXT, standard_state TEXT, joined_method TEXT,
    joined_at TEXT, units_above TEXT);
CREATE TABLE IF NOT EXISTS units (unit_id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS govcloud (
    account_id TEXT PRIMARY KEY, govcloud_account_id TEXT, govcloud_state TEXT, outcome TEXT,
    detail TEXT, fetched_at TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS links (
    region TEXT, link_id TEXT, link_status TEXT, source_account_id TEXT, target_account_id TEXT,
    fetched_at TEXT, PRIMARY KEY (region, link_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (
    what TEXT, region TEXT, account_id TEXT, token TEXT, outcome TEXT, detail TEXT,
    PRIMARY KEY (what, region, account_id)) WITHOUT ROWID;
PRAGMA user_version = {FORMAT};
"""

_ROWS_AT_ONCE: Final = 32

Row = Mapping[str, Any]
"""One row of a table, column by name."""


class Journal:
    """What one run has been answered so far; nothing is kept for good until `commit`.

    It is written and read by one thread. Without a folder it is in memory alone. `fresh` forgets
    what an earlier run left. Raises StoreBusyError where another run holds it.
    """

    def __init__(
        self, folder: Path | None = None, organization_id: str = "", *, fresh: bool = False
    ) -> None:
        self._path = folder / f"{organization_id}.sqlite" if folder else None
        self._lock = FileLock(folder / f"{organization_id}.lock") if folder else None
        if folder and self._lock:
            _take(self._lock, folder)
        try:
            if fresh:
                self._unlink()
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self._held: dict[tuple[str, tuple[str, ...]], list[tuple[object, ...]]] = {}
        with _damage(self._path):
            self._database = sqlite3.connect(self._path or ":memory:")
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, FORMAT):
            self.clear()
            return
        with _damage(self._path):
            self._database.execute("PRAGMA journal_mode = WAL")
            # Safe from kill -9; only a power cut can take the last answers, which are asked again.
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file and the lock; what was not committed is forgotten."""
        if hasattr(self, "_database"):
            self._database.close()
        if self._lock:
            self._lock.release()

    def clear(self) -> None:
        """Forget everything, on disk too, and begin anew."""
        self._database.close()
        self._unlink()
        self._open()

    def delete(self) -> None:
        """Forget everything and leave no file behind."""
        self._database.close()
        self._unlink()
        self.close()

    def _unlink(self) -> None:
        if self._path:
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def commit(self) -> None:
        """Put everything saved so far on disk."""
        self._write()
        if self._database.in_transaction:
            with _damage(self._path):
                self._database.commit()

    def note(self, **values: object) -> None:
        """Keep facts about the run, as JSON, by name."""
        for name, value in values.items():
            self._put("notes", {"name": name, "value": json.dumps(value)})

    def noted(self, name: str) -> Any:
        """Return a fact about the run, or None."""
        found = self._all("SELECT value FROM notes WHERE name = ?", (name,))
        return json.loads(found[0][0]) if found else None

    def save_account(self, row: Row) -> None:
        """Keep one ACCOUNTS row, with the ids of the units above it joined by "/"."""
        self._put("accounts", row)

    def save_unit(self, unit_id: str, name: str) -> None:
        """Keep the name of an organizational unit."""
        self._put("units", {"unit_id": unit_id, "name": name})

    def save_govcloud(self, row: Row) -> None:
        """Keep one GOVCLOUD row; a later one for the same account replaces it."""
        self._put("govcloud", row)

    def save_link(self, row: Row) -> None:
        """Keep one LINKS row; the same link seen from its other end is the same row."""
        self._put("links", row)

    def save_asked(
        self,
        what: str,
        *,
        region: str = "",
        account_id: str = "",
        token: str | None = None,
        outcome: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Keep how far a question got: the token of its next page or, at its end, its outcome."""
        self._put(
            "asked",
            {
                "what": what,
                "region": region,
                "account_id": account_id,
                "token": token,
                "outcome": outcome,
                "detail": detail,
            },
        )

    def asked(self, what: str, *, region: str = "", account_id: str = "") -> tuple[Any, Any]:
        """Return the token and the outcome of a question; both None where it was never answered."""
        found = self._all(
            "SELECT token, outcome FROM asked WHERE what = ? AND region = ? AND account_id = ?",
            (what, region, account_id),
        )
        return found[0] if found else (None, None)

    def all_asked(self, what: str) -> list[dict[str, Any]]:
        """Return every question of that sort: region, account_id, outcome and detail."""
        rows = self._all(
            "SELECT region, account_id, outcome, detail FROM asked WHERE what = ?", (what,)
        )
        return [
            dict(zip(("region", "account_id", "outcome", "detail"), r, strict=True)) for r in rows
        ]

    def forget_asked(self, what: str, outcomes: Iterable[str]) -> None:
        """Forget the questions of that sort that ended so, as if they had not been asked."""
        self._write()
        for outcome in outcomes:
            with _damage(self._path):
                self._database.execute(
                    "DELETE FROM asked WHERE what = ? AND outcome = ?", (what, str(outcome))
                )

    def standard_states(self) -> dict[str, str | None]:
        """Return the standard state of each account known so far, in the order they came."""
        return dict(self._all("SELECT account_id, standard_state FROM accounts ORDER BY rowid"))

    def unit_chains(self) -> list[str]:
        """Return each different chain of unit ids above an account."""
        rows = self._all("SELECT DISTINCT units_above FROM accounts WHERE units_above IS NOT NULL")
        return [row[0] for row in rows]

    def answered(self) -> dict[str, str]:
        """Return the outcome of each account looked up so far."""
        return dict(self._all("SELECT account_id, outcome FROM govcloud"))

    def unit_names(self) -> dict[str, str]:
        """Return the names of organizational units by id."""
        return dict(self._all("SELECT unit_id, name FROM units"))

    def accounts(self) -> pd.DataFrame:
        """Return the ACCOUNTS table, one row per standard account, in the order they came."""
        names = self.unit_names()
        frame = self._frame("SELECT * FROM accounts ORDER BY rowid")
        paths = {
            above: "/".join(names.get(unit, unit) for unit in above.split("/")) or "Root"
            for above in frame["units_above"].dropna().unique()
        }
        return schema.coerce(schema.ACCOUNTS, frame.assign(ou_path=frame["units_above"].map(paths)))

    def govcloud(self) -> pd.DataFrame:
        """Return the GOVCLOUD table, one row per account looked up, in the accounts' order."""
        return schema.coerce(
            schema.GOVCLOUD,
            self._frame(
                "SELECT govcloud.* FROM accounts JOIN govcloud USING (account_id)"
                " ORDER BY accounts.rowid"
            ),
        )

    def links(self) -> pd.DataFrame:
        """Return the LINKS table, one row per link and Region."""
        return schema.coerce(
            schema.LINKS, self._frame("SELECT * FROM links ORDER BY region, link_id")
        )

    def _put(self, table: str, row: Row) -> None:
        # Held until the commit that follows the answers of one moment: one statement for all,
        # since SQLite hands Python's lock to the busy workers and back at each.
        self._held.setdefault((table, tuple(row)), []).append(tuple(row.values()))

    def _write(self) -> None:
        held, self._held = self._held, {}
        with _damage(self._path):
            for (table, columns), rows in held.items():
                for start in range(0, len(rows), _ROWS_AT_ONCE):
                    chunk = rows[start : start + _ROWS_AT_ONCE]
                    statement = _upsert(table, columns, len(chunk))
                    self._database.execute(statement, list(chain.from_iterable(chunk)))

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        self._write()
        with _damage(self._path):
            return self._database.execute(query, tuple(values)).fetchall()

    def _frame(self, query: str) -> pd.DataFrame:
        self._write()
        with _damage(self._path):
            cursor = self._database.execute(query)
            columns = [name for name, *_ in cursor.description]
            rows = cursor.fetchall()
        return pd.DataFrame(rows, columns=columns, dtype="object")


_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "notes": ("name",),
    "accounts": ("account_id",),
    "units": ("unit_id",),
    "govcloud": ("account_id",),
    "links": ("region", "link_id"),
    "asked": ("what", "region", "account_id"),
}


@cache
def _upsert(table: str, columns: tuple[str, ...], rows: int) -> str:
    key = _KEYS[table]
    marks = f"({', '.join('?' * len(columns))})"
    new = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - names from this project, never values
        f" VALUES {', '.join([marks] * rows)}"
        f" ON CONFLICT ({', '.join(key)}) DO {f'UPDATE SET {new}' if new else 'NOTHING'}"
    )


def _take(lock: FileLock, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreBusyError(
            f"Another collection of this organization is writing to {folder.parent}.",
            "Wait for it to end, or name another folder with --store.",
        ) from None
    except OSError as error:
        raise StoreError(
            f"{folder.parent} cannot be written to: {error.strerror or error}.",
            "Name a folder of your own with --store.",
        ) from error


@contextmanager
def _damage(path: Path | None) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"The journal {path} cannot be used: {error}.",
            "Free some space, or begin anew with --fresh.",
        ) from error
