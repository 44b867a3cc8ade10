"""Puts each fault of faults.toml into a copy of the code, and counts those that the tests notice.

Run: python tests/mutants/mutants.py [FOLDER ...] [--jobs N]

Folders are those of toolkit/, as in `dispatch fetch`; all by default. A fault is put in alone. The
test file that mirrors the faulty one runs first, then the rest of its folder, then the tests of
whole runs, until a test fails. Ends with status 1 where a fault has no place any more, where a test
fails without any fault, and where fewer than 85 % are noticed.
"""

import argparse
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import psutil

ROOT: Final = Path(__file__).parents[2]
LEAST: Final = 0.85
BELOW_RUNS: Final = ("aws", "dispatch", "fetch", "store")  # a whole run goes through these
LEFT_OUT: Final = ("__pycache__", ".git", ".venv", ".*_cache", "build", "snapshots")
MOST_SLOWER: Final = 5  # times as long as without a fault: the tests hang, which is noticed too

Selection = tuple[str, ...]
"""What pytest is told to run."""


@dataclass(frozen=True)
class Fault:
    """One fault: what it breaks in a sentence, and the text in one file that it replaces.

    `tests` are the files or folders that must notice, where they are not those that mirror it.
    """

    breaks: str
    file: str
    old: str
    new: str
    tests: Selection = ()

    @property
    def folder(self) -> str:
        """The folder of toolkit/ that it is in."""
        return PurePosixPath(self.file).parts[1]

    def selections(self) -> list[Selection]:
        """Return what is run, one after the other."""
        if self.tests:
            return [self.tests]
        file = PurePosixPath("tests", *PurePosixPath(self.file).parts[1:])
        mirror, folder = str(file.with_name(f"test_{file.name}")), str(file.parent)
        mirrored = (ROOT / mirror).exists()
        found = [(mirror,), (folder, f"--ignore={mirror}")] if mirrored else [(folder,)]
        return [*found, ("tests/runs",)] if self.folder in BELOW_RUNS else found

    def put_in(self, text: str) -> str:
        """Return the file's text with the fault; raises ValueError where it has not one place."""
        if (found := text.count(self.old)) != 1:
            raise ValueError(f"{self.file} has {found} places for: {self.breaks}")
        return text.replace(self.old, self.new)


def faults() -> list[Fault]:
    """Read the faults."""
    text = (Path(__file__).parent / "faults.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["fault"]
    return [Fault(**{**row, "tests": tuple(row.get("tests", ()))}) for row in rows]


class Copies:
    """Copies of the project, each for one fault at a time."""

    def __init__(self, folder: Path, number: int) -> None:
        self._free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._seconds: dict[Selection, float] = {}
        for place in (folder / str(n) for n in range(number)):
            shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*LEFT_OUT))
            self._free.put(place)

    def passes(self, selection: Selection) -> bool:
        """Whether the tests pass without any fault; how long that takes is kept."""
        root, began = self._free.get(), time.monotonic()
        passed = _tested(root, selection, None)
        self._seconds[selection] = time.monotonic() - began
        self._free.put(root)
        return passed

    def notices(self, fault: Fault) -> bool:
        """Whether a test fails because of the fault."""
        root = self._free.get()
        path = root / fault.file
        before = path.read_text(encoding="utf-8")
        path.write_text(fault.put_in(before), encoding="utf-8")
        noticed = not all(
            _tested(root, one, 60 + MOST_SLOWER * self._seconds[one]) for one in fault.selections()
        )
        path.write_text(before, encoding="utf-8")
        self._free.put(root)
        return noticed


def _tested(root: Path, selection: Selection, most: float | None) -> bool:
    """Run tests until the first that fails; those that take more than `most` seconds have."""
    # Compiled files are told apart by the second they were made in: there must be none.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", *selection]
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            return process.wait(most) == 0
        except subprocess.TimeoutExpired:
            for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                one.kill()
            return False


def table(results: Sequence[tuple[Fault, bool]]) -> Iterator[str]:
    """Write what was not noticed, and folder by folder how much was."""
    yield from (f"not noticed: {one.breaks} ({one.file})" for one, well in results if not well)
    yield "\n| folder | faults | noticed | share |\n|---|---|---|---|"
    for name in [*dict.fromkeys(fault.folder for fault, _ in results), "all"]:
        found = [noticed for fault, noticed in results if name in (fault.folder, "all")]
        yield f"| {name} | {len(found)} | {sum(found)} | {sum(found) / len(found):.0%} |"


def main() -> bool:
    """Put in the faults of the folders named, print the table; return whether too few show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="*", help="of toolkit/; all by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    known = [one for one in faults() if not chosen.folder or one.folder in chosen.folder]
    selections = list({one: None for fault in known for one in fault.selections()})
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.jobs) as pool:
        copies = Copies(Path(folder), chosen.jobs)
        passed = list(pool.map(copies.passes, selections))
        if failed := [
            " ".join(one) for one, well in zip(selections, passed, strict=True) if not well
        ]:
            sys.exit(f"Without any fault these fail: {', '.join(failed)}")
        results = list(zip(known, pool.map(copies.notices, known), strict=True))
    sys.stdout.write("\n".join([*table(results), ""]))
    return sum(noticed for _, noticed in results) < LEAST * len(results)


if __name__ == "__main__":
    sys.exit(main())
