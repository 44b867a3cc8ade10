"""One question, one table: accounts, GovCloud accounts or links, without a run or a store."""

import time
from collections.abc import Iterable
from contextlib import closing
from itertools import count

import pandas as pd

from toolkit.aws import UNREACHABLE_CODES, Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import EndpointError, ThrottledError, UnavailableError
from toolkit.fetch.accounts import Listing
from toolkit.fetch.govcloud import Lookups
from toolkit.fetch.inputs import check_account_ids
from toolkit.fetch.journal import Journal
from toolkit.fetch.links import Links

_CALLER_TRIES = 4
_CALLER_WAIT = 0.5  # seconds before asking again, once more for each time


def fetch_caller(aws: Aws) -> Caller:
    """Return who is asking; what AWS cannot answer now is asked again.

    Calls sts GetCallerIdentity, organizations DescribeOrganization and ListAccounts, with the
    permissions of the same names. Raises CredentialsError, or the AwsError of what went wrong.
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    for tries in count(1):
        try:
            return aws.caller()
        except (EndpointError, ThrottledError, UnavailableError) as error:
            # An address that cannot be reached at all is more likely wrong than busy.
            if error.code in UNREACHABLE_CODES or tries == _CALLER_TRIES:
                raise
        time.sleep(tries * _CALLER_WAIT)
    raise AssertionError("count has no end")


def fetch_accounts(aws: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the ACCOUNTS table, one row per standard account of the organization.

    Calls organizations ListAccounts for every page (permission organizations:ListAccounts) and,
    for the names of units, DescribeOrganizationalUnit (optional permission). Raises
    AccessDeniedError or NoOrganizationError where there is nothing to list.
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    """
    with closing(Journal()) as journal:
        dispatcher = Dispatcher(clock)
        Listing(aws, dispatcher, journal, found=_nobody_waits).begin()
        dispatcher.run()
        return journal.accounts()


def fetch_govcloud(aws: Aws, ids: Iterable[str], *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the GOVCLOUD table, one row per given standard account, each with an outcome.

    Calls account GetGovCloudAccountInformation once for each id, at the pace the quota allows
    (permission account:GetGovCloudAccountInformation). Raises InputError where an id is not text
    of 12 digits, before anything is asked.
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetGovCloudAccountInformation.html
    """
    clock = clock or Clock()
    wanted = check_account_ids(ids)
    caller = fetch_caller(aws)
    with closing(Journal()) as journal:
        dispatcher = Dispatcher(clock)
        lookups = Lookups(aws, caller, dispatcher, journal, clock, told=_nobody_waits)
        for account_id in wanted:
            journal.save_account({"account_id": account_id})
            lookups.ask(account_id)
        dispatcher.run()
        return journal.govcloud()


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
    clock = clock or Clock()
    wanted = check_account_ids(account_ids)
    caller = fetch_caller(aws)
    with closing(Journal()) as journal:
        dispatcher = Dispatcher(clock)
        links = Links(aws, caller, dispatcher, journal, clock, regions=regions, role_name=role_name)
        links.begin()
        links.found(wanted)
        links.finish()
        dispatcher.run()
        return journal.links()


def _nobody_waits(_: object) -> None:
    """Take an answer that the journal holds already."""
