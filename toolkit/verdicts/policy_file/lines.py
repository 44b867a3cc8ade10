"""Where in a policy file each thing stands: tomllib reads values, and tells no lines."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any, Final

_CLOSING: Final = re.compile(r"""[]}]|\"{3}|'{3}""")
"""What the last line of a value has that takes several lines."""


@dataclass(frozen=True)
class Statement:
    """A header, or a key with its value, and the lines that it takes.

    `begin` is its first line and `end` the one behind it, both counted from 0. `kind` is the list,
    table or key of the file that it is in, `entry` which of a list's it is, from 1 (0 where there
    is no [[list]]), and `key` what it sets there ("" for the header itself).
    """

    begin: int
    end: int
    kind: str
    entry: int = 0
    key: str = ""


def lines_of(text: str) -> list[str]:
    """Return the lines of a TOML file, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def statements(text: str) -> list[Statement]:
    """Return the statements of a text that is TOML, in their order.

    A statement is the fewest lines that are TOML by themselves: until its value is closed, none of
    a string or an array is. So what looks like a header within one is none.
    """
    found: list[Statement] = []
    entries: dict[str, int] = {}
    within: tuple[str, int, str] | None = None
    lines, begin = lines_of(text), 0
    for end in range(1, len(lines) + 1):
        if end > begin + 1 and not _CLOSING.search(lines[end - 1]):
            continue  # what is open here stays so
        content = _read("".join(lines[begin:end]))
        if content is None:
            continue
        for name, value in content.items():
            if lines[begin].lstrip().startswith("["):
                if isinstance(value, list):
                    entries[name] = entries.get(name, 0) + 1
                within = (name, entries.get(name, 0), _below(value))
                found.append(Statement(begin, end, *within))
            elif within is None:
                found.append(Statement(begin, end, name))
            else:
                kind, entry, key = within
                found.append(Statement(begin, end, kind, entry, key or name))
        begin = end
    return found


def line_of(text: str, kind: str, entry: int = 0, key: str = "") -> int:
    """Return the line, from 1, on which something stands; of what is not there, what it is in."""
    there = statements(text)
    for wanted in ((kind, entry, key), (kind, entry, ""), (kind, 0, "")):
        for one in there:
            if (one.kind, one.entry, one.key) == wanted:
                return one.begin + 1
    return 1


def _read(chunk: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(chunk)
    except tomllib.TOMLDecodeError:
        return None


def _below(value: Any) -> str:
    """Return the key of a table in an entry, as in [accepted.tags]; "" for the entry itself."""
    return next(iter(value), "") if isinstance(value, dict) else ""
