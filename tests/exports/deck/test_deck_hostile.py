"""Names are untrusted text: whatever they hold, the deck opens and shows them as they are."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from reported import HOSTILE, make_snapshot

from toolkit.exports.deck.charts import add_lines, add_stacked_bars
from toolkit.exports.deck.stage import open_stage
from toolkit.text import printable
from toolkit.titles import board

_EMU = 914_400
FORMULA = "=cmd|'/c calc'!A0"


@pytest.fixture(scope="module")
def named_deck(make_deck: Any) -> Any:
    """Return the deck of a critical mismatch under each hostile name; it is only read."""
    rows = [
        (f"{i:012d}", name, FORMULA if i % 2 else f"{name}/unit", "CLOSED", "ACTIVE")
        for i, name in enumerate(HOSTILE)
    ]
    return make_deck(make_snapshot(rows))


def test_every_part_is_well_formed_xml_without_control_characters(hostile_deck: Any) -> None:
    with zipfile.ZipFile(hostile_deck.path) as file:
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                text = "".join(etree.fromstring(file.read(name)).itertext())
                assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e]", text), name


def test_a_hostile_name_stands_on_the_slide_as_the_text_it_is(named_deck: Any) -> None:
    slides = named_deck.all(board.WORST)
    shown = {row[1]: row[2] for slide in slides for row in named_deck.tables(slide)[0][1:]}
    for place, name in enumerate(HOSTILE):
        text = shown[f"{place:012d}"]
        assert text == printable(name) or printable(name).startswith(text.removesuffix("…"))
        assert text or not name


def test_a_name_becomes_no_link_and_no_markup(hostile_deck: Any) -> None:
    with zipfile.ZipFile(hostile_deck.path) as file:
        slides = [n for n in file.namelist() if n.startswith("ppt/slides/")]
        content = [file.read(name) for name in slides]
    assert not any(b"hlinkClick" in part or b"<b>" in part for part in content)


def test_no_cell_of_a_chart_s_workbook_is_a_formula(hostile_deck: Any) -> None:
    with zipfile.ZipFile(hostile_deck.path) as file:
        books = [file.read(n) for n in file.namelist() if n.startswith("ppt/embeddings/")]
    kinds = {
        cell.data_type
        for book in books
        for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows()
        for cell in row
    }
    assert len(books) == 4
    assert kinds <= {"s", "n", "d"}


def test_a_text_in_a_chart_s_workbook_stays_the_text_it_is(tmp_path: Path) -> None:
    """Names reach the workbook inside a chart as categories, and as the names of series."""
    texts = ["=cmd|'/c calc'!A0", "{=1+1}", "http://x/a", "mailto:a@b", "-1+1", "@SUM(A1)", "0042"]
    counts = pd.DataFrame(1, index=texts, columns=texts)
    colours = dict.fromkeys(texts, "#102030")
    stage = open_stage()
    slide = stage.presentation.slides.add_slide(stage.content)
    add_stacked_bars(stage, slide, stage.body, counts, colours, alt="")
    days = counts.set_axis(pd.date_range("2026-11-15", periods=len(texts), tz="UTC"))
    add_lines(stage, slide, stage.body, days, colours, alt="")
    stage.presentation.save(str(tmp_path / "deck.pptx"))

    with zipfile.ZipFile(tmp_path / "deck.pptx") as file:
        books = [file.read(n) for n in file.namelist() if n.startswith("ppt/embeddings/")]
    assert len(books) == 2
    said = [(text, "s") for text in texts]
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as inside:
            sheet = inside.read("xl/worksheets/sheet1.xml")
            assert b"<f>" not in sheet
            assert b"hyperlink" not in sheet
        _, *heads = openpyxl.load_workbook(io.BytesIO(book)).active[1]
        assert [(cell.value, cell.data_type) for cell in heads] == said
    _, *bars = openpyxl.load_workbook(io.BytesIO(books[0])).active["A"]
    assert [(cell.value, cell.data_type) for cell in bars] == said


def test_a_unit_that_looks_like_a_formula_is_text_in_the_chart_s_workbook(
    named_deck: Any,
) -> None:
    with zipfile.ZipFile(named_deck.path) as file:
        books = [file.read(n) for n in file.namelist() if n.startswith("ppt/embeddings/")]
    texts = {
        cell.value
        for book in books
        for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows()
        for cell in row
        if cell.data_type == "s"
    }
    assert f"{FORMULA}  (7 of 7, 100 %)" in texts


def test_everything_stands_inside_its_slide(hostile_deck: Any) -> None:
    width = hostile_deck.presentation.slide_width
    height = hostile_deck.presentation.slide_height
    for slide in hostile_deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= width + 10
            assert shape.top + _height(shape) <= height + 10


def test_tables_end_above_the_source_line(hostile_deck: Any) -> None:
    ends = [
        (shape.top + _height(shape)) / _EMU
        for slide in hostile_deck.slides
        for shape in slide.shapes
        if shape.has_table
    ]
    assert len(ends) > 8
    assert max(ends) <= 7.0


def test_units_that_look_alike_at_their_beginning_stay_apart(hostile_deck: Any) -> None:
    slide = hostile_deck.about("by organizational unit and severity")
    names = list(hostile_deck.chart(slide).plots[0].categories)
    assert len(set(names)) == 12


def test_ids_are_never_shortened(hostile_deck: Any) -> None:
    ids = [
        row[place]
        for slide in hostile_deck.slides
        for head, *rows in hostile_deck.tables(slide)
        for place, label in enumerate(head)
        if label in ("Account", "GovCloud account")
        for row in rows
    ]
    assert len(ids) > 120  # both columns of five tables of ten, and what changed
    assert [one for one in ids if not re.fullmatch("[0-9]{12}", one)] == []


def _height(shape: Any) -> int:
    return sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
