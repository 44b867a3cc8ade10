"""Where a store's bytes lie: five operations on keys, and a folder that has them.

A key is a path inside the store, its parts joined by "/". Another place, such as a bucket, is one
more class with these operations.
"""

import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock

from toolkit.errors import StoreError

_BESIDE: Final = re.compile(r"(\.[0-9a-f]{16}|.+\.[0-9a-f]{32})\.new")
"""What is written beside its place is called, now and by earlier versions of this toolkit."""

_OLD: Final = 3600.0
"""Seconds after which nobody is writing any more what was written beside its place."""

_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between the tries to put a file where another program holds one open."""

_PATIENCE: Final = 30.0
"""Seconds that a writer waits for another one, which writes a manifest of a few kilobytes."""

_PRIVATE_FOLDER: Final = 0o700 if os.name == "posix" else 0o777
_PRIVATE_FILE: Final = 0o600


class Place(Protocol):
    """Where bytes are kept under keys; what cannot be read or written raises OSError.

    As text it is its address.
    """

    @property
    def journal(self) -> Path:
        """The folder of this machine in which the journals of runs in progress lie."""
        ...

    def name(self, key: str) -> str:
        """Return what a key is called in a sentence."""
        ...

    def read(self, key: str) -> bytes:
        """Return what is kept under the key; raises FileNotFoundError where nothing is."""
        ...

    def write(self, key: str, content: bytes) -> None:
        """Keep the content under the key, in place of what was there; never half of it."""
        ...

    def write_if_absent(self, key: str, content: bytes) -> bool:
        """Keep the content unless something is there already; return whether it was kept."""
        ...

    def versions(self, under: str) -> dict[str, str]:
        """Return every key that begins so with a mark that changes when it is written anew."""
        ...

    def folders(self, under: str) -> list[str]:
        """Return what stands between `under` and the next "/" in the keys that begin so, sorted."""
        ...

    def remove(self, key: str) -> None:
        """Keep nothing under the key any more; nothing happens where nothing is."""
        ...

    def sweep(self, under: str) -> None:
        """Forget what writers that were killed left half written beside keys that begin so."""
        ...


def place_at(
    address: str | os.PathLike[str], *, profile: str | None = None, kms_key: str | None = None
) -> Place:
    """Return the place that an address names; raises StoreError where it cannot be that of one.

    `profile` and `kms_key` are for a bucket: who reads and writes it, and what it is encrypted by.
    """
    del profile, kms_key
    root = Path(address)
    try:
        is_file = root.exists() and not root.is_dir()
    except OSError as error:
        raise StoreError.refused(f"{root} cannot be a store", error) from error
    if is_file:
        raise StoreError(f"{root} is a file, not a folder.", "Name a folder with --store.")
    return Folder(root)


def absolute(address: str) -> str:
    """Return an address that means the same wherever the program goes."""
    return os.path.abspath(os.path.expanduser(address))  # noqa: PTH100, PTH111 - a Path keeps ..


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

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

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

    def sweep(self, under: str) -> None:
        """Remove what was written beside its place an hour ago or longer, and left there."""
        left = [(path, written) for path, written in self._files(under) if _is_beside(path)]
        if not left:
            return
        # What time it is the file system says: a share may have another clock than this machine.
        with self._beside("now", b"") as now:
            oldest = now.stat().st_mtime_ns - _OLD * 1e9
        for path, written in left:
            if written < oldest:
                # What stays lies in nobody's way: it is no reason not to save.
                with suppress(OSError):
                    path.unlink()

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
        folder = (self.root / key).parent
        private_folder(folder)
        beside = folder / f".{uuid.uuid4().hex[:16]}.new"
        try:
            with open(beside, "xb", opener=_private) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield beside
        finally:
            beside.unlink(missing_ok=True)


def _is_beside(path: Path) -> bool:
    return _BESIDE.fullmatch(path.name) is not None


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE_FILE)
