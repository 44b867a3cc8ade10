"""Eight things that an analyst comes for, each in no more clicks than it may take."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from browsing import settle
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pptx import Presentation

from toolkit import analysis
from toolkit.app.parts.tables import ROW
from toolkit.schema import Change, Severity, Verdict
from toolkit.store import Store
from toolkit.titles import case_since
from toolkit.verdicts import Judged, Policy

pytestmark = pytest.mark.browser


class Clicks:
    """A person at a page who counts every click; typing is none."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, what: Locator, **how: Any) -> None:
        """Click on something, and wait for what comes of it."""
        self.count += 1
        what.click(**how)

    def on_page(self, name: str) -> None:
        """Go to a page by its link on the left."""
        links = self.page.get_by_test_id("stSidebarNav")
        self.on(links.get_by_role("link", name=name, exact=True))
        settle(self.page)


@pytest.fixture(scope="module")
def judged(company: Path) -> Judged:
    store = Store(company)
    snapshot = store.load()
    return Policy().judge(snapshot, store.history(snapshot))


@pytest.fixture(scope="module")
def url(
    own_company: Path, running_small_app: Callable[..., AbstractContextManager[str]]
) -> Iterator[str]:
    """The app on the company, with an empty policy; it collects four accounts a second."""
    policy = own_company.with_name("policy.toml")
    policy.write_text("", encoding="utf-8")
    settings = {"DEMO": own_company, "DEMO_RATE": "4", "POLICY": policy}
    named = {f"ACCOUNT_PAIRS_{name}": value for name, value in settings.items()}
    with running_small_app(own_company.with_name("log"), **named) as address:
        yield address


@pytest.fixture(scope="module")
def tab(visitor: Callable[..., BrowserContext]) -> Page:
    return visitor().new_page()


@pytest.fixture
def person(tab: Page, url: str) -> Clicks:
    """Somebody who has just opened the app."""
    tab.goto(url)
    tab.wait_for_selector(".st-key-chart-units .barlayer path:visible")
    settle(tab)
    return Clicks(tab)


def test_which_are_critical_and_since_when(person: Clicks, judged: Judged) -> None:
    cases = analysis.worst(judged.pairs, judged.left_behind)
    critical = cases[cases["severity"] == Severity.CRITICAL].head(5)
    assert len(critical) > 0

    worst = person.page.locator(".st-key-worst")
    for case in critical.to_dict("records"):
        expect(worst.get_by_role("link", name=str(case["name"]), exact=True)).to_be_visible()
        expect(worst.get_by_text(case_since(case)).first).to_be_visible()
    assert person.count == 0


def test_an_account_is_found_by_a_part_of_its_name_and_its_govcloud_id_read(
    person: Clicks, judged: Judged
) -> None:
    account = judged.pairs[judged.pairs["verdict"] == Verdict.MATCH].iloc[0]
    begin, end = account["name"][:5], account["name"][-5:]

    person.on(person.page.get_by_role("searchbox", name="Search"))
    person.page.keyboard.type(f"{end} {begin} {account['account_id'][:4]}")
    person.page.keyboard.press("Enter")

    expect(person.page.locator("h1.ap-h1")).to_have_text("1 account")
    copied = person.page.locator(".st-key-pair").get_by_text(account["govcloud_account_id"])
    expect(copied).to_be_visible()
    assert person.count == 1


def test_the_unit_with_the_worst_rate(person: Clicks, judged: Judged) -> None:
    worst = analysis.mismatches_by_ou(judged.pairs, by="rate").iloc[0]

    person.on(person.page.get_by_role("radio", name="Highest rate"))

    chart = person.page.locator(
        ".st-key-chart-units .yaxislayer-above, .st-key-chart-units .yaxislayer-below"
    )
    expect(chart.locator(".ytick text").first).to_contain_text(str(worst["ou_path"]).split("/")[-1])
    assert person.count == 1


