"""Some accounts asked here and now: both states and the links of each, with no run and no store."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pandas as pd

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import AwsError, NotFoundError
from toolkit.fetch.govcloud import Lookups
from toolkit.fetch.inputs import check_account_ids
from toolkit.fetch.journal import Journal
from toolkit.fetch.rows import information_row, link_row
from toolkit.fetch.tables import fetch_caller

STATE: Final = "GetAccountInformation"
LINK: Final = "GetAccountLink"
OWN_LINKS: Final = "ListAccountLinks"


@dataclass(frozen=True)
class Silence:
    """A question that got no answer: the operation, the Region where there is one, and why."""

    account_id: str
    operation: str
    region: str
    why: str


@dataclass(frozen=True)
class Live:
    """What AWS says now: ACCOUNTS and GOVCLOUD, one row per account asked for, and LINKS.

    The standard state is missing where it got no answer; `silences` says why. Links are those
    that the caller has with the accounts, or all of its own.
    """

    caller_account_id: str
    accounts: pd.DataFrame
    govcloud: pd.DataFrame
    links: pd.DataFrame
    silences: tuple[Silence, ...]


def fetch_live(
    aws: Aws,
    ids: Iterable[str],
    *,
    regions: Iterable[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Live:
    """Return what AWS says now about each of the accounts.

    Calls account GetGovCloudAccountInformation and GetAccountInformation once for each, and in
    each Region workspaces GetAccountLink (for the caller's own account ListAccountLinks), at the
    pace the quotas allow; permissions of the same names. `progress` receives answers so far and
    questions in all. Raises InputError where an id is not text of 12 digits, before anything is
    asked.
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetGovCloudAccountInformation.html
    """
    wanted, places = check_account_ids(ids), list(regions)
    caller = fetch_caller(aws)
    with closing(Journal()) as journal:
        return _Questions(aws, caller, journal, progress).ask(wanted, places)


class _Questions:
    """The questions about some accounts, and what was answered so far."""

    def __init__(
        self, aws: Aws, caller: Caller, journal: Journal, progress: Callable[[int, int], None]
    ) -> None:
        self._aws = aws
        self._caller = caller
        self._progress = progress
        self._journal = journal
        self._clock = Clock()
        self._dispatcher = Dispatcher(self._clock, after=self._tell)
        self._silences: list[Silence] = []
        self._done = self._total = 0

    def ask(self, ids: list[str], regions: list[str]) -> Live:
        lookups = Lookups(
            self._aws,
            self._caller,
            self._dispatcher,
            self._journal,
            self._clock,
            told=self._count,
        )
        self._total = len(ids) * (2 + len(regions))
        for account_id in ids:
            self._journal.save_account({"account_id": account_id, "standard_state": None})
            lookups.ask(account_id)
            named = None if account_id == self._caller.account_id else account_id
            self._put(STATE, account_id, "", partial(self._aws.get_account_information, named))
            for region in regions:
                if named is None:
                    self._put(OWN_LINKS, account_id, region, partial(self._own_links, region))
                else:
                    call = partial(self._aws.get_link, region, account_id)
                    self._put(LINK, account_id, region, call)
        self._dispatcher.run()
        return Live(
            self._caller.account_id,
            self._journal.accounts(),
            self._journal.govcloud(),
            self._journal.links(),
            tuple(self._silences),
        )

    def _put(self, operation: str, account_id: str, region: str, call: Callable[[], Any]) -> None:
        lane = f"{operation} {region}".strip()
        self._dispatcher.add(lane, call, partial(self._answered, operation, account_id, region))

    def _answered(
        self,
        operation: str,
        account_id: str,
        region: str,
        answer: "dict[str, Any] | list[dict[str, Any]] | AwsError",
    ) -> None:
        self._count()
        if operation == STATE and not isinstance(answer, list):
            self._journal.save_account(information_row(account_id, answer))
        if isinstance(answer, AwsError):
            # That there is no link is an answer.
            if operation == STATE or not isinstance(answer, NotFoundError):
                self._silences.append(Silence(account_id, operation, region, answer.message))
            return
        if operation != STATE:
            for entry in answer if isinstance(answer, list) else [answer]:
                self._journal.save_link(link_row(entry, region, self._clock.now()))

    def _own_links(self, region: str) -> list[dict[str, Any]]:
        page = self._aws.list_links_page(region)
        found = list(page.get("AccountLinks") or [])
        while page.get("NextToken"):
            page = self._aws.list_links_page(region, page["NextToken"])
            found += page.get("AccountLinks") or []
        return found

    def _count(self, _row: object = None) -> None:
        self._done += 1

    def _tell(self) -> None:
        self._progress(self._done, self._total)
