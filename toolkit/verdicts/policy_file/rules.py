"""The rules of a policy file: the rows that differ, in the place of this toolkit's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from toolkit.errors import InputError
from toolkit.schema import (
    GOVCLOUD_STATES,
    LEFT_STATES,
    STANDARD_STATES,
    Finding,
    LinkEnds,
    LinkStatus,
    Severity,
    Verdict,
)
from toolkit.verdicts.left_behind import default_left_behind_rules
from toolkit.verdicts.policy_file.words import (
    At,
    Place,
    check_keys,
    check_text,
    check_word,
    joined,
    listed,
    shown,
)
from toolkit.verdicts.rules import (
    RECONCILE_STATES,
    default_link_rules,
    default_reconcile_rules,
    default_rules,
)

NONE: Final = "NONE"
"""How a file says that a rule has no severity."""

MOST_GRACE: Final = 3650
"""The most days of grace that a rule may have."""

_COLUMNS: Final = {
    "standard": "standard_state",
    "govcloud": "govcloud_state",
    "status": "link_status",
}
"""What a key is called in the tables, where that is another word."""

_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "verdict": (Verdict.MATCH, Verdict.MISMATCH),
    "grace_severity": tuple(Severity),
}
_TEXTS: Final = ("meaning", "action")


@dataclass(frozen=True)
class Kind:
    """A list of rules in a file: what names a rule, and what may be changed of it.

    `own` gives this toolkit's own rows, `names` the keys that name a row with the words that each
    may be, and `severities` the words for a severity.
    """

    own: Callable[[], pd.DataFrame]
    names: Mapping[str, Sequence[str]]
    changes: Sequence[str]
    severities: Sequence[str] = (*Severity, NONE)

    @property
    def keys(self) -> list[str]:
        """The columns of the table that name a row."""
        return [_COLUMNS.get(name, name) for name in self.names]


KINDS: Final[Mapping[str, Kind]] = {
    "rules": Kind(
        default_rules,
        {"standard": STANDARD_STATES, "govcloud": GOVCLOUD_STATES},
        ("verdict", "severity", "grace_days", "grace_severity", *_TEXTS),
    ),
    "link_rules": Kind(
        default_link_rules,
        {"status": tuple(LinkStatus), "ends": tuple(LinkEnds)},
        ("severity", *_TEXTS),
    ),
    "reconcile": Kind(
        default_reconcile_rules,
        {"finding": tuple(Finding), "state": RECONCILE_STATES},
        ("severity", *_TEXTS),
    ),
    "left_behind": Kind(
        default_left_behind_rules,
        {"govcloud": LEFT_STATES},
        ("severity", *_TEXTS),
        tuple(Severity),
    ),
}
"""Each list of rules that a file may have, by what it is called there."""


def rules_in(name: str, entries: Any, place: Place) -> pd.DataFrame:
    """Return a table of rules: this toolkit's own, and in their place those of a file."""
    kind = KINDS[name]
    table = kind.own().astype("object")
    rows = {tuple(row[key] for key in kind.keys): row for row in table.to_dict("records")}
    seen: dict[tuple[str, ...], int] = {}
    for number, (at, entry) in enumerate(listed(name, entries, place, "rule"), 1):
        _check(entry, kind, at)
        key = tuple(entry[one] for one in kind.names)
        if key in seen:
            raise InputError(
                f"{at()} is for {joined(key)}, and so is entry {seen[key]}.", "Keep one."
            )
        seen[key] = number
        rows[key].update(_changes(entry, kind))
        _check_changed(entry, rows[key], at)
    return pd.DataFrame(list(rows.values()), columns=table.columns, dtype="object")


def _check(entry: Mapping[str, Any], kind: Kind, at: At) -> None:
    names = list(kind.names)
    check_keys(entry, at, names, kind.changes, "rule")
    for name, value in entry.items():
        if name == "severity":
            check_word(value, at, name, kind.severities)
        elif words := kind.names.get(name, _WORDS.get(name)):
            check_word(value, at, name, words)
        elif name in _TEXTS:
            check_text(value, at, name, "Write one sentence.")
        elif type(value) is not int or not 0 <= value <= MOST_GRACE:
            raise InputError(
                f"{at(name)} has {name} = {shown(value)}.",
                f"It is a whole number of days, from 0 to {MOST_GRACE}.",
            )
    if len(entry) == len(names):
        raise InputError(f"{at()} changes nothing.", f"Add one of {', '.join(kind.changes)}.")


def _changes(entry: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Return what an entry sets in its row of the table."""
    changes = {name: entry[name] for name in kind.changes if name in entry}
    if changes.get("severity") == NONE:
        changes["severity"] = None
    if "verdict" in kind.changes:
        if changes.get("verdict") == Verdict.MATCH:
            changes["severity"] = None
        elif changes.get("severity"):
            changes["verdict"] = Verdict.MISMATCH.value
    return changes


def _check_changed(entry: Mapping[str, Any], rule: Mapping[Any, Any], at: At) -> None:
    """Raise InputError where an entry makes a rule on pairs that cannot be one."""
    if "verdict" not in rule:
        return
    severities = list(Severity)
    if rule["verdict"] == Verdict.MATCH:
        if graced := [name for name in ("grace_days", "grace_severity") if entry.get(name)]:
            raise InputError(
                f"{at(graced[0])} is a match, which has no grace.", f"Leave {graced[0]} out."
            )
    elif pd.isna(rule["severity"]):
        raise InputError(
            f"{at()} is a mismatch without a severity.",
            f'Add severity, one of {", ".join(severities)}, or verdict = "MATCH".',
        )
    elif rule["grace_days"] and pd.isna(rule["grace_severity"]):
        raise InputError(
            f"{at('grace_days')} has days of grace, and no severity for them.",
            f"Add grace_severity, one of {', '.join(severities)}.",
        )
    elif "grace_severity" in entry and not rule["grace_days"]:
        raise InputError(
            f"{at('grace_severity')} has a severity in grace, and no days of grace.",
            "Add grace_days, such as grace_days = 14.",
        )
    elif "grace_severity" in entry and severities.index(entry["grace_severity"]) < severities.index(
        rule["severity"]
    ):
        raise InputError(
            f"{at('grace_severity')} is {entry['grace_severity']} in grace, and only"
            f" {rule['severity']} after it.",
            "In grace it is as grave as after it, or milder.",
        )
