"""A download is what is shown: the rows, the words that chose them, and no formula."""

import io
from collections.abc import Callable
from functools import partial

import openpyxl
import pytest
import streamlit as st
from reported import make_snapshot

from toolkit.app import data
from toolkit.app.filters import Filter
from toolkit.app.parts import downloads
from toolkit.app.source import Source
from toolkit.schema import PAIRS
from toolkit.store import Store
from toolkit.verdicts import Policy

Offered = dict[str, Callable[[], bytes]]


THREE = Filter(severity=("Critical",))
SAID = "3 of the organization's 4 pairs are critical"
NAME = "account-states-2026-11-22-3-of-the-organizations-4-pairs-are-critical"


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    """What is offered by name; each makes its file as a click would."""
    found: Offered = {}

    def note(_text: str, make: Callable[[], bytes], name: str, _mime: str, **_more: object) -> None:
        found[name] = make

    monkeypatch.setattr(st, "download_button", partial(note))
    return found


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> data.View:
    """Four accounts that disagree, two with names that a spreadsheet may act upon, and a link."""
    names = ("=1+1", "fine", "000000000042", "left out")
    accounts = [f"11111111000{number}" for number in range(len(names))]
    rows = [
        (account, name, "Root", "CLOSED", "ACTIVE")
        for account, name in zip(accounts, names, strict=True)
    ]
    links = [("LINKED", accounts[0], accounts[1], "us-east-1")]
    store = Store(tmp_path_factory.mktemp("downloads"))
    saved = store.save(make_snapshot(rows, links))
    return data.view(Source("own", store, saved.id, "", Policy()))


def test_a_csv_holds_the_rows_on_screen_and_starts_no_formula(
    view: data.View, offered: Offered
) -> None:
    found = view.listed[view.listed["name"].isin(["=1+1", "fine", "000000000042"])]

    downloads.offer_pairs(view, found, view.left_listed, THREE)

    lines = offered[f"{NAME}.csv"]().decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == [f'"{name}"' for name in PAIRS.names]
    assert [line.split(",")[0].strip('"') for line in lines[1:]] == list(found["account_id"])
    assert any('"\'=1+1"' in line for line in lines)
    assert any('"000000000042"' in line for line in lines)


def test_a_workbook_says_what_its_rows_were_chosen_by(view: data.View, offered: Offered) -> None:
    downloads.offer_pairs(view, view.listed.head(3), view.left_listed, THREE)

    content = offered[f"{NAME}.xlsx"]()
    book = openpyxl.load_workbook(io.BytesIO(content))
    said = [cell for row in book["Summary"].iter_rows(values_only=True) for cell in row]
    assert any(SAID in str(cell) for cell in said)
    assert book["Pairs"]["A1"].value == SAID
    assert book["Pairs"].max_row == 5


def test_any_other_table_is_offered_as_csv(offered: Offered, view: data.View) -> None:
    downloads.offer_csv(view.links, "links")

    lines = offered["links.csv"]().decode("utf-8-sig").splitlines()
    assert len(lines) == len(view.links) + 1 == 2
