"""What stands beside pairs in every output: chosen tags, GovCloud spend, whom to call."""

import csv
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from reported import HOSTILE, WITNESSES, asked, make_snapshot, small_snapshot, witnessed_snapshot

from toolkit.exports import FORMATS, Report, save_report
from toolkit.exports.workbook import save_workbook
from toolkit.store import Snapshot
from toolkit.text import printable

CONTACT = "ada@call.example"
TEXTS = [text for text in HOSTILE if text.strip()]


def written(report: Report, folder: Path) -> list[list[str]]:
    path = save_report(report, folder / "pairs.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def sheets(report: Report | Snapshot, folder: Path) -> Any:
    return openpyxl.load_workbook(save_workbook(report, folder / "book.xlsx"))


def columns(sheet: Any) -> dict[str, list[Any]]:
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return {name: [row[place] for row in rows] for place, name in enumerate(head)}


def with_tags(tags: dict[str, str]) -> Snapshot:
    snapshot = make_snapshot([("000000000042", "one", "unit", "CLOSED", "ACTIVE")])
    rows = [{"account_id": "000000000042", "key": key, "value": tags[key]} for key in tags]
    return asked(snapshot, {"tags": rows})


@pytest.fixture(scope="module")
def plain_book(witnessed_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of five pairs without what is chosen; it is only read."""
    return sheets(witnessed_report, tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def calling_report() -> Report:
    """Report on five pairs that may name whom to call; it is only read."""
    return Report.of(witnessed_snapshot(), contacts=True)


@pytest.fixture(scope="module")
def lone_report() -> Report:
    """Report on a pair that disagrees, with whom to call for it; it is only read."""
    snapshot = make_snapshot([("000000000042", "one", "unit", "CLOSED", "ACTIVE")])
    row = {"account_id": "000000000042", "contact_type": "SECURITY", "email": CONTACT}
    return Report.of(asked(snapshot, {"contacts": [row]}), contacts=True)


@pytest.fixture(scope="module")
def hostile() -> Report:
    """Report on a pair with a tag of each hostile text, as its key and value; it is only read."""
    return Report.of(with_tags({text: text for text in TEXTS}), tags=TEXTS)


class TestTags:
    def test_are_columns_of_the_csv_called_as_their_keys(self, tmp_path: Path) -> None:
        head, *rows = written(Report.of(witnessed_snapshot(), tags=["owner", "stage"]), tmp_path)
        assert head[-3:] == ["accepted_reason", "tag_owner", "stage"]
        assert [row[-2:] for row in rows] == [
            ["payments", ""],
            ["'=1+1", "prod"],
            ["", ""],
            ["", ""],
            ["", ""],
        ]

    def test_called_as_a_column_get_a_name_of_their_own(
        self, witnessed_report: Report, tmp_path: Path
    ) -> None:
        head, *rows = written(witnessed_report.with_tags(["name"]), tmp_path)
        assert head[-1] == "tag_name"
        assert rows[2][1] == "three"
        assert rows[2][-1] == "<b>not its name</b>"

    def test_stand_behind_the_pairs_and_mismatches_of_the_workbook(
        self, witnessed_report: Report, tmp_path: Path
    ) -> None:
        book = sheets(witnessed_report.with_tags(["owner"]), tmp_path)
        assert columns(book["Pairs"])["Tag: owner"] == ["payments", "=1+1", None, None, None]
        assert columns(book["Mismatches"])["Tag: owner"] == [None, "=1+1"]
        types = {cell.data_type for row in book["Mismatches"].iter_rows() for cell in row}
        assert "f" not in types

    def test_that_were_not_chosen_are_nowhere(
        self, witnessed_report: Report, plain_book: Any, tmp_path: Path
    ) -> None:
        assert written(witnessed_report, tmp_path)[0][-1] == "accepted_reason"
        assert "Tag: owner" not in columns(plain_book["Pairs"])

    def test_of_a_selection_are_those_of_its_pairs_once(
        self, witnessed_report: Report, tmp_path: Path
    ) -> None:
        whole = witnessed_report.with_tags(["owner"])
        chosen = whole.only(whole.pairs.head(2), "Only two")
        head, *rows = written(chosen, tmp_path)
        assert head.count("owner") == 1
        assert [row[-1] for row in rows] == ["payments", "'=1+1"]

    def test_stand_behind_columns_of_the_users_own(
        self, witnessed_report: Report, tmp_path: Path
    ) -> None:
        whole = witnessed_report
        chosen = whole.only(whole.pairs.assign(owner="mine"), "All").with_tags(["owner"])
        head, *rows = written(chosen, tmp_path)
        assert head[-2:] == ["accepted_reason", "tag_owner"]
        assert [rows[0][head.index("owner")], rows[0][-1]] == ["mine", "payments"]

    def test_asked_for_twice_are_one_column(self) -> None:
        assert Report.of(witnessed_snapshot(), tags=["owner", "owner"]).tags == ("owner",)

    def test_hostile_keys_and_values_are_the_text_they_are(
        self, hostile: Report, tmp_path: Path
    ) -> None:
        for line in written(hostile, tmp_path):
            found = line[-len(TEXTS) :]
            assert [text.removeprefix("'") for text in found] == list(map(printable, TEXTS))
            assert not [text for text in found if text.lstrip().startswith(("=", "+", "-", "@"))]
        sheet = sheets(hostile, tmp_path)["Mismatches"]
        assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"s", "n", "d"}

    def test_hostile_keys_and_values_together_are_no_script(
        self, hostile: Report, tmp_path: Path
    ) -> None:
        for suffix in (".pptx", ".html"):
            assert save_report(hostile, tmp_path / f"file{suffix}").stat().st_size > 0
        page = (tmp_path / "file.html").read_text(encoding="utf-8")
        assert page.count("<script") == 1

    @pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.key)
    def test_of_an_older_snapshot_are_empty_in_every_format(
        self, one: Any, lone_report: Report, tmp_path: Path
    ) -> None:
        snapshot = lone_report.snapshot
        tables = {name: snapshot.table(name) for name in ("accounts", "govcloud", "links")}
        older = Snapshot(tables, replace(snapshot.manifest, sources={}))
        report = Report.of(older, tags=["owner"], contacts=True)
        assert one.save(report, tmp_path / f"file{one.suffix}").stat().st_size > 0

    def test_that_no_account_has_are_said_and_named_beside_those_that_are(
        self, witnessed_report: Report
    ) -> None:
        report = witnessed_report.with_tags(["Owner", "owner"])
        assert report.remarks == [
            "No account has a tag Owner: its column is empty. There are: owner, stage, name."
        ]

    def test_that_were_not_seen_are_said_once(self) -> None:
        denied = asked(small_snapshot(), {}, {"tags": ("ACCESS_DENIED", "no \x1b[31mright")})
        assert Report.of(denied, tags=["owner", "stage"]).remarks == [
            "The list of tags was denied: no \N{REPLACEMENT CHARACTER}[31mright."
        ]
        assert Report.of(denied).remarks == []


class TestSpend:
    def test_is_a_number_for_each_unit_beside_the_mismatches(self, plain_book: Any) -> None:
        found = columns(plain_book["Mismatches"])
        assert found["Account"] == ["100000000003", "100000000002"]
        assert found["GovCloud spend in USD, the last 3 full months"] == [70, 3000.25]
        assert found["GovCloud spend in JPY, the last 3 full months"] == [5000, None]
        assert found["Spend is"] == [None, "estimated"]

    def test_of_each_action_is_summed_by_unit(self, witnessed_report: Report) -> None:
        actions = witnessed_report.actions
        assert actions[["accounts", "spend"]].to_numpy().tolist() == [
            [1, "5,000 JPY; 70 USD"],
            [1, "3,000 USD, estimated"],
        ]

    def test_of_an_action_is_that_of_all_its_accounts(self) -> None:
        rows = [(f"{i:012d}", "a", "u", "CLOSED", "ACTIVE") for i in range(3)]
        rows += [(f"{i:012d}", "b", "u", "LOCKED", "ACTIVE") for i in range(3, 5)]
        spend = [
            {
                "account_id": f"{i:012d}",
                "month": "2026-10",
                "amount": 100.0,
                "unit": "USD",
                "is_estimated": i == 1,
            }
            for i in range(2)
        ]
        actions = Report.of(asked(make_snapshot(rows), {"spend": spend})).actions
        assert actions[["accounts", "spend"]].to_numpy().tolist() == [
            [3, "200 USD, estimated"],
            [2, "–"],
        ]

    def test_that_was_not_seen_is_nowhere(self, small_report: Report, tmp_path: Path) -> None:
        denied = asked(small_snapshot(), {}, {"spend": ("ACCESS_DENIED", None)})
        for report in (small_report, Report.of(denied)):
            assert "spend" not in report.actions
            heads = columns(sheets(report, tmp_path)["Mismatches"])
            assert not [head for head in heads if "pend" in str(head)]

    def test_of_nobody_is_no_column_and_no_error(self, tmp_path: Path) -> None:
        free = Report.of(asked(small_snapshot(), {"spend": []}))
        assert free.actions["spend"].tolist() == ["–", "–"]
        heads = columns(sheets(free, tmp_path)["Mismatches"])
        assert not [head for head in heads if "pend" in str(head)]

    def test_of_a_selection_is_that_of_its_pairs(self, witnessed_report: Report) -> None:
        whole = witnessed_report
        chosen = whole.only(whole.pairs.tail(3), "Only three")
        assert set(chosen.spend["account_id"]) == {"100000000003"}
        assert chosen.actions["spend"].tolist() == ["5,000 JPY; 70 USD"]


class TestContacts:
    def test_are_columns_of_the_csv_where_it_names_them(
        self, calling_report: Report, tmp_path: Path
    ) -> None:
        head, *rows = written(calling_report, tmp_path)
        assert head[-3:] == ["billing_contact", "operations_contact", "security_contact"]
        assert [row[-3:] for row in rows[1:3]] == [
            ["none is set", "", f"Ada, CISO, {CONTACT}, +1 555 0100"],
            ["", "'=Bob, bob@call.example", ""],
        ]

    def test_are_a_sheet_worst_mismatch_first(self, calling_report: Report, tmp_path: Path) -> None:
        found = columns(sheets(calling_report, tmp_path)["Contacts"])
        assert found["Account"] == ["100000000003", "100000000002", "100000000002"]
        assert found["Contact"] == ["Operations", "Billing", "Security"]
        assert found["Name"] == ["=Bob", None, "Ada"]

    @pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.key)
    def test_are_in_a_file_only_where_they_were_asked_for(
        self, one: Any, lone_report: Report, tmp_path: Path
    ) -> None:
        for report in (lone_report, Report.of(lone_report.snapshot)):
            path = one.save(report, tmp_path / f"file{one.suffix}")
            assert (CONTACT in everything(path)) is report.names_contacts

    def test_are_those_of_the_selected_mismatches_alone(self, calling_report: Report) -> None:
        whole = calling_report
        chosen = whole.only(whole.pairs[whole.pairs["name"] == "three"], "Only three")
        assert chosen.contacts["account_id"].tolist() == ["100000000003"]

    def test_of_pairs_that_agree_now_are_left_out(self) -> None:
        row = {"account_id": "000000000042", "contact_type": "BILLING", "name": "Eve"}
        snapshot = asked(small_snapshot(), {"contacts": [row, *WITNESSES["contacts"]]})
        assert "Eve" not in set(Report.of(snapshot, contacts=True).contacts["name"])

    def test_that_were_never_asked_for_are_said_with_the_way_to_have_them(self) -> None:
        (sentence,) = Report.of(small_snapshot(), contacts=True).remarks
        assert "was not asked: collect with --sources" in sentence
        assert "contacts" in sentence.rpartition("--sources")[2]


def everything(path: Path) -> str:
    """Return all text of a file that has parts, or of one that has none."""
    if path.suffix in (".csv", ".html"):
        return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as file:
        return "".join(
            file.read(name).decode() for name in file.namelist() if name.endswith(".xml")
        )


def test_what_stands_beside_leaves_the_pairs_alone(calling_report: Report) -> None:
    report = calling_report.with_tags(["owner"])
    before = report.pairs.copy()
    report.called(report.spent(report.tagged(report.pairs)))
    pd.testing.assert_frame_equal(report.pairs, before)
