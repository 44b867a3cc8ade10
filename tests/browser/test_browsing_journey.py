"""From a number to the accounts behind it in a click, and the same view from a shared address.

The app stands on a bucket of two organizations, and in the end collects a third one into it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest
from browsing import settle, watch
from bucketed import BUCKET, client_of, settings_of
from emulated import a_pair, an_organization
from playwright.sync_api import BrowserContext, Page, expect
from pptx import Presentation
from reported import small_snapshot

from toolkit import analysis
from toolkit.app.pages import FLEET, MISMATCHES, PAGES
from toolkit.app.parts.tables import ROW
from toolkit.app.source import DEMO
from toolkit.emulator import Emulator
from toolkit.store import Snapshot, Store
from toolkit.verdicts import Policy, judge_pairs, mismatches

pytestmark = pytest.mark.browser

SECOND = "o-zz-second"
"""The organization beside the company; the last in every list by name."""

HOSTILE = '<img src="http://outside.example/x.png"> **bold** :material/home: $x$'


@dataclass(frozen=True)
class App:
    """The app that runs on a bucket, and the folder of what that has of the company.

    `overview` is the address of the company's Overview.
    """

    url: str
    overview: str
    store: Path


OpenAddress = Callable[..., Page]


@pytest.fixture(scope="module")
def bucket_of_two(company: Path, bucket_server: str) -> str:
    """The address of a bucket that has the company and a second organization."""
    client, address = client_of(bucket_server), f"s3://{BUCKET}/company"
    with TemporaryDirectory() as second:
        Store(second).save(small_snapshot(organization=SECOND))
        for folder in (company, Path(second)):
            for path in folder.glob("*/organization=*/**/*.*"):
                key = f"company/{path.relative_to(folder).as_posix()}"
                client.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())
    return address


@pytest.fixture(scope="module")
def own_accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file of AWS settings with the profile of an organization of twelve accounts."""
    organization = an_organization(*(a_pair(number) for number in range(10, 20)))
    with Emulator(organization) as emulator:
        config = tmp_path_factory.mktemp("aws") / "config"
        config.write_text(
            f"[profile audit]\nregion = us-east-1\nendpoint_url = {emulator.url}\n"
            "aws_access_key_id = audit\naws_secret_access_key = any\n"
        )
        yield config


@pytest.fixture(scope="module")
def settings(
    own_company: Path, bucket_of_two: str, bucket_server: str, own_accounts: Path
) -> dict[str, str | Path]:
    """What the app is told: the bucket is its own store, and how it gets there."""
    return {
        **settings_of(bucket_server, own_company.with_name("state")),
        "AWS_CONFIG_FILE": own_accounts,
        "ACCOUNT_PAIRS_STORE": bucket_of_two,
        "ACCOUNT_PAIRS_DEMO": own_company,
    }


@pytest.fixture(scope="module")
def app(
    company: Path,
    own_company: Path,
    settings: dict[str, str | Path],
    running_small_app: Callable[..., AbstractContextManager[str]],
) -> Iterator[App]:
    """The app on the bucket; its demo is the company under a hostile name."""
    hostile = Store(own_company)
    snapshot = hostile.load()
    accounts = snapshot.accounts.assign(name=HOSTILE, ou_path=HOSTILE)
    tables = {**snapshot.tables, "accounts": accounts}
    hostile.save(Snapshot(tables, snapshot.manifest), again=True)
    whose = snapshot.manifest.organization_id
    with running_small_app(own_company.with_name("log"), **settings) as url:
        yield App(url, f"{url}/?organization={whose}", company)


@dataclass(frozen=True)
class Tab:
    """A tab of a visitor, and every address outside this machine that it has asked."""

    page: Page
    outside: list[str]


@pytest.fixture(scope="module")
def tabs(visitor: Callable[..., BrowserContext]) -> dict[str, Tab]:
    """A tab of a visitor who likes it light, and one of another who likes it dark."""
    pages = {scheme: visitor(scheme).new_page() for scheme in ("light", "dark")}
    return {scheme: Tab(page, watch(page)) for scheme, page in pages.items()}


