"""The filter of pairs: how it stands in an address, what it says in words, what it keeps."""

import pandas as pd
import pytest

from toolkit import schema
from toolkit.app.filters import (
    EMPTY,
    UNOWNED,
    UNTAGGED,
    Filter,
    all_units,
    kept,
    left_kept,
    narrowed_to_owner,
    of_words,
    to_choose,
)

TAGS = to_choose(
    schema.coerce(
        schema.TAGS,
        [
            {"account_id": "000000000001", "key": "owner", "value": "ann"},
            {"account_id": "000000000002", "key": "owner", "value": ""},
            {"account_id": "000000000003", "key": "stage", "value": "ann"},
        ],
    )
)


def test_a_link_names_what_it_filters_and_always_the_first_choice() -> None:
    assert Filter().address() == {"show": "Mismatches"}
    assert of_words("All accounts", standard="PENDING_CLOSURE", unit="A/B").address() == {
        "show": "All accounts",
        "standard": ["Pending closure"],
        "unit": ["A/B"],
    }


def test_a_unit_is_to_be_had_alone_and_with_what_is_below_it() -> None:
    paths = pd.Series(["Work/Prod", "Work", "Work/Prod/Blue", None, "Root"], dtype="str")

    assert all_units(paths) == [
        *("Root", "Work", "Work/Prod", "Work/Prod/Blue", "Work/Prod/…", "Work/…"),
    ]


@pytest.mark.parametrize(
    ("unit", "found"),
    [("Work", ["Work"]), ("Work/…", ["Work/Prod", "Work"]), ("Workshop", ["Workshop"])],
)
def test_a_unit_keeps_its_own_accounts_and_with_dots_those_below(
    unit: str, found: list[str]
) -> None:
    pairs = pd.DataFrame({"ou_path": pd.Series(["Work/Prod", "Work", "Workshop", None])})

    rows = kept(pairs, Filter("All accounts", unit=(unit,)), TAGS)

    assert list(rows["ou_path"]) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((), "12"),
        (("ann",), "1"),
        ((EMPTY,), "2"),
        ((UNTAGGED,), "34"),
        (("ann", UNTAGGED), "134"),
        (("nobody",), ""),
    ],
)
def test_a_tag_keeps_the_accounts_that_have_it_and_its_values_those_that_have_them(
    values: tuple[str, ...], found: str
) -> None:
    pairs = pd.DataFrame({"account_id": [f"{number:012}" for number in (1, 2, 3, 4)]})

    rows = kept(pairs, Filter("All accounts", tag="owner", value=values), TAGS)

    assert "".join(account[-1] for account in rows["account_id"]) == found


def test_a_filter_says_in_words_what_it_filters() -> None:
    chosen = of_words(severity="CRITICAL", unit="A/B")

    assert chosen.in_words() == "Mismatches; Severity: Critical; Organizational unit: A/B"
    assert Filter("All accounts").in_words() == ""
    tagged = Filter("All accounts", tag="owner", value=("ann", EMPTY))
    assert tagged.in_words() == "Tag: owner; Tag value: ann, (empty)"


@pytest.mark.parametrize(
    ("chosen", "where", "which"),
    [
        (Filter("All accounts"), "", ""),
        (Filter(), "", "mismatched"),
        (of_words(severity="CRITICAL", unit="A/B"), "B", "critical"),
        (
            Filter(severity=("High", "Critical"), unit=("A/B", "C/…"), find=" pay "),
            "B and C",
            "critical or high, found by 'pay'",
        ),
        (
            Filter("Linked", standard=("Closed", "Suspended"), govcloud=("Active",)),
            "",
            "linked, in standard state closed or suspended, in GovCloud state active",
        ),
        (Filter("Accepted", severity=("Low",)), "", "low, accepted"),
        (
            Filter(owner=("ann", UNOWNED), tag="stage", value=("prod", "test")),
            "ann and nobody, stage prod or test",
            "mismatched",
        ),
    ],
)
def test_a_filter_says_apart_of_what_place_it_is_and_which_it_keeps_there(
    chosen: Filter, where: str, which: str
) -> None:
    assert (chosen.where_in_words(), chosen.which_in_words()) == (where, which)


def test_the_base_of_a_filter_are_all_accounts_of_its_place() -> None:
    chosen = Filter("Matches", ("High",), ("Closed",), ("Active",), ("A/B",), ("ann",), "t", ("v",))

    assert chosen.base() == Filter(
        "All accounts", unit=("A/B",), owner=("ann",), tag="t", value=("v",)
    )
    assert Filter(find="x").base().is_wide


def test_a_tag_hides_nothing_left_behind_whose_tags_nobody_saw() -> None:
    left = pd.DataFrame({"account_id": [f"{number:012}" for number in (1, 3, 4)]})

    rows = left_kept(left, Filter(tag="owner"), TAGS, {"000000000004"})

    assert [account[-1] for account in rows["account_id"]] == ["1", "4"]


@pytest.mark.parametrize(
    ("owner", "found"),
    [(("ann",), ["ann"]), ((UNOWNED,), [None]), (("ann", UNOWNED), ["ann", None]), (("eve",), [])],
)
def test_an_owner_keeps_what_he_answers_for_and_nobody_is_one_to_choose(
    owner: tuple[str, ...], found: list[str | None]
) -> None:
    pairs = pd.DataFrame({"owner": pd.Series(["ann", "bob", None], dtype="str")})

    rows = kept(pairs, Filter("All accounts", owner=owner), TAGS)

    assert rows["owner"].astype(object).where(rows["owner"].notna(), None).tolist() == found


def test_what_was_left_behind_is_among_mismatches_and_where_it_is_asked_for() -> None:
    left = pd.DataFrame({"account_id": ["000000000001"]})

    shown = {name: len(left_kept(left, Filter(name), TAGS)) for name in ("Mismatches", "Matches")}

    assert shown == {"Mismatches": 1, "Matches": 0}
    assert len(left_kept(left, Filter("Left behind"), TAGS)) == 1
    assert len(left_kept(left, Filter("All accounts", find="0001"), TAGS)) == 1
    assert left_kept(left, Filter("All accounts"), TAGS).empty
    pairs = pd.DataFrame({"verdict": ["MISMATCH"]})
    assert kept(pairs, Filter("Left behind"), TAGS).empty


@pytest.mark.parametrize(
    ("bar", "filters"),
    [
        (["ann\n", "HIGH", 2], {"owner": ["ann "], "severity": ["High"]}),
        (["", "LOW", 1], {"owner": [UNOWNED], "severity": ["Low"]}),
        ([None, "LOW", 1], {"owner": [], "severity": ["Low"]}),
        (None, {"owner": [], "severity": []}),
    ],
)
def test_a_bar_of_owners_stands_for_their_mismatches(
    bar: list[object] | None, filters: dict[str, list[str]]
) -> None:
    assert narrowed_to_owner(bar) == filters
