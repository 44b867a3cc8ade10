"""What a sentence says of two organizations: the worst first, and nothing that was not seen."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from witnessed import DENIED, creation, lone, member, pair, witnessed

from toolkit import titles
from toolkit.schema import Outcome
from toolkit.store import Snapshot
from toolkit.titles import title_reconciled, unseen_in_words
from toolkit.verdicts import default_reconcile_rules, reconcile

AGREEING = range(100, 106)


def agreeing(*more: object) -> list[object]:
    """Return six pairs that the witness has in the same state, and others."""
    return [*map(pair, AGREEING), *more]


def listed(*more: object) -> list[object]:
    """Return what the witness says of those six, and others."""
    return [*map(member, AGREEING), *more]


def titled(snapshot: Snapshot, *history: Snapshot) -> str:
    return title_reconciled(reconcile(snapshot, history), seen=True)


@pytest.mark.parametrize(
    ("tables", "title"),
    [
        (([], []), "Neither side knows a GovCloud account"),
        (([pair(1)], [member(1)]), "The only GovCloud account agrees"),
        ((agreeing(), listed()), "All 6 GovCloud accounts agree"),
        (
            (agreeing(pair(1, "LOCKED")), listed(member(1))),
            "6 of 7 GovCloud accounts agree, but 1 could not be compared",
        ),
        (
            (agreeing(pair(1)), listed(member(1, "PENDING_CLOSURE"))),
            "6 of 7 GovCloud accounts agree, and there is nothing to do about the rest",
        ),
        (
            ([pair(1, "LOCKED")], [member(1)]),
            "The only GovCloud account could not be compared",
        ),
        (
            ([pair(1, "LOCKED"), pair(2, None)], [member(1)]),
            "None of 2 GovCloud accounts could be compared",
        ),
        (
            ([pair(1)], [member(1, "PENDING_CLOSURE")]),
            "The only GovCloud account needs nothing",
        ),
        (
            ([lone(1)], [member(1, "CLOSED"), member(2, "CLOSED")]),
            "None of 2 GovCloud accounts agree, and there is nothing to do about the rest",
        ),
        (
            ([pair(1)], []),
            "The only GovCloud account is outside the GovCloud organization",
        ),
        (
            ([pair(1), pair(2)], []),
            "2 GovCloud accounts are outside the GovCloud organization; none of 2 agree",
        ),
        (
            (agreeing(pair(1), pair(2), pair(3)), listed()),
            "3 GovCloud accounts are outside the GovCloud organization; 6 of 9 agree",
        ),
        (
            (agreeing(pair(1), pair(2, "LOCKED")), listed()),
            (
                "1 GovCloud account is outside the GovCloud organization; 6 of 8 agree, 1 could not"
                " be compared"
            ),
        ),
        (
            ([pair(1), pair(2)], [member(1), member(2, "SUSPENDED")]),
            "1 GovCloud account is in another state than its pair says; 1 of 2 agrees",
        ),
        (
            (agreeing(), listed(member(1, "ACTIVE"), member(2))),
            "2 GovCloud accounts belong to no listed standard account; 6 of 8 agree",
        ),
        (
            (agreeing(lone(1)), listed(), [creation(1, 1)]),
            (
                "1 GovCloud account is not paired with the account that it was created with; 6 of 7"
                " agree"
            ),
        ),
        (
            (agreeing(pair(1), pair(2)), listed(member(3))),
            (
                "2 GovCloud accounts are outside the GovCloud organization, 1 more deserves a look;"
                " 6 of 9 agree"
            ),
        ),
    ],
)
def test_the_worst_comes_first_then_how_many_agree(tables: Sequence[Any], title: str) -> None:
    assert titled(witnessed(*tables)) == title


def test_what_outlived_its_account_comes_before_what_is_only_outside() -> None:
    before = witnessed([pair(7)], day="2026-11-15")
    now = witnessed(agreeing(pair(1), pair(2)), listed(member(7)))
    assert titled(now, before) == (
        "1 GovCloud account has outlived its standard account, 2 more deserve a look; 6 of 9 agree"
    )


def test_rules_of_ones_own_make_another_worst() -> None:
    rules = default_reconcile_rules().assign(severity=None)
    rules.loc[rules["finding"] == "AGREE", "severity"] = "LOW"
    found = reconcile(witnessed([pair(1), pair(2)], [member(1)]), rules=rules)
    assert title_reconciled(found, seen=True) == (
        "1 GovCloud account agrees but needs a look; 1 of 2 agrees"
    )


@pytest.mark.parametrize(
    ("taken", "title"),
    [
        (
            lambda: witnessed([pair(1), pair(2)]),
            (
                "2 GovCloud accounts are known from the pairs alone; the GovCloud organization's"
                " list was not asked: collect with --govcloud-profile"
            ),
        ),
        (
            lambda: witnessed(
                [pair(1), lone(2)], None, [creation(2, 7)], sources={"witness": DENIED}
            ),
            (
                "1 GovCloud account is not paired with the account that it was created with; the"
                " GovCloud organization's list was denied: organizations:ListAccounts is refused"
            ),
        ),
    ],
)
def test_without_the_witness_the_title_says_why(taken: Callable[[], Snapshot], title: str) -> None:
    snapshot = taken()
    why = unseen_in_words(snapshot, "witness")
    assert title_reconciled(reconcile(snapshot), seen=not why, why=why) == title


def test_without_a_reason_the_title_says_that_the_list_was_not_seen() -> None:
    assert title_reconciled(reconcile(witnessed([pair(1)])), seen=False) == (
        "1 GovCloud account is known from the pairs alone; the GovCloud organization's list was not"
        " seen"
    )


@pytest.mark.parametrize(
    ("name", "sources", "sentence"),
    [
        ("tags", {"tags": {"outcome": "FOUND"}}, ""),
        (
            "witness",
            {},
            "The GovCloud organization's list was not asked: collect with --govcloud-profile.",
        ),
        (
            "tags",
            {},
            ("This snapshot is older than the list of tags, or was taken without: collect again."),
        ),
        (
            "tags",
            {"closures": {"outcome": "FOUND"}},
            "The list of tags was not asked: leave --sources out, and it is asked.",
        ),
        ("spend", {}, "What GovCloud cost was not asked: collect with --sources default,spend."),
        (
            "contacts",
            {},
            "The list of contacts was not asked: collect with --sources default,contacts.",
        ),
        (
            "closures",
            {"closures": {"outcome": "ACCESS_DENIED", "detail": "cloudtrail:LookupEvents is no."}},
            "The record of closures was denied: cloudtrail:LookupEvents is no.",
        ),
        (
            "created",
            {"created": {"outcome": "FAILED", "detail": "odd\nand \x1b[31mred."}},
            "The list of created accounts was not answered: odd and \ufffd[31mred.",
        ),
        (
            "created",
            {"created": {"outcome": "UNAVAILABLE", "detail": None}},
            "The list of created accounts was not answered.",
        ),
    ],
)
def test_what_was_not_seen_says_why_in_one_sentence(
    name: str, sources: dict[str, dict[str, object]], sentence: str
) -> None:
    assert unseen_in_words(witnessed([pair(1)], sources=sources), name) == sentence


def test_a_look_up_that_failed_is_no_source_that_failed() -> None:
    snapshot = witnessed([lone(1, Outcome.UNAVAILABLE)], [])
    assert unseen_in_words(snapshot, "witness") == ""


@pytest.mark.parametrize(
    ("value", "unit", "is_estimated", "words"),
    [
        (1234.4, "USD", False, "1,234 USD"),
        (1234.5, "USD", True, "1,234 USD, estimated"),
        (9.994, "USD", False, "9.99 USD"),
        (9.996, "EUR", False, "10.00 EUR"),
        (0.0, "USD", False, "0 USD"),
        (0.004, "USD", True, "less than 0.01 USD, estimated"),
        (-0.004, "USD", False, "less than 0.01 USD"),
        (-12.3, "USD", False, "-12 USD"),
        (5.0, "U\x07SD", False, "5.00 U\ufffdSD"),
    ],
)
def test_an_amount_names_its_unit_and_says_where_it_is_estimated(
    value: float,
    unit: str,
    is_estimated: bool,  # noqa: FBT001 - a parameter of the test
    words: str,
) -> None:
    assert titles.amount(value, unit, is_estimated) == words
