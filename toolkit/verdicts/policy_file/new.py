"""A new policy file: what this toolkit judges by, written down to be changed."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pandas as pd

from toolkit.errors import InputError, StoreError
from toolkit.schema import Verdict
from toolkit.text import printable
from toolkit.verdicts.policy_file.rules import KINDS, NONE, Kind

_HEAD: Final = """\
# What is judged by, where that is not this toolkit's own judgement.
#
# As it was written, this file changes nothing: all of this toolkit's rules stand below, behind a #.
# To change one, take away the # before each of its lines, and change what differs; what you leave
# out stays as it is. `account-pairs policy check` says what the file changes, and what is wrong.

# Who answers for what: by a tag of the account ("owner" unless another is named, "" for none), and
# by a CSV file beside this one with the columns owner and account_id or ou_path. Notices name them
# only with notify_owners. All of these stand before all that follows.
#
#   owner_tag = "team"
#   owners = "owners.csv"
#   notify_owners = true

# What somebody has accepted: it stays visible, leaves the counts, and comes back on its day, or as
# soon as one of its two states changes. `account-pairs policy baseline` and the app write such
# entries at the end of this file. An entry is of accounts, of a unit (* is any one of a level, and
# ** whatever is below), of tags, or of all of these together.
#
#   [[accepted]]
#   accounts = ["123456789012"]   # and/or ou = "Root/Retired/**", tags = {stage = "sunset"}
#   standard = "CLOSED"
#   govcloud = "ACTIVE"
#   reason = "Data held until the audit"
#   owner = "finops@example.com"
#   until = 2027-03-31            # UTC, at most 365 days ahead
"""

_WORDS: Final[Mapping[str, str]] = {
    "rules": """\
# Pairs, by the states of the standard and of the GovCloud account. A rule is verdict = "MATCH", or
# has a severity: CRITICAL, HIGH, MEDIUM or LOW. For grace_days after it began, where that is known,
# it has its grace_severity.
""",
    "link_rules": """\
# WorkSpaces account links, by their status and by what their two ends are. A severity may be NONE.
""",
    "reconcile": """\
# What the GovCloud organization's own list adds, by the finding and by the state of the GovCloud
# account. A severity may be NONE.
""",
    "left_behind": """\
# What was left behind when a standard account left the list, by the last known state of the
# GovCloud account.
""",
}
"""What stands above each list of rules."""


def policy_template() -> str:
    """Return the text of a policy file with this toolkit's own rules, all of them as comments."""
    parts = [_HEAD]
    for name, kind in KINDS.items():
        rules = kind.own().astype("object").to_dict("records")
        parts += [_WORDS[name], *(_rule(name, kind, rule) for rule in rules)]
    return "\n".join(parts)


def new_policy(path: str | os.PathLike[str]) -> Path:
    """Write a new policy file, never over one that is there, and return its path.

    Raises InputError where something is there, StoreError where it cannot be written.
    """
    file = Path(path)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as written:
            written.write(policy_template())
    except FileExistsError as error:
        raise InputError(
            f"{printable(str(file))} is there already.", "Name another file, or change that one."
        ) from error
    except OSError as error:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise StoreError.refused(f"{printable(str(file))} cannot be written", error) from error
    return file


def _rule(name: str, kind: Kind, rule: Mapping[Any, Any]) -> str:
    """Return a rule as the lines of a file, each behind a #."""
    words = {
        **{key: rule[column] for key, column in zip(kind.names, kind.keys, strict=True)},
        **{key: value for key in kind.changes if (value := _said(rule, key)) is not None},
    }
    lines = [f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in words.items())]
    return "".join(f"#{line}\n" for line in lines)


def _said(rule: Mapping[Any, Any], key: str) -> Any:
    """Return what a file has to say under a key for a rule to be as it is; None for nothing."""
    value = None if pd.isna(rule[key]) else rule[key]
    if key == "verdict":
        return value if value == Verdict.MATCH else None
    if key == "severity" and value is None and "verdict" not in rule:
        return NONE
    return value or None


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(int(value))
