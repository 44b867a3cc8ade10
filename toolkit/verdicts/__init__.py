"""Verdicts: what two states say together, and what a link's status and its two ends say.

The rules are tables: `default_rules()` gives a fresh copy to read, change and pass.
"""

from toolkit.verdicts.links import judge_links, link_ends
from toolkit.verdicts.pairs import judge_pairs, mismatches
from toolkit.verdicts.rules import default_link_rules, default_rules

__all__ = [
    "default_link_rules",
    "default_rules",
    "judge_links",
    "judge_pairs",
    "link_ends",
    "mismatches",
]
