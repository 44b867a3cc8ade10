"""The GovCloud account of each standard account: one call each, every one with an outcome."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import AwsError
from toolkit.fetch.journal import Journal
from toolkit.fetch.rows import Row, govcloud_row, not_queryable_row
from toolkit.schema import CallerKind

GOVCLOUD: Final = "GetGovCloudAccountInformation"


class Lookups:
    """Asks for the GovCloud account of each standard account as AWS lets this caller ask.

    The caller's own account is asked for without naming it; the management account cannot be
    asked for by a delegated administrator at all, and is not. Each row goes to the journal and
    then to `told`.
    """

    def __init__(
        self,
        aws: Aws,
        caller: Caller,
        dispatcher: Dispatcher,
        journal: Journal,
        clock: Clock,
        *,
        told: Callable[[Row], None],
    ) -> None:
        self._aws = aws
        self._caller = caller
        self._dispatcher = dispatcher
        self._journal = journal
        self._clock = clock
        self._told = told

    def ask(self, account_id: str) -> None:
        """Ask for one account."""
        caller = self._caller
        own = account_id == caller.account_id
        if caller.kind is CallerKind.DELEGATED and account_id == caller.management_account_id:
            self._save(not_queryable_row(account_id, self._clock.now()))
            return
        call = partial(self._aws.get_govcloud, None if own else account_id)
        self._dispatcher.add(GOVCLOUD, call, partial(self._answered, account_id))

    def _answered(self, account_id: str, answer: dict[str, Any] | AwsError) -> None:
        self._save(govcloud_row(account_id, answer, self._clock.now()))

    def _save(self, row: Row) -> None:
        self._journal.save_govcloud(row)
        self._told(row)
