"""Where the bars of a chart stand, and what has room beside and in them: measured beforehand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from toolkit.exports.deck.measure import height_needed, line_height, text_width
from toolkit.exports.deck.stage import Area, Stage

_NAMES: Final = 0.42
"""The share of a chart's width that the names of its bars may take."""

_SMALLEST: Final = 8
"""The size in points down to which the names of bars shrink before they are shortened."""

_BESIDE: Final = 0.14
"""What stands free beside a name and around a number in its segment, in inches."""


def number_width(stage: Stage, value: int, points: float) -> float:
    """Return how wide a segment has to be for its number, in inches."""
    return text_width(f"{value:,}", points * stage.breadth, bold=True) + _BESIDE / 2


def below_key(stage: Stage, area: Area, words: Sequence[str], points: float, place: str) -> Area:
    """Return what of an area is left for bars beside its legend, which takes a line or more."""
    if place == "none":
        return area
    wide = points * stage.breadth
    whole = sum(text_width(word, wide) + points / 72 * 2 for word in words)
    high = (int(whole / (area.width * 0.95)) + 1) * line_height(points) * 1.25 + 0.08
    rest = area.upper(area.height - high)
    return replace(rest, top=area.top + high) if place == "top" else rest


def fitted_names(  # noqa: PLR0917 - one place alone calls it
    stage: Stage,
    names: Sequence[str],
    behind: Sequence[str],
    width: float,
    pitch: float,
    points: float,
) -> tuple[list[str], float, float]:
    """Return the names of bars, their size, and how much room is beside the bars for them."""
    room = width * _NAMES
    whole = [name + more for name, more in zip(names, behind, strict=True)]
    floor = min(points, max(stage.floor, stage.points(_SMALLEST)))
    sizes = [points - step / 2 for step in range(int((points - floor) * 2) + 1)]
    for lines in (1, 2):
        for small in sizes:
            wide = small * stage.breadth
            high = [height_needed(name, room, wide) / stage.breadth for name in whole]
            if all(
                one <= min(pitch, lines * line_height(small, name)) + 0.001
                for one, name in zip(high, whole, strict=True)
            ):
                longest = max((text_width(name, wide) for name in whole), default=0)
                return whole, small, min(longest, room) + _BESIDE
    rest = room - max(text_width(more, small * stage.breadth) for more in behind)
    short = stage.apart(names, rest, small)
    return [name + more for name, more in zip(short, behind, strict=True)], small, room + _BESIDE
