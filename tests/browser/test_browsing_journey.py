"""From a number to the accounts behind it in a click, and the same view from a shared address."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browsing import new_tab, running_app, settle, watch
from playwright.sync_api import Browser, Page, expect

from toolkit import analysis
from toolkit.app.pages import PAGES
from toolkit.demo import make
from toolkit.store import Snapshot, Store
from toolkit.verdicts import Policy, judge_pairs, mismatches

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class App:
    """The app that runs, and the folder of its demo."""

    url: str
    demo: Path


OpenTab = Callable[..., Page]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a finished demo."""
    folder = tmp_path_factory.mktemp("browsing")
    make(folder / "demo", today=datetime.now(UTC).date())
    with running_app(folder / "log", ACCOUNT_PAIRS_DEMO=folder / "demo") as url:
        yield App(url, folder / "demo")


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Open tabs of a visitor each, which may neither fail nor ask another host."""
    tabs: list[tuple[Page, list[str]]] = []

    def open_one(scheme: str = "light") -> Page:
        page = new_tab(browser, viewport={"width": 1440, "height": 1200}, color_scheme=scheme)
        tabs.append((page, watch(page)))
        return page

    yield open_one
    for page, outside in tabs:
        assert page.locator('[data-testid="stException"], .ap-error').count() == 0
        assert outside == []
        page.close()


@pytest.fixture
def overview(app: App, open_tab: OpenTab) -> Page:
    page = open_tab()
    page.goto(app.url)
    return drawn(page)


def drawn(page: Page) -> Page:
    """Wait until the Overview's charts are there."""
    page.wait_for_selector(".st-key-chart-units .barlayer path")
    settle(page)
    return page


def go(page: Page, name: str) -> Page:
    """Open a page by its link on the left."""
    page.locator("[data-testid=stSidebarNav]").get_by_role("link", name=name, exact=True).click()
    if name != "Overview":
        folder = next(one.folder for one in PAGES if one.title == name)
        page.wait_for_url(f"**/{folder}**")
    settle(page)
    return page


def test_two_tabs_at_the_first_start_see_the_same_demo_being_made(
    open_tab: OpenTab, tmp_path: Path
) -> None:
    with running_app(tmp_path / "log", ACCOUNT_PAIRS_DEMO=tmp_path / "demo") as url:
        tabs = [open_tab(), open_tab()]
        for tab in tabs:
            tab.goto(url)
        for tab in tabs:
            expect(tab.get_by_role("progressbar")).to_be_visible()
        for tab in tabs:
            answer = tab.get_by_text("linked pairs disagree").first
            expect(answer).to_be_visible()
        assert len(list(tmp_path.glob("demo/runs/*/*.json"))) == 10
        for tab in tabs:
            tab.get_by_role("link", name="See critical ones").click()
            expect(tab.locator("h1.ap-h1")).to_contain_text("critical mismatch")
        for tab in tabs:
            settle(tab)


def test_a_cell_of_the_matrix_opens_its_accounts_and_the_address_shows_them_anywhere(
    app: App, open_tab: OpenTab, overview: Page
) -> None:
    pairs = judge_pairs(Store(app.demo).load())
    cell = "standard_state == 'CLOSED' and govcloud_state == 'ACTIVE'"
    count = int(analysis.state_matrix(pairs).query(cell)["accounts"].iloc[0])

    # The cells come worst first, and the one critical combination is closed and active.
    overview.locator(".st-key-chart-matrix .barlayer .point path").first.click(force=True)
    overview.wait_for_url("**/mismatches?**standard=Closed&govcloud=Active")

    wanted = f"{count} account{'' if count == 1 else 's'}"
    expect(overview.locator("h1.ap-h1")).to_have_text(wanted)
    settle(overview)
    grid = overview.locator('[role="grid"]').first
    assert int(grid.get_attribute("aria-rowcount") or 0) == count + 1

    other = open_tab()
    other.goto(overview.url)
    expect(other.locator("h1.ap-h1")).to_have_text(wanted)
    settle(other)


def test_a_card_opens_its_accounts_wherever_it_is_clicked(overview: Page) -> None:
    card = overview.locator(".st-key-card-critical")
    card.click(position={"x": 60, "y": 90})

    expect(overview.locator("h1.ap-h1")).to_contain_text("critical")


def test_what_is_typed_and_chosen_stands_in_the_address(app: App, overview: Page) -> None:
    page = go(overview, "Mismatches")
    page.get_by_role("button", name="High").click()
    page.wait_for_url("**severity=High**")
    page.get_by_role("searchbox", name="Search").fill("acquisitions")
    page.wait_for_url("**find=acquisitions**")

    found = mismatches(judge_pairs(Store(app.demo).load())).query("severity == 'HIGH'")
    count = int(found["ou_path"].str.contains("acquisitions", case=False).sum())
    expect(page.locator("h1.ap-h1")).to_contain_text(str(count) if count else "No mismatch")


def test_the_download_holds_the_rows_on_screen(app: App, overview: Page, tmp_path: Path) -> None:
    page = go(overview, "Mismatches")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    path = tmp_path / "rows.csv"
    download.value.save_as(path)

    rows = path.read_text("utf-8-sig").splitlines()[1:]
    judged = Policy().judge(Store(app.demo).load())
    wanted = [*mismatches(judged.pairs)["account_id"], *judged.left_behind["account_id"]]
    assert [row.split(",")[0].strip('"') for row in rows] == wanted


def test_a_table_has_no_download_of_its_own_past_the_harmless_one(overview: Page) -> None:
    page = go(overview, "Mismatches")
    page.locator(".stDataFrame").first.hover()

    expect(page.get_by_role("button", name="Fullscreen").first).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV").first).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_asks_another_host_or_shows_an_exception(
    app: App, open_tab: OpenTab, scheme: str
) -> None:
    page = open_tab(scheme)
    page.goto(app.url)
    for shown in PAGES:
        go(page, shown.title)
        assert page.locator('[data-testid="stException"], .ap-error').count() == 0, shown.title


def test_every_chart_and_table_has_a_name_for_screen_readers(overview: Page) -> None:
    for name in ("Overview", "Mismatches", "Links", "Trends"):
        page = go(overview, name)
        for kind in (".stPlotlyChart", ".stDataFrame"):
            for element in page.locator(f"{kind}:visible").all():
                assert element.locator("xpath=descendant-or-self::*[@aria-label]").count(), name


def test_a_keyboard_reaches_the_accounts_behind_a_card(overview: Page) -> None:
    link = overview.get_by_role("link", name="See every mismatch")
    link.focus()
    overview.keyboard.press("Enter")

    overview.wait_for_url("**/mismatches**")
    expect(overview.locator("h1.ap-h1")).to_contain_text("mismatches")


def test_names_that_look_like_code_are_shown_as_text(
    app: App, open_tab: OpenTab, tmp_path: Path
) -> None:
    name = '<img src="http://outside.example/x.png"> **bold** :material/home: $x$'
    shutil.copytree(app.demo, tmp_path / "own")
    own = Store(tmp_path / "own")
    snapshot = own.load()
    accounts = snapshot.accounts.assign(name=name, ou_path=name)
    tables = {**snapshot.tables, "accounts": accounts}
    own.save(Snapshot(tables, snapshot.manifest), again=True)

    with running_app(tmp_path / "log", ACCOUNT_PAIRS_STORE=tmp_path / "own") as url:
        page = open_tab()
        page.goto(url)
        drawn(page)
        for place in ("Links", "Trends", "Mismatches"):
            go(page, place)
        expect(page.locator(".st-key-pair h2")).to_have_text(name)
