"""Own rules judge everything in the app: figures, tables, links, changes, accounts and files."""

import csv
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from emulated import a_pair, an_organization
from pptx import Presentation
from reported import make_snapshot
from staged import Open, words, write_anew
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.app.pages import (
    ACCOUNT,
    COLLECT,
    EXPORT,
    LINKS,
    MISMATCHES,
    OVERVIEW,
    PAGES,
    TRENDS,
    Page,
)
from toolkit.aws import connect_local
from toolkit.emulator import Emulator
from toolkit.runs import collect
from toolkit.store import Snapshot, Store
from toolkit.titles import title_overview
from toolkit.verdicts import Judged, Policy, judge_pairs, mismatches

SHOWING = [page for page in PAGES if page is not COLLECT]


@dataclass(frozen=True)
class Closed:
    """A store whose `account`, active on both sides a week ago, has a closed payer since."""

    store: Store
    account: str


@pytest.fixture(scope="module")
def closed_payer(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """The demo with one payer more that is closed in the newest snapshot; made once."""
    store = Store(shutil.copytree(small_demo, tmp_path_factory.mktemp("closed") / "demo"))
    snapshot = store.load()
    both = judge_pairs(snapshot).query("standard_state == 'ACTIVE' and govcloud_state == 'ACTIVE'")
    account = str(both["account_id"].iloc[-1])
    accounts = snapshot.accounts.copy()
    accounts.loc[accounts["account_id"] == account, "standard_state"] = "CLOSED"
    write_anew(snapshot, accounts=accounts)
    return Closed(store, account)


@pytest.fixture
def closed(closed_payer: Closed, shown_demo: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The account with the closed payer, in the store that the app shows; to read alone."""
    del shown_demo
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(closed_payer.store))
    return closed_payer.account


@pytest.fixture(scope="module")
def judged_once() -> dict[str, Judged]:
    """What own rules said before, by their mark."""
    return {}


@pytest.fixture
def judged(
    closed: str, closed_payer: Closed, own_rules: Policy, judged_once: dict[str, Judged]
) -> Judged:
    """The demo's newest snapshot and its history by own rules."""
    del closed
    if own_rules.mark not in judged_once:
        store = closed_payer.store
        snapshot = store.load()
        judged_once[own_rules.mark] = own_rules.judge(snapshot, store.history(snapshot))
    return judged_once[own_rules.mark]


@pytest.fixture
def active(judged: Judged) -> int:
    """How many pairs are active on both sides: matches, but not by own rules."""
    both = (judged.pairs["standard_state"] == "ACTIVE") & (
        judged.pairs["govcloud_state"] == "ACTIVE"
    )
    assert both.sum() > 10
    return int(both.sum())


@pytest.fixture
def two_pairs(own_store: Path) -> Snapshot:
    """One pair that own rules alone call a mismatch and one that they do not; soon on slides."""
    rows = [
        ("111122223333", "Payments", "Root", "ACTIVE", "ACTIVE"),
        ("111122224444", "Ledger", "Root", "CLOSED", "ACTIVE"),
    ]
    return Store(own_store).save(make_snapshot(rows, complete=False))


def file_of(page: AppTest, kind: str) -> bytes:
    """Make a file on the page Export, and return it."""
    page.button(key=f"export-make-{kind}").click().run()
    assert not page.exception
    content: bytes = page.session_state["export-made"][kind][1].data
    return content


@pytest.mark.parametrize("place", SHOWING, ids=lambda place: place.folder)
@pytest.mark.usefixtures("closed", "policy_file")
def test_every_page_says_by_which_rules_it_judges(place: Page, open_page: Open) -> None:
    assert "· own rules: strict.toml" in words(open_page(place))


@pytest.mark.usefixtures("closed")
def test_without_own_rules_no_page_speaks_of_them(open_page: Open) -> None:
    assert "own rules" not in words(open_page(LINKS))


def test_the_overview_counts_explains_and_draws_by_own_rules(
    judged: Judged, active: int, open_page: Open
) -> None:
    page = open_page(OVERVIEW)

    newest, before = (analysis.key_figures(pairs) for _, pairs in reversed(judged.history))
    cards = {card.label: card for card in page.metric}
    assert int(cards["Critical"].value) == newest.critical == active
    assert int(cards["Critical"].delta) == newest.critical - before.critical
    assert int(cards["Mismatches"].value) == newest.mismatches
    assert cards["Critical"].help == r"Active → Active\. Both must be closed by now\."

    units = next(
        json.loads(chart.proto.spec)
        for chart in page.get("plotly_chart")
        if chart.proto.id.endswith("chart-units")
    )

    bars = [bar for trace in units["data"] for bar in trace.get("customdata") or []]
    assert sum(bar[2] for bar in bars if bar[1] == "CRITICAL") == active


def test_the_table_of_mismatches_and_since_when_they_are_is_that_of_own_rules(
    judged: Judged, open_page: Open
) -> None:
    page = open_page(MISMATCHES)

    shown = page.dataframe[0].value.set_index("account_id")["since"]
    since = mismatches(judged.pairs).set_index("account_id")["since"]
    assert list(shown.index) == list(since.index)
    assert pd.to_datetime(shown).to_dict() == since.to_dict()
    assert "◆ Critical mismatch" in words(page)
    assert "Both must be closed by now." in words(page)


def test_links_are_worth_a_look_by_own_rules(judged: Judged, open_page: Open) -> None:
    flagged = judged.links[judged.links["severity"].notna()]
    in_place = flagged["meaning"] == "No account may be linked."
    assert in_place.any()

    shown = open_page(LINKS).dataframe[-1].value

    assert len(shown) == len(flagged)
    assert (shown["meaning"] == "No account may be linked.").sum() == in_place.sum()


@pytest.mark.usefixtures("policy_file")
def test_both_sides_of_a_change_are_judged_by_own_rules(closed: str, open_page: Open) -> None:
    shown = next(e.value for e in open_page(TRENDS).dataframe if "change" in e.value.columns)

    # To this toolkit's own rules a closed payer of a running account appears; to these it is fine.
    of_account = shown[shown["account_id"] == closed].iloc[0]
    assert list(of_account["change"]) == ["Resolved"]
    assert list(of_account["severity_before"]) == ["1 Critical"]


@pytest.mark.usefixtures("policy_file")
def test_an_account_asked_now_is_judged_as_the_snapshot_is(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    aws = connect_local(own_accounts.url)
    collect(aws, own_store, link_regions="none", progress=None)
    aws.close()
    own_accounts.organization = an_organization(a_pair(10), a_pair(11, "CLOSED"))
    page = open_page(ACCOUNT)
    page.text_area(key="accounts").set_value("000000000010 000000000011").run()
    page.button(key="account-ask").click().run()

    shown = page.dataframe[0].value.set_index("Account")
    assert shown.loc["000000000010", "Verdict"] == "Critical mismatch"
    assert shown.loc["000000000011", "Verdict"] == "Critical mismatch → Match"


def test_the_table_that_goes_out_is_judged_by_own_rules(
    judged: Judged, active: int, open_page: Open
) -> None:
    content = file_of(open_page(EXPORT), "csv").decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["severity"] for row in rows] == [
        str(word) if isinstance(word, str) else "" for word in judged.pairs["severity"]
    ]
    assert sum(row["severity"] == "CRITICAL" for row in rows) == active


def test_the_slides_count_and_explain_by_own_rules_and_name_them(
    two_pairs: Snapshot, own_rules: Policy, open_page: Open
) -> None:
    judged = own_rules.judge(two_pairs)
    assert len(mismatches(judged.pairs)) == 1

    deck = Presentation(io.BytesIO(file_of(open_page(EXPORT), "deck")))

    said = "\n".join(
        cell.text if hasattr(cell, "text") else cell.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        for cell in (
            [c for row in shape.table.rows for c in row.cells] if shape.has_table else [shape]
        )
        if shape.has_table or shape.has_text_frame
    )
    assert title_overview(judged.pairs) in said
    assert "Both must be closed by now." in said
    assert "strict.toml" in said


def test_the_workbook_compares_by_own_rules(judged: Judged, open_page: Open) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of(open_page(EXPORT), "workbook")))

    (_, before), (_, after) = judged.history
    changes = analysis.changes(before, after)
    assert "RESOLVED" in set(changes["change"])
    assert book["Changes"].max_row - 1 == len(changes)
    assert book["Mismatches"].max_row - 1 == len(mismatches(judged.pairs))


def test_a_file_is_no_longer_offered_once_other_rules_hold(
    two_pairs: Snapshot, policy_file: Path, open_page: Open
) -> None:
    del two_pairs
    page = open_page(EXPORT)
    file_of(page, "csv")
    assert page.get("download_button")

    policy_file.write_text("", encoding="utf-8")
    page.run()

    assert not page.get("download_button")


def test_mended_rules_hold_at_the_next_look(
    policy_file: Path, judged: Judged, open_page: Open
) -> None:
    right = policy_file.read_text(encoding="utf-8")
    policy_file.write_text("[[rules", encoding="utf-8")
    page = open_page(LINKS)
    assert "strict.toml, line 1 is not TOML" in words(page)

    policy_file.write_text(right, encoding="utf-8")
    page.button[0].click().run()

    assert len(page.dataframe[-1].value) == judged.links["severity"].notna().sum() > 0
    assert "· own rules: strict.toml" in words(page)
