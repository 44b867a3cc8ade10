"""A user's own template: its look is kept, its slides stay out."""

from pathlib import Path
from typing import Any

import pptx
import pytest
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches
from reported import agreeing_snapshot, hostile_snapshot, small_snapshot

from toolkit import theme
from toolkit.errors import InputError
from toolkit.exports import Report
from toolkit.exports.deck import save_deck
from toolkit.schema import State

_SECTIONS = (
    '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
    '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst '
    'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"/></p:ext></p:extLst>'
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Save a 4:3 template with two sample slides, one section and a font of its own."""
    presentation: Any = pptx.Presentation()
    for _ in range(2):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = "A sample slide"
    part = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = part.blob.replace(b'latin typeface="Calibri"', b'latin typeface="Georgia"')
    presentation.element.append(etree.fromstring(_SECTIONS))
    path = tmp_path_factory.mktemp("template") / "template.pptx"
    presentation.save(str(path))
    return path, path.read_bytes()


@pytest.fixture(scope="module")
def template(saved: tuple[Path, bytes]) -> Path:
    """Return where the template is."""
    return saved[0]


@pytest.fixture(scope="module")
def deck(small_report: Report, template: Path, make_deck: Any) -> Any:
    """Return the deck of five pairs in the look of the template; it is only read."""
    return make_deck(small_report, template=template)


def test_size_layouts_and_theme_are_the_template_s(deck: Any) -> None:
    presentation = deck.presentation
    assert presentation.slide_width == Inches(10)
    assert [slide.slide_layout.name for slide in deck.slides[:2]] == ["Title Slide", "Title Only"]
    part = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    assert b'latin typeface="Georgia"' in part.blob


def test_no_text_names_a_font_or_a_fixed_text_colour_of_its_own(deck: Any) -> None:
    for slide in deck.slides:
        assert not slide._element.xpath(".//a:latin")
        for shape in slide.shapes:
            if shape.name in ("Subtitle", "Source"):
                assert shape._element.xpath(".//a:rPr//a:schemeClr")


def test_sample_slides_stay_out_and_the_template_is_left_alone(
    saved: tuple[Path, bytes], deck: Any
) -> None:
    path, before = saved
    assert "A sample slide" not in deck.titles
    assert len(deck.slides) == 11
    assert path.read_bytes() == before


def test_sections_that_name_left_out_slides_are_left_out_too(deck: Any) -> None:
    assert b"sectionLst" not in etree.tostring(deck.presentation.element)


def test_everything_stands_inside_a_narrow_slide(template: Path, make_deck: Any) -> None:
    deck = make_deck(hostile_snapshot(20), template=template)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= Inches(10) + 10
            assert shape.top + shape.height <= Inches(7.5) + 10


def test_on_a_dark_background_the_colours_of_data_are_those_for_dark(
    tmp_path: Path, make_deck: Any
) -> None:
    presentation: Any = pptx.Presentation()
    fill = presentation.slide_master.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor(0x10, 0x18, 0x20)
    presentation.save(str(tmp_path / "dark.pptx"))
    deck = make_deck(agreeing_snapshot(), template=tmp_path / "dark.pptx")
    series = deck.chart(deck.about("Linked pairs by state")).plots[0].series[0]
    assert f"#{series.format.fill.fore_color.rgb}" == theme.DARK.states[State.ACTIVE]


def test_a_template_without_a_usable_title_gets_one_drawn(tmp_path: Path, make_deck: Any) -> None:
    presentation: Any = pptx.Presentation()
    for layout in list(presentation.slide_layouts):
        if layout.name != "Blank":
            presentation.slide_layouts.remove(layout)
    presentation.save(str(tmp_path / "blank.pptx"))
    deck = make_deck(agreeing_snapshot(), template=tmp_path / "blank.pptx")
    assert "All 3 linked pairs agree" in deck.texts(deck.slides[1])


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no template none\.pptx"):
        save_deck(small_snapshot(), tmp_path / "deck.pptx", template="none.pptx")
