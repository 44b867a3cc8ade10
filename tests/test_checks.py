"""What runs the checks elsewhere runs the same checks: before a commit, and on other systems."""

import re

from copied import ROOT

WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def test_before_a_commit_runs_the_ruff_that_make_lint_runs() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    pins = (ROOT / "requirements" / "lint.txt").read_text(encoding="utf-8")

    assert re.findall(r"rev: v(.+)", hooks) == re.findall(r"^ruff==(.+)", pins, re.MULTILINE)
    assert re.findall(r"id: (.+)", hooks) == ["ruff-check", "ruff-format"]


def test_other_systems_run_the_tests_as_the_readme_says_without_make() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    written = re.findall(
        r"^\.venv/bin/(python -m (?:pip .*test\.txt|pytest.*))$", readme, re.MULTILINE
    )

    assert len(written) == 2
    assert [f"run: $PROGRAMS/{command}\n" in WORKFLOW for command in written] == [True, True]
    assert "[windows-latest, macos-latest]" in WORKFLOW
    assert "run: .ci/run\n" in WORKFLOW
