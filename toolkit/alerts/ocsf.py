"""Findings as OCSF Detection Findings, which security tools take in."""

import hashlib
from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from toolkit.alerts.findings import KEY, UNKNOWN, is_accepted
from toolkit.installation import version
from toolkit.schema import Severity, label
from toolkit.store import Snapshot
from toolkit.titles import acceptance_in_words

VERSION: Final = "1.5.0"
"""The version of OCSF whose fields these are; https://schema.ocsf.io has them all."""

_NAME: Final = "account-pairs"
_CATEGORY, _CLASS = 2, 2004
_CREATE, _UPDATE = (1, "Create"), (2, "Update")
_NEW, _SUPPRESSED = (1, "New"), (3, "Suppressed")
_SEVERITIES: Final[Mapping[str, int]] = {
    Severity.LOW: 2,
    Severity.MEDIUM: 3,
    Severity.HIGH: 4,
    Severity.CRITICAL: 5,
}
_AWS_ACCOUNT: Final = 10


def events(found: pd.DataFrame, added: pd.Series, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return FINDINGS of a snapshot as Detection Findings, one each, in their order.

    `added` says which were not there before: those create a finding, the others update one. Its uid
    is made of the organization, the kind and the two accounts, so that another state or severity is
    the same finding, and another GovCloud account a new one. What somebody accepted is Suppressed.
    """
    product = {"name": _NAME, "vendor_name": _NAME, "version": version()}
    same = {
        "time": _milliseconds(snapshot.taken),
        "metadata": {"version": VERSION, "profiles": ["cloud"], "product": product},
    }
    organization = snapshot.manifest.organization_id
    rows = zip(found.to_dict("records"), added, is_accepted(found), strict=True)
    return [
        same | _event(row, organization, is_new=new, is_accepted=settled)
        for row, new, settled in rows
    ]


def uid_of(organization: str, row: Mapping[Hashable, Any]) -> str:
    """Return by what a finding is known from one snapshot to the next, and to other programs."""
    words = [organization, *(str(row[name]) if pd.notna(row[name]) else "" for name in KEY)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]


def _event(
    row: Mapping[Hashable, Any], organization: str, *, is_new: bool, is_accepted: bool
) -> dict[str, Any]:
    """Return what differs from one event of a snapshot to the next."""
    activity, activity_name = _CREATE if is_new else _UPDATE
    status, status_name = _SUPPRESSED if is_accepted else _NEW
    severity = None if pd.isna(row["severity"]) else str(row["severity"])
    kind = label(str(row["kind"]))
    title = "Could not be judged" if row["kind"] == UNKNOWN else kind
    states = " → ".join(
        label(row[name]) for name in ("standard_state", "govcloud_state") if _is_text(row[name])
    )
    return {
        "activity_id": activity,
        "activity_name": activity_name,
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Detection Finding",
        "type_uid": _CLASS * 100 + activity,
        "type_name": f"Detection Finding: {activity_name}",
        "severity_id": _SEVERITIES.get(severity or "", 0),
        "severity": label(severity) if severity else "Unknown",
        "status_id": status,
        "status": status_name,
        "message": _text(row["meaning"]),
        **({"comment": acceptance_in_words(row)} if is_accepted else {}),
        "cloud": {"provider": "AWS", "org": {"uid": organization}, **_account(row)},
        "finding_info": {
            "uid": uid_of(organization, row),
            "title": f"{title}: {states}" if states else title,
            "desc": _text(row["meaning"]),
            "types": [kind],
            **_first_seen(row),
        },
        "remediation": {"desc": _text(row["action"])},
        "resources": _resources(row),
    }


def _account(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    if not _is_text(row["account_id"]):
        return {}
    name = row["name"] if _is_text(row["name"]) else row["account_id"]
    account = {"uid": row["account_id"], "name": name}
    return {"account": account | {"type": "AWS Account", "type_id": _AWS_ACCOUNT}}


def _resources(row: Mapping[Hashable, Any]) -> list[dict[str, Any]]:
    """Return both accounts, as far as they are known, each in its own partition."""
    found = []
    for side, partition in (("standard", "aws"), ("govcloud", "aws-us-gov")):
        uid = row["account_id" if side == "standard" else "govcloud_account_id"]
        told = {"state": row[f"{side}_state"], "owner": row["owner"]}
        data = {name: value for name, value in told.items() if _is_text(value)}
        named = {"name": row["name"]} if _is_text(row["name"]) else {}
        one = {"uid": uid, "type": "AWS Account", "cloud_partition": partition, **named}
        found.append(one | {"data": data})
    return [one for one in found if _is_text(one["uid"])]


def _first_seen(row: Mapping[Hashable, Any]) -> dict[str, int]:
    return {} if pd.isna(row["since"]) else {"first_seen_time": _milliseconds(row["since"])}


def _milliseconds(time: pd.Timestamp) -> int:
    return int(time.timestamp() * 1000)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_text(value: object) -> bool:
    return isinstance(value, str)
