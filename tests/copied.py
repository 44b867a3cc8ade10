"""A copy of the project for tests that change its files or build it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
IN_UTF_8 = {"PYTHONUTF8": "1"}
"""The setting by which a Python that a test starts writes what the test reads, on every system."""

PARTS = (
    *("toolkit", "streamlit_app.py", ".streamlit", "requirements", "requirements.txt"),
    *("pyproject.toml", "README.md", "LICENSE"),
)
"""What the project is made of, its tests and documentation apart."""


def copy_project(folder: Path) -> Path:
    """Copy what the project is made of into the folder, and return it."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / part, ignore=ignored, dirs_exist_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / part)
    return folder


def lint_imports(project: Path) -> tuple[bool, str]:
    """Check the import contracts of a copy; return whether all hold, and what was said."""
    ended = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=project,
        # Lines as wide as they are: otherwise names are broken where a terminal would end.
        env=os.environ | IN_UTF_8 | {"PYTHONPATH": str(project), "COLUMNS": "400"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ended.returncode == 0, ended.stdout
