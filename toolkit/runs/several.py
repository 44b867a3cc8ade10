"""Several organizations side by side, each with its own pace, journal and snapshot."""

import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any, Final, Literal

from toolkit.aws import Aws
from toolkit.errors import InputError, ToolkitError
from toolkit.runs.progress import Progress, Report, bars
from toolkit.runs.run import collect, stopping_on_signal
from toolkit.store import Address, Snapshot, Store

MOST_TOGETHER: Final = 32
"""Organizations collected at the same time; with more, one begins when another ends."""

_FILES_EACH: Final = 64  # connections to every Region, a journal: 50 to 60 were measured
_OTHER_FILES: Final = 128
_MOMENT: Final = 0.25  # s


def collect_all(
    connections: Mapping[str, Aws],
    store: Address = "snapshots",
    *,
    govcloud: Mapping[str, Aws] | None = None,
    progress: Report | Literal["auto"] | None = "auto",
    stop: threading.Event | None = None,
    **options: Any,
) -> dict[str, Snapshot | ToolkitError]:
    """Collect the organization of every connection, side by side; return what came of each.

    `connections` have names, such as those of their profiles, by which progress tells of them, and
    what came of each is found: its snapshot, or the error that its own `collect` ended with. One
    that fails ends no other. `govcloud` has the witness of each that has one, by the same name.
    `options` are those of `collect` and count for each. Of two connections to one organization the
    first collects it. Connections are closed when they have ended. `stop`, once set, or Ctrl-C ends
    all in order; each then has its RunStoppedError. Raises StoreError where the store cannot be.
    """
    kept, stop = Store.at(store), stop or threading.Event()
    most = _together(len(connections))
    begun, told = _Begun(), _Told()

    def run(name: str, aws: Aws) -> Snapshot | ToolkitError:
        witness = (govcloud or {}).get(name)
        try:
            return collect(
                aws,
                kept,
                govcloud=witness,
                progress=lambda at: told.tell(replace(at, source=name)),
                stop=stop,
                begin=partial(begun.begin, name),
                **options,
            )
        except ToolkitError as error:
            told.tell(Progress("failed", 0, 0, source=name))
            return error
        finally:
            begun.names.add(name)
            for way in (aws, witness):
                if isinstance(way, Aws):
                    way.close()

    with ExitStack() as stack:
        stack.enter_context(stopping_on_signal(stop))
        if progress != "auto":
            told.begin(progress or (lambda _: None))
        pool = stack.enter_context(ThreadPoolExecutor(most, "toolkit-run"))
        ended = {name: pool.submit(run, name, aws) for name, aws in connections.items()}
        are_ended = False
        while not are_ended:
            # On Windows nothing interrupts a wait without an end.
            are_ended = not wait(ended.values(), _MOMENT).not_done
            if len(begun.names) >= most and not told.has_begun:
                told.begin(stack.enter_context(bars(len(connections))))
    return {name: one.result() for name, one in ended.items()}


class _Told:
    """What runs tell, kept until there is somebody to tell it.

    Bars wait until all have logged in: they would be drawn over the question for an MFA code.
    """

    def __init__(self) -> None:
        self._report: Report | None = None
        self._last: dict[str, Progress] = {}
        self._lock = threading.Lock()

    @property
    def has_begun(self) -> bool:
        return self._report is not None

    def begin(self, report: Report) -> None:
        with self._lock:
            for last in self._last.values():
                report(last)
            self._report = report

    def tell(self, progress: Progress) -> None:
        with self._lock:
            if self._report is None:
                self._last[progress.source] = progress
                return
        self._report(progress)


def _together(wanted: int) -> int:
    """Return how many of so many organizations this process may collect at the same time."""
    most = min(max(wanted, 1), MOST_TOGETHER)
    files = _files_allowed(_OTHER_FILES + most * _FILES_EACH)
    return max(1, min(most, (files - _OTHER_FILES) // _FILES_EACH))


def _files_allowed(wanted: int) -> int:
    """Return how many files this process may have open, which is raised to what is wanted.

    Connections are files, too: a Mac allows 256 unless it is asked for more, and Windows counts
    none.
    """
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    except (OSError, ValueError):
        return soft
    return raised


class _Begun:
    """Which organizations are collected, each by the first connection that turned out to be of it.

    The second of them would wait for the journal of the first, or take the same snapshot again.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._of: dict[str, str] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, organization: str) -> None:
        self.names.add(name)
        with self._lock:
            first = self._of.setdefault(organization, name)
        if first != name:
            raise InputError(
                f"It leads to {organization}, which '{first}' collects already.",
                "Name one profile of each organization.",
            )
