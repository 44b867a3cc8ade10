"""A report with everything that a policy says: owners, acceptances, and what was left behind."""

import pandas as pd
from reported import older_snapshot, small_snapshot

from toolkit.exports import Report
from toolkit.verdicts import Policy

HOSTILE_OWNER = '=1+1 <b>"x"</b>'

OVERVIEW = (
    "1 of 4 linked pairs disagrees, not critically, 1 more accepted;"
    " 1 GovCloud account was left behind"
)
"""What a headline on it says."""


def accepted(
    entry: int, account: str, states: str, until: str, *, owner: str = "finops"
) -> dict[str, object]:
    """Make one acceptance; states are written "CLOSED/ACTIVE"."""
    standard, govcloud = states.split("/")
    return {
        "entry": entry,
        "account_id": account,
        "standard_state": standard,
        "govcloud_state": govcloud,
        "reason": "Held until the audit",
        "owner": owner,
        "until": until,
    }


def acceptances(*entries: dict[str, object]) -> pd.DataFrame:
    """Return ACCEPTANCES of these entries."""
    return pd.DataFrame(entries, columns=[*accepted(1, "", "/", ""), "ou", "tags"])


def governing_policy() -> Policy:
    """Make a policy that owns two units and accepts: one in force, one over, one of nothing."""
    owners = [(None, "Sandbox", HOSTILE_OWNER), ("100000000002", None, "Ada")]
    return Policy(
        name="policy.toml",
        acceptances=acceptances(
            accepted(1, "100000000003", "ACTIVE/SUSPENDED", "2027-01-31"),
            accepted(2, "100000000002", "CLOSED/ACTIVE", "2026-11-20"),
            accepted(3, "999999999999", "CLOSED/ACTIVE", "2027-01-31"),
        ),
        owners=pd.DataFrame(owners, columns=["account_id", "ou_path", "owner"]),
    )


def governed_report() -> Report:
    """Make a report of five pairs a week after another.

    `two` disagrees since then, in grace, and its acceptance has ended; `three` is accepted; `six`
    has left the list while its GovCloud account was active.
    """
    return Report.of(small_snapshot(), history=[older_snapshot()], policy=governing_policy())
