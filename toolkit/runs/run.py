"""One run over one organization: from a caller and a store to a snapshot."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final, Literal

import pandas as pd

from toolkit.aws import Aws, Caller, check_organization
from toolkit.dispatch import Clock, Learned
from toolkit.errors import (
    AwsError,
    InputError,
    NotEnabledError,
    RunStoppedError,
    SnapshotExistsError,
    StoreError,
    TimedOutError,
    ToolkitError,
)
from toolkit.fetch import SOURCES, ask_first, fetch_caller
from toolkit.fetch.desk import Desk
from toolkit.fetch.journal import Journal
from toolkit.fetch.source import Phase, Tally, Wanted
from toolkit.runs.progress import Report, Reporter, bars
from toolkit.runs.resume import GO_ON, alive, is_saved, resume
from toolkit.runs.reuse import Earlier, known_closures
from toolkit.runs.settings import LinkRegions, Settings, Sources, scope, settle
from toolkit.schema import CLOSURES
from toolkit.store import Address, Manifest, Snapshot, Store, keys

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last one is Windows' Ctrl-Break
_SECONDS: Final = 60  # how much later than it was a snapshot may be said to be taken
_MOMENT: Final = 0.25  # s between two looks whether a save is to stop
_PATIENCE: Final = 1.5  # s in which a save that is to stop may still end by itself
_NOTE_EACH: Final = 2.0  # seconds between two notes of the pace and the effort


def collect(
    aws: Aws,
    store: Address = "snapshots",
    *,
    rate: float | None = None,
    accounts: Iterable[str] | None = None,
    link_regions: LinkRegions = "all",
    role_name: str | None = None,
    govcloud: Aws | None = None,
    sources: Sources = None,
    max_age: timedelta | None = None,
    fresh: bool = False,
    progress: Report | Literal["auto"] | None = "auto",
    stop: threading.Event | None = None,
    clock: Clock | None = None,
    begin: Callable[[str], None] = lambda _organization: None,
) -> Snapshot:
    """Ask about every account of the caller's organization; save and return the snapshot.

    A run that was stopped goes on where it was; one that left failed look-ups asks only for those.
    `rate` is the known quota in calls per second, found out when not given. `accounts` are the only
    ids to ask about. `link_regions` are where to look for account links: "all" with WorkSpaces,
    "none", or a list; with `role_name` each member account is asked through that role, too.
    `govcloud` is the way to the GovCloud organization, whose own list then is a witness.
    `sources` names what is asked beside the accounts and their pairs: links, witness, created,
    closures, tags, spend (for which AWS charges $0.01 a request), contacts; "default" is all but
    the last two, "all" and "none" are what they say. One that fails is an outcome of its own.
    Answers younger than `max_age` in the newest snapshot are used again. `fresh` starts over and
    uses nothing earlier. `progress` gets a Progress a few times a second; "auto" shows a bar.
    `stop`, once set, ends the run in order, as Ctrl-C does. `begin` is told of which organization
    the snapshot will be as soon as that is known, and may raise what ends the run.

    Raises CredentialsError, AccessDeniedError and the like where nothing could be asked,
    RunStoppedError where a run ended before its end, StoreBusyError where another one is writing
    to the same store, InputError where an argument cannot be right. Operations, permissions and
    reference pages: see `fetch_accounts`, `fetch_govcloud` and `fetch_links`.
    """
    if not isinstance(aws, Aws):
        raise InputError(f"A {type(aws).__name__} is no way to AWS.", "Pass what connect gave.")
    if not isinstance(govcloud, Aws | None):
        raise InputError(
            f"A {type(govcloud).__name__} is no way to GovCloud.", "Pass what connect gave."
        )
    settings = settle(
        accounts=accounts,
        regions=link_regions,
        role_name=role_name,
        sources=sources,
        with_witness=govcloud is not None,
        rate=rate,
        max_age=max_age,
        fresh=fresh,
    )
    # One that cannot be is said before anything is asked.
    kept = Store.at(store, profile=aws.profile)
    stop = stop or threading.Event()
    clock = clock or Clock()
    with ExitStack() as stack:
        stack.enter_context(stopping_on_signal(stop))
        if govcloud is not None:
            govcloud = govcloud.in_govcloud()
            with suppress(AwsError):  # one that cannot be asked is left to the witness to tell
                ask_first(govcloud.witness, clock, stop)
        caller = fetch_caller(aws, clock, stop)
        begin(scope(caller, settings).organization_id)
        with suppress(TimedOutError):  # what gets no answer is left for the look-ups to find out
            ask_first(lambda: check_organization(aws, caller), clock, stop)
        report = stack.enter_context(bars()) if progress == "auto" else progress
        run = Run(
            aws,
            caller,
            kept,
            settings,
            govcloud=govcloud,
            report=report or (lambda _: None),
            stop=stop,
            clock=clock,
        )
        stack.callback(run.close)
        return run.run()


class Run:
    """One run in one process: the sources it asks, and what it makes of their answers."""

    def __init__(
        self,
        aws: Aws,
        caller: Caller,
        store: Store,
        settings: Settings,
        *,
        govcloud: Aws | None = None,
        report: Report,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        self._aws = aws
        self._caller = caller
        self._store = store
        self._clock = clock
        self._stop = stop
        self._scope = scope(caller, settings)
        organization = self._scope.organization_id
        self._journal = Journal(store.journal, organization, fresh=settings.fresh)
        try:
            taken = store.taken(organization)
            self._taken = resume(self._journal, self._scope, settings, clock, taken)
            own_id = keys.snapshot_id(organization, self._taken)
            self._completes = self._taken in taken and is_saved(self._journal, store, own_id)
            store.check()
            earlier = Earlier(store, organization, self._taken, settings.max_age)
        except BaseException:
            self.close()
            raise
        self._desk = Desk(aws, caller, self._journal, clock, after=self._after, stop=stop)
        wanted = Wanted(
            chosen=self._scope.chosen,
            listed=self._scope.listed,
            regions=settings.regions,
            role_name=settings.role_name,
            sources=settings.sources,
            govcloud=govcloud,
            closures=known_closures(store, organization, self._taken)
            if CLOSURES.file in settings.sources
            else {},
            rate=settings.rate,
        )
        if not settings.fresh:
            wanted = replace(wanted, earlier=earlier.row, learned=_learned(earlier.newest, caller))
        self._sources = [one(self._desk, wanted) for one in SOURCES if one.is_wanted(wanted)]
        self._effort = self._journal.noted("effort") or {"calls": 0, "throttled": 0, "seconds": 0.0}
        self._started = self._noted_at = clock.monotonic()
        self._kept = 0
        self._reporter = Reporter(report, aws.profile or organization)

    def close(self) -> None:
        """Let go of the journal, for the next run."""
        self._journal.close()

    def run(self) -> Snapshot:
        """Ask what is left to ask, and save what there is then."""
        try:
            self._desk.run(self._sources)
        except ToolkitError as error:
            raise self._stopped(error) from error
        self._note()
        return self._finish()

    def _after(self) -> None:
        """Put the answers on disk, then tell of them: what is shown as done cannot be lost."""
        now = self._clock.monotonic()
        if now - self._noted_at >= _NOTE_EACH:
            self._note()
        self._commit()
        self._tell(self._phase())

    def _commit(self) -> None:
        self._journal.commit()
        self._kept = self._tally().done

    def _tell(self, phase: Phase) -> None:
        now = self._clock.monotonic()
        self._reporter.tell(now, phase, self._tally(), every=not self._is_listing)

    def _tally(self) -> Tally:
        return next(source.tally for source in self._sources if source.tally)

    @property
    def _is_listing(self) -> bool:
        return self._sources[0].is_open

    def _phase(self) -> Phase:
        """Say what is going on: what is counted before what is not."""
        counted_first = sorted(self._sources, key=lambda source: source.tally is None)
        return next(source.phase for source in counted_first if source.is_open)

    def _spent(self) -> dict[str, Any]:
        """Return what the run has cost so far, in all its parts."""
        lanes = self._desk.dispatcher.lanes.values()
        return {
            "calls": self._effort["calls"] + sum(lane.calls for lane in lanes),
            "throttled": self._effort["throttled"] + sum(lane.throttled for lane in lanes),
            "seconds": self._effort["seconds"] + self._clock.monotonic() - self._started,
        }

    def _note(self) -> None:
        self._noted_at = self._clock.monotonic()
        self._journal.note(effort=self._spent(), alive=alive(self._clock))
        for source in self._sources:
            self._journal.note(**source.notes())
        self._commit()

    def _stopped(self, error: ToolkitError) -> ToolkitError:
        """Return the error that ends the run, with what was reached and how to go on."""
        tally = self._tally()
        if not tally.total or isinstance(error, NotEnabledError):
            self._journal.delete()
            return error
        with suppress(StoreError):  # what is not on disk then is not said to be kept
            self._note()
        return RunStoppedError(
            f"{error.message} {self._kept:,} of {tally.total:,} accounts"
            f"{' found so far' if self._is_listing else ''} are answered and kept.",
            f"{error.hint} {GO_ON}".strip(),
        )

    def _finish(self) -> Snapshot:
        self._tell("saving")
        tables, sources = {}, {}
        facts: dict[str, Any] = {}
        for source in self._sources:
            rows = tables[source.name] = self._journal.read(source.table)
            ended = source.ended(rows)
            if ended is not None:
                sources[source.name] = {
                    "outcome": ended.outcome.value,
                    "detail": ended.detail,
                    "rows": len(rows),
                }
                facts.update(ended.facts)
        manifest = Manifest(
            organization_id=self._scope.organization_id,
            taken=self._taken,
            finished=pd.Timestamp(self._clock.now()),
            caller_account_id=self._caller.account_id,
            caller_kind=self._caller.kind.value,
            complete=self._scope.complete,
            completed=self._completes,
            endpoint_url=self._aws.endpoint_url,
            sources=sources,
            **self._spent(),
            **facts,
        )
        snapshot = self._save(tables, manifest)
        if any(source.is_mendable for source in self._sources):
            # The same call again then asks only for what failed, and completes this snapshot.
            self._journal.note(finished=True, saved=True)
            self._journal.commit()
        else:
            self._journal.delete()
        self._tell("done")
        return snapshot

    def _save(self, tables: Mapping[str, pd.DataFrame], manifest: Manifest) -> Snapshot:
        """Save what was found; in the next second that is free where another run has this one."""
        for _ in range(_SECONDS):
            manifest = replace(manifest, finished=max(manifest.finished, manifest.taken))
            snapshot = Snapshot(tables, manifest)
            saving = snapshot.counted().to_json()
            self._journal.note(taken=manifest.taken.isoformat(), saving=saving)
            self._journal.commit()
            claim = self._journal.noted("claim")
            save = partial(self._store.save, snapshot, again=self._completes, claim=claim)
            try:
                return _unless_stopped(save, self._stop)
            except SnapshotExistsError as error:
                refused = error
                manifest = replace(manifest, taken=manifest.taken + timedelta(seconds=1))
        raise refused


def _unless_stopped(save: Callable[[], Snapshot], stop: threading.Event) -> Snapshot:
    """Return what saving gives; raises RunStoppedError once `stop` is set and it takes long.

    A bucket that does not answer is waited for by a thread that dies with the process. What it
    still writes then is a whole snapshot or none, which the next run finds out.
    """
    ended: list[Snapshot | BaseException] = []

    def work() -> None:
        try:
            ended.append(save())
        except BaseException as error:  # noqa: BLE001 - a boundary: raised again below
            ended.append(error)

    thread = threading.Thread(target=work, name="toolkit-saving", daemon=True)
    thread.start()
    while thread.is_alive() and not stop.is_set():
        thread.join(_MOMENT)
    thread.join(_PATIENCE)
    if not ended:
        raise RunStoppedError("Stopped while the snapshot was being saved.", GO_ON)
    (result,) = ended
    if isinstance(result, BaseException):
        raise result
    return result


def _learned(newest: Snapshot | None, caller: Caller) -> Learned | None:
    """Return the rate that the newest snapshot found; quotas are counted by who asks."""
    if newest is None or newest.manifest.rate is None:
        return None
    if newest.manifest.caller_account_id != caller.account_id:
        return None
    return Learned(newest.manifest.rate, newest.manifest.rate_clusters)


@contextmanager
def stopping_on_signal(stop: threading.Event) -> Iterator[None]:
    """Make the first Ctrl-C, or request to end, set `stop`; the second works as usual.

    Only the main thread hears of signals, so only there is there anything to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in known}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def ending(*_: object) -> None:
        stop.set()
        restore()

    for number in known:
        signal.signal(number, ending)
    try:
        yield
    finally:
        restore()
