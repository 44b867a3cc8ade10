"""What every browser test stands on: one Chromium, which may be missing at home but not in CI."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from browsing import chromium, running_browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium there is."""
    if chromium() is None and not os.environ.get("CI"):
        pytest.skip("There is no Chromium on this machine.")
    with running_browser() as started:
        yield started
