"""The filter of pairs: how it stands in an address, what it says in words, what it keeps."""

import pandas as pd
import pytest

from toolkit.app.filters import Filter, all_units, kept, of_words


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

    rows = kept(pairs, Filter("All accounts", unit=(unit,)))

    assert list(rows["ou_path"]) == found


def test_a_filter_says_in_words_what_it_filters() -> None:
    chosen = of_words(severity="CRITICAL", unit="A/B")

    assert chosen.in_words() == "Mismatches; Severity: Critical; Organizational unit: A/B"
    assert Filter("All accounts").in_words() == ""
