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
from toolkit.exports.workbook import measure, save_workbook, tables
from toolkit.store import Snapshot
from toolkit.text import printable
from toolkit.verdicts import (
    default_left_behind_rules,
    default_reconcile_rules,
    default_rules,
    mismatches,
)

SHEETS = [
    *("Summary", "Mismatches", "Pairs", "Links", "Changes", "Trend"),
    *("Rules", "Link rules", "Reconcile rules", "Left behind rules"),
]


def reopen(content: Snapshot | Report, folder: Path, *, values: bool = False) -> Any:
    path = save_workbook(content, folder / "book.xlsx")
    return openpyxl.load_workbook(path, data_only=values)


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def facts(sheet: Any) -> dict[str, Any]:
    return {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}


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
    lengths = {"Mismatches": 2, "Pairs": 5, "Links": 3, "Changes": 4, "Trend": 2, "Rules": 20}
    for name, length in lengths.items():
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
        '"1 Critical"',
        '"2 High"',
        '"3 Medium"',
        '"4 Low"',
    ]


def test_changes_and_rules_have_their_rows(book: Any) -> None:
    assert [row[4] for row in rows(book["Changes"])] == [
        "Appeared",
        "Resolved",
        "Vanished",
        "Joined",
    ]
    assert len(rows(book["Rules"])) == len(default_rules())
    for name, rules in (
        ("Reconcile rules", default_reconcile_rules()),
        ("Left behind rules", default_left_behind_rules()),
    ):
        head, *listed = book[name].iter_rows(values_only=True)
        assert head[-3:] == ("Severity", "What it means", "What to do")
        assert [row[-1] for row in listed] == rules["action"].tolist()


def test_the_trend_has_a_row_for_each_snapshot_and_a_chart_beside_them(book: Any) -> None:
    sheet = book["Trend"]
    head, *listed = (list(row) for row in sheet.iter_rows(values_only=True))
    assert head[1:] == [
        *("Linked", "Mismatches", "1 Critical", "2 High", "3 Medium", "4 Low"),
        *("Left behind", "Unknown", "Percent of judged"),
    ]
    assert [row[1:7] for row in listed] == [[5, 3, 1, 1, 1, 0], [4, 2, 0, 2, 0, 0]]
    (chart,) = sheet._charts
    assert chart.anchor._from.col >= len(head)


def test_summary_counts_and_draws(dated_report: Report, book: Any, tmp_path: Path) -> None:
    sheet = reopen(dated_report, tmp_path, values=True)["Summary"]
    told = facts(sheet)
    assert sheet["A1"].value == dated_report.headline
    assert sheet["A2"].value.endswith(": act today")
    assert [told[name] for name in ("Standard accounts", "States disagree", "  Critical")] == [
        *(5, 2, 0),
    ]
    assert told["Active"] == 2
    assert [cell.value for cell in sheet["A7":"G7"][0]] == ["2 High", 2, 0, 0, 0, 0, 2]
    (chart,) = book["Summary"]._charts
    drawn = [
        [cell.value for (cell,) in sheet[series.val.numRef.f.split("!")[1]]]
        for series in chart.series
    ]
    assert drawn == [[2, 0, 2], [2, 1, 1]]


def test_the_figures_of_the_summary_follow_the_sheets(book: Any) -> None:
    sheet = book["Summary"]
    told = facts(sheet)
    counted = 'COUNTIFS(Pairs[Verdict],"Mismatch",Pairs[Severity],"1 Critical"'
    assert told["  Critical"] == f'={counted})-{counted},Pairs[Accepted until (UTC)],">0")'
    assert told["1 Critical"] == (
        '=COUNTIFS(Mismatches[Severity],"1 Critical",Mismatches[Status],"Open")'
        '+COUNTIFS(Left_behind[Severity],"1 Critical",Left_behind[Status],"Open")'
    )
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                table, _, head = cell.value.split("(")[1].split("]")[0].partition("[")
                columns = book[table.replace("_", " ")].tables[table].tableColumns
                assert head in [column.name for column in columns]


def test_the_chart_of_the_summary_covers_no_cell_that_says_something(small_book: Any) -> None:
    sheet = small_book["Summary"]
    (chart,) = sheet._charts
    top, left = chart.anchor._from.row + 1, chart.anchor._from.col + 1
    covered = sheet.iter_rows(min_row=top, max_row=chart.anchor.to.row + 1, min_col=left)
    assert not [cell.value for row in covered for cell in row if cell.value is not None]


def test_the_summary_leads_to_every_other_sheet(small_book: Any) -> None:
    links = [
        cell.hyperlink.location
        for (cell,) in small_book["Summary"].iter_rows(max_col=1)
        if cell.hyperlink
    ]
    assert links == [f"'{name}'!A1" for name in SHEETS[1:]]


