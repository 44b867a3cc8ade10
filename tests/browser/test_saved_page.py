"""The saved page, opened as its reader would: from a folder, with no network."""

from pathlib import Path

import pytest
from browsing import new_tab
from playwright.sync_api import Browser
from reported import hostile_snapshot, older_snapshot, small_snapshot

from toolkit.exports import Report
from toolkit.exports.page import save_page

pytestmark = pytest.mark.browser


def test_every_chart_is_drawn_in_the_readers_colours_and_nothing_is_asked_of_any_host(
    browser: Browser, tmp_path: Path
) -> None:
    report = Report.of(small_snapshot(), history=[older_snapshot()])
    path = save_page(report, tmp_path / "page.html")
    page = new_tab(browser, color_scheme="dark")
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    for name in ("distribution", "units", "flows", "mismatch-trend", "links"):
        page.wait_for_selector(f"[data-chart={name}] svg.main-svg")
    page.wait_for_selector("[data-chart=distribution] path[style*='rgb(76, 155, 232)']")
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("[data-chart=distribution] path[style*='rgb(11, 83, 148)']")
    assert asked == [path.as_uri()]
    assert wrong == []
    page.close()


def test_a_hostile_name_runs_no_script_and_makes_no_element(
    browser: Browser, tmp_path: Path
) -> None:
    path = save_page(hostile_snapshot(60), tmp_path / "page.html")
    page = new_tab(browser)
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    page.wait_for_selector("[data-chart=units] svg.main-svg")
    assert ran == []
    assert page.locator("td b", has_text="bold").count() == 0
    assert page.locator("a[href^='http://x']").count() == 0
    assert page.get_by_text("<b>bold</b>", exact=True).count() > 0
    page.close()
