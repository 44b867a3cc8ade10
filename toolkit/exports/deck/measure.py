"""How wide text comes out, estimated: slides are laid out without a font at hand."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from toolkit.text import printable

# Advance widths of Arial in thousandths of the size; other sans-serif fonts are within a few per
# cent, and every caller leaves that much room.
_CLASSES: Final = {
    "ijl'|": 222,
    "ftI.,:;/\\ !": 278,
    'r()[]-"`': 355,
    "kszvxyJc": 500,
    "abdeghnopqu0123456789_?$#L+=<>~": 575,
    "FTZ": 611,
    "ABEKPSVXY&": 667,
    "CDHNRUw": 722,
    "GOQ": 778,
    "mM%": 860,
    "W@→◆▲■●": 1000,
}
_WIDTHS: Final = {character: width for group, width in _CLASSES.items() for character in group}
_BOLD: Final = 1.07
_ELLIPSIS: Final = "…"
_THINNEST: Final = 0.01
"""What is left of a box in inches where a template leaves none: every text is too wide for it."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line of text in inches, at a size in points."""
    thousandths = sum(_character(character) for character in text)
    return thousandths / 1000 * size / 72 * (_BOLD if bold else 1)


def _character(character: str) -> int:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 0 if unicodedata.combining(character) else 620


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text on one line of at most `width` inches, its end cut off by an ellipsis."""
    text = printable(text)
    if text_width(text, size, bold=bold) <= width:
        return text
    room = width - text_width(_ELLIPSIS, size, bold=bold)
    taken = 0.0
    for index, character in enumerate(text):
        taken += text_width(character, size, bold=bold)
        if taken > room:
            return text[:index].rstrip() + _ELLIPSIS
    return text


def shortened_path(path: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return an organizational unit's path on one line; what is left out is in its middle.

    Its end tells units apart best, so twice as much is kept of it as of its beginning.
    """
    path = printable(path)
    if text_width(path, size, bold=bold) <= width:
        return path
    for kept in range(len(path) - 1, 2, -1):
        head = kept // 3
        candidate = f"{path[:head].rstrip()}{_ELLIPSIS}{path[head - kept :].lstrip()}"
        if text_width(candidate, size, bold=bold) <= width:
            return candidate
    return _ELLIPSIS


def lines_needed(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines of `width` inches the text takes, broken between words."""
    width = max(width, _THINNEST)
    lines, taken = 1, 0.0
    space = text_width(" ", size, bold=bold)
    for word in text.split():
        length = text_width(word, size, bold=bold)
        if taken and taken + space + length > width:
            lines, taken = lines + 1, 0.0
        taken += length + (space if taken else 0)
        # A word wider than the line is broken wherever the line ends.
        lines += int(taken // width) if taken > width else 0
        taken = taken % width if taken > width else taken
    return lines


def fitted(
    text: str, width: float, height: float, sizes: Iterable[float], *, bold: bool = False
) -> tuple[str, float]:
    """Return the text and the first of the sizes at which it fits a box of inches.

    Where none does, the text is cut at the last size.
    """
    text = printable(text)
    size = 0.0
    for size in sizes:
        if lines_needed(text, width, size, bold=bold) * line_height(size) <= height:
            return text, size
    lines = max(1, int(height / line_height(size)))
    while lines_needed(text, width, size, bold=bold) > lines and text != _ELLIPSIS:
        # One character and the ellipsis less at least: a short text would stay as long as it is.
        kept = min(int(len(text) * 0.95), len(text) - 2)
        text = text[:kept].rstrip(f" {_ELLIPSIS}") + _ELLIPSIS
    return text, size


def line_height(size: float) -> float:
    """Return the height of a line in inches, at a size in points."""
    return size * 1.2 / 72
