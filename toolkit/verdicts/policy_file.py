"""The policy as a file: TOML in which only the rules stand that differ from this toolkit's own.

```toml
[[rules]]
standard = "SUSPENDED"
govcloud = "CLOSED"
severity = "HIGH"             # or verdict = "MATCH"
action = "Ask finance first." # meaning and action stay as they are where they are left out

[[link_rules]]
status = "LINKED"
ends = "OUTSIDE"
severity = "CRITICAL"         # "NONE" where nothing has to be done

[[reconcile]]
finding = "WITHOUT_PAIR"
state = "ACTIVE"
severity = "CRITICAL"
```
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from toolkit.errors import InputError
from toolkit.schema import (
    GOVCLOUD_STATES,
    LINK_RULES,
    RECONCILE_RULES,
    RULES,
    STANDARD_STATES,
    Finding,
    LinkEnds,
    LinkStatus,
    Severity,
    Table,
    Verdict,
)
from toolkit.verdicts.policy import Policy
from toolkit.verdicts.rules import (
    RECONCILE_STATES,
    default_link_rules,
    default_reconcile_rules,
    default_rules,
)

NONE: Final = "NONE"
"""How a file says that a rule has no severity."""

_COLUMNS: Final = {
    "standard": "standard_state",
    "govcloud": "govcloud_state",
    "status": "link_status",
}
"""What a key is called in the tables, where that is another word."""

_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "standard": STANDARD_STATES,
    "govcloud": GOVCLOUD_STATES,
    "verdict": (Verdict.MATCH, Verdict.MISMATCH),
    "severity": (*Severity, NONE),
    "status": tuple(LinkStatus),
    "ends": tuple(LinkEnds),
    "finding": tuple(Finding),
    "state": RECONCILE_STATES,
}
_TEXTS: Final = ("meaning", "action")
_KINDS: Final = {
    "rules": (RULES, default_rules, ("standard", "govcloud"), ("verdict", "severity", *_TEXTS)),
    "link_rules": (LINK_RULES, default_link_rules, ("status", "ends"), ("severity", *_TEXTS)),
    "reconcile": (
        RECONCILE_RULES,
        default_reconcile_rules,
        ("finding", "state"),
        ("severity", *_TEXTS),
    ),
}
"""Each list of a file: its table, this toolkit's own rows, what names a row, what may change."""


def load_policy(path: str | os.PathLike[str]) -> Policy:
    """Read a policy file; its name becomes the policy's.

    Raises InputError, naming the file and the entry, where something in it cannot be right.
    """
    file = Path(path)
    try:
        # With or without the byte order mark that some editors put first.
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror or error}.", "Name a policy file (TOML)."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{file.name} is not TOML: {error}.", "See the README for an example of a policy."
        ) from error
    unknown = [name for name in content if name not in _KINDS]
    if unknown:
        raise InputError(
            f"{file.name} has '{unknown[0]}', which no policy has.",
            f"Write [[{']] or [['.join(_KINDS)}]].",
        )
    tables = {kind: _rules(kind, content.get(kind, []), file.name) for kind in _KINDS}
    return Policy(
        tables["rules"],
        tables["link_rules"],
        name=file.name,
        reconcile_rules=tables["reconcile"],
    )


def _rules(kind: str, entries: Any, file: str) -> pd.DataFrame:
    table, default, names, changes = _KINDS[kind]
    rows = default().astype("object")
    if not isinstance(entries, list):
        raise InputError(f"{file}: {kind} is no list of rules.", f"Write [[{kind}]].")
    rows = rows.set_index([_COLUMNS.get(name, name) for name in names])
    seen: dict[tuple[str, ...], int] = {}
    for number, entry in enumerate(entries, 1):
        where = f"{file}, {kind} entry {number}"
        _check(entry, names, changes, where)
        key = tuple(entry[name] for name in names)
        if seen.setdefault(key, number) != number:
            raise InputError(
                f"{where} is for {' and '.join(key)}, and so is entry {seen[key]}.", "Keep one."
            )
        for name, value in _changes(entry, table).items():
            rows.loc[key, name] = value
        rule = rows.loc[key]
        if rule.get("verdict") == Verdict.MISMATCH and pd.isna(rule["severity"]):
            raise InputError(
                f"{where} is a mismatch without a severity.",
                f'Add severity, one of {", ".join(Severity)}, or verdict = "MATCH".',
            )
    return rows.reset_index()


def _check(entry: Any, names: Sequence[str], changes: Sequence[str], where: str) -> None:
    if not isinstance(entry, dict):
        raise InputError(f"{where} is no rule.", f"A rule has {', '.join(names)} and a change.")
    for name in names:
        if name not in entry:
            raise InputError(f"{where} has no {name}.", f"Every rule needs {' and '.join(names)}.")
    if len(entry) == len(names):
        raise InputError(f"{where} changes nothing.", f"Add one of {', '.join(changes)}.")
    for name, value in entry.items():
        if name not in (*names, *changes):
            raise InputError(
                f"{where} has '{name}', which no rule has.",
                f"It may have {', '.join((*names, *changes))}.",
            )
        if name in _WORDS and value not in [str(word) for word in _WORDS[name]]:
            raise InputError(
                f"{where} has {name} = {value!r}.", f"It is one of {', '.join(_WORDS[name])}."
            )
        if name in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise InputError(f"{where} has no text as its {name}.", "Write one sentence.")


def _changes(entry: Mapping[str, str], table: Table) -> dict[str, str | None]:
    """Return what an entry sets in its row of the table."""
    changes: dict[str, str | None] = {
        name: entry[name] for name in ("verdict", "severity", *_TEXTS) if name in entry
    }
    if changes.get("severity") == NONE:
        changes["severity"] = None
    if "verdict" in table.names:
        if changes.get("verdict") == Verdict.MATCH:
            changes["severity"] = None
        elif changes.get("severity"):
            changes["verdict"] = Verdict.MISMATCH.value
    return changes
