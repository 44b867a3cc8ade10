"""Files that leave the toolkit: where they may go, and how they get there whole."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from toolkit.errors import InputError, StoreError
from toolkit.text import printable


def destination(path: str | os.PathLike[str], suffixes: Sequence[str], what: str) -> Path:
    """Return the path once it is known to be writable as `what` ("a deck").

    Raises InputError where it does not end in one of the suffixes, StoreError where its folder is
    missing or may not be written to.
    """
    if not isinstance(path, str | os.PathLike):
        raise InputError(
            f"{printable(str(path))[:80]} is no path for {what}.",
            f"Let it end in {' or '.join(suffixes)}.",
        )
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise InputError(
            f"{printable(target.name) or 'The path'} is no name for {what}.",
            f"Let it end in {' or '.join(suffixes)}.",
        )
    if target.is_dir():
        raise StoreError(f"{target} is a folder.", "Name a file in it.")
    if not target.parent.is_dir():
        raise StoreError(f"There is no folder {target.parent}.", "Make it first, or name another.")
    if not os.access(target.parent, os.W_OK):
        raise StoreError(f"{target.parent} may not be written to.", "Name a folder of your own.")
    return target


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a path beside the target to write to, and rename it once it is whole.

    What stood at the target stays until then, and stays for good where the writing fails.
    Raises StoreError where the disk refuses.
    """
    # A name for this writer alone: two threads may write one file at once.
    beside = target.with_name(f".{target.stem[:60]}.{uuid4().hex}{target.suffix}")
    try:
        yield beside
        beside.replace(target)
    except OSError as error:
        raise StoreError(
            f"{target} could not be written: {error.strerror or error}.",
            "Close it where it is open, free some space, or name another file.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
