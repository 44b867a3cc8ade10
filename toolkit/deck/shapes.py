"""What slides are drawn with: text, boxes, cards, legends and placeholders, all native."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from toolkit.deck.blank import Shape
from toolkit.deck.measure import line_height, lines_needed, text_width
from toolkit.deck.stage import Area, Stage, inherited_size
from toolkit.files import printable


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


def paint(target: Any, colour: Colour) -> None:  # noqa: ANN401 - a font's, a fill's or a line's
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
    paragraph: Any,  # noqa: ANN401 - python-pptx's paragraph has no public type
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


def _bare(frame: Any) -> None:  # noqa: ANN401 - python-pptx's text frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def add_box(slide: Any, area: Area, colour: Colour, *, shape: int = MSO_SHAPE.RECTANGLE) -> Shape:  # noqa: ANN401 - a slide or a group
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
    """Add key figures side by side, one panel each."""
    scale = stage.scale
    for card, place in zip(cards, area.columns(len(cards), 0.18 * scale), strict=True):
        panel = add_box(slide, place, Ink.PANEL)
        frame = panel.text_frame
        _bare(frame)
        frame.margin_left = frame.margin_right = Inches(0.18 * scale)
        frame.margin_top = Inches(0.13 * scale)
        frame.vertical_anchor = MSO_ANCHOR.TOP
        room = place.width - 0.4 * scale
        small, large = stage.points(12), stage.points(30)
        while text_width(card.value, large * stage.breadth, bold=True) > room and large > small:
            large -= 1
        write(
            frame.paragraphs[0],
            stage.shortened(card.label, room, small),
            size=small,
            colour=Ink.MUTED,
        )
        write(frame.add_paragraph(), card.value, size=large, bold=True, colour=card.colour)
        if card.note:
            line = Area(0, 0, room, line_height(small))
            sizes = [stage.points(size) for size in (10.5, 9.5, 8.5)]
            note, points = stage.fitted(card.note, line, sizes)
            write(frame.add_paragraph(), note, size=points, colour=Ink.MUTED)
        panel.name = f"Key figure: {card.label}"


def add_legend(
    stage: Stage, slide: Slide, area: Area, entries: Sequence[tuple[str, str]], *, size: float = 11
) -> None:
    """Add coloured squares with their words, from the left, as far as they fit."""
    points = stage.points(size)
    side = points / 72
    left = area.left
    for word, colour in entries:
        width = text_width(word, points * stage.breadth) + 0.12
        if left + side * 1.5 + width > area.right + 0.2:
            return
        top = area.top + (area.height - side) / 2
        decorate(add_box(slide, Area(left, top, side, side), colour))
        add_text(
            slide,
            Area(left + side * 1.5, area.top, width, area.height),
            word,
            size=points,
            colour=Ink.MUTED,
            anchor="middle",
        )
        left += side * 1.5 + width + 0.22 * stage.scale


def add_slide(stage: Stage, title: str, subtitle: str, source: str) -> Slide:
    """Add a slide with its title in the layout's placeholder, subtitle, source and page number."""
    slide: Slide = stage.presentation.slides.add_slide(stage.content)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type not in (
            PP_PLACEHOLDER.TITLE,
            PP_PLACEHOLDER.CENTER_TITLE,
        ):
            shape.element.getparent().remove(shape.element)
    _set_title(stage, slide, title)
    sizes = [stage.points(size) for size in (14, 13, 12, 11)]
    line, points = stage.fitted(subtitle, stage.subtitle, sizes)
    add_text(slide, stage.subtitle, line, size=points, colour=Ink.MUTED).name = "Subtitle"
    sizes = [stage.points(size) for size in (10, 9, 8)]
    line, points = stage.fitted(source, stage.source, sizes)
    add_text(
        slide, stage.source, line, size=points, colour=Ink.MUTED, anchor="middle"
    ).name = "Source"
    _add_page_number(stage, slide)
    return slide


