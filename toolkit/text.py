"""Text for people: names from outside made printable, addresses without secrets, times spelled."""

import re
from collections.abc import Iterable
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
