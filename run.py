"""Everything that one starts from a checkout, on every system; sets up what it needs, once.

    python3 run.py app     on Windows: py run.py app
    python3 run.py test

What stands behind the command is passed on to what it starts. It needs Python alone, and keeps what
it installs in `.venv`, by one stamp a file of requirements: set-up that was broken off, or whose
requirements changed, is done again before anything is started.
"""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, NoReturn

# What stands above this line an older Python can read, too.
if sys.version_info < (3, 11):  # noqa: UP036 - it is here that older ones are sent away
    sys.exit(
        f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}. "
        "Start a newer one: python3.13 run.py, on Windows py -3.13 run.py, make PYTHON=python3.13"
    )

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

LOOK = "import sys, pip\nif sys.version_info >= (3, 11): print(sys.version_info[:2])"

Step = tuple[str, ...]
"""What Python is started with."""

Stage = tuple[Step, ...]
"""What is started side by side."""

PYTEST = ("-m", "pytest", "-n", "auto")
# These tests wait for servers and browsers more than they work.
WAITING = ("-m", "pytest", "-n", str(2 * (os.cpu_count() or 1)))
CORE = tuple(f"tests/{name}" for name in ("aws", "dispatch", "fetch", "runs", "store"))
"""What a run stands on is watched for branches that no test takes; the rest need not be slowed."""

JUPYTER = {"JUPYTER_CONFIG_PATH": str(ROOT / "notebooks" / ".jupyter")}


class Command(NamedTuple):
    """What one may ask for: what it is, what it needs, and what is started, stage by stage."""

    meaning: str
    requirements: str
    stages: tuple[Stage, ...]
    settings: Mapping[str, str] = {}


# Tests start Python many times; without its bytecode, each would compile all that it imports anew.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


def _for_tests(meaning: str, *stages: Stage) -> Command:
    return Command(meaning, "requirements/test.txt", stages, COMPILED)


GROUPS = {
    "test-core": _for_tests(
        "what a run stands on, with a floor of branch coverage", ((*WAITING, *CORE, "--cov"),)
    ),
    "test-unit": _for_tests(
        "the rest of what needs no notebook and no browser",
        (
            (
                *WAITING,
                "-m",
                "not browser and not spark",
                *(f"--ignore={one}" for one in (*CORE, "tests/notebooks")),
            ),
        ),
    ),
    "test-notebooks": _for_tests(
        "the notebooks, run as JupyterLab runs them", ((*PYTEST, "tests/notebooks"),)
    ),
    "test-browser": _for_tests(
        "the app and what it saves, in a real browser",
        ((*WAITING, "--ignore=tests/notebooks", "-m", "browser"),),
    ),
}
_CORE, _UNIT, *_OTHERS = (
    step for group in GROUPS.values() for stage in group.stages for step in stage
)
TESTS: tuple[Stage, ...] = ((_CORE,), (_UNIT,), tuple(_OTHERS))
"""The first two keep every core busy; a browser and a kernel leave each other half of them."""

CHECKS: Stage = (
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command as checked; checked()"),
)
DICTIONARY = """
from pathlib import Path
from toolkit.schema import data_dictionary
Path("docs/data-dictionary.md").write_text(data_dictionary(), encoding="utf-8", newline="\\n")
"""

COMMANDS = {
    "app": Command(
        "set up and open the app on a made-up company",
        "requirements.txt",
        ((("-m", "toolkit", "app"),),),
    ),
    "test": _for_tests("set up and run the tests, in four groups", *TESTS),
    **GROUPS,
    "lint": _for_tests("lint, types and import contracts", CHECKS),
    "check": _for_tests("everything that must hold before a change lands", *TESTS, CHECKS),
    "test-spark": Command(
        "the SQL file on Spark, which needs a Java; no part of test",
        "requirements/spark.txt",
        ((("-m", "pytest", "-m", "spark", "tests/fleet"),),),
        COMPILED,
    ),
    "mutants": _for_tests(
        "put faults in one by one: which does no test notice?", (("tests/mutants/mutants.py",),)
    ),
    "live": _for_tests(
        "ask AWS itself what only an account can tell; with --profile P", ((*PYTEST, "tests/live"),)
    ),
    "notebook": Command(
        "set up and open JupyterLab with the notebooks",
        "requirements/notebooks.txt",
        ((("-m", "jupyterlab", "notebooks"),),),
        JUPYTER,
    ),
    "pages": Command(
        "run the notebooks into pages that open offline",
        "requirements/notebooks.txt",
        (
            # The last is a pattern: nbconvert finds the files, where a shell of Windows would not.
            (
                (
                    *("-m", "nbconvert", "--execute", "--to", "html"),
                    *("--output-dir=build/pages", "notebooks/*.ipynb"),
                ),
            ),
        ),
        JUPYTER,
    ),
    "dictionary": Command(
        "write docs/data-dictionary.md again, from toolkit/schema/",
        "requirements.txt",
        ((("-c", DICTIONARY),),),
    ),
    "pictures": _for_tests("take the README's screenshots again", (("docs/screenshots.py",),)),
}


