"""The answers of a run in progress, on disk as they arrive, so that a stopped run can go on.

One SQLite file per organization, in WAL mode: what was committed survives a kill -9 at any moment.
One run at a time holds it, guarded by a lock that dies with its process. The same tables in memory
serve calls that keep nothing. The tables are those of `schema.STORED`, every column of them.
"""

import errno
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import pandas as pd
from filelock import FileLock, Timeout

from toolkit import schema
from toolkit.errors import StoreBusyError, StoreError, disk_hint
from toolkit.schema import Table
from toolkit.store.folder import private_folder

_OWN: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "notes": (("name", "value"), ("name",)),
    "units": (("unit_id", "name"), ("unit_id",)),
    "asked": (
        ("what", "region", "account_id", "token", "outcome", "detail"),
        ("what", "region", "account_id"),
    ),
}
"""What a journal keeps beside the tables of a snapshot: the columns, and the key among them."""

_ROWS_AT_ONCE: Final = 32

Row = Mapping[str, Any]
"""One row of a table, column by name."""


def _declared() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    stored = {table.file: (tuple(table.names), table.key) for table in schema.STORED.values()}
    return stored | dict(_OWN)


def _statements() -> str:
    return "\n".join(
        f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(f'{c} TEXT' for c in columns)},"
        f" PRIMARY KEY ({', '.join(key)}));"
        for name, (columns, key) in _declared().items()
    )


class Journal:
    """What one run has been answered so far; nothing is kept for good until `commit`.

    It is written and read by one thread. Without a folder it is in memory alone. `fresh` forgets
    what an earlier run left. Raises StoreBusyError where another run holds it, StoreError where it
    holds an unfinished run that another version of this toolkit began.
    """

    def __init__(
        self, folder: Path | None = None, organization_id: str = "", *, fresh: bool = False
    ) -> None:
        self._path = folder / f"{organization_id}.sqlite" if folder else None
        self._lock = FileLock(folder / f"{organization_id}.lock", mode=0o600) if folder else None
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
        statements = _statements()
        # Another set of columns is another version, without anybody having to count.
        version = crc32(statements.encode()) & 0x7FFF_FFFF
        if self._path:
            _make_private(self._path)
        with _damage(self._path):
            self._database = sqlite3.connect(self._path or ":memory:")
            found = self._database.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, version):
            self._refuse_unfinished()
            self.clear()
            return
        with _damage(self._path):
            self._database.execute("PRAGMA journal_mode = WAL")
            # Safe from kill -9; only a power cut can take the last answers, which are asked again.
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(f"{statements}\nPRAGMA user_version = {version};")

    def _refuse_unfinished(self) -> None:
        """Raise StoreError unless the run in this journal of another version has ended."""
        try:
            finished = self._database.execute(
                "SELECT value FROM notes WHERE name = 'finished'"
            ).fetchone()
            is_finished = bool(finished and _fact(finished[0]))
        except sqlite3.Error:
            is_finished = False
        if not is_finished:
            raise StoreError(
                f"{self._path} holds an unfinished collection that another version of this toolkit"
                " began.",
                "Let that version end it, or start over with --fresh, which forgets its answers.",
            )

    def __str__(self) -> str:
        return str(self._path)

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
        if not self._path:
            return
        try:
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError.refused(
                f"The journal {self._path} cannot be removed", error
            ) from error

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
        with _damage(self._path):
            return _fact(found[0][0]) if found else None

    def save(self, table: Table, row: Row) -> None:
        """Keep one row of a table; a later one of the same key replaces the columns it has.

        An `ou_path` is kept as the ids of the units, joined by "/"; `read` gives their names.
        """
        self._put(table.file, row)

    def read(self, table: Table) -> pd.DataFrame:
        """Return a table of `schema.STORED` as far as it is known.

        Accounts come in the order they came, what is about one account in the order of the
        accounts, behind them what is about those that left the list, and any other table in the
        order of its key.
        """
        name, order = table.file, ", ".join(table.key)
        if table is schema.ACCOUNTS:
            query = f"SELECT * FROM {name} ORDER BY rowid"  # noqa: S608 - names of our own schema
        elif table.key[0] == "account_id":
            # A look-up belongs to the list; what else is known of an account outlives its place.
            join = "JOIN" if table is schema.GOVCLOUD else "LEFT JOIN"
            query = (
                f"SELECT {name}.* FROM {name} {join} accounts USING (account_id)"  # noqa: S608 - as above
                f" ORDER BY accounts.rowid IS NULL, accounts.rowid, {order}"
            )
        else:
            query = f"SELECT * FROM {name} ORDER BY {order}"  # noqa: S608 - as above
        frame = self._frame(query)
        if "ou_path" in frame:
            frame["ou_path"] = frame["ou_path"].map(self._unit_paths(frame["ou_path"]))
        return schema.coerce(table, frame)

    def values(self, table: Table, column: str) -> dict[str, Any]:
        """Return one column of a table that has one row a key, by that key, as it was saved."""
        (key,) = table.key
        query = f"SELECT {key}, {column} FROM {table.file} ORDER BY rowid"  # noqa: S608 - names of our own schema
        return dict(self._all(query))

    def save_unit(self, unit_id: str, name: str) -> None:
        """Keep the name of an organizational unit."""
        self._put("units", {"unit_id": unit_id, "name": name})

    def unit_names(self) -> dict[str, str]:
        """Return the names of organizational units by id."""
        return dict(self._all("SELECT unit_id, name FROM units"))

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
        names = ("region", "account_id", "outcome", "detail")
        rows = self._all(f"SELECT {', '.join(names)} FROM asked WHERE what = ?", (what,))  # noqa: S608 - our own names
        return [dict(zip(names, row, strict=True)) for row in rows]

    def forget_asked(self, outcomes: Iterable[str]) -> None:
        """Forget the questions that ended so, as if they had not been asked; no other ones."""
        for outcome in outcomes:
            self._delete("asked WHERE outcome = ?", str(outcome))

    def forget_list(self, table: Table, *questions: str) -> None:
        """Forget a table's rows, and the questions that gave them."""
        self._delete(table.file)
        for what in questions:
            self._delete("asked WHERE what = ?", what)

    def keep_only(self, kept: Table) -> None:
        """Forget every row but those of this table, and that anything was asked."""
        for table in schema.STORED.values():
            if table is not kept:
                self._delete(table.file)
        self._delete("asked")

    def _delete(self, what: str, *values: str) -> None:
        self._write()
        with _damage(self._path):
            self._database.execute(f"DELETE FROM {what}", values)  # noqa: S608 - names from this project

    def _unit_paths(self, chains: pd.Series) -> dict[str, str]:
        """Return each chain of unit ids as their names, the ids of those that have none."""
        names = self.unit_names()
        return {
            above: "/".join(names.get(unit, unit) for unit in above.split("/")) or "Root"
            for above in chains.dropna().unique()
        }

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


