"""What every browser test stands on: one Chromium."""

from collections.abc import Iterator

import pytest
from browsing import running_browser
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium there is."""
    with running_browser() as started:
        yield started
