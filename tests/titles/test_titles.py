"""Titles: true for none, one and many."""

from collections.abc import Sequence
from functools import cache

import pandas as pd
import pytest

from toolkit import analysis, schema, titles
from toolkit.titles import counted, day, number, percent, share, times_in_words
from toolkit.verdicts import judge_pairs

Group = tuple[int, str, str]
"""So many pairs of a standard state with a GovCloud state or outcome."""

GOOD = ("ACTIVE", "ACTIVE")
GONE = ("ACTIVE", "CLOSED")
CUT_OFF = ("ACTIVE", "SUSPENDED")
WORST = ("CLOSED", "ACTIVE")
DENIED = ("ACTIVE", "ACCESS_DENIED")
FAILED = ("ACTIVE", "FAILED")
ALONE = ("ACTIVE", "NOT_LINKED")
STRANGE = ("ACTIVE", "SOMETHING_NEW")
KINDS = [GOOD, GONE, CUT_OFF, WORST, DENIED, FAILED, ALONE, STRANGE]


@cache
def one_of_each() -> pd.DataFrame:
    """Judge one pair of each kind: pairs of a kind differ in nothing that a title says."""
    words = [str(outcome) for outcome in schema.Outcome]
    ids = [f"{place:012d}" for place in range(len(KINDS))]
    accounts = pd.DataFrame({"account_id": ids, "standard_state": [kind[0] for kind in KINDS]})
    govcloud = pd.DataFrame(
        {
            "account_id": ids,
            "govcloud_state": [None if found in words else found for _, found in KINDS],
            "outcome": [found if found in words else "FOUND" for _, found in KINDS],
        }
    )
    return judge_pairs(accounts, govcloud)


def pairs_of(*groups: Group, units: Sequence[str | None] | None = None) -> pd.DataFrame:
    """Return judged pairs: so many of each kind, in these units."""
    places = [KINDS.index((one, other)) for count, one, other in groups for _ in range(count)]
    pairs = one_of_each().iloc[places].reset_index(drop=True)
    pairs["account_id"] = pd.Series([f"{place:012d}" for place in range(len(pairs))], dtype="str")
    if units is not None:
        pairs["ou_path"] = pd.Series(units, dtype="str")
    return pairs


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        ((), "There are no accounts"),
        (((1, *ALONE),), "The only account has no GovCloud account"),
        (((1200, *ALONE),), "None of 1,200 accounts has a GovCloud account"),
        (((1, *FAILED),), "The only account could not be looked up"),
        (((3, *FAILED),), "None of 3 accounts could be looked up"),
        (
            ((3, *ALONE), (1, *FAILED)),
            "No GovCloud account was found, but 1 account could not be looked up",
        ),
        (((1, *STRANGE),), "The only linked pair could not be judged"),
        (((2, *STRANGE),), "None of 2 linked pairs could be judged"),
        (
            ((5, *GOOD), (1, *STRANGE)),
            "No judged pair disagrees, but 1 linked pair could not be judged",
        ),
        (((1, *GOOD),), "The only linked pair agrees"),
        (((214, *GOOD),), "All 214 linked pairs agree"),
        (
            ((214, *GOOD), (12, *DENIED)),
            "All 214 linked pairs agree, but 12 accounts could not be looked up",
        ),
        (((1, *WORST),), "The only linked pair disagrees, critically"),
        (((1, *GONE),), "The only linked pair disagrees, not critically"),
        (((213, *GOOD), (1, *GONE)), "1 of 214 linked pairs disagrees, not critically"),
        (
            ((176, *GOOD), (35, *GONE), (3, *WORST)),
            "38 of 214 linked pairs disagree, 3 of them critically",
        ),
        (
            ((1198, *GOOD), (2, *GONE)),
            "2 of 1,200 linked pairs disagree, none of them critically",
        ),
        (((2, *WORST),), "All 2 linked pairs disagree, all of them critically"),
    ],
)
def test_the_overview_says_how_many_disagree_and_how_badly(
    groups: tuple[Group, ...], title: str
) -> None:
    assert titles.title_overview(pairs_of(*groups)) == title


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        (((2, *GOOD),), "All 2 linked pairs agree"),
        (((2, *GOOD), (1, *GONE)), "1 of 3 linked pairs disagrees: Active → Closed"),
        (
            ((2, *GOOD), (2, *GONE)),
            "2 of 4 linked pairs disagree: all of them Active → Closed",
        ),
        (
            ((2, *GOOD), (2, *GONE), (1, *WORST)),
            "3 of 5 linked pairs disagree; Active → Closed is the largest group (2)",
        ),
        (
            ((2, *GOOD), (2, *GONE), (2, *WORST)),
            (
                "4 of 6 linked pairs disagree; Closed → Active and Active → Closed are the largest"
                " groups (2 each)"
            ),
        ),
        (
            ((9, *GOOD), (1, *GONE), (1, *WORST), (1, *CUT_OFF)),
            "3 of 12 linked pairs disagree, in 3 ways of at most 1 pair each",
        ),
    ],
)
def test_the_matrix_names_the_largest_group(groups: tuple[Group, ...], title: str) -> None:
    assert titles.title_state_matrix(pairs_of(*groups)) == title


