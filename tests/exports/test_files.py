"""Files that leave the toolkit: where they may go, and that they get there whole."""

from pathlib import Path

import pytest

from toolkit.errors import InputError, StoreError
from toolkit.exports.files import destination, replacing


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
    target.write_text("old", encoding="utf-8")

    def write_half(beside: Path) -> None:
        beside.write_text("half", encoding="utf-8")
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"), replacing(target) as beside:
        write_half(beside)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    assert target.read_text(encoding="utf-8") == "old"


def test_a_refusing_disk_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="could not be written: No space left"),
        replacing(tmp_path / "x.csv"),
    ):
        raise OSError(28, "No space left on device")


def test_two_writers_of_one_file_never_mix(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    with replacing(target) as one:
        one.write_text("one", encoding="utf-8")
        with replacing(target) as other:
            other.write_text("other", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "other"
    assert target.read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [target]


def test_a_whole_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old", encoding="utf-8")
    with replacing(target) as beside:
        beside.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [target]
