"""`report` and `mismatches` with tags and contacts: what is written, and what is said of it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from reported import asked, older_snapshot, small_snapshot, witnessed_snapshot

from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose newest snapshot has everything that further sources tell."""
    path = tmp_path_factory.mktemp("witnessed")
    Store(path).save(witnessed_snapshot())
    return path


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose only snapshot is older than further sources."""
    path = tmp_path_factory.mktemp("older")
    Store(path).save(small_snapshot())
    return path


def test_tags_are_columns_of_the_csv_that_report_writes(
    run: Run, store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.csv"
    code, printed, said = run("report", "--store", store, "--out", out, "--tags", "owner, stage")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (code, printed, said) == (0, f"{out}\n", "")
    assert [(row["tag_owner"], row["stage"]) for row in rows[:3]] == [
        ("payments", ""),
        ("'=1+1", "prod"),
        ("", ""),
    ]


def test_tags_are_columns_of_mismatches_in_each_format(run: Run, store: Path) -> None:
    asked_for = ("mismatches", "--store", store, "--tags", "owner,name")
    _, as_json, _ = run(*asked_for, "--format", "json")
    # In the days after its closure, the payer that was worst is as bad as the other.
    assert [(row["tag_owner"], row["tag_name"]) for row in json.loads(as_json)] == [
        (None, "<b>not its name</b>"),
        ("=1+1", None),
    ]
    _, as_csv, _ = run(*asked_for, "--format", "csv")
    assert [row["tag_owner"] for row in csv.DictReader(io.StringIO(as_csv))] == ["", "'=1+1"]
    code, table, said = run(*asked_for)
    head, _, second, *_ = table.splitlines()
    assert head.split()[-2:] == ["tag_owner", "tag_name"]
    assert second.split()[-2:] == ["=1+1", "–"]
    assert (code, said) == (0, "")


def test_a_csv_for_a_spreadsheet_has_grouped_ids_and_no_other_file_is_one(
    run: Run, store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.csv"
    code, *_ = run("report", "--store", store, "--out", out, "--excel")
    first = out.read_text(encoding="utf-8-sig").splitlines()[1]
    assert (code, first.split(",")[0]) == (0, '"0000-0000-0042"')
    code, _, said = run("report", "--store", store, "--out", tmp_path / "x.xlsx", "--excel")
    assert (code, said) == (2, "--excel is for tables. Leave it out, or end --out in .csv.\n")


def test_a_key_is_no_markup_of_the_terminal(run: Run, store: Path) -> None:
    code, table, said = run("mismatches", "--store", store, "--tags", "[red]x[/red],[/]\x1b[31m")
    assert code == 0
    assert table.splitlines()[0].split()[-2:] == [
        "[red]x[/red]",
        "[/]\N{REPLACEMENT CHARACTER}[31m",
    ]
    assert "\x1b" not in table + said


@pytest.mark.parametrize(
    ("suffix", "magic"),
    [(".pptx", b"PK"), (".xlsx", b"PK"), (".csv", b"\xef\xbb\xbf"), (".html", b"<!")],
)
def test_a_report_is_written_by_its_ending_also_with_a_key_that_no_account_has(
    run: Run, store: Path, tmp_path: Path, suffix: str, magic: bytes
) -> None:
    out = tmp_path / f"x{suffix}"
    code, printed, said = run("report", "--store", store, "--out", out, "--tags", "owner,team")
    assert (code, printed) == (0, f"{out}\n")
    assert said == (
        "No account has a tag team: its column is empty. There are: owner, stage, name.\n"
    )
    assert out.read_bytes().startswith(magic)


def test_where_tags_were_not_seen_that_is_said_once(run: Run, older: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    code, _, said = run("report", "--store", older, "--out", out, "--tags", "owner,stage")
    assert code == 0
    assert said.count("\n") == 1
    assert said.startswith("This snapshot is older than the list of tags")
    assert out.read_text(encoding="utf-8-sig").splitlines()[0].endswith('"tag_owner","stage"')

    Store(tmp_path).save(asked(small_snapshot(), {}, {"tags": ("ACCESS_DENIED", "no right")}))
    code, _, said = run("mismatches", "--store", tmp_path, "--tags", "owner,stage")
    assert (code, said) == (0, "The list of tags was denied: no right.\n")


def test_contacts_are_in_the_file_where_they_are_asked_for_alone(
    run: Run, store: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.csv"
    for more, there in (((), False), (("--contacts",), True)):
        code, printed, said = run("report", "--store", store, "--out", out, *more)
        assert (code, printed, said) == (0, f"{out}\n", "")
        assert ("ada@call.example" in out.read_text(encoding="utf-8-sig")) is there


def test_contacts_that_were_not_collected_are_one_sentence_with_the_way_to_them(
    run: Run, older: Path, tmp_path: Path
) -> None:
    code, _, said = run("report", "--store", older, "--out", tmp_path / "x.csv", "--contacts")
    assert code == 0
    assert said.count("\n") == 1
    assert "collect with --sources" in said
    assert "contacts" in said


def test_no_key_at_all_is_a_wrong_call(run: Run, store: Path) -> None:
    code, _, said = run("mismatches", "--store", store, "--tags", " , ")
    assert code == 2
    assert said.startswith("Argument --tags: ' , ' names no tag.")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two snapshots, between which one account has left the list."""
    path = tmp_path_factory.mktemp("left")
    for snapshot in (older_snapshot(), small_snapshot()):
        Store(path).save(snapshot)
    return path


