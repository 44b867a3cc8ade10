"""Account ids out of whatever was typed or pasted."""

import re
from typing import Final

from toolkit.text import shorten_middle

_ID: Final = re.compile("[0-9]{12}")
_GROUPED: Final = re.compile(r"\b([0-9]{4})[- \u00a0]([0-9]{4})[- \u00a0]([0-9]{4})\b")
_SEPARATORS: Final = re.compile(r"[\s,;|/:'\"()\[\]{}<>]+")
_NAMED: Final = 5
_LONGEST: Final = 20


def read(text: str) -> tuple[list[str], list[str]]:
    """Return the account ids in the text, each once in its order, and what is none.

    Ids may stand in any separators and be grouped as the console shows them, 1111-2222-3333.
    """
    parts = _SEPARATORS.split(_GROUPED.sub(r"\1\2\3", text))
    good: dict[str, None] = {}
    wrong: dict[str, None] = {}
    for part in filter(None, parts):
        (good if _ID.fullmatch(part) else wrong)[part] = None
    return list(good), list(wrong)


def complaint(wrong: list[str], good: int) -> str:
    """Name in one sentence what is no account id."""
    named = ", ".join(f"'{shorten_middle(part, _LONGEST)}'" for part in wrong[:_NAMED])
    more = f" and {len(wrong) - _NAMED:,} more" if len(wrong) > _NAMED else ""
    verb = "is not an account id" if len(wrong) == 1 else "are not account ids"
    rest = (
        ""
        if not good
        else "; the other is looked up"
        if good == 1
        else "; the others are looked up"
    )
    return f"{named}{more} {verb} of 12 digits{rest}."
