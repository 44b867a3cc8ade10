"""The acceptances of a policy file: each entry with what it is of, why, by whom and until when."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.fetch.inputs import check_account_ids
from toolkit.schema import ACCEPTANCES, GOVCLOUD_STATES, STANDARD_STATES, State, Verdict
from toolkit.verdicts.acceptances import MOST_DAYS
from toolkit.verdicts.policy_file.words import (
    At,
    Place,
    check_keys,
    check_text,
    check_word,
    listed,
    shown,
)

ACCEPTED: Final = "accepted"
"""What the list of acceptances is called in a file."""

OF: Final = ("accounts", "ou", "tags")
"""What an acceptance can be of; whatever it names must hold."""

_NEEDED: Final = ("standard", "govcloud", "reason", "owner", "until")
_EXAMPLE: Final = 'accounts = ["123456789012"], ou = "Root/Retired/**" or tags = {stage = "sunset"}'


def acceptances_in(entries: Any, rules: pd.DataFrame, place: Place, today: date) -> pd.DataFrame:
    """Return ACCEPTANCES: a row for each account of an entry, or one for an entry without any.

    Takes RULES as well: what they call a match can be accepted only where it may be left behind.
    """
    verdicts = rules.set_index(["standard_state", "govcloud_state"])["verdict"].to_dict()
    rows: list[dict[str, Any]] = []
    for number, (at, entry) in enumerate(listed(ACCEPTED, entries, place, "acceptance"), 1):
        _check(entry, at)
        states = entry["standard"], entry["govcloud"]
        # What has left the list may be accepted in any two states unless it is closed.
        if verdicts[states] == Verdict.MATCH and states[1] == State.CLOSED:
            raise InputError(
                f"{at('govcloud')} accepts {states[0]} with {states[1]}, which is no mismatch by"
                " these rules.",
                "Leave the entry out, or write the two states that disagree.",
            )
        row = {
            "entry": number,
            "ou": entry.get("ou"),
            "tags": json.dumps(entry["tags"], ensure_ascii=False) if "tags" in entry else None,
            "standard_state": states[0],
            "govcloud_state": states[1],
            "reason": entry["reason"].strip(),
            "owner": entry["owner"].strip(),
            "until": pd.Timestamp(_until(entry["until"], at, today), tz="UTC"),
        }
        accounts = _accounts(entry["accounts"], at) if "accounts" in entry else [None]
        rows += [{"account_id": account, **row} for account in accounts]
    table = pd.DataFrame(rows, columns=ACCEPTANCES.names)
    return schema.coerce(ACCEPTANCES, table) if rows else schema.empty(ACCEPTANCES)


def _check(entry: Mapping[str, Any], at: At) -> None:
    check_keys(entry, at, _NEEDED, OF, "acceptance")
    if not any(name in entry for name in OF):
        raise InputError(f"{at()} names no account, no unit and no tag.", f"Add {_EXAMPLE}.")
    check_word(entry["standard"], at, "standard", STANDARD_STATES)
    check_word(entry["govcloud"], at, "govcloud", GOVCLOUD_STATES)
    check_text(entry["reason"], at, "reason", "Say in a sentence why it is accepted.")
    check_text(entry["owner"], at, "owner", "Write who answers for it.")
    if "ou" in entry:
        check_text(entry["ou"], at, "ou", 'Write a unit, such as ou = "Root/Retired/**".')
    if "tags" in entry:
        tags = entry["tags"]
        if not (isinstance(tags, dict) and tags and all(isinstance(t, str) for t in tags.values())):
            raise InputError(
                f"{at('tags')} has tags = {shown(tags)}.",
                'Write keys with their values, such as tags = {stage = "sunset"}.',
            )


def _accounts(value: Any, at: At) -> list[str]:
    if not isinstance(value, list) or not value:
        raise InputError(
            f"{at('accounts')} has accounts = {shown(value)}.",
            'Write a list of ids, such as accounts = ["123456789012"].',
        )
    for one in value:
        try:
            check_account_ids([one])
        except InputError as error:
            raise InputError(
                f"{at('accounts')} has {shown(one)} among its accounts.",
                "An account id is text of 12 digits, in quotes.",
            ) from error
    return check_account_ids(value)


def _until(value: Any, at: At, today: date) -> date:
    """Return the day on which it counts again; a day in quotes is one, too."""
    day: date | None = None
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str):
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            day = None
    last = today + timedelta(days=MOST_DAYS)
    if day is None:
        raise InputError(
            f"{at('until')} has until = {shown(value)}.", f"Write a day, such as until = {last}."
        )
    if day > last:
        raise InputError(
            f"{at('until')} has until = {day}, which is more than {MOST_DAYS} days ahead.",
            f"Write until = {last}, or an earlier day.",
        )
    return day
