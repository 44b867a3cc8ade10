"""What GovCloud's own list says, in the report, the workbook and the page."""

from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from reported import HOSTILE, WITNESSES, agreeing_snapshot, asked, make_snapshot

from toolkit.exports import Report
from toolkit.exports.page import save_page
from toolkit.exports.workbook import save_workbook
from toolkit.store import Snapshot
from toolkit.verdicts import Policy, default_reconcile_rules

TITLE = "1 GovCloud account has outlived its standard account, 4 more deserve a look; 2 of 7 agree"


def book(content: Report | Snapshot, folder: Path) -> Any:
    return openpyxl.load_workbook(save_workbook(content, folder / "book.xlsx"), data_only=True)


def page(content: Report | Snapshot, folder: Path) -> str:
    return save_page(content, folder / "page.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def small_page(small_report: Report, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of five pairs and nothing beside them."""
    return page(small_report, tmp_path_factory.mktemp("small"))


def test_a_selection_has_the_accounts_that_either_side_pairs_with_it(
    followed_report: Report,
) -> None:
    report = followed_report
    assert len(report.reconciled) == 7
    chosen = report.only(report.pairs[report.pairs["name"].isin(["two", "five"])], "Only two")
    assert chosen.reconciled[["govcloud_account_id", "finding"]].to_numpy().tolist() == [
        ["900000000002", "STATE_DISAGREES"],
        ["900000000055", "CREATED_BUT_NOT_PAIRED"],
    ]
    assert len(chosen.judged.reconciled) == 7


def test_the_workbook_has_every_row_in_a_table_with_filters(
    followed_report: Report, tmp_path: Path
) -> None:
    sheet = book(followed_report, tmp_path)["Reconcile"]
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert sheet.tables["Reconcile"].ref == "A1:H8"
    assert head[:6] == [
        *("GovCloud account", "Account", "Finding"),
        *("State by the pair", "State by the witness", "Severity"),
    ]
    assert rows[0][:6] == [
        *("900000000006", "100000000006", "Pair left list"),
        *(None, "Active", "1 Critical"),
    ]
    assert rows[2][:6] == [
        *("900000000002", "100000000002", "State disagrees"),
        *("Active", "Suspended", "3 Medium"),
    ]


def test_the_summary_counts_the_findings_that_were_seen(
    witnessed_report: Report, tmp_path: Path
) -> None:
    sheet = book(witnessed_report, tmp_path)["Summary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert facts["GovCloud accounts known to either side"] == 7
    assert facts["  Not in GovCloud organization"] == 1
    assert facts["  Without pair"] == 2
    # Without an older snapshot nobody knows whether a pair has left.
    assert "  Pair left list" not in facts


def test_an_older_snapshot_has_neither_sheet_nor_section(
    small_report: Report, small_page: str, tmp_path: Path
) -> None:
    assert "Reconcile" not in book(small_report, tmp_path).sheetnames
    assert "own list. Of" not in small_page
    assert "Not asked" in small_page


def test_the_page_has_the_answer_the_counts_and_both_states(
    followed_report: Report, tmp_path: Path
) -> None:
    shown = page(followed_report, tmp_path)
    assert f"<h2>{TITLE}</h2>" in shown
    assert (
        escape(
            "GovCloud's own list. Of 7 GovCloud accounts known to either side: Agree: 2 ·"
            " State disagrees: 1 · Not in GovCloud organization: 1 · Without pair: 1 ·"
            " Pair left list: 1 · Created but not paired: 1"
        ).replace("&#x27;", "&#39;")
        in shown
    )
    section = shown.split('<section id="reconciled">')[1]
    row = next(line for line in section.split("<tr>") if "900000000002</td>" in line)
    for cell in ("100000000002", "State disagrees", "Active", "Suspended"):
        assert f">{cell}</td>" in row


def test_a_denied_list_is_said_in_the_page_and_no_state_is_made_up(tmp_path: Path) -> None:
    denied = {"witness": ("ACCESS_DENIED", "<b>no right</b>")}
    five = make_snapshot([("100000000005", "five", None, "ACTIVE", None)])
    shown = page(asked(five, {"created": WITNESSES["created"]}, denied), tmp_path)
    assert "own list. Of 1 GovCloud account known to either side: Created but not paired: 1<" in (
        shown.replace("&#39;", "'")
    )
    assert "list was denied: &lt;b&gt;no right&lt;/b&gt;</h2>" in shown
    assert "<b>no right</b>" not in shown


def test_spend_and_tags_stand_in_the_tables_of_the_page(
    witnessed_report: Report, small_page: str, tmp_path: Path
) -> None:
    shown = page(witnessed_report.with_tags(["owner", "name"]), tmp_path)
    assert ">3,000 USD, estimated</td>" in shown
    assert '<th scope="col">GovCloud spend</th>' in shown
    assert '<th scope="col">Tag: owner</th>' in shown
    assert "&lt;b&gt;not its name&lt;/b&gt;</td>" in shown
    assert "GovCloud spend</th>" not in small_page


def test_a_hostile_state_or_detail_is_the_text_it_is(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if text.strip()]
    listed = [
        {"govcloud_account_id": f"9{number:011d}", "name": text, "state": text}
        for number, text in enumerate(texts)
    ]
    pairs = make_snapshot(
        [(f"{number:012d}", "one", "unit", "ACTIVE", "ACTIVE") for number in range(len(texts))]
    )
    # Each detail begins with what it is to beware of, and a cell is a formula by its beginning.
    why = {
        source: ("ACCESS_DENIED", detail)
        for source, detail in {
            "created": "=1+1",
            "closures": "@SUM(A1) \x01\x1b[31m \u202egnp.exe",
            "tags": "<b>bold</b>",
            "spend": "</script><script>alert(1)</script>",
        }.items()
    }
    report = Report.of(asked(pairs, {"witness": listed}, why))
    sheets = book(report, tmp_path)
    kinds = {
        cell.data_type
        for sheet in sheets.worksheets[1:]
        for row in sheet.iter_rows()
        for cell in row
    }
    assert "f" not in kinds
    shown = page(report, tmp_path)
    assert shown.count("<script") == 1
    assert "<b>bold" not in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert not set("\x01\x1b\u202e") & set(shown.partition("<script")[0])


def test_own_rules_on_findings_are_what_every_output_says(tmp_path: Path) -> None:
    rules = default_reconcile_rules()
    agree = (rules["finding"] == "AGREE") & (rules["state"] == "ACTIVE")
    rules.loc[agree, ["severity", "meaning", "action"]] = ["LOW", "Ours agrees.", "Look at it."]
    listed = [{"govcloud_account_id": "900000000000", "state": "ACTIVE"}]
    snapshot = asked(agreeing_snapshot(1), {"witness": listed})
    report = Report.of(snapshot, policy=Policy(reconcile_rules=rules))
    sheets = book(report, tmp_path)
    rows = [[cell.value for cell in row] for row in sheets["Reconcile"].iter_rows()]
    assert ["Agree", "4 Low", "Ours agrees."] in [[row[2], *row[5:7]] for row in rows]
    assert ("Agree", "Active", "4 Low", "Ours agrees.", "Look at it.") in [
        *sheets["Reconcile rules"].iter_rows(values_only=True)
    ]
    assert "Ours agrees." in page(report, tmp_path)
