"""Mismatches of many organizations."""

import pandas as pd
import pytest

from toolkit import charts, schema, theme
from toolkit.charts import plot_fleet
from toolkit.errors import SchemaError


def fleet_of(*organizations: tuple[str, int, int]) -> pd.DataFrame:
    """Return FLEET of (id, critical, low)."""
    return schema.coerce(
        schema.FLEET,
        [
            {
                **dict.fromkeys(schema.FLEET.names, 0),
                "organization_id": name,
                "taken": "2026-11-22T03:00:00Z",
                "accounts": 10,
                "paired": 9,
                "mismatches": critical + low,
                "critical": critical,
                "low": low,
            }
            for name, critical, low in organizations
        ],
    )


FLEET = fleet_of(("o-worst", 2, 0), ("account-123456789012", 1, 5), ("o-fine", 0, 0), ("o-d", 0, 1))


def test_each_organization_that_has_mismatches_has_a_bar_in_the_order_of_the_frame() -> None:
    figure = plot_fleet(FLEET)
    assert list(figure.layout.yaxis.ticktext) == ["o-worst", "account-123456789012", "o-d"]
    assert [(trace.name, list(trace.x)) for trace in figure.data[:-1]] == [
        (theme.severity_name("CRITICAL"), [2, 1, 0]),
        (theme.severity_name("LOW"), [0, 5, 1]),
    ]
    assert list(figure.data[-1].x) == [2, 6, 1]
    assert list(figure.data[0].customdata[1][:3]) == ["account-123456789012", "CRITICAL", 1]
    assert figure.data[0].customdata[1][4] == "6 of 9 linked pairs disagree"


def test_its_title_counts_all_organizations() -> None:
    said = "3 critical mismatches in 2 of 4 organizations, 6 milder in 2"
    assert charts.chart_title(plot_fleet(FLEET)) == said
    assert charts.chart_subtitle(plot_fleet(FLEET)) == (
        "Mismatching pairs by organization and severity"
    )


def test_organizations_beyond_the_first_are_one_bar() -> None:
    figure = plot_fleet(FLEET, top=2)
    assert list(figure.layout.yaxis.ticktext) == [
        "o-worst",
        "account-123456789012",
        "1 other organization",
    ]
    assert list(figure.data[-1].x) == [2, 6, 1]


def test_a_bar_of_others_that_would_flatten_all_is_its_number_alone() -> None:
    figure = plot_fleet(FLEET, top=1)
    assert list(figure.layout.yaxis.ticktext) == ["o-worst", "2 other organizations"]
    assert list(figure.data[-1].x) == [2, 0]
    assert list(figure.data[-1].text) == ["  <b>2</b>", "  <b>7</b>"]
    assert [list(trace.x) for trace in figure.data[:-1]] == [[2, 0], [0, 0]]


def test_organizations_that_agree_are_said_and_not_drawn() -> None:
    figure = plot_fleet(fleet_of(("o-a", 0, 0), ("o-b", 0, 0)), dark=True)
    assert not figure.data
    assert charts.chart_title(figure) == "All 2 organizations agree"
    assert figure.layout.template.layout.font.color == theme.DARK.ink


def test_what_is_no_fleet_is_refused() -> None:
    with pytest.raises(SchemaError):
        plot_fleet(FLEET.drop(columns="paired"))
