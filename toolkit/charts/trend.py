"""Several snapshots: how the mismatches and the states move."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from toolkit import schema, theme, titles
from toolkit.charts.figure import (
    apart,
    empty_figure,
    legend_below,
    new_figure,
    room_for,
    see_through,
    unfaded,
)
from toolkit.schema import GOVCLOUD_STATES, Severity, State, label
from toolkit.titles import counted, day, number
from toolkit.titles.history import whole_snapshots

_ACROSS: Final = 2
"""How many panels stand side by side: as many as fit on a phone."""
_HOVERED: Final = "%-d %B %Y, %H:%M"
"""How D3 writes a time in a hover, as `_when` does."""
_NEAR: Final = 0.09
"""How close two last values may be, in shares of the axis, before their labels move apart."""
_MARKED: Final = 60
"""Up to how many snapshots each has a mark on the line: more would be a thick line of marks."""
_SIDES: Final = {"standard": "Standard", "govcloud": "GovCloud"}


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
        xaxis=_dates(counts.index, 8),
        yaxis=_amounts(top) | {"ticklabelstandoff": first},
    )
    _label_ends(figure, lines, top, fills)
    return figure


def plot_state_trend(trend: pd.DataFrame, *, dark: bool = False) -> go.Figure:
    """Plot the number of linked pairs in each state, one small panel per state, both sides in it.

    Takes what `analysis.state_trend` gives (one row per snapshot, side and state; times UTC). Each
    panel has its own scale. A point's customdata is [taken as ISO 8601, side, state, accounts].
    """
    schema.check(schema.STATE_TREND, trend)
    title = titles.title_state_trend(trend)
    subtitle = "Linked pairs by state; solid: standard, dotted: GovCloud; each panel its own scale"
    shown = trend[trend.groupby("state", observed=True)["accounts"].transform("sum") > 0]
    if shown.empty:
        return empty_figure(title=title, subtitle=subtitle, dark=dark)
    states = [state for state in State if (shown["state"] == state).any()]
    colours = theme.palette(dark=dark)
    down = math.ceil(len(states) / _ACROSS)
    frame = make_subplots(
        rows=down,
        cols=min(_ACROSS, len(states)),
        subplot_titles=[label(state) for state in states],
        horizontal_spacing=0.12,
        vertical_spacing=0.5 / down / 1.6 if down > 1 else 0,
    )
    figure = new_figure(
        [],
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {_ends_in_words(shown, states)}",
        dark=dark,
    )
    frame.update_layout(figure.layout)
    frame.update_layout(
        height=90 + 190 * down,
        hovermode="closest",
        margin={"l": 8, "r": 44, "t": 32, "b": 48},
        legend=legend_below(itemsizing="trace"),
    )
    for place, state in enumerate(states):
        row, column = divmod(place, _ACROSS)
        values = shown[shown["state"] == state]
        last = values[values["taken"] == values["taken"].max()].set_index("side")["accounts"]
        higher = "standard" if last["standard"] >= last["govcloud"] else "govcloud"
        for side in _SIDES:
            line = values[values["side"] == side]
            if state in GOVCLOUD_STATES or side == "standard" or line["accounts"].any():
                trace = _side_line(line, side, state, colours, above=side == higher)
                frame.add_trace(trace, row=row + 1, col=column + 1)
        top = max(int(values["accounts"].max()), 1) * 1.25
        frame.update_yaxes(_amounts(top) | {"nticks": 4}, row=row + 1, col=column + 1)
        times = pd.DatetimeIndex(values["taken"].unique())
        frame.update_xaxes(_dates(times, 3), row=row + 1, col=column + 1)
    for side, name in _SIDES.items():
        frame.add_trace(
            go.Scatter(x=[None], y=[None], name=name, mode="lines", line=_stroke(side, colours.ink))
        )
    frame.update_annotations(font={"size": 14, "color": colours.ink})
    return frame


def _line(name: str, values: pd.Series, words: Sequence[str], colour: str) -> go.Scatter:
    """Return one line of the trend, the whole with a tint under it."""
    whole = name == "mismatches"
    dash = {"mismatches": "solid", "critical": "dot"}.get(name, "dash")
    return go.Scatter(
        name=name.capitalize(),
        x=_naive(values.index),
        y=values,
        mode="lines+markers",
        line={"color": colour, "width": 3 if whole else 2.5, "dash": dash},
        marker=_marks(len(values), 6, 11),
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


def _side_line(
    line: pd.DataFrame,
    side: str,
    state: State,
    colours: theme.Palette,
    *,
    above: bool,
) -> go.Scatter:
    counts = [int(count) for count in line["accounts"]]
    words = [number(count) for count in counts]
    words[1:-1] = [""] * len(words[1:-1])
    return go.Scatter(
        name=_SIDES[side],
        showlegend=False,
        x=_naive(pd.DatetimeIndex(line["taken"])),
        y=counts,
        mode="lines+markers+text",
        line=_stroke(side, colours.states[state]),
        marker=_marks(len(counts), 4, 8),
        text=words,
        textposition="top center" if above else "bottom center",
        textfont={"size": 12, "color": colours.ink},
        **unfaded(colours.ink),
        cliponaxis=False,
        customdata=[
            [taken.isoformat(), side, str(state), count]
            for taken, count in zip(line["taken"], counts, strict=True)
        ],
        hovertemplate=(
            f"<b>{_SIDES[side]}: {label(state)}</b><br>%{{x|{_HOVERED}}} UTC<br>"
            "Linked pairs: %{y:,}<extra></extra>"
        ),
    )


def _stroke(side: str, colour: str) -> dict[str, Any]:
    """Return how the line of a side is drawn."""
    return {"color": colour, "width": 2.5, "dash": "solid" if side == "standard" else "dot"}


def _label_ends(
    figure: go.Figure, lines: Mapping[str, pd.Series], top: float, colours: Mapping[str, str]
) -> None:
    """Write the first value of each line before it, and the last one, with its name, behind it."""
    times = _naive(lines["mismatches"].index)
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


def _marks(points: int, usual: int, last: int) -> dict[str, Any]:
    """Return how the points of a line are marked: the last one larger, many others not at all."""
    return {
        "size": [usual if points <= _MARKED else 0] * (points - 1) + [last],
        "line": {"width": 0},
        "opacity": 1,
    }


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


def _ends_in_words(trend: pd.DataFrame, states: list[State]) -> str:
    last = trend[trend["taken"] == trend["taken"].max()].set_index(["state", "side"])["accounts"]
    return (
        "; ".join(
            f"{label(state)}: standard {number(int(last[state, 'standard']))}, GovCloud"
            f" {number(int(last[state, 'govcloud']))}"
            for state in states
        )
        + "."
    )


def _when(taken: pd.Timestamp) -> str:
    return f"{day(taken)}, {taken:%H:%M} UTC"


def _naive(times: pd.Index) -> pd.DatetimeIndex:
    """Return the times without their zone: Plotly draws what it is given, which is UTC."""
    return pd.DatetimeIndex(times).tz_localize(None)


def _dates(times: pd.Index, most: int) -> dict[str, Any]:
    """Return a time axis that names at most so many of the snapshots, and no time between them."""
    taken = _naive(times)
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


def _amounts(top: float) -> dict[str, Any]:
    return {
        "range": [0, top],
        "showgrid": True,
        "nticks": 6,
        "tickformat": ",d",
        "fixedrange": True,
    }
