"""The report: one judged snapshot, or a selection of it, as every output renders it.

Outputs judge nothing themselves: what a slide, a sheet, a section and a file say is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

import pandas as pd

from toolkit import analysis, schema, titles
from toolkit.analysis import History, KeyFigures
from toolkit.errors import InputError
from toolkit.schema import Change, Outcome
from toolkit.store import Manifest, Snapshot
from toolkit.verdicts import Judged, Policy, mismatches

_MINUTE: Final = "%Y-%m-%d %H:%M UTC"
_LOCALLY: Final = "a local endpoint, not AWS (demo organization)"
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
_SOURCES: Final = (
    "organizations ListAccounts, account GetGovCloudAccountInformation, workspaces ListAccountLinks"
)
_TIME: Final = (
    "AWS gives no time of a state change: how long a pair has disagreed is known from snapshots"
    " alone."
)
_CLOSED: Final = (
    "About 90 days after closure an account leaves the list; what it left behind shows only in"
    " comparison with an older snapshot."
)


@dataclass(frozen=True, eq=False)
class Selection:
    """Some of a snapshot's pairs (PAIRS), and the words that say which."""

    pairs: pd.DataFrame
    note: str


@dataclass(frozen=True, eq=False)
class Report:
    """One judged snapshot with the history that leads to it, whole or a selection of its pairs.

    What it was selected from stays in `judged`: `judged.pairs` are all pairs, `pairs` those that
    are reported on.
    """

    judged: Judged
    selection: Selection | None = None

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        *,
        history: Sequence[Snapshot] | None = None,
        policy: Policy | None = None,
    ) -> "Report":
        """Judge a snapshot and its history for a report.

        `history` is earlier snapshots of the same organization, those of the store that the
        snapshot came from when not given; any that is not earlier is left out. `policy` is what
        is judged by, this toolkit's own rules when not given. Raises InputError for another
        organization's history, SchemaError where a table cannot be right.
        """
        organization = snapshot.manifest.organization_id
        for old in history or ():
            if old.manifest.organization_id != organization:
                raise InputError(
                    f"{old.id} is a snapshot of another organization than {organization}.",
                    "Compare snapshots of one organization.",
                )
        by = policy or Policy()
        if history is None and snapshot.store is not None:
            # A list of pairs needs no history: it is read by the outputs that do.
            return cls(by.judge(snapshot, partial(snapshot.store.history, snapshot)))
        return cls(by.judge(snapshot, history or ()))

    def only(self, pairs: pd.DataFrame, note: str) -> "Report":
        """Return the report on these rows of its PAIRS alone; `note` says which they are.

        Its links are those that touch them, and the history, which knows no selection, is left
        out. Raises SchemaError where they are no PAIRS.
        """
        chosen = schema.coerce(schema.PAIRS, pairs, what="the selection", own=True)
        return replace(self, selection=Selection(chosen, note))

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot reported on."""
        return self.judged.snapshot

    @property
    def policy(self) -> Policy:
        """What was judged by."""
        return self.judged.policy

    @property
    def pairs(self) -> pd.DataFrame:
        """PAIRS: one row per standard account, of the snapshot or of the selection."""
        return self.judged.pairs if self.selection is None else self.selection.pairs

    @property
    def note(self) -> str:
        """The words that say which pairs these are; empty for all of them."""
        return self.selection.note if self.selection else ""

    @property
    def is_partial(self) -> bool:
        """Whether some of the snapshot's pairs are left out."""
        return len(self.pairs) < len(self.judged.pairs)

    @cached_property
    def links(self) -> pd.DataFrame:
        """JUDGED_LINKS: one row per link and Region, those that touch the pairs."""
        links = self.judged.links
        if not self.is_partial:
            return links
        chosen = self.pairs["account_id"]
        touched = links["source_account_id"].isin(chosen) | links["target_account_id"].isin(chosen)
        return links[touched].reset_index(drop=True)

    @cached_property
    def history(self) -> History:
        """(time taken, PAIRS) of earlier snapshots and this one, oldest first."""
        if self.is_partial:
            return [(self.snapshot.taken, self.pairs)]
        return [*self.judged.history[:-1], (self.snapshot.taken, self.pairs)]

    @cached_property
    def figures(self) -> KeyFigures:
        """The key figures of the pairs."""
        return analysis.key_figures(self.pairs)

    @cached_property
    def mismatches(self) -> pd.DataFrame:
        """The pairs that disagree, worst first."""
        return mismatches(self.pairs)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """CHANGES since the snapshot before, both by the same rules; empty where there is none.

        Between chosen lists of accounts, one that is not in both lists tells nothing.
        """
        if not self.compared:
            return schema.empty(schema.CHANGES)
        found = analysis.changes(self.history[-2][1], self.pairs)
        if all(one.manifest.complete for one in (self.judged.earlier[-1], self.snapshot)):
            return found
        listed = found["change"].isin([Change.VANISHED.value, Change.JOINED.value])
        return found[~listed].reset_index(drop=True)

    @property
    def compared(self) -> bool:
        """Whether there is an earlier snapshot to compare with."""
        return len(self.history) > 1

    @property
    def before(self) -> pd.Timestamp:
        """When the snapshot before was taken, UTC."""
        return self.history[-2][0]

    @property
    def name(self) -> str:
        """What a file of it is called, without an ending."""
        return f"account-states-{self.snapshot.taken:%Y-%m-%d}{'-selection' if self.note else ''}"

    @property
    def taken(self) -> str:
        """When the snapshot was taken, to the minute."""
        return minute(self.snapshot.taken)

    @property
    def source(self) -> str:
        """One line on where the numbers come from."""
        manifest, who = self.snapshot.manifest, "AWS Organizations and Account Management"
        if manifest.endpoint_url:
            who = _LOCALLY if manifest.is_local else f"{who}, asked at {manifest.endpoint_url}"
        mixed = titles.times_in_words(*self.snapshot.answered)
        return f"Source: {who}, snapshot {self.taken}" + (f", {mixed}" if mixed else "")

    @cached_property
    def method(self) -> list[tuple[str, str]]:
        """How the numbers came about and what they leave out: (topic, sentence), UTC."""
        manifest = self.snapshot.manifest
        caller = titles.caller_in_words(manifest.caller_kind)
        scope = titles.scope_in_words(manifest.caller_kind, complete=manifest.complete)
        rows = [
            ("Snapshot", f"{self.snapshot.id}, taken {self.taken}: {scope}"),
            ("Sources", f"{_SOURCES}{_at(manifest.endpoint_url)}"),
            ("Asked by", f"account {manifest.caller_account_id}, {caller}"),
            ("Outcomes", self._outcomes()),
        ]
        if mixed := titles.times_in_words(*self.snapshot.answered):
            rows.append(("Mixed times", mixed))
        if manifest.calls:
            rows.append(("Run", _run(manifest)))
        if self.note:
            rows.insert(0, ("Selection", f"{self.note} ({self.figures.accounts:,} accounts)"))
        if self.figures.unknown:
            rows.append(("Not judged", _not_judged(self.figures)))
        rows += self._regions()
        entered = [result.get("outcome") == Outcome.FOUND for result in manifest.roles.values()]
        if entered:
            rows.append(("Roles", f"{sum(entered):,} of {len(entered):,} member accounts entered"))
        verdicts = titles.verdicts_in_words(self.policy)
        rows += self._reach()
        rows += [("Verdicts", verdicts), ("Time", _TIME), ("Closed accounts", _CLOSED)]
        return rows

    def _reach(self) -> list[tuple[str, str]]:
        """Say how far back the history goes, where the store has more than was read of it."""
        store, manifest = self.snapshot.store, self.snapshot.manifest
        if store is None or self.is_partial or not self.compared:
            return []
        listing = store.listing(manifest.organization_id)
        read, damaged = len(self.judged.earlier) + 1, len(listing.left_out)
        there = len(listing.earlier(manifest)) + 1
        rows = []
        if read < there:
            rows.append(("History", f"the last {read:,} of {there:,} snapshots"))
        if damaged:
            text = f"{titles.counted(damaged, 'snapshot')} of the store cannot be read"
            rows.append(("Left out", text))
        return rows

    def _outcomes(self) -> str:
        counts = self.pairs["outcome"].value_counts()
        parts = [
            f"{int(counts[outcome.value]):,} {words}"
            for outcome, words in _OUTCOMES.items()
            if counts.get(outcome.value, 0)
        ]
        return "; ".join(parts) or "no account was asked"

    def _regions(self) -> list[tuple[str, str]]:
        regions = self.snapshot.manifest.regions
        if not regions:
            return [
                ("Account links", f"{len(self.links):,}" if len(self.links) else "not asked for")
            ]
        unseen = [
            name for name, result in regions.items() if result.get("outcome") != Outcome.FOUND.value
        ]
        seen = len(regions) - len(unseen)
        text = f"{len(self.links):,} in {seen:,} of {len(regions):,} Regions asked"
        if unseen:
            text += f"; no answer from {_listed(unseen)}"
        return [("Account links", text)]


def as_report(content: "Snapshot | Report") -> Report:
    """Return what is to be written as a report; a snapshot is judged by this toolkit's own rules.

    Raises InputError for anything else.
    """
    if isinstance(content, Report):
        return content
    if isinstance(content, Snapshot):
        return Report.of(content)
    raise InputError(
        f"A {type(content).__name__} is neither a snapshot nor a report.",
        "Pass what collect or load_snapshot gave, or Report.of(snapshot).",
    )


def minute(time: pd.Timestamp) -> str:
    """Say a UTC time to the minute."""
    return time.strftime(_MINUTE)


def _at(endpoint: str | None) -> str:
    return f"; asked at {endpoint}" if endpoint else ""


def _run(manifest: Manifest) -> str:
    minutes = max(1, round(manifest.seconds / 60))
    text = f"{manifest.calls:,} calls in {minutes:,} minute{'s' if minutes > 1 else ''}"
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