def _fact(value: object) -> Any:
    try:
        return json.loads(str(value))
    except ValueError as error:
        raise sqlite3.DatabaseError("a note in it cannot be read") from error


@cache
def _upsert(table: str, columns: tuple[str, ...], rows: int) -> str:
    key = _declared()[table][1]
    marks = f"({', '.join('?' * len(columns))})"
    new = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - names from this project, never values
        f" VALUES {', '.join([marks] * rows)}"
        f" ON CONFLICT ({', '.join(key)}) DO {f'UPDATE SET {new}' if new else 'NOTHING'}"
    )


def _take(lock: FileLock, folder: Path) -> None:
    try:
        private_folder(folder)
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreBusyError(
            f"Another collection of this organization is writing to {folder.parent}.",
            "Wait for it to end, or name another folder with --store.",
        ) from None
    except OSError as error:
        raise StoreError.refused(f"{folder.parent} cannot be written to", error) from error


def _make_private(path: Path) -> None:
    """Make a file that only its owner may read; the database's others are made like it."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError.refused(f"The journal {path} cannot be used", error) from error


_REASONS: Final[Mapping[int, int]] = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EMFILE,  # the file itself could be opened a moment before
}
"""What the system refused, by the database's own code for it."""

_CODE: Final = 0xFF  # of an extended code, the part that says which of these it is
_DAMAGED: Final = "Move that file away, or begin anew with --fresh, which forgets its answers."


@contextmanager
def _damage(path: Path | None) -> Iterator[None]:
    """Raise StoreError where the database fails, with what to do about its reason."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & _CODE
        hint = _DAMAGED
        if code in _REASONS:
            hint = disk_hint(OSError(_REASONS[code], str(error)))
        raise StoreError(f"The journal {path} cannot be used: {error}.", hint) from error
