"""How a run tells where it is: to a callback, a bar in a terminal or a bar in a notebook."""

import itertools
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from toolkit.fetch.source import Phase, Tally
from toolkit.notebook import in_notebook
from toolkit.runs.notebook import notebook_bar
from toolkit.text import duration, printable

PHASES: Final[Mapping[Phase, str]] = {
    "listing": "Listing accounts",
    "looking up": "Looking up GovCloud accounts",
    "links": "Looking up account links",
    "sources": "Asking the other sources",
    "saving": "Writing the snapshot",
    "done": "Done",
    "failed": "Ended without a snapshot",
}
"""What each phase is called on a screen."""

ENDED: Final = ("done", "failed")
"""The phases after which a run tells nothing more."""

EACH: Final = 0.1
"""Seconds between two reports."""

_WINDOW = 10.0  # seconds that the rate on the screen looks back on


@dataclass(frozen=True)
class Progress:
    """Where a run is: accounts answered out of those known so far.

    `rate` is answers per second of late, `throttled` calls refused so far, `seconds_left` None
    while it cannot be told, and `outcomes` counts the answers. `source` is the profile.
    """

    phase: Phase
    done: int
    total: int
    rate: float = 0.0
    throttled: int = 0
    seconds_left: float | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    source: str = ""


Report = Callable[[Progress], None]


class Reporter:
    """Tells where a run is, a few times a second at most."""

    def __init__(self, report: Report, source: str) -> None:
        self._report = report
        self._source = source
        self._seen: deque[tuple[float, int]] = deque()
        self._told_at = float("-inf")

    def tell(self, now: float, phase: Phase, tally: Tally, *, every: bool) -> None:
        """Report where the run is; `every` says that the tally's total is known to be the whole."""
        if now - self._told_at < EACH and phase != "done":
            return
        self._told_at = now
        rate = self._rate(now, tally.done)
        self._report(
            Progress(
                phase=phase,
                done=tally.done,
                total=tally.total,
                rate=rate,
                throttled=tally.throttled,
                seconds_left=(tally.total - tally.done) / rate if every and rate > 0 else None,
                outcomes={word: count for word, count in tally.outcomes.items() if count},
                source=self._source,
            )
        )

    def _rate(self, now: float, done: int) -> float:
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _WINDOW:  # noqa: PLR2004 - a line has two ends
            self._seen.popleft()
        since, before = self._seen[0]
        return (done - before) / (now - since) if now > since else 0.0


@contextmanager
def bars(runs: int = 1) -> Iterator[Report]:
    """Give what shows here how far so many runs are: a notebook's bars or a terminal's.

    A pipe gets nothing of one run, and of several a line when each has ended.
    """
    if in_notebook():
        with _notebook_bars(runs) as report:
            yield report
    elif sys.stderr.isatty():
        with _terminal_bars(runs) as report:
            yield report
    else:
        yield _Lines(runs)


class _Lines:
    """Tells a log which of several runs has ended."""

    def __init__(self, runs: int) -> None:
        self._runs = runs
        self._numbers = itertools.count(1)

    def __call__(self, progress: Progress) -> None:
        if self._runs > 1 and progress.phase in ENDED:
            said = f"{printable(progress.source)}: {PHASES[progress.phase]}"
            # In one piece: other runs may end in the same moment.
            sys.stderr.write(f"{said} ({next(self._numbers)} of {self._runs})\n")


def told(progress: Progress) -> str:
    """Say in words what a bar cannot show: rate, throttled calls, time left."""
    parts = [f"{progress.rate:,.1f}/s"]
    if progress.throttled:
        parts.append(f"{progress.throttled:,} throttled")
    if progress.seconds_left:
        parts.append(f"{duration(progress.seconds_left)} left")
    return ", ".join(parts)


@contextmanager
def _terminal_bars(runs: int) -> Iterator[Report]:
    from rich.console import Console  # noqa: PLC0415 - only where a terminal is
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
    )
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
    )
    tasks = {}
    with Bars(*columns, console=Console(stderr=True), transient=True) as shown:
        # Of several, those that have ended make room: not all of them may fit.
        whole = shown.add_task("Ended", total=runs, told="") if runs > 1 else None

        def report(progress: Progress) -> None:
            if progress.source not in tasks:
                tasks[progress.source] = shown.add_task("", total=None, told="")
            task = tasks[progress.source]
            name = f"{printable(progress.source)}: " if runs > 1 else ""
            shown.update(
                task,
                description=escape(name + PHASES[progress.phase]),
                completed=progress.done,
                total=progress.total or None,
                told=told(progress),
            )
            if whole is not None and progress.phase in ENDED:
                shown.update(task, visible=False)
                shown.advance(whole)

        yield report


@contextmanager
def _notebook_bars(runs: int) -> Iterator[Report]:
    opened = {}
    try:

        def report(progress: Progress) -> None:
            if progress.source not in opened:
                opened[progress.source] = notebook_bar(progress.total, "accounts")
            bar = opened[progress.source]
            bar.total = progress.total
            bar.n = progress.done
            name = f"{printable(progress.source)}: " if runs > 1 else ""
            bar.set_description(name + PHASES[progress.phase], refresh=False)
            bar.set_postfix_str(told(progress), refresh=False)
            bar.refresh()

        yield report
    finally:
        for bar in opened.values():
            bar.close()
