"""Where the accounts on screen come from: the stores there are, and the one that is chosen."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit import demo
from toolkit.app import address, admission
from toolkit.app.address import Field
from toolkit.app.options import options, policy
from toolkit.app.parts import plain
from toolkit.store import Store
from toolkit.verdicts import Policy

DEMO: Final = "Demo organization"
NEWEST: Final = "Newest"

_CURRENT: Final = "source"


@dataclass(frozen=True)
class Source:
    """A store, one snapshot in it, and what it is judged by.

    `snapshot_id` is empty while the store holds none; `missing` is what the address asked for and
    the store does not hold.
    """

    name: str
    store: Store
    snapshot_id: str
    missing: str
    policy: Policy

    @property
    def is_demo(self) -> bool:
        """Whether this is the invented organization that the app made by itself."""
        return self.name == DEMO

    def label_of(self, taken: pd.Timestamp) -> str:
        """Return what the picker calls the organization's snapshot that was taken then."""
        known = self.store.snapshots()
        organization = self.snapshot_id.split("/")[0]
        of_time = (known["taken"] == taken) & (known["organization_id"] == organization)
        return next(name for name, wanted in zip(_labels(known), of_time, strict=True) if wanted)


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
    if options().store is not None or own_store().ids():
        return own | made
    return made | own if own_store().is_begun else made


def pick() -> None:
    """Show the pickers of store and snapshot, as the address has them; `current` says what of."""
    known = stores()
    name = _choose("Accounts of", "store", list(known))
    store = known[name]
    # Listing is one small file a snapshot, so it is never stale for the price of being read again.
    taken = store.snapshots()
    snapshot_id = missing = ""
    if not taken.empty:
        labels = {NEWEST: taken["snapshot_id"].iloc[0]}
        labels |= dict(zip(_labels(taken), taken["snapshot_id"], strict=True))
        asked = st.query_params.get("snapshot", NEWEST)
        missing = "" if asked in labels else asked
        snapshot_id = labels[_choose("Snapshot", "snapshot", list(labels))]
    if not admission.is_admitted():
        plain.write(admission.UNKNOWN, "small")
    st.session_state[_CURRENT] = Source(name, store, snapshot_id, missing, policy())


def current() -> Source:
    """Return what the pickers said in this run of the script."""
    source: Source = st.session_state[_CURRENT]
    return source


def choose(store: Store, snapshot_id: str) -> None:
    """Let the pickers say this store and snapshot from the next run of the script on."""
    known = store.snapshots()
    labels = dict(zip(known["snapshot_id"], _labels(known), strict=True))
    choose_store(next(name for name, one in stores().items() if one == store))
    st.session_state["snapshot"] = labels[snapshot_id]


def choose_store(name: str) -> None:
    """Let the picker say this store from the next run of the script on."""
    st.session_state["store"] = name


def _choose(title: str, key: str, options: list[str]) -> str:
    # Each has an address of its own: a link that names a snapshot says nothing about the store.
    field = Field(key, options, options[0])
    address.arrive(key, [field])
    st.selectbox(title, options, key=key, help="Times are UTC." if key == "snapshot" else None)
    return address.leave(key, [field])[key][0]


def _labels(taken: pd.DataFrame) -> list[str]:
    organizations, times = taken["organization_id"], taken["taken"]
    short = [f"{time:%Y-%m-%d %H:%M}" for time in times]
    if len(set(organizations)) == 1 and len(set(short)) == len(short):
        return short
    return [f"{t:%Y-%m-%d %H:%M:%S} {name}" for t, name in zip(times, organizations, strict=True)]
