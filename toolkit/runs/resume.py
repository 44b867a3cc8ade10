"""Going on with what an earlier run left in the journal, or beginning anew."""

from datetime import timedelta
from typing import Final

import pandas as pd

from toolkit.dispatch import Clock
from toolkit.errors import InputError
from toolkit.fetch.journal import Journal
from toolkit.runs.settings import Scope, Settings
from toolkit.schema import MENDABLE_OUTCOMES

RESUMED_FOR: Final = timedelta(days=7)
"""How long after it began an unfinished run is gone on with; then a new one begins."""

MENDED_FOR: Final = timedelta(hours=24)
"""How long after it began a finished run with failed look-ups is mended; then a new one begins."""

GO_ON: Final = "Run the same again to go on: what was answered is kept."
"""The hint of every run that stops before its end."""


def resume(
    journal: Journal, scope: Scope, settings: Settings, clock: Clock, taken: set[pd.Timestamp]
) -> pd.Timestamp:
    """Return when the run began: now, or when the run began that the journal is of.

    `taken` are the times that snapshots of this scope have. What failed in the earlier run, and
    another try could mend, is forgotten, so that it is asked again. Raises InputError where an
    unfinished run was begun with other settings.
    """
    now = pd.Timestamp(clock.now()).floor("s")
    begun = journal.noted("begun")
    if begun is not None:
        began = pd.Timestamp(begun)
        finished = bool(journal.noted("finished"))
        age = (now - began).to_pytimedelta()
        same = journal.noted("settings") == _noted(scope, settings)
        if timedelta(0) <= age < (MENDED_FOR if finished else RESUMED_FOR):
            if same:
                journal.forget_asked(MENDABLE_OUTCOMES)
                return began
            if not finished:
                raise InputError(
                    f"The run of {began:%Y-%m-%d %H:%M} UTC has not ended, and was begun with other"
                    f" {_different(journal, scope, settings)}.",
                    "Run it to its end as it was begun, or start over with --fresh.",
                )
        journal.clear()
    while now in taken:
        now += pd.Timedelta(seconds=1)
    journal.note(begun=now.isoformat(), settings=_noted(scope, settings), finished=False)
    journal.commit()
    return now


def _noted(scope: Scope, settings: Settings) -> dict[str, object]:
    return settings.noted() | {"caller": "organization" if scope.listed else "own account"}


def _different(journal: Journal, scope: Scope, settings: Settings) -> str:
    before = journal.noted("settings") or {}
    now = _noted(scope, settings)
    return " and ".join(name for name in now if before.get(name) != now[name])
