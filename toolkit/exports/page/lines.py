"""Lines over time on the page, as a figure of plotly has them."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from toolkit.exports.page.marks import (
    Both,
    Drawing,
    Label,
    Mark,
    Shape,
    at,
    colour,
    hovered,
    path_through,
    plain,
)
from toolkit.titles import number

_STEPS: Final = 5
"""At most how many lines a grid has above zero."""
_SIDES: Final = {"left": "right", "right": "first"}
"""Where a label stands that begins or ends at its point: behind the last, before the first."""
_DASHES: Final = {"dot": "2 4", "dash": "8 5"}


def lines(figure: go.Figure, traces: list[Both], alt: str) -> Drawing:
    """Draw lines over the time of snapshots, with their first and last values beside them."""
    first, last = (pd.Timestamp(end) for end in figure.layout.xaxis.range)
    low, high = figure.layout.yaxis.range

    def across(time: Any) -> float:
        return float(100 * ((pd.Timestamp(time) - first) / (last - first)))

    def down(value: float) -> float:
        return float(100 * (1 - (value - low) / (high - low)))

    shapes, dots = [], []
    for both in traces:
        line = both[0]
        points = [(across(x), down(y)) for x, y in zip(line.x, line.y, strict=True)]
        path = path_through(points)
        if line.fill == "tozeroy":
            fill = colour(both, "fillcolor")
            ends = f"L{points[-1][0]:.2f} 100L{points[0][0]:.2f} 100Z"
            shapes.append(Shape(path + ends, f"fill:{fill}"))
        stroke = colour(both, "line.color")
        dashes = _DASHES.get(line.line.dash, "none")
        style = f"fill:none;stroke:{stroke};stroke-width:{line.line.width}"
        shapes.append(Shape(path, f"{style};stroke-dasharray:{dashes}"))
        for index, (x, y) in enumerate(points):
            size = at(line.marker.size, index)
            if size:
                said = hovered(line.hovertemplate or "", line.customdata[index], "")
                style = f"left:{x:.2f}%;top:{y:.2f}%;width:{size}px;background:{stroke}"
                dots.append(Mark(style, said=said))
    times = [pd.Timestamp(time) for time in figure.layout.xaxis.tickvals]
    days = [Label(_day(t, figure.layout.xaxis.tickformat), "below", across(t), 100) for t in times]
    step = _step(high)
    grid = [Label(number(value), "left", 0, down(value)) for value in range(0, int(high) + 1, step)]
    labels = [
        Label(plain(one.text), _SIDES[one.xanchor], across(one.x), down(one.y))
        for one in figure.layout.annotations
    ]
    return Drawing("lines", alt, [], shapes=shapes, labels=labels + days, rules=grid, dots=dots)


def _step(high: float) -> int:
    """Return the step of a grid of whole numbers up to so much: 1, 2 or 5, or tens of them."""
    steps = (unit * 10**power for power in range(12) for unit in (1, 2, 5))
    return next((step for step in steps if high / step <= _STEPS), int(high))


def _day(time: pd.Timestamp, form: str) -> str:
    """Write a time as D3 would: Python knows its day without a zero not on every system."""
    return time.strftime(form.replace("%-d", str(time.day)))
