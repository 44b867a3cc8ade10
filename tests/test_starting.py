"""run.py from a checkout: what it sets up, when again, how it ends; on a project of a few lines."""

import itertools
import os
import re
import shutil
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import patience
import pytest
from copied import ROOT
from processes import Program, running

import run

APP = """
import sys, time
print("app", *sys.argv[1:], flush=True)
if "--wait" in sys.argv:
    try:
        time.sleep(600)
    except KeyboardInterrupt:
        print("ended in order", flush=True)
        sys.exit(7)
sys.exit(3 if "--fail" in sys.argv else 0)
"""
SLOW = """
import time, zipfile
from pathlib import Path
def build_wheel(folder, *_):
    Path("begun").touch()
    while not Path("go-on").exists():
        time.sleep(0.05)
    about = "slow-1.dist-info/"
    with zipfile.ZipFile(Path(folder, "slow-1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("slow.py", "")
        wheel.writestr(about + "METADATA", "Metadata-Version: 2.1\\nName: slow\\nVersion: 1\\n")
        wheel.writestr(
            about + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        )
        wheel.writestr(about + "RECORD", "")
    return "slow-1-py3-none-any.whl"
"""
"""A package whose build says that it has begun, and ends when it is told to."""


NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was started once, in a folder whose name is hard to quote.

    Its environment was half made before: to make one costs more than all else here.
    """
    folder = tmp_path_factory.mktemp("run") / "Größe 日本 & co"
    for part in ("toolkit", "requirements"):
        (folder / part).mkdir(parents=True)
    (folder / "toolkit" / "__main__.py").write_text(APP, encoding="utf-8")
    for name in ("requirements.txt", "requirements/notebooks.txt", "pyproject.toml"):
        (folder / name).write_text("", encoding="utf-8")
    shutil.copy(ROOT / "run.py", folder)
    venv.create(folder / ".venv", with_pip=False)
    (folder / "first").write_text(_said(folder, 0, "app", "--port", "8600"), encoding="utf-8")
    return folder


@contextmanager
def _run(project: Path, *arguments: str) -> Iterator[Program]:
    log = project.parent / f"log-{next(NUMBERS)}"
    with running([sys.executable, project / "run.py", *arguments], log) as program:
        yield program


def _said(project: Path, code: int, *arguments: str) -> str:
    """Run a command to its end, which must be this code; return what was said."""
    with _run(project, *arguments) as program:
        ended = program.ended()
    assert ended == code, program.said
    return program.said


def _as_if(statement: str, folder: Path) -> str:
    """Start the app of an empty folder by a Python of which this is true; return what it said."""
    shutil.copy(ROOT / "run.py", folder)
    program = f"import runpy, sys\n{statement}\nsys.argv = ['run.py', 'app']\n"
    program += f"runpy.run_path({str(folder / 'run.py')!r}, run_name='__main__')\n"
    with running([sys.executable, "-c", program], folder / "log") as started:
        assert started.ended() == 1
    assert started.said.count("\n") == 1
    return started.said


def test_an_environment_that_is_half_made_or_broken_is_made_anew(project: Path) -> None:
    said = (project / "first").read_text(encoding="utf-8")

    assert "Making " in said
    assert said.endswith("\napp app --port 8600\n")


def test_what_is_set_up_is_not_set_up_again(project: Path) -> None:
    os.utime(project / "requirements.txt", (1, 1))

    assert _said(project, 0, "app", "--store", "my snapshots") == "app app --store my snapshots\n"


def test_other_requirements_are_installed_before_anything_starts(project: Path) -> None:
    for name in ("requirements.txt", "pyproject.toml"):
        (project / name).write_text("# other\n", encoding="utf-8")
        assert "Installing what requirements.txt names" in _said(project, 0, "app")
        assert _said(project, 0, "app") == "app app\n"


def test_what_cannot_be_installed_is_one_sentence_and_tried_again(project: Path) -> None:
    requirements = project / "requirements.txt"
    requirements.write_text("./nothing-here\n", encoding="utf-8")
    said = _said(project, 1, "app")
    requirements.write_text("", encoding="utf-8")

    assert said.splitlines()[-1].startswith("pip could not install it: why stands above.")
    assert "Traceback" not in said
    assert _said(project, 0, "app").endswith("app app\n")


def test_a_set_up_that_was_killed_is_completed_by_the_next_start(project: Path) -> None:
    package = project / "slow"
    package.mkdir()
    (package / "backend.py").write_text(SLOW, encoding="utf-8")
    (package / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        encoding="utf-8",
    )
    (project / "requirements.txt").write_text("./slow\n", encoding="utf-8")

    with _run(project, "app") as killed:
        patience.until((package / "begun").exists, lambda: killed.said)
        killed.kill()
    (package / "begun").unlink()
    # Of two that are started then, one does it, and the other waits for it.
    with _run(project, "app") as one, _run(project, "app") as other:
        patience.until((package / "begun").exists, lambda: one.said + other.said)
        (package / "go-on").touch()
        codes = one.ended(), other.ended()

    assert "app app" not in killed.said
    assert codes == (0, 0)
    assert sorted(each.said.count("Installing") for each in (one, other)) == [0, 1]
    assert one.said.endswith("app app\n")
    assert other.said.endswith("app app\n")
    assert list((project / ".venv").rglob("slow.py"))


def test_ctrl_c_ends_what_was_started_and_gives_its_code(project: Path) -> None:
    with _run(project, "app", "--wait") as program:
        program.says("app app --wait").interrupt()
        code = program.ended()

    assert "Traceback" not in program.said
    # On Windows the signal that reaches one program alone ends Python without a word.
    assert (code, program.said) == (7, "app app --wait\nended in order\n") or os.name == "nt"


def test_the_code_of_what_was_started_is_given_on(project: Path) -> None:
    assert _said(project, 3, "app", "--fail") == "app app --fail\n"


def test_a_command_that_is_none_is_one_sentence_that_names_all(project: Path) -> None:
    said = _said(project, 1, "tests")

    assert said.startswith("There is no 'tests' to run, but app, test, test-core,")
    assert said.count("\n") == 1


def test_an_older_python_is_told_which_one_is_needed(tmp_path: Path) -> None:
    said = _as_if("sys.version_info, sys.version = (3, 9, 6), '3.9.6 (old)'", tmp_path)

    assert said.startswith("Python 3.11 or newer is needed, and this is 3.9.6. Start a newer one: ")


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    said = _as_if("sys.modules['ensurepip'] = None", tmp_path)

    assert said.startswith(f"{sys.executable} cannot make a virtual environment. On Debian")
    assert "apt install python3-venv" in said


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file in the way", encoding="utf-8")
    shutil.copy(ROOT / "run.py", tmp_path)

    said = _said(tmp_path, 1, "app")

    assert said.startswith(f"{tmp_path / 'build'} cannot be written to: ")
    assert "a folder of your own" in said
    assert said.count("\n") == 1


MEETING = """
import sys, time
from pathlib import Path
mine, other, code = sys.argv[1:]
try:
    Path(mine).touch()
    while not Path(other).exists():
        time.sleep(0.02)
