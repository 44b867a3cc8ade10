"""Mismatches: filters that live in the address, the pair that is picked, and downloads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from staged import ROOT, Open, demo_store, open_page, own_store, small_demo, words
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.app.parts.downloads import pairs_csv
from toolkit.app.filters import Filter
from toolkit.schema import PAIRS, Severity
from toolkit.store import load_snapshot, save_snapshot
from toolkit.verdicts import judge_pairs, mismatches

__all__ = ["demo_store", "open_page", "own_store", "small_demo"]

HOSTILE = '=HYPERLINK("http://x") **bold** :material/home: $x$ <b>b</b>'

OpenAt = Callable[..., AppTest]


@pytest.fixture
def pairs(demo_store: Path) -> pd.DataFrame:
    return judge_pairs(load_snapshot(demo_store))


@pytest.fixture
def open_at(demo_store: Path, open_page: Open) -> OpenAt:
    """Open the page as a shared link would."""
    del demo_store, open_page

    def open_one(**address: str | list[str]) -> AppTest:
        page = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60)
        page.switch_page("toolkit/app/mismatches.py")
        for name, value in address.items():
            page.query_params[name] = value
        return page.run()

    return open_one


def ids(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["account_id"])


def test_without_filters_it_shows_every_mismatch_worst_first(
    open_at: OpenAt, pairs: pd.DataFrame
) -> None:
    assert ids(open_at()) == list(mismatches(pairs)["account_id"])


def test_a_link_shows_what_it_says(open_at: OpenAt, pairs: pd.DataFrame) -> None:
    found = mismatches(pairs)
    wanted = found[found["severity"].isin([Severity.CRITICAL.value, Severity.LOW.value])]

    page = open_at(severity=["Critical", "Low"])

    assert ids(page) == list(wanted["account_id"])
    assert page.pills[0].value == ["Critical", "Low"]


def test_a_filter_that_is_chosen_is_in_the_address(open_at: OpenAt) -> None:
    page = open_at()

    page.get_by_key("severity").set_value(["High"])
    page.get_by_key("find").set_value("a")
    page.run()

    assert page.query_params == {"severity": "High", "find": "a"}


def test_a_filter_survives_a_visit_to_another_page(open_at: OpenAt) -> None:
    page = open_at(severity="High")
    shown = ids(page)

    page.query_params.clear()
    page.switch_page("toolkit/app/overview.py").run()
    page.switch_page("toolkit/app/mismatches.py").run()

    assert ids(page) == shown


def test_a_link_to_all_mismatches_forgets_the_filters_of_before(
    open_at: OpenAt, pairs: pd.DataFrame
) -> None:
    page = open_at(severity="High")

    page.query_params.clear()
    for name, value in Filter().address().items():
        page.query_params[name] = value
    page.run()

    assert len(ids(page)) == len(mismatches(pairs))


def test_words_in_the_address_that_are_no_choice_are_passed_over(
    open_at: OpenAt, pairs: pd.DataFrame
) -> None:
    page = open_at(severity="Nonsense", unit="Nowhere", show="Everything")

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
    open_at: OpenAt, pairs: pd.DataFrame, shown: str, count: str
) -> None:
    assert len(ids(open_at(show=shown))) == getattr(analysis.key_figures(pairs), count)


def test_every_cell_of_the_matrix_has_its_accounts(open_at: OpenAt, pairs: pd.DataFrame) -> None:
    closed = analysis.state_matrix(pairs).query("standard_state == 'CLOSED' and accounts > 0")
    page = open_at(show="All accounts", standard="Closed")

    shown = page.dataframe[0].value["govcloud_shown"].value_counts()

    assert dict(shown[shown > 0]) == {
        str(row.govcloud_state).replace("_", " ").capitalize(): row.accounts
        for row in closed.itertuples()
    }


def test_search_finds_names_ids_and_units_whatever_their_case(
    open_at: OpenAt, pairs: pd.DataFrame
) -> None:
    account = pairs.iloc[17]

    for text in (account["account_id"], account["name"].upper(), account["email"]):
        assert account["account_id"] in ids(open_at(show="All accounts", find=text))


def test_nothing_found_says_so_and_clears_by_a_button(open_at: OpenAt) -> None:
    page = open_at(find="no such account", severity="High")

    assert "No account fits these filters." in words(page)

    page.button[0].click().run()

    assert len(ids(page)) > 0
    assert page.query_params == {}


def test_the_first_pair_is_up_close_until_another_is_picked(
    open_at: OpenAt, pairs: pd.DataFrame
) -> None:
    page = open_at()
    first = mismatches(pairs).iloc[0]

    for text in (first["name"], first["meaning"], first["action"], first["govcloud_account_id"]):
        assert text in words(page)
    assert "since the snapshot of" in words(page)


def test_a_pair_is_one_click_from_asking_aws_about_it_now(
    open_at: OpenAt, pairs: pd.DataFrame
) -> None:
    link = next(e for e in open_at().get("page_link") if e.proto.label.startswith("Ask AWS"))

    assert link.proto.page == "account"
    worst = mismatches(pairs)["account_id"].iloc[0]
    assert link.proto.query_string == f"accounts={worst}"


def test_an_account_that_was_not_seen_says_why(open_at: OpenAt) -> None:
    page = open_at(show="Unknown")

    assert "Access denied" in words(page)
    assert "AWS denied the look-up" in words(page)


def test_a_pair_shows_its_links(open_at: OpenAt, demo_store: Path) -> None:
    snapshot = load_snapshot(demo_store)
    end = snapshot.links["source_account_id"].iloc[0]

    page = open_at(show="All accounts", find=end)

    count = (snapshot.links[["source_account_id", "target_account_id"]] == end).any(axis=1).sum()
    assert f"{count} account link" in words(page)
    assert len(page.dataframe[1].value) == count


def test_a_name_is_shown_as_the_text_it_is(open_at: OpenAt, demo_store: Path) -> None:
    snapshot = load_snapshot(demo_store)
    accounts = snapshot.accounts.assign(name=HOSTILE)
    save_snapshot(replace(snapshot, accounts=accounts), demo_store)

    page = open_at()

    assert set(page.dataframe[0].value["name"]) == {HOSTILE}
    heading = next(e.proto.body for e in page.get("html") if "HYPERLINK" in e.proto.body)
    assert "<b>" not in heading
    assert HOSTILE in words(page)
    assert not any("HYPERLINK" in element.value for element in page.markdown)


def test_the_download_is_what_is_shown_and_starts_no_formula(pairs: pd.DataFrame) -> None:
    found = pairs.head(3).assign(name=["=1+1", "fine", "000000000042"])

    lines = pairs_csv(found).decode("utf-8-sig").splitlines()

    assert len(lines) == 4
    assert lines[0].split(",") == [f'"{name}"' for name in PAIRS.names]
    assert '"\'=1+1"' in lines[1]
    assert '"000000000042"' in lines[3]


def test_no_mismatch_at_all_is_good_news(demo_store: Path, open_page: Open) -> None:
    snapshot = load_snapshot(demo_store)
    accounts = snapshot.accounts.assign(standard_state="ACTIVE")
    govcloud = snapshot.govcloud
    govcloud = govcloud.assign(
        govcloud_state=govcloud["govcloud_state"].where(govcloud["govcloud_state"].isna(), "ACTIVE")
    )
    save_snapshot(replace(snapshot, accounts=accounts, govcloud=govcloud), demo_store)

    page = open_page("mismatches")

    assert "No pair disagrees in this snapshot." in words(page)


def test_an_empty_store_says_so(own_store: Path, open_page: Open) -> None:
    assert f"The folder {own_store} holds no snapshot." in words(open_page("mismatches"))


def test_a_store_that_is_a_file_is_one_sentence(own_store: Path, open_page: Open) -> None:
    own_store.write_text("not a folder")

    page = open_page("mismatches")

    assert f"{own_store} is a file, not a folder." in words(page)
    assert not page.exception
