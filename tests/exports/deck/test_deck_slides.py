"""The deck's slides: which of them draws which chart."""

from typing import Any

import pytest
from reported import make_snapshot, small_snapshot

from toolkit import analysis
from toolkit.charts import CHARTS
from toolkit.exports import Report
from toolkit.exports.deck.slides import SLIDES
from toolkit.exports.deck.slides.spoken import CONTINUED
from toolkit.titles import board


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


@pytest.mark.parametrize("name", ["small_deck", "dated_deck", "hostile_deck"])
def test_no_two_slides_have_the_same_title(name: str, request: pytest.FixtureRequest) -> None:
    titles = request.getfixturevalue(name).titles
    assert len(set(titles)) == len(titles)


def test_the_matrix_tells_of_how_many_pairs_agree_where_none_is_off() -> None:
    one = ("100000000001", "one", "Root", "ACTIVE", "ACTIVE")
    odd = ("100000000002", "two", "Root", "ACTIVE", "LOCKED")
    said = [board.tell_matrix(Report.of(make_snapshot(rows)).pairs) for rows in ([one], [one, odd])]
    assert said == [
        "Pair by pair, both sides agree",
        "Pair by pair, both sides agree for 1 of 2 linked pairs",
    ]


def test_the_summary_says_who_was_not_seen_of_a_selection_too(make_deck: Any) -> None:
    report = Report.of(small_snapshot(failed=["100000000002"])).narrowed(["HIGH"])
    assert report.figures.unknown == 0
    deck = make_deck(report)
    texts = deck.texts(deck.slides[1])
    assert "Unknown\n1\nnot seen or not understood" in texts
    assert any(text.endswith("and what to do · 1 account could not be looked up") for text in texts)
    notes = deck.slides[1].notes_slide.notes_text_frame.text
    assert "Not seen is not fine: 1 account could not be looked up." in notes


def test_the_summary_names_five_and_says_where_the_others_are(hostile_deck: Any) -> None:
    summary = hostile_deck.slides[1]
    assert len(hostile_deck.tables(summary)[0]) == 1 + 5
    assert any(
        text.endswith(" more cases: the worst follow, all are in the workbook")
        for text in hostile_deck.texts(summary)
    )


def test_a_unit_has_its_rate_beside_its_count(dated_deck: Any, dated_report: Report) -> None:
    first = analysis.mismatches_by_ou(dated_report.pairs).iloc[0]
    slide = dated_deck.about("Mismatched pairs by organizational unit")
    bars = list(dated_deck.chart(slide).plots[0].categories)
    assert bars[0] == f"{first['ou_path']}  (1 of {first['linked']}, {100 // first['linked']} %)"


def test_a_slide_that_goes_on_does_not_say_first_again(hostile_deck: Any) -> None:
    first, second, *_ = hostile_deck.all(board.WORST)
    said = [slide.notes_slide.notes_text_frame.text.split("\n")[0] for slide in (first, second)]
    assert said[0].endswith("the workbook has every column.")
    assert said[1] == CONTINUED
