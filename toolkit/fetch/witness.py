"""The witness: the GovCloud organization's own list, asked with a second login."""

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import Aws, organization_of
from toolkit.aws import operations as ops
from toolkit.errors import AwsError, CredentialsError
from toolkit.fetch.desk import Desk
from toolkit.fetch.paged import Answer, Paged
from toolkit.fetch.rows import Row, account_row
from toolkit.fetch.source import Ended, Wanted
from toolkit.fetch.units import Units

ORGANIZATION: Final = "govcloud organization"


class Witness(Paged):
    """Lists the GovCloud organization beside everything else, where a login for it was given.

    It tells of members of that organization alone: an account that was never invited is not in it.
    """

    table = schema.WITNESS
    operations = (ops.LIST_ACCOUNTS, ops.DESCRIBE_UNIT)

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        self._organization: str | None = desk.journal.noted(ORGANIZATION)
        self._units = Units(desk, self._aws, "witness units")

    @classmethod
    def is_wanted(cls, wanted: Wanted) -> bool:
        """Whether there is a login to ask with."""
        return wanted.govcloud is not None and super().is_wanted(wanted)

    def begin(self) -> None:
        """Ask for the names of units that an earlier run did not get, and for the list."""
        paths = self.desk.journal.values(self.table, "ou_path").values()
        for path in set(paths):
            self._units.name(path)
        super().begin()

    def page(self, token: str | None) -> Answer:
        """Call organizations ListAccounts in GovCloud."""
        try:
            return self._aws.list_accounts_page(token)
        except CredentialsError as error:
            # Of the second login: the run itself goes on with the first.
            raise AwsError(error.message, error.hint) from error

    def rows(self, answer: Answer) -> Iterable[Row]:
        """Return the accounts of a page as WITNESS rows."""
        for entry in answer["Accounts"]:
            row = account_row(entry)
            if self._organization is None:
                self._organization = organization_of(entry.get("Arn"))
            self._units.name(row["ou_path"])
            yield {
                "govcloud_account_id": row["account_id"],
                "name": row["name"],
                "email": row["email"],
                "state": row["standard_state"],
                "joined_method": row["joined_method"],
                "joined_at": row["joined_at"],
                "ou_path": row["ou_path"],
            }

    def notes(self) -> dict[str, Any]:
        """Return whose list it is."""
        return {ORGANIZATION: self._organization}

    def ended(self, rows: pd.DataFrame) -> Ended:
        """Return how the list ended, and whose it is."""
        ended = super().ended(rows)
        facts = {"govcloud_organization_id": self._organization}
        return Ended(ended.outcome, ended.detail, facts)

    @property
    def _aws(self) -> Aws:
        assert self.wanted.govcloud is not None  # noqa: S101 - or it would not be wanted
        return self.wanted.govcloud
