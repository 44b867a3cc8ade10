"""Ribbons between two sides on the page, as a figure of plotly has them."""

from collections.abc import Iterator, Sequence
from typing import Final

import plotly.graph_objects as go

from toolkit.exports.page.marks import (
    Both,
    Drawing,
    Label,
    Shape,
    at,
    colour,
    entry,
    path_through,
    plain,
)

_NEAR: Final = 8.0
"""How close two labels of one side may be, in hundredths of the height."""


def ribbons(light: go.Figure, dark: go.Figure, traces: list[Both], alt: str) -> Drawing:
    """Draw ribbons between the bars of two sides, whose names stand beside them."""
    (left, right), (bottom, top) = light.layout.xaxis.range, light.layout.yaxis.range

    def across(value: float) -> float:
        return float(100 * (value - left) / (right - left))

    def down(value: float) -> float:
        return float(100 * (value - top) / (bottom - top))

    shapes, labels, legend = [], [], []
    for both in traces:
        ribbon = both[0]
        if ribbon.fill == "toself":
            points = [(across(x), down(y)) for x, y in zip(ribbon.x, ribbon.y, strict=True)]
            style = f"fill:{colour(both, 'fillcolor')}"
            shapes.append(Shape(path_through(points) + "Z", style, plain(at(ribbon.text, 0))))
        elif ribbon.text is not None:
            labels += [
                Label(plain(text), "", across(x), down(y))
                for x, y, text in zip(ribbon.x, ribbon.y, ribbon.text, strict=True)
                if text
            ]
        elif ribbon.name:
            legend.append(entry(both))
    for mine, theirs in zip(light.layout.shapes, dark.layout.shapes, strict=True):
        corners = [(across(x), down(y)) for x in (mine.x0, mine.x1) for y in (mine.y0, mine.y1)]
        a, b, d, c = corners
        style = f"fill:light-dark({mine.fillcolor},{theirs.fillcolor})"
        shapes.append(Shape(path_through([a, b, c, d]) + "Z", style))
    sides = {"right": "left", "left": "right"}
    beside = [
        Label(plain(one.text), sides[one.xanchor], 0, down(one.y))
        for one in light.layout.annotations
    ]
    return Drawing("ribbons", alt, legend, shapes=shapes, labels=labels + list(_apart(beside)))


def _apart(labels: Sequence[Label]) -> Iterator[Label]:
    """Give the labels of both sides where none covers another, from the top down."""
    for side in ("left", "right"):
        column = sorted((one for one in labels if one.side == side), key=lambda one: one.y)
        free = 0.0
        for index, one in enumerate(column):
            # Those that are still to come must find room above the end, too.
            most = 100 - _NEAR * (len(column) - 1 - index)
            y = max(min(one.y, most), free)
            free = y + _NEAR
            yield Label(one.text, side, one.x, y)
