"""Collections in the background: one a store in this process, whoever looks at it.

A run belongs to the process and not to a page or a tab: it goes on when they are left, every tab
sees the same one, and what it was answered is in the store's journal at any moment. Collectors of
other processes are kept off by that journal's own lock. At the end of the app it is stopped as its
button would stop it, so the next one goes on with it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from functools import partial
from typing import Protocol

import streamlit as st

from toolkit.app import ending
from toolkit.errors import RunStoppedError, ToolkitError
from toolkit.runs import Progress
from toolkit.store import Manifest, Snapshot, Store


class Work(Protocol):
    """What a run does: collect, tell its progress, end in order once the event is set."""

    def __call__(
        self, progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool
    ) -> Snapshot:
        """Collect; `fresh` forgets what an unfinished run left."""
        ...


class Status(Enum):
    """Where a run is: under way, ending in order, or ended in one of three ways."""

    RUNNING = auto()
    STOPPING = auto()
    FINISHED = auto()
    STOPPED = auto()
    FAILED = auto()


@dataclass
class Run:
    """One collection: what it does, and what its thread has told so far."""

    store: Store
    whose: str
    work: Work
    began: datetime
    fresh: bool = False
    progress: Progress | None = None
    manifest: Manifest | None = None
    """What is true of the snapshot that it left."""
    error: BaseException | None = None
    asked_to_stop: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def status(self) -> Status:
        """Where it is now."""
        if not self.ended.is_set():
            return Status.STOPPING if self.asked_to_stop.is_set() else Status.RUNNING
        if self.manifest is not None:
            return Status.FINISHED
        return Status.STOPPED if isinstance(self.error, RunStoppedError) else Status.FAILED

    @property
    def is_under_way(self) -> bool:
        """Whether its thread still works."""
        return not self.ended.is_set()

    def tell(self, progress: Progress) -> None:
        """Take in how far it is."""
        self.progress = progress

    def stop(self) -> None:
        """Ask it to end in order: what is in flight is still received and kept."""
        self.asked_to_stop.set()


@dataclass(frozen=True)
class _Registry:
    """The process's runs by store, the last one of each, and the lock that guards them."""

    runs: dict[Store, Run] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def start(store: Store, whose: str, work: Work, *, fresh: bool = False) -> None:
    """Begin a collection into the store, unless one is under way there."""
    registry = _registry()
    with registry.lock:
        known = registry.runs.get(store)
        if known and known.is_under_way:
            return
        run = Run(store, whose, work, datetime.now(UTC), fresh)
        registry.runs[store] = run
        ending.in_background("collection", partial(_run, run), run.stop)


def resume(run: Run) -> None:
    """Go on with a collection that ended before its time; only what is missing is asked."""
    start(run.store, run.whose, run.work)


def find(store: Store) -> Run | None:
    """Return the store's run that is under way, or the last one that ended and was not put away."""
    return _registry().runs.get(store)


def put_away(store: Store) -> None:
    """Forget the store's run once it has ended."""
    registry = _registry()
    with registry.lock:
        run = registry.runs.get(store)
        if run and not run.is_under_way:
            del registry.runs[store]


def _run(run: Run) -> None:
    try:
        run.manifest = run.work(run.tell, run.asked_to_stop, fresh=run.fresh).manifest
    except ToolkitError as error:
        run.error = error
    except BaseException as error:  # noqa: BLE001 - kept, and raised where a page shows the run
        run.error = error
    finally:
        run.ended.set()


@st.cache_resource(show_spinner=False)
def _registry() -> _Registry:
    return _Registry()
