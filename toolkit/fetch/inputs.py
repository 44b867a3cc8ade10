"""What an analyst gives in files: account ids, owners, and the profiles of many organizations."""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from toolkit.errors import InputError
from toolkit.text import printable

_ID: Final = re.compile(r"([0-9]{4})(-?)([0-9]{4})\2([0-9]{4})")
"""An id of 12 digits, also with the dashes that AWS's console shows."""

_COLUMNS: Final = ("account_id", "account id")
"""What the column of ids is called: by this toolkit, and in the file that AWS's console exports."""

_PROFILE_COLUMNS: Final = ("profile", "govcloud_profile", "role_arn")
_ROLE_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)

_LEADING_ZEROS: Final = "Ids have 12 digits; a spreadsheet may have dropped the leading zeros."


def read_account_ids(path: str | os.PathLike[str]) -> list[str]:
    """Return the account ids of a file, each once, in its order, without dashes.

    The file has one id a line, or is a CSV (comma, semicolon or tab) with a column account_id or,
    as AWS's console exports it, Account ID; it is in UTF-8, or in UTF-16 as Excel and PowerShell
    write it. Blank lines are left out, and in a file without columns what follows a #.
    Raises InputError, naming file, line and value, where one is not 12 digits.
    """
    name = Path(path).name
    found: dict[str, None] = {}
    for number, value in _values(_text(path), name):
        if (account_id := _plain(value)) is None:
            raise InputError(
                f"{name}, line {number}: '{_short(value)}' is not an account id.", _LEADING_ZEROS
            )
        found[account_id] = None
    if not found:
        raise InputError(f"{name} holds no account id.", "Give one id a line.")
    return list(found)


def owners_in(path: str | os.PathLike[str]) -> list[dict[str, str | None]]:
    """Return the rows of a list of owners: `account_id` or `ou_path`, and `owner`.

    The file is a CSV (comma, semicolon or tab) with a column `owner` and one or both of the others,
    encoded as one with account ids may be. Blank lines are left out. Raises InputError, naming
    file, line and value, where a row has no owner, names no account and no unit, or both.
    """
    name = Path(path).name
    lines = list(io.StringIO(_text(path), newline=""))
    begin = next((n for n, line in enumerate(lines) if line.strip()), 0)
    header = lines[begin] if lines else ""
    delimiter = max(",;\t", key=lambda mark: len(_heads(header, mark)))
    heads = _heads(header, delimiter)
    account = next((heads.index(one) for one in _COLUMNS if one in heads), None)
    unit = heads.index("ou_path") if "ou_path" in heads else None
    if "owner" not in heads or (account is None and unit is None):
        raise InputError(
            f"{name} has no columns of owners.",
            "Its first line names them: owner, and account_id or ou_path.",
        )
    found = []
    for number, row in _rows(lines, begin + 1, delimiter, name):
        owner, listed, within = (_cell(row, at) for at in (heads.index("owner"), account, unit))
        where = f"{name}, line {number}"
        if not owner:
            raise InputError(f"{where} has no owner.", "Write who answers for it.")
        if bool(listed) == bool(within):
            both = "an account and a unit" if listed else "neither an account nor a unit"
            raise InputError(f"{where} names {both}.", "Each row is of one of them.")
        account_id = _plain(listed) if listed else None
        if listed and account_id is None:
            raise InputError(f"{where}: '{_short(listed)}' is not an account id.", _LEADING_ZEROS)
        found.append({"account_id": account_id, "ou_path": within or None, "owner": owner})
    if not found:
        raise InputError(f"{name} names no owner.", "Give one account or unit a line.")
    return found


def profiles_in(path: str | os.PathLike[str]) -> list[dict[str, str]]:
    """Return the profiles of a file, in its order: `profile`, `govcloud_profile`, `role_arn`.

    What is not given is "". The file has one profile a line, or is a CSV (comma, semicolon or tab)
    whose first line names its columns, of which `profile` is one; it is encoded as one with account
    ids may be. Blank lines are left out, and what follows a # (in a CSV, lines that begin with
    one). Raises InputError, naming file, line and value, for a column that is none of these, a row
    without a profile or with more values than columns, what is no role, a profile and role that
    stand there twice, and a GovCloud profile that does.
    """
    name = Path(path).name
    lines = _text(path, "Name a file with one profile a line.").splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if line.partition("#")[0].strip()), len(lines))
    header = "".join(lines[begin : begin + 1])
    delimiter = max(",;\t", key=lambda mark: len(_heads(header, mark)))
    heads = _heads(header, delimiter)
    if "profile" in heads:
        if other := [head for head in heads if head and head not in _PROFILE_COLUMNS]:
            raise InputError(
                f"{name}, line {begin + 1}: '{_short(other[0])}' is no column of profiles.",
                f"There are {', '.join(_PROFILE_COLUMNS)}.",
            )
        # A line that is a comment stays one, so that lines are counted as they are in the file.
        plain = ["\n" if line.lstrip().startswith("#") else line for line in lines]
        rows = _rows(plain, begin + 1, delimiter, name)
    elif len(heads) > 1:
        raise InputError(
            f"{name} has several columns and none is called profile.",
            f"Its first line names them: {', '.join(_PROFILE_COLUMNS)}.",
        )
    else:
        heads = ["profile"]
        ids = ((n, line.partition("#")[0].strip()) for n, line in enumerate(lines, 1))
        rows = ((number, [value]) for number, value in ids if value)
    return _profiles(rows, heads, name)


