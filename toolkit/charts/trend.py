"""Several snapshots: how the mismatches move."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from toolkit import schema, theme, titles
from toolkit.charts.figure import (
    apart,
    empty_figure,
    new_figure,
    room_for,
    see_through,
)
from toolkit.charts.over_time import amounts, dates, marks, naive
from toolkit.schema import Severity
from toolkit.titles import counted, day, number
from toolkit.titles.history import whole_snapshots

_NEAR: Final = 0.09
"""How close two last values may be, in shares of the axis, before their labels move apart."""


def plot_mismatch_trend(trend: pd.DataFrame, *, dark: bool = False) -> go.Figure:
    """Plot the number of mismatches, of critical ones, and of pairs left behind in each snapshot.

    Takes what `analysis.trend` gives, or `fleet.trend` of one organization (one row per snapshot
    and severity; times UTC). A point's customdata is [taken as ISO 8601, mismatches, the words of
    its hover]. Raises InputError for several organizations.
    """
    schema.check(schema.TREND, trend)
    title = titles.title_mismatch_trend(trend)
    if trend.empty:
        subtitle = "Mismatching pairs in each snapshot"
        return empty_figure(title=title, subtitle=subtitle, dark=dark)
    counts = trend.pivot_table(
        index="taken", columns="severity", values="mismatches", aggfunc="sum", observed=False
    ).astype("int64")
    lines = {"mismatches": counts.sum(axis=1)}
    if counts[Severity.CRITICAL].any():
        lines["critical"] = counts[Severity.CRITICAL]
    whole = whole_snapshots(trend)
    left = whole["left_behind"]
    if left.any():
        lines["left behind"] = left
    what = "Mismatching pairs" + (", and pairs left behind," if left.any() else "")
    beside = f"; {number(int(left.iloc[-1]))} left behind" if left.any() else ""
    total = lines["mismatches"]
    colours = theme.palette(dark=dark)
    fills = {
        "mismatches": colours.ink,
        "critical": colours.severities[Severity.CRITICAL],
        "left behind": colours.muted,
    }
    top = max(*(int(values.max()) for values in lines.values()), 1) * 1.18
    words = _snapshots_in_words(counts, whole)
    # The first values stand between the axis and the lines.
    first = room_for(number(int(values.iloc[0])) for values in lines.values())
    figure = new_figure(
        [_line(name, values, words, fills[name]) for name, values in lines.items()],
        title=title,
        subtitle=f"{what} in {counted(len(counts), 'snapshot')}, times in UTC",
        alt=f"{title}. {number(int(total.iloc[0]))} on {day(counts.index[0])},"
        f" {number(int(total.iloc[-1]))} on {day(counts.index[-1])}{beside}.",
        dark=dark,
        height=400,
        hovermode="closest",
        showlegend=False,
        margin={"l": 8, "r": 130, "t": 8, "b": 8},
        xaxis=dates(counts.index, 8),
        yaxis=amounts(top) | {"ticklabelstandoff": first},
    )
    _label_ends(figure, lines, top, fills)
    return figure


def _line(name: str, values: pd.Series, words: Sequence[str], colour: str) -> go.Scatter:
    """Return one line of the trend, the whole with a tint under it."""
    whole = name == "mismatches"
    dash = {"mismatches": "solid", "critical": "dot"}.get(name, "dash")
    return go.Scatter(
        name=name.capitalize(),
        x=naive(values.index),
        y=values,
        mode="lines+markers",
        line={"color": colour, "width": 3 if whole else 2.5, "dash": dash},
        marker=marks(len(values), 6, 11),
        unselected={"marker": {"opacity": 1}},
        cliponaxis=False,
        fill="tozeroy" if whole else "none",
        fillcolor=see_through(colour, 0.1),
        customdata=[
            [taken.isoformat(), int(count), said]
            for taken, count, said in zip(values.index, values, words, strict=True)
        ],
        hovertemplate="%{customdata[2]}<extra></extra>",
    )


def _label_ends(
    figure: go.Figure, lines: Mapping[str, pd.Series], top: float, colours: Mapping[str, str]
) -> None:
    """Write the first value of each line before it, and the last one, with its name, behind it."""
    times = naive(lines["mismatches"].index)
    for end in (0, -1)[len(times) == 1 :]:
        values = {name: int(line.iloc[end]) for name, line in lines.items()}
        for name, place in _beside(values, top).items():
            word = name if values[name] != 1 else name.replace("mismatches", "mismatch")
            figure.add_annotation(
                x=times[end],
                y=place,
                xanchor="left" if end else "right",
                xshift=12 if end else -10,
                showarrow=False,
                text=f"<b>{number(values[name])}</b>" + (f" {word}" if end else ""),
                font={"size": 15, "color": colours[name]},
            )


def _beside(values: Mapping[str, int], top: float) -> dict[str, float]:
    """Return where the label of each line stands, so that none covers another."""
    names = sorted(values, key=lambda name: (values[name], name == "mismatches"))
    return dict(zip(names, apart([values[name] for name in names], top * _NEAR, top), strict=True))


def _snapshots_in_words(counts: pd.DataFrame, whole: pd.DataFrame) -> list[str]:
    """Say of each snapshot what a hover tells: its mismatches, by severity, and what was left."""
    said = []
    names = [theme.severity_name(str(severity)) for severity in counts.columns]
    beside = (whole["mismatch_rate"], whole["left_behind"])
    for taken, of, rate, left in zip(counts.index, counts.to_numpy(), *beside, strict=True):
        total = counted(int(of.sum()), "mismatch", "mismatches")
        share = "" if pd.isna(rate) else f", {rate:.1%} of the judged pairs"
        parts = [f"<b>{_when(taken)}</b>", total + share]
        parts += [f"{name}: {number(n)}" for name, n in zip(names, of, strict=True) if n]
        if left:
            parts.append(f"{counted(int(left), 'pair')} left behind")
        said.append("<br>".join(parts))
    return said


def _when(taken: pd.Timestamp) -> str:
    return f"{day(taken)}, {taken:%H:%M} UTC"
