"""What runs the checks elsewhere runs the same checks: before a commit, and on other systems."""

import ast
import json
import re
from collections.abc import Iterator

import pytest
from copied import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def test_before_a_commit_runs_the_ruff_that_make_lint_runs() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    pins = (ROOT / "requirements" / "lint.txt").read_text(encoding="utf-8")

    assert re.findall(r"rev: v(.+)", hooks) == re.findall(r"^ruff==(.+)", pins, re.MULTILINE)
    assert re.findall(r"id: (.+)", hooks) == ["ruff-check", "ruff-format"]


def test_other_systems_run_the_tests_as_the_readme_says_without_make() -> None:
    steps = re.findall(r"run: (.+)", WORKFLOW)

    assert steps == [".ci/run", "python run.py test-spark", "py run.py", "python run.py test"]
    assert "[windows-latest, macos-latest, ubuntu-latest]" in WORKFLOW
    # Each by its own shell, and in its own encoding, as it would be at somebody's desk.
    assert "shell:" not in WORKFLOW
    assert "PYTHONUTF8" not in WORKFLOW


def test_the_oldest_python_that_will_do_is_checked_and_the_newest() -> None:
    (oldest,) = re.findall(r'requires-python = ">=(.+)"', PROJECT)
    (tried,) = re.findall(r"python: \[(.+)\]", WORKFLOW)

    assert tried.split(", ") == [f'"{oldest}"', '"3.14"']
    assert f'python-version: "{oldest}"' in WORKFLOW
    assert f"({oldest.replace('.', ', ')})" in (ROOT / "run.py").read_text(encoding="utf-8")


GLIBC = re.compile(r"%[-_^#][A-Za-z]|%[eklPs](?![A-Za-z(])")
"""Words of time formats that Windows or macOS does not have."""

FORMATTED = {"strftime", "strptime"}
D3 = {
    "toolkit/charts/over_time.py": ["%-d %b"],
    "toolkit/charts/state_trend.py": ["%-d %B %Y, %H:%M"],
    "toolkit/exports/page/lines.py": ["%-d"],
}
"""Formats that a browser reads."""


def formats(tree: ast.AST) -> Iterator[str]:
    """Give each text by which a time is written or read: what strftime takes, or what looks so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in FORMATTED:
            yield from (a.value for a in node.args if isinstance(a, ast.Constant))
        elif isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            yield from (v.value for v in node.format_spec.values if isinstance(v, ast.Constant))
        elif isinstance(node, ast.Constant) and re.search("%-?[dbBmYHM]", str(node.value)):
            yield str(node.value)


def sources() -> Iterator[tuple[str, str]]:
    """Give the Python of every file and notebook of the project."""
    for folder in ("toolkit", "tests", "benchmarks", "docs", "notebooks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).rglob("*.ipynb")):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            plain = [line for cell in code for line in cell.splitlines() if line[:1] not in "%!"]
            yield path.relative_to(ROOT).as_posix(), "\n".join(plain)


def test_no_time_is_written_in_a_way_that_one_system_alone_knows() -> None:
    found: dict[str, list[str]] = {}
    read = 0
    for name, source in sources():
        for text in formats(ast.parse(source)):
            read += 1
            if GLIBC.search(text) and text not in D3.get(name, []):
                found.setdefault(name, []).append(text)
    found.pop("tests/test_checks.py", None)
    found.pop("tests/charts/test_trend_charts.py", None)  # what it reads back is D3's

    assert read > 20
    assert found == {}


@pytest.mark.parametrize("text", ["%-d %B", "%e %b", "%s", "%P", "%k:%M", "%l"])
def test_a_format_of_one_system_would_be_noticed(text: str) -> None:
    for source in (f"time.strftime({text!r})", f"f'{{time:{text}}}'"):
        assert set(formats(ast.parse(source))) == {text}
    assert GLIBC.search(text)
