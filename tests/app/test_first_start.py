"""The first start makes the demo, whatever stopped it before."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from staged import Open, words

from toolkit import demo
from toolkit.app.pages import LINKS
from toolkit.store import Store
from toolkit.titles import day

FEW = 60
"""Accounts of a demo that is soon made, and has those about which nobody may ask."""


def test_a_demo_of_which_a_day_is_lost_and_one_is_damaged_is_completed(
    demo_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 2)
    newest = Store(demo_store).snapshots()["taken"].max()
    damaged, lost = sorted(demo_store.glob("runs/*/*.json"))
    damaged.write_text("{", encoding="utf-8")
    lost.unlink()

    page = open_page(LINKS)

    assert demo.is_complete(demo_store)
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
    page.button[0].click().run()

    assert "Snapshot of" in words(page)
    assert demo.is_complete(folder)
    assert Store(folder).snapshots()["taken"].max().date() < datetime.now(UTC).date()
    assert Store(folder).snapshots()["taken"].max().date() > date(2026, 1, 1)
