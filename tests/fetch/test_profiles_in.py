"""Profiles of many organizations out of a file."""

from pathlib import Path

import pytest

from toolkit.errors import InputError
from toolkit.fetch.inputs import profiles_in

ROLE = "arn:aws:iam::123456789012:role/audit"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return tmp_path / "profiles.csv"


def rows(given: Path, text: str) -> list[tuple[str, ...]]:
    given.write_bytes(text.encode())
    return [tuple(row.values()) for row in profiles_in(given)]


@pytest.mark.parametrize(
    "text",
    [
        "one\ntwo words\n",
        "\ufeff# all of them\r\n\r\none\r\ntwo words  # since May\r\n",
        "profile\none\ntwo words\n",
        "Profile,govcloud_profile,\none,,\n\n# not yet: three,,\ntwo words,,\n",
        "role_arn\tprofile\n\tone\n\ttwo words\n",
    ],
)
def test_profiles_are_read_whatever_the_file_looks_like(given: Path, text: str) -> None:
    assert rows(given, text) == [("one", "", ""), ("two words", "", "")]


def test_each_may_have_a_witness_and_a_role_of_its_own(given: Path) -> None:
    text = f'govcloud_profile;profile;role_arn\none-gov;one;\n;two;"{ROLE}"\n;two;\n'
    assert rows(given, text) == [("one", "one-gov", ""), ("two", "", ROLE), ("two", "", "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "profiles.csv names no profile."),
        ("profile\n# none yet\n", "profiles.csv names no profile."),
        ("name,region\none,x\n", "profiles.csv has several columns and none is called profile."),
        ("# ours\nprofile,regio\none,x\n", "line 2: 'regio' is no column of profiles."),
        ("profile,role_arn\none,\n,\n\n,x\n", "profiles.csv, line 5 names no profile."),
        ("profile,role_arn\none,audit\n", "line 2: 'audit' is not the ARN of a role."),
        ("profile,role_arn\none,,x\n", "line 2 has 3 values, and there are 2 columns."),
        ("one\n# x\none\n", "profiles.csv, line 3: 'one' stands on line 1 already."),
        ("profile\none\n# x\none\n", "profiles.csv, line 4: 'one' stands on line 2 already."),
        (
            "profile,govcloud_profile\none,gov\ntwo,gov\n",
            "line 3: 'gov' is the witness of line 2 already.",
        ),
        ("one\0\n", "profiles.csv is not a text file."),
    ],
)
def test_what_is_wrong_is_one_sentence_with_the_line(given: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        rows(given, text)
    assert said in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: ") as caught:
        profiles_in(tmp_path / "none")
    assert caught.value.hint == "Name a file with one profile a line."
