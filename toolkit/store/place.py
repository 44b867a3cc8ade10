"""Where a store's bytes lie: four operations on keys, and a folder that has them.

A key is a path inside the store, its parts joined by "/". Another place, such as a bucket, is one
more class with these four operations.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from toolkit.errors import StoreError

_NEW: Final = ".new"


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


def place_at(address: str | os.PathLike[str]) -> Place:
    """Return the place that an address names; raises StoreError where it cannot be that of one."""
    root = Path(address)
    if root.exists() and not root.is_dir():
        raise StoreError(f"{root} is a file, not a folder.", "Name a folder with --store.")
    return Folder(root)


def absolute(address: str) -> str:
    """Return an address that means the same wherever the program goes."""
    return os.path.abspath(os.path.expanduser(address))  # noqa: PTH100, PTH111 - a Path keeps ..


class Folder:
    """A folder on this machine or a share.

    Every file is written beside its place, flushed to disk and then put there in one step, so that
    a reader never meets half a file; what is written beside has a name that no other writer has.
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
            beside.replace(self.root / key)

    def write_if_absent(self, key: str, content: bytes) -> bool:
        """Write the file unless there is one; of several writers at once one alone succeeds."""
        with self._beside(key, content) as beside:
            try:
                # Unlike a rename, a link is refused where something has that name.
                os.link(beside, self.root / key)
            except FileExistsError:
                return False
        return True

    def versions(self, under: str) -> dict[str, str]:
        """Return the files whose keys begin so, by key, with their times of modification."""
        top = self.root / under.rpartition("/")[0]
        found = {}
        for folder, _, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                key = path.relative_to(self.root).as_posix()
                if key.startswith(under) and not name.endswith(_NEW):
                    found[key] = str(path.stat().st_mtime_ns)
        return found

    @contextmanager
    def _beside(self, key: str, content: bytes) -> Iterator[Path]:
        """Give a file with the content beside its place, and leave none there in the end."""
        target = self.root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f"{target.name}.{uuid.uuid4().hex}{_NEW}")
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield beside
        finally:
            beside.unlink(missing_ok=True)
