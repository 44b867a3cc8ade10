"""What a report says: everything that deck, workbook and page need, judged and counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

import pandas as pd

from toolkit import analysis, schema
from toolkit.analysis import History, KeyFigures
from toolkit.errors import InputError
from toolkit.schema import Change, Outcome
from toolkit.snapshot import Manifest, Snapshot
from toolkit.verdicts import judge_links, judge_pairs, mismatches

_MINUTE: Final = "%Y-%m-%d %H:%M UTC"
_CALLERS: Final = {
    "management": "the management account",
    "delegated": "a delegated administrator",
    "member": "a member account",
    "standalone": "an account in no organization",
}
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
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
_VERDICTS: Final = (
    "Two equal states match, others disagree; an account without a GovCloud account is no mismatch."
)
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


@dataclass(frozen=True)
class Report:
    """One snapshot, judged, with the history that leads to it.

    `pairs` is PAIRS and `links` JUDGED_LINKS, of the snapshot or of the selection that `note`
    describes. `history` is (time taken, PAIRS) of earlier snapshots and this one, oldest first.
    """

    snapshot: Snapshot
    pairs: pd.DataFrame
    links: pd.DataFrame
    history: History
    rules: pd.DataFrame | None
    note: str
    comparable: bool
    """Whether this snapshot and the one before list whole organizations."""

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
        """CHANGES since the snapshot before; empty where there is none.

        Between chosen lists of accounts, one that is not in both lists tells nothing.
        """
        if not self.compared:
            return schema.empty(schema.CHANGES)
        found = analysis.changes(self.history[-2][1], self.pairs)
        if self.comparable:
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
    def taken(self) -> str:
        """When the snapshot was taken, to the minute."""
        return minute(self.snapshot.taken)

    @property
    def local(self) -> bool:
        """Whether an endpoint on this machine answered, as the emulator does, and not AWS."""
        host = urlsplit(self.snapshot.manifest.endpoint_url or "").hostname
        return host in _LOCAL

    @property
    def source(self) -> str:
        """One line on where the numbers come from."""
        who = _LOCALLY if self.local else "AWS Organizations and Account Management"
        return f"Source: {who}, snapshot {self.taken}"

    @cached_property
    def method(self) -> list[tuple[str, str]]:
        """How the numbers came about and what they leave out: (topic, sentence), UTC."""
        manifest = self.snapshot.manifest
        figures = analysis.key_figures(self.pairs)
        caller = _CALLERS.get(manifest.caller_kind, manifest.caller_kind)
        judged = "this toolkit's own judgement" if self.rules is None else "those of own rules"
        scope = "the whole organization" if manifest.complete else "a chosen list of accounts"
        rows = [
            ("Snapshot", f"{self.snapshot.id}, taken {self.taken}: {scope}"),
            ("Sources", f"{_SOURCES}{_at(manifest.endpoint_url)}"),
            ("Asked by", f"account {manifest.caller_account_id}, {caller}"),
            ("Outcomes", self._outcomes()),
        ]
        if manifest.calls:
            rows.append(("Run", _run(manifest)))
        if self.note:
            rows.insert(0, ("Selection", f"{self.note} ({figures.accounts:,} accounts)"))
        if figures.unknown:
            rows.append(("Not judged", _not_judged(figures)))
        rows += self._regions()
        entered = [result.get("outcome") == Outcome.FOUND for result in manifest.roles.values()]
        if entered:
            rows.append(("Roles", f"{sum(entered):,} of {len(entered):,} member accounts entered"))
        verdicts = f"{_VERDICTS} The severities are {judged}."
        rows += [("Verdicts", verdicts), ("Time", _TIME), ("Closed accounts", _CLOSED)]
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


def report(
    snapshot: Snapshot,
    *,
    history: Sequence[Snapshot] = (),
    rules: pd.DataFrame | None = None,
    pairs: pd.DataFrame | None = None,
    note: str = "",
) -> Report:
    """Judge a snapshot and its history for a report.

    `history` is earlier snapshots of the same organization; any that is not earlier is left out.
    `pairs` is an already judged selection (PAIRS) to report on instead of the whole snapshot, and
    `note` the words that say which: then links are those that touch it, and the history, which
    knows no selection, is left out. Raises InputError for another organization's history,
    SchemaError where a table cannot be right.
    """
    organization = snapshot.manifest.organization_id
    strangers = [old.id for old in history if old.manifest.organization_id != organization]
    if strangers:
        raise InputError(
            f"{strangers[0]} is a snapshot of another organization than {organization}.",
            "Compare snapshots of one organization.",
        )
    links = judge_links(snapshot)
    if pairs is None:
        judged = judge_pairs(snapshot, rules=rules)
    else:
        schema.check(schema.PAIRS, pairs, what="the selection")
        judged = pairs.reset_index(drop=True)
    partial = pairs is not None and len(judged) < len(snapshot.accounts)
    if partial:
        chosen = judged["account_id"]
        links = links[
            links["source_account_id"].isin(chosen) | links["target_account_id"].isin(chosen)
        ].reset_index(drop=True)
    earlier = sorted(
        (old for old in history if old.taken < snapshot.taken), key=lambda old: old.taken
    )
    past = [] if partial else [(old.taken, judge_pairs(old, rules=rules)) for old in earlier]
    whole = [old.manifest.complete for old in [*earlier[-1:], snapshot]]
    return Report(
        snapshot=snapshot,
        pairs=judged,
        links=links,
        history=[*past, (snapshot.taken, judged)],
        rules=rules,
        note=note,
        comparable=all(whole),
    )


def minute(time: pd.Timestamp) -> str:
    """Say a UTC time to the minute."""
    return time.strftime(_MINUTE)


def share(rate: float) -> str:
    """Write a share with one decimal that is never 0 or 100 % unless it is exactly that."""
    if rate in (0, 1):
        return f"{100 * rate:.0f} %"
    return f"{min(max(100 * rate, 0.1), 99.9):.1f} %"


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
