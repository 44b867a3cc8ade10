"""Writing into a policy file: nobody's edit, comment or line end is lost, and no half is written.

A change is made to the text, in the lines that it is of; all others stay as they are. It is read
back before it takes the place of the file, in one step, and whoever writes so waits for the other.
"""

import codecs
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import tomlkit
from filelock import FileLock, Timeout

from toolkit.errors import InputError, StoreError
from toolkit.fetch.inputs import check_account_ids
from toolkit.store.folder import put
from toolkit.text import printable
from toolkit.verdicts.policy import Policy
from toolkit.verdicts.policy_file.accepted import ACCEPTED, acceptances_in
from toolkit.verdicts.policy_file.lines import Statement, line_of, lines_of, statements
from toolkit.verdicts.policy_file.reading import parsed, read_policy, text_of

_PATIENCE: Final = 60.0
"""Seconds that a writer waits for another one, which writes a small file."""

_TRIES: Final = 10
"""How often a change is made anew where somebody else changed the file meanwhile."""

_KEYS: Final = ("accounts", "standard", "govcloud", "reason", "owner", "until")
"""What an acceptance to write has, in the order of a file."""


@dataclass(frozen=True)
class Entry:
    """An acceptance to write: of accounts by id, in two states, why, by whom and until when.

    `names` are what some of the accounts are called, which then stands beside them as a comment.
    """

    accounts: Sequence[str]
    standard: str
    govcloud: str
    reason: str
    owner: str
    until: date
    names: Mapping[str, str] | None = None

    def lines(self) -> list[str]:
        """Return it as the lines of a file."""
        return [
            f"[[{ACCEPTED}]]",
            *self._accounts(),
            f"standard = {_toml(self.standard)}",
            f"govcloud = {_toml(self.govcloud)}",
            f"reason = {_toml(self.reason.strip())}",
            f"owner = {_toml(self.owner.strip())}",
            f"until = {self.until}",
        ]

    def _accounts(self) -> list[str]:
        ids = check_account_ids(self.accounts)
        if self.names is None:
            return [f"accounts = [{', '.join(map(_toml, ids))}]"]
        called = {one: printable(self.names.get(one) or "") for one in ids}
        rows = [f"  {_toml(one)},{f' # {name}' if name else ''}" for one, name in called.items()]
        return ["accounts = [", *rows, "]"]


def accept(  # noqa: PLR0917 - in the order in which a file has them
    path: str | os.PathLike[str],
    accounts: Sequence[str],
    standard: str,
    govcloud: str,
    reason: str,
    owner: str,
    until: date,
    *,
    today: date | None = None,
) -> Policy:
    """Append an acceptance to a policy file, and return the policy that it then is.

    Raises InputError where the file or what is to be added cannot be right (`today` is as in
    `load_policy`), StoreError where it cannot be written; the file then is as it was.
    """
    return append(
        path, [Entry(accounts, standard, govcloud, reason, owner, until)], today=today, make=False
    )


def take_back(
    path: str | os.PathLike[str],
    account_id: str,
    standard: str,
    govcloud: str,
    *,
    today: date | None = None,
) -> Policy:
    """Take an account out of the acceptances of its two states that name it by its id.

    An entry that names no other goes with it. Returns the policy that the file then is. Raises
    InputError where none names it so, as by its unit or its tags, StoreError where the file cannot
    be written; the file then is as it was.
    """
    name = Path(path).name

    def change(text: str, _: Policy) -> str:
        return _without(text, name, account_id, (standard, govcloud))

    return _edited(path, change, today, make=False)


def append(
    path: str | os.PathLike[str], entries: Sequence[Entry], *, today: date | None, make: bool
) -> Policy:
    """Append acceptances to a policy file as `accept` does; `make` it where there is none."""
    name, day = Path(path).name, today or datetime.now(UTC).date()

    def change(text: str, policy: Policy) -> str:
        told = [
            {key: getattr(entry, key) for key in _KEYS} | {"accounts": [*entry.accounts]}
            for entry in entries
        ]
        acceptances_in(told, policy.rules, lambda *_: "The acceptance", day)
        if ended := [entry.until for entry in entries if entry.until <= day]:
            raise InputError(
                f"The acceptance would end on {ended[0]}, which is not after today.",
                "Write a later day.",
            )
        listed = [one for one in statements(text) if one.kind == ACCEPTED and not one.entry]
        if listed:
            raise InputError(
                f"{name}, line {listed[0].begin + 1} has all acceptances in one list.",
                f"Write each as [[{ACCEPTED}]], then try again.",
            )
        return _with(text, entries)

    return _edited(path, change, day, make=make)


def _edited(
    path: str | os.PathLike[str],
    change: Callable[[str, Policy], str],
    today: date | None,
    *,
    make: bool,
) -> Policy:
    """Change the text of a policy file, and return the policy that it then is."""
    named = Path(path)
    file = Path(os.path.realpath(named))  # a link stays a link, to the same file
    _content(file, named, make=make)
    if not file.parent.is_dir():
        raise StoreError(f"There is no folder {printable(str(file.parent))}.", "Make it first.")
    with _locked(file, named):
        for _ in range(_TRIES):
            before = _content(file, named, make=make)
            mark = codecs.BOM_UTF8 if (before or b"").startswith(codecs.BOM_UTF8) else b""
            was = read_policy(before or b"", named, today=today)
            after = mark + change(text_of(before or b"", named.name), was).encode()
            policy = read_policy(after, named, today=today)
            if _replaced(file, named, before, after):
                return policy
    raise StoreError(
        f"{printable(str(named))} is changed all the time by another program.",
        "Close that one, then try again.",
    )


