"""Overview: the answer, the figures and their changes, and the way from each number to its rows."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from staged import Open, demo_store, open_page, own_store, small_demo, words
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.store import list_snapshots, load_snapshot, save_snapshot
from toolkit.titles import title_overview
from toolkit.verdicts import judge_pairs

__all__ = ["demo_store", "open_page", "own_store", "small_demo"]


@pytest.fixture
def page(demo_store: Path, open_page: Open) -> AppTest:
    del demo_store
    return open_page("overview")


def test_the_answer_and_the_cards_are_what_the_snapshot_says(
    page: AppTest, demo_store: Path
) -> None:
    pairs = judge_pairs(load_snapshot(demo_store))
    figures = analysis.key_figures(pairs)

    assert title_overview(pairs) in words(page)
    assert {card.label: card.value for card in page.metric} == {
        "Critical": str(figures.critical),
        "Mismatches": str(figures.mismatches),
        "Linked pairs": str(figures.linked),
        "Unknown": str(figures.unknown),
        "Accounts": "120",
    }


def test_every_card_tells_the_change_since_the_snapshot_before(
    page: AppTest, demo_store: Path
) -> None:
    newest, before = (
        analysis.key_figures(judge_pairs(load_snapshot(demo_store, snapshot_id)))
        for snapshot_id in list_snapshots(demo_store)["snapshot_id"]
    )

    deltas = {card.label: card.delta for card in page.metric}

    assert deltas["Mismatches"] == str(newest.mismatches - before.mismatches)
    assert deltas["Linked pairs"] == str(newest.linked - before.linked)


def test_a_badge_says_that_it_is_the_demo(page: AppTest) -> None:
    assert any("demo organization" in text.value for text in page.markdown)


def test_each_chart_carries_its_numbers_and_a_text_for_screen_readers(page: AppTest) -> None:
    charts = {chart.proto.id.split("-")[-1]: chart.proto for chart in page.get("plotly_chart")}

    assert len(charts) == 3
    for chart in charts.values():
        assert json.loads(chart.spec)["data"]
        assert chart.alt


def test_a_click_on_a_cell_of_the_matrix_opens_its_accounts(page: AppTest) -> None:
    page.session_state["chart-matrix"] = _selected("CLOSED", "ACTIVE")

    page.run()

    assert page.query_params["standard"] == "Closed"
    assert page.query_params["govcloud"] == "Active"
    shown = page.dataframe[0].value
    assert set(shown["standard_shown"]) == {"Closed"}
    assert set(shown["govcloud_shown"]) == {"Active"}


def test_a_click_on_a_bar_of_the_units_opens_its_mismatches(
    page: AppTest, demo_store: Path
) -> None:
    worst = analysis.mismatches_by_ou(judge_pairs(load_snapshot(demo_store))).iloc[0]
    severity = next(s for s in ("CRITICAL", "HIGH", "MEDIUM", "LOW") if worst[s])
    page.session_state["chart-units"] = _selected(worst["ou_path"], severity)

    page.run()

    assert len(page.dataframe[0].value) == worst[severity]


def test_an_empty_store_says_so_and_offers_the_demo(
    own_store: Path, demo_store: Path, open_page: Open
) -> None:
    del demo_store
    page = open_page("overview")

    assert f"The folder {own_store} holds no snapshot." in words(page)

    page.button[0].click().run()

    assert "linked pairs disagree" in words(page)


def test_a_damaged_snapshot_is_one_sentence_and_what_to_do(
    demo_store: Path, open_page: Open
) -> None:
    part = max(demo_store.glob("accounts/*/*/part.parquet"))
    part.write_bytes(b"not a table")

    page = open_page("overview")

    assert "cannot be read" in words(page)
    assert "Collect again, or choose another snapshot." in words(page)
    assert not page.exception


def test_a_snapshot_that_the_address_names_and_the_store_lacks_is_said(
    demo_store: Path, open_page: Open
) -> None:
    del demo_store
    page = open_page("overview")
    page.query_params["snapshot"] = "2020-01-01 00:00"

    page.run()

    assert "This store holds no snapshot '2020-01-01 00:00'." in words(page)


def test_a_snapshot_written_anew_is_read_anew(page: AppTest, demo_store: Path) -> None:
    snapshot = load_snapshot(demo_store)
    half = snapshot.accounts.head(60), snapshot.govcloud.head(60)
    save_snapshot(replace(snapshot, accounts=half[0], govcloud=half[1]), demo_store)

    page.run()

    assert next(card.value for card in page.metric if card.label == "Accounts") == "60"


def _selected(*customdata: str) -> dict[str, object]:
    return {
        "selection": {
            "points": [{"customdata": [*customdata, 1]}],
            "point_indices": [0],
            "box": [],
            "lasso": [],
        }
    }
