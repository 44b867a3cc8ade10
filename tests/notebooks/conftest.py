"""Notebooks as a kernel runs them, on one demo that all tests share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from executed import Executed, read
from nbclient import NotebookClient
from patience import LONG

from toolkit import demo


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demo once for all workers: whoever comes second waits and finds it there."""
    base = tmp_path_factory.getbasetemp()
    # A worker of pytest-xdist has a folder of its own inside the one of the whole run.
    store = (base.parent if base.name.startswith("popen-") else base) / "demo"
    demo.make(store, today=datetime.now(UTC).date())
    return store


@pytest.fixture
def jupyter(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder to run in, and hide the machine's own Jupyter settings."""
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(demo_store))
    monkeypatch.delenv("PLOTLY_RENDERER", raising=False)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


@pytest.fixture
def execute(jupyter: Path) -> Callable[[str], Executed]:
    """Execute one of the notebooks, named by its number."""
    return lambda name: _executed(read(name), jupyter)


@pytest.fixture
def execute_notebook(jupyter: Path) -> Callable[[nbformat.NotebookNode], Executed]:
    """Execute a notebook that the test has changed."""
    return lambda notebook: _executed(notebook, jupyter)


@pytest.fixture
def execute_cells(jupyter: Path) -> Callable[..., Executed]:
    """Execute code cells, also past one that fails."""

    def run(*cells: str) -> Executed:
        new = nbformat.v4
        notebook = new.new_notebook(cells=[new.new_code_cell(cell) for cell in cells])
        return _executed(notebook, jupyter, allow_errors=True)

    return run


def _executed(
    notebook: nbformat.NotebookNode, folder: Path, *, allow_errors: bool = False
) -> Executed:
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook,
        timeout=round(LONG),
        resources=resources,
        allow_errors=allow_errors,
        kernel_name="python3",
    )
    return Executed(client.execute())
