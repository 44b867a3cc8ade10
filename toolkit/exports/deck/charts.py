"""Native PowerPoint charts, whose numbers can be edited: stacked bars and a line."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from toolkit import theme
from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.shapes import Ink, describe, paint
from toolkit.exports.deck.stage import Area, Stage
from toolkit.text import printable

_LABELLED: Final = 0.025
"""The smallest share of the longest bar that has room for its number."""


_CLOSE: Final = 0.12
"""How near the ends of two lines may be, in shares of the highest value, before labels collide."""

_MARKED: Final = 60
"""Up to how many points of a line have a mark: more would be a thick line of marks."""


class _TextOnlyWriter(CategoryWorkbookWriter):
    """Writes the workbook inside a chart; a text that looks like a formula or a link stays text."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        with super()._open_worksheet(xlsx_file) as (book, sheet):
            sheet.strings_to_formulas = sheet.strings_to_urls = False
            yield book, sheet


class _Numbers(CategoryChartData):
    """What a chart shows: the only kind that is put on a slide, since names are untrusted."""

    def __init__(self) -> None:
        super().__init__(number_format="#,##0")  # type: ignore[no-untyped-call] # no types there

    @property
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _TextOnlyWriter(self)  # type: ignore[no-untyped-call] # as above


def add_stacked_bars(
    stage: Stage,
    slide: Slide,
    area: Area,
    counts: pd.DataFrame,
    colours: Mapping[str, str],
    *,
    alt: str,
    names: Sequence[str] | None = None,
    size: float = 12,
    gap: int = 50,
    legend: str = "bottom",
) -> Shape:
    """Add horizontal stacked bars: one bar per row of `counts`, one segment per column.

    Columns without any count are left out; `names` are what the bars are called.
    """
    data: Any = _Numbers()
    data.categories = [printable(str(name)) for name in (counts.index if names is None else names)]
    shown = [column for column in counts.columns if counts[column].sum()]
    for column in shown:
        data.add_series(printable(str(column)), [int(value) for value in counts[column]])
    points = stage.points(size)
    frame = _place(slide, XL_CHART_TYPE.BAR_STACKED, area, data, alt)
    chart = frame.chart
    _plain(chart, points)
    _legend(chart, points, legend if len(shown) > 1 else "none")
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = gap, 100
    longest = int(counts.sum(axis="columns").max())
    smallest = max(1, -int(-longest * _LABELLED // 1))
    for series, column in zip(plot.series, shown, strict=True):
        colour = colours[column]
        series.format.fill.solid()
        paint(series.format.fill.fore_color, colour)
        # A thin edge in the page's colour keeps neighbours apart without relying on hue.
        paint(series.format.line.color, Ink.PAPER)
        series.format.line.width = Pt(0.75)
        labels = series.data_labels
        labels.show_value = True
        labels.number_format = f'[>={smallest}]#,##0;""'
        labels.number_format_is_linked = False
        labels.font.size, labels.font.bold = Pt(points), True
        paint(labels.font.color, theme.text_on(colour))
    across = chart.category_axis
    across.reverse_order = True
    across.format.line.fill.background()
    across.major_tick_mark = across.minor_tick_mark = XL_TICK_MARK.NONE
    across.tick_labels.font.size = Pt(points)
    paint(across.tick_labels.font.color, Ink.TEXT)
    value = chart.value_axis
    value.visible = False
    value.has_major_gridlines = False
    value.minimum_scale = 0
    value.maximum_scale = longest
    return frame


def add_lines(
    stage: Stage,
    slide: Slide,
    area: Area,
    values: pd.DataFrame,
    colours: Mapping[str, str],
    *,
    alt: str,
    size: float = 12,
) -> Shape:
    """Add one line per column over time, the last values labelled; the index is when, UTC."""
    data: Any = _Numbers()
    times = pd.DatetimeIndex(values.index)
    days = times.normalize()
    # A date axis keeps unequal gaps true; it knows days only.
    data.categories = (
        [day.date() for day in days]
        if days.is_unique
        else [f"{time.day} {time:%b %H:%M}" for time in times]
    )
    for column in values.columns:
        data.add_series(printable(str(column)), [int(value) for value in values[column]])
    points = stage.points(size)
    frame = _place(slide, XL_CHART_TYPE.LINE_MARKERS, area, data, alt)
    chart = frame.chart
    _plain(chart, points)
    _legend(chart, points, "top" if len(values.columns) > 1 else "none")
    ends = values.iloc[-1]
    near = _CLOSE * values.to_numpy().max()
    for series, column in zip(chart.plots[0].series, values.columns, strict=True):
        _draw_line(series, colours[column], marked=len(values) <= _MARKED)
        last = series.points[len(values) - 1].data_label
        # Above a line that is close below another, its label would stand in that one's.
        gaps = ends.drop(column) - ends[column]
        beside = bool((gaps.gt(0) & gaps.le(near)).any())
        last.position = XL_LABEL_POSITION.RIGHT if beside else XL_LABEL_POSITION.ABOVE
        last.font.size, last.font.bold = Pt(points * 1.5), True
    across = chart.category_axis
    across.format.line.fill.solid()
    paint(across.format.line.color, Ink.MUTED)
    across.tick_labels.font.size = Pt(points)
    if days.is_unique:
        in_one_year = days[0].year == days[-1].year
        across.tick_labels.number_format = "d mmm" if in_one_year else "d mmm yyyy"
        across.tick_labels.number_format_is_linked = False
        _space_days(across, (days[-1] - days[0]).days)
    across.major_tick_mark = across.minor_tick_mark = XL_TICK_MARK.NONE
    value = chart.value_axis
    value.minimum_scale = 0
    value.has_major_gridlines = True
    paint(value.major_gridlines.format.line.color, stage.palette.line)
    value.format.line.fill.background()
    value.tick_labels.font.size = Pt(points)
    # Its zero would stand where the first day stands.
    value.tick_labels.number_format = '#,##0;-#,##0;""'
    value.tick_labels.number_format_is_linked = False
    value.major_tick_mark = XL_TICK_MARK.NONE
    return frame


def _draw_line(series: Any, colour: str, *, marked: bool) -> None:
    series.smooth = False
    paint(series.format.line.color, colour)
    series.format.line.width = Pt(3)
    if not marked:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style = XL_MARKER_STYLE.CIRCLE
    series.marker.size = 7
    series.marker.format.fill.solid()
    paint(series.marker.format.fill.fore_color, colour)
    paint(series.marker.format.line.color, colour)


def spelled(counts: pd.DataFrame) -> str:
    """Say every count of a chart in words, for those who hear it."""
    return "; ".join(
        f"{printable(str(name))}: "
        + ", ".join(
            f"{int(count):,} {str(column).lower()}" for column, count in row.items() if count
        )
        for name, row in counts.iterrows()
    )


def _place(slide: Slide, kind: XL_CHART_TYPE, area: Area, data: Any, alt: str) -> Shape:
    """Put a chart with its alt text on the slide; return the frame it stands in."""
    frame: Shape = slide.shapes.add_chart(
        kind, Inches(area.left), Inches(area.top), Inches(area.width), Inches(area.height), data
    )
    describe(frame, alt, name="Chart")
    return frame


def _plain(chart: Any, points: float) -> None:
    chart.has_title = False
    chart.font.size = Pt(points)
    paint(chart.font.color, Ink.TEXT)


def _legend(chart: Any, points: float, place: str) -> None:
    chart.has_legend = place != "none"
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION[place.upper()]
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(points)
        paint(chart.legend.font.color, Ink.TEXT)


def _space_days(axis: Any, days: int) -> None:
    """Name about eight days along the axis, weeks apart where the time allows."""
    step = max(1, -(-days // 8))
    if step > 3:  # noqa: PLR2004 - half a week is nearer to a week than to a day
        step = max(1, round(step / 7)) * 7
    element = axis._element  # noqa: SLF001 - python-pptx has no units of a date axis
    for tag, value in (("baseTimeUnit", "days"), ("majorUnit", step), ("majorTimeUnit", "days")):
        for old in element.findall(qn(f"c:{tag}")):
            element.remove(old)
        element.append(parse_xml(f'<c:{tag} {nsdecls("c")} val="{value}"/>'))