except KeyboardInterrupt:
    print("ended in order", flush=True)
    sys.exit(7)
sys.exit(int(code))
"""
"""A program that says that it is there, and waits for another."""


def test_what_is_of_one_stage_runs_side_by_side_and_gives_the_first_code_that_is_not_0(
    tmp_path: Path,
) -> None:
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    meeting = [sys.executable, "-c", MEETING]

    assert run._run([*meeting, one, other, "0"], [*meeting, other, one, "5"]) == 5


def test_ctrl_c_ends_all_that_runs_side_by_side(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("one", "other")]
    commands = [[sys.executable, "-c", MEETING, name, "never", "0"] for name in names]
    both = f"import sys, run; sys.exit(run._run(*{commands!r}))"
    with running([sys.executable, "-c", both], tmp_path / "log", cwd=ROOT) as program:
        patience.until(lambda: all(Path(name).exists() for name in names), lambda: program.said)
        program.interrupt()
        code = program.ended()

    # On Windows the signal that reaches one program alone ends Python without a word.
    assert (code, program.said) == (7, "ended in order\n" * 2) or os.name == "nt"


def test_every_group_is_run_by_test_and_all_that_lints_by_check() -> None:
    steps = [step for group in run.GROUPS.values() for stage in group.stages for step in stage]

    assert [step for stage in run.COMMANDS["test"].stages for step in stage] == steps
    checked = [step for stage in run.COMMANDS["check"].stages for step in stage]
    assert checked == [*steps, *run.COMMANDS["lint"].stages[0]]


def test_every_test_is_in_one_group() -> None:
    folders = {f"tests/{path.name}" for path in (ROOT / "tests").iterdir() if path.is_dir()}
    core, unit, notebooks, browser = (group.stages[0][0] for group in run.GROUPS.values())

    assert set(run.CORE) < folders
    assert set(core) & folders == set(run.CORE)
    assert {f"--ignore={one}" for one in [*run.CORE, "tests/notebooks"]} <= set(unit)
    assert notebooks[-1] == "tests/notebooks"
    assert "--ignore=tests/notebooks" in browser
    without = "not browser and not spark"
    assert [unit[unit.index("-m", 1) + 1], browser[-1]] == [without, "browser"]
    # What a run stands on needs no browser: there it would run twice.
    marked = [path for one in run.CORE for path in (ROOT / one).glob("*.py") if _is_marked(path)]
    assert marked == []


def _is_marked(path: Path) -> bool:
    return "mark.browser" in path.read_text(encoding="utf-8")


def test_make_has_the_same_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")

    (listed,) = re.findall(r"^COMMANDS := (.+)$", makefile, re.MULTILINE)

    assert listed.split() == list(run.COMMANDS)
