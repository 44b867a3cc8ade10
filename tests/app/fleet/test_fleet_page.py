"""Fleet: all organizations of a store in one table, what cannot be read of them, and the way."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from pandas.testing import assert_frame_equal
from staged import Open, has, words
from streamlit.testing.v1 import AppTest
from three_organizations import CALM, OLD, TOLD, WORST, a_day

from toolkit.app import data, pages
from toolkit.app.fleet import organization_table
from toolkit.app.pages import FLEET, LINKS, OVERVIEW, Page
from toolkit.fleet import Fleet, overview
from toolkit.store import Store


@pytest.fixture
def page(shown_three: Path, open_page: Open) -> AppTest:
    del shown_three
    return open_page(FLEET)


def rows(page: AppTest) -> Any:
    """Return the table of organizations on the page."""
    return page.dataframe[0].value.set_index("organization_id")


def test_the_worst_organization_stands_first_and_every_figure_is_that_of_its_newest_snapshot(
    page: AppTest, shown_three: Path
) -> None:
    shown, fleet = rows(page), overview(shown_three)

    assert TOLD in words(page)
    assert list(shown.index) == [WORST, OLD, CALM]
    counts = fleet.table.set_index("organization_id").drop(columns="taken")
    assert_frame_equal(shown[list(counts)], counts)
    assert shown["worst"].dropna().map(list).to_dict() == {WORST: ["1 Critical"], OLD: ["2 High"]}
    assert shown["trend"].map(list).tolist() == [[1, 1], [], [1, 0]]
    assert shown.loc[WORST, ["accounts", "paired", "unknown", "snapshots"]].tolist() == [4, 3, 1, 2]


def test_an_old_snapshot_is_marked(page: AppTest) -> None:
    shown = rows(page)

    assert shown.loc[OLD, "age"] - shown.loc[WORST, "age"] == 19
    assert shown["stale"].map(list).to_dict() == {WORST: [], OLD: ["Stale"], CALM: []}


def test_the_cards_hold_the_sums_and_how_many_organizations_have_any(page: AppTest) -> None:
    assert {card.label: card.value for card in page.metric} == {
        "Critical": "1",
        "Mismatches": "2",
        "Left behind": "0",
        "Linked pairs": "9",
        "Unknown": "1",
        "Accounts": "10",
    }
    assert words(page).count("in 1 of 3 organizations") == 2 + 1  # the title says it, too
    assert "in 2 of 3 organizations" in words(page)


def test_a_row_that_is_picked_opens_its_organization(page: AppTest) -> None:
    page.session_state[page.dataframe[0].key] = {
        "selection": {"rows": [1], "columns": [], "cells": []}
    }
    page.run()

    assert page.query_params["organization"] == OLD
    assert f"· {OLD} ·" in words(page)
    assert "1 of 3 linked pairs disagrees" in words(page)


@pytest.mark.usefixtures("shown_three")
def test_a_tab_begins_with_it_unless_a_link_led_elsewhere(open_page: Open) -> None:
    first = open_page(OVERVIEW)
    assert TOLD in words(first)
    assert [box.label for box in first.selectbox] == ["Accounts of"]

    linked = open_page(OVERVIEW, organization=OLD)
    assert TOLD not in words(linked)
    assert f"· {OLD} ·" in words(linked)
    assert TOLD not in words(open_page(LINKS))


@pytest.mark.usefixtures("shown_demo")
def test_of_a_single_organization_it_is_its_overview(open_page: Open) -> None:
    page = open_page(FLEET)

    assert "linked pairs disagree" in words(page)
    assert [box.label for box in page.selectbox] == ["Accounts of", "Snapshot"]


@pytest.mark.parametrize(("of_many", "first"), [(True, FLEET), (False, OVERVIEW)])
def test_it_is_first_in_the_navigation_where_there_are_several_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, *, of_many: bool, first: Page
) -> None:
    led: list[dict[str, Any]] = []
    monkeypatch.setattr(st, "Page", lambda _path, **settings: settings)
    monkeypatch.setattr(st, "navigation", led.extend)

    pages.navigation(of_many=of_many)

    shown = [page["title"] for page in led if page["visibility"] == "visible"]
    assert shown[0] == first.title
    assert (FLEET.title in shown) is of_many
    assert [page["title"] for page in led if page["default"]] == [OVERVIEW.title]


def test_an_organization_of_which_nothing_can_be_read_is_named_with_why_and_once(
    own_three: Path, open_page: Open
) -> None:
    (damaged,) = own_three.glob(f"runs/*{OLD}/*.json")
    damaged.write_text("{", encoding="utf-8")

    page = open_page(FLEET)

    assert list(rows(page).index) == [WORST, CALM]
    assert "1 more organization could not be read" in words(page)
    assert f"Nothing of {OLD} can be read." in words(page)
    assert words(page).count(f"{damaged} is not a manifest that can be read") == 1
    assert not page.exception


def test_a_damaged_snapshot_of_one_is_said_beside_all(own_three: Path, open_page: Open) -> None:
    damaged = max(own_three.glob(f"accounts/*{WORST}/*/part.parquet"))
    damaged.write_bytes(b"no table")
    shutil.rmtree(own_three / "kept")  # what was seen of it before it was damaged

    page = open_page(FLEET)

    assert rows(page).loc[WORST, ["critical", "unknown"]].tolist() == [1, 0]
    assert words(page).count(str(damaged)) == 1
    assert has(page, "read-again")


def test_where_nothing_at_all_can_be_read_that_is_what_it_says(
    own_three: Path, open_page: Open
) -> None:
    for one in own_three.glob("runs/*/*.json"):
        one.write_text("{", encoding="utf-8")

    page = open_page(FLEET)

    assert "None of 3 organizations could be read" in words(page)
    for organization in (CALM, OLD, WORST):
        assert f"Nothing of {organization} can be read." in words(page)
    assert len(page.dataframe) == len(page.metric) == 0


@pytest.mark.usefixtures("own_three", "policy_file")
def test_own_rules_judge_every_organization_and_are_named(open_page: Open) -> None:
    page = open_page(FLEET)

    # Both active is the worst by these rules, and a closed payer no mismatch.
    assert rows(page)["critical"].to_dict() == {CALM: 2, OLD: 1, WORST: 1}
    assert "own rules: strict.toml" in words(page)


def test_a_new_snapshot_costs_its_own_organization_alone(
    own_three: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def look(store: Store, *about: Any, organizations: list[str]) -> Fleet:
        looked.extend(organizations)
        return overview(store, *about, organizations=organizations)

    monkeypatch.setattr(data, "overview", look)
    page = open_page(FLEET)
    assert sorted(looked) == [CALM, OLD, WORST]
    page.run()
    assert len(looked) == 3

    Store(own_three).save(a_day(OLD, 0, dark=2))
    page.run()

    assert looked[3:] == [OLD]
    assert rows(page).loc[OLD, ["high", "unknown", "snapshots"]].tolist() == [0, 2, 2]


def test_what_takes_long_is_shown_as_far_as_it_is(
    own_three: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    del own_three
    said: list[str] = []
    tables: list[int] = []
    frame = st.dataframe
    monkeypatch.setattr(organization_table, "_PATIENCE", -1.0)
    monkeypatch.setattr(st, "progress", lambda _share, text: said.append(text))
    monkeypatch.setattr(
        st, "dataframe", lambda rows, **more: tables.append(len(rows)) or frame(rows, **more)
    )

    page = open_page(FLEET)

    assert said == [f"Reading the history of {n} of 3 organizations" for n in (2, 3)]
    assert tables == [1, 2, 3]
    assert len(page.dataframe) == 1
    assert "Reading the organizations" not in words(page)


def test_the_table_is_offered_to_take_away(page: AppTest) -> None:
    (button,) = page.get("download_button")

    assert button.proto.label == "CSV"
