"""The message: a headline, what is worst by name, and as of when, of how many, by what.

It is plain text on its way to places that read marks in it, from names that anybody may have given:
nothing in it is a link, a mention, an e-mail address, or a person that the policy does not name.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from toolkit import analysis
from toolkit.alerts.checked import as_of
from toolkit.alerts.findings import LEFT, MISMATCH, UNKNOWN, is_accepted
from toolkit.alerts.news import News
from toolkit.schema import Severity, label
from toolkit.text import printable, shorten_middle
from toolkit.titles import counted, day, number, since_in_words, title_overview
from toolkit.titles.words import joined
from toolkit.verdicts import Judged

MOST: Final = 10
"""How many are named."""

_EMAIL: Final = r"[^\s@<>()]+@[^\s@<>()]+"
_MARKS: Final = str.maketrans("<>[]`*@|", "‹›()'∗＠¦")
"""What a chat or a mail program could take for a link, a mention or a command, and a look-alike."""

_HEADS: Final[Mapping[News, tuple[str, str]]] = {
    News.LEFT_BEHIND: ("GovCloud account left behind", "GovCloud accounts left behind"),
    News.WORSE: ("worse", ""),
    News.ACCEPTANCE_ENDED: ("acceptance ended", "acceptances ended"),
    News.LOST_SIGHT: ("account could no longer be judged", "accounts could no longer be judged"),
    News.CHANGED: ("changed", ""),
    News.MILDER: ("milder", ""),
    News.ACCEPTED: ("accepted", ""),
    News.RESOLVED: ("resolved", ""),
}
"""How a headline counts one and several of each; what is new says of which kind it is."""

_ASIDES: Final[Mapping[str, str]] = {
    News.NEW: "new",
    News.ACCEPTANCE_ENDED: "acceptance ended",
    News.ACCEPTED: "now accepted",
    News.CHANGED: "changed",
}
"""What is said of one finding, beside how grave it is and what it is."""

_NEW: Final = "new findings by reconciling"
_NOTHING: Final = "No news"


@dataclass(frozen=True)
class Message:
    """A notice: its headline, the lines below it, and the same for programs.

    `text` is all of it; nothing in it has a mark that is obeyed somewhere.
    """

    headline: str
    lines: tuple[str, ...]
    content: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The whole message."""
        return "\n".join([self.headline, *self.lines])

    @property
    def below(self) -> str:
        """What stands below the headline."""
        return "\n".join(self.lines)


def first_message(found: pd.DataFrame, judged: Judged, troubles: Sequence[str] = ()) -> Message:
    """Return what an address is told that was told nothing yet: how it stands, and the worst.

    Takes FINDINGS of a judged snapshot, and sentences on what went wrong.
    """
    rows = found[~is_accepted(found)].assign(news="", was=None)
    return _message(title_overview(judged.pairs, judged.left_behind), rows, judged, troubles)


def news_message(
    rows: pd.DataFrame, since: pd.Timestamp, judged: Judged, troubles: Sequence[str] = ()
) -> Message:
    """Return what an address is told that was told of the snapshot of `since`.

    Takes news of a judged snapshot, and sentences on what went wrong.
    """
    headline = title_news(rows, since) if len(rows) else ""
    return _message(headline, rows, judged, troubles, stands=True)


def trouble_message(organization: str, troubles: Sequence[str]) -> Message:
    """Return what an address is told of an organization of which no snapshot can be read."""
    content: dict[str, Any] = {"organization": organization, "snapshot": None, "figures": None}
    content |= {"news": [], "more": 0, "troubles": list(troubles)}
    lines = [f"{one}." for one in troubles[1:]] + [f"Organization {organization}."]
    return _whole(troubles[0], lines, content)


def title_news(rows: pd.DataFrame, since: pd.Timestamp) -> str:
    """Count what is news since the snapshot of that time."""
    counts = rows["news"].value_counts()
    parts = []
    for word in News:
        if word is News.NEW:
            new = rows["kind"][rows["news"] == word]
            pairs = int((new == MISMATCH).sum())
            parts += [counted(pairs, "new mismatch", "new mismatches")] if pairs else []
            others = len(new) - pairs
            parts += [counted(others, "new finding by reconciling", _NEW)] if others else []
        elif count := int(counts.get(str(word), 0)):
            one, many = _HEADS[word]
            parts.append(counted(count, one, many or one))
    return f"{joined(parts) if parts else _NOTHING} since {day(since)}, {since:%H:%M} UTC"


