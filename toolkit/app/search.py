"""The one search: which accounts some words mean, by name, ids, e-mail or organizational unit."""

import re
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Places: TypeAlias = npt.NDArray[np.intp]

_IDS: Final = ("account_id", "govcloud_account_id")
_TEXTS: Final = ("name", "email", "ou_path")

_GROUPED: Final = re.compile(r"(?<!\d)([0-9]{4})[-\s]([0-9]{4})[-\s]([0-9]{4})(?!\d)")
"""An id as the console shows it, 1111-2222-3333, or with blanks."""
_SEPARATORS: Final = re.compile(r"[\s,;]+")
_DASHED: Final = re.compile(r"[0-9][0-9-]*[0-9]")
_ID: Final = re.compile(r"[0-9]{12}")
_EMAIL: Final = re.compile(r"[^@]+@[^@]+")


def words_of(text: str) -> list[str]:
    """Return what is searched for, each word once; an id is one word however it is grouped."""
    parts = _SEPARATORS.split(_GROUPED.sub(r"\1\2\3", text))
    return list(dict.fromkeys(part for part in parts if part))


def matches(pairs: pd.DataFrame, text: str) -> pd.Series:
    """Say which rows of PAIRS or LEFT_BEHIND a text means; all of them where it has no word.

    Every word must be somewhere in a row: in its name, e-mail, unit, or in one of its two ids,
    whatever its case. A list of whole ids or e-mail addresses means each of those accounts.
    """
    words = words_of(text)
    ids = [word for word in map(_undashed, words) if _ID.fullmatch(word)]
    emails = [word for word in words if _EMAIL.fullmatch(word)]
    if len(words) > 1 and len(ids) + len(emails) == len(words):
        found = _have(pairs, ids)
        for email in emails if "email" in pairs else ():
            found |= _contain(pairs["email"], email)
        return found
    there = np.arange(len(pairs))
    for word in words:
        # What one word rules out, the next need not look at.
        there = there[_mention(pairs, there, word)]
    found = pd.Series(data=False, index=pairs.index)
    found.iloc[there] = True
    return found


def _mention(pairs: pd.DataFrame, places: Places, word: str) -> npt.NDArray[np.bool_]:
    """Say which of the rows at these places have a word somewhere."""
    part = _undashed(word)
    found = np.zeros(len(places), dtype=bool)
    wanted = {
        **dict.fromkeys(_TEXTS, word),
        **dict.fromkeys(_IDS if part.isdecimal() else (), part),
    }
    for name, text in wanted.items():
        rest = np.flatnonzero(~found)
        if name in pairs and len(rest):
            values = pairs[name] if len(rest) == len(pairs) else pairs[name].take(places[rest])
            found[rest] = _contain(values, text)
    return found


def _have(pairs: pd.DataFrame, ids: list[str]) -> pd.Series:
    found = pd.Series(data=False, index=pairs.index)
    for name in pairs.columns.intersection([*_IDS]):
        found |= pairs[name].isin(ids)
    return found


def _contain(values: pd.Series, text: str) -> pd.Series:
    found: pd.Series = values.str.contains(text, case=False, regex=False, na=False)
    return found


def _undashed(word: str) -> str:
    """Return a part of an id without its dashes, and any other word as it is."""
    return word.replace("-", "") if _DASHED.fullmatch(word) else word
