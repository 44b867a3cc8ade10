"""The matrix: how the states of the two sides combine, and how bad each combination is."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, schema, theme, titles
from toolkit.charts.figure import empty_figure, labelled, legend_below, new_figure, records
from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES, Severity, State, Verdict, label
from toolkit.titles import counted, number

_GAP: Final = 0.25
"""Room between the judged columns of the matrix and those that are not, in cells."""
_CORNER: Final = 80
"""Room for the words that say what rows and columns are, in pixels."""
_OTHERS: Final = {
    Verdict.MATCH: "States agree",
    Verdict.NOT_LINKED: "Not linked",
    Verdict.UNKNOWN: "Unknown",
}


def plot_state_matrix(
    pairs: pd.DataFrame, *, narrow: bool = False, dark: bool = False
) -> go.Figure:
    """Plot how the two states combine: rows standard, columns GovCloud, coloured by severity.

    Takes PAIRS (one row per standard account), every one of which is in a cell. A mismatch is
    framed and named by its severity, agreeing states are pale, and empty cells stay blank; where it
    is `narrow`, as on a phone, a severity's sign stands for its name. Cells are bars, so that they
    can be clicked: customdata is [standard_state, govcloud_state, accounts].
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    cells = analysis.state_matrix(pairs)
    title = titles.title_state_matrix(pairs)
    subtitle = "Rows: standard state. Columns: GovCloud state. Framed cells disagree"
    if pairs.empty:
        return empty_figure(title=title, subtitle=subtitle, dark=dark, height=480)
    rows = _present(cells, "standard_state", STANDARD_STATES)
    columns = _present(cells, "govcloud_state", GOVCLOUD_STATES)
    cells = cells[cells["standard_state"].isin(rows) & cells["govcloud_state"].isin(columns)]
    across = {
        state: place + (_GAP if state not in GOVCLOUD_STATES else 0)
        for place, state in enumerate(columns)
    }
    down = {state: place for place, state in enumerate(rows)}
    figure = new_figure(
        _cell_traces(cells, across, down, narrow=narrow, dark=dark),
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {_matrix_in_words(cells)}",
        dark=dark,
        height=500,
        barmode="overlay",
        uniformtext=None,  # a cell says its number even where that is wider than the cell
        margin={"l": _CORNER if narrow else 8, "r": 8, "t": 88 if narrow else 48, "b": 48},
        legend=legend_below(itemsizing="constant"),
        xaxis={
            "side": "top",
            "tickvals": list(across.values()),
            "ticktext": [_two_lines(label(state)) for state in across],
            "tickfont": {"size": 11 if narrow else 14},
            "tickangle": -90 if narrow else 0,
            "range": [-0.5, max(across.values()) + 1.15],
            "fixedrange": True,
            "ticks": "",
        },
        yaxis={
            "tickvals": list(down.values()),
            "ticktext": [_two_lines(label(state)) if narrow else label(state) for state in down],
            "tickfont": {"size": 11 if narrow else 14},
            "range": [len(rows) + 0.15, -0.5],
            "fixedrange": True,
        },
    )
    _add_totals(figure, cells, across, down, narrow=narrow, dark=dark)
    return figure


def _cell_traces(
    cells: pd.DataFrame,
    across: dict[str, float],
    down: dict[str, int],
    *,
    narrow: bool,
    dark: bool,
) -> list[go.Bar]:
    """Return one trace for each kind of cell, worst first, and one for the empty ones."""
    colours = theme.palette(dark=dark)
    shown = cells[cells["accounts"] > 0]
    traces = [
        _cells(
            shown[shown["severity"] == severity],
            across,
            down,
            name=theme.severity_name(severity),
            fill=colours.tints[severity],
            frame=colours.severities[severity],
            note=theme.SYMBOLS[severity] if narrow else theme.severity_name(severity).lower(),
            ink=colours.ink,
        )
        for severity in Severity
    ]
    unknown = colours.verdict_tints[Verdict.UNKNOWN]
    hatch = {"shape": "/", "fgcolor": colours.line, "bgcolor": unknown, "size": 8, "solidity": 0.4}
    traces += [
        _cells(
            shown[shown["verdict"] == verdict],
            across,
            down,
            name=name,
            fill=colours.verdict_tints[verdict],
            frame=None,
            note="",
            ink=colours.ink,
        )
        for verdict, name in _OTHERS.items()
    ]
    # Hatched, so that what nobody saw is not taken for a severity's tint.
    traces[-1].marker.pattern = hatch
    blank = _cells(
        cells[cells["accounts"] == 0],
        across,
        down,
        name="",
        fill=colours.panel,
        frame=None,
        note="",
        ink=colours.ink,
    )
    if narrow:
        for trace in traces:
            trace.textfont.size = 12
    blank.update(showlegend=False, hoverinfo="skip", hovertemplate=None, text=None)
    return [trace for trace in (*traces, blank) if len(trace.x)]