def main(arguments: list[str]) -> int:
    """Run the command that is named first; return the exit code of what it started."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(*(f"{name:16}{command.meaning}" for name, command in COMMANDS.items()), sep="\n")
        return 0
    name, *more = arguments
    if name not in COMMANDS:
        _fail(f"There is no '{name}' to run, but {', '.join(COMMANDS)}.")
    command = COMMANDS[name]
    _set_up(command.requirements)
    for stage in command.stages:
        code = _run(*((PYTHON, *step, *more) for step in stage), **command.settings)
        if code:
            return code
    return 0


def _set_up(requirements: str) -> None:
    """Make what is missing of the environment; two that are started at once do it in turn."""
    stamp = ENVIRONMENT / f"installed-{Path(requirements).stem}"
    if _is_done(stamp):
        return
    try:
        with _alone():
            if not _is_done(stamp):
                _install(requirements, stamp)
    except OSError as error:
        _fail(
            f"{error.filename or ROOT} cannot be written to: {error.strerror or error}. "
            "What is needed is installed into .venv beside run.py, so the project must lie in a "
            "folder of your own."
        )


def _install(requirements: str, stamp: Path) -> None:
    if _version() is None:
        if any(find_spec(name) is None for name in ("venv", "ensurepip")):
            _fail(
                f"{sys.executable} cannot make a virtual environment. On Debian or Ubuntu: "
                "sudo apt install python3-venv. Elsewhere, install Python from python.org."
            )
        _say(f"Making {ENVIRONMENT}")
        if _run((sys.executable, "-m", "venv", "--clear", ENVIRONMENT)) or not _version():
            _fail("Python could not make .venv: why stands above. Mend that, and start it again.")
    _say(f"Installing what {requirements} names; the first time, this takes minutes")
    stamp.unlink(missing_ok=True)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)
    if _run((PYTHON, *pip), PIP_USER="0"):
        _fail("pip could not install it: why stands above. Mend that, and start it again.")
    stamp.write_text(_wanted(), encoding="utf-8")


def _is_done(stamp: Path) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _wanted()


def _wanted() -> str:
    """Return the mark of what an environment is made from: a Python, a place, the requirements."""
    files = [ROOT / "requirements.txt", *sorted(ROOT.glob("requirements/*.txt"))]
    contents = [path.read_bytes() for path in (*files, ROOT / "pyproject.toml")]
    # The package is installed as the folder it lies in, which may have been moved or copied.
    parts = [str(_version()).encode(), os.fsencode(ROOT), *contents]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _version() -> str | None:
    """Say which Python the environment has; None where it is broken, half made or too old."""
    try:
        said = subprocess.run([PYTHON, "-c", LOOK], capture_output=True, check=False)
    except OSError:
        return None
    return said.stdout.decode().strip() or None


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process sets up: SQLite's lock ends with the process that holds it."""
    (ROOT / "build").mkdir(exist_ok=True)
    lock = sqlite3.connect(ROOT / "build" / "set-up.lock", timeout=3600, isolation_level=None)
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise PermissionError(None, str(error), str(ROOT / "build")) from error
        yield


def _run(*commands: Sequence[object], **settings: str) -> int:
    """Run programs side by side to their ends; what would end this one is passed on to them.

    Returns the first exit code that is not 0: 128 and the number of the signal, where one ended it.
    """
    with _passed_on() as started:
        for command in commands:
            whole = [str(part) for part in command]
            started.append(subprocess.Popen(whole, cwd=ROOT, env=os.environ | settings))
        codes = [child.wait() for child in started]
    code = next(filter(None, codes), 0)
    return code if code >= 0 else 128 - code


@contextmanager
def _passed_on() -> "Iterator[list[subprocess.Popen[bytes]]]":
    """Let signals end what was started, and this only with it."""
    started: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _: object) -> None:
        if not started:
            sys.exit(128 + number)
        for child in started:
            if number == signal.SIGTERM:
                child.terminate()
            elif not _has_terminal():
                child.send_signal(number)

    names = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last is Ctrl-Break on Windows
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, pass_on) for number in numbers}
    try:
        yield started
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _has_terminal() -> bool:
    """Whether a terminal tells all that run in its foreground, what this one has started too."""
    if os.name == "nt":
        return True
    try:
        terminal = os.open(os.ctermid(), os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def _say(sentence: str) -> None:
    print(f"{sentence} ...", file=sys.stderr, flush=True)


def _fail(sentence: str) -> NoReturn:
    sys.exit(sentence)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
