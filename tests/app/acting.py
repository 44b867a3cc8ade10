"""What tests of acting on mismatches share: three weeks in which accounts close, leave and wait."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
from reported import asked, make_snapshot
from streamlit.testing.v1 import AppTest

from toolkit.store import Snapshot, Store

PAYER, STUCK, GOOD, GONE, DARK = (f"11111111000{number}" for number in range(1, 6))
"""Closed in the third week, always half closed, agreeing, gone in the third week, never seen."""

LEFT = f"9{GONE[1:]}"
"""The GovCloud account of the one that is gone."""

NAME = "**Payer** <b>:material/home:</b> $x$"
TODAY = datetime.now(UTC).date()


def ahead(days: int) -> date:
    """Return the day so many days from today, in UTC."""
    return TODAY + timedelta(days=days)


def acting(store: Path) -> Snapshot:
    """Save three weeks that end today, and return the newest; tags say who owns the payer."""
    for week in (2, 1, 0):
        day = f"{ahead(-7 * week)}"
        rows = [
            (PAYER, NAME, "Retired/Old", "ACTIVE" if week else "CLOSED", "ACTIVE"),
            (STUCK, "Stuck", "Retired", "SUSPENDED", "CLOSED"),
            (GOOD, "Good", "Workloads", "ACTIVE", "ACTIVE"),
            (GONE, "Gone", "Workloads", "SUSPENDED", "ACTIVE"),
            (DARK, "Dark", "Workloads", "ACTIVE", "ACTIVE"),
        ]
        listed = [row for row in rows if week or row[0] != GONE]
        made = make_snapshot(listed, day=day, failed=[DARK])
        tags = [{"account_id": PAYER, "key": "owner", "value": "ann@example.com"}]
        snapshot = Store(store).save(asked(made, {"tags": tags}))
    return snapshot


def acceptance(
    account: str,
    until: date,
    *,
    standard: str = "CLOSED",
    reason: str = "Audit",
    owner: str = "bob@example.com",
) -> str:
    """Return what somebody writes by hand into a policy file to accept an account, until a day."""
    return (
        f'[[accepted]]\naccounts = ["{account}"]\nstandard = "{standard}"\ngovcloud = "ACTIVE"\n'
        f'reason = "{reason}"\nowner = "{owner}"\nuntil = {until}\n'
    )


def table(page: AppTest) -> pd.DataFrame:
    """Return the table of pairs on the page, by account."""
    shown = next(e.value for e in page.dataframe if "meaning_shown" in e.value.columns)
    return shown.set_index("account_id")


def left_table(page: AppTest) -> pd.DataFrame | None:
    """Return the table of what was left behind, by account, if it is on the page."""
    tables = [e.value for e in page.dataframe if "last_seen" in e.value.columns]
    return tables[0].set_index("account_id") if tables else None
