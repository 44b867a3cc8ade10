"""The frame: which stores there are, how text is shown, colours, and what the first start does."""

import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from staged import ROOT, Open, demo_store, open_page, own_store, small_demo, words

from toolkit import demo, theme
from toolkit.app import source
from toolkit.app.parts import plain
from toolkit.store import list_snapshots

__all__ = ["demo_store", "open_page", "own_store", "small_demo"]


@pytest.mark.parametrize("name", ["<b>b</b>", '" onload="x', "&lt;", "'", "a\nb\tc", "\u202eabc"])
def test_no_text_gets_out_of_the_place_it_is_shown_in(name: str) -> None:
    shown = plain.escaped(name)

    assert not set(shown) & set("<>\"'\n\t\u202e")


def test_text_is_shown_as_it_is() -> None:
    assert plain.escaped("$x$ **b** :material/home: 東京 http://x") == (
        "$x$ **b** :material/home: 東京 http://x"
    )


@pytest.mark.parametrize(("scheme", "colours"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_the_app_has_the_colours_of_the_palette(scheme: str, colours: theme.Palette) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][scheme]

    assert {name: value for name, value in config.items() if name != "sidebar"} == {
        "primaryColor": colours.states["ACTIVE"],
        "linkColor": colours.states["ACTIVE"],
        "backgroundColor": colours.paper,
        "secondaryBackgroundColor": colours.panel,
        "textColor": colours.ink,
        "borderColor": colours.line,
        "dataframeBorderColor": colours.line,
        "dataframeHeaderBackgroundColor": colours.panel,
        "dataframeHeaderTextColor": colours.muted,
    }
    assert config["sidebar"] == {
        "backgroundColor": colours.panel,
        "secondaryBackgroundColor": colours.paper,
    }


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_every_text_of_the_app_can_be_read(colours: theme.Palette) -> None:
    pairs = [
        *((text, ground) for text in (colours.ink, colours.muted)
          for ground in (colours.paper, colours.panel)),
        *((colours.ink, tint) for tint in colours.tints.values()),
        *((colours.ink, tint) for tint in colours.verdict_tints.values()),
        (colours.states["ACTIVE"], colours.paper),
    ]  # fmt: skip

    assert min(theme.contrast(text, ground) for text, ground in pairs) >= 4.5


def test_nothing_is_sent_out_and_only_this_machine_is_answered() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())

    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["allowedHosts"] == ["localhost", "127.0.0.1"]
    assert config["browser"]["gatherUsageStats"] is False


@pytest.mark.parametrize("written", [["--store", "mine"], ["--store=mine"]])
def test_a_store_can_be_named_where_the_app_is_started(
    written: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", *written])

    assert source.own_store() == tmp_path / "mine"
    assert next(iter(source.stores())) == "mine"


def test_the_demo_comes_first_until_there_is_a_store_of_ones_own(
    demo_store: Path, own_store: Path
) -> None:
    assert source.stores() == {own_store.name: own_store, source.DEMO: demo_store}


def test_another_store_is_one_choice_away(
    demo_store: Path, own_store: Path, open_page: Open
) -> None:
    del demo_store
    page = open_page("overview")
    assert f"The folder {own_store} holds no snapshot." in words(page)

    page.get_by_key("store").set_value(source.DEMO).run()

    assert "linked pairs disagree" in words(page)
    assert page.query_params["store"] == source.DEMO


def test_an_earlier_snapshot_is_one_choice_away(demo_store: Path, open_page: Open) -> None:
    taken = list_snapshots(demo_store)["taken"].min()
    page = open_page("overview")

    page.get_by_key("snapshot").set_value(f"{taken:%Y-%m-%d %H:%M}").run()

    assert f"Snapshot of {taken:%-d %B %Y}" in words(page)


def test_a_demo_that_was_stopped_halfway_is_completed(
    demo_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 2)
    lost = max(demo_store.glob("runs/*/*.json"))
    lost.unlink()

    page = open_page("overview")

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
    (folder / "runs").write_text("in the way")
    page = open_page("overview")
    assert not page.exception
    assert page.button[0].label == "Try again"

    (folder / "runs").unlink()
    page.button[0].click().run()

    assert "linked pairs disagree" in words(page)
    assert demo.is_complete(folder)
    assert list_snapshots(folder)["taken"].max().date() < datetime.now(UTC).date()
    assert list_snapshots(folder)["taken"].max().date() > date(2026, 1, 1)
