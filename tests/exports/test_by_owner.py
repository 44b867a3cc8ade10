"""One file for each owner: what they are called, and what is in them."""

import csv
from pathlib import Path

import pytest

from toolkit.errors import InputError, StoreError
from toolkit.exports import Report, save_by_owner
from toolkit.exports.by_owner import file_names


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_owner_has_a_file_of_what_is_theirs(governed: Report, tmp_path: Path) -> None:
    paths = save_by_owner(governed, tmp_path / "owners", ".csv")
    assert [path.name for path in paths] == ["1+1 -b-x-b.csv", "Ada.csv"]
    assert [row["name"] for row in rows(paths[0])] == ["three", "six"]
    assert [row["name"] for row in rows(paths[1])] == ["two"]


def test_what_stood_there_is_replaced_and_other_files_stay(
    governed: Report, tmp_path: Path
) -> None:
    for name in ("Ada.csv", "notes.txt"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    save_by_owner(governed, tmp_path, ".csv")
    assert [row["name"] for row in rows(tmp_path / "Ada.csv")] == ["two"]
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("suffix", [".xlsx", ".html", ".pptx"])
def test_every_format_can_be_written_for_an_owner(
    governed: Report, tmp_path: Path, suffix: str
) -> None:
    paths = save_by_owner(governed, tmp_path, suffix)
    assert [path.suffix for path in paths] == [suffix, suffix]
    assert all(path.stat().st_size > 1_000 for path in paths)


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("", "no-owner"),
        ("finops@example.com", "finops@example.com"),
        ("Cloud & Data / EU", "Cloud - Data - EU"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\temp\\x", "C-temp-x"),
        ('a<b>|?*":c', "a-b-c"),
        ("nul", "owner-nul"),
        ("COM1.a", "owner-COM1.a"),
        ("trailing. ", "trailing"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("東京", "東京"),
        ("\u202egpj.exe\x00", "gpj.exe"),
        ("\udc80", "owner"),
        ("///", "owner"),
        ("x" * 300, "x" * 50),
        ("no-owner", "no-owner-2"),
    ],
)
def test_owners_are_untrusted_text_and_their_files_have_safe_names(owner: str, name: str) -> None:
    assert file_names([owner])[owner] == name


def test_no_two_owners_share_a_file_whatever_their_capitals() -> None:
    owners = ["Ada", "ada", "ADA", "a/b", "a?b", "x" * 60, "x" * 70]
    names = file_names(owners)
    assert len({name.casefold() for name in names.values()}) == len(owners) + 1
    assert [names[owner] for owner in owners[:3]] == ["Ada", "ada-2", "ADA-3"]


def test_a_folder_that_cannot_be_made_is_one_sentence(governed: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "none" / "owners"):
        with pytest.raises(StoreError, match="could not be made"):
            save_by_owner(governed, folder, ".csv")


def test_an_ending_that_no_format_has_is_refused_before_a_folder_is_made(
    governed: Report, tmp_path: Path
) -> None:
    with pytest.raises(InputError):
        save_by_owner(governed, tmp_path / "owners", ".doc")
    assert not (tmp_path / "owners").exists()
