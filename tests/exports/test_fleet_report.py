"""A report of one among several organizations: what it says of the others, and to whom not."""

import dataclasses
from pathlib import Path

import openpyxl
import pytest
from reported import make_snapshot, older_snapshot, small_snapshot

from toolkit import titles
from toolkit.exports import Report
from toolkit.exports.page import save_page
from toolkit.exports.workbook import save_workbook
from toolkit.store import LeftOutWarning, Snapshot, Store
from toolkit.verdicts import Policy, default_rules

DAMAGED = "o-damaged"
OTHER = "account-123456789012"
pytestmark = pytest.mark.filterwarnings(f"ignore:Left out.*{DAMAGED}")


def other_snapshot() -> Snapshot:
    """Make the other organization, three days later: three critical mismatches, one unknown."""
    rows = [(f"20000000000{end}", "a", "Root", "CLOSED", "ACTIVE") for end in range(4)]
    return make_snapshot(rows, day="2026-11-25", organization=OTHER, failed=["200000000003"])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store of two organizations, and of one whose only manifest is damaged."""
    folder = tmp_path_factory.mktemp("fleet") / "store"
    store = Store(folder)
    for snapshot in (older_snapshot(), small_snapshot(), other_snapshot()):
        store.save(snapshot)
    damaged = folder / "runs" / f"organization={DAMAGED}"
    damaged.mkdir()
    (damaged / "taken=2026-11-22T03-00-00Z.json").write_text("{")
    return store


@pytest.fixture(scope="module")
def report(store: Store) -> Report:
    """Return the report on the newest snapshot of one of them; it is only read."""
    return Report.of(store.load(organization="o-test"))


def test_the_newest_snapshot_of_each_organization_is_in_it_worst_first(report: Report) -> None:
    assert report.fleet is not None
    table = report.fleet.table
    counts = ["organization_id", "accounts", "critical", "high", "unknown", "snapshots"]
    # What is critical of this one began a few days ago, and is in grace.
    assert table[counts].to_numpy().tolist() == [[OTHER, 4, 3, 0, 1, 1], ["o-test", 5, 0, 2, 0, 2]]
    assert list(report.fleet.left_out) == [DAMAGED]


def test_what_it_says_of_its_own_organization_is_what_the_report_says(report: Report) -> None:
    assert report.fleet is not None
    own = report.fleet.table.set_index("organization_id").loc["o-test"]
    figures = report.figures
    assert own["taken"] == report.snapshot.taken
    assert (own["mismatches"], own["left_behind"]) == (figures.mismatches, figures.left_behind)
    assert own["left_behind"] == 1


def test_all_are_judged_by_the_report_s_policy(report: Report) -> None:
    rules = default_rules()
    rules.loc[rules["severity"] == "CRITICAL", "severity"] = "LOW"
    mild = Report.of(report.snapshot, policy=Policy(rules)).fleet
    assert mild is not None
    assert mild.table["critical"].tolist() == [0, 0]
    assert mild.table.set_index("organization_id")["low"].to_dict() == {OTHER: 3, "o-test": 1}


def test_an_older_snapshot_has_none_beside_it_that_nobody_had_seen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the others is read for it, either."""
    monkeypatch.setattr("toolkit.exports.report.overview", None)
    assert Report.of(store.load("o-test/2026-11-15T03-00-00Z")).fleet is None


def test_a_selection_and_what_goes_to_an_owner_tell_nothing_of_the_others(report: Report) -> None:
    assert report.only(report.pairs, "All of them").fleet is None
    owned = report.by_owner()
    assert len(owned) == 1
    assert [one.fleet for _, one in owned] == [None]


def test_a_snapshot_in_no_store_or_alone_in_one_has_no_fleet(tmp_path: Path) -> None:
    assert Report.of(small_snapshot()).fleet is None
    alone = Store(tmp_path / "alone").save(small_snapshot())
    assert Report.of(alone).fleet is None


def test_a_chosen_list_of_accounts_is_no_organization_among_others(
    store: Store, report: Report
) -> None:
    some = dataclasses.replace(small_snapshot(day="2026-11-26", complete=False), store=store)
    assert Report.of(some).fleet is None
    assert report.fleet is not None


def test_method_says_of_how_many_organizations_and_which_was_not_read(report: Report) -> None:
    assert dict(report.method)["Organizations"] == (
        "the newest snapshot of each of 2 in the store, seen between 22 and 25 November 2026;"
        f" could not be read: {DAMAGED}"
    )


def test_a_report_of_one_organization_alone_has_no_line_on_others(small_report: Report) -> None:
    assert "Organizations" not in dict(small_report.method)


def test_the_workbook_has_a_sheet_of_all_organizations(
    report: Report, small_report: Report, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(save_workbook(report, tmp_path / "fleet.xlsx"))
    head, *rows = book["Fleet"].values
    assert head[:3] == ("Organization", "Taken (UTC)", "Accounts")
    assert [row[0] for row in rows] == [OTHER, "o-test"]
    assert dict(zip(head, rows[0], strict=True))["Critical"] == 3
    alone = openpyxl.load_workbook(save_workbook(small_report, tmp_path / "alone.xlsx"))
    assert "Fleet" not in alone.sheetnames


def test_the_page_has_a_table_of_all_organizations_and_marks_its_own(
    report: Report, tmp_path: Path
) -> None:
    assert report.fleet is not None
    page = save_page(report, tmp_path / "fleet.html").read_text(encoding="utf-8")
    title = titles.title_fleet(report.fleet.table, 1)
    section = page[page.index(f"<h2>{title}</h2>") :].partition("</section>")[0]
    assert f"seen between 22 and 25 November 2026; worst first; could not be read: {DAMAGED}" in (
        section
    )
    assert ">o-test<small>this report</small></td>" in section
    assert f">{OTHER}</td>" in section
    assert section.count('<th scope="col" class="number">') == 11


def test_that_others_are_left_out_is_warned_of(store: Store) -> None:
    with pytest.warns(LeftOutWarning, match=DAMAGED):
        assert Report.of(store.load(organization="o-test")).fleet is not None
