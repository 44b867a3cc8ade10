"""The import contracts hold, and each is broken by a module that should not be there."""

import re
import tomllib
from pathlib import Path

import pytest
from copied import ROOT, copy_project, lint_imports

CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
]

LAYERS = "Imports point down the list only"
STRAYS = [
    (LAYERS, "verdicts/stray_1.py", "import toolkit.charts"),
    (LAYERS, "store/stray_2.py", "import toolkit.dispatch"),
    (LAYERS, "cli/stray_3.py", "import toolkit.app.frame"),
    ("The emulator stands alone", "emulator/stray_4.py", "import toolkit.schema"),
    ("The emulator stands alone", "emulator/stray_5.py", "import toolkit.aws.operations"),
    ("Only aws and the emulator know boto3", "fetch/stray_6.py", "import boto3"),
    ("Only aws and the emulator know boto3", "app/stray_7.py", "import botocore"),
    ("Only the app knows Streamlit", "cli/stray_8.py", "import streamlit"),
    ("Only the deck knows python-pptx", "exports/stray_9.py", "import pptx"),
    ("Only the workbook knows xlsxwriter", "exports/stray_10.py", "import xlsxwriter"),
    ("Only sending knows apprise", "alerts/stray_16.py", "import apprise"),
    ("Formats stand above the report", "exports/files.py", "import toolkit.exports.report"),
    ("A format knows the report", "exports/stray_11.py", "import toolkit.exports.deck"),
    ("A format knows the report", "exports/deck/stray_12.py", "import toolkit.exports.page"),
    ("A page of the app", "app/parts/stray_13.py", "import toolkit.app.overview.cards"),
    ("A page of the app", "app/stray_14/page.py", "import toolkit.app.links.page"),
    ("Only the fleet command knows Dask", "fleet/stray_15.py", "import distributed"),
]
"""The contract by its first words, a module, and the import that does not belong in it."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Put every stray into one copy; give what is said of each contract that then is broken."""
    project = copy_project(tmp_path_factory.mktemp("strays"))
    for _, file, text in STRAYS:
        module = project / "toolkit" / file
        module.parent.mkdir(exist_ok=True)
        (module.parent / "__init__.py").touch()
        with module.open("a") as added:
            added.write(f"{text}\n")
    _, said = lint_imports(project)
    parts = re.split(r"^(.+)\n-+\n", said[said.index("Broken contracts") :], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_contract_holds(tmp_path: Path) -> None:
    holds, said = lint_imports(copy_project(tmp_path))

    assert holds, said
    assert [name for name in CONTRACTS if f"{name} KEPT" not in said] == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_contract_has_a_module_here_that_breaks_it(name: str, broken: dict[str, str]) -> None:
    assert any(name.startswith(begins) for begins, _, _ in STRAYS)
    assert name in broken


@pytest.mark.parametrize(("begins", "file", "text"), STRAYS)
def test_a_module_that_should_not_be_there_breaks_one_contract(
    begins: str, file: str, text: str, broken: dict[str, str]
) -> None:
    module = f"toolkit.{file.removesuffix('.py').replace('/', '.')}"
    wrong = f"{module} -> {text.removeprefix('import ')} "

    (name,) = (name for name, said in broken.items() if wrong in said)

    assert name.startswith(begins)


def test_a_room_that_nobody_has_placed_breaks_the_list(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    (project / "toolkit" / "stray.py").touch()

    holds, said = lint_imports(project)

    assert not holds
    assert f"{CONTRACTS[0]} BROKEN" in said
    assert "1 broken" in said
