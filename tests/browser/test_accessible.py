"""What axe-core finds on the pages of the app, light and dark, on a wide screen and on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from browsing import settle
from playwright.sync_api import Page as Tab

from toolkit.app.pages import PAGES, Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
"""The script that looks: it finds what keeps somebody from reading or using a page."""

WIDTHS = (1440, 390)


@pytest.fixture(scope="module")
def address(
    running_small_app: Any, company: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Run the app for all of these tests."""
    log = tmp_path_factory.mktemp("accessible") / "log"
    with running_small_app(log, ACCOUNT_PAIRS_DEMO=company) as started:
        yield started


@pytest.fixture(scope="module", params=["light", "dark"])
def tab(request: pytest.FixtureRequest, visitor: Any) -> Tab:
    """A tab of one who likes it light, or dark."""
    opened: Tab = visitor(request.param).new_page()
    return opened


def found(tab: Tab) -> list[tuple[str, str]]:
    """Return each rule that the page on screen breaks, and where."""
    tab.evaluate(AXE)
    result: dict[str, Any] = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (broken["id"], str(node["target"]))
        for broken in result["violations"]
        for node in broken["nodes"]
    ]


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.folder)
def test_nothing_keeps_anybody_from_using_a_page(tab: Tab, address: str, page: Page) -> None:
    tab.set_viewport_size({"width": WIDTHS[0], "height": 900})
    tab.goto(f"{address}/{'' if page is PAGES[0] else page.folder}")
    settle(tab)
    wide = found(tab)
    tab.set_viewport_size({"width": WIDTHS[1], "height": 900})
    settle(tab)

    assert (wide, found(tab)) == ([], [])
