"""A copy of the project for tests that change its files or build it."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
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
