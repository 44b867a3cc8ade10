"""The flows of the mismatches."""

import pandas as pd

from toolkit import charts
from toolkit.charts.flows import plot_mismatch_flows


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
