"""Workbook, page and CSV on owners, acceptances, grace, and what was left behind."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from governed import HOSTILE_OWNER, OVERVIEW
from reported import small_snapshot

from toolkit import schema
from toolkit.exports import Report
from toolkit.exports.csv_file import save_pairs
from toolkit.exports.page import save_page
from toolkit.exports.workbook import save_workbook


@pytest.fixture(scope="module")
def book(governed: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of the report; it is only read."""
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    return openpyxl.load_workbook(save_workbook(governed, path), data_only=True)


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *body = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(head, row, strict=True)) for row in body]


def validations(sheet: Any) -> dict[str, Any]:
    return {str(one.sqref): one for one in sheet.data_validations.dataValidation}


def column(sheet: Any, head: str) -> str:
    return next(cell.column_letter for cell in sheet[1] if cell.value == head)


def test_the_summary_counts_what_is_accepted_and_what_was_left_behind(book: Any) -> None:
    facts = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2)}
    assert book["Summary"]["A1"].value == OVERVIEW
    assert facts["States disagree"] == 1
    assert facts["Disagree, and accepted"] == 1
    assert facts["Left behind"] == 1


def test_the_summary_of_a_selection_counts_nothing_left_behind_at_all(
    governed: Report, tmp_path: Path
) -> None:
    whole = governed
    path = save_workbook(whole.only(whole.pairs.head(2), "Only two"), tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    facts = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2)}
    assert facts["Left the list"].startswith("what was left behind is not part of this selection")
    assert "Left behind" not in facts
    assert "Left behind" not in book.sheetnames


def test_mismatches_say_who_since_when_and_until_when_and_accepted_ones_stand_last(
    book: Any,
) -> None:
    two, three = rows(book["Mismatches"])
    assert (two["Name"], two["Owner"], two["Days so"]) == ("two", "Ada", 0)
    assert str(two["Since (UTC)"]) == "2026-11-22 03:00:00"
    assert two["Since is"] == "The first snapshot that shows it"
    assert three["Since is"] == "At least since then"
    assert str(two["In grace until (UTC)"]) == "2026-12-23 03:00:00"
    assert two["Reopening"] == "can be reopened for at most 90 more days"
    assert (two["Accepted until (UTC)"], two["Accepted by"]) == (None, "finops")
    assert (three["Name"], three["Owner"]) == ("three", HOSTILE_OWNER)
    assert str(three["Accepted until (UTC)"]) == "2027-01-31 00:00:00"
    assert three["Accepted because"] == "Held until the audit"


def test_a_status_a_due_day_and_an_owner_are_there_to_fill_in(book: Any) -> None:
    for name, length in (("Mismatches", 2), ("Left behind", 1)):
        sheet = book[name]
        status, due, owner = (column(sheet, head) for head in ("Status", "Due", "Owner"))
        found = validations(sheet)
        last = length + 1
        to = "" if last == 2 else f":{{}}{last}"
        places = [f"{letter}2{to.format(letter)}" for letter in (status, due, owner)]
        assert set(found) == set(places)
        list_, date, owners = (found[place] for place in places)
        assert list_.type == "list"
        assert list_.formula1 == '"Open,In progress,Waiting,Done,Accepted"'
        assert (date.type, date.operator) == ("date", "greaterThanOrEqual")
        assert date.formula1 == "46348"  # 22 November 2026, as Excel counts days
        assert (list_.showErrorMessage, date.showErrorMessage) == (True, True)
        # Whoever is not in the list may be written all the same.
        assert (owners.formula1, owners.showErrorMessage) == ("Owners!$A$2:$A$3", False)
        kinds = [sheet.column_dimensions[one].number_format for one in (status, due, owner)]
        assert kinds == ["General", "yyyy-mm-dd", "General"]
    assert [row["Owner"] for row in rows(book["Owners"])] == [HOSTILE_OWNER, "Ada"]
    assert [row["Status"] for row in rows(book["Mismatches"])] == ["Open", "Accepted"]
    assert [row["Due"] for row in rows(book["Mismatches"])] == [None, None]


def test_what_is_accepted_is_grey_before_its_severity_gives_it_a_colour(book: Any) -> None:
    first, *others = sorted(
        (rule for place in book["Mismatches"].conditional_formatting for rule in place.rules),
        key=lambda rule: rule.priority,
    )
    until = column(book["Mismatches"], "Accepted until (UTC)")
    assert (first.formula, first.stopIfTrue) == ([f"LEN(${until}2)>0"], True)
    assert len(others) == 4


def test_only_these_two_sheets_are_to_be_filled_in(book: Any) -> None:
    filled = {sheet.title for sheet in book if sheet.data_validations.dataValidation}
    assert filled == {"Mismatches", "Left behind"}