@pytest.fixture
def open_address(tabs: dict[str, Tab]) -> Iterator[OpenAddress]:
    """Open an address anew in a visitor's tab, which may neither fail nor ask another host."""
    opened: list[Tab] = []

    def open_one(address: str, scheme: str = "light") -> Page:
        opened.append(tabs[scheme])
        tabs[scheme].page.goto(address)
        return tabs[scheme].page

    yield open_one
    for tab in opened:
        assert_whole(tab.page)
        assert tab.outside == []


@pytest.fixture
def overview(app: App, open_address: OpenAddress) -> Page:
    return drawn(open_address(app.overview))


@pytest.fixture
def listed(app: App, open_address: OpenAddress) -> Page:
    """The page of the mismatches."""
    page = open_address(f"{app.url}/mismatches")
    settle(page)
    return page


def drawn(page: Page) -> Page:
    """Wait until the Overview's charts are there."""
    # The first bar of all may have no width: nothing of its unit is critical.
    page.wait_for_selector(".st-key-chart-units .barlayer path:visible")
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


def assert_whole(page: Page) -> None:
    """Nothing has failed on the page, and whatever it draws has a name for screen readers."""
    assert page.locator('[data-testid="stException"], .ap-error').count() == 0, page.url
    for kind in (".stPlotlyChart", ".stDataFrame"):
        for element in page.locator(f"{kind}:visible").all():
            assert element.locator("xpath=descendant-or-self::*[@aria-label]").count(), page.url


def test_a_cell_of_the_matrix_opens_its_accounts_and_the_address_shows_them_anywhere(
    app: App, open_address: OpenAddress, overview: Page
) -> None:
    pairs = judge_pairs(Store(app.store).load())
    cell = "standard_state == 'CLOSED' and govcloud_state == 'ACTIVE'"
    count = int(analysis.state_matrix(pairs).query(cell)["accounts"].iloc[0])

    # The cells come worst first, and the one critical combination is closed and active.
    overview.locator(".st-key-chart-matrix .barlayer .point path").first.click(force=True)
    overview.wait_for_url("**/mismatches?**standard=Closed&govcloud=Active**")

    wanted = f"{count} account{'' if count == 1 else 's'}"
    expect(overview.locator("h1.ap-h1")).to_have_text(wanted)
    settle(overview)
    grid = overview.locator('[role="grid"]').first
    assert int(grid.get_attribute("aria-rowcount") or 0) == count + 1

    other = open_address(overview.url, "dark")
    expect(other.locator("h1.ap-h1")).to_have_text(wanted)
    settle(other)


def test_a_card_opens_its_accounts_wherever_it_is_clicked_and_for_a_keyboard(
    overview: Page,
) -> None:
    card = overview.locator(".st-key-card-critical")
    card.click(position={"x": 60, "y": 90})

    expect(overview.locator("h1.ap-h1")).to_contain_text("critical")

    settle(overview)
    # What a page writes into its address would be a press more, and lead forward again.
    overview.go_back()
    expect(overview.locator("h1.ap-h1")).to_contain_text("linked pairs disagree")
    drawn(overview).get_by_role("link", name="See every mismatch").focus()
    overview.keyboard.press("Enter")

    overview.wait_for_url("**/mismatches**")
    expect(overview.locator("h1.ap-h1")).to_contain_text("mismatches")


def test_what_is_typed_and_chosen_stands_in_the_address(app: App, listed: Page) -> None:
    listed.get_by_role("button", name="High").click()
    listed.wait_for_url("**severity=High**")
    listed.get_by_role("searchbox", name="Search").fill("acquisitions")
    listed.wait_for_url("**find=acquisitions**")

    found = mismatches(judge_pairs(Store(app.store).load())).query("severity == 'HIGH'")
    count = int(found["ou_path"].str.contains("acquisitions", case=False).sum())
    expect(listed.locator("h1.ap-h1")).to_contain_text(str(count) if count else "No mismatch")


