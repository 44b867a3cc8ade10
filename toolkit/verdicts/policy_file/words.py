"""What every entry of a policy file is checked for: its keys, its words, its sentences."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from toolkit.errors import InputError
from toolkit.text import printable

Place: TypeAlias = Callable[..., str]
"""Says of a kind, the number of an entry and a key where they stand: file, line, entry."""

At: TypeAlias = Callable[..., str]
"""The same for one entry: it takes a key, or nothing for the entry itself."""

TOP: Final = ("owner_tag", "owners", "notify_owners")
"""What stands at the top of a file, before its lists."""


def listed(kind: str, entries: Any, place: Place, what: str) -> Iterator[tuple[At, dict[str, Any]]]:
    """Give the entries of a list of a file, each with where it stands."""
    if not isinstance(entries, list):
        raise InputError(f"{place(kind)}: {kind} is no list of {what}s.", f"Write [[{kind}]].")
    for number, entry in enumerate(entries, 1):
        at = partial(place, kind, number)
        if not isinstance(entry, dict):
            raise InputError(f"{at()} is no {what}.", f"Write [[{kind}]].")
        yield at, entry


def check_keys(
    entry: Mapping[str, Any], at: At, needed: Sequence[str], may: Sequence[str], what: str
) -> None:
    """Raise InputError where an entry has a key that none has, or lacks one that every one has."""
    for name in entry:
        if name not in (*needed, *may):
            raise InputError(
                f"{at(name)} has '{printable(name)}', which no {what} has.",
                f"Write {name} at the top of the file, before the first [[...]]."
                if name in TOP
                else f"It may have {', '.join((*needed, *may))}.",
            )
    for name in needed:
        if name not in entry:
            raise InputError(f"{at()} has no {name}.", f"Every {what} needs {joined(needed)}.")


def check_word(value: Any, at: At, name: str, words: Iterable[str]) -> None:
    """Raise InputError where a value is none of the words that it may be."""
    known = [str(word) for word in words]
    if value not in known:
        raise InputError(
            f"{at(name)} has {name} = {shown(value)}.", f"It is one of {', '.join(known)}."
        )


def check_text(value: Any, at: At, name: str, hint: str) -> None:
    """Raise InputError where a value is no text, or an empty one."""
    if not (isinstance(value, str) and value.strip()):
        raise InputError(f"{at(name)} has no text as its {name}.", hint)


def shown(value: Any) -> str:
    """Return a value of a file as a sentence shows it."""
    said = printable(repr(value))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def joined(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


_LONGEST: Final = 60
"""How much of a value a sentence shows."""