def test_slides_of_what_is_critical_and_high_in_one_unit(
    person: Clicks, judged: Judged, tmp_path: Path
) -> None:
    unit = analysis.mismatches_by_ou(judged.pairs).iloc[0]
    page = person.page

    bars = page.locator(".st-key-chart-units .barlayer .trace").last.locator(".point path")
    person.on(bars.first, force=True)
    page.wait_for_url("**/mismatches?**unit=**")
    settle(page)
    for severity in ("Critical", "High", "Medium", "Low"):
        chosen = page.get_by_role("button", name=severity, exact=True)
        if severity in ("Critical", "High") and f"severity={severity}" not in page.url:
            person.on(chosen)
            page.wait_for_url(f"**severity={severity}**")
            settle(page)
    with page.expect_download() as download:
        person.on(page.get_by_role("button", name="Slides", exact=True))
    download.value.save_as(tmp_path / "unit.pptx")

    said = [
        shape.text_frame.text
        for slide in Presentation(tmp_path / "unit.pptx").slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert any("critical" in text and str(unit["ou_path"]).split("/")[-1] in text for text in said)
    assert person.count <= 4


def test_what_vanished_between_two_dates(person: Clicks, company: Path, judged: Judged) -> None:
    before = Store(company).load(Store(company).ids()[0])
    changes = analysis.changes(Policy().judge(before).pairs, judged.pairs)
    gone = changes[changes["change"] == Change.VANISHED]
    page = person.page

    person.on_page("Trends")
    person.on(page.get_by_role("combobox", name="Compare"))
    person.on(page.get_by_role("option", name=f"{before.taken:%Y-%m-%d %H:%M}"))

    cells = page.locator('[role="gridcell"]')
    expect(cells.filter(has_text="Vanished").first).to_be_attached()
    for account in gone["account_id"].head(3):
        expect(cells.filter(has_text=account)).to_be_attached()
    assert len(gone) > 0
    assert person.count == 3


def test_exactly_this_is_shared_by_its_link(
    person: Clicks, url: str, visitor: Callable[..., BrowserContext]
) -> None:
    page = person.page
    page.goto(f"{url}/mismatches?severity=High&severity=Medium")
    settle(page)
    first = page.locator(".st-key-pair h2").inner_text()
    grid = page.locator(".stDataFrame .dvn-scroller").first
    grid.click(position={"x": 200, "y": 3.5 * ROW})
    expect(page.locator(".st-key-pair h2")).not_to_have_text(first)
    settle(page)
    shown = page.locator(".st-key-pair h2").inner_text()

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.on(page.get_by_role("button", name="Copy link"))
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    # The newest may be another one tomorrow: the link says which this was.
    assert "snapshot=" in link
    other = visitor("dark").new_page()
    other.goto(link)

    expect(other.locator("h1.ap-h1")).to_have_text(page.locator("h1.ap-h1").inner_text())
    expect(other.locator(".st-key-pair h2")).to_have_text(shown)
    other.close()
    assert person.count == 1


def test_a_collection_is_stopped_and_resumed(person: Clicks, url: str) -> None:
    page = person.page
    page.goto(f"{url}/collect")
    page.get_by_role("button", name="Start collecting").click()
    expect(page.get_by_text("Collecting the demo organization")).to_be_visible()

    person.on(page.get_by_role("button", name="Stop"))
    expect(page.get_by_text("You stopped this collection.")).to_be_visible()
    person.on(page.get_by_role("button", name="Resume"))
    expect(page.get_by_text("Collecting the demo organization")).to_be_visible()
    assert person.count == 2

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You stopped this collection.")).to_be_visible()


def test_a_mismatch_is_accepted(person: Clicks, judged: Judged) -> None:
    cases = analysis.worst(judged.pairs, judged.left_behind)
    case, page = cases[cases["kind"] == "pair"].iloc[0], person.page

    person.on(page.locator(".st-key-worst").get_by_role("link", name=case["name"], exact=True))
    page.wait_for_url(f"**account={case['account_id']}**")
    settle(page)
    person.on(page.get_by_text("Accept it until a day").first)
    person.on(page.get_by_label("Who answers for it").first)
    page.keyboard.type("ann@example.com")
    page.get_by_label("Why it may stay so").first.fill("Until the audit")
    person.on(page.get_by_role("button", name="Accept", exact=True).first)

    expect(page.get_by_text("is accepted until").first).to_be_visible()
    assert person.count == 4
