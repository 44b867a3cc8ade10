"""What an address may say and what it decides; the pages' own tests try it on real widgets."""

from types import SimpleNamespace

import pytest

from toolkit.app import address
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


LEFT = {"find": ["x"], "row": ["1"]}


class Bar(dict[str, list[str]]):
    """An address bar, which counts what is written: each is a press of Back more."""

    presses = 0

    def get_all(self, key: str) -> list[str]:
        return self.get(key, [])

    def from_dict(self, values: dict[str, list[str]]) -> None:
        self.presses += 1
        self.clear()
        self.update(values)


@pytest.mark.parametrize(
    ("said", "presses", "then"),
    [
        ({"show": ["a"]} | LEFT, 0, {"show": ["a"]} | LEFT),
        ({"show": ["b"], "other": ["y"]}, 1, {"other": ["y"]} | LEFT),
        ({}, 1, LEFT),
    ],
)  # fmt: skip
def test_what_is_written_into_an_address_is_one_press_of_back_and_none_where_it_says_the_same(
    monkeypatch: pytest.MonkeyPatch,
    said: dict[str, list[str]],
    presses: int,
    then: dict[str, list[str]],
) -> None:
    bar = Bar(said)
    state = {"show": "a", "find": "x", "row": "1"}
    monkeypatch.setattr(address, "st", SimpleNamespace(query_params=bar, session_state=state))

    address.leave_all(
        {"list": [Field("show", ["a", "b"], "a"), Field("find")], "row": [Field("row")]}
    )

    assert (bar.presses, dict(bar)) == (presses, then)
