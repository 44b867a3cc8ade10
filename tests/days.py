"""Days of a small organization: what each account is in each snapshot, written in a few letters.

A day is a mapping of account numbers to what is seen of them: `"CLOSED/ACTIVE"` are both states,
`"ACTIVE"` alone has no GovCloud account, `"ACTIVE/?"` was not answered; who is not in it is not
listed. Day 0 is the first of March.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit import schema
from toolkit.errors import StoreError
from toolkit.schema import CallerKind, Outcome
from toolkit.store import Manifest, Snapshot, Store
from toolkit.store.keys import TAKEN

Day = Mapping[int, str]

FIRST = pd.Timestamp("2026-03-01T03:00:00Z")
ORGANIZATION = "o-days"


def on(day: float) -> pd.Timestamp:
    """Return when the snapshot of a day is taken."""
    return (FIRST + pd.Timedelta(days=day)).round("us")


def id_of(day: float, organization: str = ORGANIZATION) -> str:
    """Return the id of the snapshot of a day."""
    return f"{organization}/{on(day):{TAKEN}}"


def standard(number: int) -> str:
    """Return the id of a standard account."""
    return f"1{number:011d}"


def govcloud(number: int) -> str:
    """Return the id of the GovCloud account of that number."""
    return f"9{number:011d}"


def snapshot_of(
    day: float,
    seen: Day,
    *,
    units: Mapping[int, str] | None = None,
    paired: Mapping[int, int] | None = None,
    witness: Day | None = None,
    closed: Mapping[int, float] | None = None,
    tags: Mapping[int, Mapping[str, str]] | None = None,
    complete: bool = True,
    caller: CallerKind = CallerKind.MANAGEMENT,
) -> Snapshot:
    """Make the snapshot of a day.

    `paired` are the GovCloud accounts of those that have another number than their own, `closed`
    the days of closures that CloudTrail knows, and `witness` what the GovCloud organization lists.
    """
    accounts, looked_up = [], []
    for number, both in seen.items():
        state, _, other = both.partition("/")
        found = other not in ("", "?")
        accounts.append(
            {
                "account_id": standard(number),
                "name": f"account {number}",
                "standard_state": state or None,
                "ou_path": (units or {}).get(number),
            }
        )
        looked_up.append(
            {
                "account_id": standard(number),
                "govcloud_account_id": govcloud((paired or {}).get(number, number))
                if found
                else None,
                "govcloud_state": other if found else None,
                "outcome": Outcome.FOUND
                if found
                else (Outcome.UNAVAILABLE if other else Outcome.NOT_LINKED),
            }
        )
    rows: dict[str, Sequence[Mapping[str, object]] | None] = {
        "accounts": accounts,
        "govcloud": looked_up,
        "witness": witness
        and [{"govcloud_account_id": govcloud(n), "state": state} for n, state in witness.items()],
        "closures": closed
        and [{"account_id": standard(n), "closed_at": on(when)} for n, when in closed.items()],
        "tags": tags
        and [
            {"account_id": standard(n), "key": key, "value": value}
            for n, told in tags.items()
            for key, value in told.items()
        ],
    }
    if witness is not None:
        rows["witness"] = rows["witness"] or []
    tables = {
        name: schema.coerce(schema.STORED[name], made)
        for name, made in rows.items()
        if made is not None
    }
    manifest = Manifest(
        organization_id=ORGANIZATION,
        taken=on(day),
        finished=on(day) + pd.Timedelta(minutes=5),
        caller_account_id=standard(0),
        caller_kind=caller,
        complete=complete,
        sources={
            name: {"outcome": "FOUND", "detail": None, "rows": len(table)}
            for name, table in tables.items()
        },
    )
    return Snapshot({**tables, "links": schema.empty(schema.LINKS)}, manifest)


def days_of(*seen: Day | None) -> list[Snapshot]:
    """Make a snapshot of each day, one day after the other; none of a day that is None."""
    return [snapshot_of(day, one) for day, one in enumerate(seen) if one is not None]


def store_of(folder: Path, snapshots: Sequence[Snapshot]) -> Store:
    """Keep snapshots in a store."""
    store = Store(folder)
    for one in snapshots:
        store.save(one)
    return store


def part(store: Store, snapshot_id: str, table: str = "govcloud") -> Path:
    """Return the file of a table of a snapshot."""
    organization, _, taken = snapshot_id.partition("/")
    return Path(f"{store}/{table}/organization={organization}/taken={taken}/part.parquet")


def manifest(store: Store, snapshot_id: str) -> Path:
    """Return the file of a manifest."""
    organization, _, taken = snapshot_id.partition("/")
    return Path(f"{store}/runs/organization={organization}/taken={taken}.json")


class Counting(Store):
    """A store that counts what is read: some tables of a snapshot, or all of it."""

    def __init__(self, address: str | os.PathLike[str]) -> None:
        super().__init__(address)
        self.read: Counter[str] = Counter()

    def columns(
        self, manifests: Sequence[Manifest], wanted: Mapping[str, Sequence[str]]
    ) -> Iterator[tuple[Manifest, dict[str, Any] | StoreError]]:
        """Count, and read."""
        self.read.update(f"{one.snapshot_id} {' '.join(wanted)}" for one in manifests)
        yield from super().columns(manifests, wanted)

    def load(self, wanted: str | None = None, *, organization: str | None = None) -> Snapshot:
        """Count, and read."""
        self.read[f"{wanted} whole"] += 1
        return super().load(wanted, organization=organization)


def again(snapshot: Snapshot, seen: Day) -> Snapshot:
    """Return the snapshot of the same time, as a later run completed it."""
    made = snapshot_of((snapshot.taken - FIRST) / pd.Timedelta(days=1), seen)
    later = snapshot.manifest.finished + pd.Timedelta(hours=1)
    return Snapshot(made.tables, replace(made.manifest, completed=True, finished=later))
