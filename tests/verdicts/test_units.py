"""Units as a policy names them: one, any of a level, and all that is below."""

import pandas as pd
import pytest

from toolkit.verdicts.units import within

PATHS = pd.Series(
    ["Root", "Retired", "Retired/2025", "Retired/2025/Q1", "Retired.old", "Prod/Retired", None],
    dtype="str",
)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("Retired", ["Retired"]),
        ("Root/Retired", ["Retired"]),
        ("/Root/Retired/", ["Retired"]),
        ("Retired/**", ["Retired", "Retired/2025", "Retired/2025/Q1"]),
        ("Root/Retired/**", ["Retired", "Retired/2025", "Retired/2025/Q1"]),
        ("Retired/*", ["Retired/2025"]),
        ("*/Retired", ["Prod/Retired"]),
        ("**/Q1", ["Retired/2025/Q1"]),
        ("Ret*", ["Retired", "Retired.old"]),
        ("*", ["Root", "Retired", "Retired.old"]),
        ("Retired.*", ["Retired.old"]),
        ("retired", []),
        ("Root", ["Root"]),
        ("", []),
    ],
)
def test_a_pattern_names_units(pattern: str, named: list[str]) -> None:
    found = within(PATHS, pattern)
    assert PATHS[found].tolist() == named
    assert found.dtype == "bool"


@pytest.mark.parametrize("pattern", ["**", "Root/**", "/**"])
def test_everything_is_below_the_root_even_what_nobody_knows_the_unit_of(pattern: str) -> None:
    assert within(PATHS, pattern).all()


def test_no_paths_are_none() -> None:
    assert within(PATHS.iloc[:0], "Retired/**").empty
    assert not within(PATHS.iloc[-1:], "*").any()
