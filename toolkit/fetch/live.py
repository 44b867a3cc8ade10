"""Some accounts asked here and now: both states and the links of each, with no run and no store."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import Aws, Caller
from toolkit.aws import operations as ops
from toolkit.aws.operations import Answer
from toolkit.errors import AwsError, NotFoundError
from toolkit.fetch.desk import Desk, Pages
from toolkit.fetch.govcloud import Govcloud
from toolkit.fetch.inputs import check_account_ids
from toolkit.fetch.journal import Journal
from toolkit.fetch.rows import Row, information_row, link_row
from toolkit.fetch.source import Wanted
from toolkit.fetch.tables import fetch_caller

STATE: Final = ops.GET_ACCOUNT_INFORMATION.name
LINK: Final = ops.GET_LINK.name
OWN_LINKS: Final = ops.LIST_LINKS.name


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
    each Region workspaces GetAccountLink (for the caller's own account every page of
    ListAccountLinks), at the pace the quotas allow; permissions of the same names. `progress`
    receives answers so far and questions in all. Raises InputError where an id is not text of 12
    digits, before anything is asked.
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetGovCloudAccountInformation.html
    """
    wanted = check_account_ids(ids)
    caller = fetch_caller(aws)
    with closing(Journal()) as journal:
        return _Questions(aws, caller, journal, progress).ask(wanted, list(regions))


class _Questions:
    """The questions about some accounts, and what was answered so far."""

    def __init__(
        self, aws: Aws, caller: Caller, journal: Journal, progress: Callable[[int, int], None]
    ) -> None:
        self._aws = aws
        self._own = caller.account_id
        self._journal = journal
        self._progress = progress
        self._desk = Desk(aws, caller, journal, after=self._tell)
        self._pairs = Govcloud(self._desk, Wanted())
        self._silences: list[Silence] = []
        self._done = self._total = 0

    def ask(self, ids: Sequence[str], regions: Sequence[str]) -> Live:
        for account_id in ids:
            self._journal.save(schema.ACCOUNTS, {"account_id": account_id})
            self._ask_state(account_id)
            for region in regions:
                if account_id == self._own:
                    self._ask_own_links(region, None, Pages(OWN_LINKS))
                else:
                    self._ask_link(account_id, region)
        self._desk.run([self._pairs], dict.fromkeys(ids))
        return Live(
            self._own,
            self._journal.read(schema.ACCOUNTS),
            self._journal.read(schema.GOVCLOUD),
            self._journal.read(schema.LINKS),
            tuple(self._silences),
        )

    def _ask_state(self, account_id: str) -> None:
        def take(answer: Answer) -> None:
            self._journal.save(schema.ACCOUNTS, information_row(account_id, answer))

        # The caller's own account must not be named.
        named = None if account_id == self._own else account_id
        call = partial(self._aws.get_account_information, named)
        self._put(Silence(account_id, STATE, "", ""), call, take)

    def _ask_link(self, account_id: str, region: str) -> None:
        def take(link: Answer) -> None:
            self._save([link], region)

        call = partial(self._aws.get_link, region, account_id)
        self._put(Silence(account_id, LINK, region, ""), call, take)

    def _ask_own_links(self, region: str, token: str | None, pages: Pages) -> None:
        def take(page: Answer) -> None:
            following = page.get("NextToken")
            pages.take(
                (row["link_id"] for row in self._save(page["AccountLinks"], region)), following
            )
            if following:
                self._ask_own_links(region, following, pages)

        call = partial(self._aws.list_links_page, region, token)
        self._put(Silence(self._own, OWN_LINKS, region, ""), call, take)

    def _put(
        self, silence: Silence, call: Callable[[], Any], take: Callable[[Answer], None]
    ) -> None:
        """Ask one question: its answer is taken in, or the silence kept with its reason."""

        def receive(answer: Answer | AwsError) -> None:
            self._done += 1
            if not isinstance(answer, AwsError):
                try:
                    take(answer)
                except AwsError as error:
                    self._silences.append(replace(silence, why=error.message))
            elif silence.operation == STATE or not isinstance(answer, NotFoundError):
                # That there is no link is an answer.
                self._silences.append(replace(silence, why=answer.message))

        self._total += 1
        self._desk.ask(f"{silence.operation} {silence.region}".strip(), call, receive)

    def _save(self, links: Iterable[Answer], region: str) -> list[Row]:
        rows = [link_row(link, region, self._desk.now()) for link in links]
        for row in rows:
            self._journal.save(schema.LINKS, row)
        return rows

    def _tell(self) -> None:
        pairs = self._pairs.tally
        self._progress(self._done + pairs.done, self._total + pairs.total)
