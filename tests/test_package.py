"""The package: what it depends on, and that it works where nothing else is installed."""

import ast
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from copied import IN_UTF_8, ROOT, copy_project
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from patience import LONG
from processes import running

from toolkit import installation
from toolkit.emulator import Emulator, make_organization
from toolkit.exports.formats import FORMATS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RANGES = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements/notebooks.txt": PROJECT["optional-dependencies"]["notebooks"],
    "requirements/dask.txt": PROJECT["optional-dependencies"]["dask"],
    "requirements/notify.txt": PROJECT["optional-dependencies"]["notify"],
    "requirements/pictures.txt": PROJECT["optional-dependencies"]["pictures"],
}
ELSEWHERE = {"appnope", "pywinpty", "pyspark"}
"""What is not installed here: of another system, or as big as Spark, which pins what it brings."""

PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"

OPTIONAL = {"IPython", "apprise", "choreographer", "distributed", "kaleido"}
"""What is imported only where it is: a notebook's, a picture's, Dask, and what notices need."""


@pytest.mark.parametrize("file", RANGES)
def test_each_pinned_version_is_in_the_range_that_the_package_asks_for(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    ranges = {asked.name: asked.specifier for asked in map(Requirement, RANGES[file])}

    assert set(pins) == set(ranges)
    assert [name for name, pin in pins.items() if pin not in ranges[name]] == []
    # A range that has no end lets in versions that nobody has seen.
    assert all({"<", ">="} == {one.operator for one in limits} for limits in ranges.values())


@pytest.mark.parametrize("python", ["3.11", "3.14"])
@pytest.mark.parametrize(
    "system",
    [
        {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
        {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
        {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    ],
    ids=lambda system: system["sys_platform"],
)
def test_what_the_pinned_packages_bring_along_is_pinned_on_every_system(
    system: dict[str, str], python: str
) -> None:
    here = system | {"python_version": python, "python_full_version": f"{python}.0"}
    files = [ROOT / "requirements.txt", *(ROOT / "requirements").glob("*.txt")]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    pinned = [Requirement(line) for line in lines if "==" in line]
    names = {canonicalize_name(one.name) for one in pinned}

    brought: set[tuple[NormalizedName, str]] = set()
    wanted = [one for one in pinned if one.marker is None]
    while wanted:
        one = wanted.pop()
        name = canonicalize_name(one.name)
        for extra in {"", *one.extras}:
            if (name, extra) in brought or name in ELSEWHERE:
                continue
            brought.add((name, extra))
            asked = map(Requirement, metadata.requires(name) or ())
            wanted += [
                r for r in asked if not r.marker or r.marker.evaluate(here | {"extra": extra})
            ]
            assert {canonicalize_name(r.name) for r in wanted} <= names, name


def test_a_checkout_says_its_version_without_being_installed(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-S", "-m", "toolkit", "--version"],
        cwd=copy_project(tmp_path),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(_without_this_project())},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout

    assert said == f"account-pairs {PROJECT['version']}\n"


def test_a_checkout_keeps_the_demo_in_its_own_folder() -> None:
    assert installation.data_folder() == ROOT
    assert installation.app_script() == ROOT / "streamlit_app.py"


def test_a_checkout_that_may_only_be_read_keeps_the_demo_in_the_users_own_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)

    assert installation.data_folder().name == "account-pairs"
    assert ROOT not in installation.data_folder().parents


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package as `pip install .` does."""
    folder = tmp_path_factory.mktemp("wheel")
    project = copy_project(folder / "project")
    _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, project)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package where there is what it asks for, and nothing else; give the programs.

    What it asks for is that of this environment, linked to: pip finds it installed, in the version
    that is pinned, or ends. From an index it would take a minute and be the same files.
    """
    empty = tmp_path_factory.mktemp("environment")
    venv.create(empty)
    programs = empty / ("Scripts" if os.name == "nt" else "bin")
    packages = Path(_run(programs / "python", "-c", PURELIB).strip())
    with zipfile.ZipFile(wheel) as opened:
        (about,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        asked = metadata.PathDistribution(zipfile.Path(wheel, about.removesuffix("METADATA")))
        for name in _brought_along(asked.requires or ()):
            _link(metadata.distribution(name), packages)
    pinned = ROOT / "requirements" / "constraints.txt"
    # This environment's pip works on the other, which needs none of its own.
    pip = ["-m", "pip", "--python", empty, "install", "--no-compile", "--no-index"]
    _run(sys.executable, *pip, "--constraint", pinned, wheel)
    return programs


@pytest.fixture(scope="module")
def store(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect an organization of 60 accounts with the installed command line."""
    store = tmp_path_factory.mktemp("collected") / "snapshots"
    with Emulator(make_organization(60)) as emulator:
        keys = {"AWS_ACCESS_KEY_ID": "management", "AWS_SECRET_ACCESS_KEY": "any"}
        options = ["--store", store, "--link-regions", "us-east-1"]
        options += ["--endpoint-url", emulator.url]
        _run(programs / "account-pairs", "collect", *options, **keys)
    return store


USE = """
import io, json, sys
from contextlib import redirect_stdout
from streamlit.testing.v1 import AppTest
from toolkit.cli import main
from toolkit.installation import app_script, data_folder
store, patience, *reports = sys.argv[1:]
page = AppTest.from_file(app_script(), default_timeout=float(patience)).run()
with redirect_stdout(io.StringIO()) as pairs:
    assert main(["mismatches", "--store", store, "--all", "--format", "json"]) == 0
for report in reports:
    assert main(["report", "--store", store, "--out", report]) == 0
said = {"folder": str(data_folder()), "pairs": json.loads(pairs.getvalue())}
print(json.dumps(said | {"page": [element.proto.body for element in page.get("html")]}))
"""
"""Uses what is installed as its programs do, in one start: each would cost seconds of its own."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Where `used` writes a report in every format."""
    folder = tmp_path_factory.mktemp("reports")
    return [folder / f"states{one.suffix}" for one in FORMATS]


@pytest.fixture(scope="module")
def used(programs: Path, store: Path, reports: list[Path]) -> dict[str, Any]:
    """Open the app's first page, list the pairs and write the reports; return what was said."""
    said = _run(programs / "python", "-c", USE, store, LONG, *reports, ACCOUNT_PAIRS_STORE=store)
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    return told


def test_the_wheel_holds_what_is_not_python(wheel: Path) -> None:
    names = {name.split(".data/data/")[-1] for name in zipfile.ZipFile(wheel).namelist()}

    others = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "toolkit").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    assert {"toolkit/py.typed", "toolkit/app/style.css", "toolkit/exports/page/page.html"} < set(
        others
    )
    assert set(others) <= names
    assert "share/account-pairs/.streamlit/config.toml" in names
    assert "share/account-pairs/streamlit_app.py" in names


def test_everything_that_is_imported_came_with_it(programs: Path) -> None:
    modules = sorted((ROOT / "toolkit").rglob("*.py"))
    names = {name for module in modules for name in _imported(module)} - {"toolkit"}
    look = (
        "import sys\n"
        "from importlib.util import find_spec\n"
        "print([name for name in sys.argv[1:] if find_spec(name) is None])\n"
    )

    missing = _run(programs / "python", "-c", look, *sorted(names))

    assert set(ast.literal_eval(missing)) == OPTIONAL


def test_the_installed_program_says_its_version(programs: Path) -> None:
    said = _run(programs / "account-pairs", "--version")

    assert said == f"account-pairs {PROJECT['version']}\n"
    assert _run(programs / "python", "-m", "toolkit", "--version") == said


def test_what_was_collected_is_in_the_store(used: dict[str, Any]) -> None:
    assert len(used["pairs"]) == 60


@pytest.mark.usefixtures("used")
def test_a_report_is_written_in_every_format(reports: list[Path]) -> None:
    assert [file.stat().st_size > 1_000 for file in reports] == [True] * len(FORMATS)


def test_the_app_starts_and_answers_on_this_machine_alone(
    programs: Path, store: Path, tmp_path: Path
) -> None:
    with (
        _app(programs, store, tmp_path / "log") as port,
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)) as way,
    ):
        way.request("GET", "/_stcore/health")
        answer = way.getresponse().read()

    assert answer == b"ok"


def test_the_first_page_of_the_installed_app_shows_the_store(
    programs: Path, used: dict[str, Any]
) -> None:
    assert "linked pairs disagree" in "\n".join(used["page"])
    # What the app makes by itself is kept where the user may write, not among the programs.
    folder = Path(used["folder"])
    assert folder.name == "account-pairs"
    assert programs.parent not in folder.parents


def _run(program: Path | str, *arguments: object, **settings: object) -> str:
    """Run a program of the empty environment, away from the checkout; return what it printed."""
    ended = subprocess.run(
        [program, *map(str, arguments)],
        cwd=Path(program).parent,
        env=_environment() | {name: str(value) for name, value in settings.items()},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _brought_along(requirements: Iterable[str]) -> set[NormalizedName]:
    """Return the names of all that these requirements bring along on this system."""
    found: set[NormalizedName] = set()
    wanted = [(Requirement(text), "") for text in requirements]
    seen: set[tuple[NormalizedName, str]] = set()
    while wanted:
        one, extra = wanted.pop()
        if one.marker and not one.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(one.name)
        for each in {"", *one.extras} - {known for of, known in seen if of == name}:
            seen.add((name, each))
            found.add(name)
            wanted += [(Requirement(text), each) for text in metadata.requires(name) or ()]
    return found


def _link(package: metadata.Distribution, folder: Path) -> None:
    """Put an installed package's files there, as links or, where there can be none, as copies."""
    for file in package.files or ():
        source = Path(str(package.locate_file(file)))
        if ".." in file.parts or not source.is_file():
            continue
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:  # another disk
            shutil.copyfile(source, target)


def _environment() -> dict[str, str]:
    """Return this machine's environment without what would lead elsewhere."""
    theirs = ("PYTHON", "AWS_", "ACCOUNT_PAIRS_", "STREAMLIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    return (
        kept | IN_UTF_8 | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    )


def _without_this_project() -> list[str]:
    return [path for path in sys.path if path and ROOT not in (Path(path), Path(path).parent)]


def _imported(module: Path) -> Iterator[str]:
    """Give the name of every package that a module imports, by its first part."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).split(".")[0]


@contextmanager
def _app(programs: Path, store: Path, log: Path) -> Iterator[int]:
    """Start the installed app and give its port once it answers there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [programs / "account-pairs", "app", "--store", store, "--port", port]
    environment = _environment() | {"STREAMLIT_SERVER_HEADLESS": "true"}
    with running(command, log, cwd=log.parent, environment=environment) as program:
        program.says(f"started on 127.0.0.1:{port}")
        yield port
