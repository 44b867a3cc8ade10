"""What colour text stands on in a template, and what colour it has there, as best can be told."""

import io
from collections.abc import Iterator
from typing import Any, Final

from PIL import Image
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from toolkit.exports.deck.blank import Layout, Shape

_ENOUGH: Final = 0.9
"""The share of a slide that a shape covers which text is taken to stand on."""

_MOST_PIXELS: Final = 50_000_000
_NAMED: Final = {"black": "000000", "white": "FFFFFF", "gray": "808080", "grey": "808080"}
_FILLS: Final = ("a:solidFill", "a:gradFill", "a:pattFill", "a:blipFill")
_PLAIN: Final = "#FFFFFF"

Rgb = tuple[float, float, float]
"""Red, green and blue, from 0 to 1."""


def ground(layout: Layout, size: tuple[int, int]) -> str:
    """Return the colour, "#RRGGBB", that text on a layout of slides of that size stands on.

    Of a gradient and of a picture it is the average; white where nothing is said.
    """
    master = layout.slide_master
    found: Rgb | None = None
    holders = [layout, master]
    for holder in holders:
        background = holder.element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
        if background is not None:
            found = _filled(background[0], holder)
            break
    if found is None:
        found = _of_theme(master, "bg1")
    if layout.element.get("showMasterSp") == "0":
        holders = [layout]
    for holder in reversed(holders):  # what the layout has stands above what its master has
        for shape in _covering(holder, size):
            found = _filled(shape, holder) or found
    return _hexed(found) if found else _PLAIN


def inherited_colour(layout: Layout, shape: Shape, style: str) -> str:
    """Return the colour, "#RRGGBB", that a placeholder's text gets from its layout or master."""
    first = f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}/{qn('a:solidFill')}"
    place, kind = shape.placeholder_format.idx, shape.placeholder_format.type
    master = layout.slide_master
    holders = [
        *(p for p in layout.placeholders if p.placeholder_format.idx == place),
        *(p for p in master.placeholders if p.placeholder_format.type == kind),
    ]
    places = [holder.element.find(f".//{qn('a:lstStyle')}/{first}") for holder in holders]
    places.append(master.element.find(f".//{qn(f'p:{style}')}/{first}"))
    found = next((place for place in places if place is not None and len(place)), None)
    colour = _of_theme(master, "tx1") if found is None else _colour(found[0], master)
    return _hexed(colour) if colour else "#000000"


def theme_colour(layout: Layout, name: str) -> str | None:
    """Return what colour the name of a theme's colour, such as "tx1", stands for on a layout."""
    colour = _of_theme(layout.slide_master, name)
    return _hexed(colour) if colour else None


def _covering(holder: Layout, size: tuple[int, int]) -> Iterator[Any]:
    """Yield what is filled of the shapes that cover the slide, the undermost first."""
    for shape in holder.shapes:
        if shape.is_placeholder or None in (shape.width, shape.height):
            continue
        across = min(shape.left + shape.width, size[0]) - max(shape.left, 0)
        down = min(shape.top + shape.height, size[1]) - max(shape.top, 0)
        if across > _ENOUGH * size[0] and down > _ENOUGH * size[1]:
            yield (
                shape.element
                if shape.element.tag == qn("p:pic")
                else shape.element.find(qn("p:spPr"))
            )


def _filled(element: Any, holder: Layout) -> Rgb | None:
    """Return the colour that an element is filled with, a background or a shape."""
    master = getattr(holder, "slide_master", holder)
    if element is None:
        return None
    if element.tag == qn("p:bgRef"):
        return _colour(element[0], master) if len(element) else None
    for kind in (*_FILLS, "p:blipFill"):
        fill = element.find(qn(kind))
        if fill is None:
            continue
        if kind.endswith("blipFill"):
            return _average(fill, holder)
        if kind == "a:solidFill":
            return _colour(fill[0], master) if len(fill) else None
        stops = [*fill.iter(qn("a:gs")), *fill.iter(qn("a:fgClr")), *fill.iter(qn("a:bgClr"))]
        colours = [_colour(stop[0], master) for stop in stops if len(stop)]
        return _mean([colour for colour in colours if colour])
    return None


def _average(fill: Any, holder: Layout) -> Rgb | None:
    blip = fill.find(qn("a:blip"))
    try:
        picture = holder.part.related_part(blip.get(qn("r:embed"))).blob
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            small = opened.convert("RGB").resize((1, 1), Image.Resampling.BOX)
            red, green, blue = small.tobytes()
    except Exception:  # noqa: BLE001 - a drawing of vectors, or a broken picture: nothing is told
        return None
    return red / 255, green / 255, blue / 255


def _mean(colours: list[Rgb]) -> Rgb | None:
    if not colours:
        return None
    red, green, blue = (sum(part) / len(colours) for part in zip(*colours, strict=True))
    return red, green, blue


def _of_theme(master: Layout, name: str) -> Rgb | None:
    mapping = master.element.find(qn("p:clrMap"))
    mapped = name if mapping is None else mapping.get(name, name)
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    slot = parse_xml(part.blob).find(f".//{qn('a:clrScheme')}/{qn(f'a:{mapped}')}")
    return None if slot is None or not len(slot) else _colour(slot[0], master)


def _colour(element: Any, master: Layout) -> Rgb | None:
    """Return a colour as it is written, with what lightens or darkens it."""
    value = element.get("val", "")
    if element.tag == qn("a:schemeClr"):
        found = _of_theme(master, value)
    else:
        written = element.get("lastClr") or _NAMED.get(value, value)
        found = _parsed(written)
    if found is None:
        return None
    for change in element:
        amount = int(change.get("val", "100000")) / 100_000
        if change.tag in (qn("a:lumMod"), qn("a:shade")):
            found = _each(found, amount, 0)
        elif change.tag == qn("a:lumOff"):
            found = _each(found, 1, amount)
        elif change.tag == qn("a:tint"):
            found = _each(found, amount, 1 - amount)
    return found


def _each(colour: Rgb, factor: float, more: float) -> Rgb:
    red, green, blue = (min(1.0, part * factor + more) for part in colour)
    return red, green, blue


def _parsed(value: str) -> Rgb | None:
    try:
        red, green, blue = bytes.fromhex(value)
    except ValueError:
        return None
    return red / 255, green / 255, blue / 255


def _hexed(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in colour)
