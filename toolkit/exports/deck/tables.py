"""Native PowerPoint tables: thin rules instead of boxes, one line a row, nothing that overflows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches

from toolkit import theme
from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.measure import line_height, lines_needed, text_width
from toolkit.exports.deck.shapes import Colour, Ink, describe, fill, write
from toolkit.exports.deck.stage import Area, Stage

_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_PADDING: Final = 0.07


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
    """Whether cells are never shortened: the column is as wide as its widest."""
    path: bool = False
    """Whether cells are paths, which are shortened in the middle."""
    wrap: bool = False
    """Whether cells may take several lines."""


def add_table(
    stage: Stage,
    slide: Slide,
    area: Area,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Cell | str]],
    *,
    alt: str,
    size: float = 11,
    row_height: float | Sequence[float] = 0.34,
    head_height: float | None = None,
    grid: bool = False,
) -> Shape:
    """Add a table; text that does not fit its cell on one line is shortened.

    `grid` leaves white gaps between cells, for a matrix, instead of rules between rows.
    """
    heights = [row_height] * len(rows) if isinstance(row_height, float) else list(row_height)
    head_height = heights[0] if head_height is None else head_height
    frame: Shape = slide.shapes.add_table(
        len(rows) + 1,
        len(heads),
        Inches(area.left),
        Inches(area.top),
        Inches(area.width),
        Inches(head_height + sum(heights)),
    )
    describe(frame, alt, name="Table")
    table = frame.table
    properties = table._tbl.tblPr  # noqa: SLF001 - no public way to a table's style
    properties.find(qn("a:tableStyleId")).text = _NO_STYLE
    table.horz_banding = False
    points = stage.points(size)
    widths = _widths(stage, area.width, heads, rows, points)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    table.rows[0].height = Inches(head_height)
    grey = Cell("", colour=Ink.MUTED, bold=True)
    cells = [[replace(grey, text=head.label, size=points) for head in heads]]
    cells += [[_sized(cell, points) for cell in row] for row in rows]
    for y, row in enumerate(cells):
        if y:
            table.rows[y].height = Inches(heights[y - 1])
        for x, cell in enumerate(row):
            # Labels are ours and short: they may take a second line, names may not.
            head = heads[x] if y else replace(heads[x], wrap=True)
            _fill_cell(stage, table.cell(y, x), cell, head, widths[x])
            _border(table.cell(y, x), y, len(cells), None if grid else stage.palette)
    return frame


def add_wrapped_table(
    stage: Stage,
    slide: Slide,
    area: Area,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Cell | str]],
    *,
    alt: str,
    size: float = 11,
) -> Shape:
    """Add a table whose rows are as high as their wrapped text needs."""
    widths = _widths(stage, area.width, heads, rows, stage.points(size))
    heights = [_needed(stage, widths, heads, row, size) for row in rows]
    head_height = 0.34 * stage.scale
    return add_table(
        stage,
        slide,
        area,
        heads,
        rows,
        alt=alt,
        size=size,
        row_height=heights,
        head_height=head_height,
    )


def largest_size(
    stage: Stage,
    width: float,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Cell | str]],
    sizes: Sequence[float],
) -> float:
    """Return the first of the sizes at which what may not be shortened fits, or else the last."""
    for size in sizes:
        points = stage.points(size)
        if sum(_whole_widths(stage, heads, rows, points).values()) <= width:
            return size
    return sizes[-1]


def paged(
    stage: Stage,
    width: float,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Cell | str]],
    room: float,
    *,
    size: float = 11,
) -> list[list[Sequence[Cell | str]]]:
    """Deal rows of wrapped text out to as many tables of `room` inches as they need."""
    widths = _widths(stage, width, heads, rows, stage.points(size))
    pages: list[list[Sequence[Cell | str]]] = [[]]
    taken = head = 0.34 * stage.scale
    for row in rows:
        height = _needed(stage, widths, heads, row, size)
        if pages[-1] and taken + height > room:
            pages.append([])
            taken = head
        pages[-1].append(row)
        taken += height
    return pages


def _sized(cell: Cell | str, points: float) -> Cell:
    cell = Cell(cell) if isinstance(cell, str) else cell
    return cell if cell.size else replace(cell, size=points)


def severity_cell(stage: Stage, severity: str) -> Cell:
    """Return a severity as a cell: its tint, its sign and its word."""
    return Cell(
        theme.severity_name(severity),
        fill=stage.palette.tints[severity],
        colour=stage.palette.ink,
        bold=True,
    )


def _widths(
    stage: Stage,
    width: float,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Cell | str]],
    points: float,
) -> list[float]:
    """Give columns that may not be shortened what they need, and the others shares of the rest.

    Where none may be shortened, they have equal parts of it.
    """
    fixed = _whole_widths(stage, heads, rows, points)
    left = width - sum(fixed.values())
    if len(fixed) == len(heads):
        return [needed + left / len(heads) for needed in fixed.values()]
    total = sum(head.weight for head in heads if not head.whole)
    return [
        fixed[place] if head.whole else left * head.weight / total
        for place, head in enumerate(heads)
    ]


def _whole_widths(
    stage: Stage, heads: Sequence[Head], rows: Sequence[Sequence[Cell | str]], points: float
) -> dict[int, float]:
    """Return how wide each column is that may not be shortened, by its place."""
    fixed = {}
    for place, head in enumerate(heads):
        if head.whole:
            texts = [_sized(row[place], points).text for row in rows]
            widest = max(
                text_width(text, points * stage.breadth, bold=True)
                for text in (*texts, *head.label.split())
            )
            fixed[place] = widest * 1.05 + 2 * _PADDING
    return fixed


def _needed(
    stage: Stage,
    widths: Sequence[float],
    heads: Sequence[Head],
    row: Sequence[Cell | str],
    size: float,
) -> float:
    points = stage.points(size)
    lines = 1
    for cell, head, width in zip(row, heads, widths, strict=True):
        if head.wrap:
            text = cell if isinstance(cell, str) else cell.text
            lines = max(
                lines, lines_needed(text, (width - 2 * _PADDING) * 0.96, points * stage.breadth)
            )
    return lines * line_height(points) + 0.11 * stage.scale


def _fill_cell(stage: Stage, target: Any, cell: Cell, head: Head, width: float) -> None:
    target.margin_left = target.margin_right = Inches(_PADDING)
    target.margin_top = target.margin_bottom = Inches(0.02)
    target.vertical_anchor = MSO_ANCHOR.MIDDLE
    target.text_frame.word_wrap = True
    size = cell.size or stage.points(11)
    # Measures are estimates: a little room is left, so that no name breaks its line.
    room = (width - 2 * _PADDING) * 0.94
    lines = cell.text.split("\n")
    for index, line in enumerate(lines):
        paragraph = (
            target.text_frame.paragraphs[0] if index == 0 else target.text_frame.add_paragraph()
        )
        text = line
        if not head.wrap and not head.whole:
            text = stage.shortened(line, room, size * (1.07 if cell.bold else 1), path=head.path)
        align = cell.align or head.align
        write(paragraph, text, size=size, bold=cell.bold, colour=cell.colour, align=align)
    if cell.note:
        note = target.text_frame.add_paragraph()
        write(note, cell.note, size=size * 0.55, colour=cell.colour, align=cell.align or head.align)
    if cell.fill is None:
        target.fill.background()
    else:
        fill(target, cell.fill)


def _border(cell: Any, row: int, rows: int, rules: theme.Palette | None) -> None:
    # The schema wants borders before the fill.
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx has no borders
    for position, side in enumerate("LRTB"):
        if rules is None:
            line = _line(side, '<a:schemeClr val="bg1"/>', 2.5)
        elif side in "LR" or (side == "T" and row == 0):
            line = _line(side, "", 0)
        else:
            strong = row == 0 or (side == "T" and row == 1) or (side == "B" and row == rows - 1)
            colour = (rules.muted if strong else rules.line).lstrip("#")
            line = _line(side, f'<a:srgbClr val="{colour}"/>', 0.75 if strong else 0.5)
        properties.insert(position, line)


def _line(side: str, colour: str, width: float) -> Any:
    tag = f"a:ln{side}"
    if not width:
        return parse_xml(f'<{tag} {nsdecls("a")} w="0"><a:noFill/></{tag}>')
    return parse_xml(
        f'<{tag} {nsdecls("a")} w="{int(width * 12_700)}" cmpd="sng"><a:solidFill>{colour}'
        f'</a:solidFill><a:prstDash val="solid"/></{tag}>'
    )
