"""The organization's accounts: every page of ListAccounts, and the names of the units in it."""

from collections.abc import Callable, Iterable
from enum import Enum, auto
from functools import partial
from typing import Any, Final

from toolkit.aws import Aws
from toolkit.dispatch import Dispatcher
from toolkit.errors import AccessDeniedError, AwsError, RequestInvalidError
from toolkit.fetch.journal import Journal
from toolkit.fetch.rows import Row, account_row, information_row

LIST: Final = "ListAccounts"
UNITS: Final = "DescribeOrganizationalUnit"
INFORMATION: Final = "GetAccountInformation"

DONE: Final = "DONE"
"""How a question that was answered to its end stands in the journal."""


class Names(Enum):
    """Whether the names of organizational units may be read."""

    UNTRIED = auto()
    TRYING = auto()
    READABLE = auto()
    DENIED = auto()


class Listing:
    """Asks for the accounts page by page, and hands each page's rows on as it arrives.

    With `wanted`, other accounts are left out and the listing ends when all were seen. A name that
    may not be read leaves the unit's id in its place.
    """

    def __init__(
        self,
        aws: Aws,
        dispatcher: Dispatcher,
        journal: Journal,
        *,
        found: Callable[[list[Row]], None],
        wanted: Iterable[str] | None = None,
    ) -> None:
        self._aws = aws
        self._dispatcher = dispatcher
        self._journal = journal
        self._found = found
        self._wanted = None if wanted is None else set(wanted)
        self._named = set(journal.unit_names())
        self._unnamed: list[str] = []
        self._names = Names.UNTRIED
        self.done = False

    def begin(self) -> None:
        """Ask for the first page, or for the one at which an earlier run stopped."""
        token, outcome = self._journal.asked(LIST)
        self.done = outcome == DONE
        for units in self._journal.unit_chains():
            self._name_units(units)
        if not self.done:
            self._ask(token)

    def _ask(self, token: str | None) -> None:
        call = partial(self._aws.list_accounts_page, token)
        self._dispatcher.add(LIST, call, partial(self._answered, token))

    def _answered(self, token: str | None, answer: dict[str, Any] | AwsError) -> None:
        if isinstance(answer, RequestInvalidError) and token:
            # The token of a run that stopped long ago: list again, over what is known.
            self._ask(None)
            return
        if isinstance(answer, AwsError):
            raise answer
        rows = [account_row(entry) for entry in answer["Accounts"]]
        if self._wanted is not None:
            rows = [row for row in rows if row["account_id"] in self._wanted]
            self._wanted.difference_update(row["account_id"] for row in rows)
        for row in rows:
            self._journal.save_account(row)
            self._name_units(row["units_above"])
        following = answer.get("NextToken")
        self.done = not following or (self._wanted is not None and not self._wanted)
        self._journal.save_asked(
            LIST, token=None if self.done else following, outcome=DONE if self.done else None
        )
        if not self.done:
            self._ask(following)
        self._found(rows)

    def _name_units(self, units: str | None) -> None:
        for unit_id in (units or "").split("/"):
            if unit_id and unit_id not in self._named:
                self._named.add(unit_id)
                self._unnamed.append(unit_id)
        self._ask_units()

    def _ask_units(self) -> None:
        # The first shows whether names may be read at all; the others wait for it.
        while self._unnamed and self._names in (Names.UNTRIED, Names.READABLE):
            unit_id = self._unnamed.pop()
            if self._names is Names.UNTRIED:
                self._names = Names.TRYING
            call = partial(self._aws.describe_unit, unit_id)
            self._dispatcher.add(UNITS, call, partial(self._unit_answered, unit_id))

    def _unit_answered(self, unit_id: str, answer: dict[str, Any] | AwsError) -> None:
        self._names = Names.DENIED if isinstance(answer, AccessDeniedError) else Names.READABLE
        if not isinstance(answer, AwsError):
            self._journal.save_unit(unit_id, answer["Name"])
        self._ask_units()


class OwnStates:
    """Asks GetAccountInformation for the standard state, where the list may not be read."""

    def __init__(
        self,
        aws: Aws,
        own_account_id: str,
        dispatcher: Dispatcher,
        journal: Journal,
    ) -> None:
        self._aws = aws
        self._own = own_account_id
        self._dispatcher = dispatcher
        self._journal = journal

    def ask(self, account_id: str) -> None:
        """Ask for one account, unless it was answered before."""
        if self._journal.asked(INFORMATION, account_id=account_id)[1] == DONE:
            return
        named = None if account_id == self._own else account_id
        call = partial(self._aws.get_account_information, named)
        self._dispatcher.add(INFORMATION, call, partial(self._answered, account_id))

    def _answered(self, account_id: str, answer: dict[str, Any] | AwsError) -> None:
        self._journal.save_account(information_row(account_id, answer))
        retryable = isinstance(answer, AwsError) and answer.retryable
        self._journal.save_asked(
            INFORMATION, account_id=account_id, outcome=None if retryable else DONE
        )
