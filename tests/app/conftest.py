"""What tests of pages stand on: a small demo, own accounts behind a profile, and own rules."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import patience
import pytest
import streamlit as st
import three_organizations
import two_organizations
from acting import acting
from emulated import a_pair, an_organization
from staged import ACCOUNTS, Open, folded, only_read, started, turn_to
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from toolkit import demo
from toolkit.app import connections
from toolkit.app.pages import Page
from toolkit.emulator import Emulator
from toolkit.store import Store
from toolkit.verdicts import Policy, judge_pairs, load_policy

Witnessed = Callable[..., Path]

PROFILES = ("audit", "member", "expired", "govcloud")

_REGIONS = {"govcloud": "us-gov-west-1"}

OWN_RULES = """
[[rules]]
standard = "ACTIVE"
govcloud = "ACTIVE"
severity = "CRITICAL"
meaning = "Both must be closed by now."

[[rules]]
standard = "CLOSED"
govcloud = "ACTIVE"
verdict = "MATCH"

[[link_rules]]
status = "LINKED"
ends = "BOTH_ACTIVE"
severity = "HIGH"
meaning = "No account may be linked."
"""
"""Rules that turn the most frequent case of all into the worst, and the worst into none."""


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo of two weeks and 120 accounts, made once; to read, and to copy."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo, "ACCOUNTS", ACCOUNTS)
        patched.setattr(demo, "WEEKS", 2)
        demo.make(folder, today=datetime.now(UTC).date())
    with only_read(folded(folder)):
        yield folder


@pytest.fixture(scope="session")
def small_demo_pairs(small_demo: Path) -> pd.DataFrame:
    """PAIRS of the small demo's newest snapshot, judged once."""
    return judge_pairs(Store(small_demo).load())


@pytest.fixture
def shown_demo(small_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small demo itself as the app's, to read alone: what the app keeps of it stays kept."""
    monkeypatch.setattr(demo, "ACCOUNTS", ACCOUNTS)
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(small_demo))
    return small_demo


@pytest.fixture
def demo_store(shown_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small demo as the app's, to write to: all of it is loaded and judged anew."""
    folder = tmp_path / "demo"
    # What is kept of it goes along, so that no test folds it again.
    shutil.copytree(shown_demo, folder)
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(folder))
    return folder


@pytest.fixture(scope="session")
def three_weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of the three weeks of `acting`, made once and to read alone."""
    folder = tmp_path_factory.mktemp("acting")
    acting(folder)
    with only_read(folded(folder)):
        yield folder


@pytest.fixture
def shown_weeks(three_weeks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three weeks of `acting` as the app's store of one's own snapshots, to read alone."""
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(three_weeks))
    return three_weeks


@pytest.fixture(scope="session")
def three_organizations_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of `three_organizations`, made once; to read, and to copy."""
    folder = tmp_path_factory.mktemp("three") / "fleet"
    three_organizations.save(Store(folder))
    with only_read(folder):
        yield folder


@pytest.fixture
def shown_three(three_organizations_made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of `three_organizations` as the app's own, to read alone."""
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(three_organizations_made))
    return three_organizations_made


@pytest.fixture
def own_three(three_organizations_made: Path, own_store: Path) -> Path:
    """A copy of it as the app's own, to write to."""
    return Path(shutil.copytree(three_organizations_made, own_store))


@pytest.fixture(scope="session")
def witnessed_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Witnessed]:
    """Stores of `two_organizations`, one for each way in which its sources ended; made once."""
    with ExitStack() as kept:

        @cache
        def made(outcomes: tuple[tuple[str, str], ...]) -> Path:
            folder = tmp_path_factory.mktemp("witnessed")
            two_organizations.save(Store(folder), **dict(outcomes))
            return kept.enter_context(only_read(folded(folder)))

        yield lambda **outcomes: made(tuple(sorted(outcomes.items())))


@pytest.fixture
def shown_witnessed(witnessed_stores: Witnessed, monkeypatch: pytest.MonkeyPatch) -> Witnessed:
    """Let the app's own store be one of `two_organizations`, to read alone; say how it ended."""

    def show(**outcomes: str) -> Path:
        folder = witnessed_stores(**outcomes)
        monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(folder))
        return folder

    return show


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
    """An organization of twelve accounts behind each of the PROFILES."""
    del own_store
    organization = an_organization(*(a_pair(number) for number in range(10, 20)))
    with Emulator(organization) as emulator:
        config = tmp_path / "aws-config"
        config.write_text(
            "".join(
                f"[profile {name}]\nregion = {_REGIONS.get(name, 'us-east-1')}\n"
                f"endpoint_url = {emulator.url}\n"
                f"aws_access_key_id = {name}\naws_secret_access_key = any\n"
                for name in PROFILES
            )
        )
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        yield emulator
        # The app keeps its ways to AWS by profile, and the next test's profiles lead elsewhere.
        connections._connection.clear()


@pytest.fixture
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the app is started with as its policy."""
    file = tmp_path / "strict.toml"
    file.write_text(OWN_RULES, encoding="utf-8")
    monkeypatch.setenv("ACCOUNT_PAIRS_POLICY", str(file))
    return file


@pytest.fixture
def own_rules(policy_file: Path) -> Policy:
    """What the app judges by once it is started with own rules."""
    return load_policy(policy_file)


@pytest.fixture(scope="session", autouse=True)
def looked_through_once() -> Iterator[None]:
    """Let Streamlit look through what is installed once, as a server does, not for each tab."""
    with pytest.MonkeyPatch.context() as patched:
        scan = manifest_scanner.scan_component_manifests
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture(scope="session")
def registered(looked_through_once: None) -> dict[str, Any]:
    """What Streamlit knows of the pages once they are registered, and none of them has run."""
    del looked_through_once
    script = "from toolkit.app import pages\npages.navigation()\n"
    return AppTest.from_string(script, default_timeout=patience.LONG).run()._registered_pages


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget in the end what the app keeps: for tests that break what it is kept by."""
    yield
    st.cache_resource.clear()


@pytest.fixture
def open_page(registered: dict[str, Any]) -> Open:
    """Open a page of the app in a new tab, as a link with these words in its address would.

    What the app keeps, it keeps by store, version and rules: it stays for the tests that follow.
    """

    def open_one(page: Page, **address: str | list[str]) -> AppTest:
        tab = started()
        # Until a tab has run once, Streamlit's tests cannot tell pages by their addresses.
        tab._registered_pages = registered
        turn_to(tab, page)
        for name, value in address.items():
            tab.query_params[name] = value
        return tab.run()

    return open_one
