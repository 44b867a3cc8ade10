"""Half a character, a missing name, a state nobody knows: every output is made and says so."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reported import older_snapshot, small_snapshot

from toolkit import schema
from toolkit.charts import CHARTS
from toolkit.cli.terminal import print_table, records
from toolkit.exports import FORMATS, Report
from toolkit.store import Snapshot

HALF = "\ud800"


def broken(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot whose texts no file may hold, or are missing."""
    texts = {
        "accounts": {
            "name": [f"a{HALF}b", None, float("nan"), HALF, f"{HALF}=1+1"],
            "ou_path": [f"unit{HALF}", f"unit{HALF}", None, "", HALF],
            "standard_state": [HALF, "CLOSED", None, "QUARANTINED", "ACTIVE"],
            "of_ours": [HALF, [HALF], {HALF: HALF}, None, float("nan")],
        },
        "govcloud": {
            "detail": [HALF] * 5,
            "govcloud_state": ["ACTIVE", "ACTIVE", HALF, None, None],
        },
        "links": {"link_status": [HALF, None, "LINKED"], "region": [HALF, "us-east-1", HALF]},
    }
    tables = {}
    for name, columns in texts.items():
        table = snapshot.tables[name]
        made = {
            key: pd.Series(values[: len(table)], dtype="object") for key, values in columns.items()
        }
        tables[name] = schema.coerce(schema.STORED[name], table.assign(**made), own=True)
    return replace(snapshot, tables=tables)


@pytest.fixture(scope="module")
def report() -> Report:
    return Report.of(broken(small_snapshot()), history=[broken(older_snapshot())])


def test_half_a_character_is_a_mark_and_what_is_missing_stays_missing(report: Report) -> None:
    names = report.pairs["name"]

    assert names.isna().tolist() == [False, True, True, False, False]
    assert names.dropna().tolist() == ["a\ufffdb", "\ufffd", "\ufffd=1+1"]
    assert report.pairs["verdict"].tolist() == [
        *("UNKNOWN", "MISMATCH", "UNKNOWN", "UNKNOWN", "NOT_LINKED")
    ]


def test_rows_with_half_a_character_become_a_table() -> None:
    rows = [{"account_id": "000000000042", "name": HALF, "joined_at": "2026-11-22T03:00:00Z"}]

    table = schema.coerce(schema.ACCOUNTS, rows)

    assert table["name"].tolist() == ["\ufffd"]
    assert table["joined_at"].tolist() == [pd.Timestamp("2026-11-22T03:00:00Z")]


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.key)
def test_every_format_is_written(kind: Any, report: Report, tmp_path: Path) -> None:
    assert kind.save(report, tmp_path / f"states{kind.suffix}").stat().st_size > 500


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_every_chart_is_drawn(chart: Any, report: Report) -> None:
    assert chart.figure(report).to_json().encode()


def test_the_command_line_prints_it(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    print_table(report.pairs, schema.PAIRS, ["account_id", "name", "ou_path", "standard_state"])

    assert capsys.readouterr().out.encode()
    assert json.dumps(records(report.pairs), ensure_ascii=False, allow_nan=False).encode()
