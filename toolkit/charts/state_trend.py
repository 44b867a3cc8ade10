"""The states over several snapshots, a small panel each."""

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from toolkit import schema, theme, titles
from toolkit.charts.figure import empty_figure, legend_below, new_figure, unfaded
from toolkit.charts.over_time import amounts, dates, marks, naive
from toolkit.schema import GOVCLOUD_STATES, State, label
from toolkit.titles import number

_ACROSS: Final = 2
"""How many panels stand side by side: as many as fit on a phone."""
_HOVERED: Final = "%-d %B %Y, %H:%M"
"""How D3 writes a time in a hover, as the mismatches' hover does."""
_SIDES: Final = {"standard": "Standard", "govcloud": "GovCloud"}


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
        frame.update_yaxes(amounts(top) | {"nticks": 4}, row=row + 1, col=column + 1)
        times = pd.DatetimeIndex(values["taken"].unique())
        frame.update_xaxes(dates(times, 3), row=row + 1, col=column + 1)
    for side, name in _SIDES.items():
        frame.add_trace(
            go.Scatter(x=[None], y=[None], name=name, mode="lines", line=_stroke(side, colours.ink))
        )
    frame.update_annotations(font={"size": 14, "color": colours.ink})
    return frame


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
        x=naive(pd.DatetimeIndex(line["taken"])),
        y=counts,
        mode="lines+markers+text",
        line=_stroke(side, colours.states[state]),
        marker=marks(len(counts), 4, 8),
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
