"""Mismatches by organizational unit."""

import pandas as pd

from toolkit import charts
from toolkit.charts.units import plot_mismatches_by_ou


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
