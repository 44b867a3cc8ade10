"""Text that comes from outside: names made printable, and addresses."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from toolkit.text import (
    bare_url,
    distinct,
    duration,
    is_local,
    printable,
    printable_series,
    redacted,
    shorten_middle,
)


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


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        *((0.0, "0 s"), (0.04, "0 s"), (0.7, "0.7 s"), (9.96, "10 s"), (42.4, "42 s")),
        *((59.8, "1 min 0 s"), (75, "1 min 15 s"), (7_500, "2 h 5 min")),
    ],
)
def test_a_length_of_time_is_said_as_people_do(seconds: float, said: str) -> None:
    assert duration(seconds) == said


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


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://me:secret@host:1/path?key=1#x", "http://host:1/path"),
        ("https://me:secret@host/a?b", "https://host/a"),
        ("https://secret@host", "https://host"),
    ],
)
def test_a_bare_url_has_nothing_secret(url: str, bare: str) -> None:
    assert bare_url(url) == bare


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("arn:aws:iam::111122223333:user/me.", "<arn>."),
        ("account 111122223333, ask me@example.com", "account <account>, ask <e-mail>"),
        ("o-abcdefgh12 ou-ab12-abcdefgh", "<o> <ou>"),
        ("The profile 'audit' is no other", "The profile <profile> is no other"),
        ("profile mine, 'mine'", "profile mine, <name>"),
        ("https://inside.example.com/x", "https://<host>/x"),
        ("https://account.us-east-1.amazonaws.com", "https://account.us-east-1.amazonaws.com"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("/home/me/.aws/config", "/home/<user>/.aws/config"),
        ("1111222233334", "1111222233334"),
        ("AKIAIOSFODNN7EXAMPLE", "<key>"),
        ("us-gov-west-1, organizations:ListAccounts", "us-gov-west-1, organizations:ListAccounts"),
    ],
)
def test_redacted_text_names_nobody(text: str, without: str) -> None:
    assert redacted(text, ["mine"]) == without


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("short", 48, "short"),
        ("two\n lines", 48, "two lines"),
        ("abcdefghij", 5, "ab…ij"),
        ("abcdefghij", 6, "ab…hij"),
        ("ab        ij, of which all", 5, "ab…ll"),
        ("cafe\u0301s and shops", 8, "caf…hops"),
        ("abcdefghij", 1, "…"),
        ("abcdefghij", 0, "…"),
    ],
)
def test_a_long_name_loses_its_middle(text: str, most: int, shown: str) -> None:
    assert shorten_middle(text, most) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["a", "b", "a"], ["a", "b", "a"]),
        (["payments-production-one", "payments-test-two"], ["paym…n-one", "paym…t-two"]),
        (["team-a-in-the-cloud", "team-b-in-the-cloud"], ["team-a-…ud", "team-b-…ud"]),
        (["the-shops-of-a-in-town", "the-shops-of-b-in-town"], ["th…f-a-in…", "th…f-b-in…"]),
        (["a-long-name-of-it", "a-lon…of-it"], ["a-…e-of-it", "a-…n…of-it"]),
        (["the-contoso-production-shop", "the-…-shop"], ["th…on-shop", "the-…-shop"]),
    ],
)
def test_different_names_stay_different_when_shortened(names: list[str], shown: list[str]) -> None:
    assert distinct(names, 10) == shown


@given(st.lists(st.text("ab …(1)", max_size=30), max_size=12), st.integers(8, 20))
def test_no_two_names_become_one_and_none_is_too_long(names: list[str], most: int) -> None:
    shown = distinct(names, most)
    lines = [" ".join(name.split()) for name in names]
    assert len(set(zip(lines, shown, strict=True))) == len(set(lines)) == len(set(shown))
    assert all(len(name) <= most for name in shown)
