"""Account ids that an analyst gives: from a file, a list or a column."""

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from toolkit.errors import InputError

_ID: Final = re.compile("[0-9]{12}")
_COLUMN: Final = "account_id"
_LEADING_ZEROS = "Ids have 12 digits; a spreadsheet may have dropped the leading zeros."


def read_account_ids(path: str | os.PathLike[str]) -> list[str]:
    """Return the account ids of a file, each once, in its order.

    The file has one id a line, or is a CSV (comma, semicolon or tab) with a column account_id.
    Blank lines and what follows a # are left out. Raises InputError, naming file, line and value,
    where one is not 12 digits.
    """
    name = Path(path).name
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.", "Name a file with account ids."
        ) from error
    except UnicodeDecodeError:
        raise InputError(
            f"{name} is not a text file.", "Save it as CSV or as text with one id a line."
        ) from None
    lines = [(n, line.partition("#")[0].strip()) for n, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line]
    if not lines:
        raise InputError(f"{name} holds no account id.", "Give one id a line.")
    found: dict[str, None] = {}
    for number, value in _values(lines, name):
        if not _ID.fullmatch(value):
            raise InputError(
                f"{name}, line {number}: '{_short(value)}' is not an account id.", _LEADING_ZEROS
            )
        found[value] = None
    if not found:
        raise InputError(f"{name} holds no account id.", "Give one id a line.")
    return list(found)


def check_account_ids(ids: Iterable[str]) -> list[str]:
    """Return the ids as a list, each once; raises InputError where one is not 12 digits of text."""
    if isinstance(ids, str):
        ids = [ids]
    checked: dict[str, None] = {}
    for number, value in enumerate(ids, 1):
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise InputError(
                f"Account id {number} of the list is {_short(repr(value))}, not text of 12 digits.",
                _LEADING_ZEROS,
            )
        checked[value] = None
    return list(checked)


def _values(lines: list[tuple[int, str]], name: str) -> list[tuple[int, str]]:
    header = lines[0][1]
    delimiter = next((mark for mark in ",;\t" if mark in header), ",")
    heads = [head.strip().lower() for head in next(csv.reader([header], delimiter=delimiter))]
    if _COLUMN in heads:
        place = heads.index(_COLUMN)
        rows = ((n, next(csv.reader([line], delimiter=delimiter))) for n, line in lines[1:])
        return [(n, row[place].strip() if place < len(row) else "") for n, row in rows]
    if len(heads) > 1:
        raise InputError(
            f"{name} has several columns and none is called {_COLUMN}.",
            f"Call the one with the ids {_COLUMN}.",
        )
    return [(number, line.strip("\"' ,;")) for number, line in lines]


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"  # noqa: PLR2004 - one line of a terminal
