"""What each word means, and each rule: the glossary of the app, for the policy that is in force."""

from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.schema import label
from toolkit.theme import severity_name
from toolkit.titles.words import counted
from toolkit.verdicts import Policy

WORDS: Final = {
    "Standard account": "An account of an AWS organization in the commercial partition.",
    "GovCloud account": "An account in AWS GovCloud (US) that a standard account pays for.",
    "Pair": "A standard account and the GovCloud account that AWS names for it.",
    "State": "Pending activation, active, suspended, pending closure or closed, as AWS says it.",
    "Match": "The two states of a pair agree by the rules below.",
    "Mismatch": "The two states of a pair disagree by the rules below.",
    "Not linked": "AWS says that the account has no GovCloud account. That is no mismatch.",
    "Unknown": (
        "A look-up failed, or a state is none that this toolkit knows: it counts neither as match"
        " nor as mismatch, and never as fine."
    ),
    "Severity": "How much it matters: critical, high, medium or low, as the rules have it.",
    "Since": (
        "Since its closure where AWS tells when that was, else since the first snapshot that shows"
        " it; “at least” where the oldest snapshot shows it already."
    ),
    "Grace": "How long a mismatch is milder, since what follows a closure takes AWS a while.",
    "Accepted": "Somebody answers for a mismatch until a day; until then it is counted apart.",
    "Left behind": (
        "A GovCloud account whose standard account has left the list before it was closed: no list"
        " of this organization shows it any longer."
    ),
    "Owner": "Who answers for an account, by the policy's list or a tag.",
    "Account link": "What joins two accounts for Amazon WorkSpaces in one Region.",
    "GovCloud list": "What the GovCloud organization itself lists: a second witness of the pairs.",
    "Snapshot": "All that was asked and answered in one run, as of one time.",
    "Appeared, resolved, changed": "What happened to a mismatch between two snapshots.",
    "Lost sight of": "An account that was judged, and now could not be.",
    "Vanished, joined": "An account that is listed no longer, or that is new in the list.",
}
"""The words that the pages use, and what each means."""

_OWN: Final = "Own rule"
_KINDS: Final = (
    ("Pairs: each cell of the state matrix", schema.RULES),
    ("Account links", schema.LINK_RULES),
    ("GovCloud's own list", schema.RECONCILE_RULES),
    ("What was left behind", schema.LEFT_BEHIND_RULES),
)
_TEXTS: Final = {"meaning": "What it means", "action": "What to do"}
_WORDS: Final = ("verdict", "severity", "grace_severity")


def rules_in_words(policy: Policy) -> dict[str, pd.DataFrame]:
    """Return the rules in force, a table for each kind, one row per rule, as people read them.

    Its last column says which rules the policy changed; it is there only where any was.
    """
    told = {}
    for (title, kind), rules, own in zip(_KINDS, policy.tables, policy.changes, strict=True):
        keys = [name for name in rules if name not in {*_TEXTS, *_WORDS, "grace_days"}]
        table = pd.DataFrame(
            {kind[str(name)].label: rules[name].astype("str").map(label) for name in keys}
        )
        if "verdict" in rules:
            table["Verdict"] = rules["verdict"].astype("str").map(label)
        table["Severity"] = rules["severity"].map(_severity, na_action="ignore").astype("str")
        table["Severity"] = table["Severity"].where(rules["severity"].notna(), "–")
        if "grace_days" in rules:
            graces = zip(rules["grace_days"], rules["grace_severity"], strict=True)
            table["Grace"] = [_grace(days, then) for days, then in graces]
        for name, head in _TEXTS.items():
            table[head] = rules[name]
        if len(own):
            changed = pd.MultiIndex.from_frame(rules[keys].astype("str")).isin(
                pd.MultiIndex.from_frame(own[keys].astype("str"))
            )
            table[_OWN] = pd.Series(changed, index=rules.index).map({True: "changed", False: ""})
        told[title] = table
    return told


def _severity(word: object) -> str:
    return severity_name(str(word))


def _grace(days: Any, then: Any) -> str:
    if pd.isna(days) or not days or pd.isna(then):
        return "–"
    return f"{counted(int(days), 'day')}: {label(str(then)).lower()}"
