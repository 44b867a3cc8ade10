"""The distribution: how many accounts of each side are in which state."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, schema, theme, titles
from toolkit.charts.figure import empty_figure, legend_below, new_figure, records, segment
from toolkit.schema import State, label
from toolkit.titles import counted, number, percent

_LEAST: Final = 0.008
"""Share of the width below which a segment could not be seen or hit; drawn that wide instead."""
_NAMED: Final = 0.45
_SIDES: Final = {"standard": "Standard", "govcloud": "GovCloud"}


def plot_state_distribution(
    pairs: pd.DataFrame, *, linked_only: bool = True, dark: bool = False
) -> go.Figure:
    """Plot the states of the standard side over those of GovCloud, one full-width bar each.

    Takes PAIRS (one row per standard account) and shows the linked ones, or with
    `linked_only=False` all. A bar's customdata is [side, state, accounts].
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    table = analysis.state_distribution(pairs, linked_only=linked_only)
    total = int(table["accounts"].sum()) // 2
    title = titles.title_state_distribution(pairs, linked_only=linked_only)
    subtitle = _left_out(pairs, total, linked_only=linked_only)
    if not total:
        return empty_figure(title=title, subtitle=subtitle, dark=dark)
    colours = theme.palette(dark=dark)
    seen = table["share"].where(table["share"] == 0, table["share"].clip(_LEAST))
    table = table.assign(width=seen)
    table["width"] /= table.groupby("side", observed=True)["width"].transform("sum")
    traces = []
    for state in State:
        rows = table[table["state"] == state]
        counts = [int(count) for count in rows["accounts"]]
        if not any(counts):
            continue
        fill = colours.states[state]
        traces.append(
            go.Bar(
                name=f"{label(state)}  {number(counts[0])} | {number(counts[1])}",
                x=rows["width"],
                y=[_SIDES[side] for side in rows["side"]],
                **segment(fill, colours.paper),
                text=[_segment(state, count, total) for count in counts],
                customdata=[
                    [side, str(state), count, percent(count, total)]
                    for side, count in zip(rows["side"], counts, strict=True)
                ],
                hovertemplate=(
                    f"<b>%{{y}}: {label(state)}</b><br>%{{customdata[2]:,}} of {number(total)}"
                    " accounts (%{customdata[3]})<extra></extra>"
                ),
            )
        )
    return new_figure(
        traces,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {_distribution_in_words(table)}",
        dark=dark,
        height=300,
        barmode="stack",
        bargap=0.3,
        margin={"l": 8, "r": 8, "t": 8, "b": 56},
        legend=legend_below(
            xref="container", x=0.005, title={"text": "Standard | GovCloud ", "font": {"size": 13}}
        ),
        xaxis={"visible": False, "range": [0, 1], "fixedrange": True},
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "tickfont": {"size": 16},
        },
    )


def _segment(state: State, count: int, total: int) -> str:
    """Return the label inside a segment: the name too where there may be room for it."""
    if not count:
        return ""
    return f"{label(state)} {number(count)}" if count / total >= _NAMED else number(count)


def _left_out(pairs: pd.DataFrame, total: int, *, linked_only: bool) -> str:
    """Say which accounts the distribution counts, and which it leaves out."""
    figures = analysis.key_figures(pairs)
    if not linked_only:
        return f"All {counted(total, 'account')}" if total != 1 else "1 account"
    rest = []
    if figures.not_linked:
        rest.append(f"{number(figures.not_linked)} without a GovCloud account")
    if figures.not_seen:
        rest.append(f"{number(figures.not_seen)} not seen")
    out = f"; left out: {', '.join(rest)}" if rest else ""
    return f"{counted(total, 'linked pair')} by state{out}"


def _distribution_in_words(table: pd.DataFrame) -> str:
    parts = []
    for side, name in _SIDES.items():
        rows = table[(table["side"] == side) & (table["accounts"] > 0)]
        counts = ", ".join(f"{label(row.state)} {number(row.accounts)}" for row in records(rows))
        parts.append(f"{name}: {counts}.")
    return " ".join(parts)
