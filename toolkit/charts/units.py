"""Where the pairs disagree, and how badly: in which units or organizations, and whose they are."""

from dataclasses import dataclass
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
from toolkit.text import distinct
from toolkit.titles import counted, number

_SHOWN: Final = 12


@dataclass(frozen=True)
class _By:
    """What bars stand for: the column that names one, what others are called, what it is of."""

    column: str
    nobody: str
    other: str
    what: str

    @property
    def subtitle(self) -> str:
        """How to read the chart."""
        return f"Mismatching pairs by {self.what} and severity"


_BY_OU: Final = _By("ou_path", "Unit not known", "other unit", "organizational unit")
_BY_OWNER: Final = _By("owner", "No owner known", "other owner", "owner")
_BY_ORGANIZATION: Final = _By("organization_id", "Not known", "other organization", "organization")


def plot_mismatches_by_ou(
    pairs: pd.DataFrame, *, top: int = _SHOWN, dark: bool = False
) -> go.Figure:
    """Plot the mismatches of each organizational unit by severity, most first.

    Takes PAIRS (one row per standard account); units after the first `top` are one bar. A bar's
    customdata is [ou_path, severity, accounts]; the path is None for the bar of other units and
    "" where the unit is not known.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    title = titles.title_mismatches_by_ou(pairs)
    return _plot(analysis.mismatches_by_ou(pairs), _BY_OU, title, top, dark=dark)


def plot_mismatches_by_owner(
    pairs: pd.DataFrame, *, top: int = _SHOWN, dark: bool = False
) -> go.Figure:
    """Plot the mismatches that each owner answers for by severity, most first.

    As `plot_mismatches_by_ou`, with [owner, severity, accounts]; the owner is "" where nobody is
    known to answer for the account.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    title = titles.title_mismatches_by_owner(pairs)
    return _plot(analysis.mismatches_by_owner(pairs), _BY_OWNER, title, top, dark=dark)


def plot_fleet(fleet: pd.DataFrame, *, top: int = _SHOWN, dark: bool = False) -> go.Figure:
    """Plot the mismatches of each organization by severity, in the order of the frame.

    Takes FLEET (one row per organization, worst first); those without any mismatch have no bar.
    As `plot_mismatches_by_ou`, with [organization_id, severity, accounts].
    """
    fleet = schema.checked(schema.FLEET, fleet)
    named = {name: str(severity) for name, severity in schema.FLEET_SEVERITIES.items()}
    table = fleet[fleet["mismatches"] > 0].rename(columns={**named, "paired": "linked"})
    columns = [_BY_ORGANIZATION.column, *named.values(), "mismatches", "linked"]
    return _plot(table[columns], _BY_ORGANIZATION, titles.title_fleet(fleet), top, dark=dark)


def _plot(table: pd.DataFrame, by: _By, title: str, top: int, *, dark: bool) -> go.Figure:
    if table.empty:
        return empty_figure(title=title, subtitle=by.subtitle, dark=dark)
    colours = theme.palette(dark=dark)
    rows = _bars(table, by, top)
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
        subtitle=by.subtitle,
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
            "ticktext": [plain(name) for name in distinct([row["name"] for row in rows], 34)],
            "range": centred(len(rows), 4),
            "fixedrange": True,
        },
    )


def _bars(table: pd.DataFrame, by: _By, top: int) -> list[dict[str, Any]]:
    """Return what each bar needs: the first names one by one, all others together."""
    first: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in table.head(top).to_dict("records")
    ]
    rows = [
        {
            "path": row[by.column] if isinstance(row[by.column], str) else "",
            "name": row[by.column] if isinstance(row[by.column], str) else by.nobody,
            "of": _disagreeing(row),
            **row,
        }
        for row in first
    ]
    rest = table.iloc[top:]
    if not rest.empty:
        numbers = {str(name): int(rest[name].sum()) for name in rest.columns.drop(by.column)}
        name = counted(len(rest), by.other)
        rows.append({"path": None, "name": name, "of": _disagreeing(numbers), **numbers})
    return rows


def _disagreeing(row: dict[str, Any]) -> str:
    return f"{number(row['mismatches'])} of {counted(row['linked'], 'linked pair')} disagree"
