"""A native chart with its numbers on a slide: what is inside it, and what every one has."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.shapes import Ink, describe, paint
from toolkit.exports.deck.stage import Area, Stage

_POSITIVE: Final = 2**31
"""What python-pptx writes as an axis's number is negative, which no schema allows."""


class _TextOnlyWriter(CategoryWorkbookWriter):
    """Writes the workbook inside a chart; a text that looks like a formula or a link stays text."""

    def __init__(self, numbers: "Numbers") -> None:
        super().__init__(numbers)  # type: ignore[no-untyped-call] # python-pptx has no types here
        self._created = numbers.created

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        with super()._open_worksheet(xlsx_file) as (book, sheet):
            book.set_properties({"created": self._created})
            sheet.strings_to_formulas = sheet.strings_to_urls = False
            yield book, sheet


class Numbers(CategoryChartData):
    """What a chart shows: the only kind that is put on a slide, since names are untrusted."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(number_format="#,##0")  # type: ignore[no-untyped-call] # no types there
        self.created = stage.presentation.core_properties.created

    @property
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _TextOnlyWriter(self)


def place_chart(slide: Slide, kind: XL_CHART_TYPE, area: Area, data: Numbers, alt: str) -> Shape:
    """Put a chart with its alt text on the slide; return the frame it stands in."""
    frame: Shape = slide.shapes.add_chart(
        kind,
        Inches(area.left),
        Inches(area.top),
        Inches(area.width),
        Inches(area.height),
        data,  # type: ignore[arg-type] # that of categories is one, too
    )
    describe(frame, alt, name="Chart")
    space = frame.chart.element
    for number in (*space.iter(qn("c:axId")), *space.iter(qn("c:crossAx"))):
        number.set("val", str(int(number.get("val")) % _POSITIVE))
    return frame


def plain(chart: Any, points: float) -> None:
    """Leave out the chart's own title, and give its text a size and the presentation's ink."""
    chart.has_title = False
    chart.font.size = Pt(points)
    paint(chart.font.color, Ink.TEXT)


def add_key(chart: Any, points: float, place: str) -> None:
    """Add the chart's own legend at "top" or "bottom", or none."""
    chart.has_legend = place != "none"
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION[place.upper()]
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(points)
        paint(chart.legend.font.color, Ink.TEXT)


def set_inside(chart: Any, area: Area, inside: Area) -> None:
    """Say where in the chart's area its bars are, so that there is room for what is beside them."""
    shares = {
        "x": (inside.left - area.left) / area.width,
        "y": (inside.top - area.top) / area.height,
        "w": inside.width / area.width,
        "h": inside.height / area.height,
    }
    plot = chart.element.find(f".//{qn('c:plotArea')}")
    for old in plot.findall(qn("c:layout")):
        plot.remove(old)
    parts = "".join(f'<c:{name} val="{share:.4f}"/>' for name, share in shares.items())
    plot.insert(
        0,
        parse_xml(
            f"<c:layout {nsdecls('c')}><c:manualLayout>"
            '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f"{parts}</c:manualLayout></c:layout>"
        ),
    )


def name_every_bar(axis: Any) -> None:
    """Have each bar's name stand beside it: of many, PowerPoint would leave some out."""
    element = axis._element  # noqa: SLF001 - python-pptx has no such setting
    last = element.find(qn("c:noMultiLvlLbl"))
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    element.insert(len(element) if last is None else element.index(last), skip)
