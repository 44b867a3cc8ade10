"""Distribution of states."""

from typing import Any

import pandas as pd

from toolkit import charts
from toolkit.charts.distribution import plot_state_distribution


def bars(figure: Any) -> dict[tuple[str, str], Any]:
    """Return the customdata of each bar by its first two fields."""
    return {(row[0], row[1]): row for trace in figure.data for row in trace.customdata}


def test_both_bars_of_the_distribution_fill_the_width(pairs: pd.DataFrame) -> None:
    figure = plot_state_distribution(pairs)
    widths = pd.DataFrame(
        [(y, x) for trace in figure.data for y, x in zip(trace.y, trace.x, strict=True)]
    )
    assert widths.groupby(0)[1].sum().round(9).to_dict() == {"GovCloud": 1.0, "Standard": 1.0}


def test_a_bar_of_the_distribution_carries_its_filter(pairs: pd.DataFrame) -> None:
    found = bars(plot_state_distribution(pairs))
    assert found["standard", "ACTIVE"][2] == 4
    assert found["govcloud", "CLOSED"][2] == 2


def test_the_legend_counts_both_sides(pairs: pd.DataFrame) -> None:
    names = [trace.name for trace in plot_state_distribution(pairs).data]
    assert names == ["Active  4 | 2", "Suspended  0 | 1", "Closed  1 | 2"]


def test_a_state_of_one_account_in_many_is_wide_enough_to_be_seen(pairs: pd.DataFrame) -> None:
    many = pairs.iloc[[0] * 5000 + [1]].reset_index(drop=True)
    figure = plot_state_distribution(many)
    assert min(x for trace in figure.data for x in trace.x if x) > 0.007


def test_the_distribution_of_all_accounts_shows_what_is_not_linked(pairs: pd.DataFrame) -> None:
    found = bars(plot_state_distribution(pairs, linked_only=False))
    assert found["govcloud", "NOT_LINKED"][2] == 1
    assert found["govcloud", "UNKNOWN"][2] == 1


def test_the_distribution_says_whom_it_leaves_out(pairs: pd.DataFrame) -> None:
    assert charts.chart_subtitle(plot_state_distribution(pairs)) == (
        "5 linked pairs by state; left out: 1 without a GovCloud account, 1 not seen"
    )
