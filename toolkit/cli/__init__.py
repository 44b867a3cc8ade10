"""The command line: `python -m toolkit …`, or `account-pairs …` once installed; one file a command.

A wrong call ends with exit code 2 and one line; a collection that another try could complete ends
with 1; one that was told to stop with 128 and the number of the signal, as the shell has it.
"""

import errno
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stderr
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

from toolkit.cli import (
    app,
    changes,
    check,
    collect,
    completion,
    doctor,
    emulator,
    fleet,
    links,
    mismatches,
    notify,
    policy,
    reconcile,
    report,
    snapshots,
)
from toolkit.cli.arguments import INCOMPLETE, OK, WRONG, Parser
from toolkit.errors import RunStoppedError, StoreUnreachableError, ToolkitError
from toolkit.installation import version

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["main"]

COMMANDS: Final = (
    *(collect, mismatches, changes, links, reconcile, report, check, notify),
    *(fleet, policy, snapshots, doctor, app, emulator, completion),
)
"""Every command: a module whose `add` declares its arguments and what runs it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 incomplete, 2 a wrong call.

    Ctrl-C ends with 130, a request to terminate with 143: one line, and no half-written file.
    """
    try:
        with _stoppable(), warnings.catch_warnings():
            warnings.filterwarnings("always", message="Left out: ")
            warnings.showwarning = partial(_show, sys.stderr, warnings.showwarning, set())
            options = parser().parse_args(arguments)
            _prepare_output(getattr(options, "format", "table"))
            run: Callable[[Namespace], int] = options.run
            with redirect_stderr(io.StringIO()) if _is_silent(options) else nullcontext():
                code = run(options)
            print(end="", flush=True)  # at exit it would be too late to say nothing about it
            return code
    except KeyboardInterrupt as told:
        print("Stopped before it was done.", file=sys.stderr)
        return 128 + (told.number if isinstance(told, _TerminatedError) else signal.SIGINT)
    except ToolkitError as error:
        print(error, file=sys.stderr)
        is_mendable = isinstance(error, RunStoppedError | StoreUnreachableError) and error.retryable
        return INCOMPLETE if is_mendable else WRONG
    except OSError as error:
        if not _reader_has_gone(error):
            raise
        # Not an error (`… | head`), but Python would print one at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _reader_has_gone(error: OSError) -> bool:
    """Whether a pipe is read no longer, which Windows calls an invalid argument."""
    is_windows = os.name == "nt" and error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or is_windows


def _prepare_output(form: str) -> None:
    """Let no character that a pipe's encoding lacks end a command, nor be lost to a program.

    For people it is shown as its number; what other programs read is UTF-8 on every system.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if form not in ("table", "text") and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _is_silent(options: "Namespace") -> bool:
    """Whether no remark is wanted: those go to stderr, and so does what ends it, but later."""
    return getattr(options, "silent", False)


def _show(
    stderr: TextIO,
    usual: Callable[..., None],
    said: set[str],
    message: Warning | str,
    *about: Any,
) -> None:
    """Show what a store left out as one line, once; wherever in the code it was met.

    Python's own "once" forgets what it has shown whenever a library changes a filter.
    """
    text = str(message)
    if not text.startswith("Left out: "):
        usual(message, *about)
    elif text not in said:
        said.add(text)
        print(text, file=stderr)


class _TerminatedError(KeyboardInterrupt):
    """The process was asked to end, by another signal than Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a request to terminate unwind as Ctrl-C does: what was begun beside a file is removed.

    Only the main thread hears signals, so only there is there anything to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def terminated(number: int, _: object) -> NoReturn:
        raise _TerminatedError(number)

    before = signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parser() -> Parser:
    """Return what reads the command line."""
    installed = Path(sys.argv[0]).stem == "account-pairs"
    whole = Parser(
        prog="account-pairs" if installed else "python -m toolkit",
        description="Which standard and GovCloud accounts disagree, how badly, and since when.",
        examples=(
            "doctor --profile audit",
            "collect --profile audit",
            "mismatches",
            "report --out states.pptx",
        ),
    )
    whole.add_argument(
        "--version",
        action="version",
        version=f"account-pairs {version()}",
        help="say which version this is",
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        command.add(commands)
    for said in commands._get_subactions():  # noqa: SLF001 - argparse keeps to itself what it was told
        one = commands.choices[said.dest]
        text = str(said.help)
        one.description = one.description or f"{text[0].upper()}{text[1:]}."
    return whole
