"""What tests in a browser stand on: patience, as a busy machine needs it, and a small company."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from browsing import ENOUGH, running_app
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, expect

from toolkit import demo

expect.set_options(timeout=ENOUGH)

ACCOUNTS = 120
WEEKS_AGO = (9, 1, 0)
"""The days of the company, the newest being yesterday: some pairs have left, some are new."""

Visitor = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a demo of few accounts and days, once for all workers; it is only read."""
    base = tmp_path_factory.getbasetemp()
    # A worker of pytest-xdist has a folder of its own inside the one of the whole run.
    folder = (base.parent if base.name.startswith("popen-") else base) / "company"
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    days = [yesterday - timedelta(weeks=weeks) for weeks in WEEKS_AGO]
    plan = json.dumps([datetime.combine(day, time(3), UTC).isoformat() for day in days])
    with FileLock(f"{folder}.lock"), pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo, "ACCOUNTS", ACCOUNTS)
        folder.mkdir(exist_ok=True)
        if not (folder / "demo.json").exists():
            (folder / "demo.json").write_text(plan, encoding="utf-8")
        demo.make(folder, today=yesterday + timedelta(days=1))
    return folder


@pytest.fixture(scope="module")
def own_company(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the company to write to."""
    return Path(shutil.copytree(company, tmp_path_factory.mktemp("own") / "demo"))


@pytest.fixture(scope="session")
def running_small_app() -> Callable[..., AbstractContextManager[str]]:
    """Run the app on the small company; what it is given are its log and its settings."""
    return partial(running_app, script=Path(__file__).with_name("small_company.py"))


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Give a visitor, whose tabs share what the browser keeps; nothing moves before their eyes.

    What moves is drawn sixty times a second, which costs a third of what a page does.
    """
    came: list[BrowserContext] = []

    def come(scheme: str = "light", height: int = 1200) -> BrowserContext:
        viewport = {"width": 1440, "height": height}
        motion = "reduce"
        came.append(
            browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion=motion)
        )
        came[-1].set_default_timeout(ENOUGH)
        return came[-1]

    yield come
    for one in came:
        one.close()
