"""Snapshots and where they lie: what a run left, its manifest, and the store that keeps them."""

from toolkit.store.listing import LeftOutWarning, Listing
from toolkit.store.manifest import Manifest
from toolkit.store.snapshot import Snapshot
from toolkit.store.store import Address, Store, load_snapshot

__all__ = ["Address", "LeftOutWarning", "Listing", "Manifest", "Snapshot", "Store", "load_snapshot"]
