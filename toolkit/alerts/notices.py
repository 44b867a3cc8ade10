"""Notices: what an address is to be told of an organization now, and what it then has been told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from toolkit import schema
from toolkit.alerts.findings import findings
from toolkit.alerts.message import Message, first_message, news_message, trouble_message
from toolkit.alerts.news import news
from toolkit.alerts.told import Told
from toolkit.errors import StoreError
from toolkit.schema import FINDINGS
from toolkit.store import Snapshot, Store
from toolkit.store.keys import TAKEN, time_of
from toolkit.titles import day
from toolkit.verdicts import Judged, Policy


@dataclass(frozen=True)
class Notice:
    """What is to be said, None where nothing is new, and what is to be remembered then."""

    message: Message | None
    told: Told | None


@dataclass(frozen=True, eq=False)
class Standing:
    """How it stands with one organization: its newest snapshot judged, and what went wrong.

    The newest is the newest of all accounts that can be read; None where there is none. `troubles`
    are sentences on failed runs and damaged snapshots, each by a mark that tells it from others.
    """

    store: Store
    organization: str
    policy: Policy
    judged: Judged | None
    version: str
    troubles: Mapping[str, str]
    _found: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        store: Store,
        organization: str,
        policy: Policy,
        stopped: Mapping[str, pd.Timestamp | None],
        failed: pd.Timestamp | None = None,
    ) -> "Standing":
        """Judge the newest snapshot.

        `stopped` says which run has not ended, and when it began, `failed` when one could not ask
        anything.
        """
        troubles = {}
        if failed is not None:
            sentence = f"The run of {_moment(failed)} failed before anything was asked"
            troubles[f"failed {failed}"] = sentence
        if organization in stopped:
            troubles[f"stopped {stopped[organization]}"] = _stopped(stopped[organization])
        versions = store.versions(organization)
        for snapshot_id in reversed(versions):
            try:
                if not store.manifest(snapshot_id).complete:
                    continue
                snapshot = store.load(snapshot_id)
            except StoreError:
                # Why, which names a folder, is for whoever runs it and not for whoever is told.
                mark = f"damaged {snapshot_id} {versions[snapshot_id]}"
                taken = pd.to_datetime(time_of(snapshot_id), format=TAKEN, utc=True)
                troubles[mark] = f"The snapshot of {_moment(taken)} cannot be read"
            else:
                judged = policy.judge(snapshot)
                return cls(store, organization, policy, judged, versions[snapshot_id], troubles)
        return cls(store, organization, policy, None, "", troubles)

    def notice(self, told: Told | None) -> Notice:
        """Return what is news to whoever was told that last; None where nothing was."""
        new = [
            sentence
            for mark, sentence in self.troubles.items()
            if told is None or mark not in told.troubles
        ]
        if self.judged is None:
            message = trouble_message(self.organization, new) if new else None
            return Notice(message, self._without_snapshot(told) if new else told)
        now = Told(
            self.judged.snapshot.id,
            self.version,
            self.judged.snapshot.taken,
            self._findings(self.judged),
            tuple(self.troubles),
        )
        if told is None or told.taken is None:
            return Notice(first_message(now.findings, self.judged, new), now)
        if self.judged.snapshot.taken < told.taken:
            # The one that it was told of cannot be read any more: an older one is no news.
            now = replace(told, troubles=now.troubles)
            rows = now.findings.head(0)
        else:
            rows = news(self._before(told), self._findings(self.judged), self.judged)
        if rows.empty and not new:
            return Notice(None, now)
        return Notice(news_message(rows, told.taken, self.judged, new), now)

    def _without_snapshot(self, told: Told | None) -> Told:
        marks = tuple(self.troubles)
        if told is not None:
            return replace(told, troubles=marks)
        return Told("", "", None, schema.empty(FINDINGS), marks)

    def _before(self, told: Told) -> pd.DataFrame:
        """Return what was found in the snapshot that was told of, by the policy of now.

        Where that snapshot is not what it was, it is what was told of it.
        """
        if self.judged is None or self._version_of(told) != told.version:
            return told.findings
        if told.snapshot_id == self.judged.snapshot.id:
            return self._findings(self.judged)
        try:
            old = self.store.load(told.snapshot_id)
        except StoreError:
            return told.findings
        return self._findings(self._earlier(old))

    def _version_of(self, told: Told) -> str | None:
        return self.store.versions(self.organization).get(told.snapshot_id)

    def _earlier(self, old: Snapshot) -> Judged:
        spells = self.judged.spells if self.judged else None
        return self.policy.judge(old, spells=spells)

    def _findings(self, judged: Judged) -> pd.DataFrame:
        """Return FINDINGS, found once for all addresses."""
        key = judged.snapshot.id
        if key not in self._found:
            self._found[key] = findings(judged)
        return self._found[key]


def _stopped(began: pd.Timestamp | None) -> str:
    which = "A run" if began is None else f"The run of {_moment(began)}"
    return f"{which} stopped before its end: collect again, which goes on with it"


def _moment(time: pd.Timestamp) -> str:
    return f"{day(time)}, {time:%H:%M} UTC"
