"""The deck on owners, acceptances, grace, and what was left behind."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from governed import HOSTILE_OWNER, OVERVIEW, acceptances, accepted
from reported import make_snapshot

from toolkit.exports.report import Report
from toolkit.titles import board

Deck = Any


@pytest.fixture(scope="module")
def deck(governed: Report, make_deck: Any) -> Deck:
    """Return the deck of the report; it is only read."""
    return make_deck(governed)


def slide_of(deck: Deck, start: str) -> Any:
    (title,) = (title for title in deck.titles if title.startswith(start))
    return deck.slide(title)


def test_the_first_slides_count_what_is_accepted_and_what_was_left_behind(deck: Deck) -> None:
    first, second = deck.presentation.slides[0], deck.presentation.slides[1]
    assert any(text.startswith(f"{OVERVIEW}\n") for text in deck.texts(first))
    ask = "One GovCloud account was left behind while active: act today"
    assert second.shapes.title.text_frame.text == ask
    assert "Left behind\n1\n+1 since 15 Nov" in deck.texts(second)


def test_what_was_left_behind_is_a_table_with_the_govcloud_id(deck: Deck) -> None:
    slide = slide_of(deck, board.ASK_LEFT_BEHIND)
    (((*head,), (*row,)),) = deck.tables(slide)
    said = dict(zip(head, row, strict=True))
    assert said["GovCloud account"] == "900000000006"
    assert said["Account"] == "100000000006"
    assert said["Last listed"] == "15 Nov 2026"
    assert said["GovCloud state"] == "Active"
    assert said["Owner"] == HOSTILE_OWNER
    assert any(text.startswith("Ask AWS Support") for text in deck.texts(slide))


def test_the_worst_are_those_that_count_with_their_owners(deck: Deck) -> None:
    slide = slide_of(deck, board.WORST)
    (((*head,), (*row,)),) = deck.tables(slide)
    said = dict(zip(head, row, strict=True))
    assert (said["Name"], said["Since"], said["Owner"]) == ("two", "22 Nov 2026", "Ada")
    assert any("1 still in grace" in text for text in deck.texts(slide))


def test_what_is_accepted_has_a_slide_of_its_own(deck: Deck) -> None:
    (((*head,), (*row,)),) = deck.tables(slide_of(deck, board.ACCEPTED))
    said = dict(zip(head, row, strict=True))
    assert (said["Name"], said["Until"], said["Who"]) == ("three", "31 Jan 2027", "finops")
    assert said["Why"] == "Held until the audit"


def test_actions_say_who(deck: Deck) -> None:
    slide = slide_of(deck, board.ask_actions(names_owners=True))
    (((*head,), (*row,)),) = deck.tables(slide)
    assert dict(zip(head, row, strict=True))["Who"] == "Ada (1)"


def test_owners_have_a_chart_where_any_is_known(deck: Deck, small_deck: Deck) -> None:
    assert deck.bars(slide_of(deck, "Ada answers for 1 of 1 mismatch")) == {"High": [1]}
    titles = small_deck.titles
    assert not any(title.startswith(("Ada", "No owner")) for title in titles)


def test_the_trend_counts_what_was_left_behind(deck: Deck) -> None:
    slide = slide_of(deck, "Mismatches and accounts left behind")
    series = {one.name: list(one.values) for one in deck.chart(slide).plots[0].series}
    assert series["Left behind"] == [0, 1]


def test_an_acceptance_that_ended_since_the_last_snapshot_is_a_change(
    governed: Report, make_deck: Any
) -> None:
    rows = [("100000000003", "three", "Sandbox", "ACTIVE", "SUSPENDED")]
    before, now = (make_snapshot(rows, day=day) for day in ("2026-11-15", "2026-11-22"))
    policy = replace(
        governed.policy,
        acceptances=acceptances(accepted(1, rows[0][0], "ACTIVE/SUSPENDED", "2026-11-20")),
    )
    deck = make_deck(Report.of(now, history=[before], policy=policy))
    slide = slide_of(deck, "1 acceptance ended")
    assert "Counts again" in deck.texts(slide)
    assert deck.tables(slide)[0][1][:3] == ["Counts again", "100000000003", "three"]


def test_a_deck_without_any_of_it_has_none_of_these_slides(small_deck: Deck) -> None:
    titles = small_deck.titles
    assert not any("left behind" in title or "accepted" in title for title in titles)


def test_many_left_behind_are_shown_as_far_as_they_fit(governed: Report, make_deck: Any) -> None:
    report = governed
    left = pd.concat([report.left_behind] * 40, ignore_index=True)
    deck = make_deck(report.only(report.pairs.head(1), "One", left_behind=left))
    slide = slide_of(deck, board.ASK_LEFT_BEHIND)
    assert len(deck.tables(slide)[0]) == 11
    assert "30 more in the workbook" in deck.texts(slide)
    bottom = max(shape.top + shape.height for shape in slide.shapes)
    assert bottom <= deck.presentation.slide_height
