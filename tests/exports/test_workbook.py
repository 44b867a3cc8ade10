import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from reported import HOSTILE, agreeing_snapshot, make_snapshot, small_snapshot

import toolkit.exports.workbook
from toolkit.errors import InputError, StoreError
from toolkit.exports import Report
from toolkit.exports.workbook import save_workbook, tables
from toolkit.store import Snapshot
from toolkit.text import printable
from toolkit.verdicts import (
    default_left_behind_rules,
    default_reconcile_rules,
    default_rules,
    mismatches,
)

SHEETS = ["Summary", "Mismatches", "Pairs", "Links", "Changes", "Rules"]


def reopen(content: Snapshot | Report, folder: Path) -> Any:
    return openpyxl.load_workbook(save_workbook(content, folder / "book.xlsx"))


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.fixture(scope="module")
def small_book(small_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of five pairs; it is only read."""
    return reopen(small_report, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def book(dated_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of five pairs and what they were before; it is only read."""
    return reopen(dated_report, tmp_path_factory.mktemp("dated"))


@pytest.fixture(scope="module")
def hostile_book(hostile_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workbook whose every name is one to beware of; it is only read."""
    return reopen(hostile_report, tmp_path_factory.mktemp("hostile"))


def test_the_sheets_stand_in_their_order(small_book: Any) -> None:
    assert small_book.sheetnames == SHEETS


def test_every_list_is_a_table_with_filters_and_a_frozen_head(book: Any) -> None:
    for name, length in (("Mismatches", 2), ("Pairs", 5), ("Links", 3), ("Changes", 4)):
        sheet = book[name]
        table = sheet.tables[name]
        assert table.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{length + 1}"
        assert table.autoFilter.ref == table.ref
        assert [column.name for column in table.tableColumns] == [c.value for c in sheet[1]]
        assert sheet.freeze_panes == "C2"


def test_pairs_hold_every_account_with_ids_as_text_and_times_in_utc(small_book: Any) -> None:
    sheet = small_book["Pairs"]
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert len(rows(sheet)) == 5
    assert first["Account"].value == "000000000042"
    assert first["Account"].number_format == "@"
    assert first["GovCloud account"].value == "900000000042"
    assert str(first["Joined (UTC)"].value) == "2020-01-02 03:04:05"
    assert str(first["Fetched (UTC)"].value) == "2026-11-22 03:00:00"


def test_what_is_missing_is_an_empty_cell(small_book: Any) -> None:
    sheet = small_book["Pairs"]
    last = dict(zip([cell.value for cell in sheet[1]], rows(sheet)[4], strict=True))
    assert [last[name] for name in ("Organizational unit", "GovCloud state", "Severity")] == [
        None,
        None,
        None,
    ]


def test_mismatches_stand_worst_first(hostile_report: Report, hostile_book: Any) -> None:
    found = [row[1] for row in rows(hostile_book["Mismatches"])]
    assert found == mismatches(hostile_report.pairs)["account_id"].tolist()


def test_severities_are_marked_by_rules_that_live_on(small_book: Any) -> None:
    sheet = small_book["Mismatches"]
    (place,) = sheet.conditional_formatting
    assert str(place.sqref) == "A2:A3"
    assert [rule.formula[0] for rule in place.rules] == [
        '"Critical"',
        '"High"',
        '"Medium"',
        '"Low"',
    ]


def test_changes_and_rules_have_their_rows(book: Any) -> None:
    assert [row[3] for row in rows(book["Changes"])] == [
        "Appeared",
        "Resolved",
        "Vanished",
        "Joined",
    ]
    pairs, own_list = (book["Rules"].tables[name].ref for name in ("Rules", "Own_list"))
    assert pairs == f"A1:H{len(default_rules()) + 1}"
    left = book["Rules"].tables["Left_rules"].ref
    assert [[cell.value for cell in row] for row in book["Rules"][left]][:2] == [
        ["GovCloud state", "Severity", "What it means", "What to do"],
        [
            "Pending activation",
            "Medium",
            *default_left_behind_rules().loc[0, ["meaning", "action"]],
        ],
    ]
    # Both have severity, meaning and action in the same columns, and a free row between them.
    top = len(default_rules()) + 4
    assert own_list == f"B{top}:F{top + len(default_reconcile_rules())}"
    assert [[cell.value for cell in row] for row in book["Rules"][own_list]][:2] == [
        ["Finding", "State", "Severity", "What it means", "What to do"],
        [
            "Agree",
            "Pending activation",
            None,
            *default_reconcile_rules().loc[0, ["meaning", "action"]],
        ],
    ]


def test_summary_counts_and_draws(small_book: Any) -> None:
    sheet = small_book["Summary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert sheet["A1"].value == "2 of 4 linked pairs disagree, 1 of them critically"
    assert facts["Standard accounts"] == 5
    assert facts["States disagree"] == 2
    assert facts["  Critical"] == 1
    assert facts["Active"] == 2
    (chart,) = sheet._charts
    drawn = [
        [cell.value for (cell,) in sheet[series.val.numRef.f.split("!")[1]]]
        for series in chart.series
    ]
    assert drawn == [[2, 0, 2], [2, 1, 1]]


def test_with_nothing_to_list_a_table_is_empty_and_still_opens(tmp_path: Path) -> None:
    book = reopen(agreeing_snapshot(2), tmp_path)
    assert rows(book["Mismatches"]) == [[None] * 14] or rows(book["Mismatches"]) == []
    assert book["Mismatches"].tables["Mismatches"].ref == "A1:N2"


def test_no_account_at_all_is_a_workbook(tmp_path: Path) -> None:
    assert reopen(make_snapshot([]), tmp_path).sheetnames == SHEETS


def test_no_cell_is_a_formula_or_a_link_that_came_from_a_name(hostile_book: Any) -> None:
    cells = [cell for sheet in hostile_book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)


def test_hostile_names_come_back_as_the_text_they_are(hostile_book: Any) -> None:
    """Excel writes `_x0041_` with an escape, which openpyxl leaves to its reader."""
    names = [row[1] or "" for row in rows(hostile_book["Pairs"])[: len(HOSTILE)]]
    assert [unescape(name) for name in names] == [printable(name) for name in HOSTILE]


def test_a_workbook_of_many_rows_is_whole(
    small_report: Report, small_book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are turned into cells at a time."""
    monkeypatch.setattr(tables, "_AT_ONCE", 2)
    found = reopen(small_report, tmp_path)
    for name in ("Pairs", "Links", "Rules"):
        assert list(found[name].values) == list(small_book[name].values)


def test_strings_are_not_gathered_in_memory(tmp_path: Path) -> None:
    path = save_workbook(agreeing_snapshot(100), tmp_path / "book.xlsx")
    with zipfile.ZipFile(path) as file:
        assert file.getinfo("xl/sharedStrings.xml").file_size < 5_000


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolkit.exports.workbook, "_MOST_ROWS", 4)
    with pytest.raises(InputError, match=r"holds 4 rows and there are 5. Save it as \.csv"):
        save_workbook(small_snapshot(), tmp_path / "book.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_selection_is_what_the_workbook_holds(small_report: Report, tmp_path: Path) -> None:
    whole = small_report
    book = reopen(whole.only(whole.pairs.head(2), "Only two"), tmp_path)
    assert [row[0] for row in rows(book["Pairs"])] == ["000000000042", "100000000002"]
    assert book["Summary"]["A3"].value == "Only two"


def test_a_workbook_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no folder"):
        save_workbook(small_snapshot(), tmp_path / "none" / "book.xlsx")


def test_the_summary_tells_the_figures_of_the_report(
    hostile_report: Report, hostile_book: Any
) -> None:
    sheet = hostile_book["Summary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert facts["States disagree"] == hostile_report.figures.mismatches
