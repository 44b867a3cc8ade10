"""Analysis: from judged pairs and links to the counts, changes and trends behind every chart.

Pure: frames in, frames out. A history is a list of (time taken, PAIRS), oldest first.
"""

from toolkit.analysis.counts import (
    KeyFigures,
    Ranked,
    actions,
    is_open,
    key_figures,
    link_status,
    mismatch_flows,
    mismatches_by_ou,
    mismatches_by_owner,
    shown_states,
    state_distribution,
    state_matrix,
)
from toolkit.analysis.history import History, changes, first_seen, state_trend, trend
from toolkit.analysis.spelled import state_trend_of, trend_of
from toolkit.analysis.witnesses import findings, spend_by_account, tag_columns
from toolkit.analysis.worst import worst

__all__ = [
    "History",
    "KeyFigures",
    "Ranked",
    "actions",
    "changes",
    "findings",
    "first_seen",
    "is_open",
    "key_figures",
    "link_status",
    "mismatch_flows",
    "mismatches_by_ou",
    "mismatches_by_owner",
    "shown_states",
    "spend_by_account",
    "state_distribution",
    "state_matrix",
    "state_trend",
    "state_trend_of",
    "tag_columns",
    "trend",
    "trend_of",
    "worst",
]
