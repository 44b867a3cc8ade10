"""The units: in which organizational units the pairs disagree, and how badly."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, schema, theme, titles
from toolkit.charts.figure import (
    centred,
    empty_figure,
    fits,
    legend_below,
    new_figure,
    plain,
    segment,
    totals_at_ends,
)
from toolkit.schema import Severity, label
from toolkit.titles import counted, number, shorten

_SHOWN: Final = 12
_NO_UNIT: Final = "Unit not known"


def plot_mismatches_by_ou(
    pairs: pd.DataFrame, *, top: int = _SHOWN, dark: bool = False
) -> go.Figure:
    """Plot the mismatches of each organizational unit by severity, most first.

    Takes PAIRS (one row per standard account); units after the first `top` are one bar. A bar's
    customdata is [ou_path, severity, accounts]; the path is None for the bar of other units and
    "" where the unit is not known.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    table = analysis.mismatches_by_ou(pairs)
    title = titles.title_mismatches_by_ou(pairs)
    subtitle = "Mismatching pairs by organizational unit and severity"
    if table.empty:
        return empty_figure(title=title, subtitle=subtitle, dark=dark)
    colours = theme.palette(dark=dark)
    rows = _units(table, top)
    most = max(row["mismatches"] for row in rows)
    places = list(range(len(rows)))
    traces: list[Any] = []
    for severity in Severity:
        counts = [int(row[severity]) for row in rows]
        if not any(counts):
            continue
        fill = colours.severities[severity]
        traces.append(
            go.Bar(
                name=theme.severity_name(severity),
                x=counts,
                y=places,
                **segment(fill, colours.paper),
                text=[number(n) if n and fits(number(n), n / most, 700) else "" for n in counts],
                customdata=[
                    [row["path"], str(severity), count, plain(row["name"]), row["of"]]
                    for row, count in zip(rows, counts, strict=True)
                ],
                hovertemplate=(
                    f"<b>%{{customdata[3]}}</b><br>%{{customdata[2]:,}} {label(severity).lower()}"
                    ", %{customdata[4]}<extra></extra>"
                ),
            )
        )
    traces.append(totals_at_ends([row["mismatches"] for row in rows], colours.ink))
    return new_figure(
        traces,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. "
        + "; ".join(f"{row['name']}: {number(row['mismatches'])}" for row in rows)
        + ".",
        dark=dark,
        height=max(220, 34 * len(rows) + 70),
        barmode="stack",
        bargap=0.32,
        margin={"l": 8, "r": 8, "t": 8, "b": 48},
        legend=legend_below(),
        xaxis={"visible": False, "range": [0, most * 1.08], "fixedrange": True},
        yaxis={
            "tickvals": places,
            "ticktext": [plain(shorten(row["name"], 34)) for row in rows],
            "range": centred(len(rows), 4),
            "fixedrange": True,
        },
    )


def _units(table: pd.DataFrame, top: int) -> list[dict[str, Any]]:
    """Return what each bar needs: the first units one by one, all others together."""
    first: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in table.head(top).to_dict("records")
    ]
    rows = [
        {
            "path": row["ou_path"] if isinstance(row["ou_path"], str) else "",
            "name": row["ou_path"] if isinstance(row["ou_path"], str) else _NO_UNIT,
            "of": _disagreeing(row),
            **row,
        }
        for row in first
    ]
    rest = table.iloc[top:]
    if not rest.empty:
        numbers = {str(name): int(rest[name].sum()) for name in rest.columns.drop("ou_path")}
        name = counted(len(rest), "other unit")
        rows.append({"path": None, "name": name, "of": _disagreeing(numbers), **numbers})
    return rows


def _disagreeing(row: dict[str, Any]) -> str:
    return f"{number(row['mismatches'])} of {counted(row['linked'], 'linked pair')} disagree"
