"""The flows: in which ways the pairs disagree, from standard states to GovCloud states."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, schema, theme, titles
from toolkit.charts.figure import (
    apart,
    empty_figure,
    legend_below,
    new_figure,
    records,
    see_through,
)
from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES, Severity, label
from toolkit.titles import counted, number, percent

_NODE: Final = 0.022
"""Width of a state's bar in the flows, in shares of the plot's."""
_ROOM: Final = 0.16
"""What the gaps between the states take of the plot's height."""
_STEPS: Final = 40
_BESIDE: Final = 96
"""Room for the name of a state in two lines, in pixels, which leaves a phone most of its width."""
_LINE: Final = 0.042
"""How high a line of such a name is, in shares of the plot's height."""
_READABLE: Final = 0.035
"""How high a ribbon must be to carry its number, in shares of the plot's height."""


def plot_mismatch_flows(pairs: pd.DataFrame, *, dark: bool = False) -> go.Figure:
    """Plot how the mismatching pairs run from their standard state to their GovCloud state.

    Takes PAIRS (one row per standard account). A ribbon's width is its number of pairs and its
    colour their severity; the marker in it has customdata [standard_state, govcloud_state,
    accounts].
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    flows = analysis.mismatch_flows(pairs)
    title = titles.title_mismatch_flows(pairs)
    subtitle = "Standard state on the left, GovCloud state on the right; mismatching pairs only"
    if flows.empty:
        return empty_figure(title=title, subtitle=subtitle, dark=dark, height=420)
    colours = theme.palette(dark=dark)
    flows = flows.astype({"standard_state": "str", "govcloud_state": "str", "severity": "str"})
    left = _column(flows, "standard_state", "govcloud_state", STANDARD_STATES, GOVCLOUD_STATES)
    right = _column(flows, "govcloud_state", "standard_state", GOVCLOUD_STATES, STANDARD_STATES)
    total = int(flows["accounts"].sum())
    traces: list[Any] = [
        _ribbon(row, left, right, total, colours.severities[row.severity]) for row in records(flows)
    ]
    traces.append(_handles(flows, left, colours.ink))
    traces += [
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"symbol": "square", "size": 12, "color": colours.severities[severity]},
            name=theme.severity_name(severity),
        )
        for severity in Severity
        if severity in set(flows["severity"])
    ]
    figure = new_figure(
        traces,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {_flows_in_words(flows)}",
        dark=dark,
        height=480,
        hovermode="closest",
        margin={"l": _BESIDE, "r": _BESIDE, "t": 8, "b": 48},
        legend=legend_below(xref="container", x=0.01),
        xaxis={"visible": False, "range": [-_NODE, 1 + _NODE], "fixedrange": True},
        yaxis={"visible": False, "range": [1.01, -0.01], "fixedrange": True},
    )
    for column, edge, outer, anchor in ((left, 0.0, -_NODE, "right"), (right, 1.0, _NODE, "left")):
        _add_states(figure, column, colours.states, edge=edge, outer=outer, anchor=anchor)
    return figure


def _column(
    flows: pd.DataFrame, side: str, other: str, states: Iterable[str], others: Iterable[str]
) -> dict[str, Any]:
    """Lay one side out from the top down: where each state and each flow begins and ends."""
    sizes = {(row[side], row[other]): row["accounts"] for row in flows.to_dict("records")}
    counts = flows.groupby(side)["accounts"].sum().to_dict()
    order = [str(state) for state in states if state in counts]
    total, gaps = sum(sizes.values()), max(len(order) - 1, 1)
    scale = (1 - _ROOM) / total if len(order) > 1 else 1 / total
    spans: dict[str, Any] = {"states": {}, "flows": {}, "counts": counts}
    at = 0.0
    for state in order:
        start = at
        for reached in map(str, others):
            if (state, reached) in sizes:
                size = sizes[state, reached] * scale
                spans["flows"][state, reached] = (at, at + size)
                at += size
        spans["states"][state] = (start, at)
        at += _ROOM / gaps
    return spans


def _ribbon(
    row: Any,
    left: dict[str, Any],
    right: dict[str, Any],
    total: int,
    fill: str,
) -> go.Scatter:
    """Return one flow as a closed curve from its place on the left to that on the right."""
    start = left["flows"][row.standard_state, row.govcloud_state]
    end = right["flows"][row.govcloud_state, row.standard_state]
    along = np.linspace(0, 1, _STEPS)
    ease = along**2 * (3 - 2 * along)
    upper = start[0] + (end[0] - start[0]) * ease
    lower = start[1] + (end[1] - start[1]) * ease
    words = (
        f"<b>{counted(row.accounts, 'pair')}</b> ({percent(row.accounts, total)} of the mismatches)"
        f"<br>Standard: {label(row.standard_state)}<br>GovCloud: {label(row.govcloud_state)}"
        f"<br>{theme.severity_name(row.severity)}"
    )
    return go.Scatter(
        x=[*along, *along[::-1]],
        y=[*upper, *lower[::-1]],
        mode="lines",
        fill="toself",
        fillcolor=see_through(fill, 0.55),
        line={"color": fill, "width": 1},
        hoveron="fills",
        hoverinfo="text",
        text=words,
        showlegend=False,
    )


def _handles(flows: pd.DataFrame, left: dict[str, Any], ink: str) -> go.Scatter:
    """Return a point at the start of each ribbon: its number where there is room, and a click."""
    rows = list(records(flows))
    spans = [left["flows"][row.standard_state, row.govcloud_state] for row in rows]
    return go.Scatter(
        x=[0.035] * len(rows),
        y=[(start + end) / 2 for start, end in spans],
        mode="markers+text",
        marker={"size": 22, "symbol": "square", "opacity": 0.01, "color": ink},
        text=[
            number(row.accounts) if end - start >= _READABLE else ""
            for row, (start, end) in zip(rows, spans, strict=True)
        ],
        textfont={"size": 13, "color": ink},
        selected={"textfont": {"color": ink}},
        unselected={"marker": {"opacity": 0.01}, "textfont": {"color": ink}},
        customdata=[[row.standard_state, row.govcloud_state, int(row.accounts)] for row in rows],
        hoverinfo="none",
        showlegend=False,
    )


def _add_states(
    figure: go.Figure,
    column: dict[str, Any],
    fills: Any,
    *,
    edge: float,
    outer: float,
    anchor: str,
) -> None:
    texts = [
        f"{label(state).replace(' ', '<br>')}<br><b>{number(column['counts'][state])}</b>"
        for state in column["states"]
    ]
    gap = _LINE * max(1 + text.count("<br>") for text in texts)
    middles = [(start + end) / 2 for start, end in column["states"].values()]
    places = apart([max(middle, gap / 2) for middle in middles], gap, 1 - gap / 2)
    for (state, (start, end)), text, place in zip(
        column["states"].items(), texts, places, strict=True
    ):
        figure.add_shape(
            type="rect",
            x0=edge,
            x1=edge + outer,
            y0=start,
            y1=end,
            fillcolor=fills[state],
            line={"width": 0},
        )
        figure.add_annotation(
            x=edge,
            xref="paper",
            xshift=6 if anchor == "left" else -6,
            y=place,
            xanchor=anchor,
            showarrow=False,
            align=anchor,
            text=text,
            font={"size": 14},
        )


def _flows_in_words(flows: pd.DataFrame) -> str:
    return (
        "; ".join(
            f"{label(row.standard_state)} to {label(row.govcloud_state)}: {number(row.accounts)}"
            f" ({label(row.severity).lower()})"
            for row in records(flows)
        )
        + "."
    )
