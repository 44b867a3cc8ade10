"""Sentences about the rules that one judges by: none of them freezes one rule in prose."""

from typing import Final

import pandas as pd

from toolkit.schema import GOVCLOUD_STATES, Severity, Verdict, label
from toolkit.titles.words import counted, joined, number
from toolkit.verdicts import Policy

_NAMED: Final = 3
"""How many combinations of states a sentence names before it counts them."""


def verdicts_in_words(policy: Policy) -> str:
    """Say which combinations of states agree by a policy, and whose the severities are."""
    rules = policy.rules
    agree = _combinations(rules[rules["verdict"] == Verdict.MATCH])
    equal = [(str(state), str(state)) for state in GOVCLOUD_STATES]
    also = [pair for pair in agree if pair not in equal]
    but = [pair for pair in equal if pair not in agree]
    sentence = "Two equal states match"
    if but:
        sentence += f" except {_named(but)}"
    if also:
        sentence += f", and so {'does' if len(also) == 1 else 'do'} {_named(also)}"
    return (
        f"{sentence}{';' if also or but else ','} others disagree; an account without a GovCloud"
        f" account is no mismatch. {_whose(policy)}"
    )


def severity_in_words(policy: Policy, severity: Severity) -> str:
    """Say which pairs are of a severity by a policy."""
    rules = policy.rules
    found = rules[(rules["verdict"] == Verdict.MISMATCH) & (rules["severity"] == severity)]
    if found.empty:
        return f"By these rules no combination of states is {label(severity).lower()}."
    ways = _named(_combinations(found))
    return f"{ways}: {found['meaning'].iloc[0]}" if len(found) == 1 else f"Pairs that are {ways}."


def _whose(policy: Policy) -> str:
    if not policy.changed:
        return "The severities are this toolkit's own judgement."
    rules = counted(len(policy.rules) + len(policy.link_rules), "rule")
    verb = "is" if policy.changed == 1 else "are"
    source = f" of {policy.name}" if policy.name else ""
    return (
        f"{number(policy.changed)} of {rules} {verb} own rules{source}; the rest is this toolkit's"
        " own judgement."
    )


def _combinations(rules: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rules["standard_state"], rules["govcloud_state"], strict=True))


def _named(pairs: list[tuple[str, str]]) -> str:
    ways = [f"{label(standard)} → {label(govcloud)}" for standard, govcloud in pairs]
    rest = len(ways) - _NAMED
    return joined(ways if rest < 2 else [*ways[:_NAMED], f"{number(rest)} more"])  # noqa: PLR2004 - one is named
