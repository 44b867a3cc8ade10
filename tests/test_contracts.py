"""The import contracts hold, and each is broken by a module that should not be there."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from copied import ROOT, copy_project

CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
]

STRAYS = [
    ("Imports point down the list only", "verdicts/stray.py", "import toolkit.charts"),
    ("Imports point down the list only", "store/stray.py", "from toolkit import dispatch"),
    ("Imports point down the list only", "cli/stray.py", "import toolkit.app.frame"),
    ("Imports point down the list only", "stray.py", "x = 1"),
    ("The emulator stands alone", "emulator/stray.py", "from toolkit import schema"),
    ("The emulator stands alone", "emulator/stray.py", "import toolkit.aws.operations"),
    ("Only aws and the emulator know boto3", "fetch/stray.py", "import boto3"),
    ("Only aws and the emulator know boto3", "app/stray.py", "from botocore import xform_name"),
    ("Only the app knows Streamlit", "cli/stray.py", "from streamlit.web import cli"),
    ("Only the deck knows python-pptx", "exports/stray.py", "import pptx.util"),
    ("Only the workbook knows xlsxwriter", "exports/stray.py", "import xlsxwriter"),
    ("Formats stand above the report", "exports/files.py", "import toolkit.exports.report"),
    ("A format knows the report", "exports/stray.py", "from toolkit.exports import deck"),
    ("A format knows the report", "exports/deck/stray.py", "import toolkit.exports.page"),
    ("A page of the app", "app/parts/stray.py", "from toolkit.app.overview import cards"),
    ("A page of the app", "app/stray/page.py", "from toolkit.app.links import page"),
]
"""The contract by its first words, a module, and the import that does not belong in it."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of the project to put strays into."""
    return copy_project(tmp_path)


def _broken(project: Path) -> list[str]:
    program = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [program, "--no-cache"], cwd=project, capture_output=True, text=True, check=False
    ).stdout
    # The program breaks lines where its terminal would.
    flat = " ".join(said.split())
    checked = flat[flat.index("dependencies.") : flat.index("Contracts:")]
    return [name for name in CONTRACTS if f"{name} BROKEN" in checked]


def test_every_contract_holds(project: Path) -> None:
    assert _broken(project) == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_contract_has_a_module_here_that_would_break_it(name: str) -> None:
    assert any(name.startswith(begins) for begins, _, _ in STRAYS)


@pytest.mark.parametrize(("begins", "file", "text"), STRAYS)
def test_a_module_that_should_not_be_there_breaks_one_contract(
    begins: str, file: str, text: str, project: Path
) -> None:
    stray = project / "toolkit" / file
    stray.parent.mkdir(exist_ok=True)
    (stray.parent / "__init__.py").touch()
    with stray.open("a") as module:
        module.write(f"{text}\n")

    (name,) = _broken(project)

    assert name.startswith(begins)
