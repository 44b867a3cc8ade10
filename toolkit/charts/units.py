"""Where the pairs disagree, and how badly: in which units or organizations, and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, schema, theme, titles
from toolkit.analysis import Ranked
from toolkit.charts.figure import (
    at_ends,
    bare,
    centred,
    empty_figure,
    legend_below,
    new_figure,
    plain,
    room_for,
    segment,
)
from toolkit.schema import Severity, label
from toolkit.text import distinct
from toolkit.titles import counted, number, percent

_SHOWN: Final = 12
_WRITTEN: Final = 35
"""How many characters stand before a bar and behind it, so that a phone has room for the bar."""
_NAME: Final = 14
"""How many of them a name has at least."""

_RANKED: Final[Mapping[Ranked, str]] = {
    "mismatches": "",
    "rate": ", as a share of the linked pairs",
    "critical": ", most critical first",
}
"""How the subtitle says what bars are ranked by."""


@dataclass(frozen=True)
class _By:
    """What bars stand for: the column that names one, what others are called, what it is of."""

    column: str
    nobody: str
    other: str
    what: str
    ranked: Ranked = "mismatches"

    @property
    def subtitle(self) -> str:
        """How to read the chart."""
        return f"Mismatching pairs by {self.what} and severity{_RANKED[self.ranked]}"


_BY_OU: Final = _By("ou_path", "Unit not known", "other unit", "organizational unit")
_BY_OWNER: Final = _By("owner", "No owner known", "other owner", "owner")
_BY_ORGANIZATION: Final = _By("organization_id", "Not known", "other organization", "organization")


@dataclass(frozen=True)
class _Bar:
    """One bar: what a click gives, its whole name, its counts, and what stands at its end."""

    path: str | None
    name: str
    counts: Mapping[str, int]
    linked: int
    ranked: Ranked

    @property
    def mismatches(self) -> int:
        return sum(self.counts.values())

    @property
    def of(self) -> str:
        """Of how many pairs that is."""
        linked = counted(self.linked, "linked pair")
        return f"{number(self.mismatches)} of {linked} disagree"

    def length(self, count: int) -> float:
        """How long so many of its pairs are."""
        return count / self.linked if self.ranked == "rate" else count

    @property
    def end(self) -> str:
        """What it is ranked by, and where that is a share, or a part, of what."""
        if self.ranked == "rate":
            share = percent(self.mismatches, self.linked)
            return f"<b>{share}</b> {number(self.mismatches)} of {number(self.linked)}"
        if self.ranked == "critical":
            critical = number(self.counts[Severity.CRITICAL])
            return f"<b>{critical}</b> of {number(self.mismatches)}"
        return f"<b>{number(self.mismatches)}</b>"


def plot_mismatches_by_ou(
    pairs: pd.DataFrame, *, by: Ranked = "mismatches", top: int = _SHOWN, dark: bool = False
) -> go.Figure:
    """Plot the mismatches of each organizational unit by severity, most first.

    Takes PAIRS (one row per standard account), and what units are ranked `by`, as
    `analysis.mismatches_by_ou` does; of a rate or a part the bar's end says of how many. Units
    after the first `top` are one bar, or where that would be the longest, its number alone. A bar's
    customdata is [ou_path, severity, accounts]; the path is None for the bar of other units and
    "" where the unit is not known. Raises InputError for another `by`.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    table = analysis.mismatches_by_ou(pairs, by=by)
    title = titles.title_mismatches_by_ou(pairs, by=by)
    return _plot(table, replace(_BY_OU, ranked=by), title, top, dark=dark)


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
    bars = _bars(table, by, top)
    drawn = [bar.length(bar.mismatches) for bar in bars]
    if bars[-1].path is None and drawn[-1] > max(drawn[:-1]):
        drawn[-1] = 0  # it would flatten all others
    traces: list[Any] = []
    for severity in Severity:
        counts = [bar.counts[severity] for bar in bars]
        if not any(counts):
            continue
        traces.append(
            go.Bar(
                name=theme.severity_name(severity),
                x=[
                    bar.length(count) if length else 0
                    for bar, count, length in zip(bars, counts, drawn, strict=True)
                ],
                y=list(range(len(bars))),
                **segment(colours.severities[severity], colours.paper),
                text=[number(count) if count else "" for count in counts],
                customdata=[
                    [bar.path, str(severity), count, plain(bar.name), bar.of]
                    for bar, count in zip(bars, counts, strict=True)
                ],
                hovertemplate=(
                    f"<b>%{{customdata[3]}}</b><br>%{{customdata[2]:,}} {label(severity).lower()}"
                    ", %{customdata[4]}<extra></extra>"
                ),
            )
        )
    ends = [bar.end for bar in bars]
    room = max(_WRITTEN - max(len(bare(end)) for end in ends), _NAME)
    traces.append(at_ends(drawn, ends, colours.ink))
    return new_figure(
        traces,
        title=title,
        subtitle=by.subtitle,
        alt=f"{title}. " + "; ".join(f"{bar.name}: {bare(bar.end)}" for bar in bars) + ".",
        dark=dark,
        height=max(220, 36 * len(bars) + 80),
        barmode="stack",
        bargap=0.32,
        margin={"l": 8, "r": room_for(map(bare, ends)), "t": 8, "b": 48},
        legend=legend_below(),
        xaxis={"visible": False, "range": [0, max(drawn)], "fixedrange": True},
        yaxis={
            "tickvals": list(range(len(bars))),
            "ticktext": list(map(plain, distinct([bar.name for bar in bars], room))),
            "range": centred(len(bars), 4),
            "fixedrange": True,
        },
    )


def _bars(table: pd.DataFrame, by: _By, top: int) -> list[_Bar]:
    """Return what each bar needs: the first names one by one, all others together."""
    severities = [str(severity) for severity in Severity]
    numbers, linked = table[severities].to_numpy().tolist(), table["linked"].tolist()
    bars = [
        _Bar(
            name if isinstance(name, str) else "",
            name if isinstance(name, str) else by.nobody,
            dict(zip(severities, counts, strict=True)),
            of,
            by.ranked,
        )
        for name, counts, of in zip(
            table[by.column].tolist()[:top], numbers[:top], linked[:top], strict=True
        )
    ]
    rest = table.iloc[top:]
    if not rest.empty:
        counts = {severity: int(rest[severity].sum()) for severity in severities}
        others = counted(len(rest), by.other)
        bars.append(_Bar(None, others, counts, int(rest["linked"].sum()), by.ranked))
    return bars
