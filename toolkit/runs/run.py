"""One run over one organization: from a caller and a store to a snapshot."""

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.dispatch.pacing import Learned, Pacer
from toolkit.errors import RunStoppedError, ToolkitError
from toolkit.fetch import fetch_caller
from toolkit.fetch.accounts import LIST, Listing, OwnStates
from toolkit.fetch.govcloud import GOVCLOUD, Lookups
from toolkit.fetch.journal import Journal
from toolkit.fetch.links import Links, region_outcomes, role_outcomes
from toolkit.fetch.rows import Row
from toolkit.runs.progress import Phase, Report, Reporter, bars
from toolkit.runs.resume import GO_ON, resume
from toolkit.runs.reuse import Earlier
from toolkit.runs.settings import LinkRegions, Settings, scope, settle
from toolkit.schema import MENDABLE_OUTCOMES
from toolkit.store import Manifest, Snapshot, list_snapshots, save_snapshot

_NOTE_EACH: Final = 2.0  # seconds between two notes of the pace and the effort
_WAITING_FOR_EACH: Final = 8  # accounts waiting for each in flight, as long as the list grows
_LEAST_AT_ONCE: Final = 2


def collect(
    aws: Aws,
    store: str | os.PathLike[str] = "snapshots",
    *,
    rate: float | None = None,
    accounts: Iterable[str] | None = None,
    link_regions: LinkRegions = "all",
    role_name: str | None = None,
    max_age: timedelta | None = None,
    fresh: bool = False,
    progress: Report | Literal["auto"] | None = "auto",
    stop: threading.Event | None = None,
    clock: Clock | None = None,
) -> Snapshot:
    """Ask about every account of the caller's organization; save and return the snapshot.

    A run that was stopped goes on where it was; one that left failed look-ups asks only for those.
    `rate` is the known quota in calls per second, found out when not given. `accounts` are the only
    ids to ask about. `link_regions` are where to look for account links: "all" with WorkSpaces,
    "none", or a list; with `role_name` each member account is asked through that role, too.
    Answers younger than `max_age` in the newest snapshot are used again. `fresh` starts over and
    uses nothing earlier. `progress` gets a Progress a few times a second; "auto" shows a bar.
    `stop`, once set, ends the run in order, as Ctrl-C does.

    Raises CredentialsError, AccessDeniedError and the like where nothing could be asked,
    RunStoppedError where a run ended before its end, StoreBusyError where another one is writing
    to the same store, InputError where an argument cannot be right. Operations, permissions and
    reference pages: see `fetch_accounts`, `fetch_govcloud` and `fetch_links`.
    """
    settings = settle(
        accounts=accounts,
        regions=link_regions,
        role_name=role_name,
        rate=rate,
        max_age=max_age,
        fresh=fresh,
    )
    list_snapshots(store)  # a store that cannot be one is said before anything is asked
    stop = stop or threading.Event()
    caller = fetch_caller(aws)
    with ExitStack() as stack:
        stack.enter_context(stopping_on_interrupt(stop))
        report = stack.enter_context(bars()) if progress == "auto" else progress
        run = Run(aws, caller, Path(store), settings, stop=stop, clock=clock or Clock())
        stack.callback(run.close)
        return run.run(report or (lambda _: None))


