"""The deck's slides: which of them draws which chart."""

from typing import Any

from toolkit.charts import CHARTS
from toolkit.exports import Report
from toolkit.exports.deck.slides import SLIDES


def test_a_slide_that_draws_a_chart_names_one_there_is() -> None:
    drawn = [part.chart for part in SLIDES if part.chart]
    assert set(drawn) <= {chart.key for chart in CHARTS}
    assert len(set(drawn)) == len(drawn)


def test_what_one_may_look_up_follows_what_a_board_needs() -> None:
    places = [part.in_appendix for part in SLIDES]
    assert places == sorted(places)
    body = [part.chart for part in SLIDES if not part.in_appendix]
    assert not {"matrix", "flows"} & set(body)


def test_every_slide_has_notes_that_say_where_its_numbers_are_from(dated_deck: Any) -> None:
    for slide, title in zip(dated_deck.slides, dated_deck.titles, strict=True):
        said, of, source = slide.notes_slide.notes_text_frame.text.split("\n")
        assert said.endswith((".", "…")), title
        assert of.startswith("From: ")
        assert source.endswith("snapshot 2026-11-22 03:00 UTC.")
    summary = dated_deck.slides[1].notes_slide.notes_text_frame.text
    assert summary.startswith(f"{dated_deck.titles[1]}. six: left the list after 15 November 2026")


def test_the_summary_names_the_worst_with_unit_since_and_what_to_do(dated_deck: Any) -> None:
    head, first, *_ = dated_deck.tables(dated_deck.slides[1])[0]
    said = dict(zip(head, first, strict=True))
    assert said["Name and unit"] == "six · Sandbox"
    assert (said["GovCloud account"], said["Since"]) == ("900000000006", "after 15 Nov 2026")
    assert (said["What"], said["Severity"]) == ("Left the list", "◆ Critical")
    assert said["What to do"].startswith("Ask AWS Support")


def test_a_narrowed_selection_has_no_rate_and_says_on_every_slide_of_how_many(
    dated_report: Report, make_deck: Any
) -> None:
    deck = make_deck(dated_report.narrowed(["HIGH"], "Sandbox").commented("For the board"))
    note = "1 of Sandbox's 2 pairs is high"
    for slide in deck.slides:
        assert any(note in text for text in deck.texts(slide))
    assert "For the board" in deck.texts(deck.slides[0])[1]
    assert not any("Mismatch rate" in text for text in deck.texts(deck.slides[1]))
    assert deck.slide("The only selected pair disagrees")
    assert deck.presentation.core_properties.subject.startswith(note)
