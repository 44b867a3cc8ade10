"""What a table holds, and how wide its columns are for that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from toolkit.exports.deck.measure import text_width
from toolkit.exports.deck.shapes import Colour, Ink
from toolkit.exports.deck.stage import Stage

PADDING: Final = 0.07
"""What is left free in a cell on its left and on its right, in inches."""

ROOM: Final = 0.95
"""Measures are those of Arial: so much of a cell is filled, so that other fonts fit, too."""

_LEAST: Final = 7.0
"""How many letters wide a column is at least that may be shortened, or as what it holds."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text, how it looks, and a smaller second line where there is one."""

    text: str
    fill: Colour | None = None
    colour: Colour = Ink.TEXT
    bold: bool = False
    size: float | None = None
    note: str = ""
    align: str = ""


@dataclass(frozen=True)
class Head:
    """One column: its label, its share of the width, and how its cells stand."""

    label: str
    weight: float = 1
    align: str = "left"
    whole: bool = False
    """Whether cells stay on one line: the column is as wide as its widest, where there is room."""
    path: bool = False
    """Whether cells are paths."""
    wrap: bool = False
    """Whether cells are sentences, which are shortened last."""


Row = Sequence[Cell | str]


def sized(cell: Cell | str, points: float, of: float = 0) -> Cell:
    """Return a cell with a size: the table's, or its own, smaller where the table's is, too."""
    cell = Cell(cell) if isinstance(cell, str) else cell
    return replace(cell, size=cell.size * points / of if cell.size and of else cell.size or points)


def columns(
    stage: Stage,
    width: float,
    heads: Sequence[Head],
    rows: Sequence[Row],
    points: float,
    *,
    cramped: bool = False,
) -> list[float] | None:
    """Return how wide the columns are, together `width`; None where they do not fit at that size.

    Whole columns have what they need, which is their longest word where it is cramped, and the
    others what they need, or by their weight of what is left.
    """
    natural, least = _wanted(stage, heads, rows, points, cramped=cramped)
    if sum(least) > width:
        return None
    fixed = {place for place, head in enumerate(heads) if head.whole and not cramped}
    widths = _dealt(width, [head.weight for head in heads], least, natural, fixed)
    every = set(range(len(heads)))
    growing = {place for place in every if not heads[place].whole} or every
    spare = (width - sum(widths)) / sum(heads[place].weight for place in growing)
    return [
        own + (spare * heads[place].weight if place in growing else 0)
        for place, own in enumerate(widths)
    ]


def squeezed(
    stage: Stage, width: float, heads: Sequence[Head], rows: Sequence[Row], points: float
) -> list[float]:
    """Return how wide the columns are where it is cramped, too narrow where nothing else helps."""
    widths = columns(stage, width, heads, rows, points, cramped=True)
    if widths:
        return widths
    _, least = _wanted(stage, heads, rows, points, cramped=True)
    return [width * part / sum(least) for part in least]


def _wanted(
    stage: Stage, heads: Sequence[Head], rows: Sequence[Row], points: float, *, cramped: bool
) -> tuple[list[float], list[float]]:
    """Return what each column needs for its longest line, and what it needs at least."""
    natural, least = [], []
    for place, head in enumerate(heads):
        cells = [sized(row[place], points) for row in rows]
        line = max((_wide(stage, cell.text, cell) for cell in cells), default=0)
        label = Cell("", bold=True, size=points)
        words = [_wide(stage, word, label) for word in head.label.split()]
        words += [
            _wide(stage, word, cell)
            for cell in cells
            if head.whole and cramped
            for word in cell.text.split()
        ]
        word = max(words, default=0)
        natural.append(max(line, word))
        if head.whole:
            least.append(word if cramped else natural[-1])
        else:
            some = _LEAST * points * stage.breadth / 72
            least.append(max(min(natural[-1], some), word))
    return natural, least


def _dealt(
    width: float,
    weights: Sequence[float],
    least: Sequence[float],
    natural: Sequence[float],
    fixed: set[int],
) -> list[float]:
    """Deal a width out by weight: nobody has less than the least, or more than is natural."""
    widths = list(least)
    free = set(range(len(widths))) - fixed
    while free:
        left = width - sum(own for place, own in enumerate(widths) if place not in free)
        share = left / sum(weights[place] for place in free)
        short = {place for place in free if share * weights[place] < least[place]}
        content = {place for place in free if share * weights[place] >= natural[place]}
        if not short and not content:
            for place in free:
                widths[place] = share * weights[place]
            break
        # Who needs less than its share leaves the rest to the others.
        for place in content if not short else ():
            widths[place] = natural[place]
        free -= short or content
    return widths


def _wide(stage: Stage, text: str, cell: Cell) -> float:
    points = (cell.size or 0) * stage.breadth
    return text_width(text, points, bold=True) / ROOM + 2 * PADDING + 0.001
