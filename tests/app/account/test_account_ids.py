"""Account ids out of whatever was typed or pasted."""

import pytest

from toolkit.app.account import account_ids


@pytest.mark.parametrize(
    "text",
    [
        "111111111111 222222222222",
        "111111111111,222222222222",
        "111111111111\n222222222222\n111111111111",
        "'111111111111';\"222222222222\"|",
        "1111-1111-1111\t2222 2222 2222",
        "[111111111111, 222222222222]",
    ],
)
def test_ids_are_read_from_any_separators(text: str) -> None:
    assert account_ids.read(text) == (["111111111111", "222222222222"], [])


def test_leading_zeros_stay_and_what_is_no_id_is_kept_to_be_named() -> None:
    assert account_ids.read("000000000042 42 １１１１１１１１１１１１") == (
        ["000000000042"],
        ["42", "１１１１１１１１１１１１"],
    )


@pytest.mark.parametrize(
    ("wrong", "good", "said"),
    [
        (["12"], 0, "'12' is not an account id of 12 digits."),
        (["12"], 1, "'12' is not an account id of 12 digits; the other is looked up."),
        (["1", "2"], 3, "'1', '2' are not account ids of 12 digits; the others are looked up."),
    ],
)
def test_a_complaint_is_one_sentence(wrong: list[str], good: int, said: str) -> None:
    assert account_ids.complaint(wrong, good) == said


def test_a_complaint_names_the_first_few_of_many() -> None:
    said = account_ids.complaint([str(number) for number in range(12)], 0)

    assert said == "'0', '1', '2', '3', '4' and 7 more are not account ids of 12 digits."
