"""The slides beyond the pairs: GovCloud's own list, what actions cost, and whom to call."""

import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from reported import (
    HOSTILE,
    WITNESSES,
    agreeing_snapshot,
    asked,
    make_snapshot,
    older_snapshot,
    small_snapshot,
    witnessed_snapshot,
)

from toolkit.exports import Report
from toolkit.titles import board
from toolkit.verdicts import Policy

_EMU = 914_400
_METHOD = "How these numbers came about"


def own_list(deck: Any) -> Any:
    """Return the slide on GovCloud's own list, or None."""
    found = [s for s in deck.slides if any("GovCloud's own list" in t for t in deck.texts(s))]
    return found[0] if found else None


def cards(deck: Any, slide: Any) -> dict[str, list[str]]:
    """Return each card by its label: its number and the word on it."""
    shapes = [s for s in deck.shapes(slide) if s.name.startswith("Key figure: ")]
    texts = [shape.text_frame.text.split("\n") for shape in shapes]
    return {label: rest for label, *rest in texts}


@pytest.fixture(scope="module")
def deck(followed_report: Report, make_deck: Any) -> Any:
    """Return the deck of all findings; it is only read."""
    return make_deck(followed_report)


@pytest.fixture(scope="module")
def calling_deck(witnessed_report: Report, make_deck: Any) -> Any:
    """Return the deck of one snapshot that names tags and whom to call; it is only read."""
    report = replace(witnessed_report, names_contacts=True)
    return make_deck(report.with_tags(["stage", "name"]))


@pytest.fixture(scope="module")
def agreeing_deck(make_deck: Any) -> Any:
    """Return the deck of pairs that agree with the list, none of them older; it is only read."""
    rows = [{"govcloud_account_id": f"9{i:011d}", "state": "ACTIVE"} for i in range(3)]
    return make_deck(
        asked(agreeing_snapshot(3), {"witness": rows, "created": []}), [older_snapshot()]
    )


@pytest.fixture(scope="module")
def long_deck(make_deck: Any) -> Any:
    """Return the deck of thirty pairs, of which the list has one, suspended; it is only read."""
    rows = [(f"{i:012d}", "a", "u", "ACTIVE", "ACTIVE") for i in range(30)]
    listed = [{"govcloud_account_id": "900000000029", "state": "SUSPENDED"}]
    return make_deck(asked(make_snapshot(rows), {"witness": listed}))


def test_each_finding_is_counted_and_the_worst_stand_below_with_both_states(deck: Any) -> None:
    slide = own_list(deck)
    assert slide.shapes.title.text_frame.text == (
        "1 GovCloud account has outlived its standard account, 4 more deserve a look; 2 of 7 agree"
    )
    assert {label: number for label, (number, _) in cards(deck, slide).items()} == {
        "Agree": "2",
        "Disagree": "1",
        "Outside": "1",
        "Without pair": "1",
        "Pair left": "1",
        "Created only": "1",
    }
    head, *rows = deck.tables(slide)[0]
    assert head[3:] == ["Finding", "Pair", "List", "What to do"]
    assert [(row[0][2:], *row[1:6]) for row in rows] == [
        ("Critical", "900000000006", "100000000006", "Pair left list", "–", "Active"),
        ("High", "900000000077", "not known", "Without pair", "–", "Active"),
        ("Medium", "900000000002", "100000000002", "State disagrees", "Active", "Suspended"),
        (
            *("Medium", "900000000003", "100000000003"),
            *("Not in GovCloud organization", "Suspended", "–"),
        ),
        ("Medium", "900000000055", "100000000005", "Created but not paired", "–", "–"),
    ]
    assert all(len(row[6]) > 20 for row in rows)


def test_there_is_no_such_slide_where_neither_the_list_nor_creations_were_seen(
    small_deck: Any, make_deck: Any
) -> None:
    assert own_list(small_deck) is None
    denied = asked(agreeing_snapshot(1), {}, {"witness": ("ACCESS_DENIED", "no")})
    assert own_list(make_deck(denied)) is None


