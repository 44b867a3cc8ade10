"""One rule of one's own reaches every output, and each says by whose rules it judges."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pptx
import pytest
from reported import contested_snapshot, own_policy

from toolkit import schema
from toolkit.exports import Report
from toolkit.exports.csv_file import save_pairs
from toolkit.exports.deck import save_deck
from toolkit.exports.page import save_page
from toolkit.exports.workbook import save_workbook
from toolkit.titles import board
from toolkit.verdicts import Policy

OWN = (
    "Two equal states match except Suspended → Suspended, and so does Active → Closed; others"
    " disagree; an account without a GovCloud account is no mismatch. 3 of 80 rules are our own"
    " (from ours.toml); the rest is this toolkit's own judgement."
)


@pytest.fixture(scope="module")
def report() -> Report:
    """Report on a pair that was restricted on both sides since, by own rules; it is only read."""
    before = contested_snapshot(day="2026-11-15", restricted="CLOSED")
    return Report.of(contested_snapshot(), history=[before], policy=own_policy())


@pytest.fixture(scope="module")
def deck(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give the texts of each slide by its title; they are only read."""
    path = save_deck(report, tmp_path_factory.mktemp("deck") / "own.pptx")
    slides = pptx.Presentation(str(path)).slides
    return {slide.shapes.title.text_frame.text: _texts(slide) for slide in slides}


@pytest.fixture(scope="module")
def book(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give the workbook; it is only read."""
    path = save_workbook(report, tmp_path_factory.mktemp("book") / "own.xlsx")
    return openpyxl.load_workbook(path, data_only=True)


def test_the_matrix_of_the_deck(deck: dict[str, list[str]]) -> None:
    cells = deck["Most pairs agree; Suspended → Suspended is the most frequent way not to"]
    assert "1\n◆ Critical" in cells
    assert not any("Medium" in cell for cell in cells if "\n" in cell)


def test_the_worst_and_the_actions_of_the_deck(deck: dict[str, list[str]]) -> None:
    assert {"◆ Critical", "100000000002"} <= set(deck[board.WORST])
    assert "100000000003" not in deck[board.WORST]
    todo = deck[board.ask_actions(names_owners=False)]
    assert {"Nobody pays here.", "Ask finance first."} <= set(todo)


def test_the_link_slide_of_the_deck(deck: dict[str, list[str]]) -> None:
    cells = deck["The only account link is worth a look"]
    assert {"◆ Critical", "A link must not leave us."} <= set(cells)


def test_the_method_slide_of_the_deck(deck: dict[str, list[str]]) -> None:
    assert OWN in deck["How these numbers came about"]


def test_changes_are_by_the_same_rules_on_both_sides(
    report: Report, deck: dict[str, list[str]]
) -> None:
    """By the toolkit's own rules one pair were resolved and another unchanged."""
    (change,) = report.changes.to_dict("records")
    assert (change["account_id"], change["change"]) == ("100000000002", "CHANGED")
    assert (change["severity_before"], change["severity_after"]) == ("LOW", "CRITICAL")
    assert "1 mismatch changed" in deck
    assert "Mismatches stand at 1, as on 15 November" in deck


def test_pairs_and_links_of_the_workbook(book: Any) -> None:
    pairs = _frame(book["Pairs"]).set_index("Account")
    assert pairs["Verdict"].tolist() == ["Match", "Mismatch", "Match"]
    assert pairs.loc["100000000002", "Severity"] == "1 Critical"
    assert pairs.loc["100000000002", "What to do"] == "Ask finance first."
    assert _frame(book["Links"])["Severity"].tolist() == ["1 Critical"]
    assert _frame(book["Mismatches"])["Account"].tolist() == ["100000000002"]


def test_rules_of_the_workbook(book: Any) -> None:
    rules = _frame(book["Rules"]).set_index(["Standard state", "GovCloud state"])
    assert rules.loc[("Suspended", "Suspended"), "Severity"] == "1 Critical"
    assert rules.loc[("Active", "Closed"), "Verdict"] == "Match"
    links = _frame(book["Link rules"]).set_index(["Status", "Ends"])
    assert links.loc[("Linked", "Outside"), "Severity"] == "1 Critical"
    assert len(links) == len(own_policy().link_rules)


def test_the_summary_of_the_workbook(book: Any) -> None:
    facts = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2)}
    assert (facts["States disagree"], facts["  Critical"], facts["  Medium"]) == (1, 1, 0)
    assert facts["Verdicts"] == OWN


def test_the_page(report: Report, tmp_path: Path) -> None:
    page = save_page(report, tmp_path / "own.html").read_text(encoding="utf-8")
    assert "1 of 3 linked pairs disagrees, critically" in page
    assert '<td class="CRITICAL" data-l="→ Suspended"><b>1</b><small>◆ Critical</small>' in page
    assert "Nobody pays here." in page
    assert OWN.replace("'", "&#39;") in page
    assert "■ Medium" not in page.split('<section id="mismatch-trend"')[0]


def test_the_csv_file(report: Report, tmp_path: Path) -> None:
    back = pd.read_csv(save_pairs(report, tmp_path / "own.csv"), dtype="str")
    assert back["severity"].fillna("").tolist() == ["", "CRITICAL", ""]


def test_by_the_toolkit_s_own_rules_every_combination_has_a_row(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save_workbook(contested_snapshot(), tmp_path / "book.xlsx"))
    rules = _frame(book["Rules"])
    assert len(rules) == len(schema.STANDARD_STATES) * len(schema.GOVCLOUD_STATES)
    assert len(_frame(book["Link rules"])) == len(Policy().link_rules)


def _texts(slide: Any) -> list[str]:
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            texts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return texts


def _frame(sheet: Any) -> pd.DataFrame:
    head, *rows = sheet.iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=head)
