"""What a selection is said to be, and what the worst of it asks for."""

import pandas as pd
import pytest
from governed import governed_report
from reported import Row, make_snapshot

from toolkit import titles
from toolkit.exports import Report

AGREE = ("ACTIVE", "ACTIVE")
NO_PAYER = ("CLOSED", "ACTIVE")
CUT_OFF = ("ACTIVE", "SUSPENDED")
ALONE = ("ACTIVE", None)


def pairs_of(*states: tuple[str, str | None]) -> pd.DataFrame:
    rows: list[Row] = [
        (f"1{place:011d}", f"n{place}", "Sandbox", standard, govcloud)
        for place, (standard, govcloud) in enumerate(states)
    ]
    # Seen for months: nothing of it is in grace any longer.
    return Report.of(make_snapshot(rows), history=[make_snapshot(rows, day="2026-06-01")]).pairs


@pytest.mark.parametrize(
    ("count", "where", "which", "said"),
    [
        (2, "Northwind", "critical or high", "2 of Northwind's 3 pairs are critical or high"),
        (1, "Programs", "critical", "1 of Programs' 3 pairs is critical"),
        (3, "", "", "3 of the organization's 3 pairs are chosen"),
        (0, "Northwind", "low", "None of Northwind's 3 pairs are low"),
    ],
)
def test_a_selection_says_of_how_many_linked_pairs_it_is(
    count: int, where: str, which: str, said: str
) -> None:
    base = pairs_of(NO_PAYER, CUT_OFF, AGREE, ALONE)
    found = titles.selection_in_words(base.head(count), base, where=where, which=which)
    assert found == said


def test_accounts_are_counted_where_not_only_linked_pairs_were_chosen() -> None:
    base = pairs_of(NO_PAYER, CUT_OFF, AGREE, ALONE)
    said = titles.selection_in_words(base.tail(2), base)
    assert said == "2 of the organization's 4 accounts are chosen"


def test_what_was_left_behind_is_counted_beside_those_that_are_listed() -> None:
    report = governed_report()
    said = titles.selection_in_words(report.pairs.head(2), report.pairs, report.left_behind)
    assert said == "2 of the organization's 4 pairs are chosen; 1 more was left behind"


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([NO_PAYER], "One GovCloud account runs without a payer: act today"),
        ([NO_PAYER] * 2 + [CUT_OFF], "Two GovCloud accounts run without a payer: act today"),
        ([CUT_OFF] * 13, "13 pairs are Active → Suspended: act this week"),
        (
            [CUT_OFF, ("SUSPENDED", "ACTIVE"), ("PENDING_ACTIVATION", "ACTIVE")],
            "Three cases are of high severity: act this week",
        ),
        ([AGREE, ALONE], "The only linked pair agrees"),
    ],
)
def test_the_worst_says_what_it_asks_for_and_by_when(
    states: list[tuple[str, str | None]], said: str
) -> None:
    assert titles.ask(pairs_of(*states)) == said


def test_what_was_left_behind_asks_first_and_says_after_when_it_left() -> None:
    report = governed_report()
    said = titles.ask(report.pairs, report.left_behind)
    assert said == "One GovCloud account was left behind while active: act today"
    left, pair = report.worst.to_dict("records")
    assert titles.case_since(left) == "left the list after 15 November 2026"
    assert titles.case_since(pair) == "since the snapshot of 22 November 2026"
