"""The demo organization: a made-up company, asked over HTTP as a real one would be.

    from toolkit import demo

    aws = demo.connect()     # the way to it, as tk.connect(profile=…) is to one's own
    store = demo.store()     # or its snapshots of the last ten weeks, made when first wanted

Nothing here leaves this machine, and no credentials are read. The app shows the same store.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from toolkit.aws import Aws, connect_local
from toolkit.emulator import REFERENCE_DAY, Emulator, Switches, make_organization, told_on
from toolkit.installation import data_folder
from toolkit.runs import Clock, collect
from toolkit.runs.notebook import notebook_bar
from toolkit.schema import STORED
from toolkit.store import Store
from toolkit.store.folder import private_folder, put

ACCOUNTS: Final = 300
SEED: Final = 7
WEEKS: Final = 10
FOLDER: Final = data_folder() / "demo"
"""Where its snapshots are kept, unless ACCOUNT_PAIRS_DEMO names another folder."""

REGIONS: Final = ("eu-west-1", "us-east-1", "us-west-2")
"""Where it is asked about account links."""

SOURCES: Final = "default,spend"
"""What it is asked beside the pairs; its bills cost nothing to ask for."""

_CLOSED_REGION: Final = "eu-west-1"
_DENIED: Final = (33, 42, 52)
"""Places of accounts about which the demo's caller may not ask, so that its unknown is not empty.

They were created as pairs, so nobody else's GovCloud account can be theirs.
"""

_HOUR: Final = 3
_RATE: Final = 2_000.0
"""Calls a second; the emulator has no quota to be found."""
_PLAN: Final = "demo.json"
_LATEST: Final = "witness"
"""The source that the demo was last enlarged by: a day without it is of an older version."""

Told = Callable[[date, float], None]
"""Receives the day that is being collected, and the share of all days that is done."""


def connect() -> Aws:
    """Return the way to the demo organization as it is today.

    It is answered by an emulator inside this process, which lives as long as the process does.
    """
    return connect_local(_running().url)


def connect_govcloud(url: str | None = None) -> Aws:
    """Return the way to the demo's GovCloud organization, whose own list is the witness.

    `url` is where it is answered, inside this process unless given.
    """
    return connect_local(url or _running().url, "govcloud", region="us-gov-west-1")


def folder() -> Path:
    """Return the folder of the demo's snapshots, which need not be there yet."""
    return Path(os.environ.get("ACCOUNT_PAIRS_DEMO") or FOLDER)


def store() -> Path:
    """Return the folder of the demo's weekly snapshots; makes what it lacks, about a second each.

    Raises StoreError where the folder cannot be written to.
    """
    made = folder()
    if not is_complete(made):
        with notebook_bar(WEEKS, "weeks", "Making the demo organization") as bar:
            make(made, today=datetime.now(UTC).date(), told=lambda _, done: _show(bar, done))
    return made


def is_complete(folder: Path) -> bool:
    """Whether every day of the demo is there, as this version tells it."""
    plan = _plan(folder)
    return bool(plan) and not _missing(folder, plan) and not _is_outdated(folder)


def make(
    folder: Path,
    *,
    today: date,
    told: Told = lambda _day, _done: None,
    stop: threading.Event | None = None,
) -> None:
    """Collect every day of the demo that the folder lacks, the last one being yesterday.

    Raises whatever stops it, RunStoppedError once `stop` is set; days already collected stay, and
    the next call goes on from there.
    """
    private_folder(folder)
    # Two that begin at once share the folder: the second waits, then finds everything done.
    with FileLock(folder / ".making.lock"):
        if _is_outdated(folder):
            _remove(folder)
        plan = _plan(folder) or _new_plan(folder, today)
        missing = _missing(folder, plan)
        # One connection for all days: to make one costs as much as to ask for a day.
        with emulator(REFERENCE_DAY) as answering:
            aws, govcloud = connect_local(answering.url), connect_govcloud(answering.url)
            for number, taken in enumerate(missing):
                told(taken.date(), 1 - (len(missing) - number) / len(plan))
                # The newest shows the organization on the story's own day.
                _turn(answering, emulator(REFERENCE_DAY - (max(plan) - taken), taken.date()))
                collect(
                    aws,
                    folder,
                    rate=_RATE,
                    link_regions=REGIONS,
                    govcloud=govcloud,
                    sources=SOURCES,
                    progress=None,
                    stop=stop,
                    clock=Clock(taken),
                )
            aws.close()
            govcloud.close()
        told(max(plan).date(), 1.0)


def day_of(folder: Path, taken: datetime) -> date:
    """Return the day in the demo's story that a snapshot of the folder taken then shows."""
    plan = _plan(folder)
    return REFERENCE_DAY if not plan else REFERENCE_DAY - (max(plan).date() - taken.date())


def emulator(day: date, told: date | None = None) -> Emulator:
    """Return what answers for the demo organization as it is on that day; not yet started.

    `told` is the day of the calendar that it is taken to be, the same unless given.
    """
    organization = told_on(make_organization(ACCOUNTS, SEED, day), told or day)
    denied = {organization.accounts[place].account_id for place in _DENIED}
    switches = Switches(denied_accounts=denied, disabled_regions=[_CLOSED_REGION])
    return Emulator(organization, switches)


def _turn(answering: Emulator, day: Emulator) -> None:
    """Let one that answers tell what the one of another day would."""
    answering.organization = day.organization
    answering.change(denied_accounts=day.switches.denied_accounts)


@cache
def _running() -> Emulator:
    return emulator(REFERENCE_DAY, datetime.now(UTC).date()).start()


def _show(bar: Any, done: float) -> None:
    bar.update(round(done * WEEKS) - bar.n)


def _plan(folder: Path) -> list[datetime]:
    """Return the days that the demo was begun with, none where it was not begun."""
    try:
        return [
            datetime.fromisoformat(text)
            for text in json.loads((folder / _PLAN).read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, TypeError, RecursionError):  # damaged: as if not begun
        return []


def _new_plan(folder: Path, today: date) -> list[datetime]:
    last = datetime(today.year, today.month, today.day, _HOUR, tzinfo=UTC) - timedelta(days=1)
    plan = [last - timedelta(weeks=weeks) for weeks in reversed(range(WEEKS))]
    beside = folder / f".{_PLAN}.new"
    beside.write_text(json.dumps([taken.isoformat() for taken in plan]), encoding="utf-8")
    put(beside, folder / _PLAN)
    return plan


def _is_outdated(folder: Path) -> bool:
    """Whether a day was made by a version that knew less of the organization."""
    manifests = Store(folder).listing().manifests
    return any(_LATEST not in manifest.sources for manifest in manifests)


def _remove(folder: Path) -> None:
    """Remove the demo, and nothing else that may lie beside it."""
    for name in ("runs", "kept", *STORED):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / _PLAN).unlink(missing_ok=True)


def _missing(folder: Path, plan: Sequence[datetime]) -> list[datetime]:
    # One whose manifest is damaged is made again, a second later.
    there = {manifest.taken.date() for manifest in Store(folder).listing().manifests}
    return [taken for taken in plan if taken.date() not in there]
