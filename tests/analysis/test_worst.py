"""What asks for somebody first, and how it is said."""

import pandas as pd
import pytest
from governed import governed_report
from reported import Row, make_snapshot

from toolkit import analysis
from toolkit.exports import Report

ROWS: list[Row] = [
    ("100000000001", "bee", "Sandbox", "ACTIVE", "CLOSED"),
    ("100000000002", "Ant", "Sandbox", "ACTIVE", "CLOSED"),
    ("100000000003", "fine", "Sandbox", "ACTIVE", "ACTIVE"),
    ("100000000004", "worse", "Sandbox", "SUSPENDED", "ACTIVE"),
]


def test_what_is_worse_comes_first_then_what_lasts_longer_then_names() -> None:
    before = make_snapshot([ROWS[0]], day="2026-11-01")
    pairs = Report.of(make_snapshot(ROWS), history=[before]).pairs
    found = analysis.worst(pairs)
    assert found["name"].tolist() == ["worse", "bee", "Ant"]
    assert found["severity"].tolist() == ["HIGH", "MEDIUM", "MEDIUM"]
    assert found["kind"].tolist() == ["pair"] * 3
    assert analysis.worst(pairs, most=1)["name"].tolist() == ["worse"]


def test_what_was_left_behind_stands_among_pairs_and_what_is_accepted_does_not() -> None:
    report = governed_report()
    found = report.worst
    assert found[["kind", "name", "severity"]].to_numpy().tolist() == [
        ["left", "six", "CRITICAL"],
        ["pair", "two", "HIGH"],
    ]
    assert found["since"].iloc[0] == report.before
    assert pd.isna(found["since_is"].iloc[0])
    accepted = report.pairs["name"] == "three"
    assert report.pairs["accepted_by"][accepted].notna().all()
    until = pd.Timestamp("2027-01-31", tz="UTC")
    left = report.left_behind.assign(accepted_until=until)
    assert analysis.worst(report.pairs, left)["name"].tolist() == ["two"]


@pytest.mark.parametrize("columns", [["kind", "since", "since_is", "owner", "action", "meaning"]])
def test_of_none_there_are_no_rows_and_all_columns(columns: list[str]) -> None:
    found = analysis.worst(Report.of(make_snapshot([ROWS[2]])).pairs)
    assert found.empty
    assert set(columns) <= set(found.columns)
