"""What tests of pages share: a small demo, own accounts behind a profile, a page and its words."""

import html
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from emulated import a_pair, an_organization
from streamlit.testing.v1 import AppTest

from toolkit import demo
from toolkit.emulator import Emulator

ROOT = Path(__file__).parents[2]
ACCOUNTS = 120
PROFILES = ("audit", "member", "expired")

Open = Callable[[str], AppTest]


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of two weeks and 120 accounts, made once."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo, "ACCOUNTS", ACCOUNTS)
        patched.setattr(demo, "WEEKS", 2)
        demo.make(folder, today=datetime.now(UTC).date())
    return folder


@pytest.fixture
def demo_store(small_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small demo as the app's own, to write to."""
    folder = tmp_path / "demo"
    shutil.copytree(small_demo, folder)
    monkeypatch.setattr(demo, "ACCOUNTS", ACCOUNTS)
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(folder))
    return folder


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the app's store of one's own snapshots."""
    folder = tmp_path / "own"
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(folder))
    return folder


@pytest.fixture
def own_accounts(
    own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Emulator]:
    """An organization of twelve accounts behind the profiles audit, member and expired."""
    del own_store
    organization = an_organization(*(a_pair(number) for number in range(10, 20)))
    with Emulator(organization=organization) as emulator:
        config = tmp_path / "aws-config"
        config.write_text(
            "".join(
                f"[profile {name}]\nregion = us-east-1\nendpoint_url = {emulator.url}\n"
                f"aws_access_key_id = {name}\naws_secret_access_key = any\n"
                for name in PROFILES
            )
        )
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        yield emulator


@pytest.fixture
def open_page() -> Iterator[Open]:
    """Open a page of the app as a new tab would; what the app keeps is forgotten in the end."""

    def open_one(name: str) -> AppTest:
        page = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60).run()
        return page.switch_page(f"toolkit/app/{name}.py").run()

    yield open_one
    st.cache_resource.clear()
    st.cache_data.clear()


def words(page: AppTest) -> str:
    """Return every line of text on the page."""
    bodies = [element.proto.body for element in page.get("html")]
    shown = [re.sub("<[^>]+>", " ", body) for body in bodies if not body.startswith("<style")]
    return html.unescape(re.sub(" +", " ", "\n".join(shown)))


def has(page: AppTest, key: str) -> bool:
    """Tell whether the page has a button of that key."""
    return key in [button.key for button in page.button]


def until(page: AppTest, is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Look at the page again and again until it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, words(page)
        time.sleep(0.05)
        page.run()
