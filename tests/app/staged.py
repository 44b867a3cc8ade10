"""What tests of pages share: a page and its words, and a snapshot that is written anew."""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import patience
from streamlit.testing.v1 import AppTest

from toolkit.app.pages import Page
from toolkit.spells import spells_of
from toolkit.store import Snapshot, Store

ROOT = Path(__file__).parents[2]
ACCOUNTS = 120

Open = Callable[..., AppTest]


def folded(folder: Path) -> Path:
    """Keep in a store what is folded of all its snapshots, as its first look would."""
    store = Store(folder)
    spells_of(store, store.manifest(store.find()).organization_id)
    return folder


@contextmanager
def only_read(folder: Path) -> Iterator[Path]:
    """Give a folder that many tests share, and fail in the end where one has written to it."""

    def written() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    before = written()
    yield folder
    assert written() == before, f"a test has written to {folder}, which others read"


def started() -> AppTest:
    """Return the app as a new tab would show it, not yet run."""
    return AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=patience.LONG)


def turn_to(page: AppTest, wanted: Page) -> AppTest:
    """Choose a page of the app for the next run."""
    return page.switch_page(str(wanted.path.relative_to(ROOT)))


def words(page: AppTest) -> str:
    """Return every line of text on the page."""
    bodies = [element.proto.body for element in page.get("html")]
    shown = [
        re.sub("<[^>]+>", " ", body)
        for body in bodies
        if not body.startswith(("<style", "<script"))
    ]
    return html.unescape(re.sub(" +", " ", "\n".join(shown)))


def has(page: AppTest, key: str) -> bool:
    """Tell whether the page has a button of that key."""
    return key in [button.key for button in page.button]


def until(page: AppTest, is_so: Callable[[], bool]) -> None:
    """Look at the page again and again until it is so."""

    def is_now() -> bool:
        page.run()
        return is_so()

    if not is_so():
        patience.until(is_now, lambda: words(page))


def selected(*customdata: str) -> dict[str, object]:
    """Return what a chart says when a point with this customdata is clicked."""
    return {
        "selection": {
            "points": [{"customdata": [*customdata, 1]}],
            "point_indices": [0],
            "box": [],
            "lasso": [],
        }
    }


def write_anew(snapshot: Snapshot, **tables: pd.DataFrame) -> Snapshot:
    """Save a snapshot into its store again, with other tables."""
    store = snapshot.store
    assert isinstance(store, Store)
    return store.save(replace(snapshot, tables={**snapshot.tables, **tables}), again=True)
