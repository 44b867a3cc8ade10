"""Native PowerPoint tables: thin rules instead of boxes, rows as high as their text."""

from collections.abc import Sequence
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches

from toolkit import theme
from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.cells import PADDING, Cell, Head, Row, columns, squeezed
from toolkit.exports.deck.rows import laid_out, needed, note_size
from toolkit.exports.deck.shapes import describe, fill, write
from toolkit.exports.deck.stage import Area, Stage

__all__ = [
    "Cell",
    "Head",
    "add_table",
    "add_wrapped_table",
    "largest_size",
    "paged",
    "severity_cell",
]

_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_HEAD: Final = 0.34
_BETWEEN: Final = 0.06
"""How much higher a row of wrapped text is than its text, in inches."""


def add_table(
    stage: Stage,
    slide: Slide,
    area: Area,
    heads: Sequence[Head],
    rows: Sequence[Row],
    *,
    alt: str,
    size: float = 11,
    row_height: float | Sequence[float] = 0.34,
    head_height: float | None = None,
    grid: bool = False,
) -> Shape:
    """Add a table that ends above the slide's remark, and return the frame that it stands in.

    Rows are as high as said, or as their text needs: it wraps, and is set smaller down to a floor,
    before any is shortened. `grid` leaves white gaps between cells, for a matrix, instead of rules
    between rows, and may take the whole area.
    """
    heights = [row_height] * len(rows) if isinstance(row_height, float) else list(row_height)
    first = (heights or [_HEAD])[0] if head_height is None else head_height
    room = area.height if grid else min(area.bottom, stage.remark.top) - area.top
    return _drawn(stage, slide, area, heads, rows, [first, *heights], room, alt, size, grid=grid)


def add_wrapped_table(
    stage: Stage,
    slide: Slide,
    area: Area,
    heads: Sequence[Head],
    rows: Sequence[Row],
    *,
    alt: str,
    size: float = 11,
) -> Shape:
    """Add a table that may take the whole area, its rows as high as their wrapped text needs."""
    points = stage.points(size)
    widths = _columns(stage, area.width, heads, rows, points)
    heights = [_row_height(stage, widths, row, points) for row in rows]
    first = _HEAD * stage.scale
    return _drawn(stage, slide, area, heads, rows, [first, *heights], area.height, alt, size)


def largest_size(
    stage: Stage,
    width: float,
    heads: Sequence[Head],
    rows: Sequence[Row],
    sizes: Sequence[float],
) -> float:
    """Return the first of the sizes at which what may not be shortened fits, or else the last."""
    for size in sizes:
        if columns(stage, width, heads, rows, stage.points(size)):
            return size
    return sizes[-1]


def paged(
    stage: Stage,
    width: float,
    heads: Sequence[Head],
    rows: Sequence[Row],
    room: float,
    *,
    size: float = 11,
) -> list[list[Row]]:
    """Deal rows of wrapped text out to as many tables of `room` inches as they need."""
    points = stage.points(size)
    widths = _columns(stage, width, heads, rows, points)
    pages: list[list[Row]] = [[]]
    labels = [Cell(head.label, bold=True) for head in heads]
    taken = head = max(_HEAD * stage.scale, needed(stage, widths, labels, points))
    for row in rows:
        height = _row_height(stage, widths, row, points)
        if pages[-1] and taken + height > room:
            pages.append([])
            taken = head
        pages[-1].append(row)
        taken += height
    return pages


def severity_cell(stage: Stage, severity: str) -> Cell:
    """Return a severity as a cell: its tint, its sign and its word."""
    return Cell(
        theme.severity_name(severity),
        fill=stage.palette.tints[severity],
        colour=stage.palette.ink,
        bold=True,
    )


def _columns(
    stage: Stage, width: float, heads: Sequence[Head], rows: Sequence[Row], points: float
) -> list[float]:
    widths = columns(stage, width, heads, rows, points)
    return widths or squeezed(stage, width, heads, rows, points)


def _row_height(stage: Stage, widths: Sequence[float], row: Row, points: float) -> float:
    return needed(stage, widths, row, points) + _BETWEEN * stage.scale


def _drawn(  # noqa: PLR0917 - the two above alone call it
    stage: Stage,
    slide: Slide,
    area: Area,
    heads: Sequence[Head],
    rows: Sequence[Row],
    least: Sequence[float],
    room: float,
    alt: str,
    size: float,
    *,
    grid: bool = False,
) -> Shape:
    laid = laid_out(stage, area.width, room, heads, rows, size=size, least=least)
    frame: Shape = slide.shapes.add_table(
        len(laid.rows),
        len(heads),
        Inches(area.left),
        Inches(area.top),
        Inches(area.width),
        Inches(sum(laid.heights)),
    )
    describe(frame, alt, name="Table")
    table = frame.table
    properties = table._tbl.tblPr  # noqa: SLF001 - no public way to a table's style
    properties.find(qn("a:tableStyleId")).text = _NO_STYLE
    table.horz_banding = False
    for column, width in zip(table.columns, laid.widths, strict=True):
        column.width = Inches(width)
    for y, (line, height) in enumerate(zip(laid.rows, laid.heights, strict=True)):
        table.rows[y].height = Inches(height)
        for x, (cell, target) in enumerate(zip(line, table.rows[y].cells, strict=True)):
            _fill_cell(stage, target, cell, cell.align or heads[x].align)
            _border(target, y, len(laid.rows), None if grid else stage.palette)
    return frame


def _fill_cell(stage: Stage, target: Any, cell: Cell, align: str) -> None:
    target.margin_left = target.margin_right = Inches(PADDING)
    target.margin_top = target.margin_bottom = Inches(0.02)
    target.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = target.text_frame
    frame.word_wrap = True
    size = cell.size or 0
    for index, text in enumerate(cell.text.split("\n")):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        write(paragraph, text, size=size, bold=cell.bold, colour=cell.colour, align=align)
    if cell.note:
        note = frame.add_paragraph()
        write(note, cell.note, size=note_size(stage, size), colour=cell.colour, align=align)
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
