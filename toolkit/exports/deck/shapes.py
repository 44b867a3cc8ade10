"""What slides are drawn with: text, boxes, cards, legends and placeholders, all native."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.measure import height_needed, line_height, lines_needed, text_width
from toolkit.exports.deck.stage import Area, Stage
from toolkit.text import printable


class Ink(Enum):
    """Colours that the presentation's own theme decides: a template's stay a template's."""

    TEXT = (MSO_THEME_COLOR.TEXT_1, 0.0)
    MUTED = (MSO_THEME_COLOR.TEXT_1, 0.35)
    PANEL = (MSO_THEME_COLOR.BACKGROUND_2, 0.0)
    PAPER = (MSO_THEME_COLOR.BACKGROUND_1, 0.0)


Colour = Ink | str
"""A theme colour, or "#RRGGBB" where the colour itself carries the meaning."""

ALIGN: Final = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
_ANCHOR: Final = {
    "top": MSO_ANCHOR.TOP,
    "middle": MSO_ANCHOR.MIDDLE,
    "bottom": MSO_ANCHOR.BOTTOM,
}


def paint(target: Any, colour: Colour) -> None:
    """Give python-pptx's colour format a colour."""
    if isinstance(colour, Ink):
        target.theme_color, brightness = colour.value
        if brightness:
            target.brightness = brightness
            # Lightened alone, a bluish ink turns blue.
            scheme = target._xFill.find(qn("a:schemeClr"))  # noqa: SLF001 - no public saturation
            scheme.append(parse_xml(f'<a:satMod {nsdecls("a")} val="45000"/>'))
    else:
        target.rgb = RGBColor(*bytes.fromhex(colour.lstrip("#")))  # type: ignore[no-untyped-call] # python-pptx has no types here


def fill(shape: Shape, colour: Colour) -> None:
    """Fill a shape or a table's cell with one colour."""
    shape.fill.solid()
    paint(shape.fill.fore_color, colour)


def describe(shape: Shape, text: str, *, name: str = "") -> None:
    """Set what a screen reader says of a shape."""
    properties = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001 - no public way to alt text
    properties.set("descr", printable(text))
    if name:
        properties.set("name", name)


def decorate(shape: Shape) -> None:
    """Mark a shape as one that a screen reader may pass over."""
    properties = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001 - no public way to alt text
    properties.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
            '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/'
            'decorative" val="1"/></a:ext></a:extLst>'
        )
    )


def write(
    paragraph: Any,
    text: str,
    *,
    size: float,
    bold: bool = False,
    colour: Colour = Ink.TEXT,
    align: str = "left",
) -> None:
    """Write untrusted text into a paragraph, as one run of the presentation's own font."""
    paragraph.alignment = ALIGN[align]
    run = paragraph.add_run()
    run.text = printable(text)
    run.font.size = Pt(size)
    run.font.bold = bold
    paint(run.font.color, colour)


def add_text(
    slide: Slide,
    area: Area,
    text: str | Sequence[str],
    *,
    size: float,
    bold: bool = False,
    colour: Colour = Ink.TEXT,
    align: str = "left",
    anchor: str = "top",
    gap: float = 0,
) -> Shape:
    """Add a text box of one or more paragraphs; the caller has seen to it that they fit."""
    box: Shape = slide.shapes.add_textbox(
        Inches(area.left), Inches(area.top), Inches(area.width), Inches(area.height)
    )
    frame = box.text_frame
    _bare(frame)
    frame.vertical_anchor = _ANCHOR[anchor]
    for index, line in enumerate([text] if isinstance(text, str) else text):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        if index and gap:
            paragraph.space_before = Pt(gap)
        write(paragraph, line, size=size, bold=bold, colour=colour, align=align)
    return box


def _bare(frame: Any) -> None:
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def add_box(slide: Any, area: Area, colour: Colour, *, shape: int = MSO_SHAPE.RECTANGLE) -> Shape:
    """Add a filled rectangle with neither line nor shadow."""
    box: Shape = slide.shapes.add_shape(
        shape, Inches(area.left), Inches(area.top), Inches(area.width), Inches(area.height)
    )
    fill(box, colour)
    box.line.fill.background()
    # Without its style a shape draws no shadow; `shadow.inherit = False` still drew one.
    style = box._element.find(qn("p:style"))  # noqa: SLF001 - no public way to the style
    if style is not None:
        box._element.remove(style)  # noqa: SLF001 - as above
    return box


