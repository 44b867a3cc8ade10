"""The README and the docs say what is so: tables, dependencies, permissions, formats, files."""

import json
import pkgutil
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from bucketed import BUCKET, Behind
from copied import ROOT
from emulated import Connect, a_pair, an_organization

import run
from toolkit import schema
from toolkit.aws import operations
from toolkit.emulator import Emulator, Link, Switches
from toolkit.exports.formats import FORMATS
from toolkit.fetch import SOURCES
from toolkit.fleet import fleet
from toolkit.runs import collect
from toolkit.verdicts import default_reconcile_rules, default_rules, load_policy

README = (ROOT / "README.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINKS = [
    pytest.param(page, link, id=f"{page.name} {link}")
    for page in PAGES
    for link in re.findall(r"\]\(([^):]+)\)", page.read_text(encoding="utf-8"))
]


def _fenced(language: str) -> str:
    """Return the first block of code in this language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def _statements(*, of_bucket: bool) -> list[dict[str, Any]]:
    """Return the policy's statements on a bucket, or those on the organization."""
    statements = json.loads(_fenced("json"))["Statement"]
    assert {one["Effect"] for one in statements} == {"Allow"}
    return [one for one in statements if one["Resource"].startswith("arn:aws:s3:") == of_bucket]


def _allowed() -> set[str]:
    statements = _statements(of_bucket=False)
    assert {one["Resource"] for one in statements} == {"*"}
    return {action for one in statements for action in one["Action"]}


def test_the_data_dictionary_is_the_schema() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")

    assert page == schema.data_dictionary()


def test_the_table_of_severities_is_the_rules() -> None:
    rows = re.findall(r"^\| \*\*([A-Z][a-z ]+)\*\* \|(.+)\|$", README, re.MULTILINE)
    written = [word.strip(" *") for _, cells in rows for word in cells.split("|")]
    rules = default_rules()

    assert [state for state, _ in rows] == [schema.label(s) for s in schema.STANDARD_STATES]
    assert written == rules["severity"].astype("str").str.lower().fillna("match").tolist()


def test_the_table_of_findings_is_the_rules_on_them() -> None:
    table = README[README.index("| finding | Pending") :].split("\n\n")[0]
    head, _, *rows = ([cell.strip() for cell in row.split("|")[1:-1]] for row in table.split("\n"))
    rules = default_reconcile_rules()
    written = [cell for _, *cells in rows for cell in cells]

    assert head[1:] == [schema.label(state) for state in rules["state"].unique()]
    assert [words.split(":")[0] for words, *_ in rows] == [*map(schema.label, schema.Finding)]
    assert written == rules["severity"].astype("str").str.lower().fillna("–").tolist()


