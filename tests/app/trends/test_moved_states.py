"""How the two states of a change are written, and why one is missing."""

import pandas as pd
import pytest

from toolkit import schema
from toolkit.app.trends.change_table import moved


@pytest.mark.parametrize(
    ("change", "before", "after", "said"),
    [
        ("CHANGED", "ACTIVE", "CLOSED", "Active → Closed"),
        ("APPEARED", "ACTIVE", "ACTIVE", "Active"),
        ("VANISHED", "ACTIVE", None, "Active → not listed"),
        ("JOINED", None, "ACTIVE", "not listed → Active"),
        ("LOST_SIGHT", "ACTIVE", None, "Active → not seen"),
        ("RESOLVED", "ACTIVE", None, "Active → none"),
    ],
)
def test_a_state_that_is_missing_is_said_to_be_what_happened(
    change: str, before: str | None, after: str | None, said: str
) -> None:
    row = {"account_id": "100000000001", "change": change}
    row |= {"govcloud_state_before": before, "govcloud_state_after": after}
    rows = pd.DataFrame([row]).reindex(columns=schema.CHANGES.names)
    assert moved(schema.coerce(schema.CHANGES, rows), "govcloud_state").tolist() == [said]
