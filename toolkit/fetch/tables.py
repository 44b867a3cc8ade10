"""One question, one table: accounts, GovCloud accounts or links, without a run or a store."""

import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Final, TypeVar

import pandas as pd

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import AwsError, RunStoppedError, UnreachableError
from toolkit.fetch.accounts import Accounts
from toolkit.fetch.desk import Desk
from toolkit.fetch.govcloud import Govcloud
from toolkit.fetch.inputs import check_account_ids
from toolkit.fetch.journal import Journal
from toolkit.fetch.links import Links
from toolkit.fetch.source import Source, Wanted
from toolkit.schema import ACCOUNTS

_CALLER_PATIENCE: Final = 60.0  # s in which whoever is asking must be told, or the run ends

_Answer = TypeVar("_Answer")


def fetch_caller(
    aws: Aws, clock: Clock | None = None, stop: threading.Event | None = None
) -> Caller:
    """Return who is asking; what AWS cannot answer now is asked again for up to a minute.

    Calls sts GetCallerIdentity, organizations DescribeOrganization and ListAccounts, with the
    permissions of the same names. Raises CredentialsError, or the AwsError of what went wrong, and
    RunStoppedError once `stop` is set.
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    return ask_first(aws.caller, clock, stop)


def ask_first(
    call: Callable[[], _Answer], clock: Clock | None = None, stop: threading.Event | None = None
) -> _Answer:
    """Return what a call gives that must come before all others, asked again for up to a minute.

    Raises the AwsError of what went wrong, and RunStoppedError once `stop` is set.
    """
    answers: list[tuple[_Answer | AwsError] | AwsError] = []

    def ask() -> tuple[_Answer | AwsError]:
        try:
            return (call(),)
        except UnreachableError as error:
            # An address that cannot be reached at all is more likely wrong than busy: it is the
            # answer, and not asked again.
            return (error,)

    dispatcher = Dispatcher(clock, stop=stop, patience=_CALLER_PATIENCE)
    dispatcher.add("first", ask, answers.append)
    try:
        dispatcher.run()
    except RunStoppedError as error:
        if isinstance(error.__cause__, AwsError):
            raise error.__cause__ from None
        raise
    (found,) = answers
    answer = found[0] if isinstance(found, tuple) else found
    if isinstance(answer, AwsError):
        raise answer
    return answer


def fetch_accounts(aws: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the ACCOUNTS table, one row per standard account of the organization.

    Calls organizations ListAccounts for every page (permission organizations:ListAccounts) and,
    for the names of units, DescribeOrganizationalUnit (optional permission). Raises
    AccessDeniedError or NoOrganizationError where there is nothing to list.
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    """
    return _asked(Accounts, aws, Wanted(), clock)


def fetch_govcloud(aws: Aws, ids: Iterable[str], *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the GOVCLOUD table, one row per given standard account, each with an outcome.

    Calls account GetGovCloudAccountInformation once for each id, at the pace the quota allows
    (permission account:GetGovCloudAccountInformation). Raises InputError where an id is not text
    of 12 digits, before anything is asked.
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetGovCloudAccountInformation.html
    """
    wanted = check_account_ids(ids)
    return _asked(Govcloud, aws, Wanted(), clock, wanted)


def fetch_links(
    aws: Aws,
    regions: Iterable[str],
    *,
    account_ids: Iterable[str] = (),
    role_name: str | None = None,
    clock: Clock | None = None,
) -> pd.DataFrame:
    """Return the LINKS table, one row per link and Region that was given.

    Calls workspaces ListAccountLinks in each Region (permission workspaces:ListAccountLinks);
    where that is denied, GetAccountLink for each of `account_ids` (workspaces:GetAccountLink).
    With `role_name` ListAccountLinks is also called from each of those accounts through that role.
    A Region that gives no answer has no rows; `collect` keeps its outcome, too.
    https://docs.aws.amazon.com/workspaces/latest/api/API_ListAccountLinks.html
    """
    accounts = check_account_ids(account_ids)
    wanted = Wanted(regions=tuple(regions), role_name=role_name)
    return _asked(Links, aws, wanted, clock, accounts)


def _asked(
    source: type[Source],
    aws: Aws,
    wanted: Wanted,
    clock: Clock | None,
    accounts: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return the table that one source alone fills, about the accounts where some are given."""
    with closing(Journal()) as journal:
        desk = Desk(aws, fetch_caller(aws, clock), journal, clock)
        given = None if accounts is None else dict.fromkeys(accounts)
        for account_id in given or ():
            journal.save(ACCOUNTS, {"account_id": account_id})
        desk.run([source(desk, wanted)], given)
        return journal.read(source.table)
