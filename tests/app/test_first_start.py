"""The first start makes the demo, whatever stopped it before."""

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from patience import until
from staged import Open, words
from streamlit.testing.v1 import AppTest

from toolkit import demo
from toolkit.app.pages import LINKS
from toolkit.runs import Clock
from toolkit.store import Snapshot, Store
from toolkit.titles import day

FEW = 60
"""Accounts of a demo that is soon made, and has those about which nobody may ask."""


def until_made(page: AppTest, folder: Path) -> AppTest:
    """Wait until every day of a demo is there, and run the page again, as its tab would."""
    until(lambda: demo.is_complete(folder))
    return page.run()


def test_the_first_day_is_shown_while_the_others_are_made(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, go_on = tmp_path / "demo", Event()
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(folder))
    monkeypatch.setattr(demo, "ACCOUNTS", FEW)
    monkeypatch.setattr(demo, "WEEKS", 2)
    collect = demo.collect

    def collect_when_told(*args: Any, clock: Clock, **more: Any) -> Snapshot:
        if Store(folder).organizations():
            go_on.wait()
        return collect(*args, clock=clock, **more)

    monkeypatch.setattr(demo, "collect", collect_when_told)
    page = open_page(LINKS)
    (first,) = Store(folder).snapshots()["taken"]
    assert f"Snapshot of {day(first)}" in words(page)
    assert "the demo's other days are still being made" in page.get("progress")[0].proto.text

    go_on.set()
    page = until_made(page, folder)
    newest = Store(folder).snapshots()["taken"].max()
    assert newest > first
    assert f"Snapshot of {day(newest)}" in words(page)
    assert not page.get("progress")


def test_a_demo_of_which_a_day_is_lost_and_one_is_damaged_is_completed(
    demo_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 2)
    newest = Store(demo_store).snapshots()["taken"].max()
    damaged, lost = sorted(demo_store.glob("runs/*/*.json"))
    damaged.write_text("{", encoding="utf-8")
    lost.unlink()

    page = until_made(open_page(LINKS), demo_store)

    assert f"Snapshot of {day(newest)}" in words(page)
    assert f"{damaged} is not a manifest that can be read" in words(page)


def test_a_demo_that_cannot_be_made_says_why_and_is_tried_again(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "demo"
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(folder))
    monkeypatch.setattr(demo, "ACCOUNTS", FEW)
    monkeypatch.setattr(demo, "WEEKS", 1)
    folder.mkdir()
    (folder / "runs").write_text("in the way", encoding="utf-8")
    page = open_page(LINKS)
    assert not page.exception
    assert page.button[0].label == "Try again"

    (folder / "runs").unlink()
    page = until_made(page.button[0].click().run(), folder)

    assert "Snapshot of" in words(page)
    assert Store(folder).snapshots()["taken"].max().date() < datetime.now(UTC).date()
    assert Store(folder).snapshots()["taken"].max().date() > date(2026, 1, 1)
