"""How high a table's rows are, and how large its text.

Nothing is cut where there is room: text wraps, then it is set smaller, down to a floor. What has no
room even so keeps its beginning and its end, and different names of a column stay different.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from toolkit.exports.deck.cells import PADDING, ROOM, Cell, Head, Row, columns, sized, squeezed
from toolkit.exports.deck.measure import line_height, lines_needed, shortened_apart
from toolkit.exports.deck.shapes import Ink
from toolkit.exports.deck.stage import Stage

_NOTE: Final = 0.55
"""The size of a cell's second line, as a share of its first."""

_EDGES: Final = 0.05
"""What is left free in a cell above and below together, in inches."""

_FLOOR: Final = 8.5
"""The size in points down to which text shrinks before it is shortened."""

_LINES: Final = (4, 3, 2, 1)
"""How many lines a cell may have where not all fit: the first number at which the table does."""


@dataclass(frozen=True)
class Laid:
    """A table as it is drawn: its cells, heads first, in inches and points."""

    widths: list[float]
    heights: list[float]
    rows: list[list[Cell]]
    size: float


def laid_out(
    stage: Stage,
    width: float,
    room: float,
    heads: Sequence[Head],
    rows: Sequence[Row],
    *,
    size: float,
    least: Sequence[float],
) -> Laid:
    """Return a table of the width that is no higher than the room; `least` are its rows' heights.

    Text is as large as it can be, and whole; only where it is not at the floor is it shortened.
    """
    largest = stage.points(size)
    floor = min(largest, max(stage.floor, stage.points(_FLOOR)))
    sizes = [largest - step / 2 for step in range(int((largest - floor) * 2) + 1)]
    for cramped in (False, True):
        for points in sizes:
            widths = columns(stage, width, heads, rows, points, cramped=cramped)
            laid = widths and _laid(stage, widths, heads, rows, points, largest)
            if laid and sum(laid.heights) <= room:
                return _airy(laid, least, room)
    laid = Laid([], [], [], floor)
    names = {place for place, head in enumerate(heads) if not head.wrap and not head.whole}
    sentences = {place for place, head in enumerate(heads) if head.wrap}
    for some in (names, names | sentences, set(range(len(heads)))):
        for lines in _LINES:
            for points in sizes:
                widths = squeezed(stage, width, heads, rows, points)
                fewer = _shortened(stage, widths, rows, points, lines, some)
                laid = _laid(stage, widths, heads, fewer, points, largest)
                if sum(laid.heights) <= room:
                    return _airy(laid, least, room)
    return laid


def _airy(laid: Laid, least: Sequence[float], room: float) -> Laid:
    """Return a table whose rows are as high as they should be, as far as there is room for it."""
    for share in (1, 0.85, 0.7, 0.55):
        heights = [
            max(needed, share * given) for needed, given in zip(laid.heights, least, strict=True)
        ]
        if sum(heights) <= room + 0.001:
            return replace(laid, heights=heights)
    return laid


def needed(stage: Stage, widths: Sequence[float], row: Row, points: float) -> float:
    """Return how high a row has to be for all that its cells hold."""
    return max(
        _height(stage, sized(cell, points), width) for cell, width in zip(row, widths, strict=True)
    )


def _laid(  # noqa: PLR0917 - one place alone calls it
    stage: Stage,
    widths: Sequence[float],
    heads: Sequence[Head],
    rows: Sequence[Row],
    points: float,
    of: float,
) -> Laid:
    grey = Cell("", colour=Ink.MUTED, bold=True, size=points)
    cells = [[replace(grey, text=head.label) for head in heads]]
    cells += [[sized(cell, points, of) for cell in row] for row in rows]
    heights = [
        max(_height(stage, cell, width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]
    return Laid(list(widths), heights, cells, points)


def _inside(stage: Stage, width: float) -> float:
    return (width - 2 * PADDING) * ROOM / stage.breadth


def _height(stage: Stage, cell: Cell, width: float) -> float:
    size = cell.size or 0
    inside = _inside(stage, width)
    high = sum(
        lines_needed(line, inside, size, bold=cell.bold) * line_height(size, line)
        for line in cell.text.split("\n")
    )
    return high + (line_height(note_size(stage, size)) if cell.note else 0) + _EDGES


def note_size(stage: Stage, size: float) -> float:
    """Return the size of a cell's second line in points, by that of its first."""
    return max(stage.floor, round(size * _NOTE * 2) / 2)


def _shortened(  # noqa: PLR0917 - as above
    stage: Stage,
    widths: Sequence[float],
    rows: Sequence[Row],
    points: float,
    lines: int,
    places: Iterable[int],
) -> list[list[Cell]]:
    """Return rows that take so many lines at most in some of the columns."""
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    for place in places:
        column = [row[place] for row in cells]
        size = max((cell.size or points for cell in column), default=points)
        bold = any(cell.bold for cell in column)
        room = _inside(stage, widths[place])
        texts = [cell.text for cell in column]
        texts = shortened_apart(texts, room, size, lines=lines, bold=bold)
        for row, text in zip(cells, texts, strict=True):
            row[place] = replace(row[place], text=text)
    return cells