def test_where_the_list_was_denied_creations_are_counted_and_nothing_else_is_claimed(
    make_deck: Any,
) -> None:
    tables = {"created": WITNESSES["created"]}
    deck = make_deck(asked(small_snapshot(), tables, {"witness": ("ACCESS_DENIED", "no right")}))
    slide = own_list(deck)
    title = slide.shapes.title.text_frame.text
    assert title.endswith("; the GovCloud organization's list was denied: no right")
    shown = cards(deck, slide)
    assert shown.pop("Created only") == ["1", "never paired"]
    assert shown.pop("Not compared") == ["4", "one side not seen"]
    assert set(map(tuple, shown.values())) == {("–", "not seen")}
    assert "GovCloud organization" in [row[0] for row in deck.tables(deck.slide(_METHOD))[0]]


def test_without_an_older_snapshot_nobody_claims_that_no_pair_has_left(
    calling_deck: Any, agreeing_deck: Any
) -> None:
    for deck, said in (
        (calling_deck, ["–", "not seen"]),
        (agreeing_deck, ["0", "GovCloud is still there"]),
    ):
        assert cards(deck, own_list(deck))["Pair left"] == said


def test_where_a_look_up_failed_nobody_claims_that_every_account_has_a_pair(
    deck: Any, make_deck: Any
) -> None:
    rows = [
        ("000000000042", "a", "u", "ACTIVE", "ACTIVE"),
        ("000000000043", "b", "u", "ACTIVE", None),
    ]
    listed = [{"govcloud_account_id": f"90000000004{end}", "state": "ACTIVE"} for end in "23"]
    failed = make_deck(asked(make_snapshot(rows, failed=["000000000043"]), {"witness": listed}))
    for one, said in ((deck, ["1", "who pays?"]), (failed, ["–", "not seen"])):
        assert cards(one, own_list(one))["Without pair"] == said


def test_where_all_agree_there_is_no_table(agreeing_deck: Any) -> None:
    slide = own_list(agreeing_deck)
    assert slide.shapes.title.text_frame.text == "All 3 GovCloud accounts agree"
    assert agreeing_deck.tables(slide) == []


def test_more_than_fit_are_counted_and_end_above_the_source(long_deck: Any) -> None:
    slide = own_list(long_deck)
    table = long_deck.tables(slide)[0]
    assert f"{30 - (len(table) - 1)} more in the workbook" in long_deck.texts(slide)
    (frame,) = [shape for shape in slide.shapes if shape.has_table]
    assert (frame.top + sum(row.height for row in frame.table.rows)) / _EMU <= 6.8


def test_a_long_group_does_not_hide_what_else_was_found(long_deck: Any) -> None:
    found = [row[3] for row in long_deck.tables(own_list(long_deck))[0][1:]]
    assert len(found) > 4
    # The one that is milder stands last.
    assert found == ["Not in GovCloud organization"] * (len(found) - 1) + ["State disagrees"]


def test_a_selection_counts_its_own(followed_report: Report, make_deck: Any) -> None:
    whole = followed_report
    deck = make_deck(whole.only(whole.pairs.head(2), "Only two"))
    slide = own_list(deck)
    assert "2 GovCloud accounts known to either side" in deck.texts(slide)[1]
    assert [row[1] for row in deck.tables(slide)[0][1:]] == ["900000000002"]


def test_actions_name_what_govcloud_cost_where_that_was_seen(
    calling_deck: Any, small_deck: Any
) -> None:
    slide = calling_deck.slide(board.ask_actions(names_owners=True))
    head, *rows = calling_deck.tables(slide)[0]
    assert head[2] == "GovCloud spend"
    # Within the grace of its closure, the payer is as bad as the other.
    assert [row[2] for row in rows] == ["5,000 JPY; 70 USD", "3,000 USD, estimated"]
    said = "2 different things to do, worst first; GovCloud spend: the last 3 full months"
    assert f"2 mismatches, {said}" in calling_deck.texts(slide)
    plain = small_deck.slide(board.ask_actions(names_owners=False))
    assert "GovCloud spend" not in small_deck.tables(plain)[0][0]