def _profiles(
    rows: Iterable[tuple[int, list[str]]], heads: list[str], name: str
) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    lines: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        where = f"{name}, line {number}"
        if len(row) > len(heads):
            raise InputError(
                f"{where} has {len(row)} values, and there are {len(heads)} columns.",
                "Give each column one value.",
            )
        given = dict.fromkeys(_PROFILE_COLUMNS, "") | {
            head: _cell(row, place) for place, head in enumerate(heads) if head
        }
        profile, govcloud, role = given.values()
        if not profile:
            raise InputError(f"{where} names no profile.", "Name one from your AWS config files.")
        if role and not _ROLE_ARN.fullmatch(role):
            raise InputError(
                f"{where}: '{_short(role)}' is not the ARN of a role.",
                "Give one such as arn:aws:iam::123456789012:role/audit.",
            )
        before = lines.setdefault(("profile", profile, role), number)
        if before != number:
            raise InputError(
                f"{where}: '{_short(profile)}' stands on line {before} already.",
                "Each organization is collected once.",
            )
        before = lines.setdefault(("govcloud", govcloud), number) if govcloud else number
        if before != number:
            raise InputError(
                f"{where}: '{_short(govcloud)}' is the witness of line {before} already.",
                "One GovCloud organization cannot be the witness of several others.",
            )
        found.append(given)
    if not found:
        raise InputError(f"{name} names no profile.", "Give one profile a line.")
    return found


def check_account_ids(ids: Iterable[str]) -> list[str]:
    """Return the ids as a list, each once, without dashes.

    Raises InputError where one is not text of 12 digits.
    """
    if isinstance(ids, str):
        ids = [ids]
    checked: dict[str, None] = {}
    for number, value in enumerate(ids, 1):
        account_id = _plain(value) if isinstance(value, str) else None
        if account_id is None:
            raise InputError(
                f"Account id {number} of the list is {_short(repr(value))}, not text of 12 digits.",
                _LEADING_ZEROS,
            )
        checked[account_id] = None
    return list(checked)


def _plain(value: str) -> str | None:
    """Return an id without dashes; None where it is none."""
    found = _ID.fullmatch(value)
    return "".join(found.group(1, 3, 4)) if found else None


def _text(path: str | os.PathLike[str], otherwise: str = "Name a file with account ids.") -> str:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.", otherwise) from error
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            # Excel writes a plain CSV in the code page of its country. Ids are the same in all.
            text = content.decode("latin-1")
    if "\0" in text:
        raise InputError(
            f"{Path(path).name} is not a text file.",
            "Save it as CSV or as text with one id a line.",
        )
    return text


def _values(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Give every value that stands where an id should, with its line."""
    lines = list(io.StringIO(text, newline=""))
    begin = next((n for n, line in enumerate(lines) if line.partition("#")[0].strip()), 0)
    header = lines[begin] if lines else ""
    tables = {mark: _heads(header, mark) for mark in ",;\t"}
    for delimiter, heads in tables.items():
        if column := next((one for one in _COLUMNS if one in heads), None):
            yield from _column(lines, begin + 1, delimiter, heads.index(column), name)
            return
    if any(len([head for head in heads if head]) > 1 for heads in tables.values()):
        raise InputError(
            f"{name} has several columns and none is called account_id or Account ID.",
            "Call the one with the ids account_id.",
        )
    for number, line in enumerate(lines, 1):
        if value := line.partition("#")[0].strip().strip("\"' ,;"):
            yield number, value


def _heads(header: str, delimiter: str) -> list[str]:
    return [head.strip().lower() for head in next(csv.reader([header], delimiter=delimiter), [])]


def _column(
    lines: list[str], begin: int, delimiter: str, place: int, name: str
) -> Iterator[tuple[int, str]]:
    for number, row in _rows(lines, begin, delimiter, name):
        yield number, _cell(row, place)


def _rows(
    lines: list[str], begin: int, delimiter: str, name: str
) -> Iterator[tuple[int, list[str]]]:
    """Give every row that is not blank, with its line."""
    rows = csv.reader(lines[begin:], delimiter=delimiter)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield begin + rows.line_num, row
    except csv.Error as error:
        raise InputError(
            f"{name}, line {begin + rows.line_num}: this is no CSV ({error}).",
            "Save it as CSV again, or as text with one id a line.",
        ) from error


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _short(value: str) -> str:
    value = printable(value)
    return value if len(value) <= 40 else value[:40] + "…"  # noqa: PLR2004 - one line of a terminal
