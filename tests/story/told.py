"""One payer's story, collected day by day over the wire: from open to closed, and beyond the list.

Each day is one snapshot at three in the morning, of an organization whose state that day is told
here. Nothing of it is judged here.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from emulated import a_pair, an_organization

from toolkit.aws import connect_local
from toolkit.dispatch import Clock
from toolkit.emulator import Account, Closure, Emulator, Tag
from toolkit.runs import collect

FIRST = date(2026, 8, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(120)]
PAYER, NAME, LEFT = "000000000003", "ledger", "900000000003"

CLOSES = date(2026, 8, 6)
"""It is closed at one in the morning; that day's snapshot is the first to show it."""
CRITICAL = date(2026, 9, 6)
"""The 32nd day, counting that of the closure."""
LEAVES = date(2026, 11, 4)
"""The first day on which the list has it no longer: 90 days after its closure."""
WITNESS_CLOSED = date(2026, 11, 20)
"""The first day on which the GovCloud organization's own list shows it closed."""
WITNESS_GONE = date(2026, 11, 26)
"""The first day on which that list does not have it either."""


class _Morning(Clock):
    """A clock that shows three in the morning, however long a slow machine takes."""

    def __init__(self, day: date) -> None:
        self._shown = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        super().__init__(self._shown)

    def now(self) -> datetime:
        return self._shown


def snapshot_id(day: date) -> str:
    """Return the id of the snapshot of a day."""
    return f"o-emulator01/{day:%Y-%m-%d}T03-00-00Z"


def tell(folder: Path) -> None:
    """Collect all days into the store."""
    with Emulator(an_organization(a_pair(3))) as emulator:
        aws = connect_local(emulator.url)
        govcloud = connect_local(emulator.url, "govcloud", region="us-gov-west-1")
        for day in DAYS:
            emulator.organization = _organization(day)
            collect(
                aws,
                folder,
                rate=1000,
                link_regions="none",
                govcloud=govcloud,
                sources=["witness", "closures", "tags"],
                progress=None,
                clock=_Morning(day),
            )
        aws.close()
        govcloud.close()


def _organization(day: date) -> object:
    state = "CLOSED" if day >= CLOSES else "ACTIVE"
    pairs = [replace(a_pair(number), name=f"steady {number}") for number in (4, 5, 6)]
    if day < LEAVES:
        payer = replace(a_pair(3, standard=state), name=NAME, unit=("Retired", "Finance"))
        pairs = [payer, *pairs]
    members = [Account(f"9{number:011}", f"far {number}", unit=()) for number in (4, 5, 6)]
    if day < WITNESS_GONE:
        far = "CLOSED" if day >= WITNESS_CLOSED else "ACTIVE"
        members.append(Account(LEFT, "far payer", standard_state=far))
    closed = datetime(CLOSES.year, CLOSES.month, CLOSES.day, 1, tzinfo=UTC)
    return replace(
        an_organization(*pairs, members=tuple(members)),
        day=day,
        account_closures=[Closure(PAYER, closed)] if day >= CLOSES else [],
        account_tags=[Tag(PAYER, "owner", "finance")] if day < LEAVES else [],
    )
