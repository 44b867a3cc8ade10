"""Why a snapshot does not have what a source would have told, in a sentence for each."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from toolkit.schema import Finding, Outcome
from toolkit.store import Snapshot
from toolkit.text import printable

_BY_DEFAULT: Final = "leave --sources out, and it is asked"

_SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "links": ("The list of WorkSpaces account links", "name their Regions with --link-regions"),
    "witness": ("The GovCloud organization's list", "collect with --govcloud-profile"),
    "created": ("The list of created accounts", _BY_DEFAULT),
    "closures": ("The record of closures", _BY_DEFAULT),
    "tags": ("The list of tags", _BY_DEFAULT),
    "spend": ("What GovCloud cost", "collect with --sources default,spend"),
    "contacts": ("The list of contacts", "collect with --sources default,contacts"),
}
"""What each source is called in a sentence, and what to do where it was not asked."""

_NEWER: Final = ("created", "closures", "tags")
"""The sources that every snapshot names since there are any but the first three."""


def seen_findings(
    snapshot: Snapshot, reconciled: pd.DataFrame, *, compared: bool
) -> frozenset[str]:
    """Return the findings that could be made: where there is none of those, there is none indeed.

    Takes RECONCILED of the snapshot; `compared` says whether there was an older one to look at.
    """
    # Whoever got no answer may be paired with those of whom no pair is known.
    is_open = reconciled[["finding", "account_id"]].isna().all(axis="columns").any()
    seen = {
        Finding.CREATED_BUT_NOT_PAIRED: snapshot.was_seen("created"),
        Finding.PAIR_LEFT_LIST: snapshot.was_seen("witness") and compared,
        Finding.WITHOUT_PAIR: snapshot.was_seen("witness") and not is_open,
    }
    found = set(reconciled["finding"].dropna().astype("str"))
    return frozenset(
        one.value
        for one in Finding
        if seen.get(one, snapshot.was_seen("witness")) or one.value in found
    )


def unseen_in_words(snapshot: Snapshot, name: str) -> str:
    """Say why a source of a snapshot was not seen: not asked, denied, not answered; "" if it was.

    `name` is one of `schema.STORED`.
    """
    if snapshot.was_seen(name):
        return ""
    subject, hint = _SOURCES.get(name, (f"The table {name}", "collect again"))
    sources = snapshot.manifest.sources
    if name not in sources:
        if name in _NEWER and not any(newer in sources for newer in _NEWER):
            called = subject.removeprefix("The ")
            return f"This snapshot is older than the {called}, or was taken without: collect again."
        return f"{subject} was not asked: {hint}."
    denied = sources[name]["outcome"] == Outcome.ACCESS_DENIED
    ended = f"{subject} was {'denied' if denied else 'not answered'}"
    detail = printable(sources[name].get("detail") or "").rstrip(". ")
    return f"{ended}: {detail}." if detail else f"{ended}."
