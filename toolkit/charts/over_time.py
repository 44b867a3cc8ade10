"""What lines over time share: the axis of the snapshots, that of the amounts, and the marks."""

import math
from typing import Any, Final

import pandas as pd

_MARKED: Final = 60
"""Up to how many snapshots each has a mark on the line: more would be a thick line of marks."""


def marks(points: int, usual: int, last: int) -> dict[str, Any]:
    """Return how the points of a line are marked: the last one larger, many others not at all."""
    return {
        "size": [usual if points <= _MARKED else 0] * (points - 1) + [last],
        "line": {"width": 0},
        "opacity": 1,
    }


def naive(times: pd.Index) -> pd.DatetimeIndex:
    """Return the times without their zone: Plotly draws what it is given, which is UTC."""
    return pd.DatetimeIndex(times).tz_localize(None)


def dates(times: pd.Index, most: int) -> dict[str, Any]:
    """Return a time axis that names at most so many of the snapshots, and no time between them."""
    taken = naive(times)
    first, last = taken[0], taken[-1]
    room = max((last - first) * 0.02, pd.Timedelta(hours=12))
    step = max(math.ceil((len(taken) - 1) / (most - 1)), 1)
    named = taken[::-step][::-1]
    parts = ["%-d %b"]  # D3's words, which the browser reads: Python's have no %-d on Windows
    if first.year != last.year:
        parts.append("%Y")
    if named.normalize().has_duplicates:
        parts.append("%H:%M")
    return {
        "range": [first - room, last + room],
        "tickvals": named,
        "tickformat": " ".join(parts),
        "ticklabelstandoff": 6,
        "fixedrange": True,
    }


def amounts(top: float) -> dict[str, Any]:
    """Return an axis of whole numbers from zero up."""
    return {
        "range": [0, top],
        "showgrid": True,
        "nticks": 6,
        "tickformat": ",d",
        "fixedrange": True,
    }