@pytest.mark.parametrize(
    ("units", "title"),
    [
        (["a"], "The only mismatch is in a"),
        ([None], "The only mismatch is in accounts without a known unit"),
        (["a", "a"], "All 2 mismatches are in a"),
        (["a", "a", "b"], "a holds 67 % of the mismatches"),
        ([None, None, "b"], "67 % of the mismatches are in accounts without a known unit"),
        (["a", "b"], "a and b hold 50 % of the mismatches each"),
        (["a", None], "2 mismatches, at most 1 in one organizational unit"),
        (["a", "b", "c"], "3 mismatches, at most 1 in one organizational unit"),
        (["a"] * 299 + ["b"], "a holds 99 % of the mismatches"),
        (["<b>x</b>\tand\ny"], "The only mismatch is in <b>x</b> and y"),
    ],
)
def test_the_unit_with_most_mismatches_is_named(units: list[str | None], title: str) -> None:
    pairs = pairs_of((len(units), *GONE), units=units)
    assert titles.title_mismatches_by_ou(pairs) == title


@pytest.mark.parametrize(
    ("units", "by", "title"),
    [
        (["a"], "rate", "Most often in a: 1 of 1 linked pair disagrees"),
        (["a", "a", "b"], "rate", "Most often in a: 2 of 2 linked pairs disagree"),
        (["a"], "critical", "The only critical mismatch is in a"),
        (["a", "a"], "critical", "All 2 critical mismatches are in a"),
        (["a", "a", "b"], "critical", "2 of 3 critical mismatches are in a"),
        (["a", "b"], "critical", "2 critical mismatches, at most 1 in one organizational unit"),
    ],
)
def test_the_unit_that_is_the_worst_otherwise_is_named(
    units: list[str], by: analysis.Ranked, title: str
) -> None:
    pairs = pairs_of((len(units), "CLOSED", "ACTIVE"), units=units)
    assert titles.title_mismatches_by_ou(pairs, by=by) == title


def test_that_no_mismatch_is_critical_is_said() -> None:
    pairs = pairs_of((1, "ACTIVE", "CLOSED"), units=["a"])
    said = "None of the mismatches is critical"
    assert titles.title_mismatches_by_ou(pairs, by="critical") == said


