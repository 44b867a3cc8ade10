"""What runs the checks elsewhere runs the same checks: before a commit, and on other systems."""

import re

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

    assert steps == [".ci/run", "py run.py", "python run.py test"]
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
