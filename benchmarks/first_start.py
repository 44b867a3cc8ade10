"""How soon a newcomer reads and sees something: the app's first start, with no demo made yet.

    python benchmarks/first_start.py [TIMES]

Counted from the start of `account-pairs app`, and from the opening of its first tab, to the first
words on the page, to the first chart, and to the whole demo; beside it, an empty Streamlit page
with one chart in the same run. Each start is of a server of its own.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app import ONE_CHART
from browsing import ENOUGH, ROOT, running_app, running_browser
from playwright.sync_api import Browser

CHART = ".stPlotlyChart .barlayer path"
WORDS = "[data-testid=stAppViewContainer] :is(h1, p)"
WHOLE = "[data-testid=stApp]:not(:has(.st-key-demo-making))"


def main(times: int) -> None:
    """Take the times and print their medians."""
    with running_browser() as browser, tempfile.TemporaryDirectory() as scratch:
        rows = [start(browser, Path(scratch) / str(turn)) for turn in range(times)]
        script = Path(scratch) / "chart.py"
        script.write_text(ONE_CHART, encoding="utf-8")
        with running_app(Path(scratch) / "log", script=script) as address:
            begun = time.perf_counter()
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector(CHART, timeout=ENOUGH, state="attached")
            bare = time.perf_counter() - begun
    print(f"Medians of {times}; an empty page with one chart draws it {bare:.1f} s after opening\n")
    print(f"{'':24}{'from the command':>18}{'from the tab':>14}{'ratio':>8}")
    for place, what in enumerate(("the tab is opened", "the first words", "the first chart")):
        whole, tab = (statistics.median(row[place] - since(row) for row in rows) for since in SINCE)
        print(f"{what:24}{whole:16.1f} s{tab:12.1f} s{tab / bare:8.2f}")
    print(f"{'the whole demo':24}{statistics.median(row[3] for row in rows):16.1f} s")


SINCE = (lambda _row: 0.0, lambda row: row[0])


def start(browser: Browser, folder: Path) -> list[float]:
    """Start the app without a demo; return the seconds to the tab, words, a chart and all days."""
    env = os.environ | {"ACCOUNT_PAIRS_DEMO": str(folder), "STREAMLIT_SERVER_HEADLESS": "true"}
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "toolkit", "app"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        line = next(line for line in server.stdout or () if "http://" in line)
        address = next(word for word in line.split() if word.startswith("http://"))
        found = [time.perf_counter() - begun]
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        for drawn in (WORDS, CHART):
            page.wait_for_selector(drawn, timeout=ENOUGH, state="attached")
            found.append(time.perf_counter() - begun)
        page.wait_for_selector(WHOLE, timeout=ENOUGH, state="attached")
        found.append(time.perf_counter() - begun)
        page.close()
        server.terminate()
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
