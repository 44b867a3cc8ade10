"""Trends: how many over time, and what appeared, was resolved and vanished between two days."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from acting import GONE, LEFT, PAYER, STUCK, acceptance, ahead
from reported import make_snapshot
from staged import Open, selected, words
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.app import data
from toolkit.app.pages import TRENDS
from toolkit.schema import Change
from toolkit.store import Store
from toolkit.titles import title_changes
from toolkit.verdicts import judge_pairs


@pytest.fixture
def two(shown_weeks: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two days, on the second of which one more payer is closed, and one account is gone."""
    store = Store(shown_weeks)
    newest, before, _ = (judge_pairs(store.load(one)) for one in store.snapshots()["snapshot_id"])
    return before, newest


@pytest.fixture
def page(shown_weeks: Path, open_page: Open) -> AppTest:
    del shown_weeks
    return open_page(TRENDS)


def test_it_shows_what_changed_since_the_snapshot_before(
    page: AppTest, two: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    changes = analysis.changes(*two)

    assert title_changes(changes) in words(page)
    shown = next(e.value for e in page.dataframe if "change" in e.value.columns)
    gone = changes["change"] == Change.VANISHED
    wanted = [*changes["account_id"][gone], *changes["account_id"][~gone]]
    assert list(shown["account_id"]) == wanted
    assert list(shown["change"].iloc[0]) == ["Vanished"]


def test_an_account_that_vanished_shows_as_it_last_was(page: AppTest) -> None:
    page.get_by_key("change").set_value(["Vanished"])
    page.run()

    row = of_changes(page).loc[GONE]
    assert list(row["change"]) == ["Vanished"]
    assert row["standard"] == "Suspended → not listed"
    assert "1 account vanished: 1 of 2 changes" in words(page)
    assert page.query_params["change"] == "Vanished"


def test_a_click_on_a_day_opens_its_mismatches(page: AppTest, shown_weeks: Path) -> None:
    first = Store(shown_weeks).snapshots()["taken"].min()
    page.session_state["chart-mismatch-trend"] = selected(first.isoformat())

    page.run()

    assert page.query_params["snapshot"] == f"{first:%Y-%m-%d %H:%M}"
    assert list(page.dataframe[0].value["account_id"]) == [GONE, STUCK]


def test_one_snapshot_is_no_trend_and_says_so(own_store: Path, open_page: Open) -> None:
    save_one(own_store, pd.Timestamp("2026-11-22T03:00:00Z"), "CLOSED")

    page = open_page(TRENDS)

    assert "There is one snapshot so far, and a trend needs two." in words(page)


def test_every_change_has_a_word_to_choose_it_by(page: AppTest) -> None:
    assert len(page.get_by_key("change").options) == len(Change)


def test_without_the_damaged_snapshot_of_before_there_is_one_and_that_is_said(
    own_store: Path, open_page: Open
) -> None:
    for day in ("15", "22"):
        save_one(own_store, pd.Timestamp(f"2026-11-{day}T03:00:00Z"), "CLOSED")
    damaged = min(own_store.glob("accounts/*/*/part.parquet"))
    damaged.write_bytes(b"not a table")

    page = open_page(TRENDS)

    assert "There is one snapshot so far, and a trend needs two." in words(page)
    assert f"{damaged} cannot be read" in words(page)
    assert not page.exception


def save_one(store: Path, taken: pd.Timestamp, state: str) -> None:
    """Save a snapshot of one pair taken then."""
    made = make_snapshot([("111122223333", "Payments", "Root", state, "ACTIVE")])
    Store(store).save(replace(made, manifest=replace(made.manifest, taken=taken)))


def test_two_snapshots_of_one_minute_are_told_apart_by_their_seconds(
    own_store: Path, open_page: Open
) -> None:
    times = [pd.Timestamp(f"2026-11-22T03:00:{second}Z") for second in ("05", "40")]
    for taken, state in zip(times, ("ACTIVE", "CLOSED"), strict=True):
        save_one(own_store, taken, state)

    page = open_page(TRENDS)

    assert not page.exception
    assert page.get_by_key("before").value == "2026-11-22 03:00:05"
    assert page.get_by_key("after").value == "2026-11-22 03:00:40"
    shown = next(e.value for e in page.dataframe if "change" in e.value.columns)
    assert list(shown["change"].iloc[0]) == ["Appeared"]
    assert page.get_by_key("snapshot").options == [
        "Newest",
        "2026-11-22 03:00:40",
        "2026-11-22 03:00:05",
    ]


def test_where_the_history_is_cut_it_is_said_of_how_many(
    shown_weeks: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shown_weeks
    monkeypatch.setattr(data, "MOST", 2)

    page = open_page(TRENDS)

    assert "What is shown and compared here is the last 2 of 3 snapshots." in words(page)
    assert len(page.get_by_key("before").options) == 1


def of_changes(page: AppTest) -> pd.DataFrame:
    """Return the table of changes on the page, by account."""
    shown = next(e.value for e in page.dataframe if "change" in e.value.columns)
    return shown.set_index("account_id")


def test_what_vanished_and_was_left_behind_is_named_as_such_with_its_govcloud_id(
    page: AppTest,
) -> None:
    gone = of_changes(page).loc[GONE]
    assert (list(gone["change"]), gone["left_behind"]) == (["Vanished"], LEFT)
    assert pd.isna(of_changes(page).loc[PAYER, "left_behind"])
    # It was a mismatch that left the list: there is none the fewer.
    assert "are down" not in words(page)


def test_the_way_to_what_vanished_leads_to_what_it_left_behind(
    shown_weeks: Path, open_page: Open
) -> None:
    del shown_weeks
    page = open_page(TRENDS, change="Vanished")
    shown = next(e for e in page.dataframe if "change" in e.value.columns)
    assert list(of_changes(page).index) == [GONE]

    page.session_state[shown.key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()

    link = next(e for e in page.get("page_link") if e.proto.label == "Open what it left behind")
    assert link.proto.page == "mismatches"
    assert f"show=Left+behind&find={GONE}&snapshot={ahead(0)}" in link.proto.query_string


def test_an_acceptance_that_ended_between_two_snapshots_is_a_change(
    own_store: Path, open_page: Open, policy_file: Path
) -> None:
    rows = [("111122223333", "Payments", "Root", "SUSPENDED", "ACTIVE")]
    for week in (3, 0):
        Store(own_store).save(make_snapshot(rows, day=f"{ahead(-7 * week)}"))
    policy_file.write_text(
        acceptance("111122223333", ahead(-7), standard="SUSPENDED"), encoding="utf-8"
    )

    page = open_page(TRENDS)

    assert list(of_changes(page).loc["111122223333", "change"]) == ["Acceptance ended"]
    assert "1 acceptance ended" in words(page)
