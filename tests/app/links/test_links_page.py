"""Links: which are worth a look and why, the ends outside, and the Regions that were not seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from staged import Open, demo_store, open_page, own_store, small_demo, words
from streamlit.testing.v1 import AppTest

from toolkit.store import load_snapshot, save_snapshot
from toolkit.verdicts import judge_links

__all__ = ["demo_store", "open_page", "own_store", "small_demo"]


@pytest.fixture
def page(demo_store: Path, open_page: Open) -> AppTest:
    del demo_store
    return open_page("links")


def test_it_shows_the_links_worth_a_look_worst_first(page: AppTest, demo_store: Path) -> None:
    links = judge_links(load_snapshot(demo_store))
    flagged = links[links["severity"].notna()]

    shown = page.dataframe[-1].value

    assert len(shown) == len(flagged) > 0
    assert list(shown["meaning"]) == list(
        flagged.sort_values(["severity", "region", "link_id"], kind="stable")["meaning"]
    )


def test_all_links_are_one_choice_away(page: AppTest, demo_store: Path) -> None:
    page.get_by_key("links").set_value("All links").run()

    assert len(page.dataframe[-1].value) == len(load_snapshot(demo_store).links)
    assert page.query_params["links"] == "All links"


def test_an_end_outside_the_organization_is_marked(demo_store: Path, open_page: Open) -> None:
    snapshot = load_snapshot(demo_store)
    links = snapshot.links
    links.loc[0, "target_account_id"] = "000000000999"
    save_snapshot(replace(snapshot, links=links), demo_store)
    page = open_page("links")
    page.get_by_key("links").set_value("All links").run()

    shown = page.dataframe[-1].value

    outside = ~shown["target_account_id"].isin(snapshot.accounts["account_id"])
    assert outside.any()
    assert set(shown["target_shown"][outside]) == {"Outside the organization"}
    assert "Outside the organization" not in set(shown["target_shown"][~outside])


def test_an_end_that_a_short_list_does_not_know_is_not_called_outside(
    demo_store: Path, open_page: Open
) -> None:
    snapshot = load_snapshot(demo_store)
    manifest = replace(snapshot.manifest, complete=False)
    save_snapshot(replace(snapshot, manifest=manifest), demo_store)

    shown = open_page("links").dataframe[-1].value

    assert not (shown == "Outside the organization").any(axis=None)


def test_regions_that_could_not_be_seen_are_said(page: AppTest) -> None:
    assert "Links in eu-west-1 could not be seen" in words(page)


def test_a_snapshot_without_links_says_so(demo_store: Path, open_page: Open) -> None:
    snapshot = load_snapshot(demo_store)
    save_snapshot(replace(snapshot, links=snapshot.links.head(0)), demo_store)

    page = open_page("links")

    assert "This snapshot holds no WorkSpaces account link." in words(page)


def test_an_empty_store_says_so(own_store: Path, open_page: Open) -> None:
    assert f"The folder {own_store} holds no snapshot." in words(open_page("links"))


def test_a_damaged_table_is_one_sentence(demo_store: Path, open_page: Open) -> None:
    max(demo_store.glob("links/*/*/part.parquet")).write_bytes(b"not a table")

    page = open_page("links")

    assert "cannot be read" in words(page)
    assert not page.exception
