"""Templates of one's own: python-pptx's in any size, its layouts fewer, its ground another."""

import itertools
from pathlib import Path
from typing import Any

import pptx
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

DARK = '<a:solidFill><a:srgbClr val="101820"/></a:solidFill>'
"""A dark ground that the theme knows nothing of: its ink is black."""


def template(folder: Path, width: float, height: float, look: str = "") -> Path:
    """Save python-pptx's own template in another size, or with another look, and return it."""
    presentation: Any = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(height)
    layouts = presentation.slide_layouts
    if look == "dark":
        set_ground(presentation, DARK)
    if look == "two layouts":
        for layout in list(layouts)[2:]:
            layouts.remove(layout)
    if look == "no room":
        for shape in itertools.chain(*(layout.placeholders for layout in layouts)):
            shape.left = shape.top = shape.width = shape.height = Inches(0.2)
    if look == "blank":
        for layout in [layout for layout in layouts if layout.name != "Blank"]:
            layouts.remove(layout)
    presentation.save(folder / "template.pptx")
    return folder / "template.pptx"


def set_ground(presentation: Any, filled: str) -> None:
    """Give the slide master a background, as XML."""
    holder = presentation.slide_master.element.find(qn("p:cSld"))
    holder.remove(holder.find(qn("p:bg")))
    names = nsdecls("p", "a", "r")
    holder.insert(0, parse_xml(f"<p:bg {names}><p:bgPr>{filled}<a:effectLst/></p:bgPr></p:bg>"))