def test_a_long_unit_is_shortened_in_the_middle() -> None:
    title = titles.title_mismatches_by_ou(pairs_of((1, *GONE), units=["Start" + "x" * 200 + "End"]))
    assert title.startswith("The only mismatch is in Startx")
    assert "…" in title
    assert title.endswith("xEnd")
    assert len(title) < 80


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        (((1, *GONE),), "The only mismatch is Active → Closed"),
        (((3, *GONE),), "All 3 mismatches are Active → Closed"),
        (((3, *GONE), (1, *WORST)), "3 of 4 mismatches are Active → Closed"),
        (
            ((1, *GONE), (1, *WORST)),
            "Closed → Active and Active → Closed lead with 1 of 2 mismatches each",
        ),
        (
            ((1, *GONE), (1, *WORST), (1, *CUT_OFF)),
            "3 mismatches run 3 ways, at most 1 alike",
        ),
        (((1, *GOOD),), "The only linked pair agrees"),
    ],
)
def test_the_most_frequent_flow_is_named(groups: tuple[Group, ...], title: str) -> None:
    assert titles.title_mismatch_flows(pairs_of(*groups)) == title


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        (((5, *GOOD),), "Both sides of the linked pairs have 5 active accounts"),
        (((1, *GOOD),), "Both sides of the linked pairs have 1 active account"),
        (
            ((5, *GOOD), (1, *GONE), (1, *WORST)),
            "Both sides of the linked pairs have 6 active accounts, but 2 of 7 pairs disagree",
        ),
        (
            ((5, *GOOD), (28, *GONE)),
            "GovCloud has 28 fewer active accounts than the standard side",
        ),
        (
            ((5, *GOOD), (1, *WORST)),
            "GovCloud has 1 more active account than the standard side",
        ),
        (
            ((5, *GOOD), (1, *STRANGE)),
            "GovCloud has 1 fewer known active account than the standard side",
        ),
        (((2, *ALONE),), "None of 2 accounts has a GovCloud account"),
    ],
)
def test_the_distribution_compares_active_accounts(groups: tuple[Group, ...], title: str) -> None:
    assert titles.title_state_distribution(pairs_of(*groups)) == title


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        ((), "There are no accounts"),
        (((1, *GONE),), "1 of 1 account is active on the standard side, 0 in GovCloud"),
        (
            ((3, *ALONE), (2, *GOOD), (1, *WORST)),
            "5 of 6 accounts are active on the standard side, 3 in GovCloud",
        ),
    ],
)
def test_the_distribution_of_all_accounts_counts_active_ones(
    groups: tuple[Group, ...], title: str
) -> None:
    assert titles.title_state_distribution(pairs_of(*groups), linked_only=False) == title


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        (((1, *WORST),), "1 critical mismatch"),
        (((3, *GONE),), "3 medium mismatches"),
        (((3, *GONE), (1, *WORST)), "4 mismatches: 1 critical, 3 medium"),
        (((3, *GOOD),), "All 3 linked pairs agree"),
    ],
)
def test_mismatches_are_counted_by_severity(groups: tuple[Group, ...], title: str) -> None:
    assert titles.title_mismatches(pairs_of(*groups)) == title


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        ((), "There are no accounts"),
        (((3, *GOOD),), "Every account was looked up"),
        (((1, *FAILED),), "1 account could not be looked up"),
        (
            ((11, *FAILED), (1, *DENIED)),
            "12 accounts could not be looked up",
        ),
        (((12, *DENIED),), "12 accounts could not be looked up: access was denied"),
        (
            ((3, *GOOD), (2, *ALONE), (12, *DENIED)),
            "12 accounts could not be looked up: access was denied",
        ),
        (((1, *STRANGE),), "1 account has a state that is missing or not known"),
        (
            ((2, *STRANGE), (1, *FAILED)),
            "1 account could not be looked up; 2 have a state that is missing or not known",
        ),
    ],
)
def test_what_was_not_seen_is_told_from_what_was_not_understood(
    groups: tuple[Group, ...], title: str
) -> None:
    assert titles.title_unknown(pairs_of(*groups)) == title


@pytest.mark.parametrize(
    ("groups", "title"),
    [
        (((3, *GOOD),), "Nothing to do"),
        (((3, *GONE),), "3 mismatches, 1 thing to do"),
        (((3, *GONE), (1, *WORST)), "4 mismatches, 2 different things to do"),
        (((2, *FAILED),), "2 accounts could not be looked up"),
    ],
)
def test_things_to_do_are_counted(groups: tuple[Group, ...], title: str) -> None:
    assert titles.title_actions(pairs_of(*groups)) == title


def links_of(**counts: int) -> pd.DataFrame:
    """Return links with so many of each status; FLAGGED are linked and worth a look."""
    rows = [
        (word, "HIGH" if word == "FLAGGED" else None)
        for word in counts
        for _ in range(counts[word])
    ]
    table = pd.DataFrame(rows, columns=["link_status", "severity"])
    return table.replace({"link_status": {"FLAGGED": "LINKED"}}).assign(region="us-east-1")


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({}, "No account links were found"),
        ({"LINKED": 1}, "The only account link is in place"),
        ({"LINKED": 12}, "All 12 account links are in place"),
        ({"REJECTED": 2}, "None of 2 account links is in place"),
        ({"LINKED": 1, "REJECTED": 2}, "1 of 3 account links is in place"),
        ({"LINKED": 9, "FLAGGED": 3}, "3 of 12 account links are worth a look"),
        ({"LINKED": 11, "FLAGGED": 1}, "1 of 12 account links is worth a look"),
        ({"FLAGGED": 2}, "All 2 account links are worth a look"),
        ({"FLAGGED": 1}, "The only account link is worth a look"),
    ],
)
def test_links_worth_a_look_come_first(counts: dict[str, int], title: str) -> None:
    assert titles.title_link_status(links_of(**counts)) == title


