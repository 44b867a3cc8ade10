"""Mismatches by organizational unit, and by owner."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from toolkit import charts, schema
from toolkit.analysis import History
from toolkit.charts import chart
from toolkit.charts.units import plot_mismatches_by_ou, plot_mismatches_by_owner


@dataclass(frozen=True)
class Frames:
    """What the chart is made of."""

    pairs: pd.DataFrame
    links: pd.DataFrame = field(default_factory=lambda: schema.empty(schema.JUDGED_LINKS))
    history: History = ()
    left_behind_counts: Mapping[pd.Timestamp, int] = field(default_factory=dict)
    is_narrowed: bool = False


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


def test_owners_have_a_bar_each_and_those_without_one_have_theirs(pairs: pd.DataFrame) -> None:
    figure = plot_mismatches_by_owner(pairs)
    assert list(figure.layout.yaxis.ticktext) == [
        "&lt;b&gt;Ada&lt;/b&gt;",
        "Grace",
        "No owner known",
    ]
    assert list(figure.data[-1].x) == [2, 1, 1]
    rows = [list(row[:3]) for trace in figure.data[:-1] for row in trace.customdata if row[2]]
    assert ["<b>Ada</b>", "CRITICAL", 1] in rows
    assert ["Grace", "HIGH", 1] in rows
    assert ["", "MEDIUM", 1] in rows
    said = "<b>Ada</b> answers for 2 of 4 mismatches; 1 has no owner"
    assert charts.chart_title(figure) == said


def test_what_is_accepted_is_in_no_bar(pairs: pd.DataFrame) -> None:
    until = pd.Series(pd.NaT, index=pairs.index, dtype=pairs["accepted_until"].dtype)
    until[pairs["account_id"] == "000000000007"] = pd.Timestamp("2027-01-01", tz="UTC")
    figure = plot_mismatches_by_owner(pairs.assign(accepted_until=until))
    assert list(figure.data[-1].x) == [2, 1]
    assert "Grace" not in figure.layout.yaxis.ticktext


def test_there_is_nothing_by_owner_to_draw_where_no_owner_is_known(pairs: pd.DataFrame) -> None:
    owners = chart("owners")
    assert owners.fills(Frames(pairs))
    assert not owners.fills(Frames(pairs.assign(owner=pd.Series(None, dtype="str"))))


def test_a_rate_is_said_with_of_how_many_it_is(pairs: pd.DataFrame) -> None:
    figure = plot_mismatches_by_ou(pairs, by="rate")
    assert list(figure.layout.yaxis.ticktext) == [
        "Workloads/&lt;b&gt;Test&lt;/b&gt;",
        "Unit not known",
        "Sandbox",
    ]
    assert list(figure.data[-1].text) == [
        "  <b>100 %</b> 2 of 2",
        "  <b>100 %</b> 1 of 1",
        "  <b>50 %</b> 1 of 2",
    ]
    assert list(figure.data[-1].x) == [1, 1, 0.5]
    assert charts.chart_subtitle(figure).endswith(", as a share of the linked pairs")
    assert "Unit not known: 100 % 1 of 1" in charts.chart_alt(figure)


def test_the_critical_ones_are_said_with_of_how_many_they_are(pairs: pd.DataFrame) -> None:
    ends = plot_mismatches_by_ou(pairs, by="critical").data[-1]
    assert list(ends.text) == ["  <b>1</b> of 2", "  <b>0</b> of 1", "  <b>0</b> of 1"]
    assert list(ends.x) == [2, 1, 1]


def test_a_selection_is_titled_by_what_it_is_ranked_by(pairs: pd.DataFrame) -> None:
    units, content = chart("units"), Frames(pairs, is_narrowed=True)
    assert charts.chart_title(units.figure(content, by="rate")) == (
        "Most often in Workloads/<b>Test</b>: 2 of 2 selected pairs disagree"
    )
    assert charts.chart_title(units.figure(content)).endswith(" of the selected mismatches")


def test_long_names_that_begin_and_end_alike_stay_different(pairs: pd.DataFrame) -> None:
    units = [f"Programs/{'x' * 40}{at}{'y' * 40}/End" for at in range(len(pairs))]
    ticks = plot_mismatches_by_ou(pairs.assign(ou_path=units)).layout.yaxis.ticktext
    assert len(set(ticks)) == len(ticks) == 4


def test_what_stands_around_a_bar_leaves_a_phone_room_for_it(pairs: pd.DataFrame) -> None:
    many = pd.concat([pairs.assign(ou_path="Programs/" + "x" * 90)] * 400, ignore_index=True)
    many = many.assign(account_id=[f"{at:012d}" for at in range(len(many))])
    layout = plot_mismatches_by_ou(many, by="rate").layout
    assert 8 * max(map(len, layout.yaxis.ticktext)) + layout.margin.r <= 320
