"""The policy as a file: TOML in which only that stands which differs from this toolkit's own.

```toml
owner_tag = "owner"           # the tag of an account that says who answers for it
owners = "owners.csv"         # and a list of owners, beside this file
notify_owners = true          # notices may name them, who are nobody's business otherwise

[[rules]]
standard = "SUSPENDED"
govcloud = "CLOSED"
severity = "HIGH"             # or verdict = "MATCH"
grace_days = 14               # for so long it is milder
grace_severity = "LOW"
action = "Ask finance first." # meaning and action stay as they are where they are left out

[[link_rules]]
status = "LINKED"
ends = "OUTSIDE"
severity = "CRITICAL"         # "NONE" where nothing has to be done

[[reconcile]]
finding = "WITHOUT_PAIR"
state = "ACTIVE"
severity = "CRITICAL"

[[left_behind]]
govcloud = "SUSPENDED"
severity = "MEDIUM"

[[accepted]]
accounts = ["123456789012"]   # and/or ou = "Root/Retired/**", tags = {stage = "sunset"}
standard = "CLOSED"           # both states: any change of either ends it
govcloud = "ACTIVE"
reason = "Data held until the audit"
owner = "finops@example.com"
until = 2027-03-31            # UTC, at most 365 days ahead
```
"""

import os
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from toolkit.errors import InputError
from toolkit.text import printable
from toolkit.verdicts.owners import load_owners
from toolkit.verdicts.policy import OWNER_TAG, Policy
from toolkit.verdicts.policy_file.accepted import ACCEPTED, acceptances_in
from toolkit.verdicts.policy_file.lines import line_of
from toolkit.verdicts.policy_file.rules import KINDS, rules_in
from toolkit.verdicts.policy_file.words import TOP, Place
from toolkit.verdicts.rules import default_rules

_NAME: Final = "Name a policy file (TOML); account-pairs policy new writes one."

_TABLES: Final = {"reconcile": "reconcile_rules", "left_behind": "left_behind_rules"}
"""What a list of rules is called in a policy, where that is another name."""

_AT: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
"""Where tomllib met what is no TOML, as it says it."""


def load_policy(path: str | os.PathLike[str], *, today: date | None = None) -> Policy:
    """Read a policy file; its name becomes the policy's.

    An acceptance may last for at most 365 days from `today`, which is today's date in UTC when not
    given. Raises InputError, naming file, line and what to write, where something in it cannot be
    right.
    """
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"A {type(path).__name__} is no policy file.", _NAME)
    file = Path(path)
    try:
        content = file.read_bytes()
    except (OSError, ValueError) as error:  # the latter of a name that no file can have
        raise InputError(
            f"{printable(str(file))} cannot be read: {getattr(error, 'strerror', None) or error}.",
            _NAME,
        ) from error
    return read_policy(content, file, today=today)


def read_policy(content: bytes, file: Path, *, today: date | None = None) -> Policy:
    """Read what is, or is to be, the content of a policy file, as `load_policy` does."""
    text = text_of(content, file.name)
    told = parsed(text, file.name)

    def place(kind: str, entry: int = 0, key: str = "") -> str:
        said = f"{file.name}, line {line_of(text, kind, entry, key)}"
        return f"{said}: {kind} entry {entry}" if entry else said

    for name in told:
        if name not in (*KINDS, ACCEPTED, *TOP):
            raise InputError(
                f"{place(name)} has '{printable(name)}', which no policy has.",
                f"Write [[{']], [['.join((*KINDS, ACCEPTED))}]],"
                f" or at the top of the file {' or '.join(TOP)}.",
            )
    # A table that the file does not touch is this toolkit's own, which nobody has to check again.
    ruled = {kind: rules_in(kind, told[kind], place) for kind in KINDS if kind in told}
    tables = {_TABLES.get(kind, kind): table for kind, table in ruled.items()}
    if ACCEPTED in told:
        rules = ruled.get("rules", default_rules())
        day = today or datetime.now(UTC).date()
        tables["acceptances"] = acceptances_in(told[ACCEPTED], rules, place, day)
    if "owners" in told:
        tables["owners"] = _owners(told, file, place)
    return Policy(
        name=file.name,
        owner_tag=_owner_tag(told, place),
        names_owners_in_notices=_notify_owners(told, place),
        **tables,
    )


def text_of(content: bytes, name: str) -> str:
    """Return the text of a policy file, without the byte order mark that some editors put first."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{name}, line {line} is not TOML: it is not in UTF-8.", "Save it in UTF-8."
        ) from error


def parsed(text: str, name: str) -> dict[str, Any]:
    """Return what the text of a policy file says."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = at[1] if at and at[1] else text.rstrip().count("\n") + 1
        raise InputError(
            f"{name}, line {line} is not TOML: {printable(_AT.sub('', str(error)))}.",
            "account-pairs policy new writes an example of a policy.",
        ) from error


def _owners(told: dict[str, Any], file: Path, place: Place) -> pd.DataFrame:
    named = _text(told, "owners", place, 'owners = "owners.csv"')
    path = file.parent / named
    if not path.is_file():
        raise InputError(
            f"{place('owners')} names {printable(named)}, and there is no such file.",
            "Write where it is, seen from the policy file.",
        )
    return load_owners(path)


def _notify_owners(told: dict[str, Any], place: Place) -> bool:
    named = told.get("notify_owners", False)
    if not isinstance(named, bool):
        raise InputError(
            f"{place('notify_owners')} has notify_owners that is neither true nor false.",
            "Write notify_owners = true for notices that name who answers for an account.",
        )
    return named


def _owner_tag(told: dict[str, Any], place: Place) -> str:
    tag = told.get("owner_tag", OWNER_TAG)
    if not isinstance(tag, str):
        raise InputError(
            f"{place('owner_tag')} has no text as its owner_tag.",
            f'Write owner_tag = "{OWNER_TAG}", or "" for no tag.',
        )
    return tag.strip()


def _text(told: dict[str, Any], name: str, place: Place, example: str) -> str:
    value = told.get(name, "")
    if name in told and not (isinstance(value, str) and value.strip()):
        raise InputError(f"{place(name)} has no text as its {name}.", f"Write {example}.")
    return str(value).strip()