def plain(text: str) -> str:
    """Return a name as a message may hold it: on one line, short, obeyed by nothing, no address."""
    line = shorten_middle(re.sub(_EMAIL, "‹e-mail›", printable(text)))
    return line.translate(_MARKS).replace("://", "∶//")


def _message(
    headline: str,
    rows: pd.DataFrame,
    judged: Judged,
    troubles: Sequence[str],
    *,
    stands: bool = False,
) -> Message:
    """Return the message; `stands` says that how it stands is not what the headline says."""
    head, *more = [one for one in (headline, *troubles) if one] or [_NOTHING]
    owners = judged.policy.names_owners_in_notices
    lines = [f"{one}." for one in more]
    shown = rows.head(MOST).to_dict("records")
    lines += [f"- {_named(row, names_owners=owners)}" for row in shown]
    if rest := len(rows) - len(shown):
        lines.append(f"- and {number(rest)} more")
    if stands:
        lines.append(f"{title_overview(judged.pairs, judged.left_behind)}.")
    organization = judged.snapshot.manifest.organization_id
    lines.append(f"{as_of(judged)}; organization {organization}.")
    content = {
        "organization": organization,
        "snapshot": judged.snapshot.id,
        "figures": _figures(judged),
        "news": [_entry(row, names_owners=owners) for row in shown],
        "more": rest,
        "troubles": list(troubles),
    }
    return _whole(head, lines, content)


def _whole(headline: str, lines: Sequence[str], content: Mapping[str, Any]) -> Message:
    made = Message(headline, tuple(lines), {})
    return Message(headline, tuple(lines), {"text": made.text, **content})


def _named(row: Mapping[Hashable, Any], *, names_owners: bool) -> str:
    """Say on one line what a finding is, of which accounts, and what became of it."""
    ids = [row["account_id"]] if isinstance(row["account_id"], str) else []
    if isinstance(row["govcloud_account_id"], str):
        ids.append(f"GovCloud {row['govcloud_account_id']}")
    called = plain(row["name"]) if isinstance(row["name"], str) and row["name"] else "no name"
    parts = [f"{_grade(row)}: {called} ({', '.join(ids)})"]
    if row["news"] != News.RESOLVED:
        states = [row[name] for name in ("standard_state", "govcloud_state")]
        parts.append(" → ".join(plain(label(one)) for one in states if isinstance(one, str)))
        parts.append(_when(row))
    if names_owners and isinstance(row["owner"], str):
        parts.append(f"owner {shorten_middle(row['owner']).translate(_MARKS)}")
    return ", ".join(filter(None, parts))


def _grade(row: Mapping[Hashable, Any]) -> str:
    """Say how grave a finding is, what happened to it, and what it is."""
    kind, word = row["kind"], row["news"]
    what = "could not be judged" if kind == UNKNOWN else label(str(kind))
    what = what[0].lower() + what[1:]  # and GovCloud stays as it is written
    now, was = (label(row[name]) if pd.notna(row[name]) else "" for name in ("severity", "was"))
    if word == News.RESOLVED or not now:
        head = f"Resolved {what}" if word == News.RESOLVED else what[0].upper() + what[1:]
        return f"{head} (was {was.lower()})" if was else head
    if word in (News.WORSE, News.MILDER):
        now = f"{was} → {now.lower()}"
    aside = f"{_ASIDES[word]}, " if word in _ASIDES else ""
    return f"{now}, {aside}{what}"


def _when(row: Mapping[Hashable, Any]) -> str:
    if pd.isna(row["since"]):
        return ""
    return f"last listed {day(row['since'])}" if row["kind"] == LEFT else since_in_words(row)


def _figures(judged: Judged) -> dict[str, int]:
    figures = analysis.key_figures(judged.pairs, judged.left_behind)
    names = ("accounts", "linked", "mismatches", "accepted", "left_behind", "unknown")
    by_severity = {one.lower(): figures.by_severity[one] for one in Severity}
    return {name: int(getattr(figures, name)) for name in names} | by_severity


def _entry(row: Mapping[Hashable, Any], *, names_owners: bool) -> dict[str, Any]:
    """Return a finding for programs; it tells no more of persons than the text does."""
    names = ("news", "kind", "severity", "was", "account_id", "govcloud_account_id")
    entry = {
        name: str(row[name]) if pd.notna(row[name]) and row[name] else None
        for name in (*names, "standard_state", "govcloud_state")
    }
    entry["name"] = plain(row["name"]) if isinstance(row["name"], str) else None
    entry["since"] = row["since"].isoformat() if pd.notna(row["since"]) else None
    if names_owners:
        entry["owner"] = row["owner"] if isinstance(row["owner"], str) else None
    return entry
