"""How wide and how high text comes out: slides are laid out without a font at hand."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from toolkit.text import distinct, printable, shorten_middle

# Advance widths of Arial, and of Liberation Sans which is as wide, in thousandths of the size;
# other sans-serif fonts are within a few per cent, and every caller leaves that much room.
_REGULAR: Final = {
    "'": 191,
    "ijl": 222,
    " !,./:;I[\\]ft·|": 278,
    '()-`r"{}': 340,
    "*°^": 400,
    "Jcksvxyz↓": 500,
    "#$0123456789?L_abdeghnopqu–≤": 556,
    "+<=>~−": 584,
    "FTZ■●": 611,
    "&ABEKPSVXY": 667,
    "CDHNRUw": 722,
    "GOQ": 778,
    "Mm": 833,
    "%": 889,
    "W": 944,
    "@◆▲→…": 1015,
}
_BOLD: Final = {
    "'": 238,
    " ,./I\\ijl·|": 278,
    "!()-:;[]`ft": 333,
    '*r{}°^"': 400,
    "z↓": 500,
    "#$0123456789J_aceksvxy–≤": 556,
    "+<=>~−": 584,
    "?FLTZbdghnopqu■●": 611,
    "EPSVXY": 667,
    "&ABCDHKNRU": 722,
    "GOQw": 778,
    "M": 833,
    "%m": 889,
    "W@": 975,
    "◆▲→…": 1000,
}
_WIDTHS: Final = tuple(
    {character: width for group, width in classes.items() for character in group}
    for classes in (_REGULAR, _BOLD)
)
_OTHERS: Final = (667, 722)
"""What any other character is taken for: few letters of the scripts of Europe are wider."""

_FULL: Final = 1000
_EMOJI: Final = 1300
_UNIT: Final = re.compile(
    r"([\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
    r"\uffe0-\uffe6\U0001f000-\U0001faff\U00020000-\U0003fffd])"
)
"""A character before and after which a line may break, as in Chinese, Japanese and Korean."""

_TALL: Final = re.compile(r"[\u0590-\u1dff\u2e80-\ufffc\U00010000-\U0010ffff]")
"""Characters that Arial has not: the fonts that stand in for it have higher lines."""

_HEIGHT: Final = 1.2
_TALLER: Final = 1.5
_THINNEST: Final = 0.01
"""What is left of a box in inches where a template leaves none: every text is too wide for it."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of text in inches, at a size in points."""
    return _thousandths(text, bold) / 1000 * size / 72


@lru_cache(maxsize=20_000)
def _thousandths(text: str, bold: bool) -> int:  # noqa: FBT001 - private to this file
    widths = _WIDTHS[bold]
    return sum(widths.get(c) or _unlisted(c, bold) for c in text)


@lru_cache(maxsize=5_000)
def _unlisted(character: str, bold: bool) -> int:  # noqa: FBT001 - private to this file
    if unicodedata.east_asian_width(character) in "WF":
        return _EMOJI if unicodedata.category(character) == "So" else _FULL
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    plain = unicodedata.normalize("NFD", character)[0]
    known = _WIDTHS[bold].get(plain)
    return known or (_FULL if unicodedata.category(character) == "So" else _OTHERS[bold])


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text on one line of at most `width` inches, its middle left out."""
    return shorten_middle(text, width, width=lambda line: text_width(line, size, bold=bold))


def shortened_path(path: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return an organizational unit's path on one line; what is left out is in its middle.

    Its end tells units apart best, so twice as much is kept of it as of its beginning.
    """
    return shorten_middle(
        path, width, width=lambda line: text_width(line, size, bold=bold), head=1 / 3
    )


def shortened_apart(
    names: Sequence[str], width: float, size: float, *, lines: int = 1, bold: bool = False
) -> list[str]:
    """Return names in so many lines of at most `width` inches; different ones stay different."""
    if lines == 1:
        return distinct(names, width, width=lambda line: text_width(line, size, bold=bold))
    return distinct(
        names, lines, width=lambda line: float(lines_needed(line, width, size, bold=bold))
    )


def lines_needed(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines of `width` inches the text takes.

    It is broken between words and beside full-width characters; a word wider than a line, anywhere.
    """
    room = max(width, _THINNEST) * 72_000 / size
    if _thousandths(text, bold) <= room:
        return 1
    space = _thousandths(" ", bold)
    lines, taken = 1, 0
    for word in text.split():
        gap = space if taken else 0
        for unit in filter(None, _UNIT.split(word)):
            length = _thousandths(unit, bold)
            if taken and taken + gap + length > room:
                lines, taken, gap = lines + 1, 0, 0
            taken += gap
            gap = 0
            if length <= room:
                taken += length
                continue
            for character in unit:
                step = _thousandths(character, bold)
                if taken and taken + step > room:
                    lines, taken = lines + 1, 0
                taken += step
    return lines


def height_needed(text: str, width: float, size: float, *, bold: bool = False) -> float:
    """Return how high a text is in inches, in lines of `width` inches, at a size in points."""
    return lines_needed(text, width, size, bold=bold) * line_height(size, text)


def fitted(
    text: str, width: float, height: float, sizes: Iterable[float], *, bold: bool = False
) -> tuple[str, float]:
    """Return the text and the first of the sizes at which it fits a box of inches.

    Where none does, its middle is left out at the last size.
    """
    text = printable(text)
    size = 0.0
    for size in sizes:
        if height_needed(text, width, size, bold=bold) <= height:
            return text, size
    lines = max(1, int(height / line_height(size, text)))
    return shortened_apart([text], width, size, lines=lines, bold=bold)[0], size


def line_height(size: float, text: str = "") -> float:
    """Return the height of a line of the text in inches, at a size in points."""
    return size * (_TALLER if _TALL.search(text) else _HEIGHT) / 72
