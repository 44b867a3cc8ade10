"""Every chart as a row: what it counts, what it says, how it is drawn, and where it stands.

A chart appears in the app, in the HTML page and among the pictures by its row here; the deck
builds its native slide by the same key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

import pandas as pd
import plotly.graph_objects as go

from toolkit import analysis, titles
from toolkit.analysis import History, Ranked
from toolkit.charts.distribution import plot_state_distribution
from toolkit.charts.figure import entitled
from toolkit.charts.flows import plot_mismatch_flows
from toolkit.charts.links import plot_link_status
from toolkit.charts.matrix import plot_state_matrix
from toolkit.charts.trend import plot_mismatch_trend, plot_state_trend
from toolkit.charts.units import plot_mismatches_by_ou, plot_mismatches_by_owner
from toolkit.charts.words import (
    bars_in_words,
    counts_in_words,
    distribution_in_words,
    flows_in_words,
    links_in_words,
    matrix_in_words,
    mismatch_trend_in_words,
    state_trend_in_words,
)

NARROW: Final = 600
"""The width in pixels below which a chart that `narrows` is drawn for little room."""

Place: TypeAlias = Literal["overview", "mismatches", "links", "trends"]
"""The app's page on which a chart stands."""


class Content(Protocol):
    """What charts are made of: a judged snapshot, or a report on one."""

    @property
    def pairs(self) -> pd.DataFrame:
        """PAIRS: one row per standard account."""
        ...

    @property
    def links(self) -> pd.DataFrame:
        """JUDGED_LINKS: one row per link and Region."""
        ...

    @property
    def history(self) -> History:
        """(time taken, PAIRS) of earlier snapshots and this one, oldest first."""
        ...

    @property
    def is_narrowed(self) -> bool:
        """Whether the pairs were chosen by what they are, so that the others are denied."""
        ...

    @property
    def left_behind_counts(self) -> Mapping[pd.Timestamp, int]:
        """How many pairs were left behind and are not accepted, by when a snapshot was taken."""
        ...


@dataclass(frozen=True)
class Chart:
    """One chart: `takes` gives the frame that `count`, `title` and `draw` are about.

    `key` names it in addresses and files, `name` for people. `words` makes of the counts a table
    to be read. `fills` says whether there is anything to draw; `on` is the app's page that shows
    it, if one does, and `in_page` whether the HTML page does. `narrows` says that it is drawn in
    another way where there is little room, and `ranks` that one may choose what it is ranked `by`.
    """

    key: str
    name: str
    takes: Callable[[Content], pd.DataFrame]
    count: Callable[..., pd.DataFrame]
    title: Callable[..., str]
    draw: Callable[..., go.Figure]
    fills: Callable[[Content], bool] = lambda _content: True
    on: Place | None = None
    in_page: bool = True
    narrows: bool = False
    ranks: bool = False
    words: Callable[[pd.DataFrame], pd.DataFrame] = counts_in_words

    def figure(
        self, content: Content, *, dark: bool = False, narrow: bool = False, **ranked: Ranked
    ) -> go.Figure:
        """Draw it, under the title that `title_of` gives.

        `narrow` is for less than `NARROW` pixels of width; a chart that `ranks` takes `by`.
        """
        how = {"narrow": narrow} if self.narrows else {}
        figure = self.draw(self.takes(content), dark=dark, **how, **ranked)
        if not content.is_narrowed:
            return figure
        return entitled(figure, self.title_of(content, **ranked))

    def title_of(self, content: Content, **ranked: Ranked) -> str:
        """Say what it shows; of a selection, as of one. A chart that `ranks` takes `by`."""
        takes_pairs = {"selected": True} if content.is_narrowed and self.takes is _pairs else {}
        return self.title(self.takes(content), **takes_pairs, **ranked)

    def table(self, content: Content, **ranked: Ranked) -> pd.DataFrame:
        """Return the counts behind it. A chart that `ranks` takes `by`."""
        return self.count(self.takes(content), **ranked)

    def table_in_words(self, content: Content, **ranked: Ranked) -> pd.DataFrame:
        """Return the table behind it, complete and as people read it: text and whole numbers.

        A row's index is what a click on that part of the chart gives, as a tuple. A chart that
        `ranks` takes `by`.
        """
        return self.words(self.table(content, **ranked))


def _pairs(content: Content) -> pd.DataFrame:
    return content.pairs


def _links(content: Content) -> pd.DataFrame:
    return content.links


def _has_linked(content: Content) -> bool:
    return analysis.key_figures(content.pairs).linked > 0


def _has_mismatches(content: Content) -> bool:
    return analysis.key_figures(content.pairs).mismatches > 0


def _has_owners(content: Content) -> bool:
    return bool(analysis.mismatches_by_owner(content.pairs)["owner"].notna().any())


def _has_links(content: Content) -> bool:
    return not content.links.empty


def _has_past(content: Content) -> bool:
    return len(content.history) > 1


CHARTS: Final = (
    Chart(
        "distribution",
        "States",
        _pairs,
        analysis.state_distribution,
        titles.title_state_distribution,
        plot_state_distribution,
        _has_linked,
        "overview",
        words=distribution_in_words,
    ),
    Chart(
        "matrix",
        "State matrix",
        _pairs,
        lambda pairs: analysis.state_matrix(pairs).query("accounts > 0"),
        titles.title_state_matrix,
        plot_state_matrix,
        _has_linked,
        "overview",
        narrows=True,
        words=matrix_in_words,
    ),
    Chart(
        "units",
        "Mismatches by unit",
        _pairs,
        analysis.mismatches_by_ou,
        titles.title_mismatches_by_ou,
        plot_mismatches_by_ou,
        _has_mismatches,
        "overview",
        ranks=True,
        words=bars_in_words("ou_path", "Organizational unit", "Unit not known"),
    ),
    Chart(
        "owners",
        "Mismatches by owner",
        _pairs,
        analysis.mismatches_by_owner,
        titles.title_mismatches_by_owner,
        plot_mismatches_by_owner,
        _has_owners,
        "mismatches",
        words=bars_in_words("owner", "Owner", "No owner known"),
    ),
    Chart(
        "flows",
        "Mismatch flows",
        _pairs,
        analysis.mismatch_flows,
        titles.title_mismatch_flows,
        plot_mismatch_flows,
        _has_mismatches,
        words=flows_in_words,
    ),
    Chart(
        "mismatch-trend",
        "Mismatch trend",
        lambda content: analysis.trend(content.history, content.left_behind_counts),
        lambda trend: trend,
        titles.title_mismatch_trend,
        plot_mismatch_trend,
        _has_past,
        "trends",
        words=mismatch_trend_in_words,
    ),
    Chart(
        "state-trend",
        "State trend",
        lambda content: analysis.state_trend(content.history),
        lambda trend: trend,
        titles.title_state_trend,
        plot_state_trend,
        _has_past,
        "trends",
        in_page=False,
        words=state_trend_in_words,
    ),
    Chart(
        "links",
        "Account links",
        _links,
        analysis.link_status,
        titles.title_link_status,
        plot_link_status,
        _has_links,
        "links",
        words=links_in_words,
    ),
)
"""Every chart, in the order in which they are read."""


def chart(key: str) -> Chart:
    """Return the chart of that key; raises KeyError where there is none."""
    return {one.key: one for one in CHARTS}[key]
