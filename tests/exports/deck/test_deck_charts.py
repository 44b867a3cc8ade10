"""What stands in and beside the bars and lines of a chart, measured before it is drawn."""

import itertools
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from pptx.oxml.ns import qn

from toolkit.exports.deck.charts import add_lines, add_stacked_bars
from toolkit.exports.deck.measure import text_width
from toolkit.exports.deck.sankey import Flow, add_sankey
from toolkit.exports.deck.stage import Area, open_stage

COLOURS = dict.fromkeys(["Active", "Suspended", "Closed"], "#0B5394")


def bars(area: Area | None = None, **more: Any) -> Any:
    """Return a chart of a bar a row, and where its bars stand in it, as shares of its area."""
    stage = open_stage()
    slide = stage.presentation.slides.add_slide(stage.content)
    frame = add_stacked_bars(stage, slide, area or stage.body, alt="", colours=COLOURS, **more)
    inside = frame.chart.element.find(f".//{qn('c:manualLayout')}")
    shares = {name: float(inside.find(qn(f"c:{name}")).get("val")) for name in "xywh"}
    return frame.chart, shares


def least(chart: Any) -> int:
    """Return the smallest number that is shown in a segment."""
    (form,) = {series.data_labels.number_format for series in chart.plots[0].series}
    return int(re.fullmatch(r'\[>=(\d+)\]#,##0;""', form)[1])


def test_a_number_stands_in_its_segment_only_where_it_has_room() -> None:
    """At 50,000 accounts "1,006" and "954" once stood on one another."""
    counts = pd.DataFrame(
        {"Active": [46_000, 45_500], "Suspended": [1_006, 2_600], "Closed": [954, 3]},
        index=["Standard", "GovCloud"],
    )
    chart, inside = bars(counts=counts)
    assert least(chart) == 1_007
    wide = inside["w"] * open_stage().body.width
    assert text_width("2,600", 12, bold=True) < 2_600 / 49_103 * wide
    assert text_width("1,006", 12, bold=True) > 1_006 / 49_103 * wide


def test_every_number_is_shown_where_all_have_room_and_none_is_a_zero() -> None:
    chart, _ = bars(counts=pd.DataFrame({"Active": [3, 0], "Closed": [1, 2]}, index=["a", "b"]))
    assert least(chart) == 1


def test_of_many_bars_each_has_its_name() -> None:
    counts = pd.DataFrame({"Active": range(1, 13)}, index=[f"region-{n}" for n in range(12)])
    chart, _ = bars(counts=counts, totals=True)
    assert chart.category_axis._element.find(qn("c:tickLblSkip")).get("val") == "1"
    assert [str(name) for name in chart.plots[0].categories][:2] == [
        "region-0  (1)",
        "region-1  (2)",
    ]


def test_names_have_as_much_room_as_they_need_and_never_half_of_the_chart() -> None:
    few, short = bars(counts=pd.DataFrame({"Active": [1]}, index=["a"]))
    name = "A unit of many words that has a long name/" * 2
    chart, long = bars(counts=pd.DataFrame({"Active": [1]}, index=[name]))
    assert short["x"] < 0.05
    assert 0.4 < long["x"] < 0.45
    assert str(chart.plots[0].categories[0]) == name.strip()
    assert few.category_axis.tick_labels.font.size.pt == 12


def test_names_that_have_no_room_are_shortened_and_stay_different() -> None:
    units = [f"{'a long way to a unit ' * 6}{n:02d}{' and beyond' * 6}" for n in range(12)]
    area = replace(open_stage().body, height=2.5)
    chart, _ = bars(area, counts=pd.DataFrame({"Active": [7] * 12}, index=units), totals=True)
    names = [str(name) for name in chart.plots[0].categories]
    assert len(set(names)) == 12
    assert all("…" in name and name.endswith("  (7)") for name in names)
    assert chart.category_axis.tick_labels.font.size.pt == 8


def test_a_line_says_its_first_and_its_last_value() -> None:
    stage = open_stage()
    slide = stage.presentation.slides.add_slide(stage.content)
    days = pd.date_range("2026-11-01", periods=4, tz="UTC")
    values = pd.DataFrame({"Mismatches": [5, 7, 6, 9], "Critical": [0, 1, 1, 8]}, index=days)
    colours = dict.fromkeys(values.columns, "#0B5394")
    chart = add_lines(stage, slide, stage.body, values, colours, alt="").chart
    labelled = [
        [int(label.find(qn("c:idx")).get("val")) for label in series._element.iter(qn("c:dLbl"))]
        for series in chart.plots[0].series
    ]
    assert labelled == [[0, 3], [0, 3]]
    places = [
        [label.find(qn("c:dLblPos")).get("val") for label in series._element.iter(qn("c:dLbl"))]
        for series in chart.plots[0].series
    ]
    assert places == [["t", "t"], ["t", "r"]]


@pytest.mark.parametrize("width", [5.0, 12.0])
def test_no_label_of_a_flow_stands_on_another(width: float) -> None:
    stage = open_stage()
    slide = stage.presentation.slides.add_slide(stage.content)
    states = [f"Pending state {number}" for number in range(8)]
    flows = [Flow("Active", state, 1, "#0B5394", "high") for state in states]
    flows.append(Flow("Active", "Closed", 9_000, "#0B5394", "high"))
    order = ["Active", "Closed", *states]
    area = Area(0.6, 1.8, width, 4.0)
    colours = dict.fromkeys(order, "#0B5394")
    add_sankey(stage, slide, area, flows, colours, order=order, alt="")
    labels = [shape for shape in slide.shapes if shape.name == "Node label"]
    right = sorted(label.top for label in labels if label.left > 914_400 * (0.6 + width / 2))
    high = labels[0].height
    assert len(right) == 9
    assert all(low - top >= high - 1 for top, low in itertools.pairwise(right))
    assert right[-1] + high <= 914_400 * area.bottom + 1
