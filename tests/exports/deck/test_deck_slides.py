"""The deck's slides: which of them draws which chart."""

from toolkit.charts import CHARTS
from toolkit.exports.deck.slides import SLIDES


def test_a_slide_that_draws_a_chart_names_one_there_is() -> None:
    drawn = [key for key, _ in SLIDES if key]
    assert set(drawn) <= {chart.key for chart in CHARTS}
    assert len(set(drawn)) == len(drawn)


def test_charts_stand_in_the_deck_in_the_order_in_which_they_are_read() -> None:
    drawn = [key for key, _ in SLIDES if key]
    assert drawn == [chart.key for chart in CHARTS if chart.key in drawn]
