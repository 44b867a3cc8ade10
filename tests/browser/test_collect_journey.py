"""A collection started, left, come back to, stopped and resumed."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import settle, watch
from playwright.sync_api import BrowserContext, Page, expect

from toolkit.store import Store
from toolkit.titles import day

LOOKING_UP = re.compile("^Looking up GovCloud accounts: [0-9]+ of 120$")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slow_app(
    own_company: Path, running_small_app: Callable[..., AbstractContextManager[str]]
) -> Iterator[str]:
    """The app on a demo of its own, which grants a collection four calls a second."""
    settings = {"ACCOUNT_PAIRS_DEMO": own_company, "ACCOUNT_PAIRS_DEMO_RATE": "4"}
    with running_small_app(own_company.with_name("log"), **settings) as url:
        yield url


def looked_up(page: Page) -> int:
    """Return how many accounts the page says are looked up."""
    text = page.get_by_text(LOOKING_UP).inner_text()
    return int(text.split()[4])


def test_a_collection_is_left_come_back_to_stopped_and_resumed(
    slow_app: str, own_company: Path, visitor: Callable[..., BrowserContext]
) -> None:
    before_it = len(Store(own_company).ids())
    person = visitor()
    first = person.new_page()
    outside = watch(first)
    first.goto(f"{slow_app}/collect")
    first.get_by_role("button", name="Start collecting").click()
    expect(first.get_by_text("Collecting the demo organization")).to_be_visible()
    links = first.get_by_test_id("stSidebarNav")
    links.get_by_role("link", name="Links").click()
    settle(first)
    links.get_by_role("link", name="Collect").click()
    expect(first.get_by_text(LOOKING_UP)).to_be_visible()
    before = looked_up(first)
    first.close()

    second = person.new_page()
    outside += watch(second)
    second.goto(f"{slow_app}/collect")
    expect(second.get_by_text(LOOKING_UP)).to_be_visible()
    assert looked_up(second) >= before
    for figure in ("Looked up", "Rate", "Throttled", "Time left"):
        expect(second.get_by_test_id("stMetric").get_by_text(figure, exact=True)).to_be_visible()
    second.get_by_role("button", name="Stop").click()
    expect(second.get_by_text("You stopped this collection.")).to_be_visible()
    assert len(Store(own_company).ids()) == before_it

    second.get_by_role("button", name="Resume").click()
    expect(second.get_by_text("Collected 120 accounts")).to_be_visible()
    second.get_by_role("button", name="Show it").click()
    expect(second.locator("h1")).to_contain_text("linked pairs disagree")

    snapshot = Store(own_company).load()
    assert len(Store(own_company).ids()) == before_it + 1
    assert len(snapshot.govcloud) == len(snapshot.accounts) == 120
    expect(second.get_by_text(f"{day(snapshot.taken)}, {snapshot.taken:%H:%M} UTC")).to_be_visible()
    assert outside == []
