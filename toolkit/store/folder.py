"""A folder on this machine or a share as the place of a store: whole files, or none."""

import os
import re
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from filelock import FileLock

_BESIDE: Final = re.compile(r"(\.[0-9a-f]{16}|.+\.[0-9a-f]{32})\.new")
"""What is written beside its place is called, now and by earlier versions of this toolkit."""

_OLD: Final = 3600.0
"""Seconds after which nobody is writing any more what was written beside its place."""

_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between the tries to put a file where another program holds one open."""

_PATIENCE: Final = 30.0
"""Seconds that a writer waits for another one, which writes a manifest of a few kilobytes."""

_TRIES: Final = 5
"""How often a folder is made anew that others remove meanwhile."""

_PRIVATE_FOLDER: Final = 0o700 if os.name == "posix" else 0o777
_PRIVATE_FILE: Final = 0o600


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone.

    One that is there stays as it is: who may read it was somebody's choice. On Windows a folder
    is as private as the one that it is in. Raises OSError where it cannot be made.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        private_folder(folder.parent)
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER)
    except FileExistsError:
        if not folder.is_dir():
            raise


def put(beside: Path, target: Path) -> None:
    """Rename a file to its place, over what is there, in one step.

    Windows refuses while another program, such as a virus scanner, holds open what is there; that
    is mostly over in a moment, so it is tried for a second and a half. Raises OSError then.
    """
    for pause in _PAUSES:
        try:
            beside.replace(target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    beside.replace(target)


class Folder:
    """A folder on this machine or a share, which only its owner may read.

    Every file is written beside its place, flushed to disk and then put there in one step, so that
    a reader never meets half a file. What is written beside has a name that no other writer has,
    and that begins with a dot: pandas, DuckDB, Spark and Athena pass over such names.
    """

    is_far = False

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def check(self) -> None:
        """Do nothing: the journal of a run lies in the folder, which so is written to first."""

    @property
    def journal(self) -> Path:
        """The folder of this machine in which the journals of runs in progress lie."""
        return self.root / "journal"

    def name(self, key: str) -> str:
        """Return the path of the file."""
        return str(self.root / key)

    def read(self, key: str) -> bytes:
        """Return the content of the file."""
        return (self.root / key).read_bytes()

    def read_many(self, keys: Iterable[str]) -> dict[str, bytes | OSError]:
        """Return the content of each file, one read after the other: threads would cost more."""
        return {key: self._read_or_say(key) for key in keys}

    def _read_or_say(self, key: str) -> bytes | OSError:
        try:
            return self.read(key)
        except OSError as error:
            return error

    def write(self, key: str, content: bytes) -> None:
        """Write the file, in place of one that is there."""
        with self._beside(key, content) as beside:
            put(beside, self.root / key)

    def write_if_absent(self, key: str, content: bytes) -> bool:
        """Write the file unless there is one; of several writers at once one alone succeeds."""
        target = self.root / key
        with self._beside(key, content) as beside:
            try:
                # Unlike a rename, a link is refused where something has that name.
                os.link(beside, target)
            except FileExistsError:
                return False
            except (OSError, AttributeError):
                # Not every file system has links (FAT, some shares). A rename keeps readers from
                # half a file there, and a lock, which dies with its process, keeps writers apart.
                with FileLock(self.root / ".writing.lock", timeout=_PATIENCE, mode=_PRIVATE_FILE):
                    if target.exists():
                        return False
                    put(beside, target)
        return True

    def versions(self, under: str) -> dict[str, str]:
        """Return the files whose keys begin so, by key, with their times of modification."""
        return {
            path.relative_to(self.root).as_posix(): str(written)
            for path, written in self._files(under)
            if not _is_beside(path)
        }

    def folders(self, under: str) -> list[str]:
        """Return the names of the folders in that one, or of those in it that begin so."""
        top, _, begins = under.rpartition("/")
        try:
            found = [one.name for one in os.scandir(self.root / top) if one.is_dir()]
        except FileNotFoundError:
            return []
        return sorted(name for name in found if name.startswith(begins))

    def remove(self, key: str) -> None:
        """Remove the file, and the folder that it was the last one in."""
        (self.root / key).unlink(missing_ok=True)
        with suppress(OSError):  # there is more in it
            (self.root / key).parent.rmdir()

    def forgotten(self, under: str) -> list[str]:
        """Return the files whose keys begin so that were written an hour ago or longer."""
        return [path.relative_to(self.root).as_posix() for path in self._old(under, beside=False)]

    def sweep(self, under: str) -> None:
        """Remove what was written beside its place an hour ago or longer, and left there."""
        for path in self._old(under, beside=True):
            # What stays lies in nobody's way: it is no reason not to save.
            with suppress(OSError):
                path.unlink()

    def _old(self, under: str, *, beside: bool) -> list[Path]:
        """Return what lies beside its place, or in it, and was written an hour ago or longer."""
        found = [(path, at) for path, at in self._files(under) if _is_beside(path) is beside]
        if not found:
            return []
        # What time it is the file system says: a share may have another clock than this machine.
        with self._beside("now", b"") as now:
            oldest = now.stat().st_mtime_ns - _OLD * 1e9
        return [path for path, at in found if at < oldest]

    def _files(self, under: str) -> Iterator[tuple[Path, int]]:
        """Give each file whose key begins so, and when it was written."""
        top = self.root / under.rpartition("/")[0]
        for folder, _, names in os.walk(top, onerror=_unless_absent):
            for name in names:
                path = Path(folder, name)
                if path.relative_to(self.root).as_posix().startswith(under):
                    try:
                        yield path, path.stat().st_mtime_ns
                    except FileNotFoundError:  # it was moved away since
                        continue

    @contextmanager
    def _beside(self, key: str, content: bytes) -> Iterator[Path]:
        """Give a file with the content beside its place, and leave none there in the end."""
        beside = (self.root / key).parent / f".{uuid.uuid4().hex[:16]}.new"
        try:
            with _opened(beside) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield beside
        finally:
            beside.unlink(missing_ok=True)


def _is_beside(path: Path) -> bool:
    return _BESIDE.fullmatch(path.name) is not None


def _opened(path: Path) -> BinaryIO:
    """Open a new file for writing, in a folder that is made where it is missing."""
    for _ in range(_TRIES):
        private_folder(path.parent)
        # Whoever removes the last file of a folder removes the folder, in this moment perhaps.
        with suppress(FileNotFoundError):
            return open(path, "xb", opener=_private)
    return open(path, "xb", opener=_private)


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE_FILE)
