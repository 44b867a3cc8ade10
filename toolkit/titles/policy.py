"""Sentences about a policy: what it changes, and what became of each of its acceptances."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from toolkit.schema import label
from toolkit.text import shorten_middle
from toolkit.titles.words import counted, day, joined, number
from toolkit.verdicts import Policy

_NAMED: Final = 5
"""How many rules a sentence names before it counts them."""

_OF: Final = ("", "link ", "finding ", "left behind ")
"""What stands before a rule of each of a policy's tables."""

_KEYS: Final = ("standard_state", "govcloud_state", "link_status", "ends", "finding", "state")
"""The columns that say what a rule is for."""

_MANY: Final = 10
"""How many acceptances are named before they are counted."""


def policy_in_words(policy: Policy) -> list[str]:
    """Say, a sentence each, what a policy changes of the rules, what it accepts, whom it names."""
    return [_rules(policy), _acceptances(policy), _owners(policy)]


def entry_in_words(entry: Mapping[Any, Any], where: str = "") -> str:
    """Say what became of an acceptance: a row of what a judged snapshot has as `acceptances`.

    `where` is what it is called, by its number when not given.
    """
    called = where or f"Acceptance {number(entry['entry'])}"
    which = f"{called} ({shorten_middle(entry['owner'])})"
    there = counted(entry["accounts"], "account") if entry["accounts"] else "nothing"
    if entry["ended"]:
        still = "still " if entry["accounts"] else ""
        return f"{which} ended on {day(entry['until'])}, and {still}matches {there}."
    return f"{which} matches {there}, until {day(entry['until'])}."


def stale_in_words(entries: pd.DataFrame) -> list[str]:
    """Say, a sentence each, which acceptances match nothing or have ended, in their order."""
    stale = entries[entries["ended"] | (entries["accounts"] == 0)].to_dict("records")
    said = [entry_in_words(entry) for entry in stale[:_MANY]]
    rest = len(stale) - _MANY
    return [*said, f"{number(rest)} more match nothing or have ended."] if rest > 0 else said


def _rules(policy: Policy) -> str:
    total, name = sum(map(len, policy.tables)), policy.name or "It"
    if not policy.changed:
        return f"{name} changes none of {number(total)} rules."
    named = [
        f"{of}{_rule(rule)}"
        for of, rules in zip(_OF, policy.changes, strict=True)
        for rule in rules.to_dict("records")
    ]
    rest = len(named) - _NAMED
    said = joined([*named[:_NAMED], f"{number(rest)} more"] if rest > 0 else named)
    return f"{name} changes {number(policy.changed)} of {number(total)} rules: {said}."


def _rule(rule: Mapping[Any, Any]) -> str:
    """Name a rule by what it is for, and say how grave that is."""
    words = " → ".join(label(rule[key]) for key in rule if key in _KEYS)
    if pd.isna(rule["severity"]):
        return f"{words} ({'match' if 'verdict' in rule else 'none'})"
    days = rule.get("grace_days")
    grace = f", {counted(days, 'day')} of grace" if days else ""
    return f"{words} ({label(rule['severity']).lower()}{grace})"


def _acceptances(policy: Policy) -> str:
    first = policy.acceptances.drop_duplicates("entry")
    if first.empty:
        return "It accepts nothing."
    ids = policy.acceptances["account_id"].nunique()
    of = f" of {counted(ids, 'account')} by id" if ids else ""
    said = f"It has {counted(len(first), 'acceptance')}{of}"
    days = [day(first["until"].min()), day(first["until"].max())]
    if days[0] == days[1]:
        return f"{said}, until {days[0]}."
    return f"{said}: the first until {days[0]}, the last until {days[1]}."


def _owners(policy: Policy) -> str:
    sources = []
    if policy.owner_tag:
        sources.append(f"the tag {shorten_middle(policy.owner_tag)}")
    if count := len(policy.owners):
        sources.append(f"a list of {counted(count, 'account or unit', 'accounts and units')}")
    return f"Owners are known by {joined(sources)}." if sources else "It names no owners."
