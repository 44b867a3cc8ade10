"""Notebooks as a kernel runs them, each once, on one demo that all tests share."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import grammars
import nbformat
import pytest
from executed import WEEKS_AGO, Executed, joined, parted, read
from filelock import FileLock
from nbclient import NotebookClient
from patience import LONG

from toolkit import demo


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of what is made once for all workers: whoever comes second finds it there."""
    base = tmp_path_factory.getbasetemp()
    # A worker of pytest-xdist has a folder of its own inside the one of the whole run.
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def demo_store(shared: Path) -> Path:
    """Make the demo of the days that the tests ask for alone, begun as its own ten weeks are."""
    store = shared / "demo"
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    days = [yesterday - timedelta(weeks=weeks) for weeks in WEEKS_AGO]
    plan = json.dumps([datetime.combine(day, time(3), UTC).isoformat() for day in days])
    with FileLock(shared / "demo.lock"):
        store.mkdir(exist_ok=True)
        if not (store / "demo.json").exists():
            (store / "demo.json").write_text(plan, encoding="utf-8")
        demo.make(store, today=yesterday + timedelta(days=1))
    return store


@pytest.fixture
def jupyter(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder to run in, and hide the machine's own Jupyter settings."""
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(demo_store))
    monkeypatch.delenv("PLOTLY_RENDERER", raising=False)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    grammars.leave_out(tmp_path / "ipythondir")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


@pytest.fixture
def execute_in_a_row(jupyter: Path, shared: Path) -> Callable[..., list[Executed]]:
    """Execute notebooks, named by their numbers, one after the other in one kernel.

    That is done for the first test that asks for this row; all others read what it gave.
    """
    del jupyter

    def once(*names: str) -> list[Executed]:
        folder = shared / "executed" / "-".join(names)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "executed.ipynb"
        with FileLock(folder / "lock"):
            if not path.exists():
                nbformat.write(_executed(joined(*map(read, names)), folder), path)
        return parted(nbformat.read(path, as_version=4), folder)

    return once


@pytest.fixture
def execute(execute_in_a_row: Callable[..., list[Executed]]) -> Callable[[str], Executed]:
    """Execute one of the notebooks, as above."""
    return lambda name: execute_in_a_row(name)[0]


@pytest.fixture
def execute_notebooks(jupyter: Path) -> Callable[..., list[Executed]]:
    """Execute notebooks that the test has changed, one after the other in one kernel."""
    return lambda *notebooks: parted(_executed(joined(*notebooks), jupyter), jupyter)


@pytest.fixture
def execute_cells(jupyter: Path) -> Callable[..., Executed]:
    """Execute code cells, also past one that fails."""

    def run(*cells: str) -> Executed:
        new = nbformat.v4
        notebook = new.new_notebook(cells=[new.new_code_cell(cell) for cell in cells])
        return Executed(_executed(notebook, jupyter, allow_errors=True), jupyter)

    return run


def _executed(
    notebook: nbformat.NotebookNode, folder: Path, *, allow_errors: bool = False
) -> nbformat.NotebookNode:
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook,
        timeout=round(LONG),
        resources=resources,
        allow_errors=allow_errors,
        kernel_name="python3",
    )
    return client.execute()
