"""Account links by status and Region."""

import pandas as pd

from toolkit import charts
from toolkit.charts.links import plot_link_status


def test_each_region_has_a_bar_of_its_statuses(judged_links: pd.DataFrame) -> None:
    figure = plot_link_status(judged_links)
    assert list(figure.layout.yaxis.ticktext) == ["us-east-1", "us-west-2"]
    linked = figure.data[0]
    assert (linked.name, list(linked.x), list(linked.y)) == ("Linked", [2], [0])
    assert list(linked.customdata[0][:3]) == ["us-east-1", "LINKED", 2]
    assert figure.layout.showlegend


def test_one_region_has_a_bar_for_each_status(judged_links: pd.DataFrame) -> None:
    figure = plot_link_status(judged_links[judged_links["region"] == "us-east-1"])
    assert list(figure.layout.yaxis.ticktext) == ["Linked", "Linking failed"]
    assert list(figure.data[-1].text) == ["  <b>2</b>", "  <b>1</b>"]
    assert not figure.layout.showlegend
    assert charts.chart_subtitle(figure).endswith("in us-east-1")


def test_links_worth_a_look_are_named_in_the_hover(judged_links: pd.DataFrame) -> None:
    assert plot_link_status(judged_links).data[0].customdata[0][4] == "2 links, 1 worth a look"


def test_a_status_nobody_knows_is_shown(judged_links: pd.DataFrame) -> None:
    figure = plot_link_status(judged_links.assign(link_status="NEW"))
    assert figure.data[0].name == "Unknown"


def test_links_that_were_not_judged_can_be_plotted(judged_links: pd.DataFrame) -> None:
    bare = judged_links.drop(columns=["severity", "meaning", "action"])
    assert len(plot_link_status(bare).data) == 4