def _cells(
    cells: pd.DataFrame,
    across: dict[str, float],
    down: dict[str, int],
    *,
    name: str,
    fill: str,
    frame: str | None,
    note: str,
    ink: str,
) -> go.Bar:
    states = list(
        zip(
            cells["standard_state"].astype("str"),
            cells["govcloud_state"].astype("str"),
            strict=True,
        )
    )
    counts = [int(count) for count in cells["accounts"]]
    small = f"<br><span style='font-size:11px'>{note}</span>" if note else ""
    return go.Bar(
        name=name,
        x=[across[govcloud] for _, govcloud in states],
        base=[down[standard] - 0.46 for standard, _ in states],
        y=[0.92] * len(states),
        width=0.95,
        marker={"color": fill, "line": {"color": frame or fill, "width": 2.5 if frame else 0}},
        text=[f"<b>{number(count)}</b>{small}" if frame else number(count) for count in counts],
        **labelled(ink, size=18) | {"constraintext": "none"},
        customdata=[
            [standard, govcloud, count, label(standard), label(govcloud), counted(count, "account")]
            for (standard, govcloud), count in zip(states, counts, strict=True)
        ],
        hovertemplate=(
            "<b>%{customdata[5]}</b><br>Standard: %{customdata[3]}<br>"
            f"GovCloud: %{{customdata[4]}}<br>{name}<extra></extra>"
        ),
    )


def _add_totals(
    figure: go.Figure,
    cells: pd.DataFrame,
    across: dict[str, float],
    down: dict[str, int],
    *,
    narrow: bool,
    dark: bool,
) -> None:
    font = {"size": 11 if narrow else 14, "color": theme.palette(dark=dark).muted}
    style: dict[str, Any] = {"showarrow": False, "font": font}
    end, below = max(across.values()) + 0.85, len(down) - 0.2
    by_row = cells.groupby("standard_state", observed=True)["accounts"].sum()
    by_column = cells.groupby("govcloud_state", observed=True)["accounts"].sum()
    for state, place in down.items():
        figure.add_annotation(x=end, y=place, text=number(int(by_row[state])), **style)
    for state, spot in across.items():
        figure.add_annotation(x=spot, y=below, text=number(int(by_column[state])), **style)
    total = f"<b>{number(int(by_row.sum()))}</b>"
    figure.add_annotation(x=end, y=below, text=total, **style)
    top = {"y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 4} | style
    left = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -9} | style
    figure.add_annotation(x=end, text="Total", **top)
    figure.add_annotation(y=below, text="Total", **left)
    figure.add_annotation(text="GovCloud →<br>Standard ↓", **(top | left | {"align": "right"}))


def _present(cells: pd.DataFrame, side: str, always: tuple[State, ...]) -> list[str]:
    """Return the states of one side to show: its vocabulary, and the others where they occur."""
    seen = cells[side][cells["accounts"] > 0].astype("str").unique()
    return [str(state) for state in State if state in always or state in seen]


def _two_lines(words: str) -> str:
    return words.replace(" ", "<br>")


def _matrix_in_words(cells: pd.DataFrame) -> str:
    shown = cells[cells["accounts"] > 0].sort_values("accounts", ascending=False, kind="stable")
    return (
        "; ".join(
            f"standard {label(row.standard_state).lower()} and GovCloud"
            f" {label(row.govcloud_state).lower()}: {number(row.accounts)}"
            + (f" ({label(row.severity).lower()})" if isinstance(row.severity, str) else "")
            for row in records(shown)
        ).capitalize()
        + "."
    )
