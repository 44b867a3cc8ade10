"""What GovCloud cost each standard account, a month: asked only where the user says so."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.fetch.desk import Desk
from toolkit.fetch.paged import Answer, Paged
from toolkit.fetch.rows import Row, cost_rows
from toolkit.fetch.source import Ended, Wanted
from toolkit.schema import CallerKind, Outcome

MONTHS: Final = 3
"""How many full months are asked about, the last ones."""

PRICE: Final = 0.01
"""US dollars that AWS charges for a request."""

CHARGE: Final = (
    f"AWS charges ${PRICE:.2f} for each request to Cost Explorer: one for each page of the answer,"
    " most often one or a few in all."
)
"""What is said before it is asked."""

REQUESTS: Final = "spend requests"
_DAY: Final = "spend until"


class Spend(Paged):
    """Asks what was spent in the Regions of GovCloud, by the account that it is billed to.

    AWS charges for every request, a page each; what was asked is told with how it ended.
    """

    table = schema.SPEND
    operations = (ops.GET_COST,)
    told = (CallerKind.MANAGEMENT,)
    by_default = False
    leads_on = "NextPageToken"

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        noted = desk.journal.noted(_DAY)
        self._until = date.fromisoformat(noted) if noted else desk.now().date().replace(day=1)
        self._asked_before = int(desk.journal.noted(REQUESTS) or 0)

    def page(self, token: str | None) -> Answer:
        """Call ce GetCostAndUsage."""
        year, month = divmod(self._until.year * 12 + self._until.month - 1 - MONTHS, 12)
        return self.desk.aws.get_cost_page(date(year, month + 1, 1), self._until, token)

    def rows(self, answer: Answer) -> Iterable[Row]:
        """Return the amounts of a page as SPEND rows."""
        return cost_rows(answer["ResultsByTime"])

    def notes(self) -> dict[str, Any]:
        """Return until when it asks, and how many requests it has made."""
        return {_DAY: self._until.isoformat(), REQUESTS: self._requests}

    def ended(self, rows: pd.DataFrame) -> Ended:
        """Return how the list ended, and what asking for it cost."""
        ended = super().ended(rows)
        plural = "" if self._requests == 1 else "s"
        cost = f"{self._requests:,} request{plural}, ${self._requests * PRICE:,.2f}"
        if ended.outcome is Outcome.FOUND:
            return Ended(ended.outcome, f"{cost}.")
        return Ended(ended.outcome, f"{ended.detail} ({cost})" if self._requests else ended.detail)

    @property
    def _requests(self) -> int:
        return self._asked_before + self.desk.dispatcher.lane(self.name).calls
