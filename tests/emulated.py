"""What tests of the way to AWS share: connections to emulators, and time that costs none."""

import os
import queue
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from toolkit.aws import Aws
from toolkit.dispatch import Clock
from toolkit.dispatch.crew import Crew
from toolkit.emulator import Account, Link, Organization

Connect = Callable[..., Aws]

MANAGEMENT = Account("000000000001", "management", unit=())


class FastClock(Clock):
    """A clock on which waiting for what does not come takes no time."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__(start)
        self._ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead)

    def receive(self, crew: Crew, seconds: float) -> Any:
        try:
            # What is in flight gets a moment to arrive, which a loaded machine needs.
            return crew.inbox.get(timeout=0.05 if crew.in_flight else 0)
        except queue.Empty:
            self._ahead += seconds
            raise


def hide_aws_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the machine's own AWS settings until the test ends."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "no-aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "no-aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def an_organization(
    *accounts: Account, links: tuple[Link, ...] = (), members: tuple[Account, ...] = ()
) -> Organization:
    """Make an organization of the management account, a delegated one and these.

    `members` are those of its GovCloud organization, its management account first.
    """
    whole = (MANAGEMENT, Account("000000000002", "delegated"), *accounts)
    return Organization(whole, links, govcloud_accounts=members)


def a_pair(number: int, standard: str = "ACTIVE", govcloud: str | None = "ACTIVE") -> Account:
    """Make a standard account, its GovCloud account in this state, or none."""
    return Account(
        f"{number:012}",
        f"account {number}",
        standard_state=standard,
        govcloud_account_id=f"9{number:011}" if govcloud else None,
        govcloud_state=govcloud,
        unit=("Workloads",),
    )


def rows(table: pd.DataFrame, *left_out: str) -> list[dict[str, Any]]:
    """Return a table's rows in an order of their own, missing values as None."""
    plain = table.drop(columns=list(left_out)).astype("object")
    return in_order(plain.where(plain.notna(), None).to_dict("records"))


def in_order(told: list[Any]) -> list[dict[str, Any]]:
    """Return rows in an order of their own, by the names of their columns."""
    return sorted(told, key=lambda row: [str(row[name]) for name in sorted(row)])
