"""The frame: colours that can be read, what is sent out, and what is said when all fails."""

import tomllib

import pytest
from staged import ROOT, Open, words

from toolkit import theme
from toolkit.app import data
from toolkit.app.pages import LINKS


@pytest.mark.parametrize(("scheme", "colours"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_the_app_has_the_colours_of_the_palette(scheme: str, colours: theme.Palette) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))[
        "theme"
    ][scheme]

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
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["allowedHosts"] == ["localhost", "127.0.0.1"]
    assert config["browser"]["gatherUsageStats"] is False


@pytest.mark.usefixtures("shown_demo")
def test_what_nobody_foresaw_is_one_sentence_and_can_be_tried_again(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(_source: object) -> None:
        raise ZeroDivisionError("a slip")

    with monkeypatch.context() as broken:
        broken.setattr(data, "view", slip)
        page = open_page(LINKS)
    assert "Something in the app itself went wrong; the snapshots are untouched." in words(page)
    assert "a slip" in page.code[0].value
    assert not page.exception

    page.button[0].click().run()

    assert "Snapshot of" in words(page)
