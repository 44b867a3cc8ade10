"""The same organization, told as if its day were another one of the calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from toolkit.emulator.organization import Organization
from toolkit.emulator.records import Account, Closure, Creation, Later, Spend


def told_on(organization: Organization, day: date) -> Organization:
    """Return the organization with every time in it moved, so that its day is that one.

    A story has a day of its own, on which a demo is at its best; whoever asks about the last 90
    days, or the last three months, means those before their own. Bills stay bills of whole months.
    """
    by = day - organization.day
    if not by:
        return organization
    months = _months(day) - _months(organization.day)
    members, created = organization.govcloud_accounts, organization.creations
    closures, spend = organization.account_closures, organization.account_spend
    return replace(
        organization,
        day=day,
        accounts=list(_accounts(organization.accounts, by)),
        govcloud_accounts=Later(lambda: _accounts(members, by)),
        creations=Later(lambda: [_creation(one, by) for one in created]),
        account_closures=Later(lambda: _closures(closures, by)),
        account_spend=Later(lambda: _spend(spend, months)),
    )


def _accounts(accounts: Iterable[Account], by: timedelta) -> Iterator[Account]:
    return (replace(one, joined_at=one.joined_at + by) for one in accounts)


def _creation(one: Creation, by: timedelta) -> Creation:
    done: datetime | None = one.completed_at and one.completed_at + by
    return replace(one, requested_at=one.requested_at + by, completed_at=done)


def _closures(closures: Iterable[Closure], by: timedelta) -> Iterator[Closure]:
    return (replace(one, closed_at=one.closed_at + by) for one in closures)


def _spend(spend: Iterable[Spend], months: int) -> Iterator[Spend]:
    for one in spend:
        year, month = divmod(_months(one.month) + months, 12)
        yield replace(one, month=date(year, month + 1, 1))


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1
