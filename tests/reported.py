"""Snapshots to report on: small literal ones, and a hostile one of any size."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from toolkit import schema
from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES, LinkStatus, Outcome
from toolkit.store import Manifest, Snapshot
from toolkit.verdicts import Policy, default_link_rules, default_rules

HOSTILE = (
    '=HYPERLINK("http://x")',
    "<b>bold</b>",
    "x" * 50,
    "東京",
    "a\tb\x01\x0b\x1b[31m",
    "@SUM(A1)",
    "-1+1",
    "\t=1+1",
    "\r=2",
    "</script><script>alert(1)</script>",
    "_x0041_",
    "$x^2$",
    "NA",
    "",
    "O'Neill & Sons \U0001f680 \u202egnp.exe",
)

Row = tuple[str, str, str | None, str | None, str | None]
"""Account, name, organizational unit, standard state, GovCloud state (None: not linked)."""


def make_snapshot(
    rows: Sequence[Row],
    links: Sequence[tuple[str, str, str, str]] = (),
    *,
    day: str = "2026-11-22",
    complete: bool = True,
    organization: str = "o-test",
    failed: Sequence[str] = (),
) -> Snapshot:
    """Make a snapshot; links are (status, source, target, Region), `failed` ids were not seen."""
    taken = pd.Timestamp(f"{day}T03:00:00Z")
    accounts = [
        {
            "account_id": account,
            "name": name,
            "email": f"secret-{account}@mail.example",
            "standard_state": standard,
            "joined_at": "2020-01-02T03:04:05Z",
            "ou_path": unit,
        }
        for account, name, unit, standard, _ in rows
    ]
    looked_up = [
        {
            "account_id": account,
            "govcloud_account_id": None if unlinked else f"9{account[1:]}",
            "govcloud_state": None if unlinked else state,
            "outcome": _outcome(account in failed, state),
            "fetched_at": taken,
        }
        for account, _, _, _, state in rows
        for unlinked in (state is None or account in failed,)
    ]
    found = [
        {
            "link_id": f"link-{number:08d}",
            "link_status": status,
            "source_account_id": source,
            "target_account_id": target,
            "region": region,
            "fetched_at": taken,
        }
        for number, (status, source, target, region) in enumerate(links)
    ]
    tables = {"accounts": accounts, "govcloud": looked_up, "links": found}
    return Snapshot(
        {name: schema.coerce(schema.STORED[name], made) for name, made in tables.items()},
        Manifest(
            organization_id=organization,
            taken=taken,
            finished=taken,
            caller_account_id="000000000042",
            caller_kind="management",
            complete=complete,
        ),
    )


def _outcome(failed: bool, state: str | None) -> Outcome:  # noqa: FBT001 - private to this file
    if failed:
        return Outcome.UNAVAILABLE
    return Outcome.NOT_LINKED if state is None else Outcome.FOUND


def small_snapshot(**more: object) -> Snapshot:
    """Make five pairs: two that agree, one critical, one high, one without a GovCloud account."""
    rows: list[Row] = [
        ("000000000042", "one", "Workloads/Production", "ACTIVE", "ACTIVE"),
        ("100000000002", "two", "Workloads/Production", "CLOSED", "ACTIVE"),
        ("100000000003", "three", "Sandbox", "ACTIVE", "SUSPENDED"),
        ("100000000004", "four", "Sandbox", "CLOSED", "CLOSED"),
        ("100000000005", "five", None, "ACTIVE", None),
    ]
    links = [
        ("LINKED", "000000000042", "100000000003", "us-east-1"),
        ("LINKED", "000000000042", "100000000005", "us-west-2"),
        ("LINKING_FAILED", "000000000042", "999999999999", "us-west-2"),
    ]
    return make_snapshot(rows, links, **more)  # type: ignore[arg-type] # passed on as they came


def asked(
    snapshot: Snapshot,
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    unseen: Mapping[str, tuple[str, str | None]] | None = None,
) -> Snapshot:
    """Return a snapshot that has these tables, too; `unseen` are (outcome, detail) of sources."""
    made = {name: schema.coerce(schema.STORED[name], rows) for name, rows in tables.items()}
    sources = {
        name: {"outcome": "FOUND", "detail": None, "rows": len(snapshot.table(name))}
        for name in ("accounts", "govcloud", "links")
    }
    for name, table in made.items():
        sources[name] = {"outcome": "FOUND", "detail": None, "rows": len(table)}
    for name, (outcome, detail) in (unseen or {}).items():
        rows = len(made.get(name, ()))
        sources[name] = {"outcome": outcome, "detail": detail, "rows": rows}
    manifest = replace(
        snapshot.manifest,
        sources=sources,
        govcloud_organization_id="o-govcloud" if "witness" in made else None,
    )
    return Snapshot({**snapshot.tables, **made}, manifest)


WITNESSES: Mapping[str, Sequence[Mapping[str, object]]] = {
    "witness": [
        {"govcloud_account_id": f"9000000000{end}", "name": f"gov {end}", "state": state}
        for end, state in (
            ("42", "ACTIVE"),
            ("02", "SUSPENDED"),
            ("06", "ACTIVE"),
            ("77", "ACTIVE"),
        )
    ],
    "created": [
        {
            "request_id": "car-00000001",
            "account_id": "100000000005",
            "govcloud_account_id": "900000000055",
            "state": "SUCCEEDED",
        }
    ],
    "closures": [{"account_id": "100000000002", "closed_at": "2026-11-01T00:00:00Z"}],
    "tags": [
        {"account_id": "000000000042", "key": "owner", "value": "payments"},
        {"account_id": "100000000002", "key": "owner", "value": "=1+1"},
        {"account_id": "100000000002", "key": "stage", "value": "prod"},
        {"account_id": "100000000003", "key": "name", "value": "<b>not its name</b>"},
    ],
    "spend": [
        {
            "account_id": account,
            "month": month,
            "amount": amount,
            "unit": unit,
            "is_estimated": month == "2026-10",
        }
        for account, month, amount, unit in (
            ("000000000042", "2026-08", 10.0, "USD"),
            ("100000000002", "2026-08", 1000.254, "USD"),
            ("100000000002", "2026-10", 2000.0, "USD"),
            ("100000000003", "2026-09", 70.0, "USD"),
            ("100000000003", "2026-09", 5000.0, "JPY"),
        )
    ],
    "contacts": [
        {
            "account_id": "100000000003",
            "contact_type": "OPERATIONS",
            "name": "=Bob",
            "email": "bob@call.example",
        },
        {
            "account_id": "100000000002",
            "contact_type": "SECURITY",
            "name": "Ada",
            "title": "CISO",
            "email": "ada@call.example",
            "phone": "+1 555 0100",
        },
        {"account_id": "100000000002", "contact_type": "BILLING", "detail": "none is set"},
    ],
}
"""What the further sources tell of `small_snapshot`: one GovCloud account of each finding."""


def witnessed_snapshot(**more: object) -> Snapshot:
    """Make five pairs of which every further source tells something."""
    return asked(small_snapshot(**more), WITNESSES)


def older_snapshot() -> Snapshot:
    """Make the same organization a week before: two other mismatches, one account more."""
    rows: list[Row] = [
        ("000000000042", "one", "Workloads/Production", "ACTIVE", "CLOSED"),
        ("100000000002", "two", "Workloads/Production", "ACTIVE", "ACTIVE"),
        ("100000000003", "three", "Sandbox", "ACTIVE", "SUSPENDED"),
        ("100000000004", "four", "Sandbox", "CLOSED", "CLOSED"),
        ("100000000006", "six", "Sandbox", "CLOSED", "ACTIVE"),
    ]
    return make_snapshot(rows, day="2026-11-15")


def own_policy() -> Policy:
    """Make rules of one's own: both suspended disagree, a kept payer agrees, links may not leave.

    Closed payers with an active GovCloud account stay CRITICAL, as in this toolkit's own rules.
    """
    rules, link_rules = default_rules(), default_link_rules()
    states = rules["standard_state"] + rules["govcloud_state"]
    rules.loc[states == "SUSPENDEDSUSPENDED", ["verdict", "severity", "meaning", "action"]] = [
        "MISMATCH",
        "CRITICAL",
        "Nobody pays here.",
        "Ask finance first.",
    ]
    rules.loc[states == "ACTIVECLOSED", "verdict"] = "MATCH"
    outside = (link_rules["link_status"] == "LINKED") & (link_rules["ends"] == "OUTSIDE")
    link_rules.loc[outside, ["severity", "meaning"]] = ["CRITICAL", "A link must not leave us."]
    return Policy(rules, link_rules, "ours.toml")


def contested_snapshot(*, day: str = "2026-11-22", restricted: str = "SUSPENDED") -> Snapshot:
    """Make three pairs and a link that `own_policy` judges in another way than the toolkit does."""
    rows: list[Row] = [
        ("000000000042", "one", "Root", "ACTIVE", "ACTIVE"),
        ("100000000002", "two", "Root", "SUSPENDED", restricted),
        ("100000000003", "three", "Root", "ACTIVE", "CLOSED"),
    ]
    return make_snapshot(rows, [("LINKED", "000000000042", "999999999999", "us-east-1")], day=day)


def agreeing_snapshot(accounts: int = 3) -> Snapshot:
    """Make pairs that all agree."""
    return make_snapshot(
        [(f"{i:012d}", f"account {i}", "Root", "ACTIVE", "ACTIVE") for i in range(accounts)]
    )


def hostile_snapshot(accounts: int = 500, units: int = 40, *, day: str = "2026-11-22") -> Snapshot:
    """Make every combination of states, under names and units that would break a careless file."""
    standard = [str(state) for state in STANDARD_STATES] + ["LOCKED"]
    govcloud = [str(state) for state in GOVCLOUD_STATES]
    rows: list[Row] = [
        (
            f"{42 + 7 * i:012d}",
            HOSTILE[i % len(HOSTILE)],
            f"{HOSTILE[i % units % len(HOSTILE)]}/a-long-organizational-unit-{i % units:02d}/東京",
            standard[i % len(standard)],
            govcloud[i // 6 % 4] if i % 9 else None,
        )
        for i in range(accounts)
    ]
    statuses = [str(status) for status in LinkStatus] + ["ODD"]
    links = [
        (statuses[i % 6], rows[0][0], rows[i][0] if i % 4 else "999999999999", f"us-{i % 9}")
        for i in range(min(accounts, 60))
    ]
    return make_snapshot(rows, links, day=day, failed=[row[0] for row in rows[5::97]])
