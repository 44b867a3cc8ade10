"""The palette: readable by everyone, on light and on dark."""

from collections.abc import Iterable, Mapping
from itertools import combinations, product

import pytest
from eyes import EYES, apart, ciede2000, lab

from toolkit import theme
from toolkit.schema import LinkStatus, Severity, State, Verdict
from toolkit.theme import DARK, LIGHT, Palette

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
READABLE, SEEN = 4.5, 3
"""The least contrast of text, and of a mark, with what it stands on: WCAG 1.4.3 and 1.4.11."""
FILLS = pytest.mark.parametrize("group", ["states", "severities", "links"])

APART = {"any": 17, "deuteranopia": 10, "protanopia": 10}
"""How far two colours of one chart are apart at least, in CIEDE2000."""
NO_MISTAKE = {"any": 21, "deuteranopia": 13, "protanopia": 13}
"""How far a state's or a link's colour is from that of every severity."""


@BOTH
@FILLS
def test_text_on_a_fill_can_be_read(palette: Palette, group: str) -> None:
    fills = getattr(palette, group).values()
    assert min(theme.contrast(theme.text_on(fill), fill) for fill in fills) >= READABLE


@BOTH
@FILLS
def test_every_mark_stands_out_from_paper_and_panel(palette: Palette, group: str) -> None:
    for word, fill in getattr(palette, group).items():
        for ground in (palette.paper, palette.panel):
            assert theme.contrast(fill, ground) >= SEEN, (word, ground)


def test_the_two_sides_stand_out_from_white_and_from_each_other() -> None:
    assert min(theme.contrast(side, LIGHT.paper) for side in theme.SIDES) >= SEEN
    assert apart(*theme.SIDES) >= APART["any"]


@BOTH
@FILLS
@pytest.mark.parametrize("eye", EYES)
def test_colours_of_one_chart_are_told_apart_by_every_eye(
    palette: Palette, group: str, eye: str
) -> None:
    assert nearest(combinations(getattr(palette, group).items(), 2), eye) >= APART[eye]


@BOTH
@pytest.mark.parametrize("group", ["states", "links"])
@pytest.mark.parametrize("eye", EYES)
def test_no_eye_takes_a_state_or_a_link_for_a_severity(
    palette: Palette, group: str, eye: str
) -> None:
    fills: Mapping[str, str] = getattr(palette, group)
    assert nearest(product(fills.items(), palette.severities.items()), eye) >= NO_MISTAKE[eye]


@BOTH
def test_alarms_and_links_can_be_read_as_text(palette: Palette) -> None:
    for text in (palette.severities[Severity.CRITICAL], palette.states[State.ACTIVE]):
        for ground in (palette.paper, palette.panel):
            assert theme.contrast(text, ground) >= READABLE


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
    assert set(palette.verdict_tints) == set(Verdict)
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


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_distances_are_those_that_the_formula_was_published_with(
    one: tuple[float, ...], other: tuple[float, ...], distance: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(distance, abs=1e-4)


def test_red_and_green_that_are_far_apart_are_near_for_an_eye_that_is_blind_to_green() -> None:
    assert apart("#C0392B", "#6E7B00") > 40
    assert apart("#C0392B", "#6E7B00", "deuteranopia") < 10
    assert lab("#FFFFFF", "deuteranopia")[0] == pytest.approx(100, abs=0.1)


def nearest(pairs: Iterable[tuple[tuple[str, str], tuple[str, str]]], eye: str) -> float:
    """Return how far the two nearest of pairs of (word, colour) are apart."""
    return min(apart(one, other, eye) for (_, one), (_, other) in pairs)
