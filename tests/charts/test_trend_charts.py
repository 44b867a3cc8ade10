"""Mismatches and states over several snapshots."""

from itertools import pairwise

import pandas as pd
import pytest

from toolkit import analysis, charts, schema
from toolkit.charts.trend import plot_mismatch_trend, plot_state_trend
from toolkit.errors import InputError

History = list[tuple[pd.Timestamp, pd.DataFrame]]


def test_the_trend_draws_all_mismatches_and_the_critical_ones(history: History) -> None:
    whole, critical = plot_mismatch_trend(analysis.trend(history)).data
    assert list(whole.y) == [3, 4]
    assert list(critical.y) == [1, 1]
    assert whole.customdata[1][:2] == ["2026-11-22T03:00:00+00:00", 4]


def test_the_trend_starts_at_zero(history: History) -> None:
    assert plot_mismatch_trend(analysis.trend(history)).layout.yaxis.range[0] == 0


def test_the_first_and_last_values_are_written(history: History) -> None:
    notes = plot_mismatch_trend(analysis.trend(history)).layout.annotations
    assert {(note.text, note.xanchor) for note in notes} == {
        ("<b>3</b>", "right"),
        ("<b>1</b>", "right"),
        ("<b>4</b> mismatches", "left"),
        ("<b>1</b> critical", "left"),
    }


def test_every_axis_of_amounts_begins_at_zero(history: History) -> None:
    one = plot_mismatch_trend(analysis.trend(history))
    states = plot_state_trend(analysis.state_trend(history))
    axes = [axis for figure in (one, states) for axis in figure.select_yaxes() if axis.range]
    assert [axis.range[0] for axis in axes] == [0] * 4


def test_the_first_and_last_values_of_a_state_are_written(history: History) -> None:
    line = plot_state_trend(many(analysis.state_trend(history), 5)).data[0]
    assert list(line.text) == [f"{line.y[0]}", "", "", "", f"{line.y[-1]}"]


def test_a_hover_tells_a_snapshot_in_words(history: History) -> None:
    words = plot_mismatch_trend(analysis.trend(history)).data[0].customdata[1][2]
    assert words == (
        "<b>22 November 2026, 03:00 UTC</b><br>4 mismatches, 80.0% of the judged pairs"
        "<br>◆ Critical: 1<br>▲ High: 1<br>■ Medium: 2"
    )


def test_what_was_left_behind_has_its_own_line_and_its_words(history: History) -> None:
    table = analysis.trend(history, {history[0][0]: 0, history[1][0]: 7})
    figure = plot_mismatch_trend(table)
    *_, left = figure.data
    assert (left.name, list(left.y)) == ("Left behind", [0, 7])
    assert "<b>7</b> left behind" in [note.text for note in figure.layout.annotations]
    assert figure.data[0].customdata[1][2].endswith("<br>7 pairs left behind")
    assert figure.layout.yaxis.range[1] > 7


def test_no_label_at_the_end_of_a_line_covers_another(history: History) -> None:
    table = analysis.trend(history, {taken: 4 for taken, _ in history})
    figure = plot_mismatch_trend(table)
    room = 0.08 * figure.layout.yaxis.range[1]
    for side in ("left", "right"):
        places = sorted(note.y for note in figure.layout.annotations if note.xanchor == side)
        assert len(places) == 3
        assert all(after - before > room for before, after in pairwise(places))


def test_without_critical_mismatches_there_is_one_line(history: History) -> None:
    calm = [(taken, pairs.iloc[:2]) for taken, pairs in history]
    assert len(plot_mismatch_trend(analysis.trend(calm)).data) == 1


def test_one_snapshot_is_a_point_with_its_day(history: History) -> None:
    figure = plot_mismatch_trend(analysis.trend(history[1:]))
    assert list(figure.data[0].y) == [4]
    assert len(figure.layout.xaxis.tickvals) == 1


def test_many_snapshots_name_a_few_days(history: History) -> None:
    start, pairs = history[0]
    many = [(start + pd.Timedelta(days=day), pairs) for day in range(20)]
    named = plot_mismatch_trend(analysis.trend(many)).layout.xaxis.tickvals
    assert 5 <= len(named) <= 8
    assert str(named[-1]).startswith("2026-12-04T03:00")


