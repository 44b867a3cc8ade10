"""The presentation that slides are put on: our own blank one, or a user's template."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation

from toolkit import theme
from toolkit.exports.deck.area import Area
from toolkit.exports.deck.blank import HEIGHT, WIDTH, Layout, Shape, blank_presentation
from toolkit.exports.deck.ground import ground
from toolkit.exports.deck.measure import fitted, shortened, shortened_apart, shortened_path
from toolkit.exports.deck.template import opened

__all__ = ["Area", "Stage", "inherited_size", "open_stage"]

_EMU: Final = 914_400
_MARGIN: Final = 0.6
_TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FURNITURE: Final = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_GAP: Final = 0.12
_BREADTH: Final = 1.13
_BROADER: Final = 1.25
_BROAD: Final = (
    "verdana",
    "dejavu",
    "century gothic",
    "lucida",
    "courier",
    "consolas",
    "montserrat",
)
"""Fonts that are much wider than Arial, as they begin."""


@dataclass(frozen=True)
class Stage:
    """An empty presentation, the two layouts used of it, and where things go on a slide.

    `scale` is its size against 13.333 × 7.5 inches; text grows and shrinks with it. `palette` is
    the colours of data for its background, and `breadth` how much wider than Arial its font may
    come out.
    """

    presentation: Presentation
    opening: Layout
    content: Layout
    title: Area
    title_size: float
    subtitle: Area
    body: Area
    source: Area
    scale: float
    palette: theme.Palette
    breadth: float
    lead: tuple[str, ...] = ()
    """What stands before the subtitle of each slide, such as what was selected."""

    @property
    def size(self) -> tuple[int, int]:
        """How wide and how high a slide is, in PowerPoint's own units."""
        return self.presentation.slide_width or 0, self.presentation.slide_height or 0

    @property
    def floor(self) -> float:
        """The smallest text in points: on a slide of 7 inches or less, it is shown enlarged."""
        return max(6.0, min(7.0, round(26.6 * self.scale) / 2))

    @property
    def remark(self) -> Area:
        """Where a word stands on what a slide does not show; tables end above it."""
        return self.body.below(self.body.height - 0.27 * self.scale)

    def points(self, size: float) -> float:
        """Return a text size in points for this presentation, made for our own."""
        return max(self.floor, round(size * self.scale * 2) / 2)

    def shortened(self, text: str, width: float, points: float, *, path: bool = False) -> str:
        """Return text on one line of `width` inches, its middle left out where it does not fit."""
        cut = shortened_path if path else shortened
        return cut(text, width, points * self.breadth)

    def apart(
        self, names: Sequence[str], width: float, points: float, *, lines: int = 1
    ) -> list[str]:
        """Return names in so many lines of `width` inches; different ones stay different."""
        return shortened_apart(names, width, points * self.breadth, lines=lines)

    def fitted(
        self, text: str, area: Area, sizes: Sequence[float], *, bold: bool = False
    ) -> tuple[str, float]:
        """Return the text and the first of the sizes, in points, at which it fits the area."""
        wide = [size * self.breadth for size in sizes]
        text, size = fitted(text, area.width, area.height * self.breadth, wide, bold=bold)
        return text, size / self.breadth


def open_stage(template: str | os.PathLike[str] | None = None) -> Stage:
    """Return our own blank presentation, or a user's template without its sample slides.

    The template's file is not touched. Its master, layouts, fonts and colours are kept; slides
    that it holds stay out of the deck. Raises InputError where it cannot be used.
    """
    presentation = blank_presentation() if template is None else opened(template)
    layouts = list(presentation.slide_layouts)
    content = min(layouts, key=_unfitness)
    opening = next((layout for layout in layouts if _kinds(layout) >= _OPENING), None) or next(
        (layout for layout in layouts if PP_PLACEHOLDER.CENTER_TITLE in _kinds(layout)), content
    )
    breadth = 1.0 if template is None else _breadth(content)
    return _measured(presentation, opening, content, breadth=breadth)


_OPENING: Final = {PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.SUBTITLE}


