"""An organization as the emulator knows it, in both partitions, given by hand or made.

Nothing here reads a clock or draws a random number: what AWS "knows" is a value.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from toolkit.emulator.records import (
    Account,
    Closure,
    Contact,
    Creation,
    Link,
    Spend,
    Tag,
    Unit,
    email,
)
from toolkit.errors import InputError

REFERENCE_DAY = date(2026, 11, 22)
COMMERCIAL, GOVCLOUD = "aws", "aws-us-gov"
EVENT_DAYS = 90
SPEND_MONTHS = 3
LINK_STATUSES = (
    "LINKED",
    "PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT",
    "REJECTED",
    "LINKING_FAILED",
    "LINK_NOT_FOUND",
)


_STANDALONE = Account(
    "700000000007", "standalone", govcloud_account_id="700000000070", govcloud_state="ACTIVE"
)
_LONE = Account("800000000008", "lone")
# the same two in the GovCloud partition
_FAR_STANDALONE = Account("600000000060", "standalone")
_FAR_LONE = Account("600000000006", "lone")


@dataclass
class Organization:
    """What the emulator answers from.

    `accounts` come in the order in which ListAccounts gives them. The management account is the
    first of them and the delegated administrator the second, unless they are named. `standalone`
    and `lone` are two accounts in no organization, with and without a GovCloud account. `seed` is
    what is drawn from while it is asked: which calls go wrong. `day` is the day that it shows.

    `govcloud_accounts` are the members of the organization that the company has in the GovCloud
    partition, under their GovCloud ids, its management account first; without any it has none.
    Raises InputError without accounts.
    """

    accounts: Sequence[Account]
    account_links: Sequence[Link] = ()
    organization_id: str = "o-emulator01"
    management_account_id: str = ""
    delegated_account_id: str | None = None
    standalone: Account = _STANDALONE
    lone: Account = _LONE
    seed: int = 7
    day: date = REFERENCE_DAY
    partition: str = COMMERCIAL
    govcloud_accounts: Iterable[Account] = ()
    govcloud_organization_id: str = "o-govcloud01"
    creations: Iterable[Creation] = ()
    account_closures: Iterable[Closure] = ()
    account_tags: Iterable[Tag] = ()
    account_spend: Iterable[Spend] = ()
    account_contacts: Iterable[Contact] = ()
    units: dict[str, Unit] = field(init=False, repr=False)
    by_id: dict[str, Account] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the accounts and lay out the units' ids."""
        if not self.accounts:
            raise InputError("An organization has at least its management account.")
        self.management_account_id = self.management_account_id or self.accounts[0].account_id
        if self.delegated_account_id is None and len(self.accounts) > 1:
            self.delegated_account_id = self.accounts[1].account_id
        self.by_id = {account.account_id: account for account in self.accounts}
        self._unit_of: dict[tuple[str, ...], Unit] = {}
        for unit in sorted({account.unit for account in self.accounts}):
            for depth in range(1, len(unit) + 1):
                self._place(unit[:depth])
        self.units = {unit.unit_id: unit for unit in self._unit_of.values()}
        self._links_of: dict[tuple[str, str], list[Link]] = {}
        for link in self.account_links:
            for end in {link.source_account_id, link.target_account_id}:
                self._links_of.setdefault((end, link.region), []).append(link)

    @property
    def root_id(self) -> str:
        """The root's id, which the ids of its units carry."""
        return "r-" + _digest(self.organization_id, length=4)

    def _place(self, unit: tuple[str, ...]) -> None:
        if unit not in self._unit_of:
            root = self.root_id.removeprefix("r-")
            unit_id = f"ou-{root}-{_digest(self.organization_id, *unit, length=8)}"
            above = self._unit_of[unit[:-1]].path if unit[:-1] else self._root_path
            self._unit_of[unit] = Unit(unit_id, unit[-1], f"{above}{unit_id}/")

    @property
    def _root_path(self) -> str:
        return f"{self.organization_id}/{self.root_id}/"

    @cached_property
    def govcloud(self) -> "Organization | None":
        """The organization in the GovCloud partition, if there is one."""
        members = list(self.govcloud_accounts)
        if not members:
            return None
        return Organization(
            members,
            organization_id=self.govcloud_organization_id,
            standalone=_FAR_STANDALONE,
            lone=_FAR_LONE,
            seed=self.seed,
            day=self.day,
            partition=GOVCLOUD,
        )

    @property
    def now(self) -> datetime:
        """The moment at which the day is over, the latest that anything here happened."""
        return datetime.combine(self.day + timedelta(days=1), time(), UTC)

    @cached_property
    def closures_shown(self) -> list[Closure]:
        """The tries to close an account in the last 90 days, newest first."""
        since = self.now - timedelta(days=EVENT_DAYS)
        shown = [one for one in self.account_closures if since <= one.closed_at < self.now]
        return sorted(shown, key=lambda one: (one.closed_at, one.account_id), reverse=True)

    @cached_property
    def tags_of(self) -> dict[str, list[Tag]]:
        """Each tagged account's tags, in the order in which ListAccounts gives the accounts."""
        found: dict[str, list[Tag]] = {account_id: [] for account_id in self.by_id}
        for tag in self.account_tags:
            found.setdefault(tag.account_id, []).append(tag)
        return {account_id: tags for account_id, tags in found.items() if tags}

    @cached_property
    def spend_of(self) -> dict[date, list[Spend]]:
        """What was spent in each month, by its first day; nothing is no row."""
        found: dict[date, list[Spend]] = {}
        for one in self.account_spend:
            if one.amount:
                found.setdefault(one.month, []).append(one)
        return found

    @cached_property
    def estimated_months(self) -> frozenset[date]:
        """The months whose bills are not final yet, which AWS says of whole months."""
        return frozenset(one.month for one in self.account_spend if one.is_estimated)

    @cached_property
    def contact_of(self) -> dict[tuple[str, str], Contact]:
        """The alternate contacts by account and type."""
        return {(one.account_id, one.contact_type): one for one in self.account_contacts}

    def path(self, account: Account) -> str:
        """Give the ids from the organization down to the account, as `Paths` has them."""
        above = self._unit_of[account.unit].path if account.unit else self._root_path
        return f"{above}{account.account_id}/"

    def links_of(self, account_id: str, region: str) -> list[Link]:
        """Give the links that have this account as an end, in this Region."""
        return self._links_of.get((account_id, region), [])

    def pairs(self) -> list[dict[str, Any]]:
        """Tell the truth about each standard account: one dict each, in ListAccounts' order."""
        return [
            {
                "account_id": account.account_id,
                "name": account.name,
                "email": email(account),
                "standard_state": account.standard_state,
                "joined_method": account.joined_method,
                "joined_at": account.joined_at,
                "ou_path": account.ou_path,
                "govcloud_account_id": account.govcloud_account_id,
                "govcloud_state": account.govcloud_state,
            }
            for account in self.accounts
        ]

    def links(self) -> list[dict[str, str]]:
        """Tell the truth about each link: one dict a link."""
        return [
            {
                "link_id": link.link_id,
                "link_status": link.link_status,
                "source_account_id": link.source_account_id,
                "target_account_id": link.target_account_id,
                "region": link.region,
            }
            for link in self.account_links
        ]

    def witness(self) -> list[dict[str, Any]]:
        """Tell the truth about each member of the GovCloud organization, in its list's order."""
        return [
            {
                "govcloud_account_id": account.account_id,
                "name": account.name or account.account_id,
                "email": email(account),
                "state": account.standard_state,
                "joined_method": account.joined_method,
                "joined_at": account.joined_at,
                "ou_path": account.ou_path,
            }
            for account in (self.govcloud.accounts if self.govcloud else ())
        ]

    def created(self) -> list[dict[str, Any]]:
        """Tell the truth about each request to create a pair of accounts."""
        return [
            {
                "request_id": one.request_id,
                "account_id": one.account_id,
                "govcloud_account_id": one.govcloud_account_id,
                "name": one.name,
                "state": one.state,
                "requested_at": one.requested_at,
                "completed_at": one.completed_at,
                "failure_reason": one.failure_reason,
            }
            for one in self.creations
        ]

    def closures(self) -> list[dict[str, Any]]:
        """Tell the latest closure of each account that was closed in the last 90 days."""
        latest: dict[str, datetime] = {}
        for one in self.closures_shown:
            if one.state == "SUCCEEDED":
                latest.setdefault(one.account_id, one.closed_at)
        return [{"account_id": each, "closed_at": at} for each, at in latest.items()]

    def tags(self) -> list[dict[str, str]]:
        """Tell the truth about each account's tags."""
        return [asdict(tag) for tags in self.tags_of.values() for tag in tags]

    def spend(self) -> list[dict[str, Any]]:
        """Tell what each account was billed for GovCloud in the last three full months."""
        first = this = self.day.replace(day=1)
        for _ in range(SPEND_MONTHS):
            first = (first - timedelta(days=1)).replace(day=1)
        return [
            asdict(one)
            | {"month": f"{month:%Y-%m}", "is_estimated": month in self.estimated_months}
            for month, spent in self.spend_of.items()
            if first <= month < this
            for one in spent
        ]

    def contacts(self) -> list[dict[str, str]]:
        """Tell the truth about each account's alternate contacts."""
        return [asdict(one) for one in self.contact_of.values()]


def arn(organization: Organization, kind: str, *ends: str) -> str:
    """Give the ARN of something that the organization has, or its own."""
    owner = f"arn:{organization.partition}:organizations::{organization.management_account_id}"
    return "/".join([f"{owner}:{kind}", organization.organization_id, *ends])


def link_id(*parts: str) -> str:
    """Make a link's id from what makes the link the one it is."""
    return "link-" + _digest(*parts, length=12)


def request_id(account_id: str) -> str:
    """Make the id of the request that an account came from."""
    return "car-" + _digest("request", account_id, length=32)


def _digest(*parts: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest())
    letters = []
    for _ in range(length):
        number, digit = divmod(number, 36)
        letters.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return "".join(letters)
