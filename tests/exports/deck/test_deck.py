import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest
from reported import agreeing_snapshot, make_snapshot, small_snapshot

from toolkit import analysis, titles
from toolkit.errors import InputError, StoreError
from toolkit.exports import Report
from toolkit.exports.deck import save_deck
from toolkit.schema import State, label
from toolkit.titles import board

METHOD = "How these numbers came about"


def test_titles_are_the_sentences_of_the_data_in_the_order_of_the_story(
    dated_report: Report, dated_deck: Any
) -> None:
    content, pairs = dated_report, dated_report.pairs
    assert dated_deck.titles == [
        "Account states: Standard and GovCloud",
        titles.ask(pairs, content.left_behind),
        board.ASK_LEFT_BEHIND,
        board.ask_actions(names_owners=False),
        titles.title_mismatch_trend(analysis.trend(content.history, content.left_behind_counts)),
        titles.title_mismatches_by_ou(pairs),
        titles.title_changes(content.changes),
        titles.title_state_distribution(pairs),
        board.tell_matrix(pairs),
        titles.title_mismatch_flows(pairs),
        titles.title_link_status(content.links),
        board.WORST,
        "How these numbers came about",
    ]


def test_trend_and_changes_are_there_only_with_an_earlier_snapshot(small_deck: Any) -> None:
    assert len(small_deck.slides) == 11


def test_one_account_alone_is_a_deck_and_where_it_agrees_no_slide_is_about_mismatches(
    make_deck: Any,
) -> None:
    assert make_deck(agreeing_snapshot(1)).titles == [
        "Account states: Standard and GovCloud",
        "The only linked pair agrees",
        "Both sides of the linked pairs have 1 active account",
        "Pair by pair, both sides agree",
        "How these numbers came about",
    ]


def test_no_account_at_all_is_a_deck(make_deck: Any) -> None:
    assert make_deck(make_snapshot([])).titles[1] == "There are no accounts"


def test_no_linked_pair_is_said_and_not_drawn(make_deck: Any) -> None:
    deck = make_deck(make_snapshot([("000000000042", "one", None, "ACTIVE", None)]))
    assert deck.titles[1:] == ["The only account has no GovCloud account", METHOD]


def test_a_single_mismatch_needs_no_chart_of_units_or_flows(make_deck: Any) -> None:
    deck = make_deck(make_snapshot([("000000000042", "one", "Root", "CLOSED", "ACTIVE")]))
    assert deck.titles[1:] == [
        "One GovCloud account runs without a payer: act today",
        board.ask_critical(names_owners=False),
        board.ask_actions(names_owners=False),
        "GovCloud has 1 more active account than the standard side",
        "The only linked pair disagrees: Closed → Active",
        board.WORST,
        METHOD,
    ]


def test_key_figures_stand_on_the_second_slide(small_deck: Any) -> None:
    cards = [text.split("\n") for text in small_deck.texts(small_deck.slides[1])]
    assert ["Linked pairs", "4", "of 5 standard accounts"] in cards
    assert ["Mismatches", "2"] in cards
    assert ["Mismatch rate", "50.0 %", "of 4 judged pairs"] in cards
    assert ["Critical", "1", "1 high"] in cards
    assert ["Unknown", "0", "every account was seen"] in cards


def test_the_mismatches_card_says_the_change_since_the_snapshot_before(dated_deck: Any) -> None:
    assert "Mismatches\n2\n−1 since 15 Nov" in dated_deck.texts(dated_deck.slides[1])
    assert "Left behind\n1\n+1 since 15 Nov" in dated_deck.texts(dated_deck.slides[1])


def test_every_slide_says_source_time_and_page(small_deck: Any) -> None:
    for slide in small_deck.slides[1:]:
        source = [text for text in small_deck.texts(slide) if text.startswith("Source: ")]
        assert source[0].endswith("snapshot 2026-11-22 03:00 UTC")
        assert 'type="slidenum"' in _xml(slide)


def test_every_chart_table_and_drawing_has_alt_text(dated_deck: Any) -> None:
    texts = [
        shape._element.xpath(".//p:cNvPr")[0].get("descr", "")
        for slide in dated_deck.slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or hasattr(shape, "shapes")
    ]
    assert len(texts) > 8
    assert min(map(len, texts)) > 10


def test_alt_text_of_a_chart_says_its_numbers(small_deck: Any) -> None:
    slide = small_deck.about("Linked pairs by state")
    chart = next(shape for shape in slide.shapes if shape.has_chart)
    assert "Standard: 2 active, 2 closed" in chart._element.xpath(".//p:cNvPr")[0].get("descr")


def test_the_title_is_a_title_placeholder_that_outline_and_screen_reader_find(
    small_deck: Any,
) -> None:
    assert all(slide.shapes.title is not None for slide in small_deck.slides)


