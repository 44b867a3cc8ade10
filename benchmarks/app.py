"""How quick the app is on 100,000 accounts, as ratios to bare Streamlit in the same run.

    python benchmarks/app.py [ACCOUNTS]

Opening Overview is measured against an empty page with one Plotly chart, a filter on Mismatches
against the rerun of a bare `st.dataframe` of the same rows; both from the click, or the address,
to the end of the script with everything drawn. Memory is that of the app's process at its largest.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import psutil
from browsing import ENOUGH, running_app, running_browser
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from toolkit import schema  # noqa: E402 - after the path is set
from toolkit.app.data import worst_first  # noqa: E402
from toolkit.app.mismatches.pair_table import COLUMNS  # noqa: E402
from toolkit.emulator import REFERENCE_DAY  # noqa: E402
from toolkit.emulator.story import make_organization  # noqa: E402
from toolkit.schema import Outcome  # noqa: E402
from toolkit.store import Manifest, Snapshot, Store  # noqa: E402
from toolkit.verdicts import judge_pairs  # noqa: E402

TIMES = 5
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"

ONE_CHART = """
import plotly.graph_objects as go
import streamlit as st
st.set_page_config(layout="wide")
st.plotly_chart(go.Figure(go.Bar(x=[1, 2, 3], y=[3, 1, 2])))
"""
ONE_TABLE = """
import pandas as pd
import streamlit as st
st.set_page_config(layout="wide")
@st.cache_resource
def load():
    return pd.read_parquet({path!r})
frame = load()
if not st.checkbox("All"):
    frame = frame[frame["linked"]]
st.button("Same")
st.dataframe(frame, hide_index=True)
"""


def main(accounts: int) -> None:
    """Make the store, take the times and print them."""
    with tempfile.TemporaryDirectory() as scratch, running_browser() as browser:
        folder = Path(scratch)
        print(f"{accounts:,} accounts, medians of {TIMES}, after one to warm up\n")
        make_store(folder / "store", accounts)
        (folder / "chart.py").write_text(ONE_CHART, encoding="utf-8")
        rows = worst_first(judge_pairs(Store(folder / "store").load()))
        rows = rows.assign(linked=rows["outcome"] == Outcome.FOUND)
        # What the table reckons from the others, such as the age, the bare one goes without.
        rows[[*rows.columns.intersection([*COLUMNS]), "linked"]].to_parquet(folder / "rows.parquet")
        (folder / "table.py").write_text(ONE_TABLE.format(path=str(folder / "rows.parquet")))
        with running_app(folder / "log1", script=folder / "chart.py") as bare:
            cold = one_open(browser, bare, ".stPlotlyChart .barlayer path")
            chart = opened(browser, bare, ".stPlotlyChart .barlayer path")
        with running_app(folder / "log2", script=folder / "table.py") as bare:
            same = clicked(browser, bare, "button:has-text('Same')")
            other = clicked(browser, bare, "label:has-text('All')")
        with running_app(folder / "log3", ACCOUNT_PAIRS_STORE=folder / "store") as app:
            first = one_open(browser, app, ".st-key-chart-units .barlayer path")
            overview = opened(browser, app, ".st-key-chart-units .barlayer path")
            shown = f"{app}/mismatches?show=All+accounts"
            mismatches = clicked(browser, shown, "button:has-text('Linked')", "All accounts")
            for page in ("links", "trends"):
                one_open(browser, f"{app}/{page}", "h1.ap-h1")
            memory = largest(app)
    print(f"{'':44} {'app':>9}   {'bare':>9}   ratio")
    for what, ours, theirs in (
        ("Overview, against one chart (at most 1.5)", overview, chart),
        ("Overview, the first tab of all", first, cold),
        ("Filter, against one table, new rows (at most 2)", mismatches, other),
        ("Filter, against one table, the same rows again", mismatches, same),
    ):
        print(f"{what:48} {ours:5.2f} s {theirs:9.2f} s   {ours / theirs:5.2f}")
    print(f"Memory of the app: {memory / 2**20:,.0f} MB (under 1,024)")


def make_store(store: Path, accounts: int) -> None:
    """Save two weeks of a made organization."""
    for weeks in (1, 0):
        day = REFERENCE_DAY - timedelta(weeks=weeks)
        made = make_organization(accounts, 7, day)
        taken = pd.Timestamp(day, tz="UTC")
        pairs = pd.DataFrame(made.pairs())
        found = pairs["govcloud_account_id"].notna()
        pairs["outcome"] = found.map({True: Outcome.FOUND.value, False: Outcome.NOT_LINKED.value})
        pairs["fetched_at"] = taken
        links = pd.DataFrame(made.links()).assign(fetched_at=taken)
        manifest = Manifest(
            made.organization_id,
            taken,
            taken,
            made.management_account_id,
            "management",
            complete=True,
            accounts=accounts,
        )
        tables = {"accounts": pairs, "govcloud": pairs, "links": links}
        frames = {name: schema.coerce(schema.STORED[name], frame) for name, frame in tables.items()}
        Store(store).save(Snapshot(frames, manifest))


def opened(browser: Browser, address: str, drawn: str) -> float:
    """Return the seconds from a new tab to everything drawn."""
    one_open(browser, address, drawn)
    return statistics.median(one_open(browser, address, drawn) for _ in range(TIMES))


def one_open(browser: Browser, address: str, drawn: str) -> float:
    """Open one new tab."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(drawn, timeout=ENOUGH, state="attached")
    page.wait_for_selector(QUIET, timeout=ENOUGH)
    seconds = time.perf_counter() - start
    page.close()
    return seconds


def clicked(browser: Browser, address: str, button: str, back: str = "") -> float:
    """Return the seconds from a click to the end of the run, with a way back between two clicks."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector(".stDataFrame canvas", timeout=ENOUGH)
    page.wait_for_selector(QUIET, timeout=ENOUGH)
    page.wait_for_timeout(5000)
    seconds = []
    for _ in range(TIMES + 1):
        seconds.append(one_run(page, lambda: page.click(button)))
        page.wait_for_timeout(1500)
        if back:
            one_run(page, lambda: page.click(f"button:has-text('{back}')"))
            page.wait_for_timeout(1500)
    page.close()
    return statistics.median(seconds[1:])


def one_run(page: Page, act: Callable[[], None]) -> float:
    """Return the seconds from an act to the end of the run that it starts."""
    page.evaluate(
        """() => {
            const app = document.querySelector("[data-testid=stApp]");
            window.ended = null;
            let began = false;
            const watch = new MutationObserver(() => {
                const state = app.getAttribute("data-test-script-state");
                if (state === "running") began = true;
                if (began && state === "notRunning") {
                    requestAnimationFrame(() => { window.ended = performance.now(); });
                    watch.disconnect();
                }
            });
            watch.observe(app, {attributes: true, attributeFilter: ["data-test-script-state"]});
            window.addEventListener(
                "click", () => { window.began = performance.now(); }, {capture: true, once: true}
            );
        }"""
    )
    act()
    page.wait_for_function("window.ended !== null", timeout=ENOUGH)
    milliseconds: float = page.evaluate("window.ended - window.began")
    return milliseconds / 1000


def largest(address: str) -> int:
    """Return the peak memory in bytes of the process that serves the address."""
    port = int(address.rpartition(":")[2])
    for process in psutil.Process().children(recursive=True):
        if any(c.laddr.port == port for c in process.net_connections() if c.status == "LISTEN"):
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
            return int(line.split()[1]) * 1024
    raise RuntimeError("The app is not running.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
