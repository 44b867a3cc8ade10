"""The recipes of CONTRIBUTING.md are true: each works with the files it names, and no others."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from textwrap import dedent, indent

import pytest
from copied import IN_UTF_8, ROOT, copy_project, lint_imports
from patience import LONG

from toolkit.aws import connect_local
from toolkit.emulator import Emulator, make_organization
from toolkit.runs import collect

Edit = Callable[[str], str]
"""Gives the new text of a file for its old one, which is empty where there was no file."""

OWN = Path(__file__).read_text(encoding="utf-8")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {
    title.removesuffix(" ✓"): re.findall(r"^- `(toolkit/[^`]+)`:", text, re.MULTILINE)
    for title, text in re.findall(r"^### (.+)\n((?:(?!^### ).*\n)+)", GUIDE, re.MULTILINE)
}
"""The files that each recipe names."""

MOST = {
    "A chart": 5,
    "A column of PAIRS from a new AWS call": 6,
    "An AWS operation in the emulator": 2,
    "An output format": 2,
    "A page of the app": 3,
    "A mark on pairs": 6,
    "A source, such as a second list of accounts": 7,
    "A store elsewhere": 2,
}
"""How many source files each kind of change may cost."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect a small organization once."""
    store = tmp_path_factory.mktemp("recipes") / "snapshots"
    with Emulator(make_organization(60)) as emulator:
        collect(connect_local(emulator.url), store, link_regions=["us-east-1"], progress=None)
    return store


def test_there_is_a_recipe_for_each_kind_of_change_and_none_costs_more_than_it_should() -> None:
    assert {title: len(files) <= MOST[title] for title, files in RECIPES.items()} == dict.fromkeys(
        MOST, True
    )


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_names_files_that_are_there_or_are_new(title: str) -> None:
    for file in RECIPES[title]:
        known = ROOT / file.split("NAME")[0]
        assert known.exists(), file


def test_the_recipes_that_are_marked_are_those_that_are_followed_here() -> None:
    marked = set(re.findall(r"^### (.+) ✓$", GUIDE, re.MULTILINE))
    followed = set(re.findall(r'^    _follow\("([^"]+)"', OWN, re.MULTILINE))

    assert followed == marked


