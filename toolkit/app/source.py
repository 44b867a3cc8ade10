"""Where the accounts on screen come from: the stores there are, and the one that is chosen."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit import demo
from toolkit.app import address, admission
from toolkit.app.address import Field
from toolkit.app.options import options, policy
from toolkit.app.parts import plain
from toolkit.errors import StoreError
from toolkit.store import Listing, Store
from toolkit.store.keys import TAKEN, by_time
from toolkit.verdicts import Policy

DEMO: Final = "Demo organization"
NEWEST: Final = "Newest"

_CURRENT: Final = "source"


@dataclass(frozen=True)
class Source:
    """A store, one snapshot in it, and what it is judged by.

    `snapshot_id` is empty while the store holds none; `missing` is what the address asked for and
    the store does not hold. Where the newest was asked for, `older` are the ids that stand in for
    it should it turn out to be damaged, newest first, and `newest` is the id of the newest that the
    store has, damaged or not. `left_out` is why some of its manifests cannot be read, by id, and
    `error` why nothing of it can.
    """

    name: str
    store: Store
    snapshot_id: str
    missing: str
    policy: Policy
    older: tuple[str, ...] = ()
    newest: str = ""
    left_out: Mapping[str, StoreError] = field(default_factory=dict)
    error: StoreError | None = None

    @property
    def is_demo(self) -> bool:
        """Whether this is the invented organization that the app made by itself."""
        return self.name == DEMO

    def label_of(self, taken: pd.Timestamp) -> str:
        """Return what the picker calls the organization's snapshot that was taken then."""
        labels = _labels(self.store.listing().table)
        return labels[f"{self.snapshot_id.split('/')[0]}/{taken.strftime(TAKEN)}"]


def demo_folder() -> Path:
    """Return the folder of the demo organization's snapshots."""
    return Path(os.environ.get("ACCOUNT_PAIRS_DEMO") or demo.FOLDER)


def own_store() -> Store:
    """Return the store of one's own snapshots: the one named at the start, or snapshots/.

    Like the command line's, that one lies where the app was started.
    """
    return options().store or Store.started_here("snapshots")


def stores() -> dict[str, Store]:
    """Return the stores that this tab may see by name, the one to show first in front."""
    if not admission.is_admitted():
        return {DEMO: Store(demo_folder())}
    own, made = {own_store().name: own_store()}, {DEMO: Store(demo_folder())}
    is_own_first = options().store is not None or _is_begun(own_store(), snapshots=True)
    if is_own_first:
        return own | made
    return made | own if _is_begun(own_store()) else made


def pick() -> None:
    """Show the pickers of store and snapshot, as the address has them; `current` says what of.

    A store that cannot be read leaves the pickers, and the pages that need none.
    """
    known = stores()
    name = _choose("Accounts of", "store", list(known))
    store = known[name]
    found = Source(name, store, "", "", policy())
    try:
        # Listing is one small file a snapshot, so it is never stale for the price of a new look.
        found = _picked(found, store.listing())
    except StoreError as error:
        found = replace(found, error=error)
    if not admission.is_admitted():
        plain.write(admission.UNKNOWN, "small")
    st.session_state[_CURRENT] = found


def _picked(found: Source, listing: Listing) -> Source:
    """Show the picker of snapshots, and return what it says."""
    found, labels = replace(found, left_out=listing.left_out), _labels(listing.table)
    newest = max((*labels, *listing.left_out), key=by_time, default="")
    if not labels:
        if listing.left_out:
            raise listing.left_out[newest]
        return found
    ids = {label: snapshot_id for snapshot_id, label in labels.items()}
    asked = st.query_params.get("snapshot", NEWEST)
    missing = "" if asked in (NEWEST, *ids) else asked
    chosen = _choose("Snapshot", "snapshot", [NEWEST, *ids])
    if chosen != NEWEST:
        return replace(found, snapshot_id=ids[chosen], missing=missing)
    first, *older = labels
    return replace(found, snapshot_id=first, missing=missing, older=tuple(older), newest=newest)


def current() -> Source:
    """Return what the pickers said in this run of the script."""
    source: Source = st.session_state[_CURRENT]
    return source


def choose(store: Store, snapshot_id: str) -> None:
    """Let the pickers say this store and snapshot from the next run of the script on."""
    choose_store(next(name for name, one in stores().items() if one == store))
    st.session_state["snapshot"] = _labels(store.listing().table)[snapshot_id]


def choose_store(name: str) -> None:
    """Let the picker say this store from the next run of the script on."""
    st.session_state["store"] = name


def _choose(title: str, key: str, options: list[str]) -> str:
    # Each has an address of its own: a link that names a snapshot says nothing about the store.
    field = Field(key, options, options[0])
    address.arrive(key, [field])
    st.selectbox(title, options, key=key, help="Times are UTC." if key == "snapshot" else None)
    return address.leave(key, [field])[key][0]


def names_of(times: Sequence[pd.Timestamp]) -> list[str]:
    """Return what each of an organization's snapshots is called.

    It is the minute, or the second where another one was taken in the same minute.
    """
    minutes = [f"{time:%Y-%m-%d %H:%M}" for time in times]
    often = Counter(minutes)
    return [
        minute if often[minute] == 1 else f"{time:%Y-%m-%d %H:%M:%S}"
        for minute, time in zip(minutes, times, strict=True)
    ]


def _labels(known: pd.DataFrame) -> dict[str, str]:
    """Return what each snapshot of SNAPSHOTS is called, by its id and in its order."""
    organizations, times = known["organization_id"], known["taken"]
    labels = names_of(list(times))
    if len(set(organizations)) > 1:
        both = zip(times, organizations, strict=True)
        labels = [f"{time:%Y-%m-%d %H:%M:%S} {name}" for time, name in both]
    return dict(zip(known["snapshot_id"], labels, strict=True))


def _is_begun(store: Store, *, snapshots: bool = False) -> bool:
    """Whether there is something in a store; of one that cannot be read, it is better to say so."""
    try:
        return bool(store.ids()) if snapshots else store.is_begun
    except StoreError:
        return True