def test_two_snapshots_of_one_day_are_told_apart_by_the_hour(history: History) -> None:
    start, pairs = history[0]
    day = [(start, pairs), (start + pd.Timedelta(hours=5), pairs)]
    assert plot_mismatch_trend(analysis.trend(day)).layout.xaxis.tickformat == "%-d %b %H:%M"


def test_each_state_that_occurs_has_a_panel_with_both_sides(history: History) -> None:
    figure = plot_state_trend(analysis.state_trend(history))
    panels = [note.text for note in figure.layout.annotations]
    assert panels == ["Active", "Suspended", "Closed"]
    lines = [trace for trace in figure.data if trace.customdata is not None]
    sides = [(row[1], row[2], row[3]) for trace in lines for row in trace.customdata[-1:]]
    assert ("govcloud", "CLOSED", 2) in sides
    assert ("standard", "ACTIVE", 4) in sides
    assert len(lines) == 6


def test_the_sides_are_told_apart_by_more_than_colour(history: History) -> None:
    figure = plot_state_trend(analysis.state_trend(history))
    dashes = {trace.name: trace.line.dash for trace in figure.data}
    assert dashes == {"Standard": "solid", "GovCloud": "dot"}
    named = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert named == ["Standard", "GovCloud"]


def test_a_trend_says_of_which_organization_it_is_and_is_drawn_as_any_other(
    history: History,
) -> None:
    trend, states = analysis.trend(history), analysis.state_trend(history)
    assert plot_mismatch_trend(of("o-one", trend)) == plot_mismatch_trend(trend)
    assert plot_state_trend(of("o-one", states)) == plot_state_trend(states)


def test_a_trend_of_several_organizations_is_no_line_and_one_is_to_be_chosen(
    history: History,
) -> None:
    for plot, trend in (
        (plot_mismatch_trend, analysis.trend(history)),
        (plot_state_trend, analysis.state_trend(history)),
    ):
        both = pd.concat([of("o-two", trend), of("o-one", trend)])
        with pytest.raises(InputError) as refused:
            plot(both)
        assert str(refused.value).startswith("This is the trend of 2 organizations, and a line is")
        assert refused.value.hint == "Choose one: trend[trend['organization_id'] == 'o-two']."


def test_a_trend_that_says_no_more_than_the_mismatches_is_drawn(history: History) -> None:
    whole = analysis.trend(history, dict.fromkeys([taken for taken, _ in history], 7))
    figure = plot_mismatch_trend(whole[schema.TREND.names])
    assert [trace.name for trace in figure.data] == ["Mismatches", "Critical"]
    assert figure.data[0].customdata[0][2] == (
        "<b>15 November 2026, 03:00 UTC</b><br>3 mismatches<br>◆ Critical: 1<br>■ Medium: 2"
    )
    assert charts.chart_title(figure) == "Mismatches are up from 3 to 4 since 15 November"


def test_a_trend_in_any_order_is_told_by_time(history: History) -> None:
    table = analysis.trend(history, {history[0][0]: 1, history[1][0]: 7})
    assert plot_mismatch_trend(table.iloc[::-1]) == plot_mismatch_trend(table)


def test_of_many_snapshots_the_last_alone_is_marked_and_each_can_be_hovered(
    history: History,
) -> None:
    trend, states = (many(make(history), 90) for make in (analysis.trend, analysis.state_trend))
    (whole, _), (side, *_) = plot_mismatch_trend(trend).data, plot_state_trend(states).data
    assert list(whole.marker.size) == [0] * 89 + [11]
    assert list(side.marker.size) == [0] * 89 + [8]
    assert len({row[2] for row in whole.customdata}) == len(side.customdata) == 90
    few = plot_mismatch_trend(many(analysis.trend(history), 60)).data[0]
    assert set(few.marker.size) == {6, 11}


def of(organization: str, trend: pd.DataFrame) -> pd.DataFrame:
    """Return a trend as that of an organization among others."""
    return trend.assign(organization_id=organization)


def many(trend: pd.DataFrame, snapshots: int) -> pd.DataFrame:
    """Return the trend as if its first snapshot had been taken so many days."""
    first = trend[trend["taken"] == trend["taken"].min()]
    days = [first["taken"] + pd.Timedelta(days=day) for day in range(snapshots)]
    return pd.concat([first.assign(taken=taken) for taken in days], ignore_index=True)
