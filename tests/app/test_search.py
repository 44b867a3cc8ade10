"""The one search: several words, parts of names, ids however they are grouped, lists of ids."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.app.search import matches, words_of

PAIRS = pd.DataFrame(
    {
        "account_id": ["111122223333", "444455556666", "777788889999"],
        "name": ["Payments Production", "Payments (Test)", None],
        "email": ["aws+pay@example.com", "test@example.org", None],
        "ou_path": ["Workloads/Prod", "Workloads/Test", "Retired/444455556666"],
        "govcloud_account_id": ["900011112222", None, "911122223333"],
    }
).astype("str")


def found(text: str, pairs: pd.DataFrame = PAIRS) -> str:
    """Return the places of the rows that are found."""
    return "".join(str(place) for place, is_found in enumerate(matches(pairs, text)) if is_found)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", "012"),
        (" ,\n", "012"),
        ("PAYMENTS", "01"),
        ("prod pay", "0"),
        ("test workloads example.org", "1"),
        ("payments retired", ""),
        ("(test)", "1"),
        (".*", ""),
        ("retired", "2"),
        ("aws+pay@", "0"),
        ("1111-2222-3333", "0"),
        ("1111 2222\u00a03333", "0"),
        ("111122223333", "0"),
        ("11112222-3333", "0"),
        ("444455556666", "12"),
        ("1112-2223", "02"),
        ("11122223333", "02"),
        ("9000-1111-2222", "0"),
        ("payments 1111-2222-3333", "0"),
        ("retired 1111-2222-3333", ""),
        ("111122223333, 7777 8888 9999", "02"),
        ("111122223333\n444455556666;999999999999", "01"),
        ("900011112222 911122223333", "02"),
        ("999999999999 888888888888", ""),
        ("444455556666, AWS+pay@example.com", "01"),
        ("payments 111122223333 444455556666", ""),
    ],
)
def test_every_word_must_be_somewhere_and_a_list_of_ids_means_each(text: str, places: str) -> None:
    assert found(text) == places


def test_what_was_left_behind_has_no_e_mail_and_is_found_by_the_rest() -> None:
    left = PAIRS.drop(columns="email")

    assert found("workloads payments", left) == "01"
    assert found("aws+pay@example.com", left) == ""
    assert found("444455556666, aws+pay@example.com", left) == "1"


@given(st.integers(0, 10**12 - 1), st.sampled_from("- \u00a0"), st.sampled_from([", ", "\n", " "]))
def test_an_id_is_found_however_it_is_grouped(number: int, sign: str, between: str) -> None:
    account = f"{number:012}"
    grouped = sign.join([account[:4], account[4:8], account[8:]])
    pairs = pd.DataFrame({"account_id": [account, "x"], "govcloud_account_id": ["y", account]})

    assert words_of(grouped) == [account]
    assert matches(pairs.astype("str"), grouped).all()
    assert matches(pairs.astype("str"), f"{grouped}{between}999999999999").all()


@given(st.text(max_size=40))
def test_no_text_is_an_error_and_every_word_more_finds_fewer(text: str) -> None:
    wide, narrow = matches(PAIRS, text), matches(PAIRS, f"payments {text}")

    assert list(wide.index) == list(PAIRS.index)
    assert not (narrow & ~wide).any()
