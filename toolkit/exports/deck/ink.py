"""Text that can be read on whatever a template puts behind it: a deck's last touch."""

from collections.abc import Iterator
from typing import Any, Final

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from toolkit import theme
from toolkit.exports.deck.blank import Layout, Shape
from toolkit.exports.deck.ground import ground, inherited_colour, theme_colour
from toolkit.exports.deck.stage import Stage

_READABLE: Final = 4.5
_LARGE: Final = 3.0
"""The least contrast of a title, which is large."""

_OTHER_WAY_ROUND: Final = {"tx1": "bg1", "bg1": "tx1", "tx2": "bg2", "bg2": "tx2"}
_TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_MUTED_ON_DARK: Final = "75000"


def make_readable(stage: Stage) -> None:
    """Give what slides are written with the colours that can be read on their layouts' grounds.

    The theme's own colours are used, the other way round where a layout is dark and its theme is
    not; black or white only where the theme has no colour that can be read there.
    """
    for slide in stage.presentation.slides:
        layout: Layout = slide.slide_layout
        paper = ground(layout, stage.size)
        ink = theme_colour(layout, "tx1") or "#000000"
        other = theme_colour(layout, "bg1") or "#FFFFFF"
        turned = theme.contrast(ink, paper) < min(_READABLE, theme.contrast(other, paper))
        ink = other if turned else ink
        literal = "" if theme.contrast(ink, paper) >= _LARGE else theme.text_on(paper)
        ink = literal or ink
        panel = theme_colour(layout, "tx2" if turned else "bg2") or ink
        flat = stage.palette.panel if theme.contrast(ink, panel) < _READABLE else ""
        dark = theme.contrast("#FFFFFF", paper) > theme.contrast("#000000", paper)
        for colour in list(_colours(slide)):
            name = colour.get("val")
            if name == "tx1" and dark:
                _mute_on_dark(colour)
            if turned:
                colour.set("val", _OTHER_WAY_ROUND.get(name, name))
            value = literal if name == "tx1" else flat if name == "bg2" else ""
            if value:
                _write_out(colour, value)
        for shape in slide.placeholders:
            style = "titleStyle" if shape.placeholder_format.type in _TITLES else "bodyStyle"
            if theme.contrast(inherited_colour(layout, shape, style), paper) < _LARGE:
                _paint_text(shape, "bg1" if turned else "tx1", literal)


def _colours(slide: Any) -> Iterator[Any]:
    """Yield every mention of a theme's colour on a slide and in its charts."""
    yield from slide.element.iter(qn("a:schemeClr"))
    for shape in slide.shapes:
        if shape.has_chart:
            yield from shape.chart.element.iter(qn("a:schemeClr"))


def _mute_on_dark(colour: Any) -> None:
    """Darken what was lightened to be muted: on a dark ground it would not be."""
    lighter = colour.find(qn("a:lumOff"))
    if lighter is not None:
        colour.remove(lighter)
        colour.find(qn("a:lumMod")).set("val", _MUTED_ON_DARK)


def _write_out(colour: Any, value: str) -> None:
    written = parse_xml(f'<a:srgbClr {nsdecls("a")} val="{value.lstrip("#")}"/>')
    colour.getparent().replace(colour, written)


def _paint_text(shape: Shape, name: str, literal: str) -> None:
    value = literal.lstrip("#")
    colour = f'<a:srgbClr val="{value}"/>' if value else f'<a:schemeClr val="{name}"/>'
    for run in (*shape.element.iter(qn("a:r")), *shape.element.iter(qn("a:fld"))):
        properties = run.find(qn("a:rPr"))
        if properties is None:
            properties = parse_xml(f"<a:rPr {nsdecls('a')}/>")
            run.insert(0, properties)
        if properties.find(qn("a:solidFill")) is None:
            fill = parse_xml(f"<a:solidFill {nsdecls('a')}>{colour}</a:solidFill>")
            line = properties.find(qn("a:ln"))
            properties.insert(0 if line is None else 1, fill)
