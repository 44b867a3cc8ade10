"""Small organizations day by day, judged, and what somebody has accepted of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from reported import make_snapshot

from toolkit import schema
from toolkit.schema import ACCEPTANCES
from toolkit.store import Snapshot
from toolkit.verdicts import Judged, Policy

Pairs = Mapping[int, tuple[str, str | None]]
"""By number, the states of both sides; None where there is no GovCloud account."""

FINE, CRITICAL, HIGH, MEDIUM = (
    ("ACTIVE", "ACTIVE"),
    ("CLOSED", "ACTIVE"),
    ("ACTIVE", "SUSPENDED"),
    ("ACTIVE", "CLOSED"),
)
"""The states of both sides of a pair, by what this toolkit's own rules say of them."""


def standard(number: int) -> str:
    """Return the id of a standard account."""
    return f"1{number:011d}"


def govcloud(number: int) -> str:
    """Return the id of its GovCloud account."""
    return f"9{number:011d}"


def an_organization(
    day: str,
    pairs: Pairs,
    *,
    members: Mapping[int, str] | None = None,
    failed: Sequence[int] = (),
    names: Mapping[int, str] | None = None,
    complete: bool = True,
    organization: str = "o-test",
) -> Snapshot:
    """Make a snapshot; `members` is the GovCloud organization's list, not asked where not given."""
    called = names or {}
    rows = [
        (standard(one), called.get(one, f"account {one}"), "Root", *states)
        for one, states in pairs.items()
    ]
    made = make_snapshot(
        rows,
        day=day,
        complete=complete,
        organization=organization,
        failed=[standard(one) for one in failed],
    )
    ended = {name: {"outcome": "FOUND"} for name in ("accounts", "govcloud", "links")}
    tables = dict(made.tables)
    if members is not None:
        listed = [
            {"govcloud_account_id": govcloud(one), "name": f"gov {one}", "state": state}
            for one, state in members.items()
        ]
        tables["witness"] = schema.coerce(schema.WITNESS, listed)
        ended["witness"] = {"outcome": "FOUND"}
    return Snapshot(tables, replace(made.manifest, sources=ended))


def judged(*snapshots: Snapshot, policy: Policy | None = None) -> Judged:
    """Judge the last of these snapshots, with the others as its history."""
    *earlier, last = snapshots
    return (policy or Policy()).judge(last, earlier)


def accepting(
    number: int,
    standard_state: str = "CLOSED",
    govcloud_state: str = "ACTIVE",
    *,
    until: str = "2027-03-31",
    **more: object,
) -> Policy:
    """Return a policy in which somebody answers for one account in two states."""
    entry = {
        "entry": 1,
        "account_id": standard(number),
        "standard_state": standard_state,
        "govcloud_state": govcloud_state,
        "reason": "Held for the audit",
        "owner": "finops@example.com",
        "until": pd.Timestamp(until, tz="UTC"),
    }
    return Policy(acceptances=schema.coerce(ACCEPTANCES, [entry]), **more)  # type: ignore[arg-type]
