"""Snapshots of two organizations: pairs, the GovCloud organization's own list, and creations."""

from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit import schema
from toolkit.schema import CallerKind, Outcome
from toolkit.store import Manifest, Snapshot

Row = Mapping[str, object]
DENIED = {"outcome": "ACCESS_DENIED", "detail": "organizations:ListAccounts is refused."}


def standard(number: int) -> str:
    """Return the id of a standard account."""
    return f"1{number:011d}"


def govcloud(number: int) -> str:
    """Return the id of a GovCloud account; that of a pair has the number of its account."""
    return f"9{number:011d}"


def pair(number: int, state: str | None = "ACTIVE", *, of: int | None = None) -> Row:
    """Return the look-up that found a GovCloud account; of another number where `of` says so."""
    return {
        "account_id": standard(number),
        "govcloud_account_id": govcloud(number if of is None else of),
        "govcloud_state": state,
        "outcome": Outcome.FOUND,
    }


def lone(number: int, outcome: Outcome = Outcome.NOT_LINKED) -> Row:
    """Return a look-up that found no GovCloud account."""
    return {"account_id": standard(number), "outcome": outcome}


def member(number: int, state: str | None = "ACTIVE") -> Row:
    """Return a row of the GovCloud organization's list."""
    return {"govcloud_account_id": govcloud(number), "name": f"gov {number}", "state": state}


def creation(number: int, of: int, state: str = "SUCCEEDED") -> Row:
    """Return the creation of a standard account together with a GovCloud account."""
    return {
        "request_id": f"car-{number:08d}{of:08d}",
        "account_id": standard(number),
        "govcloud_account_id": govcloud(of),
        "state": state,
    }


def witnessed(
    pairs: Sequence[Row],
    members: Sequence[Row] | None = None,
    creations: Sequence[Row] | None = None,
    *,
    listed: Sequence[int] = (),
    day: str = "2026-11-22",
    complete: bool = True,
    caller: CallerKind = CallerKind.MANAGEMENT,
    organization: str = "o-test",
    sources: Mapping[str, Mapping[str, object]] | None = None,
) -> Snapshot:
    """Make a snapshot; a source without rows given was not asked, unless `sources` says more.

    `listed` are accounts that nobody looked up.
    """
    taken = pd.Timestamp(f"{day}T03:00:00Z")
    ids = [*(row["account_id"] for row in pairs), *map(standard, listed)]
    accounts = [{"account_id": one, "name": "any", "standard_state": "ACTIVE"} for one in ids]
    made = {"accounts": accounts, "govcloud": pairs, "witness": members, "created": creations}
    tables = {
        name: schema.coerce(schema.STORED[name], rows)
        for name, rows in made.items()
        if rows is not None
    }
    ended = {
        name: {"outcome": "FOUND", "detail": None, "rows": len(table)}
        for name, table in tables.items()
    }
    manifest = Manifest(
        organization_id=organization,
        taken=taken,
        finished=taken,
        caller_account_id=standard(0),
        caller_kind=caller,
        complete=complete,
        sources={**ended, **(sources or {})},
    )
    return Snapshot({**tables, "links": schema.empty(schema.LINKS)}, manifest)


def rows_of(reconciled: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Return RECONCILED by GovCloud id, what is missing as None."""
    plain = reconciled.astype("object").where(reconciled.notna(), None)
    return plain.set_index("govcloud_account_id").to_dict("index")
