"""The columns of the sheets: what a reader wants first stands first, and prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from toolkit.exports.report import AGE, GRACE, REOPEN

STATUS: Final = "Status"
DUE: Final = "Due"
"""The heads of the columns that are there to be filled in."""

TYPED: Final = frozenset({"owner", STATUS, DUE})
"""The columns that people write into."""

_COUNTS: Final = (
    *("accounts", "linked", "paired", "mismatches", "critical", "high", "medium", "low"),
    *("accepted", "left_behind", "unknown", "snapshots", "percent"),
)
USUAL_WIDTH: Final = 17
WIDTHS: Final[Mapping[str, int]] = {
    "account_id": 14,
    "name": 23,
    "email": 32,
    "standard_state": 13,
    "joined_method": 11,
    "ou_path": 23,
    "govcloud_account_id": 14,
    "govcloud_state": 13,
    "outcome": 14,
    "detail": 36,
    "verdict": 11,
    "severity": 12,
    "severity_before": 12,
    "severity_after": 12,
    "grace_severity": 12,
    "grace_days": 10,
    "meaning": 52,
    "action": 44,
    "link_id": 22,
    "link_status": 16,
    "source_account_id": 14,
    "target_account_id": 14,
    "source_state": 13,
    "target_state": 13,
    "standard_state_before": 15,
    "standard_state_after": 15,
    "govcloud_state_before": 15,
    "govcloud_state_after": 15,
    "region": 15,
    "finding": 24,
    "state": 13,
    "ends": 13,
    "state_by_pair": 13,
    "state_by_witness": 13,
    "change": 12,
    "since_is": 22,
    "owner": 18,
    "accepted_by": 20,
    "accepted_reason": 36,
    **dict.fromkeys(_COUNTS, 13),
    AGE: 9,
    REOPEN: 30,
    STATUS: 12,
    DUE: 11,
}


@dataclass(frozen=True)
class Order:
    """In which order a sheet has the columns that are known; what it does not name follows.

    `printed` is the last one that is printed: a page that had all of them could not be read.
    Those in `only_known` stand there only where something is known.
    """

    first: tuple[str, ...]
    printed: str
    only_known: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def of(self, frame: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
        """Return the frame with its known columns in this order, and its own behind them."""
        mine = [name for name in self.first if name in frame]
        rest = [name for name in known if name in frame and name not in (*mine, *self.left_out)]
        shown = [
            name
            for name in (*mine, *rest)
            if name not in self.only_known or frame[name].notna().any()
        ]
        return frame[shown]


_ACCEPTED: Final = ("accepted_until", "accepted_by", "accepted_reason")

MISMATCHES: Final = Order(
    (
        "severity",
        "account_id",
        "name",
        "ou_path",
        "standard_state",
        "govcloud_state",
        "govcloud_account_id",
        "since",
        AGE,
        "owner",
        STATUS,
        DUE,
        "action",
        "meaning",
        "since_is",
        GRACE,
        REOPEN,
        *_ACCEPTED,
        "fetched_at",
    ),
    "action",
    _ACCEPTED,
    ("email", "joined_method", "joined_at", "outcome", "detail", "verdict"),
)

LEFT_BEHIND: Final = Order(
    (
        "severity",
        "govcloud_account_id",
        "govcloud_state",
        "account_id",
        "name",
        "ou_path",
        "standard_state",
        "last_seen",
        AGE,
        "owner",
        STATUS,
        DUE,
        "action",
        "meaning",
        "accepted_until",
    ),
    "action",
    _ACCEPTED,
)

PAIRS: Final = Order(
    (
        "account_id",
        "name",
        "ou_path",
        "standard_state",
        "govcloud_state",
        "govcloud_account_id",
        "verdict",
        "severity",
        "since",
        "since_is",
        "owner",
        "action",
        "meaning",
    ),
    "action",
)

LINKS: Final = Order(
    (
        "severity",
        "link_status",
        "source_account_id",
        "source_state",
        "target_account_id",
        "target_state",
        "region",
        "action",
        "meaning",
        "link_id",
        "fetched_at",
    ),
    "action",
)
