"""Where a store's bytes lie: a few operations on keys, which a folder has, and a bucket.

A key is a path inside the store, its parts joined by "/". Another place is one more class with
these operations.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final, Protocol

from toolkit.errors import StoreError
from toolkit.store.folder import Folder
from toolkit.text import printable

_IN_BUCKET: Final = re.compile("s3:", re.IGNORECASE)
"""How the address of a bucket begins."""

_ELSEWHERE: Final = re.compile(r"arn:|[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""How an address begins that is neither a bucket's nor a folder's."""


class Place(Protocol):
    """Where bytes are kept under keys; what cannot be read or written raises OSError.

    As text it is its address.
    """

    is_far: bool
    """Whether each operation is a request: what was read then is worth keeping."""

    def check(self) -> None:
        """Raise OSError where no writer could write here, or several not be kept apart."""
        ...

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

    def read_many(self, keys: Iterable[str]) -> dict[str, bytes | OSError]:
        """Return what is kept under each key, or why that one cannot be read.

        Raises OSError where nothing here can be read at all.
        """
        ...

    def write(self, key: str, content: bytes) -> None:
        """Keep the content under the key, in place of what was there; never half of it."""
        ...

    def write_if_absent(self, key: str, content: bytes) -> bool:
        """Keep the content unless something is there already; return whether it was kept."""
        ...

    def versions(self, under: str) -> dict[str, str]:
        """Return every key that begins so with a mark that changes with what it holds."""
        ...

    def folders(self, under: str) -> list[str]:
        """Return what stands between `under` and the next "/" in the keys that begin so, sorted."""
        ...

    def remove(self, key: str) -> None:
        """Keep nothing under the key any more; nothing happens where nothing is."""
        ...

    def forgotten(self, under: str) -> list[str]:
        """Return the keys that begin so that nobody is at work on any more, where that counts.

        They are of writers that may have been killed; it counts where these leave halves behind.
        """
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
    text = address.as_posix() if isinstance(address, PurePath) else os.fspath(address)
    if _IN_BUCKET.match(text):
        # What asks AWS is imported by whoever has a bucket, and by nobody else.
        from toolkit.store.bucket import Bucket  # noqa: PLC0415

        return Bucket(text, profile=profile, kms_key=kms_key)
    if _ELSEWHERE.match(text):
        raise StoreError(
            f"'{printable(text)}' is no store of snapshots.",
            "Name a folder, or a bucket as s3://bucket/prefix.",
        )
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
    if _IN_BUCKET.match(address) or _ELSEWHERE.match(address):
        return address
    return os.path.abspath(os.path.expanduser(address))  # noqa: PTH100, PTH111 - a Path keeps ..
