"""Mismatches: filters that live in the address, the pair that is picked, and downloads."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reported import make_snapshot
from staged import Open, turn_to, words
from streamlit.testing.v1 import AppTest
from two_organizations import AGREEING, DISAGREEING, MISMATCHING, OUTSIDE

from toolkit import analysis
from toolkit.app.filters import Filter
from toolkit.app.pages import MISMATCHES, OVERVIEW
from toolkit.app.parts import tables
from toolkit.schema import Severity
from toolkit.store import Store
from toolkit.titles import since_in_words
from toolkit.verdicts import mismatches

HOSTILE = '=HYPERLINK("http://x") **bold** :material/home: $x$ <b>b</b>'
NEITHER_ASKED = {"tags": "", "spend": ""}


@pytest.fixture
def pairs(small_demo_pairs: pd.DataFrame) -> pd.DataFrame:
    return small_demo_pairs


@pytest.fixture
def show(shown_demo: Path, open_page: Open) -> Open:
    """Open the page as a shared link with these filters would."""
    del shown_demo
    return partial(open_page, MISMATCHES)


def ids(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["account_id"])


def test_without_filters_it_shows_every_mismatch_worst_first(
    show: Open, pairs: pd.DataFrame
) -> None:
    assert ids(show()) == list(mismatches(pairs)["account_id"])


def test_a_link_shows_what_it_says(show: Open, pairs: pd.DataFrame) -> None:
    found = mismatches(pairs)
    wanted = found[found["severity"].isin([Severity.CRITICAL.value, Severity.LOW.value])]

    page = show(severity=["Critical", "Low"])

    assert ids(page) == list(wanted["account_id"])
    assert page.pills[0].value == ["Critical", "Low"]


def test_a_filter_that_is_chosen_is_in_the_address(show: Open) -> None:
    page = show()

    page.get_by_key("severity").set_value(["High"])
    page.get_by_key("find").set_value("a")
    page.run()

    assert page.query_params == {"severity": "High", "find": "a"}


def test_a_filter_survives_a_visit_to_another_page(show: Open) -> None:
    page = show(severity="High")
    shown = ids(page)

    page.query_params.clear()
    turn_to(page, OVERVIEW).run()
    turn_to(page, MISMATCHES).run()

    assert ids(page) == shown


def test_a_link_to_all_mismatches_forgets_the_filters_of_before(
    show: Open, pairs: pd.DataFrame
) -> None:
    page = show(severity="High")

    page.query_params.clear()
    for name, value in Filter().address().items():
        page.query_params[name] = value
    page.run()

    assert len(ids(page)) == len(mismatches(pairs))


def test_words_in_the_address_that_are_no_choice_are_passed_over(
    show: Open, pairs: pd.DataFrame
) -> None:
    page = show(severity="Nonsense", unit="Nowhere", show="Everything")

    assert not page.exception
    assert len(ids(page)) == len(mismatches(pairs))


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("Unknown", "unknown"),
        ("Matches", "matches"),
        ("Linked", "linked"),
        ("Not linked", "not_linked"),
        ("All accounts", "accounts"),
    ],
)
def test_each_key_figure_has_its_accounts(
    show: Open, pairs: pd.DataFrame, shown: str, count: str
) -> None:
    assert len(ids(show(show=shown))) == getattr(analysis.key_figures(pairs), count)


def test_every_cell_of_the_matrix_has_its_accounts(show: Open, pairs: pd.DataFrame) -> None:
    closed = analysis.state_matrix(pairs).query("standard_state == 'CLOSED' and accounts > 0")
    page = show(show="All accounts", standard="Closed")

    shown = page.dataframe[0].value["govcloud_shown"].value_counts()

    assert dict(shown[shown > 0]) == {
        str(row.govcloud_state).replace("_", " ").capitalize(): row.accounts
        for row in closed.itertuples()
    }


def test_search_finds_names_ids_and_units_whatever_their_case(
    show: Open, pairs: pd.DataFrame
) -> None:
    account = pairs.iloc[17]

    for text in (account["account_id"], account["name"].upper(), account["email"]):
        assert account["account_id"] in ids(show(show="All accounts", find=text))


def test_nothing_found_says_so_and_clears_by_a_button(show: Open) -> None:
    page = show(find="no such account", severity="High")

    assert "No account fits these filters." in words(page)

    page.button[0].click().run()

    assert len(ids(page)) > 0
    assert page.query_params == {}


def test_the_first_pair_is_up_close_with_ids_to_copy(show: Open, pairs: pd.DataFrame) -> None:
    page = show()
    first = mismatches(pairs).iloc[0]

    for text in (first["name"], first["meaning"], first["action"]):
        assert text in words(page)
    days = (Store(os.environ["ACCOUNT_PAIRS_DEMO"]).load().taken - first["since"]).days
    assert f"Seen so {since_in_words(first.to_dict())}: {days} day" in words(page)
    assert [code.value for code in page.code] == list(first[["account_id", "govcloud_account_id"]])


def test_a_link_picks_the_account_that_it_names_and_the_address_says_so(
    show: Open, pairs: pd.DataFrame
) -> None:
    account = mismatches(pairs)["account_id"].iloc[3]

    page = show(account=account)

    assert page.code[0].value == account
    assert page.query_params["account"] == account
    page.get_by_key("severity").set_value(["Critical"]).run()
    assert page.code[0].value == mismatches(pairs)["account_id"].iloc[0]
    assert "account" not in page.query_params


def test_a_click_anywhere_in_a_row_and_the_arrow_keys_pick_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(tables.st, "session_state", state)
    picked: list[int] = []

    def comes(rows: list[int], cells: list[tuple[int, str]]) -> list[int]:
        state["t"] = {"selection": {"rows": rows, "columns": [], "cells": cells}}
        tables._picked("t", picked.append)
        kept: list[int] = state["t"]["selection"]["rows"]
        return kept

    assert comes([0], [(4, "name")]) == [4]
    assert comes([4], [(5, "name")]) == [5]
    # The mark of a row is clicked while a cell of another is still chosen.
    assert comes([2], [(5, "name")]) == [2]
    assert state["t"]["selection"]["cells"] == []
    assert comes([2], [(5, "name")]) == [5]
    assert picked == [4, 5, 2, 5]


def test_severities_sort_by_rank_and_show_their_symbol(show: Open) -> None:
    page = show()

    shown = [cell[0] for cell in page.dataframe[0].value["severity_shown"]]
    options = json.loads(page.dataframe[0].proto.columns)["severity_shown"]["type_config"][
        "options"
    ]
    assert shown == sorted(shown)
    assert [(one["value"], one["label"]) for one in options][:2] == [
        ("1 Critical", "◆ Critical"),
        ("2 High", "▲ High"),
    ]


def test_nothing_found_says_where_it_is_and_leads_there(show: Open, pairs: pd.DataFrame) -> None:
    agreeing = pairs[pairs["verdict"] == "MATCH"].iloc[0]
    grouped = "-".join(agreeing["account_id"][at : at + 4] for at in (0, 4, 8))

    page = show(find=grouped)

    assert "1 under All accounts." in words(page)
    page.button(key="show-where").click().run()
    assert ids(page) == [agreeing["account_id"]]
    assert page.query_params["show"] == "All accounts"


def test_what_is_searched_for_on_another_page_is_found_among_all_accounts(
    show: Open, shown_demo: Path, open_page: Open, pairs: pd.DataFrame
) -> None:
    del show, shown_demo
    agreeing = pairs[pairs["verdict"] == "MATCH"].iloc[0]
    page = open_page(OVERVIEW)

    page.get_by_key("find-from-elsewhere").set_value(agreeing["govcloud_account_id"]).run()

    assert ids(page) == [agreeing["account_id"]]
    assert page.query_params == {"show": "All accounts", "find": agreeing["govcloud_account_id"]}


def test_since_when_claims_no_more_than_the_snapshots_that_were_read(
    own_store: Path, open_page: Open
) -> None:
    for day, state in (("2026-11-15", "ACTIVE"), ("2026-11-22", "CLOSED")):
        rows = [
            ("111122223333", "Long", "Root", "CLOSED", "ACTIVE"),
            ("111122224444", "New", "Root", state, "ACTIVE"),
        ]
        Store(own_store).save(make_snapshot(rows, day=day))

    assert "Seen so at least since the snapshot of 15 November 2026" in words(
        open_page(MISMATCHES, find="Long")
    )
    assert "Seen so since the snapshot of 22 November 2026" in words(
        open_page(MISMATCHES, find="New")
    )


def test_a_pair_is_one_click_from_asking_aws_about_it_now(show: Open, pairs: pd.DataFrame) -> None:
    link = next(e for e in show().get("page_link") if e.proto.label.startswith("Ask AWS"))

    assert link.proto.page == "account"
    worst = mismatches(pairs)["account_id"].iloc[0]
    assert link.proto.query_string == f"accounts={worst}"


def test_an_account_that_was_not_seen_says_why(show: Open) -> None:
    page = show(show="Unknown")

    assert "Access denied" in words(page)
    assert "AWS denied the look-up" in words(page)


def test_a_pair_shows_its_links(show: Open, shown_demo: Path) -> None:
    snapshot = Store(shown_demo).load()
    end = snapshot.links["source_account_id"].iloc[0]

    page = show(show="All accounts", find=end)

    links = snapshot.links[
        (snapshot.links[["source_account_id", "target_account_id"]] == end).any(axis=1)
    ]
    assert f"{len(links)} account link" in words(page)
    for other in {*links["source_account_id"], *links["target_account_id"]} - {end}:
        assert other in words(page)


def test_a_name_is_shown_as_the_text_it_is(own_store: Path, open_page: Open) -> None:
    pair = ("111122223333", HOSTILE, "Root", "CLOSED", "ACTIVE")
    Store(own_store).save(make_snapshot([pair]))

    page = open_page(MISMATCHES)

    assert set(page.dataframe[0].value["name"]) == {HOSTILE}
    heading = next(e.proto.body for e in page.get("html") if "HYPERLINK" in e.proto.body)
    assert "<b>" not in heading
    assert HOSTILE in words(page)
    assert not any("HYPERLINK" in element.value for element in page.markdown)


def test_no_mismatch_at_all_is_good_news(own_store: Path, open_page: Open) -> None:
    pair = ("111122223333", "Good", "Root", "ACTIVE", "ACTIVE")
    Store(own_store).save(make_snapshot([pair]))

    page = open_page(MISMATCHES)

    assert "No pair disagrees in this snapshot." in words(page)


@pytest.fixture
def show_witnessed(shown_witnessed: Callable[..., Path], open_page: Open) -> Open:
    """Open the page on a snapshot of which everything is known."""
    shown_witnessed()
    return partial(open_page, MISMATCHES)


def test_accounts_are_chosen_by_a_tag_and_then_by_its_values(show_witnessed: Open) -> None:
    page = show_witnessed(show="All accounts")
    page.get_by_key("tag").set_value("owner").run()
    assert set(ids(page)) == {AGREEING, OUTSIDE, MISMATCHING}

    page.get_by_key("value").set_value(["ann"]).run()

    assert ids(page) == [AGREEING]
    assert page.query_params == {"show": "All accounts", "tag": "owner", "value": "ann"}


def test_a_link_with_a_tag_shows_what_it_says(show_witnessed: Open) -> None:
    page = show_witnessed(show="All accounts", tag="owner", value=["bob", "=1+1 **b** <i>"])

    assert set(ids(page)) == {OUTSIDE, MISMATCHING}
    assert page.get_by_key("value").value == ["bob", "=1+1 **b** <i>"]


def test_another_tag_forgets_the_values_of_the_one_before(show_witnessed: Open) -> None:
    page = show_witnessed(show="All accounts", tag="owner", value="ann")

    page.get_by_key("tag").set_value("stage").run()

    assert page.get_by_key("value").value == []
    assert ids(page) == [MISMATCHING]


@pytest.mark.parametrize(
    "outcomes", [NEITHER_ASKED, {"tags": "ACCESS_DENIED"}], ids=["not asked", "denied"]
)
def test_where_tags_were_not_seen_there_is_no_filter_of_them_and_a_link_with_one_is_no_harm(
    shown_witnessed: Callable[..., Path], open_page: Open, outcomes: dict[str, str]
) -> None:
    shown_witnessed(**outcomes)

    page = open_page(MISMATCHES, show="All accounts", tag="owner", value="ann")

    assert "Tag" not in [box.label for box in page.selectbox]
    assert len(ids(page)) == 5
    assert not page.exception


def test_a_pair_shows_its_tags_and_what_govcloud_cost(show_witnessed: Open) -> None:
    said = " ".join(words(show_witnessed()).split())

    assert "Tags owner bob stage (empty)" in said
    assert "3 months 5.00 CNY; 1,234 USD, estimated 2026-08 1,000 USD 2026-09 200 USD" in said


def test_a_pair_without_tags_or_cost_says_none_and_not_zero(show_witnessed: Open) -> None:
    said = words(show_witnessed(show="All accounts", find=DISAGREEING))

    assert "None was billed to this account." in said
    assert "Tags\nNone." in "\n".join(line.strip() for line in said.splitlines())


def test_tags_that_were_denied_are_not_called_none(
    shown_witnessed: Callable[..., Path], open_page: Open
) -> None:
    shown_witnessed(tags="ACCESS_DENIED")

    said = words(open_page(MISMATCHES))

    assert "AWS denied tags." in said
    assert "None." not in said


def test_each_unit_of_cost_is_a_column_to_sort_by(show_witnessed: Open) -> None:
    shown = show_witnessed(show="All accounts").dataframe[0]
    table = shown.value.set_index("account_id")

    assert table.loc[MISMATCHING, ["cost_CNY", "cost_USD"]].tolist() == [5.0, 1234.0]
    assert table["cost_USD"].notna().sum() == 1
    settings = json.loads(shown.proto.columns)
    assert settings["cost_USD"]["label"] == "GovCloud cost, 3 months (USD, estimated)"
    assert settings["cost_CNY"]["label"] == "GovCloud cost, 1 month (CNY)"


def test_where_nobody_asked_for_the_cost_nothing_is_said_of_it(
    shown_witnessed: Callable[..., Path], open_page: Open
) -> None:
    shown_witnessed(**NEITHER_ASKED)

    page = open_page(MISMATCHES)

    assert not [name for name in page.dataframe[0].value if name.startswith("cost")]
    assert "GovCloud cost" not in words(page)
