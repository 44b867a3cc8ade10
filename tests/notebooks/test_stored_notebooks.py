"""The notebooks as they are stored: without outputs, in few lines, one cell to change."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from executed import FOLDER

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def _code(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_eight_numbered_in_a_row() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == [f"0{number}_" for number in range(1, 9)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEach:
    def test_is_stored_without_outputs(self, path: Path) -> None:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)

        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]

        assert [cell.outputs for cell in cells] == [[]] * len(cells)
        assert [cell.execution_count for cell in cells] == [None] * len(cells)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}

    def test_defines_no_function_and_has_few_lines_a_cell(self, path: Path) -> None:
        for source in _code(path):
            nodes = ast.walk(ast.parse(source))
            assert not [
                n for n in nodes if isinstance(n, ast.FunctionDef | ast.Lambda | ast.ClassDef)
            ]
            assert len(source.splitlines()) <= 8
            assert max(map(len, source.splitlines())) <= 110

    def test_is_pointed_at_ones_own_accounts_by_its_first_cell_alone(self, path: Path) -> None:
        first, *others = _code(path)

        own = "\n".join(re.findall("^# (.*)# your own accounts$", first, re.MULTILINE))

        assert "store" in {n.id for n in ast.walk(ast.parse(own)) if isinstance(n, ast.Name)}
        assert not [source for source in others if "demo" in source or "profile" in source]

    def test_begins_with_one_question(self, path: Path) -> None:
        heading, question = nbformat.read(path, as_version=4).cells[0].source.split("\n\n")[:2]

        assert heading.startswith(f"# {int(path.name[:2])} · ")
        assert re.fullmatch(r"\*\*[^*]+\?\*\*", question)
