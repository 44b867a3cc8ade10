"""Text that comes from outside: names made printable, and whether an address is this machine's."""

import re
from typing import Final
from urllib.parse import urlsplit

import pandas as pd

# XML 1.0 and UTF-8 refuse some of these outright; the rest are invisible or, as the marks that
# turn writing direction round, make a name read as something that it is not.
_BREAKS: Final = r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+"
_UNPRINTABLE: Final = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SURROGATES: Final = r"[\ud800-\udfff]"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character was that no file may hold."""


def printable(text: str) -> str:
    """Return untrusted text on one line, each control character shown as a replacement mark."""
    text = re.sub(_SURROGATES, REPLACEMENT, text)
    return re.sub(_UNPRINTABLE, REPLACEMENT, re.sub(_BREAKS, " ", text))


def as_text(values: pd.Series) -> pd.Series:
    """Return values of any kind as a text column; missing stays missing.

    Half a character, as broken JSON may bring it, is shown as a replacement mark: no column of
    text can hold it.
    """
    try:
        return values.astype("str")
    except UnicodeEncodeError:
        whole = values.map(lambda value: re.sub(_SURROGATES, REPLACEMENT, str(value)), "ignore")
        return whole.astype("str")


def printable_series(values: pd.Series) -> pd.Series:
    """Return a text column as `printable` would each value; missing stays missing."""
    suspicious = values.str.contains(f"{_BREAKS}|{_UNPRINTABLE}", na=False)
    if not suspicious.any():
        return values
    return values.where(~suspicious, values[suspicious].map(printable))


def is_local(url: str | None) -> bool:
    """Say whether a URL leads to this machine, where the emulator answers and not AWS."""
    return urlsplit(url or "").hostname in _LOOPBACK