@dataclass(frozen=True)
class Card:
    """One key figure: what it counts, its value, and a word on it."""

    label: str
    value: str
    note: str = ""
    colour: Colour = Ink.TEXT


def add_cards(stage: Stage, slide: Slide, area: Area, cards: Sequence[Card]) -> None:
    """Add key figures side by side, one panel each, in the same sizes; their words may wrap."""
    scale = stage.scale
    places = area.columns(len(cards), 0.18 * scale)
    side, above = 0.14 * scale, 0.11 * scale
    inside = Area(0, 0, places[0].width - 2 * side, area.height - 1.5 * above)
    wide, points = inside.width * 0.95 / stage.breadth, stage.points
    small = _size(stage, [card.label for card in cards], wide, [12, 11, 10, 9], lines=1)
    tiny = _size(stage, [card.note for card in cards], wide, [10.5, 10, 9.5, 9], lines=1)
    if tiny <= stage.points(9):
        tiny = _size(stage, [card.note for card in cards], wide, [9.5, 9, 8.5, 8, 7, 6], lines=2)
    words = max(height_needed(card.label, wide, small) for card in cards)
    notes = max(height_needed(card.note, wide, tiny) if card.note else 0 for card in cards)
    left = inside.height - words - notes
    large = points(30)
    while large > small and (
        line_height(large) > left
        or any(text_width(card.value, large, bold=True) > wide for card in cards)
    ):
        large -= 0.5
    note_room = Area(0, 0, inside.width * 0.95, inside.height - words - line_height(large))
    for card, place in zip(cards, places, strict=True):
        panel = add_box(slide, place, Ink.PANEL)
        frame = panel.text_frame
        _bare(frame)
        frame.margin_left = frame.margin_right = Inches(side)
        frame.margin_top = Inches(above)
        frame.vertical_anchor = MSO_ANCHOR.TOP
        write(frame.paragraphs[0], card.label, size=small, colour=Ink.MUTED)
        write(frame.add_paragraph(), card.value, size=large, bold=True, colour=card.colour)
        if card.note:
            note, chosen = stage.fitted(card.note, note_room, [tiny])
            write(frame.add_paragraph(), note, size=chosen, colour=Ink.MUTED)
        panel.name = f"Key figure: {card.label}"


def _size(
    stage: Stage, texts: Sequence[str], width: float, sizes: Sequence[float], *, lines: int
) -> float:
    """Return the first of the sizes at which none of the texts needs more lines, or the last."""
    points = [stage.points(size) for size in sizes]
    fits = (p for p in points if all(lines_needed(text, width, p) <= lines for text in texts))
    return next(fits, points[-1])


def add_legend(
    stage: Stage, slide: Slide, area: Area, entries: Sequence[tuple[str, str]], *, size: float = 11
) -> None:
    """Add coloured squares with their words, from the left: smaller, or in rows, where need be."""
    gap = 0.22 * stage.scale

    def widths(points: float) -> list[float]:
        words = (text_width(word, points * stage.breadth) for word, _ in entries)
        return [points / 72 * 1.5 + width + 0.12 for width in words]

    sizes = [stage.points(one) for one in (size, size - 1, size - 2)]
    fits = (one for one in sizes if sum(widths(one)) + gap * (len(entries) - 1) <= area.width)
    points = next(fits, stage.floor)
    rows: list[list[tuple[str, str, float]]] = [[]]
    left = 0.0
    for (word, colour), width in zip(entries, widths(points), strict=True):
        if rows[-1] and left + width > area.width:
            rows.append([])
            left = 0.0
        rows[-1].append((word, colour, width))
        left += width + gap
    side = points / 72
    for row, part in zip(rows, area.rows(len(rows)), strict=True):
        left = area.left
        for word, colour, width in row:
            top = part.top + (part.height - side) / 2
            decorate(add_box(slide, Area(left, top, side, side), colour))
            place = Area(left + side * 1.5, part.top, width - side * 1.5, part.height)
            add_text(slide, place, word, size=points, colour=Ink.MUTED, anchor="middle")
            left += width + gap
