"""One SQL file counts as the toolkit does: in DuckDB here, in Spark where there is Java."""

import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from days import on, part, snapshot_of, store_of
from processes import running
from scaled import QUERY, a_store_to_count, blocks, sorted_counts, twice

from toolkit.errors import SchemaError
from toolkit.fleet import counts, counts_from
from toolkit.store import Store

ATHENA_RESULT = blocks("### Athena", "python")[0]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return a_store_to_count(tmp_path_factory.mktemp("counted") / "snapshots")


def by_duckdb(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run what the page has for DuckDB beside a store that is called as it is there."""
    monkeypatch.chdir(folder.parent)
    (code,) = blocks("### DuckDB", "python")
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the page's own block
    return names


def test_duckdb_counts_as_the_toolkit_does(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = by_duckdb(Path(str(store)), monkeypatch)["counts"]

    pd.testing.assert_frame_equal(_in_order(counted), _in_order(counts(store)))
    assert sorted_counts(counted) == [
        ("o-days", on(0), "FOUND", "-", "CLOSED", 1),
        ("o-days", on(0), "NOT_LINKED", "-", "-", 1),
        ("o-days", on(1), "FOUND", "-", "CLOSED", 1),
        ("o-days", on(1), "FOUND", "CLOSED", "ACTIVE", 1),
        ("o-days", on(1), "FOUND", "PAUSED", "NEW", 1),
        ("o-days", on(1), "NOT_LINKED", "ACTIVE", "-", 2),
        ("o-days", on(1), "UNAVAILABLE", "ACTIVE", "-", 1),
        ("o-days", on(2), "FAILED", "ACTIVE", "-", 1),
        ("o-days", on(2), "FOUND", "-", "ACTIVE", 1),
        ("o-days", on(2), "FOUND", "CLOSED", "ACTIVE", 1),
        ("o-other", on(1), "FOUND", "ACTIVE", "ACTIVE", 1),
        ("o-other", on(1), "FOUND", "SUSPENDED", "ACTIVE", 1),
    ]


@pytest.mark.parametrize(
    ("side", "other"),
    [("accounts", {"standard_state": "ACTIVE"}), ("govcloud", {"govcloud_state": "SUSPENDED"})],
)
def test_an_account_that_is_there_twice_is_refused_and_not_multiplied(
    side: str, other: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = snapshot_of(0, {1: "CLOSED/ACTIVE", 2: "ACTIVE/ACTIVE"})
    folder = tmp_path / "snapshots"
    store = store_of(folder, [snapshot])
    twice(part(store, snapshot.id, side), 1, **other)

    with pytest.raises(SchemaError) as refused:
        by_duckdb(folder, monkeypatch)

    assert refused.value.message == (
        "o-days/2026-03-01T03-00-00Z was counted with an account that is there twice."
    )


def test_the_manifests_that_athena_reads_as_lines_name_the_same_runs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = by_duckdb(Path(str(store)), monkeypatch)["engine"]
    there = engine.execute("FROM runs ORDER BY ALL").fetchall()

    engine.execute("""
        CREATE TABLE manifest_lines AS SELECT
          unnest(string_split(content, chr(10))) AS line, filename AS "$path",
          regexp_extract(filename, 'organization=([^=]+).taken=', 1) AS organization
        FROM read_text('snapshots/runs/*/*.json')
    """)
    (view,) = [one for one in blocks("### Athena", "sql") if one.startswith("CREATE VIEW")]
    engine.execute(view.replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))

    # A manifest that somebody copied has a name without a time, which joins nothing.
    found = engine.execute("FROM runs WHERE taken <> '' ORDER BY ALL").fetchall()
    assert found == [run for run in there if run[1]]
    assert len(found) == 5


def test_the_result_that_athena_leaves_is_read_as_it_is(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = by_duckdb(Path(str(store)), monkeypatch)
    # As Athena writes it: every value in quotation marks, and nothing for what is missing.
    file = (tmp_path / "result.csv").as_posix()
    counted["engine"].execute(f"COPY ({counted['query']}) TO '{file}' (HEADER, FORCE_QUOTE *)")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(ATHENA_RESULT, names)  # noqa: S102 - the page's own block

    pd.testing.assert_frame_equal(_in_order(names["counts"]), _in_order(counted["counts"]))


def test_the_trend_of_what_was_counted_is_a_chart(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("plotly.graph_objects.Figure.show", lambda self: shown.extend([self]))
    (code,) = blocks("## The one SQL file", "python")
    names = {"counts": by_duckdb(Path(str(store)), monkeypatch)["counts"]}

    exec(code.replace("o-exampleorgid", "o-days"), names)  # noqa: S102 - the page's own block

    (figure,) = shown
    assert list(figure.data[0].y) == [0, 1, 1]


@pytest.mark.spark
def test_spark_counts_as_the_toolkit_does(store: Store, tmp_path: Path) -> None:
    (code,) = blocks("### Spark, on EMR or elsewhere", "python")
    script, out = tmp_path / "count_pairs.py", tmp_path / "counted"
    script.write_text(code, encoding="utf-8")
    command = [sys.executable, script, QUERY, store, out]
    settings = {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_SUBMIT_ARGS": "--master local[1] --conf spark.ui.enabled=false"
        " --conf spark.sql.shuffle.partitions=2 pyspark-shell",
    }

    with running(command, tmp_path / "log", environment=os.environ, **settings) as program:
        assert program.ended() == 0, program.said

    (file,) = out.glob("*.csv")
    counted = counts_from(pd.read_csv(file, dtype="str", keep_default_na=False, na_values=[""]))
    pd.testing.assert_frame_equal(_in_order(counted), _in_order(counts(store)))


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(list(table.columns), ignore_index=True)
