"""Export: what is on screen goes out, said in words, and what cannot be made says why."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from acting import GONE, STUCK
from pptx import Presentation
from reported import make_snapshot
from staged import Open, turn_to, words
from streamlit.testing.v1 import AppTest
from two_organizations import AGREEING

from toolkit.app.export.files import Made
from toolkit.app.pages import EXPORT, MISMATCHES
from toolkit.store import Store
from toolkit.theme import DARK


def made(page: AppTest, key: str) -> Made:
    """Return the file that is offered."""
    assert not page.exception
    assert f"export-download-{key}" in [button.key for button in page.get("download_button")]
    file: Made = page.session_state["export-made"][key][1]
    return file


def one_pair(store: Path, open_page: Open) -> AppTest:
    """Open the page on one pair, which fills few charts."""
    pair = ("111122223333", "Payments", "Root", "CLOSED", "ACTIVE")
    Store(store).save(make_snapshot([pair], complete=False))
    return open_page(EXPORT)


@pytest.fixture
def page(shown_weeks: Path, open_page: Open) -> AppTest:
    del shown_weeks
    return open_page(EXPORT)


@pytest.fixture
def filtered(shown_weeks: Path, open_page: Open) -> Callable[..., AppTest]:
    """Open the page after a filter was set on Mismatches."""
    del shown_weeks

    def open_filtered(**chosen: list[str]) -> AppTest:
        page = open_page(MISMATCHES)
        for key, values in chosen.items():
            page.get_by_key(key).set_value(values)
        page.run()
        return turn_to(page, EXPORT).run()

    return open_filtered


def test_nothing_is_filtered_at_first_and_the_whole_snapshot_goes_out(page: AppTest) -> None:
    assert page.segmented_control(key="export-scope").value == "The whole snapshot"
    assert "4 accounts, nothing filtered." in words(page)


def test_the_workbook_holds_every_pair(page: AppTest) -> None:
    page.button(key="export-make-workbook").click().run()

    book = openpyxl.load_workbook(io.BytesIO(made(page, "workbook").data))
    assert book["Pairs"].max_row == 5


def test_the_page_is_one_html_file(own_store: Path, open_page: Open) -> None:
    page = one_pair(own_store, open_page)
    page.button(key="export-make-page").click().run()

    assert made(page, "page").data.lower().startswith(b"<!doctype html>")


def test_the_table_of_a_filter_holds_exactly_its_rows(
    filtered: Callable[..., AppTest],
) -> None:
    page = filtered(severity=["Critical", "Low"])
    page.button(key="export-make-csv").click().run()

    file = made(page, "csv")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert [row["account_id"] for row in rows] == [STUCK, GONE]
    said = "1 of the organization's 3 pairs is critical or low; 1 more was left behind."
    assert said in words(page)
    assert "-1-of-the-organizations-3-pairs-is-critical-or-low" in file.name


def test_the_slides_of_a_filter_open_name_it_and_say_how_many_pairs_disagree(
    filtered: Callable[..., AppTest],
) -> None:
    page = filtered(severity=["High"])
    page.button(key="export-make-deck").click().run()

    file = made(page, "deck")
    assert file.name.endswith(".pptx")
    said = "\n".join(
        shape.text_frame.text
        for slide in Presentation(io.BytesIO(file.data)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert "1 of the organization's 3 pairs is high" in said


def test_the_filter_can_be_cleared(filtered: Callable[..., AppTest]) -> None:
    page = filtered(severity=["High"])
    page.button(key="export-clear").click().run()

    assert "Severity" not in words(page)


def test_the_whole_snapshot_can_be_chosen_in_spite_of_a_filter(
    filtered: Callable[..., AppTest],
) -> None:
    page = filtered(severity=["High"])
    page.segmented_control(key="export-scope").set_value("The whole snapshot").run()

    assert "4 accounts, nothing filtered." in words(page)


def test_a_file_of_other_content_is_no_longer_offered(page: AppTest) -> None:
    page.button(key="export-make-csv").click().run()
    assert made(page, "csv")

    page.segmented_control(key="export-scope").set_value("The view on Mismatches").run()

    assert not page.get("download_button")


def test_a_filter_that_keeps_nothing_has_nothing_to_export(
    filtered: Callable[..., AppTest],
) -> None:
    page = filtered(severity=["High"], standard=["Active"])

    assert "There is no account to export." in words(page)
    assert not [button for button in page.button if button.key.startswith("export-make")]


def test_a_template_that_is_none_is_one_sentence(page: AppTest) -> None:
    page.file_uploader(key="export-template").set_value(("ours.pptx", b"none", "")).run()
    page.button(key="export-make-deck").click().run()

    assert "template.pptx" in words(page)
    assert not page.get("download_button")


@pytest.mark.usefixtures("shown_weeks")
def test_without_a_chrome_it_says_what_to_install(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")

    page = open_page(EXPORT)

    assert "Pictures need Chrome or Chromium" in words(page)
    assert page.segmented_control(key="export-format").options == ["HTML"]
    page.selectbox(key="export-chart").set_value("State matrix").run()
    page.button(key="export-draw").click().run()
    assert b"<html" in made(page, "pictures").data
    assert b"<p>Source: " not in made(page, "pictures").data

    page.toggle(key="export-titled").set_value(True)
    page.toggle(key="export-dark").set_value(True).run()
    page.button(key="export-draw").click().run()
    assert b"<p>Source: " in made(page, "pictures").data
    assert f"background:{DARK.paper}".encode() in made(page, "pictures").data


@pytest.mark.browser
def test_a_chart_is_drawn_as_png_and_as_svg(page: AppTest) -> None:
    page.selectbox(key="export-chart").set_value("State matrix").run()
    page.button(key="export-draw").click().run()
    assert made(page, "pictures").data.startswith(b"\x89PNG")

    page.segmented_control(key="export-format").set_value("SVG").run()
    page.button(key="export-draw").click().run()
    assert made(page, "pictures").data.startswith(b"<svg")


def test_all_charts_come_in_one_archive(own_store: Path, open_page: Open) -> None:
    page = one_pair(own_store, open_page)
    page.segmented_control(key="export-format").set_value("HTML").run()
    page.button(key="export-draw").click().run()

    with zipfile.ZipFile(io.BytesIO(made(page, "pictures").data)) as archive:
        assert [name.split("2026-11-22-")[1] for name in archive.namelist()] == [
            "states.html",
            "state-matrix.html",
            "mismatches-by-unit.html",
            "mismatch-flows.html",
        ]


def test_chosen_tags_become_columns_of_the_table(
    shown_witnessed: Callable[..., Path], open_page: Open
) -> None:
    shown_witnessed()
    page = open_page(EXPORT)
    page.multiselect(key="export-tags").set_value(["owner"]).run()
    page.button(key="export-make-csv").click().run()

    rows = list(csv.DictReader(io.StringIO(made(page, "csv").data.decode("utf-8-sig"))))
    assert {row["account_id"]: row["owner"] for row in rows}[AGREEING] == "ann"

    page.multiselect(key="export-tags").set_value([]).run()
    assert "export-download-csv" not in [one.key for one in page.get("download_button")]


def test_where_tags_were_not_seen_none_can_become_columns(
    shown_witnessed: Callable[..., Path], open_page: Open
) -> None:
    shown_witnessed(tags="ACCESS_DENIED")

    page = open_page(EXPORT)

    assert "export-tags" not in [one.key for one in page.multiselect]
    assert not page.exception
