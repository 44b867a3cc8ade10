"""Starting the app and a real browser, as the benchmark and the screenshots do."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ENOUGH = 120_000
"""Milliseconds after which a page is given up."""

_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium() -> str | None:
    """Return where a Chromium is, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def running_app(
    log: Path, *, script: Path = ROOT / "streamlit_app.py", **settings: str | Path
) -> Iterator[str]:
    """Run a Streamlit script on a free port, with settings as environment; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    theirs = ("ACCOUNT_PAIRS_", "AWS_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    env |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    env |= {name: str(value) for name, value in settings.items()}
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(  # noqa: S603 - our own script
            [
                *(sys.executable, "-m", "streamlit", "run", script),
                *("--server.port", str(port), "--server.headless", "true"),
            ],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_health(f"http://127.0.0.1:{port}/_stcore/health", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start the Chromium there is."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_SWITCHES)
        yield browser
        browser.close()


def new_tab(browser: Browser, **options: Any) -> Page:
    """Open a tab of a visitor of its own, which waits as long as a busy machine may take."""
    page = browser.new_page(**options)
    page.set_default_timeout(ENOUGH)
    return page


def watch(page: Page) -> list[str]:
    """Return a list that grows by every address outside this machine that the page asks."""
    outside: list[str] = []

    def note(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            outside.append(address)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket_: note(socket_.url))
    return outside


def settle(page: Page) -> None:
    """Wait until the page has stopped changing: its script has run, its elements are drawn."""
    page.wait_for_selector("h1.ap-h1", timeout=ENOUGH)
    quiet = "[data-testid=stApp][data-test-script-state=notRunning]"
    for _ in range(2):
        # A click is on its way to the server for a moment before the script counts as running.
        page.wait_for_timeout(250)
        page.wait_for_selector(quiet, timeout=ENOUGH)
    page.wait_for_function(
        "document.querySelectorAll('[data-testid=stSkeleton]').length === 0", timeout=ENOUGH
    )


def _await_health(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + ENOUGH / 1000
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=10):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The app did not start:\n{log.read_text(encoding='utf-8')}")
