"""What every slide has: title, subtitle, source, page number, in the layout's own placeholders."""

import copy
from collections.abc import Sequence
from dataclasses import replace

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Inches, Pt

from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.measure import height_needed, line_height, lines_needed
from toolkit.exports.deck.shapes import Ink, add_text
from toolkit.exports.deck.stage import Area, Stage, inherited_size
from toolkit.text import printable


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
    sizes = [stage.points(size) for size in (14, 13, 12, 11, 10, 9, 8, 7)]
    words = " · ".join((*stage.lead, subtitle))
    line, points = stage.fitted(words, stage.subtitle, sizes)
    add_text(slide, stage.subtitle, line, size=points, colour=Ink.MUTED).name = "Subtitle"
    sizes = [stage.points(size) for size in (10, 9, 8, 7, 6)]
    line, points = stage.fitted(source, stage.source, sizes)
    add_text(
        slide, stage.source, line, size=points, colour=Ink.MUTED, anchor="middle"
    ).name = "Source"
    _add_page_number(stage, slide)
    return slide


def _set_title(stage: Stage, slide: Slide, title: str) -> None:
    heading: Shape = slide.shapes.title
    size = stage.title_size
    room = replace(stage.title, width=stage.title.width * 0.96)
    # A line a little smaller reads better than two; beyond that, two lines are better.
    steps = [step for step in (1, 0.92, 0.85) if _lines(stage, title, size * step, room) == 1]
    steps = steps or [1, 0.92, 0.85, *(1 - step / 20 for step in range(4, 15))]
    sizes = [max(size * step, stage.points(9)) for step in steps]
    text, chosen = stage.fitted(title, room, sizes, bold=True)
    if heading is None:
        add_text(slide, stage.title, text, size=chosen, bold=True, anchor="bottom").name = "Title"
        return
    area = stage.title
    heading.left, heading.top = Inches(area.left), Inches(area.top)
    heading.width, heading.height = Inches(area.width), Inches(area.height)
    run = heading.text_frame.paragraphs[0].add_run()
    run.text = text
    if chosen != inherited_size(stage.content, heading, "titleStyle"):
        run.font.size = Pt(int(chosen * 2) / 2)


def _lines(stage: Stage, text: str, size: float, area: Area) -> int:
    return lines_needed(text, area.width, size * stage.breadth, bold=True)


def _add_page_number(stage: Stage, slide: Slide) -> None:
    for shape in stage.content.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            # python-pptx leaves these placeholders out of new slides.
            tree: Shape = slide.shapes._spTree  # noqa: SLF001 - as the line above says
            number = copy.deepcopy(shape.element)
            taken = [int(identity) for identity in tree.xpath(".//p:cNvPr/@id")]
            number.xpath(".//p:cNvPr")[0].set("id", str(max(taken) + 1))
            tree.append(number)
            return
    box = add_text(
        slide,
        Area(stage.body.right - 1, stage.source.top, 1, stage.source.height),
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
    middle = stage.size[1] / Inches(1)
    upper = replace(stage.title, top=0.24 * middle, height=0.2 * middle)
    lower = replace(stage.title, top=0.47 * middle, height=0.25 * middle)
    if heading is None:
        add_text(slide, upper, title, size=stage.points(32), bold=True, anchor="bottom")
    else:
        _set_opening_title(stage, heading, title, upper)
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
        size = _common_size(stage, lower, lines, stage.points(18))
        add_text(slide, lower, lines, size=size, colour=Ink.MUTED, gap=6)
        return slide
    area = _area(stage, subtitle, 0.75, lower)
    frame = subtitle.text_frame
    size = inherited_size(stage.opening, subtitle, "bodyStyle") or stage.points(24)
    chosen = _common_size(stage, area, lines, min(size, stage.points(24)))
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = printable(line)
        if chosen != size:
            run.font.size = Pt(chosen)
    return slide


def _set_opening_title(stage: Stage, heading: Shape, title: str, other: Area) -> None:
    area = _area(stage, heading, 0.4, other)
    size = inherited_size(stage.opening, heading, "titleStyle") or stage.points(40)
    room = Area(0, 0, area.width - 0.25, area.height - 0.1)
    steps = (1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
    text, chosen = stage.fitted(title, room, [size * step for step in steps], bold=True)
    run = heading.text_frame.paragraphs[0].add_run()
    run.text = text
    if chosen != size:
        run.font.size = Pt(int(chosen * 2) / 2)


def _area(stage: Stage, shape: Shape, least: float, other: Area) -> Area:
    """Return where a placeholder stands; one too small to hold a line is put elsewhere first."""
    one = Inches(1)
    width, height = (shape.width or 0) / one, (shape.height or 0) / one
    left, top = (shape.left or 0) / one, (shape.top or 0) / one
    slide_width, slide_height = (side / one for side in stage.size)
    inside = left >= 0 and top >= 0 and left + width <= slide_width and top + height <= slide_height
    if inside and width >= slide_width / 3 and height >= least * stage.scale:
        return Area(left, top, width, height)
    shape.left, shape.top = Inches(other.left), Inches(other.top)
    shape.width, shape.height = Inches(other.width), Inches(other.height)
    return other


def _common_size(stage: Stage, area: Area, lines: Sequence[str], size: float) -> float:
    """Return the largest size, from the inherited one down, at which all lines fit an area."""
    width, height = area.width - 0.2, area.height - 0.1
    for step in (1, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35):
        points = size if step == 1 else round(size * step)
        wide = points * stage.breadth
        # Paragraphs stand apart by up to a third of a line.
        needed = sum(
            height_needed(line, width, wide) / stage.breadth + 0.35 * line_height(points)
            for line in lines
        )
        if needed <= height:
            return points
    return max(stage.floor, round(size * 0.3))


def add_remark(stage: Stage, slide: Slide, text: str) -> None:
    """Add a word in the lower right corner on what the slide does not show."""
    sizes = [stage.points(size) for size in (12, 11, 10, 9, 8, 7)]
    line, points = stage.fitted(text, stage.remark, sizes, bold=True)
    add_text(
        slide,
        stage.remark,
        line,
        size=points,
        bold=True,
        colour=Ink.MUTED,
        align="right",
        anchor="bottom",
    ).name = "Remark"


def add_notes(slide: Slide, paragraphs: Sequence[str]) -> None:
    """Add what whoever shows the slide says, and where its numbers are from."""
    frame: Shape = slide.notes_slide.notes_text_frame
    frame.text = "\n".join(printable(text) for text in paragraphs)
