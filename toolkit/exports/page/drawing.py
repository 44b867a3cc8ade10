"""Charts on the page: the figures of `toolkit.charts`, drawn in HTML and SVG without a library.

What a figure is made of is drawn as it says: horizontal bars, lines over time, and ribbons between
two sides. So a chart looks here as it does elsewhere, its words are text that keeps its size on
a phone and on paper, and its colours follow a light or dark page.
"""

import plotly.graph_objects as go

from toolkit.exports.page.bars import bars
from toolkit.exports.page.lines import lines
from toolkit.exports.page.marks import Both, Drawing
from toolkit.exports.page.ribbons import ribbons


def drawn(light: go.Figure, dark: go.Figure, alt: str) -> Drawing | None:
    """Draw a figure from its light and its dark form; None where it is made of something else."""
    traces: list[Both] = list(zip(light.data, dark.data, strict=True))
    kinds = {(trace.type, getattr(trace, "orientation", None)) for trace, _ in traces}
    if ("bar", "h") in kinds and kinds <= {("bar", "h"), ("scatter", None)}:
        return bars(light, traces, alt)
    if {kind for kind, _ in kinds} != {"scatter"} or not light.layout.yaxis.range:
        return None
    if any(trace.fill == "toself" for trace, _ in traces):
        return ribbons(light, dark, traces, alt)
    return lines(light, traces, alt) if light.layout.xaxis.tickvals is not None else None