def test_every_pinned_package_is_named_with_its_reason() -> None:
    pinned = {
        line.split("==")[0]
        for file in [ROOT / "requirements.txt", *(ROOT / "requirements").glob("*.txt")]
        if file.name not in ("constraints.txt", "elsewhere.txt")  # what others bring along
        for line in file.read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    table = README[README.index("| package | why it is here |") :]
    named = set(re.findall(r"^\| ([a-z][a-z0-9-]*) \|", table, re.MULTILINE)) - {"package"}

    assert named == pinned


def test_the_policy_allows_what_the_sources_need_and_nothing_else() -> None:
    asked = {operation for source in SOURCES for operation in source.operations}
    asked |= {operations.GET_CALLER_IDENTITY, operations.DESCRIBE_ORGANIZATION}
    asked |= {operations.LIST_SERVICE_ACCESS}

    # Which role may be assumed is for its owner to say; the README names it beside the policy.
    assert {one.permission for one in asked - {operations.ASSUME_ROLE}} == _allowed()
    assert operations.ASSUME_ROLE.permission in README


def test_the_policy_allows_reading_alone() -> None:
    assert all(re.match("Get|List|Describe|Lookup", action.split(":")[1]) for action in _allowed())


@pytest.mark.parametrize("caller", ["management", "delegated", "member"])
def test_a_run_asks_for_nothing_that_the_policy_does_not_allow(
    caller: str, way: Connect, tmp_path: Path
) -> None:
    accounts = a_pair(10), a_pair(11)
    ends = (account.account_id for account in accounts)
    links = (Link("link-12345678", "LINKED", *ends, "us-east-1"),)
    # Where it may not list links, it asks for them account by account.
    denied = Switches(denied_operations=["ListAccountLinks"])

    with Emulator(an_organization(*accounts, links=links), denied) as emulator:
        aws = way(emulator, "000000000010" if caller == "member" else caller)
        collect(aws, tmp_path, link_regions=["us-east-1"], sources="all", progress=None)

    allowed = {action.split(":")[1] for action in _allowed()}
    assert set(emulator.calls) <= allowed
    assert len(emulator.calls) >= 4


def test_a_store_in_a_bucket_asks_for_nothing_that_the_policy_does_not_allow(
    between: Behind, way: Connect
) -> None:
    store, server = between()
    with Emulator(an_organization(a_pair(10), a_pair(11, standard="CLOSED"))) as emulator:
        collect(way(emulator), store, link_regions="none", progress=None)
    fleet(store)
    snapshot_id = store.load().manifest.snapshot_id
    asked = {(one.operation, one.key) for one in server.requests}
    store.remove(snapshot_id)

    (objects, listed) = _statements(of_bucket=True)
    (prefix,) = listed["Condition"]["StringLike"].values()
    within = str(store).removeprefix(f"s3://{BUCKET}/")
    called = {name.replace("ListObjectsV2", "ListBucket") for name, _ in asked}
    removing = {one.operation for one in server.requests} - {name for name, _ in asked}
    assert {f"s3:{name}" for name in called} == {*objects["Action"], *listed["Action"]}
    assert objects["Resource"] == f"{listed['Resource']}/{prefix}"
    assert all(fnmatch(key, f"{within}/*") for _, key in asked)
    assert removing == {"DeleteObject"}
    assert "needs `s3:DeleteObject`" in " ".join(README.split())


def test_every_kind_of_file_that_a_report_can_be_is_named() -> None:
    named = re.findall(r"`(\.[a-z]+)`", README[README.index("| `--out` ends in |") :])

    assert named == [suffix for one in FORMATS for suffix in one.suffixes]


def test_the_policy_file_that_it_shows_is_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(_fenced("toml"), encoding="utf-8")

    policy = load_policy(file)

    assert (policy.changed, len(policy.acceptances), policy.owner_tag) == (5, 1, "owner")
    assert _fenced("toml").count("[[") == 6


def test_every_command_that_it_shows_is_one_of_run_py_and_of_make() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = r"\b(?:make|(?:py|python3?) run\.py) ([a-z][a-z-]+)"
    shown = {*re.findall(command, README), *re.findall(command, guide)}

    assert re.findall(command, _fenced("sh")) == re.findall(command, _fenced("powershell"))
    assert re.findall(command, _fenced("powershell")) == ["app", "test"]
    assert shown - set(run.COMMANDS) == {"pins", "help"}
    assert set(run.GROUPS) < shown


def test_every_room_is_in_the_tree_of_where_things_are() -> None:
    start = README.index("\ntoolkit/ ")
    tree = README[start : README.index("\nnotebooks/ ")]
    rooms = {
        path.name if path.suffix else f"{path.name}/"
        for path in (ROOT / "toolkit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }

    named = set(re.findall(r"(?:^  | )([a-z]+(?:\.py|/))", tree, re.MULTILINE))
    assert named == rooms - {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_what_a_page_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    files = r"`((?:toolkit|tests|benchmarks|docs|notebooks|requirements)/[^`\s]*)`"
    for named in set(re.findall(files, text)):
        file, _, test = named.partition("::")
        if "NAME" in file:
            continue
        assert (ROOT / file).exists(), named
        assert not test or f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), named
    for named in set(re.findall(r"`(toolkit(?:\.\w+)+)`", text)):
        assert pkgutil.resolve_name(named), named


@pytest.mark.parametrize("document", DECISIONS, ids=lambda document: document.name)
def test_a_decision_is_one_page_and_names_what_holds_it(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    assert len(text.split()) < 450
    assert re.search("`(tests|benchmarks)/", text[text.index("**Held by**") :])
    assert f"({document.name})" in (document.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("document", "link"), LINKS)
def test_every_picture_page_and_heading_that_is_linked_to_is_there(
    document: Path, link: str
) -> None:
    named, _, place = link.partition("#")
    page = document.parent / named if named else document

    assert page.exists()
    assert not place or place in _headings(page)


def _headings(page: Path) -> set[str]:
    """Return the headings of a page as links name them."""
    found = re.findall("^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("walk", ["One account, from", "One own rule, from"])
def test_a_walk_enters_no_room_twice(walk: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = text[text.index(f"## {walk}") :].split("\n## ")[0]

    rooms = re.findall(r"^[0-9]+\. `toolkit/([a-z]+)", steps, re.MULTILINE)
    assert len(rooms) >= 6
    assert len(set(rooms)) == len(rooms)
