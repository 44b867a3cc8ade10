"""The palette: readable by everyone, on light and on dark."""

import pytest

from toolkit import theme
from toolkit.schema import LinkStatus, Severity, State, Verdict
from toolkit.theme import DARK, LIGHT, Palette

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
READABLE = 4.5


@BOTH
@pytest.mark.parametrize("group", ["states", "severities", "verdicts", "links"])
def test_text_on_a_fill_can_be_read(palette: Palette, group: str) -> None:
    fills = getattr(palette, group).values()
    assert min(theme.contrast(theme.text_on(fill), fill) for fill in fills) >= READABLE


@BOTH
@pytest.mark.parametrize("group", ["tints", "verdict_tints"])
def test_ink_on_a_tint_can_be_read(palette: Palette, group: str) -> None:
    fills = getattr(palette, group).values()
    assert min(theme.contrast(palette.ink, fill) for fill in fills) >= READABLE


@BOTH
def test_ink_and_muted_text_can_be_read_on_paper_and_panel(palette: Palette) -> None:
    for text in (palette.ink, palette.muted):
        assert theme.contrast(text, palette.paper) >= READABLE
        assert theme.contrast(text, palette.panel) >= READABLE


@BOTH
def test_every_word_of_the_vocabularies_has_a_colour(palette: Palette) -> None:
    assert set(palette.states) == set(State)
    assert set(palette.severities) == set(palette.tints) == set(Severity)
    assert set(palette.verdicts) == set(palette.verdict_tints) == set(Verdict)
    assert set(palette.links) == {*LinkStatus, State.UNKNOWN}


def test_each_severity_has_a_symbol_of_its_own() -> None:
    assert set(theme.SYMBOLS) == set(Severity)
    assert len(set(theme.SYMBOLS.values())) == len(Severity)


def test_a_severity_is_named_with_its_symbol() -> None:
    assert [theme.severity_name(severity) for severity in Severity] == [
        "◆ Critical",
        "▲ High",
        "■ Medium",
        "● Low",
    ]


def test_text_on_a_light_fill_is_dark_and_on_a_dark_fill_white() -> None:
    assert theme.text_on("#F5B314") == "#0B0F14"
    assert theme.text_on("#0B5394") == "#FFFFFF"


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("dark", [False, True])
def test_the_template_has_no_upload_button_and_no_background(*, dark: bool) -> None:
    layout = theme.template(dark=dark)["layout"]
    assert "sendChartToCloud" in layout["modebar"]["remove"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["font"]["color"] == theme.palette(dark=dark).ink
