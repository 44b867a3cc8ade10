"""An organization as the emulator knows it: accounts, units and links, given by hand or made.

Nothing here reads a clock or draws a random number: what AWS "knows" is a value.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from toolkit.errors import InputError

ROOT = "Root"
LINK_STATUSES = (
    "LINKED",
    "PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT",
    "REJECTED",
    "LINKING_FAILED",
    "LINK_NOT_FOUND",
)


@dataclass(frozen=True, slots=True)
class Account:
    """One standard account and, where it has one, its GovCloud account.

    States are kept as they are given, also outside AWS's vocabulary, so that a reader of them can
    be tried. `unit` holds the names of the organizational units above the account, from the root
    down; it is empty for an account right under the root.
    """

    account_id: str
    name: str = ""
    standard_state: str = "ACTIVE"
    govcloud_account_id: str | None = None
    govcloud_state: str | None = None
    unit: tuple[str, ...] = ()
    email: str = ""
    joined_method: str = "CREATED"
    joined_at: datetime = datetime(2021, 3, 1, 9, tzinfo=UTC)

    @property
    def ou_path(self) -> str:
        """The unit's names below the root joined by "/", or "Root"."""
        return "/".join(self.unit) or ROOT


@dataclass(frozen=True, slots=True)
class Unit:
    """One organizational unit, with the ids from the root down to it, as `Paths` has them."""

    unit_id: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Link:
    """One WorkSpaces account link in one Region."""

    link_id: str
    link_status: str
    source_account_id: str
    target_account_id: str
    region: str


@dataclass
class Organization:
    """What the emulator answers from.

    `accounts` come in the order in which ListAccounts gives them. The management account is the
    first of them and the delegated administrator the second, unless they are named. `standalone`
    and `lone` are two accounts in no organization, with and without a GovCloud account. `seed` is
    what is drawn from while it is asked: which calls go wrong. Raises InputError without accounts.
    """

    accounts: Sequence[Account]
    account_links: Sequence[Link] = ()
    organization_id: str = "o-emulator01"
    management_account_id: str = ""
    delegated_account_id: str | None = None
    standalone: Account = Account(
        "700000000007",
        "standalone",
        govcloud_account_id="700000000070",
        govcloud_state="ACTIVE",
    )
    lone: Account = Account("800000000008", "lone")
    seed: int = 7
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


def email(account: Account) -> str:
    """Give the account's address, made from its id where none was given."""
    return account.email or f"aws+{account.account_id}@example.com"


def link_id(*parts: str) -> str:
    """Make a link's id from what makes the link the one it is."""
    return "link-" + _digest(*parts, length=12)


def _digest(*parts: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest())
    letters = []
    for _ in range(length):
        number, digit = divmod(number, 36)
        letters.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return "".join(letters)
