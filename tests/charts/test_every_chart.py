"""What every chart has: sentences beside it, our template, safe text, a designed empty state."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import pytest

from toolkit import analysis, charts, schema, theme
from toolkit.charts.figure import plain
from toolkit.verdicts import judge_links

Figures = dict[str, Callable[..., go.Figure]]
INK = theme.LIGHT.ink
NAMES = [name for name in charts.__all__ if name.startswith("plot_")]


@pytest.fixture
def full(
    pairs: pd.DataFrame,
    history: list[tuple[pd.Timestamp, pd.DataFrame]],
    judged_links: pd.DataFrame,
) -> Figures:
    return {
        "plot_state_distribution": partial(charts.plot_state_distribution, pairs),
        "plot_state_matrix": partial(charts.plot_state_matrix, pairs),
        "plot_mismatches_by_ou": partial(charts.plot_mismatches_by_ou, pairs),
        "plot_mismatch_flows": partial(charts.plot_mismatch_flows, pairs),
        "plot_link_status": partial(charts.plot_link_status, judged_links),
        "plot_mismatch_trend": partial(charts.plot_mismatch_trend, analysis.trend(history)),
        "plot_state_trend": partial(charts.plot_state_trend, analysis.state_trend(history)),
    }


@pytest.fixture
def empty() -> Figures:
    pairs = schema.empty(schema.PAIRS)
    links = judge_links(schema.empty(schema.LINKS), schema.empty(schema.ACCOUNTS))
    return {
        "plot_state_distribution": partial(charts.plot_state_distribution, pairs),
        "plot_state_matrix": partial(charts.plot_state_matrix, pairs),
        "plot_mismatches_by_ou": partial(charts.plot_mismatches_by_ou, pairs),
        "plot_mismatch_flows": partial(charts.plot_mismatch_flows, pairs),
        "plot_link_status": partial(charts.plot_link_status, links),
        "plot_mismatch_trend": partial(charts.plot_mismatch_trend, analysis.trend([])),
        "plot_state_trend": partial(charts.plot_state_trend, analysis.state_trend([])),
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_chart_has_its_sentences_beside_it_and_none_inside(full: Figures, name: str) -> None:
    figure = full[name]()
    assert charts.chart_title(figure)
    assert charts.chart_subtitle(figure)
    assert charts.chart_alt(figure).startswith(f"{charts.chart_title(figure)}. ")
    assert charts.chart_alt(figure).endswith(".")
    assert figure.layout.title.text is None


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_each_chart_fits_its_background_and_offers_no_upload(
    full: Figures, name: str, *, dark: bool
) -> None:
    layout = full[name](dark=dark).layout.template.layout
    assert layout.font.color == theme.palette(dark=dark).ink
    assert layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert "sendChartToCloud" in layout.modebar.remove


@pytest.mark.parametrize("name", NAMES)
def test_each_chart_without_data_says_so_in_one_sentence(empty: Figures, name: str) -> None:
    figure = empty[name]()
    assert not figure.data
    assert [note.text for note in figure.layout.annotations] == [charts.chart_title(figure)]
    assert charts.chart_alt(figure).endswith("There is nothing to draw.")


@pytest.mark.parametrize("name", NAMES)
def test_each_chart_survives_its_own_json(full: Figures, name: str) -> None:
    figure = full[name]()
    assert charts.chart_title(go.Figure(figure.to_dict())) == charts.chart_title(figure)
    assert "NaN" not in figure.to_json()


def test_a_figure_of_somebody_else_has_no_sentences() -> None:
    assert charts.chart_title(go.Figure()) == ""


def test_plain_text_is_shown_and_never_acted_upon() -> None:
    assert plain('<a href="x">&amp; $a$</a>') == (
        '&lt;a href="x"&gt;&amp;amp; &#36;a&#36;&lt;/a&gt;'
    )


@pytest.mark.parametrize("name", NAMES)
def test_labels_stay_readable_while_something_is_selected(full: Figures, name: str) -> None:
    """Plotly's bars fail in the browser where only `unselected` says what text looks like."""
    for trace in full[name]().data:
        if trace.unselected.textfont.color:
            assert trace.selected.textfont.color == trace.unselected.textfont.color
            assert trace.selected.textfont.color == (trace.textfont.color or INK)
