"""Verdicts: what two states, a link with its two ends, and two organizations say together.

The rules are tables: `default_rules()` gives a fresh copy to read, change and pass. A `Policy`
holds all that one judges by, and judges a whole snapshot.
"""

from toolkit.verdicts.acceptances import MOST_DAYS
from toolkit.verdicts.judged import Judged
from toolkit.verdicts.judging import judge_pairs, load_history
from toolkit.verdicts.left_behind import default_left_behind_rules
from toolkit.verdicts.links import judge_links, link_ends
from toolkit.verdicts.owners import load_owners
from toolkit.verdicts.pairs import mismatches
from toolkit.verdicts.policy import Policy
from toolkit.verdicts.policy_file import load_policy
from toolkit.verdicts.reconciled import reconcile
from toolkit.verdicts.rules import default_link_rules, default_reconcile_rules, default_rules
from toolkit.verdicts.unseen import seen_findings, unseen_in_words

__all__ = [
    "MOST_DAYS",
    "Judged",
    "Policy",
    "default_left_behind_rules",
    "default_link_rules",
    "default_reconcile_rules",
    "default_rules",
    "judge_links",
    "judge_pairs",
    "link_ends",
    "load_history",
    "load_owners",
    "load_policy",
    "mismatches",
    "reconcile",
    "seen_findings",
    "unseen_in_words",
]
