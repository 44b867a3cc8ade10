"""The report: one judged snapshot, or a selection of it, as every output renders it.

Outputs judge nothing themselves: what a slide, a sheet, a section and a file say is the same.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

import pandas as pd

from toolkit import analysis, schema, titles
from toolkit.analysis import History, KeyFigures
from toolkit.errors import InputError
from toolkit.exports.report import beside
from toolkit.exports.report.beside import AGE, GRACE, REOPEN, SPAN
from toolkit.exports.report.origin import method, minute
from toolkit.exports.report.selection import Selection, file_name, narrowed
from toolkit.fleet import Fleet, overview
from toolkit.schema import Change, Finding
from toolkit.store import Snapshot
from toolkit.text import printable
from toolkit.verdicts import Judged, Policy, mismatches, seen_findings

__all__ = [
    "AGE",
    "GRACE",
    "REOPEN",
    "SPAN",
    "TAG",
    "Finding",
    "Report",
    "Selection",
    "as_report",
    "file_name",
    "minute",
]

TAG: Final = "Tag: {}"
"""How people read the head of a column of tags."""

_LOCALLY: Final = "a local endpoint, not AWS (demo organization)"


@dataclass(frozen=True, eq=False)
class Report:
    """One judged snapshot with the history that leads to it, whole or a selection of its pairs.

    What it was selected from stays in `judged`: `judged.pairs` are all pairs, `pairs` those that
    are reported on. `tags` are the keys of the tags that stand beside pairs, and `names_contacts`
    whether it may name whom to call: nothing of them is in it otherwise. `comment` is what whoever
    made it has to say.
    """

    judged: Judged
    selection: Selection | None = None
    tags: tuple[str, ...] = ()
    names_contacts: bool = False
    comment: str = ""

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        *,
        history: Sequence[Snapshot] | None = None,
        policy: Policy | None = None,
        tags: Iterable[str] = (),
        contacts: bool = False,
    ) -> "Report":
        """Judge a snapshot and its history for a report.

        `history` is earlier snapshots of the same organization, those of the store that the
        snapshot came from when not given; any that is not earlier is left out. `policy` is what
        is judged by, this toolkit's own rules when not given. `tags` are keys whose values are
        listed beside the pairs, and `contacts` lets it name whom to call. Raises InputError for
        another organization's history, SchemaError where a table cannot be right.
        """
        snapshot.check_history(history or ())
        by = policy or Policy()
        if history is None and snapshot.store is not None:
            # A list of pairs needs no history: it is read by the outputs that do.
            judged = by.judge(snapshot, partial(snapshot.store.history, snapshot))
        else:
            judged = by.judge(snapshot, history or ())
        return cls(judged, names_contacts=contacts).with_tags(tags)

    def with_tags(self, keys: Iterable[str]) -> "Report":
        """Return the report with the values of these keys beside its pairs, each key once."""
        return replace(self, tags=tuple(dict.fromkeys(keys)))

    def commented(self, text: str) -> "Report":
        """Return the report with what its maker has to say, shown once where it begins."""
        return replace(self, comment=text.strip())

    def narrowed(self, severities: Collection[str] = (), unit: str = "") -> "Report":
        """Return the report on what has one of the severities, in one unit and below it.

        Raises InputError for a unit that no account is in.
        """
        return narrowed(self, severities, unit) if severities or unit else self

    def only(
        self,
        pairs: pd.DataFrame,
        note: str,
        *,
        left_behind: pd.DataFrame | None = None,
        base: pd.DataFrame | None = None,
    ) -> "Report":
        """Return the report on these rows of its PAIRS alone; `note` says which they are.

        `note` is a sentence that says of how many, as `titles.selection_in_words` does, and `base`
        the PAIRS that these were chosen of by what they are, all of a unit's for instance.
        Its links are those that touch them, and the history, which knows no selection, is left
        out. What was left behind is none of the pairs listed: a selection has the rows of
        LEFT_BEHIND that are given, else none. Raises SchemaError where they are no PAIRS.
        """
        chosen = schema.coerce(schema.PAIRS, pairs, what="the selection", own=True)
        if left_behind is not None:
            left_behind = schema.coerce(schema.LEFT_BEHIND, left_behind, what="what was left")
        return replace(self, selection=Selection(chosen, note, left_behind, base))

    def by_owner(self) -> "list[tuple[str, Report]]":
        """Return the report on what each owner answers for, by name; "" for what nobody does.

        One is on the mismatches of the owner and on what was left behind of theirs, and says of how
        many; those without any are left out.
        """
        pairs, left = self.mismatches, self.left_behind
        named = pd.concat([pairs["owner"], left["owner"]], ignore_index=True)
        owners = sorted(named.dropna().unique(), key=str.casefold)
        if named.isna().any():
            owners.append("")
        of = f"of {titles.counted(self.figures.mismatches, 'mismatch', 'mismatches')}"
        made = []
        for owner in owners:
            theirs, left_theirs = (
                rows[rows["owner"].isna() if owner == "" else rows["owner"] == owner]
                for rows in (pairs, left)
            )
            count = titles.number(int(analysis.is_open(theirs).sum()))
            who = f"Mismatches of {printable(owner)}" if owner else "Mismatches without an owner"
            note = f"{who}: {count} {of}" + (f"; {self.note}" if self.note else "")
            made.append((owner, self.only(theirs, note, left_behind=left_theirs)))
        return made

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
    def is_narrowed(self) -> bool:
        """Whether its pairs were chosen by what they are, so that a share of them says nothing."""
        return self.selection is not None and self.is_partial and self.selection.is_narrowed

    @cached_property
    def headline(self) -> str:
        """The one sentence for it: how many linked pairs disagree, or what a selection is."""
        if self.is_narrowed:
            return self.note
        return titles.title_overview(self.pairs, self.left_behind)

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
    def reconciled(self) -> pd.DataFrame:
        """RECONCILED: one row per GovCloud account known to either side, those of the pairs."""
        found = self.judged.reconciled
        if not self.is_partial:
            return found
        theirs = self.pairs["govcloud_account_id"].dropna()
        here = found["account_id"].isin(self.pairs["account_id"])
        return found[here | found["govcloud_account_id"].isin(theirs)].reset_index(drop=True)

    @property
    def compares_organizations(self) -> bool:
        """Whether anything beside the pairs was seen that knows of GovCloud accounts."""
        return any(self.snapshot.was_seen(name) for name in ("witness", "created"))

    @cached_property
    def findings(self) -> pd.DataFrame:
        """How many accounts have each finding, as `analysis.findings` counts, and what was seen.

        `is_seen` says whether that finding can be: a count of 0 of what was not seen says nothing.
        """
        counts = analysis.findings(self.reconciled)
        compared = bool(self.judged.earlier)
        seen = seen_findings(self.snapshot, self.reconciled, compared=compared)
        # How many have no finding is always known.
        return counts.assign(is_seen=counts["finding"].isin(seen) | counts["finding"].isna())

    @property
    def counts_by_finding(self) -> list[tuple[str, int]]:
        """How many accounts have each finding that was seen: the finding in words, accounts."""
        seen = self.findings[self.findings["is_seen"]].dropna(subset="finding")
        words = map(schema.label, seen["finding"].astype("str"))
        return list(zip(words, seen["accounts"].tolist(), strict=True))

    @cached_property
    def worst_reconciled(self) -> pd.DataFrame:
        """RECONCILED where there is something to do, worst first."""
        found = self.reconciled
        return found[found["severity"].notna()].sort_values("severity", kind="stable")

    @property
    def reconciled_in_words(self) -> str:
        """What GovCloud's own list says of the pairs, in one sentence."""
        seen = self.snapshot.was_seen("witness")
        why = titles.unseen_in_words(self.snapshot, "witness")
        return titles.title_reconciled(self.reconciled, seen=seen, why=why)

    @cached_property
    def actions(self) -> pd.DataFrame:
        """What there is to do, as `analysis.actions` counts.

        With `who` in words where any owner is known, and with `spend` in words where it was seen.
        """
        table = analysis.actions(self.pairs)
        if self.names_owners:
            table = beside.actions_with_owners(table, self.pairs)
        if self.snapshot.was_seen("spend"):
            table = beside.actions_with_spend(table, self.pairs, self.spend)
        return table

    @cached_property
    def spend(self) -> pd.DataFrame:
        """SPEND: one row per account, month and unit, that of the pairs."""
        spend = self.snapshot.spend
        return spend[spend["account_id"].isin(self.pairs["account_id"])].reset_index(drop=True)

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """CONTACTS of the pairs that disagree, worst first; no rows unless asked for by name."""
        contacts = self.snapshot.contacts
        if not self.names_contacts:
            return contacts.head(0)
        worst = self.mismatches["account_id"]
        places = contacts["account_id"].map(pd.Series(range(len(worst)), index=pd.Index(worst)))
        rows = contacts.assign(place=places).dropna(subset="place")
        rows = rows.sort_values(["place", "contact_type"], kind="stable")
        return rows.drop(columns="place").reset_index(drop=True)

    @property
    def names_owners(self) -> bool:
        """Whether anybody is known to answer for a pair that disagrees, or was left behind."""
        return any(rows["owner"].notna().any() for rows in (self.mismatches, self.left_behind))

    def grace(self, pairs: pd.DataFrame) -> pd.Series:
        """Return until when each of some of its pairs is in grace; missing where it is not."""
        known = pd.Index(self.judged.pairs["account_id"])
        until = self.judged.grace.set_axis(known).reindex(pd.Index(pairs["account_id"]))
        return until.set_axis(pairs.index)

    def dated(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return some of its pairs with their age in days, grace, and days left to reopen."""
        return beside.with_times(pairs, self.grace(pairs), self.snapshot)

    def tagged(self, pairs: pd.DataFrame, *, head: str = "{}") -> pd.DataFrame:
        """Return some of its pairs with the chosen tags as columns, called as `head` has it."""
        return beside.with_tags(pairs, self.snapshot.tags, self.tags, head=head)

    def spent(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return some of its pairs with what GovCloud cost as columns, where that was seen."""
        return beside.with_spend(pairs, self.spend) if self.snapshot.was_seen("spend") else pairs

    def called(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return some of its pairs with whom to call as columns, where it names contacts."""
        return beside.with_contacts(pairs, self.contacts) if self.names_contacts else pairs

    @property
    def remarks(self) -> list[str]:
        """What was asked of it and is not there, a sentence each."""
        return beside.remarks(self.snapshot, self.tags, contacts=self.names_contacts)

    @cached_property
    def history(self) -> History:
        """(time taken, PAIRS) of earlier snapshots and this one, oldest first."""
        if self.is_partial:
            return [(self.snapshot.taken, self.pairs)]
        return [*self.judged.history[:-1], (self.snapshot.taken, self.pairs)]

    @property
    def left_behind_counts(self) -> dict[pd.Timestamp, int]:
        """How many pairs were left behind that nobody had accepted, by when a snapshot was taken.

        A selection has no history, and so no such counts.
        """
        return {} if self.is_partial else self.judged.left_behind_counts

    @cached_property
    def left_behind(self) -> pd.DataFrame:
        """LEFT_BEHIND: one row per pair that left the list, those not accepted first.

        A selection of pairs that are listed has none, unless they were chosen with it.
        """
        found = self.judged.left_behind
        if self.selection is not None and self.selection.left_behind is not None:
            found = self.selection.left_behind
        elif self.is_partial:
            return found.head(0)
        accepted = found["accepted_until"].notna()
        return pd.concat([found[~accepted], found[accepted]], ignore_index=True)

    @property
    def counts_left_behind(self) -> bool:
        """Whether it can say how many were left behind: a selection of those listed cannot."""
        chosen = self.selection is not None and self.selection.left_behind is not None
        return chosen or (not self.is_partial and self.snapshot.manifest.is_whole_organization)

    @cached_property
    def figures(self) -> KeyFigures:
        """The key figures of the pairs, and of what was left behind."""
        return analysis.key_figures(self.pairs, self.left_behind)

    @cached_property
    def mismatches(self) -> pd.DataFrame:
        """The pairs that disagree, worst first."""
        return mismatches(self.pairs)

    @cached_property
    def worst(self) -> pd.DataFrame:
        """What asks for somebody, as `analysis.worst` has it: every row, worst first."""
        return analysis.worst(self.pairs, self.left_behind)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """CHANGES since the snapshot before, both by the same rules; empty where there is none.

        Between chosen lists of accounts, one that is not in both lists tells nothing.
        """
        if not self.compared:
            return schema.empty(schema.CHANGES)
        found = analysis.changes(self.judged.before[-1].pairs, self.pairs)
        if all(one.manifest.complete for one in (self.judged.earlier[-1], self.snapshot)):
            return found
        listed = found["change"].isin([Change.VANISHED.value, Change.JOINED.value])
        return found[~listed].reset_index(drop=True)

    @property
    def compared(self) -> bool:
        """Whether there is an earlier snapshot to compare with."""
        return not self.is_partial and bool(self.judged.earlier)

    @property
    def before(self) -> pd.Timestamp:
        """When the snapshot before was taken, UTC."""
        return self.judged.earlier[-1].taken

    @cached_property
    def fleet(self) -> Fleet | None:
        """All organizations of the store, each by its newest snapshot, by the same policy.

        None where the store has no other organization, or the report is not on the newest snapshot
        of a whole one: an older one would stand beside what nobody had seen yet. A selection, which
        may be for somebody who has no business with the others, has none either.
        """
        store, manifest = self.snapshot.store, self.snapshot.manifest
        if store is None or self.selection is not None or len(store.organizations()) == 1:
            return None
        listed = store.listing(manifest.organization_id).manifests
        whole = [one.taken for one in listed if one.is_whole_organization]
        if whole[-1:] != [manifest.taken]:
            return None
        found = overview(store, self.policy)
        mine = found.table["organization_id"] == manifest.organization_id
        return found if (found.table["taken"][mine] == manifest.taken).any() else None

    @property
    def name(self) -> str:
        """What a file of it is called, without an ending."""
        return file_name(self.snapshot.taken, self.note)

    @property
    def taken(self) -> str:
        """When the snapshot was taken, to the minute."""
        return minute(self.snapshot.taken)

    @property
    def source(self) -> str:
        """One line on where the numbers come from."""
        mixed = titles.times_in_words(*self.snapshot.answered)
        return f"{self._who}, snapshot {self.taken}" + (f", {mixed}" if mixed else "")

    @property
    def source_of_fleet(self) -> str:
        """One line on where the numbers of all organizations come from."""
        return f"{self._who}, the newest snapshot of each organization in the store"

    @property
    def _who(self) -> str:
        manifest, who = self.snapshot.manifest, "AWS Organizations and Account Management"
        if manifest.endpoint_url:
            who = _LOCALLY if manifest.is_local else f"{who}, asked at {manifest.endpoint_url}"
        return f"Source: {who}"

    @cached_property
    def method(self) -> list[tuple[str, str]]:
        """How the numbers came about and what they leave out: (topic, sentence), UTC."""
        return method(self)


def as_report(content: Snapshot | Report) -> Report:
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
