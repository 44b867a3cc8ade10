"""Titles: one sentence computed from the data for every chart, slide, page and card.

Plain text without a full stop, right for none, one and many. Names of organizational units in it
are untrusted text: whoever shows a title escapes it for its medium.
"""

from toolkit.titles.cases import act_in_words, ask, case_since
from toolkit.titles.figures import FIGURES, KeyFigure, figure
from toolkit.titles.fleet import seen_in_words, title_fleet, unread_in_words
from toolkit.titles.history import title_changes, title_mismatch_trend, title_state_trend
from toolkit.titles.policy import entry_in_words, policy_in_words, stale_in_words
from toolkit.titles.reconciled import title_reconciled
from toolkit.titles.rules import mismatches_in_words, severity_in_words, verdicts_in_words
from toolkit.titles.selection import selection_in_words, severities_in_words, unit_of
from toolkit.titles.since import (
    acceptance_in_words,
    age_in_days,
    grace_in_words,
    reopen_in_words,
    since_in_words,
)
from toolkit.titles.snapshot import (
    accepted_in_words,
    left_in_words,
    title_actions,
    title_left_behind,
    title_link_status,
    title_mismatch_flows,
    title_mismatches,
    title_mismatches_by_ou,
    title_mismatches_by_owner,
    title_overview,
    title_state_distribution,
    title_state_matrix,
    title_unknown,
)
from toolkit.titles.words import (
    amount,
    caller_in_words,
    contact_in_words,
    counted,
    day,
    number,
    percent,
    scope_in_words,
    share,
    times_in_words,
)
from toolkit.verdicts import unseen_in_words

__all__ = [
    "FIGURES",
    "KeyFigure",
    "acceptance_in_words",
    "accepted_in_words",
    "act_in_words",
    "age_in_days",
    "amount",
    "ask",
    "caller_in_words",
    "case_since",
    "contact_in_words",
    "counted",
    "day",
    "entry_in_words",
    "figure",
    "grace_in_words",
    "left_in_words",
    "mismatches_in_words",
    "number",
    "percent",
    "policy_in_words",
    "reopen_in_words",
    "scope_in_words",
    "seen_in_words",
    "selection_in_words",
    "severities_in_words",
    "severity_in_words",
    "share",
    "since_in_words",
    "stale_in_words",
    "times_in_words",
    "title_actions",
    "title_changes",
    "title_fleet",
    "title_left_behind",
    "title_link_status",
    "title_mismatch_flows",
    "title_mismatch_trend",
    "title_mismatches",
    "title_mismatches_by_ou",
    "title_mismatches_by_owner",
    "title_overview",
    "title_reconciled",
    "title_state_distribution",
    "title_state_matrix",
    "title_state_trend",
    "title_unknown",
    "unit_of",
    "unread_in_words",
    "unseen_in_words",
    "verdicts_in_words",
]
