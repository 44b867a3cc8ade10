"""The notebooks on one's own profile: only the first cell is changed."""

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from executed import Executed, bars, read

from toolkit.emulator import Emulator, make_organization

ACCOUNTS = 30


def test_what_the_first_notebook_collects_another_shows_also_with_one_snapshot_alone(
    execute_notebooks: Callable[..., list[Executed]],
    jupyter: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Emulator(make_organization(ACCOUNTS)) as emulator:
        config = jupyter / "aws-config"
        config.write_text(
            "[profile audit]\naws_access_key_id = management\naws_secret_access_key = no-secret\n"
            f"endpoint_url = {emulator.url}\n"
        )
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        first, shown = execute_notebooks(_own("01"), _own("04"))

    assert sum(count for _, _, count, *_ in bars(first.figures[1])) == ACCOUNTS
    assert len(shown.tables[0]) == 1
    assert len(shown.figures) == 1
    assert not (jupyter / "demo-snapshots").exists()
    assert len(list((jupyter.parent / "snapshots").glob("runs/*/*.json"))) == 1


def _own(number: str) -> nbformat.NotebookNode:
    """Return the notebook, its first cell changed as the comment in it says."""
    notebook = read(number)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    lines = [line for line in cell.source.splitlines() if "demo." not in line]
    cell.source = re.sub("^# ", "", "\n".join(lines), flags=re.MULTILINE)
    return notebook
