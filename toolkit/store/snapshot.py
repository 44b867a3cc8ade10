"""What a finished run left: its tables, its manifest, and the store that it lies in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.store.manifest import Manifest

if TYPE_CHECKING:
    from toolkit.store.store import Store


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The tables of a run by name (those of `schema.STORED`), and what is true of all of them.

    `store` is where it was read from or written to, and where its history is; None for one that
    is in memory alone.
    """

    tables: Mapping[str, pd.DataFrame]
    manifest: Manifest
    store: "Store | None" = field(default=None, repr=False)

    @property
    def accounts(self) -> pd.DataFrame:
        """ACCOUNTS: one row per standard account."""
        return self.table("accounts")

    @property
    def govcloud(self) -> pd.DataFrame:
        """GOVCLOUD: one row per standard account."""
        return self.table("govcloud")

    @property
    def links(self) -> pd.DataFrame:
        """LINKS: one row per link and Region."""
        return self.table("links")

    @property
    def witness(self) -> pd.DataFrame:
        """WITNESS: one row per GovCloud account of the GovCloud organization."""
        return self.table("witness")

    @property
    def created(self) -> pd.DataFrame:
        """CREATED: one row per creation request."""
        return self.table("created")

    @property
    def closures(self) -> pd.DataFrame:
        """CLOSURES: one row per closed account of which the time is known."""
        return self.table("closures")

    @property
    def tags(self) -> pd.DataFrame:
        """TAGS: one row per account and key."""
        return self.table("tags")

    @property
    def spend(self) -> pd.DataFrame:
        """SPEND: one row per account, month and unit."""
        return self.table("spend")

    @property
    def contacts(self) -> pd.DataFrame:
        """CONTACTS: one row per mismatching account and kind of contact."""
        return self.table("contacts")

    def was_seen(self, name: str) -> bool:
        """Whether that table was answered whole, as the manifest tells."""
        return self.manifest.was_seen(name)

    def table(self, name: str) -> pd.DataFrame:
        """Return the table of that name; without rows where the run did not ask for it."""
        found = self.tables.get(name)
        return schema.empty(schema.STORED[name]) if found is None else found

    def check_history(self, history: "Iterable[Snapshot]") -> None:
        """Raise InputError where a snapshot that this one is compared with is another's."""
        own = self.manifest.organization_id
        for old in history:
            if old.manifest.organization_id != own:
                raise InputError(
                    f"{old.id} is a snapshot of another organization than {own}.",
                    "Compare snapshots of one organization.",
                )

    def counted(self) -> Manifest:
        """Return the manifest with the rows that the tables have, by which a reader checks them."""
        sources = {
            name: {**ended, "rows": len(self.table(name))}
            for name, ended in self.manifest.sources.items()
        }
        return replace(self.manifest, sources=sources)

    @property
    def id(self) -> str:
        """What `--snapshot` takes: organization and time taken."""
        return self.manifest.snapshot_id

    @property
    def taken(self) -> pd.Timestamp:
        """When the run began, UTC."""
        return self.manifest.taken

    @property
    def answered(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """When the oldest and the newest of its answers were given, UTC."""
        given = self.govcloud["fetched_at"].agg(["min", "max"]).dropna()
        times = [self.taken, self.manifest.finished, *given]
        return min(times), max(times)

    def __repr__(self) -> str:
        manifest = self.manifest
        return (
            f"Snapshot {self.id}: {manifest.accounts:,} accounts, {manifest.linked:,} with a"
            f" GovCloud account, {manifest.not_seen:,} not seen, "
            + (f"links {why}" if (why := manifest.why_no_links) else f"{manifest.links:,} links")
        )
