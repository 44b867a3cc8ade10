"""A small company given by hand, of which AWS knows something of every kind."""

from datetime import UTC, date, datetime

from toolkit.emulator import (
    Account,
    Closure,
    Contact,
    Creation,
    Link,
    Organization,
    Spend,
    Tag,
)

DAY = date(2026, 11, 22)
BOSS, AUDIT, PAIRED, CLOSED = (f"{number:012}" for number in (1, 2, 3, 4))
GOV_BOSS, GOV_PAIRED, GOV_STRAY = (f"9{number:011}" for number in (1, 3, 5))
NOON = datetime(2026, 11, 1, 12, 0, 5, tzinfo=UTC)


def make_company() -> Organization:
    """Make it: its GovCloud organization has three members, one of them in a unit."""
    return Organization(
        [
            Account(BOSS, "boss", govcloud_account_id=GOV_BOSS, govcloud_state="ACTIVE"),
            Account(AUDIT, "audit"),
            Account(PAIRED, "paired", "ACTIVE", GOV_PAIRED, "SUSPENDED", unit=("Workloads",)),
            Account(CLOSED, "closed", "CLOSED"),
        ],
        [Link("link-12345678", "LINKED", BOSS, PAIRED, "us-east-1")],
        organization_id="o-commercial1",
        day=DAY,
        govcloud_organization_id="o-govcloud42",
        govcloud_accounts=[
            Account(GOV_BOSS, "gov boss", joined_at=NOON),
            Account(GOV_PAIRED, "gov paired", "PENDING_CLOSURE", unit=("Federal",)),
            Account(GOV_STRAY, "stray", "SUSPENDED", joined_method="INVITED"),
        ],
        creations=[
            Creation("car-00000001", "paired", "SUCCEEDED", NOON, NOON, PAIRED, GOV_PAIRED),
            Creation("car-00000002", "waits", "IN_PROGRESS", NOON),
            Creation(
                "car-00000003", "failed", "FAILED", NOON, NOON, failure_reason="INVALID_ADDRESS"
            ),
        ],
        account_closures=[
            Closure(CLOSED, datetime(2026, 8, 24, 23, 59, 59, tzinfo=UTC)),
            Closure(CLOSED, NOON),
            Closure(CLOSED, datetime(2026, 9, 1, 0, 30, 9, tzinfo=UTC)),
            Closure(PAIRED, datetime(2026, 10, 5, 18, 16, 58, tzinfo=UTC), "FAILED"),
            Closure("000000000099", datetime(2026, 8, 25, tzinfo=UTC)),
        ],
        account_tags=[
            Tag(PAIRED, "owner", "ann"),
            Tag(PAIRED, "stage", ""),
            Tag(BOSS, "owner", "bob"),
        ],
        account_spend=[
            Spend(BOSS, date(2026, 7, 1), 7.0),
            Spend(BOSS, date(2026, 8, 1), 10.25),
            Spend(PAIRED, date(2026, 8, 1), 0.5, "EUR"),
            Spend(PAIRED, date(2026, 8, 1), 1234567.89),
            Spend(PAIRED, date(2026, 9, 1), 0.0),
            Spend(BOSS, date(2026, 10, 1), 3.0, is_estimated=True),
            Spend(BOSS, date(2026, 11, 1), 1.5),
        ],
        account_contacts=[
            Contact(PAIRED, "BILLING", "Ann Lee", "Controller", "ann@example.com", "+1 555 0100"),
            Contact(BOSS, "SECURITY", "Bo Ode", "CISO", "bo@example.com", "+1 555 0101"),
        ],
    )
