"""The end of the app: soon, whatever it is at, and nothing that was answered is lost."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import ending as told
import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.app import ending
from toolkit.emulator import Emulator, Switches
from toolkit.runs import collect
from toolkit.store import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signals.")

LOOK_UP = "GetGovCloudAccountInformation"
PAIRS = 150
"""Of whom a collection has not asked about all by far when it is told to end."""

SOON = 15.0
"""Seconds that a machine may need that does something else, too; benchmarks/ending.py wants 3."""

PAGE = """
import os
import streamlit as st
from toolkit.app import ending, runs
from toolkit.aws import connect_local
from toolkit.runs import collect
from toolkit.store import Store

def work(progress, stop, *, fresh):
    aws = connect_local(os.environ["EMULATOR"])
    return collect(aws, store, link_regions="none", progress=progress, stop=stop, fresh=fresh)

store = Store(os.environ["ACCOUNT_PAIRS_DEMO"])
ending.wait_for_this_script()
if runs.find(store) is None:
    runs.start(store, "ours", work)
st.write("collecting")
"""


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    pairs = [a_pair(number) for number in range(10, 10 + PAIRS)]
    with Emulator(an_organization(*pairs), Switches(latency=0.05)) as emulator:
        emulator.change(rate=60.0, burst=5.0)
        monkeypatch.setenv("EMULATOR", emulator.url)
        yield emulator


def kept(store: Path) -> int:
    """Count the answers in the journal."""
    answers = 0
    for path in store.glob("journal/*.sqlite"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as journal:
            answers += journal.execute("SELECT count(*) FROM govcloud").fetchone()[0]
    return answers


def test_a_collection_in_the_background_is_journalled_and_the_next_one_goes_on(
    emulator: Emulator, tmp_path: Path, way: Connect
) -> None:
    script, store = tmp_path / "collects.py", tmp_path / "store"
    script.write_text(PAGE, encoding="utf-8")
    with told.app(demo=str(store), script=script) as (process, address), told.tab(address):
        while emulator.calls[LOOK_UP] < 40:
            time.sleep(0.01)
        seconds = told.seconds_to_end(process, signal.SIGINT)
    asked = emulator.calls[LOOK_UP]
    answered = kept(store)

    assert (process.returncode, Store(store).ids()) == (0, [])
    assert seconds < SOON
    assert asked - 20 <= answered <= asked < PAIRS

    emulator.change(rate=2_000.0, burst=100.0)
    snapshot = collect(way(emulator), store, link_regions="none", progress=None)

    everybody = PAIRS + 2
    assert len(snapshot.govcloud) == everybody
    assert snapshot.manifest.not_seen == 0
    twice = emulator.calls[LOOK_UP] - emulator.throttled[LOOK_UP] - everybody
    assert 0 <= twice <= asked - answered


def test_the_app_ends_while_its_pages_are_read(small_demo: Path) -> None:
    moments = random.Random(1)  # noqa: S311 - moments, no secret
    seconds, code = told.told_app(moments, signal.SIGTERM, 2.0, demo=str(small_demo))

    assert code == 0
    assert seconds < SOON


def test_the_app_ends_while_it_makes_its_demo_and_leaves_no_half_snapshot(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    with told.app(demo=str(demo)) as (process, address), told.tab(address):
        while not list(demo.glob("runs/*/*.json")):
            time.sleep(0.01)
        seconds = told.seconds_to_end(process, signal.SIGTERM)

    assert process.returncode == 0
    assert seconds < SOON
    store = Store(demo)
    assert 1 <= len(store.ids()) < 10
    assert all(len(store.load(one).accounts) == 300 for one in store.ids())


def test_what_works_in_the_background_is_told_to_stop_and_forgotten_once_it_has() -> None:
    stopped = ending.threading.Event()
    ended = ending.threading.Event()

    def work() -> None:
        stopped.wait()
        ended.set()

    ending.in_background("work", work, stopped.set)
    (thread,) = (one for one in ending.threading.enumerate() if one.name == "work")
    ending._stop_all()
    thread.join(SOON)

    assert ended.is_set()
    assert thread not in ending._working