@pytest.fixture(scope="module")
def changed(store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Follow the recipes whose result the app shows; return its pages and the files of reports.

    They change no file in common, and one start tells of all: to start costs more than the rest.
    """
    project = copy_project(tmp_path_factory.mktemp("changed") / "project")
    for follow in (follow_format, follow_page, follow_chart):
        follow(project)
    said = _run(project, "-c", dedent(LOOK), store, ACCOUNT_PAIRS_STORE=str(store))
    shown: dict[str, str] = json.loads(said.splitlines()[-1])
    for file in ("answer.txt", "states.html", "some.html"):
        shown[file] = (project / file).read_text(encoding="utf-8")
    return shown


LOOK = f"""
    import json, sys
    from streamlit.testing.v1 import AppTest
    from toolkit.cli import main

    page, shown = AppTest.from_file("streamlit_app.py", default_timeout={LONG}).run(), {{}}
    for name in ("export", "oldest", "overview"):
        page = page.switch_page(f"toolkit/app/{{name}}/page.py").run()
        assert not page.exception, page.exception
        shown[name] = "\\n".join(element.proto.body for element in page.get("html"))
    some = ["--severity", "critical,high,medium,low"]
    for file, chosen in (("answer.txt", []), ("states.html", []), ("some.html", some)):
        assert main(["report", "--store", sys.argv[1], "--out", file, *chosen]) == 0
    print(json.dumps(shown))
    """
"""Opens the pages of the changed app, then writes reports."""


def test_a_format_of_ones_own_is_written_by_report_and_offered_by_the_app(
    changed: Mapping[str, str],
) -> None:
    assert "linked pairs disagree" in changed["answer.txt"]
    assert "The answer in one line." in changed["export"]


def test_a_page_of_ones_own_opens(changed: Mapping[str, str]) -> None:
    assert re.search("The oldest account is [0-9]{12}", changed["oldest"])


def test_a_chart_of_ones_own_stands_on_its_page_and_in_the_report(
    changed: Mapping[str, str],
) -> None:
    assert re.search(r"\d accounts? came by being created here", changed["states.html"])
    assert re.search(r"\d selected accounts? came by being created here", changed["some.html"])
    assert "came by being created here" in changed["overview"]


def test_the_recipes_that_are_followed_together_have_no_file_in_common() -> None:
    titles = ("An output format", "A page of the app", "A chart")
    files = [file for title in titles for file in RECIPES[title]]

    assert len(files) == len(set(files))


def follow_format(project: Path) -> None:
    writer = """
        from toolkit import titles
        from toolkit.exports.files import destination, replacing
        from toolkit.exports.report import as_report


        def save_line(content, path):
            target = destination(path, [".txt"], "a line")
            with replacing(target) as beside:
                beside.write_text(titles.title_overview(as_report(content).pairs))
            return target
        """
    row = """
        Format(
            "line", "Line", "The answer in one line.", (".txt",), "text/plain", "notes",
            "toolkit.exports.line:save_line",
        ),
        """
    edits = {
        "toolkit/exports/line.py": _end(writer),
        "toolkit/exports/formats.py": _after("FORMATS: Final = (", row),
    }
    _follow("An output format", project, "line", edits)


def follow_page(project: Path) -> None:
    page = """
        from toolkit.app import frame

        view = frame.chosen()
        oldest = view.pairs.sort_values("joined_at").iloc[0]
        frame.header(view, f"The oldest account is {oldest['account_id']}")
        """
    edits = {
        "toolkit/app/oldest/__init__.py": _end('"""The page Oldest."""'),
        "toolkit/app/oldest/page.py": _end(page),
        "toolkit/app/pages.py": _after(
            "PAGES: Final = (OVERVIEW,", 'Page("oldest", "Oldest", "history"),'
        ),
    }
    _follow("A page of the app", project, "oldest", edits)


def follow_chart(project: Path) -> None:
    count = """
        def joining(pairs):
            return pairs.groupby("joined_method").size().reset_index(name="accounts")
        """
    title = """
        def title_joining(pairs, *, selected=False):
            created = int((pairs["joined_method"] == "CREATED").sum())
            who = counted(created, "selected account" if selected else "account")
            return f"{who} came by being created here"
        """
    draw = """
        import plotly.graph_objects as go

        from toolkit.analysis.counts import joining
        from toolkit.charts.figure import new_figure
        from toolkit.titles.snapshot import title_joining


        def plot_joining(pairs, *, dark=False):
            table, title = joining(pairs), title_joining(pairs)
            bars = go.Bar(x=table["joined_method"], y=table["accounts"])
            return new_figure([bars], title=title, subtitle="By method", alt=title, dark=dark)
        """
    imports = """
        from toolkit.analysis.counts import joining
        from toolkit.charts.joining import plot_joining
        from toolkit.titles.snapshot import title_joining
        """
    row = """
        Chart("joining", "Joining", _pairs, joining, title_joining, plot_joining, on="overview"),
        """
    edits = {
        "toolkit/analysis/counts.py": _end(count),
        "toolkit/titles/snapshot.py": _end(title),
        "toolkit/charts/joining.py": _end(draw),
        "toolkit/charts/__init__.py": _both(
            _import("from toolkit.charts.joining import plot_joining"),
            _after("__all__ = [", '"plot_joining",'),
        ),
        "toolkit/charts/registry.py": _both(_import(imports), _after("CHARTS: Final = (", row)),
    }
    _follow("A chart", project, "joining", edits)


def test_a_source_of_ones_own_has_its_table_and_outcome_in_the_snapshot(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    table = """
        ROOTS: Final = Table(
            "ROOTS",
            "root of the organization's units",
            (Column("root", "Root", "text", "Its id", "organizations"),),
            key=("root",),
        )

        """
    operation = """
        LIST_ROOTS: Final = Operation(
            "organizations", "ListRoots", "organizations:ListRoots"
        )
        """
    method = """
        def list_roots_page(self, token: str | None = None) -> Answer:
            return self._ask(LIST_ROOTS, **_page(token))

        """
    source = """
        from functools import partial

        from toolkit.aws import operations as ops
        from toolkit.errors import AwsError
        from toolkit.fetch.rows import outcome_of
        from toolkit.fetch.source import Ended, Source
        from toolkit.schema.stored import ROOTS


        class Roots(Source):
            table = ROOTS
            operations = (ops.LIST_ROOTS,)
            phase = "listing"
            error = None

            def begin(self):
                self._ask(None)

            def _ask(self, token):
                call = partial(self.desk.aws.list_roots_page, token)
                self.desk.ask(ops.LIST_ROOTS.name, call, self._answered)

            def _answered(self, answer):
                if isinstance(answer, AwsError):
                    self.error = answer
                    return
                for root in answer["Roots"]:
                    self.desk.save(self.table, {"root": root["Id"]})
                if answer.get("NextToken"):
                    self._ask(answer["NextToken"])

            def ended(self, rows):
                if self.error is None:
                    return super().ended(rows)
                return Ended(outcome_of(self.error), self.error.message)
        """
    answer = """
        def list_roots(call: Call) -> dict[str, Any]:
            _require_view(call)
            return {"Roots": [{"Id": "r-ab12"}]}


        """
    edits = {
        "toolkit/schema/stored.py": _both(
            _before("STORED: Final", table),
            _after("        CONTACTS,\n", "ROOTS,"),
        ),
        "toolkit/aws/operations.py": _both(
            _before("ACCOUNTS_A_PAGE: Final", operation),
            _before("    def assume(", method, inside="    "),
        ),
        "toolkit/fetch/roots.py": _end(source),
        "toolkit/fetch/__init__.py": _both(
            _import("from toolkit.fetch.roots import Roots"),
            _after("    Spend,\n", "Roots,"),
        ),
        "toolkit/emulator/operations.py": _both(
            _before("OPERATIONS: ", answer),
            _after('"organizations": {', '"ListRoots": list_roots,'),
        ),
    }
    _follow("A source, such as a second list of accounts", project, "roots", edits)

    look = """
        from toolkit.aws import connect_local
        from toolkit.emulator import Emulator, Switches, make_organization
        from toolkit.runs import collect
        from toolkit.store import load_snapshot

        for store, denied in ("open", []), ("denied", ["ListRoots"]):
            with Emulator(make_organization(30), Switches(denied_operations=denied)) as emulator:
                aws = connect_local(emulator.url)
                collect(aws, store, link_regions="none", progress=None)
            snapshot = load_snapshot(store)
            ended = snapshot.manifest.sources["roots"]
            print(ended["outcome"], list(snapshot.table("roots")["root"]))
        """
    said = _run(project, "-c", dedent(look))

    assert said.splitlines() == ["FOUND ['r-ab12']", "ACCESS_DENIED []"]


def _follow(title: str, project: Path, name: str, edits: Mapping[str, Edit]) -> None:
    """Change exactly the files that a recipe names; the import contracts must still hold."""
    assert set(edits) == {file.replace("NAME", name) for file in RECIPES[title]}
    for file, edit in edits.items():
        path = project / file
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(edit(before), encoding="utf-8")
    holds, said = lint_imports(project)
    assert holds, said


def _end(text: str) -> Edit:
    """Add to the end, or make a new file."""
    return lambda before: f"{before}\n\n{dedent(text)}".lstrip()


def _after(place: str, text: str) -> Edit:
    """Add behind a text that is there once."""
    return lambda before: _replaced(before, place, f"{place} {dedent(text).strip()}")


def _before(place: str, text: str, inside: str = "") -> Edit:
    """Add in front of a text that is there once, as far in as the text stands."""
    added = indent(dedent(text).lstrip("\n"), inside)
    return lambda before: _replaced(before, place, f"{added}{place}")


def _import(text: str) -> Edit:
    """Add to the imports."""
    return lambda before: before.replace("\nfrom toolkit", f"\n{dedent(text)}\nfrom toolkit", 1)


def _both(*edits: Edit) -> Edit:
    """Make one change after the other."""
    return lambda before: reduce(lambda text, edit: edit(text), edits, before)


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def _run(project: Path, *arguments: object, **settings: str) -> str:
    """Run Python in the changed project and return what it printed."""
    ended = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=project,
        env=os.environ | IN_UTF_8 | {"PYTHONPATH": str(project)} | settings,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
