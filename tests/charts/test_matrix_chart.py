"""Matrix of states."""

from typing import Any

import pandas as pd

from toolkit.charts.matrix import plot_state_matrix
from toolkit.schema import Severity


def test_every_account_is_in_one_cell_of_the_matrix(pairs: pd.DataFrame) -> None:
    figure: Any = plot_state_matrix(pairs)
    found = {(row[0], row[1]): row for trace in figure.data for row in trace.customdata}
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


def test_on_a_phone_a_sign_stands_for_a_severity(pairs: pd.DataFrame) -> None:
    figure = plot_state_matrix(pairs, narrow=True)
    traces = {trace.name: trace for trace in figure.data}
    assert traces["◆ Critical"].text[0].endswith(">◆</span>")
    assert traces["◆ Critical"].textfont.size == 12
    assert figure.layout.xaxis.tickangle == -90
    assert "Pending<br>activation" in figure.layout.yaxis.ticktext


def test_a_number_is_left_out_of_no_cell(pairs: pd.DataFrame) -> None:
    figure = plot_state_matrix(pairs)
    assert figure.layout.uniformtext.mode is None
    assert {trace.constraintext for trace in figure.data} == {"none"}