def test_the_download_holds_the_rows_on_screen_and_a_table_has_none_of_its_own(
    app: App, listed: Page, tmp_path: Path
) -> None:
    with listed.expect_download() as download:
        listed.get_by_role("button", name="CSV").click()
    path = tmp_path / "rows.csv"
    download.value.save_as(path)

    rows = path.read_text("utf-8-sig").splitlines()[1:]
    judged = Policy().judge(Store(app.store).load())
    wanted = [*mismatches(judged.pairs)["account_id"], *judged.left_behind["account_id"]]
    assert [row.split(",")[0].strip('"') for row in rows] == wanted
    assert len(judged.left_behind) > 0

    # Streamlit's own would leave out what makes a cell harmless to a spreadsheet.
    listed.locator(".stDataFrame").first.hover()
    expect(listed.get_by_role("button", name="Fullscreen").first).to_be_visible()
    expect(listed.get_by_role("button", name="Download as CSV").first).to_be_hidden()


def test_no_page_asks_another_host_or_fails_and_all_it_draws_has_a_name(
    app: App, open_address: OpenAddress
) -> None:
    page = open_address(app.overview, "dark")
    assert_whole(drawn(page))
    for shown in PAGES[1:]:
        assert_whole(go(page, shown.title))


def test_names_that_look_like_code_are_shown_as_text_on_every_page(
    app: App, open_address: OpenAddress
) -> None:
    page = open_address(f"{app.url}?{urlencode({'store': DEMO})}")
    assert_whole(drawn(page))
    for shown in PAGES[1:]:
        if shown is FLEET:  # nobody is led there from a single organization
            continue
        assert_whole(go(page, shown.title))
        if shown is MISMATCHES:
            expect(page.locator(".st-key-pair h2")).to_have_text(HOSTILE)


def test_from_all_organizations_to_one_with_the_mouse_and_the_keyboard(
    app: App, open_address: OpenAddress
) -> None:
    page = open_address(app.url)
    page.wait_for_url("**/fleet**")
    expect(page.locator("h1.ap-h1")).to_contain_text("in 2 of 2 organizations")
    settle(page)
    assert_whole(page)
    assert page.locator('[role="gridcell"][aria-colindex="1"]').last.inner_text() == SECOND

    grid = page.locator(".stDataFrame .dvn-scroller").first
    grid.click(position={"x": 15, "y": 1.5 * ROW})
    expect(page.locator("h1.ap-h1")).to_contain_text("linked pairs disagree")
    settle(page)
    assert SECOND not in page.url

    settle(go(page, "Fleet"))
    grid.click(position={"x": 120, "y": 1.5 * ROW})
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.locator(".st-key-provenance")).to_contain_text(SECOND)


def test_an_organization_is_collected_into_the_bucket_and_taken_away_as_a_deck(
    app: App, open_address: OpenAddress, bucket_of_two: str, bucket_server: str, tmp_path: Path
) -> None:
    page = open_address(f"{app.url}/collect")
    settle(page)
    page.get_by_text("Only these").wait_for()
    page.get_by_role("radio", name="None", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Check what you may ask").click()
    expect(page.get_by_text(f"The snapshot goes to {bucket_of_two}")).to_be_visible()
    page.get_by_role("button", name="Start collecting").click()
    expect(page.get_by_text("Collected 12 accounts")).to_be_visible()
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("h1")).to_contain_text("10 linked pairs")
    settle(page)
    go(page, "Export")
    page.get_by_role("button", name="Make the slides").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download .pptx").click()
    download.value.save_as(tmp_path / "deck.pptx")

    assert len(Presentation(tmp_path / "deck.pptx").slides) > 1
    listed = client_of(bucket_server).list_objects_v2(Bucket=BUCKET, Prefix="company/runs/")
    organizations = {one["Key"].split("/")[2] for one in listed["Contents"]}
    assert len(organizations) == 3
