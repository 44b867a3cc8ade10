"""Sentences about the rules that one judges by: none of them freezes one rule in prose."""

from typing import Final

import pandas as pd

from toolkit.schema import GOVCLOUD_STATES, Severity, Verdict, label
from toolkit.titles.words import counted, joined, number
from toolkit.verdicts import Policy

_NAMED: Final = 3
"""How many combinations of states a sentence names before it counts them."""

_EQUAL: Final = "Two equal states match"
"""How the states agree by this toolkit's own rules."""


def verdicts_in_words(policy: Policy) -> str:
    """Say which combinations of states agree by a policy, and whose the severities are."""
    agreement = _agreement(policy)
    end = ";" if agreement != _EQUAL else ","
    return (
        f"{agreement}{end} others disagree; an account without a GovCloud account is no mismatch."
        f" {_whose(policy)}{_accepted(policy)}"
    )


def mismatches_in_words(policy: Policy) -> str:
    """Say which linked pairs are a mismatch by a policy."""
    agreement = _agreement(policy)
    disagree = "Linked pairs whose two states disagree"
    if agreement == _EQUAL:
        return f"{disagree}."
    return f"{disagree}: {agreement[0].lower()}{agreement[1:]}; others disagree."


def severity_in_words(policy: Policy, severity: Severity) -> str:
    """Say which pairs are of a severity by a policy."""
    rules = policy.rules
    found = rules[(rules["verdict"] == Verdict.MISMATCH) & (rules["severity"] == severity)]
    if found.empty:
        return f"By these rules no combination of states is {label(severity).lower()}."
    ways = _named(_combinations(found))
    return f"{ways}. {found['meaning'].iloc[0]}" if len(found) == 1 else f"Pairs that are {ways}."


def _agreement(policy: Policy) -> str:
    """Say which combinations of states match by a policy, without a full stop."""
    agree = _combinations(policy.rules[policy.rules["verdict"] == Verdict.MATCH])
    equal = [(str(state), str(state)) for state in GOVCLOUD_STATES]
    also = [pair for pair in agree if pair not in equal]
    but = [pair for pair in equal if pair not in agree]
    none = len(but) == len(equal)
    sentence = "No two equal states match" if none else _EQUAL
    if but and not none:
        sentence += f" except {_named(but)}"
    if also:
        does = "does" if len(also) == 1 else "do"
        sentence += f", but {_named(also)} {does}" if none else f", and so {does} {_named(also)}"
    return sentence


def _whose(policy: Policy) -> str:
    if not policy.changed:
        return "The severities are this toolkit's own judgement."
    rules = sum(map(len, policy.tables))
    own = f"{'is' if policy.changed == 1 else 'are'} our own"
    if policy.name:
        own += f" (from {policy.name})"
    if policy.changed == rules:
        return f"All {number(rules)} rules {own}."
    return (
        f"{number(policy.changed)} of {number(rules)} rules {own}; the rest is this toolkit's own"
        " judgement."
    )


def _accepted(policy: Policy) -> str:
    """Say that a policy accepts known mismatches, after a space; "" where it accepts none."""
    entries = policy.acceptances["entry"].nunique()
    if not entries:
        return ""
    where = counted(entries, "entry", "entries") + (f" of {policy.name}" if policy.name else "")
    return f" What is accepted, by {where}, is counted apart."


def _combinations(rules: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rules["standard_state"], rules["govcloud_state"], strict=True))


def _named(pairs: list[tuple[str, str]]) -> str:
    ways = [f"{label(standard)} → {label(govcloud)}" for standard, govcloud in pairs]
    rest = len(ways) - _NAMED
    return joined(ways if rest < 2 else [*ways[:_NAMED], f"{number(rest)} more"])  # noqa: PLR2004 - one is named
