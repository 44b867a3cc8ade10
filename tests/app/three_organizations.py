"""A store of three organizations: one that agrees, one seen long ago, and the worst of them."""

from acting import ahead
from reported import make_snapshot

from toolkit.fleet import overview
from toolkit.store import Snapshot, Store

CALM, OLD, WORST = "o-calm", "o-old", "o-worst"
"""Their ids, in their order in a list; as they are compared, the last comes first."""

TOLD = "1 critical mismatch in 1 of 3 organizations"
"""What is said of all of them."""


def a_day(organization: str, days_ago: int, state: str = "ACTIVE", *, dark: int = 0) -> Snapshot:
    """Make a snapshot of two pairs that agree, a third of that standard state, and dark ones."""
    rows = [
        ("100000000001", "one", "Root/Apps", "ACTIVE", "ACTIVE"),
        ("100000000002", "two", "Root/Apps", "CLOSED", "CLOSED"),
        ("100000000003", "three", "Root/Data", state, "ACTIVE"),
        *((f"20000000000{n}", "dark", "Root/Data", "ACTIVE", "ACTIVE") for n in range(dark)),
    ]
    return make_snapshot(
        rows,
        day=f"{ahead(-days_ago)}",
        organization=organization,
        failed=[row[0] for row in rows[3:]],
    )


def save(store: Store) -> Store:
    """Save them into a store: two weeks of the first and of the last, one snapshot of the other."""
    for snapshot in (
        a_day(CALM, 8, "SUSPENDED"),
        a_day(CALM, 1),
        a_day(OLD, 20, "SUSPENDED"),
        a_day(WORST, 8, "CLOSED"),
        a_day(WORST, 1, "CLOSED", dark=1),
    ):
        store.save(snapshot)
    # What is kept of them goes along, so that no test of the app writes it there.
    overview(store)
    return store
