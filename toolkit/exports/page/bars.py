"""Horizontal bars on the page, as a figure of plotly has them."""

from typing import Any, Final

import plotly.graph_objects as go

from toolkit.exports.page.marks import Bar, Both, Drawing, Mark, at, colour, entry, hovered, plain
from toolkit.titles import number

_COUNT: Final = 2
"""Where in the customdata of a bar's piece its count stands: [what, which, how many]."""


def bars(figure: go.Figure, traces: list[Both], alt: str) -> Drawing:
    """Draw horizontal bars, each of one piece or of several in a row."""
    axis = figure.layout.yaxis
    named = dict(zip(axis.tickvals or (), axis.ticktext or (), strict=True))
    stacks = [both for both in traces if both[0].type == "bar"]
    places = list(dict.fromkeys(place for trace, _ in stacks for place in trace.y))
    if named:
        places.sort()
    totals = {
        place: plain(text)
        for trace, _ in traces
        if trace.type == "scatter" and trace.text is not None
        for place, text in zip(trace.y, trace.text, strict=True)
    }
    pieces: dict[Any, list[tuple[float, Mark]]] = {place: [] for place in places}
    for both in stacks:
        for index, place in enumerate(both[0].y):
            if both[0].x[index]:
                pieces[place].append(_piece(both, index, str(named.get(place, place))))
    longest = max(sum(width for width, _ in row) for row in pieces.values())
    legend = [entry(both) for both in stacks] if figure.layout.showlegend is not False else []
    return Drawing(
        "bars",
        alt,
        legend,
        bars=[
            Bar(
                plain(named.get(place, place)),
                [
                    Mark(f"--w:{width / longest:.4f};{mark.style}", mark.text, mark.name, mark.said)
                    for width, mark in row
                ],
                totals.get(place, ""),
            )
            for place, row in pieces.items()
        ],
    )


def _piece(both: Both, index: int, place: str) -> tuple[float, Mark]:
    """Return a piece of a bar: how long it is, and how it looks; its count is always written.

    Whether there is room for it only the reader's screen knows.
    """
    bar = both[0]
    data: Any = bar.customdata[index] if bar.customdata is not None else ()
    written = number(int(data[_COUNT] if len(data) > _COUNT else bar.x[index]))
    text = at(bar.text, index) or ""
    name = text.removesuffix(written).strip() if text.endswith(written) else ""
    style = (
        f"background:{colour(both, 'marker.color', index)}"
        f";color:{colour(both, 'textfont.color', index)}"
        f";border-color:{colour(both, 'marker.line.color', index)}"
    )
    said = hovered(bar.hovertemplate or "", data, place)
    return float(bar.x[index]), Mark(style, written, plain(name), said)
