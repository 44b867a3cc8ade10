"""An organization of which everything is known: the witness, creations, tags, cost, contacts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from reported import make_snapshot

from toolkit import schema
from toolkit.schema import Finding
from toolkit.store import Snapshot, Store

AGREEING, DISAGREEING, OUTSIDE, UNPAIRED, LEFT, MISMATCHING = (
    f"1000000000{number:02}" for number in range(1, 7)
)
STRANGER = "955555555555"
"""A GovCloud account that nobody's pair is known to be."""

FINDINGS = {
    f"9{AGREEING[1:]}": Finding.AGREE,
    f"9{MISMATCHING[1:]}": Finding.AGREE,
    f"9{DISAGREEING[1:]}": Finding.STATE_DISAGREES,
    f"9{OUTSIDE[1:]}": Finding.NOT_IN_GOVCLOUD_ORGANIZATION,
    f"9{UNPAIRED[1:]}": Finding.CREATED_BUT_NOT_PAIRED,
    f"9{LEFT[1:]}": Finding.PAIR_LEFT_LIST,
    STRANGER: Finding.WITHOUT_PAIR,
}
"""What is to be found of each GovCloud account."""

_ROWS = [
    (AGREEING, "agreeing", "Root/Apps", "ACTIVE", "ACTIVE"),
    (DISAGREEING, "disagreeing", "Root/Apps", "ACTIVE", "ACTIVE"),
    (OUTSIDE, "outside", "Root", "ACTIVE", "ACTIVE"),
    (UNPAIRED, "unpaired", "Root", "ACTIVE", None),
    (MISMATCHING, "mismatching", "Root", "CLOSED", "ACTIVE"),
]
_MEMBERS = {
    f"9{AGREEING[1:]}": "ACTIVE",
    f"9{MISMATCHING[1:]}": "ACTIVE",
    f"9{DISAGREEING[1:]}": "SUSPENDED",
    f"9{LEFT[1:]}": "ACTIVE",
    STRANGER: "ACTIVE",
}
_TABLES: Mapping[str, list[dict[str, Any]]] = {
    "witness": [
        {
            "govcloud_account_id": account,
            "name": f"gov of {account[-2:]}",
            "email": f"gov-{account}@mail.example",
            "state": state,
            "joined_method": "INVITED",
            "joined_at": "2021-02-03T04:05:06Z",
            "ou_path": "Root/Gov",
        }
        for account, state in _MEMBERS.items()
    ],
    "created": [
        {
            "request_id": "car-0123456789",
            "account_id": UNPAIRED,
            "govcloud_account_id": f"9{UNPAIRED[1:]}",
            "name": "unpaired",
            "state": "SUCCEEDED",
            "requested_at": "2026-10-05T06:07:08Z",
            "completed_at": "2026-10-05T06:09:08Z",
        }
    ],
    "closures": [{"account_id": MISMATCHING, "closed_at": "2026-11-01T00:00:00Z"}],
    "tags": [
        {"account_id": AGREEING, "key": "owner", "value": "ann"},
        {"account_id": MISMATCHING, "key": "owner", "value": "bob"},
        {"account_id": MISMATCHING, "key": "stage", "value": ""},
        {"account_id": OUTSIDE, "key": "owner", "value": "=1+1 **b** <i>"},
    ],
    "spend": [
        {"account_id": account, "month": month, "amount": amount, "unit": unit, "is_estimated": new}
        for account, month, amount, unit, new in (
            (MISMATCHING, "2026-08", 1000.0, "USD", False),
            (MISMATCHING, "2026-09", 200.0, "USD", False),
            (MISMATCHING, "2026-10", 34.0, "USD", True),
            (MISMATCHING, "2026-10", 5.0, "CNY", False),
        )
    ],
    "contacts": [
        {
            "account_id": MISMATCHING,
            "contact_type": "BILLING",
            "name": "Bill Payer",
            "title": "Controller",
            "email": "bill@mail.example",
            "phone": "+1 555 0100",
        },
        {"account_id": MISMATCHING, "contact_type": "SECURITY", "detail": "none is set"},
    ],
}


def witnessed(**outcomes: str) -> Snapshot:
    """Make the organization; a source that is named ended so and gave no row, "" not asked."""
    snapshot = make_snapshot(_ROWS, organization="o-witnessed")
    sources, tables = {}, dict(snapshot.tables)
    for name, rows in _TABLES.items():
        outcome = outcomes.get(name, "FOUND")
        kept = rows if outcome == "FOUND" else []
        if outcome:
            tables[name] = schema.coerce(schema.STORED[name], kept)
            detail = None if outcome == "FOUND" else f"AWS denied {name}."
            sources[name] = {"outcome": outcome, "detail": detail, "rows": len(kept)}
    for name in ("accounts", "govcloud", "links"):
        sources[name] = {"outcome": "FOUND", "detail": None, "rows": len(tables[name])}
    manifest = replace(
        snapshot.manifest, sources=sources, govcloud_organization_id="o-govcloud", accounts=5
    )
    return replace(snapshot, tables=tables, manifest=manifest)


def of_the_week_before() -> Snapshot:
    """Make the same organization a week before, one account more; of the older kind."""
    rows = [*_ROWS, (LEFT, "left", "Root", "ACTIVE", "ACTIVE")]
    return make_snapshot(rows, day="2026-11-15", organization="o-witnessed")


def save(store: Store, **outcomes: str) -> pd.Timestamp:
    """Save both into a store, and return when the older one was taken."""
    older = store.save(of_the_week_before())
    store.save(witnessed(**outcomes))
    return older.taken
