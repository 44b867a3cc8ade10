"""Whatever ground a template has, what stands on it can be read."""

import io
import itertools
from pathlib import Path
from typing import Any

import pptx
import pytest
from PIL import Image
from pptx.oxml.ns import qn
from pptx.util import Inches
from templates import DARK, set_ground

from toolkit import theme
from toolkit.exports import Report
from toolkit.exports.deck.ground import ground
from toolkit.schema import State

SIZE = (Inches(10), Inches(7.5))


def own(filled: str = "") -> Any:
    presentation: Any = pptx.Presentation()
    if filled:
        set_ground(presentation, filled)
    return presentation


def picture(colour: str) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(file, "PNG")
    file.seek(0)
    return file


def test_the_ground_of_a_layout_is_what_its_theme_says() -> None:
    assert ground(own().slide_layouts[5], SIZE) == "#FFFFFF"


@pytest.mark.parametrize(
    ("filled", "colour"),
    [
        (DARK, "#101820"),
        ('<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>', "#1F497D"),
        (
            (
                '<a:solidFill><a:schemeClr val="tx2"><a:lumMod val="50000"/></a:schemeClr>'
                "</a:solidFill>"
            ),
            "#10243E",
        ),
        (
            (
                '<a:solidFill><a:schemeClr val="tx1"><a:lumMod val="50000"/><a:lumOff val="50000"/>'
                "</a:schemeClr></a:solidFill>"
            ),
            "#808080",
        ),
        ('<a:solidFill><a:prstClr val="black"/></a:solidFill>', "#000000"),
        (
            (
                '<a:gradFill><a:gsLst><a:gs pos="0"><a:srgbClr val="000000"/></a:gs>'
                '<a:gs pos="100000"><a:srgbClr val="204060"/></a:gs></a:gsLst></a:gradFill>'
            ),
            "#102030",
        ),
        ("<a:solidFill/>", "#FFFFFF"),
        ('<a:blipFill><a:blip r:embed="rId99"/></a:blipFill>', "#FFFFFF"),
    ],
)
def test_a_ground_of_any_fill_is_told_or_taken_for_the_theme_s(filled: str, colour: str) -> None:
    assert ground(own(filled).slide_layouts[5], SIZE) == colour


def test_a_layout_s_own_ground_goes_before_its_master_s() -> None:
    presentation = own(DARK)
    layout = presentation.slide_layouts[5]
    fill = layout.background.fill
    fill.solid()
    fill.fore_color.rgb = pptx.dml.color.RGBColor(0xEE, 0xEE, 0xEE)
    assert ground(layout, SIZE) == "#EEEEEE"
    assert ground(presentation.slide_layouts[6], SIZE) == "#101820"


def test_a_picture_that_covers_the_slide_is_its_ground_and_a_logo_is_not() -> None:
    presentation = own()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    master = presentation.slide_master
    for colour, width in (("#203040", SIZE[0]), ("#FF0000", Inches(1))):
        drawn = slide.shapes.add_picture(picture(colour), 0, 0, width, SIZE[1])
        part, _ = master.part.get_or_add_image_part(picture(colour))
        drawn._element.blipFill.find(qn("a:blip")).set(
            qn("r:embed"), master.part.relate_to(part, pptx.opc.constants.RELATIONSHIP_TYPE.IMAGE)
        )
        master.shapes._spTree.append(drawn._element)
    layout = presentation.slide_layouts[5]
    assert ground(layout, SIZE) == "#203040"
    layout.element.set("showMasterSp", "0")
    assert ground(layout, SIZE) == "#FFFFFF"


@pytest.fixture(scope="module")
def dark_deck(dated_report: Report, dark_template: Path, make_deck: Any) -> Any:
    """Return a deck on a dark ground of which its theme, whose ink is black, knows nothing."""
    return make_deck(dated_report, template=dark_template)


def inks(deck: Any) -> set[str]:
    """Return what every text of a deck and of its charts is written with."""
    elements = [slide.element for slide in deck.slides]
    shapes = itertools.chain(*(slide.shapes for slide in deck.slides))
    elements += [shape.chart.element for shape in shapes if shape.has_chart]
    names = (qn("a:rPr"), qn("a:defRPr"))
    return {
        colour.get("val")
        for element in elements
        for properties in element.iter(*names)
        for colour in properties.iter(qn("a:schemeClr"))
    }


def active(deck: Any) -> str:
    """Return the colour of the segments of active accounts."""
    shapes = itertools.chain(*(slide.shapes for slide in deck.slides))
    charts = [shape.chart.plots[0].series for shape in shapes if shape.has_chart]
    (colour,) = {
        str(series.format.fill.fore_color.rgb)
        for bars in charts
        for series in bars
        if series.name == "Active"
    }
    return f"#{colour}"


def test_text_tables_and_charts_on_a_dark_ground_are_written_in_light(dark_deck: Any) -> None:
    assert inks(dark_deck) == {"bg1"}


def test_titles_that_would_be_dark_there_are_painted_and_page_numbers_too(dark_deck: Any) -> None:
    for slide in dark_deck.slides:
        for shape in slide.placeholders:
            for run in shape.element.iter(qn("a:r"), qn("a:fld")):
                (colour,) = run.find(qn("a:rPr")).find(qn("a:solidFill"))
                named = (colour.tag, colour.get("val"))
                assert named == (qn("a:schemeClr"), "bg1"), shape.name


def test_the_colours_of_data_on_a_dark_ground_are_those_for_dark(dark_deck: Any) -> None:
    assert active(dark_deck) == theme.DARK.states[State.ACTIVE]


def test_a_theme_that_says_itself_that_it_is_dark_is_taken_at_its_word(
    dated_report: Report, tmp_path: Path, make_deck: Any
) -> None:
    presentation = own()
    mapping = presentation.slide_master.element.find(qn("p:clrMap"))
    for name, slot in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        mapping.set(name, slot)
    presentation.save(tmp_path / "dark.pptx")
    deck = make_deck(dated_report, template=tmp_path / "dark.pptx")
    assert inks(deck) == {"tx1"}
    # A muted text is darker than the others, where black was made lighter.
    assert all(
        b"lumOff" not in part.blob
        for part in deck.presentation.part.package.iter_parts()
        if "/slides/" in part.partname
    )
    assert active(deck) == theme.DARK.states[State.ACTIVE]


def test_our_own_opening_is_dark_and_the_rest_is_not(dated_deck: Any) -> None:
    layouts = dated_deck.presentation.slide_layouts
    size = (dated_deck.presentation.slide_width, dated_deck.presentation.slide_height)
    assert [ground(layout, size) for layout in layouts] == [theme.NAVY, "#FFFFFF"]
    assert inks(dated_deck) == {"tx1"}
