"""Accepting a mismatch by clicking: the form in a browser, and what then stands in the file."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsing import running_app, settle
from playwright.sync_api import BrowserContext, expect
from reported import make_snapshot

from toolkit.store import Store

pytestmark = pytest.mark.browser

ACCOUNT = "111122223333"


def test_a_mismatch_is_accepted_by_clicking_and_taken_back(
    visitor: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()
    rows = [
        (ACCOUNT, "Payments", "Root", "SUSPENDED", "ACTIVE"),
        ("111122224444", "Other", "Root", "SUSPENDED", "ACTIVE"),
    ]
    Store(tmp_path / "own").save(make_snapshot(rows, day=f"{today}"))
    policy = tmp_path / "policy.toml"
    policy.write_text("# Ours\n", encoding="utf-8")
    settings = {"STORE": tmp_path / "own", "POLICY": policy}
    with running_app(
        tmp_path / "log", **{f"ACCOUNT_PAIRS_{name}": value for name, value in settings.items()}
    ) as url:
        page = visitor(height=1600).new_page()
        page.goto(f"{url}/mismatches?find={ACCOUNT}")
        settle(page)
        page.get_by_text("Accept it until a day").click()
        page.get_by_label("Who answers for it").fill("ann@example.com")
        page.get_by_label("Why it may stay so").fill("Until the audit")
        page.get_by_role("button", name="Accept", exact=True).click()

        expect(page.locator("h1.ap-h1")).to_have_text("No open mismatch, 1 accepted")
        expect(page.get_by_text("accepted by ann@example.com until")).to_be_visible()
        (entry,) = tomllib.loads(policy.read_text("utf-8"))["accepted"]
        assert entry["accounts"] == [ACCOUNT]
        assert entry["until"] == today + timedelta(days=30)

        page.get_by_role("button", name="Take the acceptance back").click()

        expect(page.locator("h1.ap-h1")).to_have_text("1 high mismatch")
        assert policy.read_text("utf-8").strip() == "# Ours"
        page.close()
