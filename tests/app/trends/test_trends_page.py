"""Trends: how many over time, and what appeared, was resolved and vanished between two days."""

from pathlib import Path

import pandas as pd
import pytest
from staged import Open, selected, words, write_anew
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.app.pages import TRENDS
from toolkit.schema import Change
from toolkit.store import Store
from toolkit.titles import title_changes
from toolkit.verdicts import judge_pairs


@pytest.fixture
def two(demo_store: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two days, on the second of which one more payer is closed."""
    newest, before = (
        Store(demo_store).load(snapshot_id)
        for snapshot_id in Store(demo_store).snapshots()["snapshot_id"]
    )
    pairs = judge_pairs(newest)
    closed = pairs.query("standard_state == 'ACTIVE' and govcloud_state == 'ACTIVE'").index[0]
    accounts = newest.accounts.copy()
    accounts.loc[closed, "standard_state"] = "CLOSED"
    return judge_pairs(before), judge_pairs(write_anew(newest, accounts=accounts))


@pytest.fixture
def page(two: tuple[pd.DataFrame, pd.DataFrame], open_page: Open) -> AppTest:
    del two
    return open_page(TRENDS)


def test_it_shows_what_changed_since_the_snapshot_before(
    page: AppTest, two: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    changes = analysis.changes(*two)

    assert title_changes(changes) in words(page)
    shown = next(e.value for e in page.dataframe if "change" in e.value.columns)
    assert list(shown["account_id"]) == list(changes["account_id"])
    assert list(shown["change"].iloc[0]) == ["Appeared"]


def test_an_account_that_vanished_shows_as_it_last_was(
    demo_store: Path, open_page: Open, two: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    newest = Store(demo_store).load()
    gone = two[0].iloc[0]
    write_anew(
        newest,
        accounts=newest.accounts[newest.accounts["account_id"] != gone["account_id"]],
        govcloud=newest.govcloud[newest.govcloud["account_id"] != gone["account_id"]],
    )
    page = open_page(TRENDS)

    page.get_by_key("change").set_value(["Vanished"])
    page.run()

    shown = next(e.value for e in page.dataframe if "change" in e.value.columns)
    row = shown[shown["account_id"] == gone["account_id"]].iloc[0]
    assert list(row["change"]) == ["Vanished"]
    assert row["standard"].endswith("→ not listed")
    assert page.query_params["change"] == "Vanished"


def test_a_click_on_a_day_opens_its_mismatches(
    page: AppTest, demo_store: Path, two: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    first = Store(demo_store).snapshots()["taken"].min()
    page.session_state["chart-mismatch-trend"] = selected(first.isoformat())

    page.run()

    assert page.query_params["snapshot"] == f"{first:%Y-%m-%d %H:%M}"
    assert len(page.dataframe[0].value) == analysis.key_figures(two[0]).mismatches


def test_one_snapshot_is_no_trend_and_says_so(
    demo_store: Path, own_store: Path, open_page: Open
) -> None:
    Store(own_store).save(Store(demo_store).load())

    page = open_page(TRENDS)

    assert "There is one snapshot so far, and a trend needs two." in words(page)


def test_every_change_has_a_word_to_choose_it_by(page: AppTest) -> None:
    assert len(page.get_by_key("change").options) == len(Change)


def test_a_damaged_snapshot_of_before_is_one_sentence(demo_store: Path, open_page: Open) -> None:
    min(demo_store.glob("accounts/*/*/part.parquet")).write_bytes(b"not a table")

    page = open_page(TRENDS)

    assert "cannot be read" in words(page)
    assert not page.exception
