"""The store in SQL, as the README has it: what a manifest names is read, and no stray part."""

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from stored import TAKEN, a_snapshot

from toolkit.store import Store

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of two weeks, and of a third one whose run was killed before its manifest."""
    store = Store(tmp_path)
    for week in range(3):
        store.save(a_snapshot(TAKEN + pd.Timedelta(weeks=week)))
    newest = max(tmp_path.glob("runs/*/*.json"))
    newest.with_name(f"{newest.stem} (1).json").write_bytes(newest.read_bytes())
    newest.unlink()
    return tmp_path


def test_the_readme_counts_the_snapshots_and_nothing_that_a_stopped_run_left(store: Path) -> None:
    text = README.read_text(encoding="utf-8")
    (query,) = re.findall("```sql\n(.*?)```", text, re.DOTALL)

    counted = duckdb.connect().execute(query.replace("snapshots/", f"{store.as_posix()}/"))

    assert counted.fetchall() == [
        ("2026-11-22T03-00-00Z", "CLOSED", 1),
        ("2026-11-22T03-00-00Z", None, 1),
        ("2026-11-29T03-00-00Z", "CLOSED", 1),
        ("2026-11-29T03-00-00Z", None, 1),
    ]
