"""Native PowerPoint charts, whose numbers can be edited: stacked bars and a line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from toolkit import theme
from toolkit.exports.deck.bars import below_key, fitted_names, number_width
from toolkit.exports.deck.blank import Shape
from toolkit.exports.deck.numbers import (
    Numbers,
    add_key,
    name_every_bar,
    place_chart,
    plain,
    set_inside,
)
from toolkit.exports.deck.shapes import Ink, paint
from toolkit.exports.deck.stage import Area, Stage
from toolkit.text import printable

_CLOSE: Final = 0.12
"""How near two lines may be, in shares of the highest value, before their labels collide."""

_MARKED: Final = 60
"""Up to how many points of a line have a mark: more would be a thick line of marks."""


def add_stacked_bars(
    stage: Stage,
    slide: Slide,
    area: Area,
    counts: pd.DataFrame,
    colours: Mapping[str, str],
    *,
    alt: str,
    names: Sequence[str] | None = None,
    totals: bool = False,
    rates: Sequence[str] = (),
    size: float = 12,
    gap: int = 50,
    legend: str = "bottom",
) -> Shape:
    """Add horizontal stacked bars: one bar per row of `counts`, one segment per column.

    Columns without any count are left out. `names` are what the bars are called, and `totals` says
    whether a bar's sum stands behind its name, with what `rates` says of it. Names wrap or are set
    smaller before any is shortened; a segment has its number where that has room.
    """
    called = [printable(str(name)) for name in (counts.index if names is None else names)]
    sums = counts.sum(axis="columns").tolist()
    shown = [column for column in counts.columns if counts[column].sum()]
    points = stage.points(size)
    key = legend if len(shown) > 1 else "none"
    inside = below_key(stage, area, [str(column) for column in shown], points, key)
    pitch = inside.height / max(len(called), 1)
    more = rates or [""] * len(called)
    behind = [f"  ({value:,}{of})" if totals else "" for value, of in zip(sums, more, strict=True)]
    called, small, beside = fitted_names(stage, called, behind, area.width, pitch, points)
    inside = replace(inside, left=area.left + beside, width=area.width - beside - 0.05)
    data: Any = Numbers(stage)
    data.categories = called
    for column in shown:
        data.add_series(printable(str(column)), [int(value) for value in counts[column]])
    frame = place_chart(slide, XL_CHART_TYPE.BAR_STACKED, area, data, alt)
    chart = frame.chart
    plain(chart, points)
    add_key(chart, points, key)
    set_inside(chart, area, inside)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = gap, 100
    longest = max(1, *(int(value) for value in sums))
    number = min(points, max(stage.floor, int(pitch / (1 + gap / 100) * 72 / 1.2 * 2) / 2))
    per_inch = inside.width / longest
    values = {int(value) for column in shown for value in counts[column] if value}
    crowded = [v for v in values if v * per_inch < number_width(stage, v, number)]
    for series, column in zip(plot.series, shown, strict=True):
        colour = colours[column]
        series.format.fill.solid()
        paint(series.format.fill.fore_color, colour)
        # A thin edge in the page's colour keeps neighbours apart without relying on hue.
        paint(series.format.line.color, Ink.PAPER)
        series.format.line.width = Pt(0.75)
        labels = series.data_labels
        labels.show_value = True
        labels.number_format = f'[>={max(crowded, default=0) + 1}]#,##0;""'
        labels.number_format_is_linked = False
        labels.font.size, labels.font.bold = Pt(number), True
        paint(labels.font.color, theme.text_on(colour))
    across = chart.category_axis
    across.reverse_order = True
    across.format.line.fill.background()
    across.major_tick_mark = across.minor_tick_mark = XL_TICK_MARK.NONE
    across.tick_labels.font.size = Pt(small)
    paint(across.tick_labels.font.color, Ink.TEXT)
    name_every_bar(across)
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
    """Add one line per column over time, its first and last values labelled.

    The index is when, UTC.
    """
    data: Any = Numbers(stage)
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
    frame = place_chart(slide, XL_CHART_TYPE.LINE_MARKERS, area, data, alt)
    chart = frame.chart
    plain(chart, points)
    add_key(chart, points, "top" if len(values.columns) > 1 else "none")
    near = _CLOSE * values.to_numpy().max()
    ends = {0: XL_LABEL_POSITION.LEFT, len(values) - 1: XL_LABEL_POSITION.RIGHT}
    for series, column in zip(chart.plots[0].series, values.columns, strict=True):
        _draw_line(series, colours[column], marked=len(values) <= _MARKED)
        for place, aside in ends.items():
            label = series.points[place].data_label
            # Above a line that is close below another, its label would stand in that one's.
            gaps = values.iloc[place].drop(column) - values[column].iloc[place]
            beside = bool((gaps.gt(0) & gaps.le(near)).any())
            label.position = aside if beside else XL_LABEL_POSITION.ABOVE
            label.font.size, label.font.bold = Pt(points * (1.5 if place else 1.2)), True
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
