"""What tests of stores share: a small snapshot, and where its files lie."""

import pandas as pd

from toolkit import schema
from toolkit.store import Manifest, Snapshot

TAKEN = pd.Timestamp("2026-11-22T03:00:00Z")
ID = "o-exampleorgid/2026-11-22T03-00-00Z"
MANIFEST = "runs/organization=o-exampleorgid/taken=2026-11-22T03-00-00Z.json"


def a_snapshot(
    taken: pd.Timestamp = TAKEN,
    organization: str = "o-exampleorgid",
    name: str = "Payments",
    *,
    complete: bool = True,
) -> Snapshot:
    accounts = schema.coerce(
        schema.ACCOUNTS,
        [
            {"account_id": "000000000042", "name": name, "standard_state": "ACTIVE"},
            {"account_id": "111111111111", "name": "NA", "standard_state": "QUARANTINED"},
        ],
    )
    govcloud = schema.coerce(
        schema.GOVCLOUD,
        [
            {
                "account_id": "000000000042",
                "govcloud_account_id": "000000000007",
                "govcloud_state": "CLOSED",
                "outcome": "FOUND",
                "fetched_at": taken,
            },
            {"account_id": "111111111111", "outcome": "UNAVAILABLE", "detail": "not available"},
        ],
    )
    return Snapshot(
        {"accounts": accounts, "govcloud": govcloud, "links": schema.empty(schema.LINKS)},
        Manifest(
            organization_id=organization,
            taken=taken,
            finished=taken + pd.Timedelta(minutes=1),
            caller_account_id="999999999999",
            caller_kind="management",
            complete=complete,
            sources={"accounts": {"outcome": "FOUND", "detail": None, "rows": 2}},
            outcomes={"FOUND": 1, "UNAVAILABLE": 1},
            regions={"us-east-1": {"outcome": "FOUND", "links": 0}},
            accounts=2,
            rate=9.8,
            rate_clusters=3,
        ),
    )
