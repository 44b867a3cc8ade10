"""Frames that every chart is tested with: small, with one of everything, and only read."""

import pandas as pd
import pytest

from toolkit import schema
from toolkit.verdicts import judge_links, judge_pairs

ROWS = (
    (1, "ACTIVE", "ACTIVE", "Sandbox"),
    (2, "ACTIVE", "CLOSED", "Sandbox"),
    (3, "CLOSED", "ACTIVE", "Workloads/<b>Test</b>"),
    (4, "ACTIVE", "CLOSED", "Workloads/<b>Test</b>"),
    (5, "ACTIVE", "NOT_LINKED", "Sandbox"),
    (6, "ACTIVE", "ACCESS_DENIED", None),
    (7, "ACTIVE", "SUSPENDED", None),
)


@pytest.fixture(scope="session")
def pairs() -> pd.DataFrame:
    """Return seven pairs: a match, four mismatches, one not linked, one not seen; three owned."""
    ids = [f"{number:012d}" for number, *_ in ROWS]
    words = [str(outcome) for outcome in schema.Outcome]
    judged = judge_pairs(
        pd.DataFrame(
            {
                "account_id": ids,
                "standard_state": [standard for _, standard, _, _ in ROWS],
                "ou_path": [unit for *_, unit in ROWS],
            }
        ),
        pd.DataFrame(
            {
                "account_id": ids,
                "govcloud_state": [None if found in words else found for _, _, found, _ in ROWS],
                "outcome": [found if found in words else "FOUND" for _, _, found, _ in ROWS],
            }
        ),
    )
    owned = {f"{3:012d}": "<b>Ada</b>", f"{4:012d}": "<b>Ada</b>", f"{7:012d}": "Grace"}
    return judged.assign(owner=judged["account_id"].map(owned).astype("str"))


@pytest.fixture(scope="session")
def history(pairs: pd.DataFrame) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
    """Return two snapshots, the older without the last mismatch."""
    return [
        (pd.Timestamp("2026-11-15T03:00Z"), pairs.iloc[:6]),
        (pd.Timestamp("2026-11-22T03:00Z"), pairs),
    ]


@pytest.fixture(scope="session")
def judged_links(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return four links in two Regions, two of them worth a look."""
    return judge_links(
        pd.DataFrame(
            {
                "link_id": [f"link-{number:08d}" for number in range(4)],
                "link_status": ["LINKED", "LINKED", "LINKING_FAILED", "REJECTED"],
                "source_account_id": "000000000001",
                "target_account_id": ["000000000003"] + ["000000000002"] * 3,
                "region": ["us-east-1", "us-east-1", "us-east-1", "us-west-2"],
            }
        ),
        pairs[["account_id", "standard_state"]],
        complete=True,
    )