def test_what_was_left_behind_is_a_sheet_with_the_govcloud_id(book: Any) -> None:
    (six,) = rows(book["Left behind"])
    assert (six["GovCloud account"], six["Account"]) == ("900000000006", "100000000006")
    assert (six["Severity"], six["Owner"]) == ("1 Critical", HOSTILE_OWNER)
    assert six["Days so"] == 7
    assert str(six["Last listed (UTC)"]) == "2026-11-15 03:00:00"
    assert (six["GovCloud state"], six["Standard state"]) == ("Active", "Closed")


def test_each_acceptance_is_a_row_with_what_became_of_it(book: Any) -> None:
    found = [(row["Entry"], row["Accounts"], row["State"]) for row in rows(book["Acceptances"])]
    assert found == [(1, 1, "In force"), (2, 1, "Ended"), (3, 0, "Matches nothing")]


def test_without_a_policy_there_is_no_column_that_says_nothing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save_workbook(small_snapshot(), tmp_path / "book.xlsx"))
    head = {cell.value for cell in book["Mismatches"][1]}
    assert not head & {"Accepted until (UTC)", "Accepted by", "In grace until (UTC)"}
    assert {"Owner", "Status", "Due"} <= head
    assert not {"Left behind", "Acceptances", "Owners"} & set(book.sheetnames)


def test_own_columns_called_as_ours_stay_the_users_own(governed: Report, tmp_path: Path) -> None:
    whole = governed
    own = whole.pairs.assign(**{"Status": "mine", "Days so": 99, "Tag: owner": "=x"})
    report = whole.only(own, "").with_tags(["owner"])
    book = openpyxl.load_workbook(save_workbook(report, tmp_path / "book.xlsx"))
    two = rows(book["Mismatches"])[0]
    assert (two["Status"], two["Status (2)"]) == ("Open", "mine")
    assert (two["Days so"], two["Days so (2)"]) == (0, 99)
    assert (two["Tag: owner"], two["tag_owner"]) == ("=x", None)


def test_the_page_says_what_was_left_behind_and_who_accepted_what(
    governed: Report, tmp_path: Path
) -> None:
    source = save_page(governed, tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"<title>{OVERVIEW}</title>" in source
    body = source.split("<h2>")
    (left,) = (part for part in body if part.startswith("1 GovCloud account was left behind"))
    assert "900000000006" in left
    assert "15 Nov 2026" in left
    title = "1 high mismatch, 1 more accepted; 1 GovCloud account was left behind"
    (worst,) = (part for part in body if part.startswith(title))
    open_, accepted = worst.split('<tr class="accepted">')
    assert "in grace until 23 December 2026; can be reopened for at most 90 more days" in open_
    assert "Acceptance by finops ended: Held until the audit" in open_
    assert "Accepted by finops until 31 January 2027: Held until the audit" in accepted
    assert "≤ 15 Nov 2026" in accepted
    assert "<b>" not in accepted.split("</section>")[0]
    assert "&lt;b&gt;" in accepted


def test_rows_of_what_was_left_behind_end_the_csv_and_are_no_pairs(
    governed: Report, tmp_path: Path
) -> None:
    path = save_pairs(governed, tmp_path / "pairs.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == [*schema.PAIRS.names, "left_behind_since"]
    assert [row["left_behind_since"] for row in found] == [""] * 5 + ["2026-11-15T03:00:00Z"]
    six = found[-1]
    assert (six["account_id"], six["govcloud_account_id"]) == ("100000000006", "900000000006")
    assert six["severity"] == "CRITICAL"
    assert six["owner"] == f"'{HOSTILE_OWNER}"
    for name in ("standard_state", "govcloud_state", "outcome", "verdict", "since"):
        assert six[name] == ""
    assert sum(row["verdict"] == "MISMATCH" for row in found) == 2
    assert [row["name"] for row in found if row["accepted_until"]] == ["three"]


def test_whole_numbers_of_ones_own_stay_whole_above_what_was_left_behind(
    governed: Report, tmp_path: Path
) -> None:
    whole = governed
    path = save_pairs(whole.only(whole.pairs.assign(mine=1, sure=True), "All"), tmp_path / "x.csv")
    first, *_, last = path.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert first.endswith(',1,True,""')
    assert ',"","","2026-11-15T03:00:00Z"' in last


def test_a_selection_has_no_such_rows(governed: Report, tmp_path: Path) -> None:
    whole = governed
    path = save_pairs(whole.only(whole.pairs.head(2), "Only two"), tmp_path / "x.csv")
    head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert "left_behind_since" not in head
    assert len(lines) == 2


def test_nothing_left_behind_leaves_the_csv_as_its_columns_are_written(tmp_path: Path) -> None:
    path = save_pairs(Report.of(small_snapshot()), tmp_path / "x.csv")
    head = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert head == ",".join(f'"{name}"' for name in schema.PAIRS.names)
