"""The registry of pages: every row is a page that opens, whatever lies in the store."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import two_organizations
from staged import ROOT, Open, words

from toolkit.app import data
from toolkit.app.pages import COLLECT, LINKS, OVERVIEW, PAGES, TRENDS, Page
from toolkit.app.parts import panels
from toolkit.charts import CHARTS, chart
from toolkit.store import Store

Witnessed = Callable[..., Path]

EVERY = pytest.mark.parametrize("place", PAGES, ids=lambda place: place.folder)
SHOWING = pytest.mark.parametrize(
    "place", [place for place in PAGES if place is not COLLECT], ids=lambda place: place.folder
)
"""The pages that show a snapshot."""


def test_every_page_has_a_script_and_an_address_of_its_own() -> None:
    folders = [page.folder for page in PAGES]

    assert all(page.path.is_file() for page in PAGES)
    assert len(set(folders)) == len(folders)
    assert len({page.title for page in PAGES}) == len(PAGES)


def test_every_folder_with_a_page_has_its_row() -> None:
    scripts = sorted((ROOT / "toolkit" / "app").glob("*/page.py"))

    assert sorted(page.path for page in PAGES) == scripts


def test_every_chart_that_is_on_a_page_is_on_one_that_there_is() -> None:
    wanted = {chart.on for chart in CHARTS} - {None}

    assert wanted <= {page.folder for page in PAGES}


@pytest.mark.parametrize("place", [OVERVIEW, LINKS, TRENDS], ids=lambda place: place.folder)
@pytest.mark.usefixtures("shown_demo")
def test_a_chart_appears_on_its_page_by_its_row_alone(
    place: Page, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = replace(chart("flows"), key="more", on=place.folder)
    monkeypatch.setattr(panels, "CHARTS", (*CHARTS, more))
    monkeypatch.setattr(data, "chart", lambda key: more if key == "more" else chart(key))

    shown = [element.proto.id for element in open_page(place).get("plotly_chart")]

    usual = [one for one in CHARTS if one.on == place.folder]
    assert len(shown) == len(usual) + 1
    assert shown[-1].endswith("chart-more")


@EVERY
@pytest.mark.usefixtures("shown_demo")
def test_every_page_opens(place: Page, open_page: Open) -> None:
    tab = open_page(place)

    assert not tab.exception
    assert [e for e in tab.get("html") if 'class="ap-h1' in e.proto.body]
    assert 'role="alert"' not in "".join(e.proto.body for e in tab.get("html"))


@SHOWING
def test_an_empty_store_says_so_on_every_page(
    place: Page, own_store: Path, open_page: Open
) -> None:
    tab = open_page(place)

    assert "No snapshot here yet" in words(tab)
    assert f"The folder {own_store} holds no snapshot." in words(tab)


@EVERY
def test_a_store_that_is_a_file_is_one_sentence_on_every_page(
    place: Page, own_store: Path, open_page: Open
) -> None:
    own_store.write_text("not a folder", encoding="utf-8")

    tab = open_page(place)

    assert f"{own_store} is a file, not a folder." in words(tab)
    assert not tab.exception


@EVERY
@pytest.mark.usefixtures("shown_demo")
def test_a_policy_that_cannot_be_right_is_one_sentence_on_every_page(
    place: Page, policy_file: Path, open_page: Open
) -> None:
    policy_file.write_text(
        '[[rules]]\nstandard = "ACTIVE"\ngovcloud = "LOCKED"\nverdict = "MATCH"', encoding="utf-8"
    )

    tab = open_page(place)

    assert "strict.toml, line 3: rules entry 1 has govcloud = 'LOCKED'." in words(tab)
    assert tab.button[0].label == "Try again"
    assert not tab.exception


@pytest.fixture(scope="module")
def of_the_older_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one snapshot of the older kind."""
    store = tmp_path_factory.mktemp("older")
    Store(store).save(two_organizations.of_the_week_before())
    return store


@SHOWING
def test_a_snapshot_of_the_older_kind_opens_on_every_page(
    place: Page, of_the_older_kind: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(of_the_older_kind))

    tab = open_page(place)

    assert not tab.exception
    assert "Snapshot of 15 November 2026" in words(tab)
    assert 'role="alert"' not in "".join(e.proto.body for e in tab.get("html"))


@SHOWING
def test_a_snapshot_of_which_everything_is_known_opens_on_every_page(
    place: Page, shown_witnessed: Witnessed, open_page: Open
) -> None:
    shown_witnessed()

    tab = open_page(place)

    assert not tab.exception
    assert "Snapshot of 22 November 2026" in words(tab)
    assert 'role="alert"' not in "".join(e.proto.body for e in tab.get("html"))
