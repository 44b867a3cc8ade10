"""Answers of earlier runs that need not be asked for again."""

from datetime import timedelta
from typing import Final

import pandas as pd

from toolkit.errors import StoreError
from toolkit.fetch.rows import Row
from toolkit.schema import CLOSURES, GOVCLOUD, SEEN_OUTCOMES, State
from toolkit.store import Snapshot, Store

CLOSED: Final = State.CLOSED.value

REOPENABLE: Final = pd.Timedelta(days=90)
"""How long a closed account can be reopened; after that the pair can't change."""


class Earlier:
    """What earlier snapshots of an organization still tell.

    A look-up younger than `max_age` in the newest snapshot stands as it is. So does a pair whose
    both sides have been CLOSED in every snapshot since 90 days ago or longer.
    """

    def __init__(
        self,
        store: Store,
        organization_id: str,
        now: pd.Timestamp,
        max_age: timedelta | None,
    ) -> None:
        self.newest: Snapshot | None = None
        self._young: dict[str, Row] = {}
        self._closed: dict[str, Row] = {}
        ids = store.ids(organization_id, before=now)[::-1]
        if not ids:
            return
        self.newest = _loaded(store, ids[0])
        if self.newest is None:
            return
        answers = self.newest.govcloud
        if max_age is not None:
            seen = answers["outcome"].isin(SEEN_OUTCOMES)
            self._young = _rows(answers[seen & (answers["fetched_at"] >= now - max_age)])
        proven = _long_closed(store, self.newest, ids[1:], now)
        self._closed = _rows(answers[answers["account_id"].isin(proven)])

    def row(self, account_id: str, standard_state: str | None) -> Row | None:
        """Return the GOVCLOUD row that stands for the account; None where it must be asked."""
        row = self._young.get(account_id)
        if row is None and standard_state == CLOSED:
            row = self._closed.get(account_id)
        return row


def known_closures(store: Store, organization_id: str, before: pd.Timestamp) -> dict[str, str]:
    """Return when accounts were closed as earlier snapshots knew it, by account, ISO 8601.

    CloudTrail forgets after 90 days; each snapshot of a whole organization keeps what the ones
    before it knew, so the newest of those is the last one to look at.
    """
    known: dict[str, str] = {}
    for snapshot_id in store.ids(organization_id, before=before)[::-1]:
        try:
            manifest = store.manifest(snapshot_id)
            if CLOSURES.file not in manifest.sources:
                continue
            rows = store.table(snapshot_id, CLOSURES.file)
        except StoreError:  # damaged: those before it may still tell
            continue
        for account_id, closed_at in zip(rows["account_id"], rows["closed_at"], strict=True):
            known[account_id] = max(known.get(account_id, ""), closed_at.isoformat())
        if manifest.is_whole_organization:
            break
    return known


def _long_closed(
    store: Store, newest: Snapshot, older_ids: list[str], now: pd.Timestamp
) -> set[str]:
    """Return the accounts seen closed on both sides ever since 90 days ago or longer."""
    since = _closed(newest)
    unbroken = set(since)
    for snapshot_id in older_ids:
        if all(since[account_id] <= now - REOPENABLE for account_id in unbroken):
            break
        older = _loaded(store, snapshot_id)
        if older is None:
            break
        closed = _closed(older)
        present = set(older.accounts["account_id"])
        # A run over chosen accounts says nothing of the others.
        unbroken = (
            unbroken & closed.keys()
            if older.manifest.complete
            else unbroken - (present - closed.keys())
        )
        since |= {account_id: closed[account_id] for account_id in unbroken & closed.keys()}
    return {account_id for account_id, seen in since.items() if seen <= now - REOPENABLE}


def _loaded(store: Store, snapshot_id: str) -> Snapshot | None:
    """Return a snapshot; None where it is damaged: it proves nothing, and stops no new run."""
    try:
        return store.load(snapshot_id)
    except StoreError:
        return None


def _closed(snapshot: Snapshot) -> dict[str, pd.Timestamp]:
    """Return when the snapshot saw each pair whose two sides were closed."""
    pairs = snapshot.accounts.merge(snapshot.govcloud, on="account_id")
    pairs = pairs[(pairs["standard_state"] == CLOSED) & (pairs["govcloud_state"] == CLOSED)]
    return {
        account_id: max(snapshot.taken, fetched_at)
        for account_id, fetched_at in zip(pairs["account_id"], pairs["fetched_at"], strict=True)
    }


def _rows(answers: pd.DataFrame) -> dict[str, Row]:
    names = GOVCLOUD.names
    plain = answers[names].astype("object")
    plain["fetched_at"] = answers["fetched_at"].map(pd.Timestamp.isoformat, na_action="ignore")
    plain = plain.where(answers[names].notna(), None)
    values = plain.itertuples(index=False, name=None)
    return {row[0]: dict(zip(names, row, strict=True)) for row in values}
