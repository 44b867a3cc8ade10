"""Whom to call about the accounts that disagree: their alternate contacts, where wanted."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.dispatch import Pacer
from toolkit.errors import AccessDeniedError, AwsError
from toolkit.fetch.desk import Desk
from toolkit.fetch.rows import NONE_SET, contact_row, outcome_of
from toolkit.fetch.source import Ended, Source, Wanted
from toolkit.schema import ContactType, Outcome

RATE: Final = 10.0
"""Calls a second that AWS lets an account make, by its documentation."""


class Contacts(Source):
    """Asks for the contacts of each account whose two states differ, once all states are known.

    Every contact that was asked for has a row, with why there is none where there is none. The
    first denial answers for all.
    """

    table = schema.CONTACTS
    operations = (ops.GET_CONTACT,)
    phase = "sources"
    by_default = False

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        desk.dispatcher.lane(self.name, Pacer(known_rate=RATE))
        self._open = 0
        self._denied: AccessDeniedError | None = None
        self._answered_any = False

    @classmethod
    def is_wanted(cls, wanted: Wanted) -> bool:
        """Whether it is asked at all."""
        return cls.table.file in wanted.sources

    @property
    def is_open(self) -> bool:
        """Whether a contact that was asked for has no answer yet."""
        return self._open > 0

    def afterwards(self) -> None:
        """Ask about the accounts that disagree."""
        journal = self.desk.journal
        standard = journal.values(schema.ACCOUNTS, "standard_state")
        govcloud = journal.values(schema.GOVCLOUD, "govcloud_state")
        rows = journal.read(self.table)
        known = set(zip(rows["account_id"], rows["contact_type"], strict=True))
        for account_id, state in govcloud.items():
            if state is not None and state != standard.get(account_id):
                self.ask([account_id], known)

    def ask(self, accounts: Iterable[str], known: Collection[tuple[str, str]] = ()) -> None:
        """Ask for every contact of these accounts but those that are known."""
        for account_id in accounts:
            for contact in ContactType:
                if (account_id, contact.value) not in known:
                    self._ask(account_id, contact)

    def ended(self, rows: pd.DataFrame) -> Ended:
        """Return FOUND, or the denial where nobody's contacts may be asked for."""
        if self._denied is not None:
            return Ended(outcome_of(self._denied), self._denied.message)
        failed = int((rows["detail"].notna() & (rows["detail"] != NONE_SET)).sum())
        why = f"{failed:,} of {len(rows):,} contacts got no answer." if failed else None
        outcome = Outcome.FAILED if failed and failed == len(rows) else Outcome.FOUND
        return Ended(outcome, why)

    def _ask(self, account_id: str, contact: ContactType) -> None:
        # The caller's own account must not be named.
        named = None if account_id == self.desk.caller.account_id else account_id
        call = partial(self.desk.aws.get_contact, contact.value, named)
        self._open += 1
        self.desk.ask_if_possible(self.name, call, partial(self._answered, account_id, contact))

    def _answered(
        self, account_id: str, contact: ContactType, answer: dict[str, Any] | AwsError
    ) -> None:
        self._open -= 1
        if isinstance(answer, AccessDeniedError):
            if self._denied is None and not self._answered_any:
                self._denied = answer
                self.desk.give_up(self.name, answer)
        else:
            self._answered_any = True
        self.desk.save(self.table, contact_row(account_id, contact.value, answer))
