"""Text that comes from outside: names made printable, and addresses."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from toolkit.text import is_local, printable, printable_series


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\tb", "a b"),
        ("a\r\nb", "a b"),
        ("a\u2028b", "a b"),
        ("a\x01b", "a�b"),
        ("a\x7f\x9fb", "a��b"),
        ("\u202egnp.exe", "�gnp.exe"),
        ("\ud800", "�"),
        ("東京 🚀", "東京 🚀"),
    ],
)
def test_unprintable_characters_are_shown_as_such(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_column_is_made_printable_and_keeps_what_is_missing() -> None:
    values = pd.Series(["a\tb", None, "x\x00", "fine"], dtype="str")
    shown = printable_series(values)
    assert shown.isna().tolist() == [False, True, False, False]
    assert shown.dropna().tolist() == ["a b", "x�", "fine"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:4566", True),
        ("http://localhost", True),
        ("http://[::1]:5000/", True),
        ("https://account.us-east-1.amazonaws.com", False),
        ("http://127.0.0.1.example.com", False),
        ("", False),
        (None, False),
    ],
)
def test_an_address_of_this_machine_is_told_from_any_other(url: str | None, *, local: bool) -> None:
    assert is_local(url) is local


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF)))
def test_whatever_the_text_what_is_printable_fits_xml_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    element = etree.Element("a")
    element.text = shown
    assert etree.fromstring(etree.tostring(element)).text in (shown, None)
    assert printable(shown) == shown
    assert "\n" not in shown
