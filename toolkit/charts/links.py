"""WorkSpaces account links: how many there are in which status."""

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, schema, theme, titles
from toolkit.charts.figure import (
    at_ends,
    centred,
    empty_figure,
    legend_below,
    new_figure,
    plain,
    records,
    room_for,
    segment,
)
from toolkit.schema import LinkStatus, State, label
from toolkit.titles import counted, number

_STATUSES: Final = (*LinkStatus, State.UNKNOWN)


def plot_link_status(links: pd.DataFrame, *, dark: bool = False) -> go.Figure:
    """Plot the account links by status: one bar per Region, or per status where there is one only.

    Takes JUDGED_LINKS, or LINKS where nothing was judged (one row per link and Region). A bar's
    customdata is [region, link_status, links].
    """
    links = schema.checked(schema.LINKS, links)
    table = analysis.link_status(links)
    title = titles.title_link_status(links)
    regions = list(table["region"].unique())
    subtitle = "WorkSpaces account links by status"
    if table.empty:
        return empty_figure(title=title, subtitle=subtitle, dark=dark, height=260)
    by_region = len(regions) > 1
    subtitle += " and Region" if by_region else f" in {regions[0]}"
    order = table.groupby("region")["links"].sum().sort_values(ascending=False, kind="stable")
    present = [s for s in _STATUSES if (table["link_status"] == s).any()]
    rows = list(order.index) if by_region else [label(s) for s in present]
    totals = (
        [int(count) for count in order]
        if by_region
        else [int(table["links"][table["link_status"] == s].sum()) for s in present]
    )
    traces: list[Any] = [
        _bars(
            table[table["link_status"] == status],
            status,
            rows,
            by_region=by_region,
            dark=dark,
        )
        for status in present
    ]
    ends = [f"<b>{number(total)}</b>" for total in totals]
    traces.append(at_ends(totals, ends, theme.palette(dark=dark).ink))
    return new_figure(
        traces,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {_in_words(table)}",
        dark=dark,
        height=max(240, 44 * len(rows) + 80),
        barmode="stack",
        showlegend=by_region,
        margin={"l": 8, "r": room_for(map(number, totals)), "t": 8, "b": 48 if by_region else 8},
        legend=legend_below(),
        xaxis={"visible": False, "range": [0, max(totals)], "fixedrange": True},
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": [plain(row) for row in rows],
            "range": centred(len(rows), 3),
            "fixedrange": True,
        },
    )


def _bars(
    table: pd.DataFrame, status: str, rows: list[str], *, by_region: bool, dark: bool
) -> go.Bar:
    """Return the bars of one status, a segment in each Region's bar or one bar of its own."""
    colours = theme.palette(dark=dark)
    fill = colours.links[status]
    counts = [int(count) for count in table["links"]]
    return go.Bar(
        name=label(status),
        x=counts,
        y=[rows.index(region if by_region else label(status)) for region in table["region"]],
        **segment(fill, colours.paper),
        text=[number(n) if by_region else "" for n in counts],
        customdata=[
            [row.region, str(status), row.links, plain(row.region), _worth(row)]
            for row in records(table)
        ],
        hovertemplate=(
            f"<b>{label(status)}</b> in %{{customdata[3]}}<br>%{{customdata[4]}}<extra></extra>"
        ),
    )


def _worth(row: Any) -> str:
    flagged = f", {number(row.flagged)} worth a look" if row.flagged else ""
    return f"{counted(row.links, 'link')}{flagged}"


def _in_words(table: pd.DataFrame) -> str:
    return (
        "; ".join(
            f"{row.region}, {label(row.link_status).lower()}: {counted(row.links, 'link')}"
            for row in records(table)
        )
        + "."
    )
