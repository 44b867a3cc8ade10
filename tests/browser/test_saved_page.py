"""The saved page, opened as its reader would: from a folder, with no network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import new_tab
from playwright.sync_api import Browser, Page, expect
from reported import hostile_snapshot, older_snapshot, small_snapshot

from toolkit.exports import Report
from toolkit.exports.page import save_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the page of five pairs once, and see that it asks for nothing and complains of nothing.

    Each test leaves it as it found it.
    """
    report = Report.of(small_snapshot(), history=[older_snapshot()])
    path = save_page(report, tmp_path_factory.mktemp("saved") / "page.html")
    page = new_tab(browser, color_scheme="light")
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(path.as_uri())
    yield page
    assert told == [path.as_uri()]
    page.close()


def colour(page: Page, of: str, what: str = "background-color") -> str:
    return str(page.locator(of).first.evaluate(f"one => getComputedStyle(one)['{what}']"))


def names(page: Page, key: str) -> list[str]:
    """Return the names of the rows of a section that can be seen."""
    cells = page.locator(f"#{key} td[data-l=Name]").all()
    return [cell.inner_text() for cell in cells if cell.is_visible()]


def test_colours_follow_the_system_and_the_reader_s_own_choice(saved: Page) -> None:
    light = colour(saved, "body"), colour(saved, ".piece"), colour(saved, ".matrix td.HIGH")
    saved.emulate_media(color_scheme="dark")
    dark = colour(saved, "body"), colour(saved, ".piece"), colour(saved, ".matrix td.HIGH")
    assert [one for one, other in zip(light, dark, strict=True) if one == other] == []
    saved.get_by_label("Colours").select_option("light")
    assert colour(saved, "body") == light[0]
    saved.emulate_media(color_scheme="light")
    saved.get_by_label("Colours").select_option("dark")
    assert colour(saved, "body") == dark[0]
    saved.get_by_label("Colours").select_option("As the system")


def test_a_search_takes_words_and_ids_and_says_where_the_hits_are(saved: Page) -> None:
    box, told = saved.get_by_role("searchbox"), saved.get_by_role("status")
    saved.keyboard.press("/")
    expect(box).to_be_focused()
    for query, hits, shown in (
        ("SAND three", "2 rows", ["three"]),
        ("1000-0000 0003", "2 rows", ["three"]),
        ("100000000003, 9000 0000 0002", "4 rows", ["two", "three"]),
        ("10000000-0004", "1 row", ["four"]),
    ):
        box.fill(query)
        assert told.inner_text().startswith(f"{hits} with “{query}”, in "), told.inner_text()
        assert sorted({*names(saved, "accounts")} & {*shown}) == sorted(shown)
    expect(saved.locator("#units")).to_be_hidden()
    box.fill("zebra")
    assert told.inner_text() == "Nothing here matches: all 5 accounts were searched."
    box.press("Escape")
    expect(told).to_be_empty()
    expect(saved.locator("#units")).to_be_visible()


def test_a_column_sorts_up_and_down_and_back_and_severities_by_how_bad_they_are(
    saved: Page,
) -> None:
    saved.evaluate("document.querySelector('#accounts details').open = true")
    before = names(saved, "accounts")
    head = saved.locator("#accounts").get_by_role("columnheader", name="Name")
    for order, expected in (
        ("ascending", sorted(before)),
        ("descending", sorted(before, reverse=True)),
        (None, before),
    ):
        head.get_by_role("button").press("Enter")
        assert head.get_attribute("aria-sort") == order
        assert names(saved, "accounts") == expected
    saved.evaluate("document.querySelector('#accounts details').open = false")
    severity = saved.locator("#first").get_by_role("columnheader", name="Severity")
    severity.get_by_role("button").dblclick()
    assert severity.get_attribute("aria-sort") == "descending"
    assert saved.locator("#first tbody tr").last.inner_text().startswith("◆ Critical")
    severity.get_by_role("button").click()


def test_on_a_phone_rows_are_cards_the_matrix_is_a_list_and_nothing_is_wider(saved: Page) -> None:
    size = saved.viewport_size
    saved.set_viewport_size({"width": 390, "height": 800})
    row = saved.locator("#mismatches tbody tr").first
    cells = [one.bounding_box() for one in row.locator("td").all()]
    assert len({box["x"] for box in cells if box}) == 1
    inside = "one => getComputedStyle(one, '::before').content"
    assert row.locator("td").nth(1).evaluate(inside) == '"Name"'
    cells = [one.bounding_box() for one in saved.locator(".matrix td[data-l]").all()]
    assert len({(box["x"], box["width"]) for box in cells if box}) == 1
    assert saved.evaluate("document.documentElement.scrollWidth") == 390
    saved.set_viewport_size(size or {"width": 1440, "height": 900})


def test_on_paper_there_are_colours_and_heads_and_neither_search_nor_links(saved: Page) -> None:
    saved.emulate_media(media="print", color_scheme="dark")
    expect(saved.locator(".side")).to_be_hidden()
    expect(saved.locator("#accounts")).to_be_hidden()  # its closed list would be a head alone
    assert colour(saved, "body") == "rgb(255, 255, 255)"
    assert colour(saved, ".matrix td.HIGH", "print-color-adjust") == "exact"
    assert colour(saved, "thead", "display") == "table-header-group"
    assert colour(saved, ".chart", "break-inside") == "avoid"
    saved.emulate_media(media="screen", color_scheme="light")


def test_a_hostile_name_runs_no_script_and_makes_no_element(
    browser: Browser, tmp_path: Path
) -> None:
    path = save_page(hostile_snapshot(60), tmp_path / "page.html")
    page = new_tab(browser)
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    page.wait_for_selector("[data-chart=units] .bar")
    assert ran == []
    assert page.locator("td b", has_text="bold").count() == 0
    assert page.locator("a[href^='http']").count() == 0
    assert page.get_by_text("<b>bold</b>", exact=True).count() > 0
    # Whatever a name were to become, the page runs no script but its own.
    script = "Object.assign(document.createElement('script'), {text: 'alert(1)'})"
    page.evaluate(f"document.body.append({script})")
    assert ran == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    page.close()
