"""What an address may say and what it decides; the pages' own tests try it on real widgets."""

import pytest

from toolkit.app.address import Field


@pytest.mark.parametrize(
    ("field", "asked", "given"),
    [
        (Field("severity", ["High", "Low"], many=True), ["Low", "Bad", "Low"], ["Low"]),
        (Field("show", ["a", "b"], "a"), ["b"], "b"),
        (Field("show", ["a", "b"], "a"), ["c"], "a"),
        (Field("find"), ["any text"], "any text"),
    ],
)
def test_only_what_can_be_chosen_is_taken_from_an_address(
    field: Field, asked: list[str], given: str | list[str]
) -> None:
    assert field.allowed(asked) == given
