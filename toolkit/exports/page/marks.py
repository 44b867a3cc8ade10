"""What drawings are made of, and how what a figure says is read."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolkit.titles import number

Both: TypeAlias = tuple[Any, Any]
"""The same trace in the light figure and in the dark one."""


@dataclass(frozen=True)
class Mark:
    """A piece of a bar, a point of a line or an entry of a legend; `said` is shown on hovering."""

    style: str
    text: str = ""
    name: str = ""
    said: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its pieces, and its total where one stands at its end."""

    name: str
    marks: Sequence[Mark]
    total: str


@dataclass(frozen=True)
class Shape:
    """A path of an SVG, in hundredths of its size."""

    path: str
    style: str
    said: str = ""


@dataclass(frozen=True)
class Label:
    """A text at a place; `side` is "left" or "right" beside the plot, or "" in it."""

    text: str
    side: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """What one chart is drawn of; places are in hundredths of its width and height.

    `kind` says which of the three it is: "bars", "lines" or "ribbons". `alt` is read instead of it.
    """

    kind: str
    alt: str
    legend: Sequence[Mark]
    bars: Sequence[Bar] = ()
    shapes: Sequence[Shape] = ()
    labels: Sequence[Label] = ()
    rules: Sequence[Label] = ()
    dots: Sequence[Mark] = ()


def path_through(points: Sequence[tuple[float, float]]) -> str:
    """Return the path of an SVG through these points."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def entry(both: Both) -> Mark:
    """Return a trace as an entry of the legend."""
    border = colour(both, "marker.line.color", 0)
    style = f"background:{colour(both, 'marker.color', 0)};border-color:{border}"
    return Mark(style, plain(both[0].name))


def colour(both: Both, name: str, index: int = 0) -> str:
    """Return a colour of a trace, as it is on a light page and on a dark one."""
    light, dark = (at(trace[name], index) for trace in both)
    return f"light-dark({light},{dark})" if light and dark else "transparent"


def at(value: Any, index: int) -> Any:
    """Return what a trace says of one of its points: one for all, or each its own."""
    return value if isinstance(value, str) or not hasattr(value, "__len__") else value[index]


def hovered(template: str, data: Sequence[Any], place: str) -> str:
    """Return what plotly would show of a point, from the few forms that our charts use."""

    def value(found: re.Match[str]) -> str:
        one = data[int(found["index"])]
        return number(one) if found["form"] else str(one)

    said = template.partition("<extra>")[0].replace("%{y}", place)
    return plain(re.sub(r"%\{customdata\[(?P<index>\d+)\](?P<form>:,)?\}", value, said))


def plain(text: object) -> str:
    """Return what plotly would show of a text: its own tags acted upon, entities as characters."""
    broken = re.sub(r"\s*<br>\s*", "\n", str(text))
    return html.unescape(re.sub(r"</?b>", "", broken)).strip()
