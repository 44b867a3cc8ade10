"""Our own blank 16:9 presentation: two layouts, one theme, everything editable in PowerPoint."""

from typing import Any, Final, TypeAlias

import pptx
from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.util import Inches

from toolkit import theme
from toolkit.schema import State

Shape: TypeAlias = Any
"""A shape of python-pptx, which is typed only in part."""

Layout: TypeAlias = Any
"""A slide layout or master of python-pptx, as above."""

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
_MARGIN: Final = 0.6
_COLOURS: Final = {
    "dk1": theme.LIGHT.ink,
    "lt1": theme.LIGHT.paper,
    "dk2": theme.NAVY,
    "lt2": theme.LIGHT.panel,
    "accent1": theme.LIGHT.states[State.ACTIVE],
    "accent2": theme.ACCENT,
    "accent3": theme.LIGHT.states[State.PENDING_CLOSURE],
    "accent4": theme.LIGHT.states[State.CLOSED],
    "accent5": theme.LIGHT.states[State.PENDING_ACTIVATION],
    "accent6": theme.LIGHT.states[State.UNKNOWN],
    "hlink": theme.LIGHT.states[State.ACTIVE],
    "folHlink": theme.LIGHT.muted,
}
"""What PowerPoint offers in its colour picker."""
_KEPT: Final = ("Title Slide", "Title Only")


def blank_presentation() -> Presentation:
    """Return an empty 16:9 presentation whose fonts and colours are the project's."""
    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    layouts: Any = presentation.slide_layouts
    for layout in list(layouts):
        if layout.name not in _KEPT:
            layouts.remove(layout)
    master = presentation.slide_master
    _set_theme(master)
    _set_master(master)
    opening, content = (layouts.get_by_name(name) for name in _KEPT)
    _set_opening(opening)
    _set_content(content)
    return presentation


def _set_theme(master: Layout) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(part.blob)
    scheme = root.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "Account pairs")
    for name, colour in _COLOURS.items():
        slot = scheme.find(qn(f"a:{name}"))
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr"), val=colour.lstrip("#"))
    for family in ("majorFont", "minorFont"):
        root.find(f".//{qn(f'a:{family}')}/{qn('a:latin')}").set("typeface", theme.FONT)
    part._blob = etree.tostring(  # noqa: SLF001 - python-pptx has no way to write a theme
        root, xml_declaration=True, encoding="UTF-8", standalone=True
    )


def _set_master(master: Layout) -> None:
    right = WIDTH - _MARGIN
    boxes = {
        "title": (_MARGIN, 0.42, right - _MARGIN, 0.86),
        "body": (_MARGIN, 1.75, right - _MARGIN, 5.0),
        "dt": (right - 4.0, 7.0, 2.0, 0.3),
        "ftr": (_MARGIN, 7.0, 9.5, 0.3),
        "sldNum": (right - 1.5, 7.0, 1.5, 0.3),
    }
    for shape in master.placeholders:
        kind = shape.element.find(f".//{qn('p:ph')}").get("type")
        _place(shape, *boxes[kind])
        body = shape.element.find(f".//{qn('a:bodyPr')}")
        for side in ("lIns", "rIns", "tIns", "bIns"):
            body.set(side, "0")
        body.set("anchor", {"title": "b", "body": "t"}.get(kind, "ctr"))
        for paragraph in shape.element.iter(qn("a:lvl1pPr")):
            paragraph.set("algn", "r" if kind == "sldNum" else "l")
            paragraph.find(qn("a:defRPr")).set("sz", "1000")
    style = master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    text = style.find(qn("a:defRPr"))
    text.set("sz", "2600")
    text.set("b", "1")


def _set_opening(layout: Layout) -> None:
    _set_background(layout, "tx2")
    for shape in list(layout.placeholders):
        kind = shape.element.find(f".//{qn('p:ph')}").get("type")
        if kind == "ctrTitle":
            _place(shape, 1.0, 2.3, 11.3, 1.55)
            _set_text(shape, size=40, bold=True, anchor="b", colour="bg1")
        elif kind == "subTitle":
            _place(shape, 1.0, 4.2, 11.3, 1.9)
            _set_text(shape, size=18, bold=False, anchor="t", colour="bg1")
        else:
            shape.element.getparent().remove(shape.element)
    _add_bar(layout, (1.0, 3.99, 1.55, 0.05), "accent2")


def _set_content(layout: Layout) -> None:
    for shape in list(layout.placeholders):
        if shape.element.find(f".//{qn('p:ph')}").get("type") == "dt":
            shape.element.getparent().remove(shape.element)
    _add_bar(layout, (0, 0, 0.14, HEIGHT), "tx2")


def _place(shape: Shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)


def _set_text(shape: Shape, *, size: int, bold: bool, anchor: str, colour: str) -> None:
    body = shape.element.find(f".//{qn('a:bodyPr')}")
    body.set("anchor", anchor)
    styles = shape.element.find(f".//{qn('a:lstStyle')}")
    for child in list(styles):
        styles.remove(child)
    styles.append(
        parse_xml(
            f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="l"><a:buNone/>'
            f'<a:defRPr sz="{size * 100}" b="{int(bold)}"><a:solidFill>'
            f'<a:schemeClr val="{colour}"/></a:solidFill></a:defRPr></a:lvl1pPr>'
        )
    )


def _set_background(layout: Layout, colour: str) -> None:
    layout.element.find(qn("p:cSld")).insert(
        0,
        parse_xml(
            f'<p:bg {nsdecls("p", "a")}><p:bgPr><a:solidFill><a:schemeClr val="{colour}"/>'
            "</a:solidFill><a:effectLst/></p:bgPr></p:bg>"
        ),
    )


def _add_bar(layout: Layout, box: tuple[float, float, float, float], colour: str) -> None:
    left, top, width, height = box
    tree = layout.element.find(f".//{qn('p:spTree')}")
    tree.insert(
        2,
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Bar"/><p:cNvSpPr/>'
            f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>'
            f'<a:off x="{Inches(left)}" y="{Inches(top)}"/>'
            f'<a:ext cx="{Inches(width)}" cy="{Inches(height)}"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
            f'<a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
        ),
    )
