from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from toolkit.errors import InputError, StoreError
from toolkit.exports.files import destination, replacing
from toolkit.text import printable, printable_series


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


def test_a_suffix_in_capitals_is_right(tmp_path: Path) -> None:
    assert destination(tmp_path / "X.PPTX", [".pptx"], "a deck") == tmp_path / "X.PPTX"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(StoreError, match="is a folder"):
        destination(tmp_path / "x.csv", [".csv"], "a CSV file")


def test_a_wrong_suffix_names_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Let it end in \.html or \.htm"):
        destination(tmp_path / "x.txt", [".html", ".htm"], "a page")


def test_a_failed_writing_leaves_what_stood_there_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def write_half(beside: Path) -> None:
        beside.write_text("half")
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"), replacing(target) as beside:
        write_half(beside)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    assert target.read_text() == "old"


def test_a_refusing_disk_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="could not be written: No space left"),
        replacing(tmp_path / "x.csv"),
    ):
        raise OSError(28, "No space left on device")


def test_a_whole_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")
    with replacing(target) as beside:
        beside.write_text("new")
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF)))
def test_whatever_the_text_what_is_printable_fits_xml_and_stays_as_it_is(text: str) -> None:
    shown = printable(text)
    element = etree.Element("a")
    element.text = shown
    assert etree.fromstring(etree.tostring(element)).text in (shown, None)
    assert printable(shown) == shown
    assert "\n" not in shown