def trend_of(first: int, last: int, *, start: str = "2026-08-09T03:00Z", lost: int = 0) -> str:
    """Return the title of a trend from so many mismatches to so many."""
    return titles.title_mismatch_trend(
        analysis.trend(
            [
                (pd.Timestamp(start), pairs_of((first, *GONE))),
                (pd.Timestamp("2026-11-22T03:00Z"), pairs_of((last, *GONE), (lost, *FAILED))),
            ]
        )
    )


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (60, 40, "Mismatches are down by a third since August"),
        (60, 30, "Mismatches are down by half since August"),
        (60, 50, "Mismatches are down by 17 % since August"),
        (40, 50, "Mismatches are up by a quarter since August"),
        (40, 80, "Mismatches are up by 100 % since August"),
        (40, 90, "Mismatches are up from 40 to 90 since August"),
        (3, 2, "Mismatches are down from 3 to 2 since August"),
        (0, 60, "Mismatches are up from none to 60 since August"),
        (60, 0, "Mismatches are down from 60 to none since August"),
        (38, 38, "Mismatches stand at 38, as in August"),
        (0, 0, "There are no mismatches, as in August"),
        (1000, 1, "Mismatches are down by 99 % since August"),
    ],
)
def test_the_trend_says_how_mismatches_moved(first: int, last: int, title: str) -> None:
    assert trend_of(first, last) == title


AUGUST, NOVEMBER = (pd.Timestamp(day) for day in ("2026-08-09T03:00Z", "2026-11-22T03:00Z"))


@pytest.mark.parametrize(
    ("mismatches", "left", "title"),
    [
        ((23, 20), (0, 5), "Mismatches and accounts left behind are up by 9 % since August"),
        ((23, 22), (0, 1), "Mismatches and accounts left behind stand at 23, as in August"),
        ((3, 2), (0, 2), "Mismatches and accounts left behind are up from 3 to 4 since August"),
        ((5, 2), (1, 1), "Mismatches and accounts left behind are down from 6 to 3 since August"),
        ((5, 2), (1, 0), "Mismatches and accounts left behind are down from 6 to 2 since August"),
        ((1, 0), (0, 1), "Mismatches and accounts left behind stand at 1, as in August"),
        ((0, 0), (0, 1), "Accounts left behind are up from none to 1 since August"),
        ((0, 0), (2, 2), "Accounts left behind stand at 2, as in August"),
        ((0, 0), (2, 0), "Accounts left behind are down from 2 to none since August"),
    ],
)
def test_what_was_left_behind_is_never_an_improvement(
    mismatches: tuple[int, int], left: tuple[int, int], title: str
) -> None:
    taken = (AUGUST, NOVEMBER)
    history = [
        (time, pairs_of((count, *GONE))) for time, count in zip(taken, mismatches, strict=True)
    ]
    trend = analysis.trend(history, dict(zip(taken, left, strict=True)))
    assert titles.title_mismatch_trend(trend) == title


@pytest.mark.parametrize(
    ("left", "title"),
    [
        (1, "3 mismatches on 22 November 2026, and 1 account left behind"),
        (2, "3 mismatches on 22 November 2026, and 2 accounts left behind"),
    ],
)
def test_one_snapshot_says_what_was_left_behind_too(left: int, title: str) -> None:
    trend = analysis.trend([(NOVEMBER, pairs_of((3, *GONE)))], {NOVEMBER: left})
    assert titles.title_mismatch_trend(trend) == title


@pytest.mark.parametrize(
    ("start", "since"),
    [
        ("2025-12-07T03:00Z", "since December 2025"),
        ("2026-11-08T03:00Z", "since 8 November"),
        ("2026-11-22T01:00Z", "since 01:00 UTC"),
    ],
)
def test_the_beginning_of_a_trend_is_named_as_roughly_as_is_clear(start: str, since: str) -> None:
    assert trend_of(60, 30, start=start) == f"Mismatches are down by half {since}"


