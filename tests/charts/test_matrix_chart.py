"""Distribution and matrix of states."""

from typing import Any

import pandas as pd

from toolkit import charts
from toolkit.charts.states import plot_state_distribution, plot_state_matrix
from toolkit.schema import Severity


def bars(figure: Any) -> dict[tuple[str, str], Any]:
    """Return the customdata of each bar by its first two fields."""
    return {(row[0], row[1]): row for trace in figure.data for row in trace.customdata}


def test_both_bars_of_the_distribution_fill_the_width(pairs: pd.DataFrame) -> None:
    figure = plot_state_distribution(pairs)
    widths = pd.DataFrame(
        [(y, x) for trace in figure.data for y, x in zip(trace.y, trace.x, strict=True)]
    )
    assert widths.groupby(0)[1].sum().round(9).to_dict() == {"GovCloud": 1.0, "Standard": 1.0}


def test_a_bar_of_the_distribution_carries_its_filter(pairs: pd.DataFrame) -> None:
    found = bars(plot_state_distribution(pairs))
    assert found["standard", "ACTIVE"][2] == 4
    assert found["govcloud", "CLOSED"][2] == 2


def test_the_legend_counts_both_sides(pairs: pd.DataFrame) -> None:
    names = [trace.name for trace in plot_state_distribution(pairs).data]
    assert names == ["Active  4 | 2", "Suspended  0 | 1", "Closed  1 | 2"]


def test_a_state_of_one_account_in_many_is_wide_enough_to_be_seen(pairs: pd.DataFrame) -> None:
    many = pd.concat([pairs.iloc[[0]]] * 5000 + [pairs.iloc[[1]]], ignore_index=True)
    figure = plot_state_distribution(many)
    assert min(x for trace in figure.data for x in trace.x if x) > 0.007


def test_the_distribution_of_all_accounts_shows_what_is_not_linked(pairs: pd.DataFrame) -> None:
    found = bars(plot_state_distribution(pairs, linked_only=False))
    assert found["govcloud", "NOT_LINKED"][2] == 1
    assert found["govcloud", "UNKNOWN"][2] == 1


def test_the_distribution_says_whom_it_leaves_out(pairs: pd.DataFrame) -> None:
    assert charts.chart_subtitle(plot_state_distribution(pairs)) == (
        "5 linked pairs by state; left out: 1 without a GovCloud account, 1 not seen"
    )


def test_every_account_is_in_one_cell_of_the_matrix(pairs: pd.DataFrame) -> None:
    found = bars(plot_state_matrix(pairs))
    assert sum(row[2] for row in found.values()) == len(pairs)
    assert found["CLOSED", "ACTIVE"][2] == 1
    assert len(found) == 5 * 6


def test_a_mismatching_cell_is_framed_bold_and_named(pairs: pd.DataFrame) -> None:
    traces = {trace.name: trace for trace in plot_state_matrix(pairs).data}
    critical = traces["◆ Critical"]
    assert critical.marker.line.width > 0
    assert critical.text[0].startswith("<b>1</b>")
    assert "critical" in critical.text[0]
    assert traces["States agree"].marker.line.width == 0
    assert traces["States agree"].text[0] == "1"


def test_empty_cells_are_blank_and_silent(pairs: pd.DataFrame) -> None:
    blank = plot_state_matrix(pairs).data[-1]
    assert blank.text is None
    assert blank.hoverinfo == "skip"
    assert not blank.showlegend
    assert all(row[2] == 0 for row in blank.customdata)


def test_the_legend_of_the_matrix_has_only_what_occurs(pairs: pd.DataFrame) -> None:
    names = [
        trace.name
        for trace in plot_state_matrix(pairs.iloc[:2]).data
        if trace.showlegend is not False
    ]
    assert names == ["■ Medium", "States agree"]


def test_columns_for_what_has_no_state_are_there_only_where_needed(pairs: pd.DataFrame) -> None:
    assert list(plot_state_matrix(pairs).layout.xaxis.ticktext)[4:] == ["Not<br>linked", "Unknown"]
    assert len(plot_state_matrix(pairs.iloc[:4]).layout.xaxis.ticktext) == 4


def test_the_totals_of_the_matrix_are_those_of_the_pairs(pairs: pd.DataFrame) -> None:
    notes = [note.text for note in plot_state_matrix(pairs).layout.annotations]
    assert "<b>7</b>" in notes
    assert notes[:5] == ["0", "6", "0", "0", "1"]


def test_no_severity_is_told_by_colour_alone(pairs: pd.DataFrame) -> None:
    names = " ".join(trace.name for trace in plot_state_matrix(pairs).data)
    for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM):
        assert severity.capitalize() in names