def test_no_email_address_is_anywhere_in_the_file(dated_deck: Any) -> None:
    with zipfile.ZipFile(dated_deck.path) as file:
        parts = [file.read(name) for name in file.namelist()]
    assert not any(b"mail.example" in part for part in parts)


def test_a_selection_is_named_and_counted_without_the_history_that_knows_no_selection(
    make_deck: Any, dated_report: Report
) -> None:
    whole = dated_report
    note = "Only organizational unit Sandbox"
    deck = make_deck(whole.only(whole.pairs[whole.pairs["ou_path"] == "Sandbox"], note))
    assert note in deck.texts(deck.slides[0])[1]
    for slide in deck.slides[1:]:
        assert any(note in text for text in deck.texts(slide))
    assert any(text == f"{note} (2 accounts in all)" for text in deck.texts(deck.slides[-1]))
    assert not any("since" in title for title in deck.titles)


def test_method_tells_what_could_not_be_seen(make_deck: Any) -> None:
    deck = make_deck(small_snapshot(failed=["100000000002"]))
    facts = dict(deck.tables(deck.slides[-1])[0][1:])
    assert facts["Not judged"].startswith("1 where the look-up failed")
    assert facts["Asked by"] == "account 000000000042, the management account"
    assert facts["Outcomes"] == ("3 with a GovCloud account; 1 without one; 1 no answer from AWS")


def test_core_properties_name_no_author_but_the_snapshot(small_deck: Any) -> None:
    properties = small_deck.presentation.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert str(properties.created) == str(properties.modified) == "2026-11-22 03:00:00"
    assert properties.subject.startswith("Source: AWS Organizations and Account Management")
    assert properties.subject.endswith("snapshot 2026-11-22 03:00 UTC")


def test_the_file_names_no_tool_and_no_printer_not_even_of_a_template(
    make_deck: Any, small_report: Report, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.pptx"
    presentation: Any = pptx.Presentation()
    presentation.core_properties.comments = presentation.core_properties.author = "somebody"
    presentation.save(mine)
    few = small_report.only(small_report.pairs.head(2), "Two")
    with zipfile.ZipFile(make_deck(few, template=mine).path) as file:
        names = file.namelist()
        said = file.read("docProps/core.xml").decode()
        books = [file.read(name) for name in names if name.endswith(".xlsx")]
    assert not [name for name in names if "printer" in name or "app.xml" in name]
    assert not [name for name in names if "thumbnail" in name]
    assert "python-pptx" not in said
    assert "somebody" not in said
    assert few.note in said
    for book in books:
        made = openpyxl.load_workbook(io.BytesIO(book)).properties
        assert str(made.created) == "2026-11-22 03:00:00"


def test_no_axis_of_a_chart_has_a_negative_number(dated_deck: Any) -> None:
    with zipfile.ZipFile(dated_deck.path) as file:
        charts = [file.read(n) for n in file.namelist() if n.startswith("ppt/charts/chart")]
    axes = [
        int(n) for chart in charts for n in re.findall(rb'<c:(?:axId|crossAx) val="(-?\d+)', chart)
    ]
    assert len(axes) == 6 * len(charts)
    assert min(axes) > 0


def test_the_same_snapshot_makes_the_same_slides(small_deck: Any, tmp_path: Path) -> None:
    parts = []
    for path in (small_deck.path, save_deck(small_snapshot(), tmp_path / "again.pptx")):
        with zipfile.ZipFile(path) as file:
            slides = [part for part in file.namelist() if part.startswith("ppt/slides/")]
            parts.append({part: file.read(part) for part in slides})
    assert parts[0] == parts[1]


def test_every_shape_of_a_slide_has_an_id_of_its_own(dated_deck: Any) -> None:
    for slide in dated_deck.slides:
        ids = slide._element.xpath(".//p:cNvPr/@id")
        assert len(ids) == len(set(ids))


def test_the_slide_is_16_to_9(small_deck: Any) -> None:
    size = small_deck.presentation.slide_width / small_deck.presentation.slide_height
    assert round(size, 2) == 1.78


def test_states_unheard_of_are_unknown_on_the_slide(make_deck: Any) -> None:
    rows = [("000000000042", "one", "Root", "LOCKED", "ACTIVE")]
    deck = make_deck(make_snapshot(rows))
    assert deck.bars(deck.about("Linked pairs by state")) == {
        "Active": [0, 1],
        label(State.UNKNOWN): [1, 0],
    }


@pytest.mark.parametrize("name", ["deck.ppt", "deck", "deck.pdf"])
def test_another_suffix_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"is no name for a deck. Let it end in .pptx"):
        save_deck(small_snapshot(), tmp_path / name)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no folder"):
        save_deck(small_snapshot(), tmp_path / "none" / "deck.pptx")


def _xml(slide: Any) -> str:
    from lxml import etree  # noqa: PLC0415 - beside its only use

    return etree.tostring(slide._element).decode()
