"""Trends: how many over time, and what appeared, was resolved and vanished between two days."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from staged import Open, demo_store, open_page, own_store, small_demo, words
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.schema import Change
from toolkit.store import list_snapshots, load_snapshot, save_snapshot
from toolkit.titles import title_changes
from toolkit.verdicts import judge_pairs

__all__ = ["demo_store", "open_page", "own_store", "small_demo"]


@pytest.fixture
def two(demo_store: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two days, on the second of which one more payer is closed."""
    newest, before = (
        load_snapshot(demo_store, snapshot_id)
        for snapshot_id in list_snapshots(demo_store)["snapshot_id"]
    )
    pairs = judge_pairs(newest)
    closed = pairs.query("standard_state == 'ACTIVE' and govcloud_state == 'ACTIVE'").index[0]
    accounts = newest.accounts
    accounts.loc[closed, "standard_state"] = "CLOSED"
    save_snapshot(replace(newest, accounts=accounts), demo_store)
    return judge_pairs(before), judge_pairs(replace(newest, accounts=accounts))


@pytest.fixture
def page(two: tuple[pd.DataFrame, pd.DataFrame], open_page: Open) -> AppTest:
    del two
    return open_page("trends")


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
    newest = load_snapshot(demo_store)
    gone = two[0].iloc[0]
    save_snapshot(
        replace(
            newest,
            accounts=newest.accounts[newest.accounts["account_id"] != gone["account_id"]],
            govcloud=newest.govcloud[newest.govcloud["account_id"] != gone["account_id"]],
        ),
        demo_store,
    )
    page = open_page("trends")

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
    first = list_snapshots(demo_store)["taken"].min()
    page.session_state["chart-mismatch-trend"] = {
        "selection": {"points": [{"customdata": [first.isoformat(), 1]}], "box": [], "lasso": []}
    }

    page.run()

    assert page.query_params["snapshot"] == f"{first:%Y-%m-%d %H:%M}"
    assert len(page.dataframe[0].value) == analysis.key_figures(two[0]).mismatches


def test_one_snapshot_is_no_trend_and_says_so(
    demo_store: Path, own_store: Path, open_page: Open
) -> None:
    save_snapshot(load_snapshot(demo_store), own_store)

    page = open_page("trends")

    assert "There is one snapshot so far, and a trend needs two." in words(page)


def test_every_change_has_a_word_to_choose_it_by(page: AppTest) -> None:
    assert len(page.get_by_key("change").options) == len(Change)


def test_an_empty_store_says_so(own_store: Path, open_page: Open) -> None:
    assert f"The folder {own_store} holds no snapshot." in words(open_page("trends"))


def test_a_damaged_snapshot_of_before_is_one_sentence(demo_store: Path, open_page: Open) -> None:
    min(demo_store.glob("accounts/*/*/part.parquet")).write_bytes(b"not a table")

    page = open_page("trends")

    assert "cannot be read" in words(page)
    assert not page.exception
