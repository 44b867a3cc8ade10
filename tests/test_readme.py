"""The README says what is so: the data dictionary, the dependencies, the permissions."""

import json
import re
from pathlib import Path

import pytest

from toolkit import schema
from toolkit.verdicts import default_rules

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_data_dictionary_is_the_schema() -> None:
    start = README.index("-->\n", README.index("<!-- data dictionary")) + 4
    end = README.index("<!-- end of data dictionary -->")

    assert README[start:end] == schema.data_dictionary()


def test_the_table_of_severities_is_the_rules() -> None:
    rows = re.findall(r"^\| \*\*([A-Z][a-z ]+)\*\* \|(.+)\|$", README, re.MULTILINE)
    written = [word.strip(" *") for _, cells in rows for word in cells.split("|")]
    rules = default_rules()

    assert [state for state, _ in rows] == [schema.label(s) for s in schema.STANDARD_STATES]
    assert written == rules["severity"].astype("str").str.lower().fillna("match").tolist()


def test_every_pinned_package_is_named_with_its_reason() -> None:
    pinned = {
        line.split("==")[0]
        for file in [ROOT / "requirements.txt", *(ROOT / "requirements").glob("*.txt")]
        if file.name != "constraints.txt"
        for line in file.read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    table = README[README.index("| package | why it is here |") :]
    named = set(re.findall(r"^\| ([a-z][a-z0-9-]*) \|", table, re.MULTILINE)) - {"package"}

    assert named == pinned


def test_the_policy_allows_reading_and_nothing_else() -> None:
    policy = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])
    (statement,) = policy["Statement"]

    verbs = {action.split(":")[1] for action in statement["Action"]}
    assert all(re.match("Get|List|Describe", verb) for verb in verbs)
    assert statement["Effect"] == "Allow"


@pytest.mark.parametrize("name", re.findall(r"\]\((docs/[^)]+)\)", README))
def test_every_picture_and_page_it_links_to_is_there(name: str) -> None:
    assert (ROOT / name).is_file()
