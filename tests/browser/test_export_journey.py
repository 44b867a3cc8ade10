"""First start, critical mismatches, and the deck of them on disk, reopened and read."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import settle, watch
from filelock import FileLock
from playwright.sync_api import BrowserContext, expect
from pptx import Presentation

from toolkit.schema import Severity
from toolkit.store import Store
from toolkit.verdicts import judge_pairs, mismatches

pytestmark = pytest.mark.browser

NOTE = r"\d+ of the organization's \d+ pairs (is|are) {}"
"""What is said of a selection wherever it is shown or taken away."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "demo"


@pytest.fixture(scope="module")
def new_app(
    demo: Path, running_small_app: Callable[..., AbstractContextManager[str]]
) -> Iterator[str]:
    """The app as it starts for the first time."""
    with running_small_app(demo.with_name("app.log"), ACCOUNT_PAIRS_DEMO=demo) as url:
        yield url


@pytest.fixture(scope="module")
def person(visitor: Callable[..., BrowserContext]) -> BrowserContext:
    return visitor()


def texts(path: Path) -> list[str]:
    """Return every text on the slides, tables included."""
    found = []
    for slide in Presentation(path).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def test_from_the_first_start_that_two_tabs_watch_to_a_deck_of_the_critical_mismatches(
    new_app: str, demo: Path, person: BrowserContext, tmp_path: Path
) -> None:
    page, beside = tabs = [person.new_page(), person.new_page()]
    outside = [watch(tab) for tab in tabs]
    demo.mkdir(mode=0o700)
    # While another program makes it, the app waits: both tabs are there before it is done.
    with FileLock(demo / ".making.lock"):
        for tab in tabs:
            tab.goto(new_app)
        for tab in tabs:
            expect(tab.locator("h1")).to_have_text("Making the demo organization")
            expect(tab.get_by_role("progressbar")).to_be_visible()
    for tab in tabs:
        expect(tab.locator("h1")).to_contain_text("linked pairs disagree")
    # The first day is shown while the other one is made; a page of the newest begins anew with it.
    for tab in tabs:
        expect(tab.locator(".st-key-demo-making")).to_have_count(0)
    assert len(Store(demo).ids()) == 2
    beside.get_by_role("link", name="See critical ones").click()
    expect(beside.locator("h1.ap-h1")).to_contain_text("critical mismatch")
    settle(beside)
    beside.close()

    settle(page)
    page.locator(".st-key-card-critical a").click()
    page.wait_for_url("**/mismatches?**severity=Critical**")
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Export").click()
    expect(page.get_by_text(re.compile(NOTE.format("critical")))).to_be_visible()
    page.get_by_role("button", name="Make the slides").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download .pptx").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    page.close()

    found = mismatches(judge_pairs(Store(demo).load()))
    is_critical = found["severity"] == Severity.CRITICAL
    said = texts(path)
    assert path.suffix == ".pptx"
    assert any(re.search(NOTE.format("critical"), text) for text in said)
    assert set(found.loc[is_critical, "account_id"]) <= set(said)
    assert set(found.loc[~is_critical, "account_id"]).isdisjoint(said)
    assert outside == [[], []]


def test_the_filter_on_screen_is_the_one_exported_until_it_is_cleared(
    new_app: str, person: BrowserContext
) -> None:
    page = person.new_page()
    page.goto(f"{new_app}/mismatches?severity=High")
    expect(page.locator("h1")).to_contain_text("High", ignore_case=True)
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Export").click()
    expect(page.get_by_text(re.compile(NOTE.format("high")))).to_be_visible()
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.get_by_text(re.compile(NOTE.format("high")))).to_have_count(0)

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Mismatches").click()
    page.wait_for_url("**/mismatches**")
    settle(page)
    assert "severity" not in page.url
    page.close()