def test_a_file_for_each_owner_is_written_beside_the_whole(
    run: Run, left: Path, tmp_path: Path
) -> None:
    owners = tmp_path / "owners.csv"
    owners.write_text("ou_path,owner\nSandbox,Ada/Grace\n", encoding="utf-8")
    out, folder = tmp_path / "x.csv", tmp_path / "by"
    asked_for = ("report", "--store", left, "--out", out, "--by-owner", folder)
    code, printed, said = run(*asked_for, "--owners", owners)
    assert (code, said) == (0, "")
    written = [folder / "Ada-Grace.csv", folder / "no-owner.csv"]
    assert printed.splitlines() == [str(path) for path in (out, *written)]
    names = []
    for path in written:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names.append([row["name"] for row in csv.DictReader(file)])
    assert names == [["three", "six"], ["two"]]


def test_where_no_owner_is_known_that_is_said_and_what_nobody_owns_is_written(
    run: Run, left: Path, tmp_path: Path
) -> None:
    out, folder = tmp_path / "x.csv", tmp_path / "by"
    code, printed, said = run("report", "--store", left, "--out", out, "--by-owner", folder)
    assert code == 0
    assert printed.splitlines() == [str(out), str(folder / "no-owner.csv")]
    assert said == (
        "No owner of a mismatch is known: name owners with --owners, in the policy, or by the tag"
        " 'owner'.\n"
    )


def test_a_folder_for_owners_that_cannot_be_is_one_sentence(
    run: Run, left: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.csv"
    code, _, said = run("report", "--store", left, "--out", out, "--by-owner", out)
    assert code == 2
    assert "could not be made" in said.splitlines()[-1]


def test_a_file_on_a_severity_in_a_unit_says_of_how_many_it_is(
    run: Run, older: Path, tmp_path: Path
) -> None:
    out = tmp_path / "x.csv"
    narrow = ("--severity", "High, critical", "--ou", "Workloads", "--note", "For Ada")
    code, printed, said = run("report", "--store", older, "--out", out, *narrow)
    assert (code, printed) == (0, f"{out}\n")
    assert said == "1 of Workloads' 2 pairs is critical or high.\n"
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [row["account_id"] for row in csv.DictReader(file)] == ["100000000002"]


def test_mismatches_of_a_severity_in_a_unit_say_of_how_many_they_are(run: Run, older: Path) -> None:
    code, printed, said = run(
        *("mismatches", "--store", older, "--ou", "Sandbox", "--severity", "high"),
        *("--format", "json"),
    )
    assert [row["name"] for row in json.loads(printed)] == ["three"]
    assert (code, said) == (0, "1 of Sandbox's 2 pairs is high.\n")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--severity", "urgent"), "urgent is none of critical, high, medium, low"),
        (("--severity", ","), "',' names no severity"),
        (("--ou", "Nowhere"), "No account is in an organizational unit 'Nowhere'."),
    ],
)
def test_a_severity_or_unit_that_is_none_is_one_sentence_and_no_file(
    run: Run, older: Path, tmp_path: Path, option: tuple[str, str], said: str
) -> None:
    out = tmp_path / "x.csv"
    code, printed, err = run("report", "--store", older, "--out", out, *option)
    assert (code, printed, out.exists()) == (2, "", False)
    assert said in err
    assert err.count("\n") == 1
