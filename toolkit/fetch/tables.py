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
from toolkit.fetch.closures import Closures
from toolkit.fetch.contacts import Contacts
from toolkit.fetch.created import Created
from toolkit.fetch.desk import Desk
from toolkit.fetch.govcloud import Govcloud
from toolkit.fetch.inputs import check_account_ids
from toolkit.fetch.journal import Journal
from toolkit.fetch.links import Links
from toolkit.fetch.paged import Paged
from toolkit.fetch.source import Source, Wanted
from toolkit.fetch.spend import Spend
from toolkit.fetch.tags import Tags
from toolkit.fetch.witness import Witness
from toolkit.schema import ACCOUNTS, CallerKind

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


def fetch_witness(govcloud: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the WITNESS table, one row per GovCloud account of the GovCloud organization.

    `govcloud` is a login of that partition. Calls organizations ListAccounts there for every page
    (permission organizations:ListAccounts) and, for the names of units, DescribeOrganizationalUnit
    (optional permission). Raises InputError for a login of another partition, and the AwsError of
    a list that cannot be read.
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
    """
    there = govcloud.in_govcloud()
    arn = str(ask_first(there.witness, clock)["Arn"])
    # In that partition nobody has to be asked what the caller is: its list is one or is denied.
    caller = Caller(arn.split(":")[4], arn, CallerKind.MANAGEMENT)
    return _listed(Witness, there, Wanted(govcloud=there), clock, caller)


def fetch_created(aws: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the CREATED table, one row per request for an account that AWS still tracks.

    Calls organizations ListCreateAccountStatus for every page (permission of the same name), as the
    management account or a delegated administrator. Raises the AwsError of a list that is denied.
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListCreateAccountStatus.html
    """
    return _listed(Created, aws, Wanted(), clock)


def fetch_closures(aws: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the CLOSURES table, one row per account that was closed in the last 90 days.

    Calls cloudtrail LookupEvents for every page (permission cloudtrail:LookupEvents), as the
    management account. Raises the AwsError of a list that is denied.
    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
    """
    return _listed(Closures, aws, Wanted(), clock)


def fetch_tags(aws: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the TAGS table, one row per account and key.

    Calls resourcegroupstaggingapi GetResources for every page (permission tag:GetResources), as the
    management account. Raises the AwsError of a list that is denied.
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    return _listed(Tags, aws, Wanted(), clock)


def fetch_spend(aws: Aws, *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the SPEND table: what GovCloud cost each account in each of the last three months.

    One row per account, month and unit. Calls ce GetCostAndUsage for every page (permission
    ce:GetCostAndUsage), as the management account; AWS charges $0.01 for each. Raises the AwsError
    of a list that is denied.
    https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
    """
    return _listed(Spend, aws, Wanted(), clock)


def fetch_contacts(aws: Aws, ids: Iterable[str], *, clock: Clock | None = None) -> pd.DataFrame:
    """Return the CONTACTS table, one row per given account and kind of contact.

    Where there is none, `detail` says why. Calls account GetAlternateContact three times for each
    id, 10 times a second (permission of the same name). Raises InputError where an id is not text
    of 12 digits.
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
    """
    wanted = check_account_ids(ids)
    with closing(Journal()) as journal:
        desk = Desk(aws, fetch_caller(aws, clock), journal, clock)
        contacts = Contacts(desk, Wanted())
        contacts.ask(wanted)
        desk.run([contacts])
        return journal.read(contacts.table)


def _listed(
    source: type[Paged],
    aws: Aws,
    wanted: Wanted,
    clock: Clock | None,
    caller: Caller | None = None,
) -> pd.DataFrame:
    """Return the table that one list gives; raises the error that ended it."""
    with closing(Journal()) as journal:
        desk = Desk(aws, caller or fetch_caller(aws, clock), journal, clock)
        asked = source(desk, wanted)
        desk.run([asked])
        if asked.error is not None:
            raise asked.error
        return journal.read(source.table)


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
