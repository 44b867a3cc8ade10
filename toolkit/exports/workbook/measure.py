"""How high rows must be: wrapped text is measured, as no program that opens a sheet does it alike.

Widths are those of Arial, estimated and rather too wide: a line too much costs less than one cut.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from toolkit.exports.workbook.looks import SIZE

LINE: Final = 12.75
"""The height of a line in points."""
_ROOM: Final = 2.25
"""And what stays free above and below."""
_HIGHEST: Final = 409.0
"""The highest row that Excel knows."""
_PIXELS: Final = 7
"""How many pixels a unit of a column's width has."""
_INSET: Final = 5
"""And how many of them stay free."""
_EM: Final = SIZE / 72 * 96
"""How many pixels the font's size has."""
_CLASSES: Final[Mapping[str, float]] = {
    "ijl'|": 0.222,
    "ftI.,:;/\\ ![]": 0.278,
    'r()-`"*': 0.355,
    "kszvxyJc": 0.5,
    "TFZL": 0.611,
    "ABEKPSVXY&": 0.667,
    "CDHNRUw": 0.722,
    "GOQ": 0.778,
    "mM%": 0.889,
    "W@": 1.015,
}
_WIDTHS: Final = {character: width for group, width in _CLASSES.items() for character in group}
_ASCII: Final = bytes(round(100 * _WIDTHS.get(chr(code), 0.58)) for code in range(256))
"""The width of each ASCII character in hundredths of the font's size."""
_FIRST_WIDE: Final = 0x1100
"""Where the characters begin that may be as wide as they are high."""


def text_width(text: str) -> float:
    """Return how wide a line of text is, in sizes of its font."""
    if text.isascii():
        return sum(text.encode("ascii").translate(_ASCII)) / 100
    return sum(_WIDTHS.get(one, 0.62 if ord(one) < _FIRST_WIDE else 1.0) for one in text)


def room(width: float) -> float:
    """Return how much text a column has room for, in sizes of its font."""
    return (width * _PIXELS - _INSET) / _EM


@lru_cache(maxsize=5_000)
def lines(text: str, width: float) -> int:
    """Return over how many lines a text is wrapped in a column of that width."""
    space = room(width)
    if len(text) <= space or text_width(text) <= space:
        return 1
    count, taken = 1, 0.0
    for word in text.split(" "):
        length = text_width(word)
        if taken and taken + length > space:
            count, taken = count + 1, 0.0
        taken += length
        while taken > space:  # a word wider than the line is broken where the line ends
            count, taken = count + 1, taken - space
        taken += 0.28
    return count


def height(count: int) -> float:
    """Return how high a row of so many lines is, in points."""
    return min(_HIGHEST, count * LINE + _ROOM)


def heights(columns: Sequence[tuple[Sequence[Any], float]]) -> dict[int, float]:
    """Return the heights of those rows that take more than a line.

    Takes the texts of each column that wraps, None where there is none, with the column's width.
    """
    most: dict[int, int] = {}
    for texts, width in columns:
        short = int(room(width))
        for row, text in enumerate(texts):
            if text is not None and len(text) > short:
                count = lines(text, width)
                if count > most.get(row, 1):
                    most[row] = count
    return {row: height(count) for row, count in most.items()}
