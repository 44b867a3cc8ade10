"""The first start makes the demo, whatever stopped it before."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from staged import Open, words

from toolkit import demo
from toolkit.app.pages import OVERVIEW
from toolkit.store import Store


def test_a_demo_that_was_stopped_halfway_is_completed(
    demo_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 2)
    lost = max(demo_store.glob("runs/*/*.json"))
    lost.unlink()

    page = open_page(OVERVIEW)

    assert demo.is_complete(demo_store)
    assert "linked pairs disagree" in words(page)


def test_a_demo_that_cannot_be_made_says_why_and_is_tried_again(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "demo"
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(folder))
    monkeypatch.setattr(demo, "ACCOUNTS", 120)
    monkeypatch.setattr(demo, "WEEKS", 1)
    folder.mkdir()
    (folder / "runs").write_text("in the way", encoding="utf-8")
    page = open_page(OVERVIEW)
    assert not page.exception
    assert page.button[0].label == "Try again"

    (folder / "runs").unlink()
    page.button[0].click().run()

    assert "linked pairs disagree" in words(page)
    assert demo.is_complete(folder)
    assert Store(folder).snapshots()["taken"].max().date() < datetime.now(UTC).date()
    assert Store(folder).snapshots()["taken"].max().date() > date(2026, 1, 1)