class Run:
    """One run in one process: what it asks, and what it makes of the answers."""

    def __init__(
        self,
        aws: Aws,
        caller: Caller,
        store: Path,
        settings: Settings,
        *,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        self._aws = aws
        self._caller = caller
        self._store = store
        self._settings = settings
        self._clock = clock
        self._scope = scope(caller, settings)
        organization = self._scope.organization_id
        self._journal = Journal(store / "journal", organization, fresh=settings.fresh)
        try:
            known = set(list_snapshots(store, organization=organization)["taken"])
            self._taken = resume(self._journal, self._scope, settings, clock, known)
            self._earlier = Earlier(store, organization, self._taken, settings.max_age)
        except BaseException:
            self.close()
            raise
        self._dispatcher = Dispatcher(clock, after=self._after, stop=stop)
        self._dispatcher.lane(LIST)
        self._lane = self._dispatcher.lane(
            GOVCLOUD, Pacer(known_rate=settings.rate, learned=self._learned())
        )
        self._links = Links(
            aws,
            caller,
            self._dispatcher,
            self._journal,
            clock,
            regions=settings.regions,
            role_name=settings.role_name,
        )
        self._lookups = Lookups(
            aws, caller, self._dispatcher, self._journal, clock, told=self._told
        )
        self._listing: Listing | None = None
        self._total = 0
        self._saved = int(self._journal.noted("calls_saved") or 0)
        self._effort = self._journal.noted("effort") or {"calls": 0, "throttled": 0, "seconds": 0.0}
        self._started = self._noted_at = clock.monotonic()
        self._reporter = Reporter(lambda _: None, "", {})

    def close(self) -> None:
        """Let go of the journal, for the next run."""
        self._journal.close()

    def run(self, report: Report) -> Snapshot:
        """Ask what is left to ask, and save what there is then."""
        answered = {
            account_id: outcome
            for account_id, outcome in self._journal.answered().items()
            if outcome not in MENDABLE_OUTCOMES
        }
        source = self._aws.profile or self._scope.organization_id
        self._reporter = Reporter(report, source, answered)
        try:
            self._begin(answered)
            self._dispatcher.run()
        except ToolkitError as error:
            raise self._stopped(error) from error
        self._note()
        return self._finish()

    def _begin(self, answered: dict[str, str]) -> None:
        self._links.begin()
        states = self._journal.standard_states()
        self._links.found(states)
        self._total = len(states)
        for account_id, state in states.items():
            if account_id not in answered:
                self._ask(account_id, state)
        chosen = [a for a in self._scope.chosen or () if a not in states]
        if self._scope.listed:
            self._listing = Listing(
                self._aws,
                self._dispatcher,
                self._journal,
                found=self._found,
                wanted=self._scope.chosen,
            )
            self._listing.begin()
        else:
            own = OwnStates(self._aws, self._caller.account_id, self._dispatcher, self._journal)
            for account_id in self._scope.chosen or ():
                own.ask(account_id)
        # Accounts that were named are asked about even where the list does not have them.
        for account_id in chosen:
            self._journal.save_account({"account_id": account_id})
        self._found_ids(dict.fromkeys(chosen))
        if not self._scope.listed:
            self._links.finish()

    def _found(self, rows: list[Row]) -> None:
        """Take in a page of the list."""
        known = self._scope.chosen is not None
        if not known:
            self._found_ids({row["account_id"]: row["standard_state"] for row in rows})
        if self._listing and self._listing.done:
            self._links.finish()

    def _found_ids(self, states: dict[str, str | None]) -> None:
        self._total += len(states)
        self._links.found(states)
        for account_id, state in states.items():
            self._ask(account_id, state)

    def _ask(self, account_id: str, standard_state: str | None) -> None:
        row = None
        if not self._settings.fresh:
            row = self._earlier.row(account_id, standard_state)
        if row is None:
            self._lookups.ask(account_id)
        else:
            self._saved += 1
            self._journal.save_govcloud(row)
            self._told(row)

    def _told(self, row: Row) -> None:
        self._reporter.count(row["account_id"], row["outcome"])

    def _after(self) -> None:
        """Put the answers on disk, then tell of them: what is shown as done cannot be lost."""
        now = self._clock.monotonic()
        if now - self._noted_at >= _NOTE_EACH:
            self._note()
        self._journal.commit()
        # The list leads: look-ups that crowd it out would soon have nothing left to look up.
        crowd = max(_LEAST_AT_ONCE, len(self._lane.waiting) // _WAITING_FOR_EACH)
        self._lane.width = crowd if self._listing_on else None
        self._tell(now, self._phase())

    def _tell(self, now: float, phase: Phase) -> None:
        self._reporter.tell(
            now, phase, self._total, self._lane.throttled, every=not self._listing_on
        )

    @property
    def _listing_on(self) -> bool:
        return self._listing is not None and not self._listing.done

    def _phase(self) -> Phase:
        if self._lane.in_flight or self._lane.waiting or self._lane.delayed:
            return "looking up"
        return "listing" if self._listing_on else "links"

    def _learned(self) -> Learned | None:
        """Return the rate to begin with: this run's so far, or the newest snapshot's."""
        noted = self._journal.noted("learned")
        if noted:
            return Learned(**noted)
        newest = self._earlier.newest
        if newest is None or newest.manifest.rate is None or self._settings.fresh:
            return None
        if newest.manifest.caller_account_id != self._caller.account_id:
            return None  # quotas are counted by the account that asks
        return Learned(newest.manifest.rate, newest.manifest.rate_clusters)

    def _spent(self) -> dict[str, Any]:
        """Return what the run has cost so far, in all its parts."""
        lanes = self._dispatcher.lanes.values()
        return {
            "calls": self._effort["calls"] + sum(lane.calls for lane in lanes),
            "throttled": self._effort["throttled"] + sum(lane.throttled for lane in lanes),
            "seconds": self._effort["seconds"] + self._clock.monotonic() - self._started,
        }

    def _note(self) -> None:
        self._noted_at = self._clock.monotonic()
        learned = self._lane.pacer.learned or self._learned()
        self._journal.note(
            effort=self._spent(),
            calls_saved=self._saved,
            learned={"rate": learned.rate, "clusters": learned.clusters} if learned else None,
        )
        self._journal.commit()

    def _stopped(self, error: ToolkitError) -> ToolkitError:
        """Return the error that ends the run, with what was reached and how to go on."""
        if not self._total:
            self._journal.delete()
            return error
        self._note()
        return RunStoppedError(
            f"{error.message} {self._reporter.done:,} of {self._total:,} accounts"
            f"{' found so far' if self._listing_on else ''} are answered and kept.",
            f"{error.hint} {GO_ON}".strip(),
        )

    def _finish(self) -> Snapshot:
        self._tell(self._clock.monotonic(), "saving")
        journal, spent, learned = self._journal, self._spent(), self._learned()
        accounts, govcloud, links = journal.accounts(), journal.govcloud(), journal.links()
        outcomes = {
            str(word): int(n) for word, n in govcloud["outcome"].value_counts().items() if n
        }
        regions = region_outcomes(journal, self._settings.regions)
        roles = role_outcomes(journal)
        manifest = Manifest(
            organization_id=self._scope.organization_id,
            taken=self._taken,
            finished=pd.Timestamp(self._clock.now()),
            caller_account_id=self._caller.account_id,
            caller_kind=self._caller.kind.value,
            complete=self._scope.complete,
            outcomes=outcomes,
            regions=regions,
            roles=roles,
            accounts=len(accounts),
            links=len(links),
            calls=spent["calls"],
            calls_saved=self._saved,
            throttled=spent["throttled"],
            seconds=spent["seconds"],
            rate=learned.rate if learned else None,
            rate_clusters=learned.clusters if learned else 0,
            endpoint_url=self._aws.endpoint_url,
        )
        snapshot = Snapshot(accounts, govcloud, links, manifest)
        save_snapshot(snapshot, self._store)
        ended = [*outcomes, *(row["outcome"] for row in (*regions.values(), *roles.values()))]
        if any(outcome in MENDABLE_OUTCOMES for outcome in ended):
            # The same call again then asks only for what failed, and completes this snapshot.
            journal.note(finished=True)
            journal.commit()
        else:
            journal.delete()
        self._tell(self._clock.monotonic(), "done")
        return snapshot


@contextmanager
def stopping_on_interrupt(stop: threading.Event) -> Iterator[None]:
    """Make the first Ctrl-C set `stop`; the second interrupts as usual.

    Only the main thread is interrupted, so only there is there anything to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def interrupted(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
