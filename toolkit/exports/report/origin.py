"""Where the numbers of a report come from: who was asked, how it ended, and what is left out."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from toolkit import analysis, schema, titles
from toolkit.analysis import KeyFigures
from toolkit.aws import WHY_ALONE
from toolkit.exports.report.beside import months_in_words
from toolkit.schema import Outcome, Table
from toolkit.store import Manifest, Snapshot
from toolkit.text import duration, printable, shorten_middle

if TYPE_CHECKING:
    from toolkit.exports.report import Report

_MINUTE: Final = "%Y-%m-%d %H:%M UTC"
_OUTCOMES: Final = {
    Outcome.FOUND: "with a GovCloud account",
    Outcome.NOT_LINKED: "without one",
    Outcome.NOT_QUERYABLE: "not queryable by this caller",
    Outcome.ACCESS_DENIED: "access denied",
    Outcome.UNAVAILABLE: "no answer from AWS",
    Outcome.THROTTLED: "refused as too fast",
    Outcome.INVALID: "refused as invalid",
    Outcome.FAILED: "no usable answer",
}
_PAIRS: Final = ("accounts", "govcloud", "links")
"""The sources that the pairs and links are of, which have lines of their own."""

_ON_DEMAND: Final = "contacts"
"""The source that nothing is said of unless it was asked for by name."""

_TOPICS: Final[Mapping[str, str]] = {
    "witness": "GovCloud organization",
    "created": "Creations",
    "closures": "Closures",
    "tags": "Tags",
    "spend": "GovCloud spend",
    "contacts": "Contacts",
}
_DETAIL: Final = 140
"""How much is shown of what AWS said."""

_NO_TIME: Final = (
    "AWS gives no time of a state change: how long a pair has been so is known from snapshots alone"
)
_CLOSURES: Final = (
    "AWS tells when an account was closed, and of no other state change: what follows a closure is"
    " counted from it, all else from the first snapshot that shows it"
)
_AT_LEAST: Final = (
    "“at least since” (≤) is said where the oldest snapshot that shows a pair shows it so already,"
    " as nobody knows when it began"
)
_CLOSED: Final = (
    "About 90 days after closure an account leaves the list; what it left behind is found in all"
    " earlier snapshots, and stays until the GovCloud organization's own list shows it closed."
)
_WAYS: Final = 2
"""How many combinations of states a length of grace names before it counts them."""


def minute(time: pd.Timestamp) -> str:
    """Say a UTC time to the minute."""
    return time.strftime(_MINUTE)


def method(report: "Report") -> list[tuple[str, str]]:
    """Return how the numbers came about and what they leave out: (topic, sentence), UTC."""
    snapshot, figures = report.snapshot, report.figures
    manifest = snapshot.manifest
    caller = titles.caller_in_words(manifest.caller_kind)
    scope = titles.scope_in_words(manifest.caller_kind, complete=manifest.complete)
    rows = [
        ("Snapshot", f"{snapshot.id}, taken {report.taken}: {scope}"),
        ("Sources", f"{_asked(snapshot)}{_at(manifest.endpoint_url)}"),
        ("Asked by", f"account {manifest.caller_account_id}, {caller}"),
        ("Outcomes", _outcomes(report.pairs)),
    ]
    if mixed := titles.times_in_words(*snapshot.answered):
        rows.append(("Mixed times", mixed))
    if manifest.calls:
        rows.append(("Run", _run(manifest)))
    if report.note:
        chosen = titles.counted(figures.accounts, "account")
        rows.insert(0, ("Selection", f"{report.note} ({chosen} in all)"))
    if report.comment:
        rows.insert(0, ("Note", printable(report.comment)))
    if figures.unknown:
        rows.append(("Not judged", _not_judged(figures)))
    rows += _regions(report)
    rows += _further(report)
    entered = [result.get("outcome") == Outcome.FOUND for result in manifest.roles.values()]
    if entered:
        rows.append(("Roles", f"{sum(entered):,} of {len(entered):,} member accounts entered"))
    rows += _reach(report)
    rows += _fleet(report)
    time = _NO_TIME if snapshot.closures.empty else _CLOSURES
    rows.append(("Verdicts", titles.verdicts_in_words(report.policy)))
    rows += _graces(report)
    rows += _accepted(report)
    rows += _owners(report)
    rows.append(("Time", f"{time}; {_AT_LEAST}."))
    return [*rows, ("Closed accounts", _CLOSED), ("Left the list", _left(report))]


def _asked(snapshot: Snapshot) -> str:
    """Name the operations of the sources that were asked, each once.

    Whoever sees its own account alone is told no list, and nothing else that is another's to know.
    """
    manifest = snapshot.manifest
    asked = {
        name
        for name in manifest.sources or _PAIRS
        if manifest.sources.get(name, {}).get("outcome") != Outcome.NOT_QUERYABLE
    }
    if manifest.caller_kind in WHY_ALONE:
        asked -= {schema.ACCOUNTS.file}
    operations = [_operation(table) for name, table in schema.STORED.items() if name in asked]
    return ", ".join(dict.fromkeys(operations))


def _operation(table: Table) -> str:
    """Return the operation that fills a table, as the table says itself."""
    found = (
        re.match(r"[a-z][a-z0-9-]* [A-Z]\w+(?: in aws-us-gov)?", column.source)
        for column in table.columns
    )
    return next((operation.group() for operation in found if operation), table.file)


def _further(report: "Report") -> list[tuple[str, str]]:
    """Say how each source beyond pairs and links ended, and once which were not asked."""
    sources = report.snapshot.manifest.sources
    rows, unasked = [], []
    for name in schema.STORED:
        if name in _PAIRS or (name == _ON_DEMAND and not report.names_contacts):
            continue
        topic = _TOPICS.get(name, schema.label(name))
        if name in sources:
            rows.append((topic, _ended(report.snapshot, name, sources[name])))
        else:
            unasked.append(topic)
    if unasked:
        first, *others = unasked
        also = [topic if topic.startswith("GovCloud") else topic.lower() for topic in others]
        rows.append(("Not asked", _listed([first, *also])))
    return rows


def _ended(snapshot: Snapshot, name: str, ended: Mapping[str, Any]) -> str:
    table, outcome = snapshot.table(name), ended["outcome"]
    counts = _COUNTED.get(name, _rows)(table)
    if name == "witness" and snapshot.manifest.govcloud_organization_id:
        counts = f"{snapshot.manifest.govcloud_organization_id}: {counts}"
    if outcome == Outcome.FOUND:
        return counts
    why = str(_OUTCOMES.get(outcome, printable(str(outcome))))
    if ended.get("detail"):
        why += f" ({shorten_middle(ended['detail'], _DETAIL)})"
    return why if table.empty else f"{counts}; {why}"


def _rows(rows: pd.DataFrame) -> str:
    return titles.counted(len(rows), "row")


def _accounts(rows: pd.DataFrame) -> str:
    return titles.counted(rows["account_id"].nunique(), "account")


def _months(rows: pd.DataFrame) -> str:
    estimated = ", some of it estimated" if rows["is_estimated"].any() else ""
    return f"{_accounts(rows)}, {months_in_words(rows)}, unblended{estimated}"


_COUNTED: Final[Mapping[str, Callable[[pd.DataFrame], str]]] = {
    "witness": lambda rows: titles.counted(len(rows), "account"),
    "created": lambda rows: titles.counted(len(rows), "creation request"),
    "closures": lambda rows: f"{titles.number(len(rows))} known",
    "tags": lambda rows: f"{titles.counted(len(rows), 'tag')} of {_accounts(rows)}",
    "spend": _months,
    "contacts": lambda rows: f"of {_accounts(rows)}",
}
"""What is counted in the table of a source, in words."""


def _reach(report: "Report") -> list[tuple[str, str]]:
    """Say how far back the history goes, where the store has more than was read of it."""
    store, manifest = report.snapshot.store, report.snapshot.manifest
    if store is None or report.is_partial or not report.compared:
        return []
    listing = store.listing(manifest.organization_id)
    read, damaged = len(report.judged.earlier) + 1, len(listing.left_out)
    there = len(listing.earlier(manifest)) + 1
    rows = []
    if read < there:
        rows.append(("History", f"the last {read:,} of {there:,} snapshots"))
    if damaged:
        text = f"{titles.counted(damaged, 'snapshot')} of the store cannot be read"
        rows.append(("Left out", text))
    return rows


def _fleet(report: "Report") -> list[tuple[str, str]]:
    """Say of how many organizations the store has snapshots, and of when they are."""
    if report.fleet is None:
        return []
    table = report.fleet.table
    unread = titles.unread_in_words(report.fleet.left_out)
    said = f"the newest snapshot of each of {len(table):,} in the store, "
    said += titles.seen_in_words(table) + (f"; {unread}" if unread else "")
    return [("Organizations", said)]


def _graces(report: "Report") -> list[tuple[str, str]]:
    """Say how long which pairs are milder by the policy, and how many are so now."""
    rules = report.policy.rules
    mild = rules[rules["grace_days"].gt(0) & rules["grace_severity"].notna()]
    if mild.empty:
        return []
    parts = []
    for days, ways in mild.groupby("grace_days", sort=True):
        states = zip(ways["standard_state"], ways["govcloud_state"], strict=True)
        names = [" → ".join(map(schema.label, both)) for both in states]
        parts.append(f"{days} {'day' if days == 1 else 'days'} for {_listed(names, _WAYS)}")
    open_ = report.mismatches[analysis.is_open(report.mismatches)]
    now = titles.counted(int(report.grace(open_).notna().sum()), "mismatch is", "mismatches are")
    text = (
        f"{'; '.join(parts)}: so long a pair is milder, counted from when it began, and not at all"
        f" where nobody knows when that was; {now} in grace"
    )
    return [("Grace", text)]


def _accepted(report: "Report") -> list[tuple[str, str]]:
    """Say how many acceptances the policy has, and what became of them."""
    entries = report.judged.acceptances
    if entries.empty:
        return []
    ended, nothing = entries["ended"], entries["accounts"] == 0
    tables = (report.judged.pairs, report.judged.left_behind)
    accounts = sum(int(table["accepted_until"].notna().sum()) for table in tables)
    in_force = int((~ended & ~nothing).sum())
    parts = [f"{titles.number(in_force)} in force, for {titles.counted(accounts, 'account')}"]
    if ended.any():
        verb = "has" if ended.sum() == 1 else "have"
        parts.append(f"{titles.number(int(ended.sum()))} {verb} ended")
    if (unused := ~ended & nothing).any():
        which = [f"{entry:,}" for entry in entries["entry"][unused]]
        verb = "matches" if len(which) == 1 else "match"
        noun = "number" if len(which) == 1 else "numbers"
        parts.append(f"{titles.number(len(which))} {verb} nothing ({noun} {_listed(which)})")
    total = titles.counted(len(entries), "entry", "entries")
    return [("Acceptances", f"{total} of {_policy(report)}: {'; '.join(parts)}")]


def _owners(report: "Report") -> list[tuple[str, str]]:
    """Say how owners are known, and of how many mismatches."""
    policy, found = report.policy, report.mismatches
    if policy.owners.empty and not report.names_owners:
        return []
    by = [f"by the tag {printable(policy.owner_tag)}"] if policy.owner_tag else []
    if len(policy.owners):
        by.append(f"by {titles.counted(len(policy.owners), 'row')} of {_policy(report)}")
    known = titles.number(int(found["owner"].notna().sum()))
    of = titles.counted(len(found), "mismatch", "mismatches")
    return [("Owners", f"{' and '.join(by)}; known of {known} of {of}")]


def _policy(report: "Report") -> str:
    return printable(report.policy.name) or "the policy"


def _left(report: "Report") -> str:
    """Say how many pairs were left behind, and how far that is known."""
    judged = report.judged
    if not report.snapshot.manifest.is_whole_organization:
        return "not known: only a list of the whole organization shows who has left it"
    whole = f"{_behind(judged.left_behind)} in the whole organization"
    text = _behind(report.left_behind)
    if report.is_partial:
        if report.left_behind.empty:
            return f"what was left behind is not part of this selection; {whole}"
        return f"{text}; {whole}"
    times = judged.spells.times
    first = f", the oldest of {titles.day(min(times))}" if len(times) else ""
    return f"{text}, by {titles.counted(len(times), 'snapshot')}{first}"


def _behind(left: pd.DataFrame) -> str:
    accepted = int(left["accepted_until"].notna().sum())
    text = f"{titles.counted(len(left) - accepted, 'pair')} left behind"
    return f"{text}, {titles.number(accepted)} more accepted" if accepted else text


def _outcomes(pairs: pd.DataFrame) -> str:
    counts = pairs["outcome"].value_counts()
    parts = [
        f"{int(counts[outcome.value]):,} {words}"
        for outcome, words in _OUTCOMES.items()
        if counts.get(outcome.value, 0)
    ]
    return "; ".join(parts) or "no account was asked"


def _regions(report: "Report") -> list[tuple[str, str]]:
    regions, links = report.snapshot.manifest.regions, len(report.links)
    if not regions:
        why = "" if links else report.snapshot.manifest.why_no_links
        return [("Account links", why or f"{links:,}")]
    unseen = [
        name for name, result in regions.items() if result.get("outcome") != Outcome.FOUND.value
    ]
    seen = len(regions) - len(unseen)
    text = f"{links:,} in {seen:,} of {len(regions):,} Regions asked"
    if unseen:
        text += f"; no answer from {_listed(unseen)}"
    return [("Account links", text)]


def _at(endpoint: str | None) -> str:
    return f"; asked at {endpoint}" if endpoint else ""


def _run(manifest: Manifest) -> str:
    text = f"{titles.counted(manifest.calls, 'call')} in {duration(manifest.seconds)}"
    if manifest.throttled:
        text += f", {manifest.throttled:,} of them throttled"
    if manifest.calls_saved:
        text += f"; {manifest.calls_saved:,} look-ups reused from the snapshot before"
    return text


def _not_judged(figures: KeyFigures) -> str:
    other = figures.unknown - figures.not_seen
    parts = []
    if figures.not_seen:
        parts.append(f"{figures.not_seen:,} where the look-up failed")
    if other:
        parts.append(f"{other:,} with a state this toolkit does not know")
    verb = "is" if figures.unknown == 1 else "are"
    return f"{' and '.join(parts)}; {verb} counted neither as match nor as mismatch"


def _listed(names: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
