"""Links: which are worth a look and why, the ends outside, and the Regions that were not seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from staged import Open, words, write_anew
from streamlit.testing.v1 import AppTest

from toolkit.app.pages import LINKS
from toolkit.store import Store
from toolkit.verdicts import judge_links


@pytest.fixture
def page(shown_demo: Path, open_page: Open) -> AppTest:
    del shown_demo
    return open_page(LINKS)


def test_it_shows_the_links_worth_a_look_worst_first(page: AppTest, small_demo: Path) -> None:
    links = judge_links(Store(small_demo).load())
    flagged = links[links["severity"].notna()]

    shown = page.dataframe[-1].value

    assert len(shown) == len(flagged) > 0
    assert list(shown["meaning"]) == list(
        flagged.sort_values(["severity", "region", "link_id"], kind="stable")["meaning"]
    )


def test_all_links_are_one_choice_away(page: AppTest, small_demo: Path) -> None:
    page.get_by_key("links").set_value("All links").run()

    assert len(page.dataframe[-1].value) == len(Store(small_demo).load().links)
    assert page.query_params["links"] == "All links"


def test_an_end_outside_the_organization_is_marked(demo_store: Path, open_page: Open) -> None:
    snapshot = Store(demo_store).load()
    links = snapshot.links.copy()
    links.loc[0, "target_account_id"] = "000000000999"
    write_anew(snapshot, links=links)
    page = open_page(LINKS)
    page.get_by_key("links").set_value("All links").run()

    shown = page.dataframe[-1].value

    outside = ~shown["target_account_id"].isin(snapshot.accounts["account_id"])
    assert outside.any()
    assert set(shown["target_shown"][outside]) == {"Outside the organization"}
    assert "Outside the organization" not in set(shown["target_shown"][~outside])


def test_an_end_that_a_short_list_does_not_know_is_not_called_outside(
    demo_store: Path, open_page: Open
) -> None:
    snapshot = Store(demo_store).load()
    manifest = replace(snapshot.manifest, complete=False)
    Store(demo_store).save(replace(snapshot, manifest=manifest), again=True)

    shown = open_page(LINKS).dataframe[-1].value

    assert not (shown == "Outside the organization").any(axis=None)


def test_regions_that_could_not_be_seen_are_said(page: AppTest) -> None:
    assert "Links in eu-west-1 could not be seen" in words(page)


def test_a_snapshot_without_links_says_so(demo_store: Path, open_page: Open) -> None:
    snapshot = Store(demo_store).load()
    write_anew(snapshot, links=snapshot.links.head(0))

    page = open_page(LINKS)

    assert "This snapshot holds no WorkSpaces account link." in words(page)


def test_a_damaged_table_of_links_is_one_sentence(demo_store: Path, open_page: Open) -> None:
    max(demo_store.glob("links/*/*/part.parquet")).write_bytes(b"not a table")

    page = open_page(LINKS)

    assert "cannot be read" in words(page)
    assert not page.exception
