"""Mismatches by organizational unit, and their flows."""

import pandas as pd

from toolkit import charts
from toolkit.charts.mismatches import plot_mismatch_flows, plot_mismatches_by_ou


def test_a_unit_is_clicked_by_its_path_and_severity(pairs: pd.DataFrame) -> None:
    rows = [
        row[:3]
        for trace in plot_mismatches_by_ou(pairs).data[:-1]
        for row in trace.customdata
        if row[2]
    ]
    assert ["Workloads/<b>Test</b>", "CRITICAL", 1] in [list(row) for row in rows]
    assert ["", "HIGH", 1] in [list(row) for row in rows]


def test_names_of_units_are_shown_as_the_text_they_are(pairs: pd.DataFrame) -> None:
    figure = plot_mismatches_by_ou(pairs)
    assert list(figure.layout.yaxis.ticktext) == [
        "Workloads/&lt;b&gt;Test&lt;/b&gt;",
        "Unit not known",
        "Sandbox",
    ]
    hover = [row[3] for row in figure.data[0].customdata]
    assert hover[0] == "Workloads/&lt;b&gt;Test&lt;/b&gt;"
    assert "<b>Test</b>" in charts.chart_alt(figure)


def test_totals_stand_at_the_end_of_the_bars(pairs: pd.DataFrame) -> None:
    ends = plot_mismatches_by_ou(pairs).data[-1]
    assert list(ends.x) == [2, 1, 1]
    assert list(ends.text) == ["  <b>2</b>", "  <b>1</b>", "  <b>1</b>"]


def test_units_beyond_the_first_are_one_bar(pairs: pd.DataFrame) -> None:
    figure = plot_mismatches_by_ou(pairs, top=1)
    assert list(figure.layout.yaxis.ticktext)[1] == "2 other units"
    assert list(figure.data[-1].x) == [2, 2]
    assert figure.data[0].customdata[1][0] is None


def test_a_long_name_is_short_on_the_axis_and_whole_in_the_hover(pairs: pd.DataFrame) -> None:
    figure = plot_mismatches_by_ou(pairs.assign(ou_path="Start/" + "x" * 90 + "/End"))
    (tick,) = figure.layout.yaxis.ticktext
    assert len(tick) == 34
    assert figure.data[0].customdata[0][3] == "Start/" + "x" * 90 + "/End"


def test_only_mismatching_pairs_flow(pairs: pd.DataFrame) -> None:
    (handles,) = (
        trace for trace in plot_mismatch_flows(pairs).data if trace.customdata is not None
    )
    assert [list(row) for row in handles.customdata] == [
        ["ACTIVE", "CLOSED", 2],
        ["CLOSED", "ACTIVE", 1],
        ["ACTIVE", "SUSPENDED", 1],
    ]


def test_a_ribbon_says_in_words_what_it_is(pairs: pd.DataFrame) -> None:
    ribbon = plot_mismatch_flows(pairs).data[0]
    assert ribbon.text == (
        "<b>2 pairs</b> (50 % of the mismatches)<br>Standard: Active<br>GovCloud: Closed"
        "<br>■ Medium"
    )


def test_ribbons_are_as_wide_at_both_ends_as_their_number_of_pairs(pairs: pd.DataFrame) -> None:
    ribbons = [trace for trace in plot_mismatch_flows(pairs).data if trace.fill == "toself"]
    widths = []
    for ribbon in ribbons:
        half = len(ribbon.y) // 2
        start, end = ribbon.y[-1] - ribbon.y[0], ribbon.y[half] - ribbon.y[half - 1]
        assert round(start - end, 9) == 0
        widths.append(start)
    assert [round(width / widths[-1], 6) for width in widths] == [2, 1, 1]


def test_a_single_flow_fills_the_height(pairs: pd.DataFrame) -> None:
    ribbon = plot_mismatch_flows(pairs.iloc[1:2]).data[0]
    assert ribbon.y[-1] - ribbon.y[0] == 1


def test_the_alt_text_names_every_flow(pairs: pd.DataFrame) -> None:
    assert "Closed to Active: 1 (critical)" in charts.chart_alt(plot_mismatch_flows(pairs))