def test_a_fall_is_not_claimed_without_saying_that_less_was_seen() -> None:
    assert trend_of(60, 30, lost=30) == (
        "Mismatches are down by half since August, but 30 accounts could not be judged this time"
    )


def test_one_snapshot_is_no_trend() -> None:
    one = [(pd.Timestamp("2026-11-22T03:00Z"), pairs_of((1, *GONE), (2, *GOOD)))]
    assert titles.title_mismatch_trend(analysis.trend(one)) == "1 mismatch on 22 November 2026"
    assert titles.title_state_trend(analysis.state_trend(one)) == (
        "2 active GovCloud accounts on 22 November 2026"
    )
    assert titles.title_mismatch_trend(analysis.trend([])) == "There are no snapshots yet"
    assert titles.title_state_trend(analysis.state_trend([])) == "There are no snapshots yet"


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (100, 143, "Active GovCloud accounts went from 100 to 143 since August"),
        (7, 7, "7 active GovCloud accounts, as many as in August"),
    ],
)
def test_the_state_trend_follows_active_accounts(first: int, last: int, title: str) -> None:
    history = [
        (pd.Timestamp("2026-08-09T03:00Z"), pairs_of((first, *GOOD))),
        (pd.Timestamp("2026-11-22T03:00Z"), pairs_of((last, *GOOD))),
    ]
    assert titles.title_state_trend(analysis.state_trend(history)) == title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ([], "No mismatch appeared or was resolved"),
        (["APPEARED"], "1 mismatch appeared"),
        (["RESOLVED"], "1 mismatch was resolved"),
        (["APPEARED"] * 5 + ["RESOLVED"] * 3, "5 mismatches appeared and 3 were resolved"),
        (["ACCEPTANCE_ENDED"], "1 acceptance ended"),
        (["CHANGED"] + ["ACCEPTANCE_ENDED"] * 2, "1 mismatch changed and 2 acceptances ended"),
        (["CHANGED"] * 2 + ["VANISHED"], "2 mismatches changed and 1 account vanished"),
        (
            ["APPEARED", "VANISHED", "VANISHED", "JOINED", "LOST_SIGHT"],
            (
                "1 mismatch appeared, 2 accounts vanished, 1 joined and 1 account could no longer"
                " be judged"
            ),
        ),
    ],
)
def test_changes_are_counted_by_what_happened(words: list[str], title: str) -> None:
    assert titles.title_changes(pd.DataFrame({"change": words})) == title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["VANISHED"] * 2, "2 accounts vanished: 2 of 5 changes"),
        ([], "None of 5 changes is of this kind"),
        (["APPEARED"] * 5, "5 mismatches appeared"),
    ],
)
def test_chosen_changes_say_of_how_many_they_are(words: list[str], title: str) -> None:
    assert titles.title_changes(pd.DataFrame({"change": words}), of=5) == title


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-11-22 03:00", "2026-11-22 04:00", ""),
        ("2026-11-22 03:00", "2026-11-22 09:30", "answers of 22 November 2026, 03:00 to 09:30 UTC"),
        (
            "2026-11-20 03:00",
            "2026-11-22 09:30",
            "answers of 20 November 2026, 03:00 to 22 November 2026, 09:30 UTC",
        ),
    ],
)
def test_answers_of_different_times_are_said_to_be(first: str, last: str, said: str) -> None:
    assert times_in_words(pd.Timestamp(first, tz="UTC"), pd.Timestamp(last, tz="UTC")) == said


def test_words_for_numbers_days_and_names() -> None:
    assert number(1234567) == "1,234,567"
    assert (counted(1, "account"), counted(0, "account")) == ("1 account", "0 accounts")
    assert counted(2, "mismatch", "mismatches") == "2 mismatches"
    assert [percent(part, 1000) for part in (0, 1, 594, 999, 1000)] == [
        "0 %",
        "1 %",
        "59 %",
        "99 %",
        "100 %",
    ]
    assert day(pd.Timestamp("2026-11-02T03:00Z")) == "2 November 2026"


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0.0, "0 %"), (0.0001, "0.1 %"), (0.056, "5.6 %"), (0.9999, "99.9 %"), (1.0, "100 %")],
)
def test_a_share_is_none_or_all_only_where_it_is(rate: float, words: str) -> None:
    assert share(rate) == words
