"""Accounts that were created here, as pairs or alone: what AWS still tracks of the requests."""

from collections.abc import Iterable

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.fetch.paged import Answer, Paged
from toolkit.fetch.rows import Row, creation_row
from toolkit.schema import CallerKind


class Created(Paged):
    """Lists the requests for accounts, in whatever state they are.

    AWS tracks them for a time that it does not tell: they prove what was created, never that
    something was not.
    """

    table = schema.CREATED
    operations = (ops.LIST_CREATIONS,)
    told = (CallerKind.MANAGEMENT, CallerKind.DELEGATED)

    def page(self, token: str | None) -> Answer:
        """Call organizations ListCreateAccountStatus."""
        return self.desk.aws.list_creations_page(token)

    def rows(self, answer: Answer) -> Iterable[Row]:
        """Return the requests of a page as CREATED rows."""
        return map(creation_row, answer["CreateAccountStatuses"])
