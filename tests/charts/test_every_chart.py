"""What every chart of the registry has: sentences, our template, safe text, an empty state."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
import plotly.graph_objects as go
import pytest

from toolkit import charts, schema, theme
from toolkit.analysis import History
from toolkit.charts import CHARTS, Chart
from toolkit.charts.figure import apart, plain
from toolkit.charts.words import counts_in_words

INK = theme.LIGHT.ink


@dataclass(frozen=True)
class Frames:
    """What charts are made of, as literal frames."""

    pairs: pd.DataFrame
    links: pd.DataFrame
    history: History
    left_behind_counts: Mapping[pd.Timestamp, int] = field(default_factory=dict)
    is_narrowed: bool = False


@pytest.fixture(scope="module")
def full(pairs: pd.DataFrame, judged_links: pd.DataFrame, history: History) -> Frames:
    return Frames(pairs, judged_links, history)


@pytest.fixture(scope="module")
def empty() -> Frames:
    return Frames(schema.empty(schema.PAIRS), schema.empty(schema.JUDGED_LINKS), [])


@pytest.fixture(scope="module", params=CHARTS, ids=lambda chart: chart.key)
def chart(request: pytest.FixtureRequest) -> Chart:
    """Return each chart; what was drawn of it serves all tests before the next is drawn."""
    return request.param


@pytest.fixture(scope="module")
def figure(chart: Chart, full: Frames) -> go.Figure:
    """Return the chart as it is drawn for light; it is only read."""
    return chart.figure(full)


def test_every_function_that_plots_a_snapshot_is_in_the_registry() -> None:
    plots = {name for name in charts.__all__ if name.startswith("plot_")}
    assert {chart.draw.__name__ for chart in CHARTS} == plots - {"plot_fleet"}


def test_a_chart_is_found_by_its_key_and_no_key_is_used_twice() -> None:
    assert [charts.chart(chart.key) for chart in CHARTS] == list(CHARTS)
    with pytest.raises(KeyError):
        charts.chart("none")


def test_each_chart_fills_where_there_is_something_to_draw_and_only_there(
    chart: Chart, full: Frames, figure: go.Figure, empty: Frames
) -> None:
    assert chart.fills(full)
    assert figure.data
    assert not chart.fills(empty)


def test_each_chart_has_the_counts_behind_it(chart: Chart, full: Frames, empty: Frames) -> None:
    table = chart.table(full)
    assert len(table) > 0
    assert list(chart.table(empty).columns) == list(table.columns)


def test_each_chart_has_its_table_in_words_with_what_a_click_on_a_row_gives(
    chart: Chart, full: Frames, figure: go.Figure, empty: Frames
) -> None:
    table = chart.table_in_words(full)
    assert {dtype.kind for dtype in table.dtypes} <= set("iO")
    assert not table.isna().any(axis=None)
    texts = table.select_dtypes("str").to_numpy().ravel().tolist()
    assert not any("_" in text or text.isupper() for text in texts)
    assert list(chart.table_in_words(empty).columns) == list(table.columns)
    clicks = [row for trace in figure.data for row in trace.customdata or ()]
    wanted = {tuple(row[:1]) for row in clicks if row[-1] or row[2:3] != (0,)}
    assert {row[:1] for row in table.index} <= wanted


def test_the_words_of_a_chart_are_those_that_people_use(full: Frames) -> None:
    units = charts.chart("units").table_in_words(full, by="rate")
    assert units.iloc[0].to_dict() == {
        "Organizational unit": "Workloads/<b>Test</b>",
        "◆ Critical": 1,
        "▲ High": 0,
        "■ Medium": 1,
        "● Low": 0,
        "Mismatches": 2,
        "Linked pairs": 2,
        "Rate": "100 %",
    }
    assert units.index[0] == ("Workloads/<b>Test</b>", "", 2)
    matrix = charts.chart("matrix").table_in_words(full)
    assert ["Active", "Closed", 2, "■ Medium"] in matrix.to_numpy().tolist()
    assert ["Active", "Not linked", 1, "Not linked"] in matrix.to_numpy().tolist()
    trend = charts.chart("mismatch-trend").table_in_words(full)
    assert trend["Taken (UTC)"].tolist() == ["15 November 2026, 03:00", "22 November 2026, 03:00"]
    assert trend["Mismatches"].tolist() == [3, 4]


def test_a_chart_of_ones_own_has_its_counts_in_words(full: Frames) -> None:
    own = replace(charts.chart("links"), words=counts_in_words).table_in_words(full)
    assert own["Link status"].iloc[0] == "Linked"
    assert own["Links"].sum() == len(full.links)


def test_no_text_in_a_bar_is_written_where_it_does_not_fit(figure: go.Figure) -> None:
    """Whoever draws it measures: only so it holds at every width."""
    bars = [trace for trace in figure.data if trace.type == "bar"]
    if bars and figure.layout.uniformtext.mode:
        assert (figure.layout.uniformtext.mode, figure.layout.uniformtext.minsize) == ("hide", 11)
        assert {trace.constraintext for trace in bars} == {"inside"}


def test_places_are_moved_apart_and_no_further() -> None:
    assert apart([0, 1, 50], 10, 100) == [0, 10, 50]
    assert apart([90, 95, 99], 10, 100) == [80, 90, 100]
    assert apart([], 10, 100) == []


def test_each_chart_has_its_sentences_beside_it_and_none_inside(
    chart: Chart, full: Frames, figure: go.Figure
) -> None:
    assert charts.chart_title(figure) == chart.title(chart.takes(full))
    assert charts.chart_subtitle(figure)
    assert charts.chart_alt(figure).startswith(f"{charts.chart_title(figure)}. ")
    assert charts.chart_alt(figure).endswith(".")
    assert figure.layout.title.text is None


def test_each_chart_fits_its_background_and_offers_no_upload(
    chart: Chart, full: Frames, figure: go.Figure
) -> None:
    for drawn, dark in ((figure, False), (chart.figure(full, dark=True), True)):
        layout = drawn.layout.template.layout
        assert layout.font.color == theme.palette(dark=dark).ink
        assert layout.paper_bgcolor == "rgba(0,0,0,0)"
        assert "sendChartToCloud" in layout.modebar.remove


def test_each_chart_without_data_says_so_in_one_sentence(chart: Chart, empty: Frames) -> None:
    blank = chart.figure(empty)
    assert not blank.data
    assert [note.text for note in blank.layout.annotations] == [charts.chart_title(blank)]
    assert charts.chart_alt(blank).endswith("There is nothing to draw.")


def test_each_chart_survives_its_own_json(figure: go.Figure) -> None:
    assert charts.chart_title(go.Figure(figure.to_dict())) == charts.chart_title(figure)
    assert "NaN" not in figure.to_json()


def test_labels_stay_readable_while_something_is_selected(figure: go.Figure) -> None:
    """Plotly's bars fail in the browser where only `unselected` says what text looks like."""
    for trace in figure.data:
        is_written = trace.type == "bar" or "text" in trace.mode  # other text shows on hover alone
        if is_written and any(trace.text or ()):
            assert trace.unselected.textfont.color
            assert trace.selected.textfont.color == trace.unselected.textfont.color
            assert trace.selected.textfont.color == (trace.textfont.color or INK)


def test_a_figure_of_somebody_else_has_no_sentences() -> None:
    assert charts.chart_title(go.Figure()) == ""


def test_plain_text_is_shown_and_never_acted_upon() -> None:
    assert plain('<a href="x">&amp; $a$</a>') == (
        '&lt;a href="x"&gt;&amp;amp; &#36;a&#36;&lt;/a&gt;'
    )
