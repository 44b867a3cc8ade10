"""What AWS keeps: accounts, units, links, and what there is about accounts beside their states."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Generic, TypeVar

ROOT = "Root"

_Item = TypeVar("_Item")


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


@dataclass(frozen=True, slots=True)
class Creation:
    """One request to create a pair of accounts, and what became of it."""

    request_id: str
    name: str
    state: str
    requested_at: datetime
    completed_at: datetime | None = None
    account_id: str | None = None
    govcloud_account_id: str | None = None
    failure_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """One try to close an account, to the second, and how it ended."""

    account_id: str
    closed_at: datetime
    state: str = "SUCCEEDED"


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of an account."""

    account_id: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Spend:
    """What a standard account was billed for GovCloud in the month that begins on this day."""

    account_id: str
    month: date
    amount: float
    unit: str = "USD"
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """One alternate contact of an account."""

    account_id: str
    contact_type: str
    name: str
    title: str
    email: str
    phone: str


class Later(Generic[_Item]):
    """Items that are made when somebody first looks at them, and once."""

    def __init__(self, make: Callable[[], Iterable[_Item]]) -> None:
        self._make = make
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[_Item]:
        with self._lock:
            return iter(self._made)

    def __bool__(self) -> bool:
        with self._lock:
            return bool(self._made)

    @cached_property
    def _made(self) -> list[_Item]:
        return list(self._make())


def email(account: Account) -> str:
    """Give the account's address, made from its id where none was given."""
    return account.email or f"aws+{account.account_id}@example.com"