def test_rows_are_as_high_as_their_wrapped_texts(small_book: Any) -> None:
    sheet = small_book["Mismatches"]
    head = {cell.value: cell for cell in sheet[1]}
    action = sheet.cell(2, head["What to do"].column)
    assert action.alignment.wrap_text
    width = sheet.column_dimensions[action.column_letter].width
    # A character of Arial is about as wide as a digit, which widths are counted in.
    assert sheet.row_dimensions[2].height >= 12 * (len(action.value) // (1.2 * width))
    assert sheet.row_dimensions[2].height > 2 * 12


@pytest.mark.parametrize(
    ("text", "count"),
    [("short", 1), ("two words" * 2, 1), ("word " * 12, 3), ("x" * 60, 3), ("東" * 30, 3), ("", 1)],
)
def test_a_text_is_wrapped_between_words_and_within_long_ones(text: str, count: int) -> None:
    assert measure.lines(text, 24) == count


def test_every_sheet_prints_a_page_wide_with_its_head_and_page_numbers(book: Any) -> None:
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToHeight, sheet.page_setup.paperSize) == (0, 9)
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert sheet.title == "Summary" or sheet.print_title_rows == "$1:$1"
    assert book["Mismatches"].page_setup.orientation == "landscape"
    assert "more columns in the file" in book["Mismatches"].oddFooter.left.text


def test_with_nothing_to_list_a_table_is_empty_and_still_opens(tmp_path: Path) -> None:
    book = reopen(agreeing_snapshot(2), tmp_path)
    sheet = book["Mismatches"]
    assert not [cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert sheet.tables["Mismatches"].ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}2"
    assert sheet["A1"].value == "Severity"


def test_no_account_at_all_is_a_workbook(tmp_path: Path) -> None:
    assert reopen(make_snapshot([]), tmp_path).sheetnames == SHEETS


def test_no_cell_is_a_formula_or_a_link_that_came_from_a_name(hostile_book: Any) -> None:
    summary, *others = hostile_book.worksheets
    cells = [cell for sheet in others for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    ours = [cell for row in summary.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(cell.value.startswith("=COUNT") for cell in ours)
    assert all(
        cell.hyperlink.target is None
        for row in summary.iter_rows()
        for cell in row
        if cell.hyperlink
    )


def test_a_text_that_looks_like_the_writers_markup_is_a_text(tmp_path: Path) -> None:
    """xlsxwriter copies what begins with `<r>` and ends with `</r>` as it stands."""
    markup = "<r></is></c><c><f>1+1</f></c><c><is></r>"
    long = "\N{GRINNING FACE}" * 20_000
    names = (markup, long, " a  b ", "_x0041_ & <b>")
    pairs = [(f"{n:012d}", name, markup, "CLOSED", "ACTIVE") for n, name in enumerate(names)]
    report = Report.of(make_snapshot(pairs))
    own = report.pairs.assign(**{markup: markup, "owner": markup})
    book = reopen(report.only(own, markup), tmp_path)
    head, *listed = book["Pairs"].iter_rows(min_row=2, values_only=True)
    assert [unescape(row[1]) for row in listed] == [markup, long[:16_383], *names[2:]]
    assert head[-1] == f"{markup} "
    assert {row[-1] for row in listed} == {markup}
    assert book["Pairs"]["A1"].value == f"{markup} "
    assert book["Owners"]["A3"].value == markup


def test_what_is_typed_anew_stays_text_where_it_began_as_a_formula_would(tmp_path: Path) -> None:
    rows = [(f"{n:012d}", "a", "u", "CLOSED", "ACTIVE") for n in range(2)]
    report = Report.of(make_snapshot(rows))
    book = reopen(report.only(report.pairs.assign(owner=["=1+1", "Ada"]), ""), tmp_path)
    sheet = book["Mismatches"]
    place = next(cell.column for cell in sheet[1] if cell.value == "Owner")
    assert {
        sheet.cell(row, place).value: sheet.cell(row, place).number_format for row in (2, 3)
    } == {
        "=1+1": "@",
        "Ada": "General",
    }


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
    assert [row[0] for row in rows(book["Pairs"])][1:] == ["000000000042", "100000000002"]
    assert book["Pairs"].tables["Pairs"].ref.startswith("A2:")
    assert book["Pairs"].freeze_panes == "C3"
    # The summary has it as its headline, and every other sheet above its table.
    assert {sheet["A1"].value for sheet in book} == {"Only two"}
    assert book.properties.subject == "Only two"
    assert (book.properties.title, book.properties.creator) == ("Only two", None)
    assert not {"Trend", "Changes"} & set(book.sheetnames)


def test_a_workbook_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no folder"):
        save_workbook(small_snapshot(), tmp_path / "none" / "book.xlsx")


def test_the_summary_tells_the_figures_of_the_report(
    hostile_report: Report, tmp_path: Path
) -> None:
    told = facts(reopen(hostile_report, tmp_path, values=True)["Summary"])
    assert told["States disagree"] == hostile_report.figures.mismatches
    assert told["All"] == hostile_report.figures.mismatches