def _set_title(stage: Stage, slide: Slide, title: str) -> None:
    heading: Shape = slide.shapes.title
    size = stage.title_size
    sizes = [size * step for step in (1, 0.92, 0.85, 0.77, 0.7, 0.62, 0.54, 0.46)]
    room = replace(stage.title, width=stage.title.width * 0.96)
    text, chosen = stage.fitted(title, room, sizes, bold=True)
    if heading is None:
        add_text(slide, stage.title, text, size=chosen, bold=True, anchor="bottom").name = "Title"
        return
    area = stage.title
    heading.left, heading.top = Inches(area.left), Inches(area.top)
    heading.width, heading.height = Inches(area.width), Inches(area.height)
    run = heading.text_frame.paragraphs[0].add_run()
    run.text = text
    if chosen != size:
        run.font.size = Pt(round(chosen))


def _add_page_number(stage: Stage, slide: Slide) -> None:
    for shape in stage.content.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            slide.shapes._spTree.append(copy.deepcopy(shape.element))  # noqa: SLF001 - python-pptx leaves these placeholders out of new slides
            return
    box = add_text(
        slide,
        Area(stage.title.right - 1, stage.source.top, 1, stage.source.height),
        "",
        size=stage.points(10),
        anchor="middle",
    )
    paragraph = box.text_frame.paragraphs[0]._p  # noqa: SLF001 - fields have no public way
    for run in list(paragraph):
        paragraph.remove(run)
    paragraph.append(
        parse_xml(
            f'<a:fld {nsdecls("a")} id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">'
            f'<a:rPr lang="en-GB" sz="{int(stage.points(10) * 100)}"/><a:t>‹#›</a:t></a:fld>'
        )
    )
    paragraph.insert(0, parse_xml(f'<a:pPr {nsdecls("a")} algn="r"/>'))


def add_opening_slide(stage: Stage, title: str, lines: Sequence[str]) -> Slide:
    """Add the title slide, in the layout's own placeholders where it has them."""
    slide: Slide = stage.presentation.slides.add_slide(stage.opening)
    placeholders = list(slide.placeholders)
    heading: Shape = slide.shapes.title
    if heading is None:
        add_text(slide, stage.title, title, size=stage.points(32), bold=True, anchor="bottom")
    else:
        heading.text_frame.text = printable(title)
    rest = [shape for shape in placeholders if shape.placeholder_format.idx != 0]
    subtitle = next(
        (
            s
            for s in rest
            if s.placeholder_format.type in (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)
        ),
        None,
    )
    for shape in rest:
        if subtitle is None or shape.shape_id != subtitle.shape_id:
            shape.element.getparent().remove(shape.element)
    if subtitle is None:
        add_text(slide, stage.body, lines, size=stage.points(18), colour=Ink.MUTED, gap=6)
        return slide
    frame = subtitle.text_frame
    size = inherited_size(stage.opening, subtitle, "bodyStyle") or stage.points(24)
    chosen = _common_size(stage, subtitle, lines, size)
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = printable(line)
        if chosen != size:
            run.font.size = Pt(chosen)
    return slide


def _common_size(stage: Stage, shape: Shape, lines: Sequence[str], size: float) -> float:
    """Return the largest size, from the inherited one down, at which all lines fit a shape."""
    width, height = shape.width / Inches(1) - 0.2, shape.height / Inches(1) - 0.1
    for step in (1, 0.85, 0.75, 0.65, 0.55):
        points = round(size * step)
        wide = points * stage.breadth
        # Paragraphs stand apart by up to a third of a line.
        needed = sum(lines_needed(line, width, wide) + 0.35 for line in lines)
        if needed * line_height(points) <= height:
            return size if step == 1 else points
    return round(size * 0.5)


def add_remark(stage: Stage, slide: Slide, text: str) -> None:
    """Add a word in the lower right corner on what the slide does not show."""
    add_text(
        slide,
        stage.body.below(stage.body.height - 0.26 * stage.scale),
        text,
        size=stage.points(12),
        bold=True,
        colour=Ink.MUTED,
        align="right",
        anchor="bottom",
    ).name = "Remark"