def _kinds(layout: Layout) -> set[Any]:
    return {shape.placeholder_format.type for shape in layout.placeholders}


def _unfitness(layout: Layout) -> tuple[bool, bool, int]:
    """Rank layouts for a slide that needs a title and room."""
    kinds = [shape.placeholder_format.type for shape in layout.placeholders]
    others = [kind for kind in kinds if kind not in (*_FURNITURE, PP_PLACEHOLDER.TITLE)]
    centred = PP_PLACEHOLDER.CENTER_TITLE in kinds
    return PP_PLACEHOLDER.TITLE not in kinds, centred, len(others)


def _breadth(layout: Layout) -> float:
    """Return how much wider than Arial the text of a template may come out."""
    part = layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    fonts = [
        latin.get("typeface", "").lower() for latin in parse_xml(part.blob).iter(qn("a:latin"))
    ]
    return _BROADER if any(font.startswith(_BROAD) for font in fonts[:2]) else _BREADTH


def _measured(
    presentation: Presentation, opening: Layout, content: Layout, *, breadth: float
) -> Stage:
    width, height = (
        (presentation.slide_width or 0) / _EMU,
        (presentation.slide_height or 0) / _EMU,
    )
    scale = min(width / WIDTH, height / HEIGHT)
    margin = _MARGIN * scale
    heading = next((p for p in content.placeholders if p.placeholder_format.type in _TITLES), None)
    title = Area(margin, 0.42 * scale, width - 2 * margin, 0.86 * scale)
    size = 26 * scale
    if heading is not None:
        left, top, across, down = (
            (value or 0) / _EMU
            for value in (heading.left, heading.top, heading.width, heading.height)
        )
        # A title that takes the slide's half is a section header's: ours goes to the top.
        if width / 2 < across <= width - left and 0.3 * scale < down < height / 2 - top:
            title = Area(left, top, across, down)
            size = inherited_size(content, heading, "titleStyle") or size
    floor = min(
        (
            (shape.top or 0) / _EMU
            for shape in content.placeholders
            if shape.placeholder_format.type in _FURNITURE and (shape.top or 0) / _EMU > height / 2
        ),
        default=height - 0.5 * scale,
    )
    # A title may be narrow, beside a logo or on a slide that was made wider: the rest need not be.
    across = max(title.width, width - 2 * title.left)
    source = Area(title.left, floor - 0.28 * scale, across, 0.26 * scale)
    if floor > height * 0.92:
        # Nothing but the page number stands that low: the source shares its line.
        numbers = [
            (shape.left or 0) / _EMU - title.left
            for shape in content.placeholders
            if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER
        ]
        room = min([across * 0.8, *(left for left in numbers if left > across / 2)])
        source = replace(source, top=floor, width=room, height=0.3 * scale)
    subtitle = Area(title.left, title.bottom + 0.04 * scale, across, 0.34 * scale)
    top = subtitle.bottom + _GAP * scale
    body = Area(title.left, top, across, source.top - _GAP * scale - top)
    paper = ground(content, (presentation.slide_width or 0, presentation.slide_height or 0))
    dark = theme.contrast("#FFFFFF", paper) > theme.contrast("#000000", paper)
    return Stage(
        presentation=presentation,
        opening=opening,
        content=content,
        title=title,
        title_size=size,
        subtitle=subtitle,
        body=body,
        source=source,
        scale=scale,
        palette=theme.palette(dark=dark),
        breadth=breadth,
    )


def inherited_size(layout: Layout, shape: Shape, style: str) -> float | None:
    """Return the size in points that a placeholder's text gets from its layout or master."""
    first = f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
    kind = shape.placeholder_format.type
    own = [
        shape,
        *(p for p in layout.slide_master.placeholders if p.placeholder_format.type == kind),
    ]
    places = [placeholder.element.find(f".//{qn('a:lstStyle')}/{first}") for placeholder in own]
    places.append(layout.slide_master.element.find(f".//{qn(f'p:{style}')}/{first}"))
    sizes = [place.get("sz") for place in places if place is not None]
    return next((int(size) / 100 for size in sizes if size), None)
