"""Programs that tests start: what they said is told where they fail, and none outlives its test."""

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import patience
import psutil

MARK: Final = "TESTS_OF_THIS_TOOLKIT"
"""The environment variable by which all that a run of tests starts is known."""

_OWN_GROUP: Final[Mapping[str, Any]] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    else {"start_new_session": True}
)


class Program:
    """A program that runs; what it says, to both its outputs, is kept in a file."""

    def __init__(self, log: Path, process: "subprocess.Popen[bytes]") -> None:
        self._log = log
        self._process = process

    @property
    def said(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def says(self, words: str) -> Self:
        """Wait until it has said these words; fails with what it said where it ends before."""
        patience.until(lambda: words in self.said or not self.runs, self._told)
        assert words in self.said, self._told()
        return self

    def interrupt(self) -> None:
        """Tell it to end, as Ctrl-C does; on Windows only Ctrl-Break reaches one group alone."""
        self._process.send_signal(
            signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT  # type: ignore[attr-defined]
        )

    def terminate(self) -> None:
        """Tell it to end, as a service is told to; on Windows this ends it at once."""
        self._process.terminate()

    def ended(self) -> int:
        """Wait for its end and return its exit code."""
        patience.until(lambda: not self.runs, self._told)
        return self._process.wait()

    def kill(self) -> None:
        """End it and all that it has started, without a word, as a lost machine would."""
        try:
            family = psutil.Process(self._process.pid)
            members = [*family.children(recursive=True), family]
        except psutil.NoSuchProcess:
            members = []
        for member in members:
            _end(member)
        self._process.wait()

    def _told(self) -> str:
        state = "runs" if self.runs else f"ended with {self._process.returncode}"
        return f"{self._process.args} {state}, and said last:\n{self.said[-4_000:]}"


@contextmanager
def running(
    command: Sequence[object],
    log: Path,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    **settings: str,
) -> Iterator[Program]:
    """Start a program with these settings in its environment; where it still runs, it is ended."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env={**environment, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **_OWN_GROUP,
        )
    program = Program(log, process)
    try:
        yield program
    finally:
        program.kill()


def mark() -> None:
    """Let all that is started from now on be known as started by this run of tests."""
    os.environ[MARK] = uuid.uuid4().hex


def lost(seconds: float = 10.0) -> list[str]:
    """End what this run of tests has started and not ended; return how each was called.

    Whatever ends by itself within so many seconds was on its way.
    """
    found = [process for process in psutil.process_iter() if _is_marked(process)]
    _, left = psutil.wait_procs(found, seconds)
    called = [f"{process.pid}: {' '.join(_called(process))}" for process in left]
    for process in left:
        _end(process)
    patience.until(lambda: not any(map(_is_marked, left)), lambda: f"{called} does not end.")
    return called


def _is_marked(process: psutil.Process) -> bool:
    try:
        return process.environ().get(MARK) == os.environ[MARK] and process.pid != os.getpid()
    except (psutil.Error, OSError):  # it is another user's, or has just ended
        return False


def _called(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
