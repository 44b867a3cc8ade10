"""Text for people: names from outside made printable, addresses without secrets, times spelled."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import pandas as pd

# XML 1.0 and UTF-8 refuse some of these outright; the rest are invisible or, as the marks that
# turn writing direction round, make a name read as something that it is not.
_BREAKS: Final = r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+"
_UNPRINTABLE: Final = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SURROGATES: Final = r"[\ud800-\udfff]"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_OTHER_HOST: Final = (
    r"(https?://)(?!127\.0\.0\.1|localhost|\[::1\])"
    r"(?![\w.-]+\.(?:amazonaws\.com|api\.aws)\b)[^\s/:]+"
)
_NAMING: Final = (
    (r"arn:[^\s\"'<>()]+[^\s\"'<>().,;:]", "<arn>"),
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "<e-mail>"),
    (r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b", "<key>"),
    (r"\b(o|ou|r|link|car)-[a-z0-9]{4,32}(?:-[a-z0-9]{8,32})?\b", r"<\1>"),
    (r"(?<!\d)\d{12}(?!\d)", "<account>"),
    (r"(?i)\b(profile) '[^']*'", r"\1 <profile>"),
    (r"(?i)([/\\](?:home|users)[/\\])[^/\\\s]+", r"\1<user>"),
    (_OTHER_HOST, r"\1<host>"),
)
_FEW: Final = 10
"""Seconds that are written with one decimal."""
_ELLIPSIS: Final = "…"
_HEADS: Final = (0.5, 0.2, 0.8)
"""The shares of a shortened name that stand before the ellipsis, in the order they are tried."""

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character was that no file may hold."""


def printable(text: str) -> str:
    """Return untrusted text on one line, each control character shown as a replacement mark."""
    if text.isascii() and text.isprintable():
        return text  # as nearly every one is, and is told at once
    text = without_surrogates(text)
    return re.sub(_UNPRINTABLE, REPLACEMENT, re.sub(_BREAKS, " ", text))


def without_surrogates(text: str) -> str:
    """Return text that UTF-8 can hold: each half of a pair that has no other is replaced."""
    return re.sub(_SURROGATES, REPLACEMENT, text)


def shorten_middle(
    text: str, most: float = 48, *, width: Callable[[str], float] = len, head: float = 0.5
) -> str:
    """Return a name on one line, its middle left out where it is longer than `most`.

    `width` says how long a text is, in characters unless told otherwise; `head` is the share of
    what is kept that stands before the ellipsis.
    """
    line = _on_one_line(text)
    if width(line) <= most:
        return line
    return _longest(len(line), most, width, lambda kept: _without_middle(line, kept, head))


def distinct(
    names: Sequence[str], most: float = 48, *, width: Callable[[str], float] = len
) -> list[str]:
    """Return names on one line each, as `shorten_middle` would; different ones stay different.

    Where the middle tells them apart, it is shown, and where nothing does, they are numbered.
    """
    lines = [_on_one_line(name) for name in names]
    chosen = {line: line for line in lines if width(line) <= most}
    alike = [[line for line in dict.fromkeys(lines) if line not in chosen]]
    taken = set(chosen)

    def keep(line: str, text: str) -> None:
        chosen[line] = text
        taken.add(text)

    for head in (*_HEADS, None):
        groups, alike = alike, []
        for group in groups:
            same: dict[str, list[str]] = {}
            for line in group:
                same.setdefault(_way(line, group, most, width, head), []).append(line)
            for text, those in same.items():
                if len(those) == 1 and text not in taken:
                    keep(those[0], text)
                else:
                    alike.append(those)
    for group in alike:
        number = 0
        for line in group:
            text = ""
            while not text or text in taken:
                number += 1
                mark = f" ({number})"
                text = shorten_middle(line, most - width(mark), width=width) + mark
            keep(line, text)
    return [chosen[line] for line in lines]


def _way(
    line: str,
    group: Sequence[str],
    most: float,
    width: Callable[[str], float],
    head: float | None,
) -> str:
    """Shorten a line of several that looked alike; without a head, show where they differ."""
    if head is not None:
        return shorten_middle(line, most, width=width, head=head)
    first = next(
        place
        for place in range(len(line) + 1)
        if len({other[place : place + 1] for other in group}) > 1
    )
    start = max(0, first - 2)

    def shown(kept: int) -> str:
        begin = kept // 4
        window = line[start : start + kept - begin]
        after = _ELLIPSIS if start + kept - begin < len(line) else ""
        return f"{line[:begin].rstrip()}{_ELLIPSIS}{_whole(window)}{after}"

    return _longest(len(line), most, width, shown)


def _without_middle(line: str, kept: int, head: float) -> str:
    before = round(kept * head)
    tail = line[before - kept :] if before < kept else ""
    begin = line[:before]
    # A letter and its accents stand or go together.
    while begin and unicodedata.combining(line[len(begin)]):
        begin = begin[:-1]
    return f"{begin.rstrip()}{_ELLIPSIS}{_whole(tail).lstrip()}"


def _whole(text: str) -> str:
    """Return text without the accents before its first letter: they are another letter's."""
    while text and unicodedata.combining(text[0]):
        text = text[1:]
    return text


def _longest(
    length: int, most: float, width: Callable[[str], float], shown: Callable[[int], str]
) -> str:
    """Return what is shown of the most characters that are not too wide; at least the ellipsis."""
    low, high = 0, length
    while high - low > 1:
        kept = (low + high) // 2
        low, high = (kept, high) if width(shown(kept)) <= most else (low, kept)
    return shown(low) if low else _ELLIPSIS


def _on_one_line(text: str) -> str:
    return " ".join(printable(text).split())


def as_text(values: pd.Series) -> pd.Series:
    """Return values of any kind as a text column; missing stays missing.

    Half a character, as broken JSON may bring it, is shown as a replacement mark: no column of
    text can hold it.
    """
    try:
        return values.astype("str")
    except UnicodeEncodeError:
        whole = values.map(lambda value: without_surrogates(str(value)), "ignore")
        return whole.astype("str")


def printable_series(values: pd.Series) -> pd.Series:
    """Return a text column as `printable` would each value; missing stays missing."""
    suspicious = values.str.contains(f"{_BREAKS}|{_UNPRINTABLE}", na=False)
    if not suspicious.any():
        return values
    return values.where(~suspicious, values[suspicious].map(printable))


def duration(seconds: float) -> str:
    """Say a length of time as people do: 0.7 s, 45 s, 3 min 20 s, 2 h 5 min."""
    if 0 < (tenths := round(seconds, 1)) < _FEW:
        return f"{tenths:g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {left} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def is_local(url: str | None) -> bool:
    """Say whether a URL leads to this machine, where the emulator answers and not AWS."""
    try:
        return urlsplit(url or "").hostname in _LOOPBACK
    except ValueError:  # no URL, and so the address of nothing
        return False


def bare_url(url: str) -> str:
    """Return a URL without user name, password, query and fragment, any of which may be secret."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """Return text without what names an account, an identity, an organization or a network.

    `names` are others that it must not have, such as those of profiles.
    """
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(f"'{name}'", "<name>")
    for pattern, word in _NAMING:
        text = re.sub(pattern, word, text)
    return text