@contextmanager
def _locked(file: Path, named: Path) -> Iterator[None]:
    """Let no other writer of this toolkit in; who may write the file may take the lock, too."""
    mode = 0o644
    with suppress(OSError):
        mode = file.stat().st_mode & 0o666
    lock = FileLock(file.with_name(f".{file.name}.lock"), timeout=_PATIENCE, mode=mode)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"{printable(str(named))} has been held by another program for {_PATIENCE:.0f} s.",
            "Try again once that one is done.",
        ) from error
    except OSError as error:
        raise _refused(named, error) from error
    try:
        yield
    finally:
        lock.release()


def _content(file: Path, named: Path, *, make: bool) -> bytes | None:
    """Return what is in the file; None where there is none, and one may be made."""
    try:
        return file.read_bytes()
    except OSError as error:
        if make and isinstance(error, FileNotFoundError):
            return None
        raise InputError(
            f"{printable(str(named))} cannot be read: {error.strerror or error}.",
            "Name a policy file (TOML).",
        ) from error


def _replaced(file: Path, named: Path, before: bytes | None, after: bytes) -> bool:
    """Put the new content in place of the old, unless that is no longer what it was."""
    beside = file.with_name(f".{uuid4().hex[:16]}.new")
    try:
        with beside.open("xb") as written:
            written.write(after)
            written.flush()
            os.fsync(written.fileno())
        if before is not None:
            _like(file, beside)
        if _content(file, named, make=True) != before:
            return False
        put(beside, file)
    except OSError as error:
        raise _refused(named, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return True


def _like(file: Path, beside: Path) -> None:
    """Give what lies beside a file the same owner, where one may, and the same permissions."""
    if hasattr(os, "chown"):
        status = file.stat()
        with suppress(OSError):
            os.chown(beside, status.st_uid, status.st_gid)
    shutil.copymode(file, beside)


def _refused(named: Path, error: OSError) -> StoreError:
    return StoreError.refused(f"{printable(str(named))} cannot be written", error)


def _with(text: str, entries: Sequence[Entry]) -> str:
    """Return the text with entries behind it, a blank line before each."""
    end = _end(text)
    whole = text if not text or text.endswith("\n") else text + end
    for entry in entries:
        gap = "" if not whole or whole.endswith(f"\n{end}") else end
        whole += gap + "".join(f"{line}{end}" for line in entry.lines())
    return whole


def _without(text: str, name: str, account_id: str, states: tuple[str, str]) -> str:
    """Return the text without an account in the entries of these states that name it by id."""
    [account] = check_account_ids(account_id)
    told, there = parsed(text, name), statements(text)
    lines: list[str] = lines_of(text)
    kept, found, otherwise = [], False, 0
    for number, entry in enumerate(told.get(ACCEPTED, []), 1):
        of = [one for one in there if (one.kind, one.entry) == (ACCEPTED, number)]
        its = check_account_ids(entry.get("accounts", []))
        is_of_states = (entry["standard"], entry["govcloud"]) == states
        if not (is_of_states and account in its and of):
            if is_of_states and (account in its or not its):
                otherwise = otherwise or line_of(text, ACCEPTED, number)
            kept.append(entry)
            continue
        found = True
        if rest := [one for one in entry["accounts"] if check_account_ids(one) != [account]]:
            kept.append({**entry, "accounts": rest})
            _shorten(lines, of, account)
        else:
            _remove(lines, of)
    if not found:
        raise _not_found(name, account, states, otherwise)
    after = "".join(lines)
    others = {key: value for key, value in told.items() if key != ACCEPTED}
    if parsed(after, name) != {**others, **({ACCEPTED: kept} if kept else {})}:
        raise InputError(f"{account} cannot be taken out of {name} here.", "Edit the file.")
    return after


def _shorten(lines: list[str], entry: Sequence[Statement], account: str) -> None:
    """Take an account out of the list of an entry; the comment behind it goes with it."""
    statement = next(one for one in entry if one.key == "accounts")
    document = tomlkit.parse("".join(lines[statement.begin : statement.end]))
    listed: Any = document["accounts"]
    for place in reversed(range(len(listed))):
        if check_account_ids([listed[place]]) == [account]:
            del listed[place]
    _put_in(lines, statement, document.as_string())


def _remove(lines: list[str], entry: Sequence[Statement]) -> None:
    """Take an entry out, and a blank line before it where there is one behind it, too."""
    begin, end = entry[0].begin, entry[-1].end
    for statement in entry:
        _put_in(lines, statement, "")
    is_last = end == len(lines) or not lines[end].strip()
    if begin and is_last and not lines[begin - 1].strip():
        lines[begin - 1] = ""


def _put_in(lines: list[str], statement: Statement, text: str) -> None:
    """Put a text in the place of a statement; the numbers of the lines stay as they are."""
    for place in range(statement.begin, statement.end):
        lines[place] = ""
    lines[statement.begin] = text


def _not_found(name: str, account: str, states: tuple[str, str], line: int) -> InputError:
    said = f"{name} accepts {account} as {states[0]} with {states[1]} by no list of accounts"
    if line:
        return InputError(
            f"{said}, and may by its unit or its tags on line {line}.", "Edit the file."
        )
    return InputError(f"{said}.", "It may have been taken back already: look into the file.")


def _end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _toml(text: str) -> str:
    return tomlkit.item(text).as_string()
