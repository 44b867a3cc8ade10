"""Files that leave the toolkit: where they may go, and text that may stand in them."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pandas as pd

from toolkit.errors import InputError, StoreError

# XML 1.0 and UTF-8 refuse some of these outright; the rest are invisible or, as the marks that
# turn writing direction round, make a name read as something that it is not.
_BREAKS: Final = r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+"
_UNPRINTABLE: Final = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SURROGATES: Final = r"[\ud800-\udfff]"
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character was that no file may hold."""


def printable(text: str) -> str:
    """Return untrusted text on one line, each control character shown as a replacement mark."""
    text = re.sub(_SURROGATES, REPLACEMENT, text)
    return re.sub(_UNPRINTABLE, REPLACEMENT, re.sub(_BREAKS, " ", text))


def printable_series(values: pd.Series) -> pd.Series:
    """Return a text column as `printable` would each value; missing stays missing."""
    suspicious = values.str.contains(f"{_BREAKS}|{_UNPRINTABLE}", na=False)
    if not suspicious.any():
        return values
    return values.where(~suspicious, values[suspicious].map(printable))


def destination(path: str | os.PathLike[str], suffixes: Sequence[str], what: str) -> Path:
    """Return the path once it is known to be writable as `what` ("a deck").

    Raises InputError where it does not end in one of the suffixes, StoreError where its folder is
    missing or may not be written to.
    """
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
    beside = target.with_name(f".{target.stem[:80]}.{os.getpid()}{target.suffix}")
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
