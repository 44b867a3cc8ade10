"""When accounts were closed: CloudTrail's events of the last 90 days, and what was known before."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.fetch.desk import Desk
from toolkit.fetch.paged import Answer, Paged
from toolkit.fetch.rows import Row, closure_rows
from toolkit.fetch.source import Wanted
from toolkit.schema import CallerKind

KEPT: Final = timedelta(days=90)
"""How long CloudTrail keeps an event for LookupEvents."""

UNTIL: Final = "closures until"


class Closures(Paged):
    """Looks closures up, newest first, and keeps what earlier snapshots knew of older ones.

    Where an account was closed more than once, the last time counts. The management account alone
    has these events.
    """

    table = schema.CLOSURES
    operations = (ops.LOOKUP_EVENTS,)
    told = (CallerKind.MANAGEMENT,)
    rate = 2.0

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        # A token is good for the same question alone, in the next run, too.
        noted = desk.journal.noted(UNTIL)
        self._until = datetime.fromisoformat(noted) if noted else desk.now()
        self._known: dict[str, str] = desk.journal.values(self.table, "closed_at")

    def begin(self) -> None:
        """Keep what earlier snapshots knew, then look up what happened since."""
        for account_id, closed_at in self.wanted.closures.items():
            self.save({"account_id": account_id, "closed_at": closed_at})
        super().begin()

    def page(self, token: str | None) -> Answer:
        """Call cloudtrail LookupEvents."""
        return self.desk.aws.lookup_closures_page(self._until - KEPT, self._until, token)

    def rows(self, answer: Answer) -> Iterable[Row]:
        """Return the closures of a page that succeeded as CLOSURES rows."""
        return closure_rows(answer["Events"])

    def save(self, row: Row) -> None:
        """Keep a closure unless a later one of that account is known."""
        account_id, closed_at = row["account_id"], row["closed_at"]
        if closed_at > self._known.get(account_id, ""):
            self._known[account_id] = closed_at
            super().save(row)

    def forget(self) -> None:
        """Forget nothing: a closure that was known remains one."""

    def notes(self) -> dict[str, Any]:
        """Return until when it looks."""
        return {UNTIL: self._until.isoformat()}
