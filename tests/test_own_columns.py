"""Columns of the user's own pass through judging and through every output, whatever they hold."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from reported import older_snapshot, small_snapshot

import toolkit as tk
from toolkit import schema
from toolkit.analysis import changes
from toolkit.charts import CHARTS
from toolkit.cli.terminal import records
from toolkit.exports import FORMATS, Report
from toolkit.store import Snapshot

OWN: dict[Any, list[Any]] = {
    "cost centre": ["A1", "B2", None, "A1", "C3"],
    "formula": ["=cmd|'/c calc'!A0", "+1", "-1", "@x", "a\nb"],
    "lists": [[1], [], None, [{"a": 1}], "text"],
    "dicts": [{"a": 1}, {("a", "b"): 2}, {}, None, {"=1": float("nan")}],
    "spent": [1.5, float("nan"), float("inf"), -2.0, 0.0],
    "seats": [1, 2, 3, 4, 5],
    "kept": [True, False, True, False, True],
    "seen": pd.to_datetime(["2026-11-22"] * 5).tolist(),
    "team": pd.Categorical(["=x", "y", "y", "y", "y"]),
    # Names of columns and helpers inside the toolkit.
    **{name: list("abcde") for name in ("verdict", "severity_shown", "count", "index", "Index")},
    **{name: list("abcde") for name in ("accounts", "mismatches", "ends", "state", "taken")},
    # Names that are no text, and one that is a formula.
    5: [1] * 5,
    ("a", "b"): [2] * 5,
    None: [3] * 5,
    pd.Timestamp("2026-11-22"): [4] * 5,
    "=1+1": [5] * 5,
    "Account": list("vwxyz"),
}


def with_own(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot whose accounts have these columns, one name twice, and GovCloud another."""
    accounts = snapshot.accounts.assign(twice=1)
    accounts = pd.concat([accounts, pd.DataFrame({"twice": [2] * len(accounts)})], axis="columns")
    for name, values in OWN.items():
        accounts[name] = values
    govcloud = snapshot.govcloud.assign(twice=3, region_of_ours="west")
    tables = {"accounts": accounts, "govcloud": govcloud, "links": snapshot.links}
    return replace(snapshot, tables=tables)


@pytest.fixture(scope="module")
def report() -> Report:
    return Report.of(with_own(small_snapshot()), history=[with_own(older_snapshot())])


@pytest.fixture(scope="module")
def plain() -> Report:
    """The same without columns of one's own."""
    return Report.of(small_snapshot(), history=[older_snapshot()])


def test_judging_keeps_them_behind_its_own_columns_and_their_values_as_they_are() -> None:
    snapshot = with_own(small_snapshot())
    pairs = tk.judge_pairs(snapshot.accounts, snapshot.govcloud)

    names = list(pairs.columns)
    assert names[: len(schema.PAIRS.names)] == schema.PAIRS.names
    assert len(set(names)) == len(names)
    assert {"cost centre", "5", "None", "('a', 'b')", "region_of_ours"} < set(names)
    assert [int(pairs[f"twice{more}"].iloc[0]) for more in ("", " (2)", " (3)")] == [1, 2, 3]
    assert pairs["lists"].tolist()[3] == [{"a": 1}]
    # A verdict that stood there before is no column of one's own: it is judged anew.
    assert pairs["verdict"].tolist().count("MISMATCH") == 2
    assert "verdict (2)" not in names
    dated = ["since", "since_is"]
    pd.testing.assert_frame_equal(
        tk.judge_pairs(snapshot).drop(columns=dated), pairs.drop(columns=dated)
    )


def test_an_account_that_only_govcloud_knows_has_none_of_them() -> None:
    snapshot = with_own(small_snapshot())

    pairs = tk.judge_pairs(snapshot.accounts.head(3), snapshot.govcloud)

    assert pairs["cost centre"].notna().tolist() == [True, True, False, False, False]
    assert (pairs["region_of_ours"] == "west").all()


def test_mismatches_and_a_selection_keep_them(report: Report) -> None:
    found = tk.mismatches(report.pairs)

    assert found["cost centre"].tolist() == ["B2", None] or found["cost centre"].isna().any()
    assert list(found.columns) == list(report.pairs.columns)
    chosen = report.only(found, "Mismatches")
    assert list(chosen.pairs.columns) == list(report.pairs.columns)


def test_a_comparison_is_as_without_them(report: Report, plain: Report) -> None:
    expected = changes(plain.judged.before[0].pairs, plain.judged.pairs)
    pd.testing.assert_frame_equal(report.changes, expected)


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.key)
def test_every_format_takes_them(kind: Any, report: Report, tmp_path: Path) -> None:
    path = kind.save(report, tmp_path / f"states{kind.suffix}")

    assert path.stat().st_size > 500


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_every_chart_draws_as_without_them(chart: Any, report: Report, plain: Report) -> None:
    assert chart.figure(report).to_json() == chart.figure(plain).to_json()


def test_the_workbook_has_them_as_text_under_heads_that_differ(
    report: Report, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(tk.save_workbook(report, tmp_path / "states.xlsx"))

    for name in ("Pairs", "Mismatches"):
        heads = [cell.value for cell in book[name][1]]
        assert len({head.casefold() for head in heads}) == len(heads)
        assert {"cost centre", "Account (2)", "=1+1", "seen (UTC)", "twice (3)"} < set(heads)
        assert {cell.data_type for row in book[name].iter_rows() for cell in row} <= {
            *("s", "n", "d", "inlineStr")
        }
    sheet = book["Pairs"]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert first["formula"] == "=cmd|'/c calc'!A0"
    assert (first["spent"], first["seats"], first["lists"]) == (1.5, 1, "[1]")
    assert [path.name for path in tmp_path.iterdir()] == ["states.xlsx"]


def test_the_csv_has_them_and_no_formula(report: Report, tmp_path: Path) -> None:
    (csv_file,) = (kind for kind in FORMATS if kind.key == "csv")
    path = csv_file.save(report, tmp_path / "states.csv")

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    # Below the pairs stands what an account that is listed no longer has left behind.
    assert [row["cost centre"] for row in rows] == ["A1", "B2", "", "A1", "C3", ""]
    assert [row["formula"] for row in rows] == [
        *("'=cmd|'/c calc'!A0", "'+1", "'-1", "'@x", "a b", ""),
    ]
    assert rows[0]["team"] == "'=x"
    assert rows[0]["lists"] == "[1]"
    assert rows[0]["'=1+1"] == "5"


def test_json_has_them_and_stays_json(report: Report) -> None:
    rows = json.loads(json.dumps(records(report.pairs), allow_nan=False))

    assert rows[0]["lists"] == [1]
    assert rows[0]["dicts"] == {"a": 1}
    assert rows[1]["dicts"] == "{('a', 'b'): 2}"
    assert [row["spent"] for row in rows] == [1.5, None, None, -2.0, 0.0]
    assert rows[0]["seen"] == "2026-11-22T00:00:00"
    assert rows[2]["cost centre"] is None
