"""The accounts: every page of ListAccounts and the names of the units in it, or one alone."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.errors import AwsError, RequestInvalidError
from toolkit.fetch.desk import Desk, Pages
from toolkit.fetch.rows import account_row, information_row, outcome_of
from toolkit.fetch.source import Ended, Source, Wanted
from toolkit.fetch.units import Units
from toolkit.schema import Outcome

LIST: Final = ops.LIST_ACCOUNTS.name
UNITS: Final = ops.DESCRIBE_UNIT.name
INFORMATION: Final = ops.GET_ACCOUNT_INFORMATION.name


class Accounts(Source):
    """Lists the organization page by page, and tells every source of the accounts in each page.

    Accounts that were chosen are told of at once, also those that the list does not have; then the
    list ends when all of them were seen. A caller who may not list asks GetAccountInformation for
    their states instead. A unit whose name may not be read keeps its id.
    """

    table = schema.ACCOUNTS
    operations = (ops.LIST_ACCOUNTS, ops.DESCRIBE_UNIT, ops.GET_ACCOUNT_INFORMATION)
    phase = "listing"

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        self._unseen = None if wanted.chosen is None else set(wanted.chosen)
        self._told: set[str] = set()
        self._units = Units(desk, desk.aws, UNITS)
        self._pages = Pages(LIST)
        self._is_open = True

    @property
    def is_open(self) -> bool:
        """Whether there may be more accounts in the list."""
        return self._is_open

    def begin(self) -> None:
        """Tell of the accounts known so far; ask for the page at which an earlier run stopped."""
        journal = self.desk.journal
        known: dict[str, str | None] = journal.values(self.table, "standard_state")
        for account_id in self.wanted.chosen or ():
            if account_id not in known:
                self.desk.save(self.table, {"account_id": account_id})
                known[account_id] = None
        self._tell(known)
        for units in set(journal.values(self.table, "ou_path").values()):
            self._units.name(units)
        if not self.wanted.listed:
            for account_id in self.wanted.chosen or ():
                self._ask_state(account_id)
            self._end()
            return
        token, outcome = journal.asked(LIST)
        if outcome is None:
            self._ask_page(token)
        else:
            self._end()

    def ended(self, rows: pd.DataFrame) -> Ended:
        """Return FOUND, or how GetAccountInformation ended where it stands in for the list."""
        facts = {"accounts": len(rows)}
        for asked in self.desk.journal.all_asked(INFORMATION):
            if asked["outcome"] != Outcome.FOUND:
                return Ended(Outcome(asked["outcome"]), asked["detail"], facts)
        return Ended(Outcome.FOUND, None, facts)

    def _end(self) -> None:
        self._is_open = False
        self.desk.finish()

    def _ask_page(self, token: str | None) -> None:
        call = partial(self.desk.aws.list_accounts_page, token)
        self.desk.ask(LIST, call, partial(self._page_answered, token))

    def _page_answered(self, token: str | None, answer: dict[str, Any] | AwsError) -> None:
        if isinstance(answer, RequestInvalidError) and token:
            # The token of a run that stopped long ago: list again, over what is known.
            self._forget_the_place()
            self._pages.restart()
            self._ask_page(None)
            return
        if isinstance(answer, AwsError):
            raise answer
        rows = [account_row(entry) for entry in answer["Accounts"]]
        following = answer.get("NextToken")
        try:
            self._pages.take([row["account_id"] for row in rows], following)
        except AwsError:
            self._forget_the_place()
            raise
        if self._unseen is not None:
            rows = [row for row in rows if row["account_id"] in self._unseen]
            self._unseen.difference_update(row["account_id"] for row in rows)
        for row in rows:
            self.desk.save(self.table, row)
            self._units.name(row["ou_path"])
        done = not following or self._unseen == set()
        self.desk.journal.save_asked(
            LIST, token=None if done else following, outcome=Outcome.FOUND if done else None
        )
        if not done:
            self._ask_page(following)
        if self.wanted.chosen is None:
            self._tell({row["account_id"]: row["standard_state"] for row in rows})
        if done:
            self._end()

    def _forget_the_place(self) -> None:
        """Let the next run begin the list anew."""
        self.desk.journal.save_asked(LIST, token=None, outcome=None)

    def _tell(self, states: Mapping[str, str | None]) -> None:
        """Tell of each account once, however often it is listed."""
        new = {one: state for one, state in states.items() if one not in self._told}
        self._told.update(new)
        self.desk.found(new)

    def _ask_state(self, account_id: str) -> None:
        if self.desk.journal.asked(INFORMATION, account_id=account_id)[1] is not None:
            return
        # The caller's own account must not be named.
        named = None if account_id == self.desk.caller.account_id else account_id
        call = partial(self.desk.aws.get_account_information, named)
        self.desk.ask(INFORMATION, call, partial(self._state_answered, account_id))

    def _state_answered(self, account_id: str, answer: Mapping[str, Any] | AwsError) -> None:
        self.desk.save(self.table, information_row(account_id, answer))
        outcome, why = Outcome.FOUND, None
        if isinstance(answer, AwsError):
            outcome, why = outcome_of(answer), answer.message
        self.desk.journal.save_asked(
            INFORMATION, account_id=account_id, outcome=outcome, detail=why
        )