def test_two_tags_have_room_beside_the_worst_pairs_and_the_rest_is_counted(
    make_deck: Any,
) -> None:
    tags = ["owner", "stage", "name"]
    unowned = Policy(owner_tag="")
    deck = make_deck(Report.of(witnessed_snapshot(), tags=tags, policy=unowned))
    slide = deck.slide(board.WORST)
    head, *rows = deck.tables(slide)[0]
    assert head[-2:] == ["Tag: owner", "Tag: stage"]
    assert [row[-2:] for row in rows] == [["", ""], ["=1+1", "prod"]]
    assert "1 chosen tag more in the workbook" in deck.texts(slide)


def test_an_owner_takes_the_room_of_one_tag(calling_deck: Any) -> None:
    slide = calling_deck.slide(board.WORST)
    head, *rows = calling_deck.tables(slide)[0]
    assert head[-2:] == ["Owner", "Tag: stage"]
    assert [row[-2:] for row in rows] == [["", ""], ["=1+1", "prod"]]
    assert "1 chosen tag more in the workbook" in calling_deck.texts(slide)


def test_whom_to_call_has_a_slide_where_it_was_asked_for_alone(
    calling_deck: Any, deck: Any
) -> None:
    slide = calling_deck.slide("Whom to call for 2 accounts whose states disagree")
    assert calling_deck.tables(slide)[0][1:] == [
        ["100000000003", "three", "Operations", "=Bob", "bob@call.example", ""],
        ["100000000002", "two", "Billing", "none is set", "", ""],
        ["100000000002", "two", "Security", "Ada, CISO", "ada@call.example", "+1 555 0100"],
    ]
    assert not [title for title in deck.titles if "Whom" in title]


def test_the_method_fits_its_slides_whatever_was_asked(make_deck: Any) -> None:
    unseen = dict.fromkeys(WITNESSES, ("ACCESS_DENIED", "x " * 400))
    report = Report.of(asked(small_snapshot(), WITNESSES, unseen), contacts=True)
    deck = make_deck(report)
    slides = [s for s, t in zip(deck.slides, deck.titles, strict=True) if t.startswith(_METHOD)]
    for slide in slides:
        (frame,) = [shape for shape in slide.shapes if shape.has_table]
        assert (frame.top + sum(row.height for row in frame.table.rows)) / _EMU <= 7.0
    topics = [row[0] for slide in slides for row in deck.tables(slide)[0][1:]]
    assert topics == [topic for topic, _ in report.method]


def test_hostile_tags_names_and_contacts_are_text(make_deck: Any) -> None:
    texts = [HOSTILE[place] for place in (0, 4, 9, 14)]
    named = [(f"{number:012d}", text) for number, text in enumerate(texts)]
    tables = {
        "tags": [
            {"account_id": account, "key": key, "value": text}
            for account, text in named
            for key in texts
        ],
        "witness": [
            {"govcloud_account_id": f"9{account[1:]}", "name": text, "state": text}
            for account, text in named
        ],
        "contacts": [
            {"account_id": account, "contact_type": "BILLING", "name": text}
            for account, text in named
        ],
    }
    rows = [(account, text, text, "CLOSED", "ACTIVE") for account, text in named]
    # Two tags have room, and what they are called stands above them.
    tags = [HOSTILE[14], HOSTILE[4]]
    deck = make_deck(Report.of(asked(make_snapshot(rows), tables), tags=tags, contacts=True))
    with zipfile.ZipFile(deck.path) as file:
        slides = [file.read(n).decode() for n in file.namelist() if n.startswith("ppt/slides/s")]
    assert not any("hlinkClick" in part or "<script" in part for part in slides)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", "".join(slides))
