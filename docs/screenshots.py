# ruff: noqa: INP001 - a script of the documentation, in no package
"""Take a picture of every page, light and dark, wide and narrow, and keep the README's two.

    python docs/screenshots.py [FOLDER]

The pictures are of the demo organization, made for a fixed day, so that they stay the same.
"""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from browsing import new_tab, running_app, running_browser, settle  # noqa: E402 - after the path is set

from toolkit.app.pages import PAGES  # noqa: E402
from toolkit.demo import make  # noqa: E402

DAY = date(2026, 11, 23)
SIZES = {1440: 1000, 1100: 800, 390: 844}
KEPT = {"overview-light-1440.png": "overview.png", "mismatches-light-1440.png": "mismatches.png"}


def main(folder: Path) -> None:
    """Take all pictures into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(scratch) / "demo"
        make(store, today=DAY)
        log = Path(scratch) / "log"
        with running_app(log, ACCOUNT_PAIRS_DEMO=store) as address, running_browser() as browser:
            for scheme in ("light", "dark"):
                for width, height in SIZES.items():
                    page = new_tab(
                        browser, viewport={"width": width, "height": height}, color_scheme=scheme
                    )
                    for shown in PAGES:
                        name = shown.folder
                        page.goto(f"{address}/{'' if shown is PAGES[0] else name}")
                        settle(page)
                        page.wait_for_timeout(1200)
                        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png")
                    page.close()
    for taken, kept in KEPT.items():
        shutil.copyfile(folder / taken, ROOT / "docs" / kept)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots")
