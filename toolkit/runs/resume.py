"""Going on with what an earlier run left in the journal, or beginning anew."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import pandas as pd

from toolkit.dispatch import Clock
from toolkit.errors import InputError, StoreError
from toolkit.fetch.accounts import INFORMATION, LIST
from toolkit.fetch.journal import Journal
from toolkit.runs.settings import Scope, Settings
from toolkit.schema import ACCOUNTS, GOVCLOUD, MENDABLE_OUTCOMES
from toolkit.store import Manifest, Store

RESUMED_FOR: Final = timedelta(days=7)
"""How long after it began an unfinished run is gone on with; then a new one begins."""

FRESH_FOR: Final = timedelta(hours=1)
"""How long a list, and whatever else costs little to ask again, is true after it was asked for."""

GO_ON: Final = "Run the same again to go on: what was answered is kept."
"""The hint of every run that stops before its end."""


def resume(
    journal: Journal, scope: Scope, settings: Settings, clock: Clock, taken: set[pd.Timestamp]
) -> pd.Timestamp:
    """Return when the snapshot is taken: now, or when the run began that the journal is of.

    `taken` are the times that snapshots of this scope have. A run that paused for no longer than
    `FRESH_FOR` goes on as if it had not. After a longer pause its answers about pairs are kept,
    each with its own time, and all else is asked again, now. A finished run is gone on with only
    where look-ups failed, while it is fresh, and reads its list again: who was closed since is
    seen. Raises InputError where an unfinished run was begun with other settings.
    """
    now = pd.Timestamp(clock.now()).floor("s")
    begun = journal.noted("begun")
    if begun is None or not _is_of_use(journal, scope, settings, now):
        journal.clear()
        return _begin(journal, scope, settings, now, taken)
    if _pause(journal, now) > FRESH_FOR:
        journal.keep_only(GOVCLOUD)
        return _begin(journal, scope, settings, now, taken, begun=begun)
    # What failed, and another try could mend, is asked again.
    journal.forget_asked(MENDABLE_OUTCOMES)
    if journal.noted("finished"):
        journal.forget_list(ACCOUNTS, LIST, INFORMATION)
        journal.note(finished=False, saved=True)
    return _moment(journal, "taken", "begun")


def is_saved(journal: Journal, store: Store, snapshot_id: str) -> bool:
    """Say whether the store's snapshot of that id is the one that the run of this journal saved.

    Another machine may have taken its own in the same second. A run that was killed while it saved
    could not note that it had; then the manifest tells, which it had noted before.
    """
    if journal.noted("saved"):
        return True
    with suppress(StoreError, TypeError, ValueError):
        return store.manifest(snapshot_id) == Manifest.from_json(journal.noted("saving"))
    return False


def alive(clock: Clock) -> str:
    """Return the note by which a later run knows how long this one has not been at work."""
    return clock.now().isoformat()


def _is_of_use(journal: Journal, scope: Scope, settings: Settings, now: pd.Timestamp) -> bool:
    """Say whether the run of this journal is to be gone on with."""
    same = journal.noted("settings") == _noted(scope, settings)
    if journal.noted("finished"):
        return same and _pause(journal, now) <= FRESH_FOR
    began = _moment(journal, "begun")
    if abs(now - began) >= RESUMED_FOR:
        return False
    if not same:
        raise InputError(
            f"The run of {began:%Y-%m-%d %H:%M} UTC has not ended, and was begun with other"
            f" {_different(journal, scope, settings)}.",
            "Run it to its end as it was begun, or start over with --fresh.",
        )
    return True


def _pause(journal: Journal, now: pd.Timestamp) -> timedelta:
    """Return how long nobody worked at the run; a clock may have been set back since."""
    return abs(now - _moment(journal, "alive", "begun")).to_pytimedelta()


def _moment(journal: Journal, *names: str) -> pd.Timestamp:
    """Return the first of these times that the journal has; raises StoreError where it is none."""
    noted = next(filter(None, map(journal.noted, names)), None)
    try:
        return pd.Timestamp(datetime.fromisoformat(str(noted)))
    except (TypeError, ValueError):
        raise StoreError(
            f"The journal {journal} cannot be used: it does not say when its run began.",
            "Begin anew with --fresh, which forgets its answers.",
        ) from None


def _begin(
    journal: Journal,
    scope: Scope,
    settings: Settings,
    now: pd.Timestamp,
    taken: set[pd.Timestamp],
    *,
    begun: str | None = None,
) -> pd.Timestamp:
    while now in taken:
        now += pd.Timedelta(seconds=1)
    journal.note(
        begun=begun or now.isoformat(),
        taken=now.isoformat(),
        alive=now.isoformat(),
        settings=_noted(scope, settings),
        finished=False,
        saved=False,
        saving=None,
        claim=uuid4().hex,
    )
    journal.commit()
    return now


def _noted(scope: Scope, settings: Settings) -> dict[str, object]:
    return settings.noted() | {"caller": "organization" if scope.listed else "own account"}


def _different(journal: Journal, scope: Scope, settings: Settings) -> str:
    before = journal.noted("settings") or {}
    now = _noted(scope, settings)
    return " and ".join(name for name in now if before.get(name) != now[name])
