"""Where the accounts on screen come from: the stores there are, and the one that is chosen."""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit import demo
from toolkit.app import address
from toolkit.app.address import Field
from toolkit.store import list_snapshots

ROOT: Final = Path(__file__).resolve().parents[2]
"""The project's folder."""

DEMO: Final = "Demo organization"
NEWEST: Final = "Newest"


@dataclass(frozen=True)
class Source:
    """A store and one snapshot in it; `snapshot_id` is None while the store holds none."""

    name: str
    store: Path
    snapshot_id: str | None = None

    @property
    def is_demo(self) -> bool:
        """Whether this is the invented organization that the app made by itself."""
        return self.name == DEMO


def demo_store() -> Path:
    """Return the folder of the demo organization's snapshots."""
    return Path(os.environ.get("ACCOUNT_PAIRS_DEMO") or demo.FOLDER)


def own_store() -> Path:
    """Return the folder of one's own snapshots: `--store`, ACCOUNT_PAIRS_STORE or snapshots/."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--store", default=os.environ.get("ACCOUNT_PAIRS_STORE"))
    named = parser.parse_known_args(sys.argv[1:])[0].store
    return Path(named).expanduser().absolute() if named else ROOT / "snapshots"


def stores() -> dict[str, Path]:
    """Return the stores there are by name, the one to show first in front."""
    own, demo = own_store(), demo_store()
    named = own != ROOT / "snapshots"
    found = {own.name or str(own): own} if named or own.exists() else {}
    own_first = named or any(own.glob("runs/*/*.json"))
    return found | {DEMO: demo} if own_first else {DEMO: demo} | found


def pick() -> Source:
    """Show the pickers of store and snapshot, as the address has them, and return what they say."""
    known = stores()
    name = _choose("Accounts of", "store", list(known))
    store = known[name]
    taken = _snapshots(store)
    if taken.empty:
        return Source(name, store)
    labels = dict(zip(_labels(taken), taken["snapshot_id"], strict=True))
    asked = st.query_params.get("snapshot", NEWEST)
    if asked not in {NEWEST, *labels}:
        st.session_state["missing_snapshot"] = asked
    chosen = _choose("Snapshot", "snapshot", [NEWEST, *labels])
    return Source(name, store, labels.get(chosen, taken["snapshot_id"].iloc[0]))


def _choose(title: str, key: str, options: list[str]) -> str:
    # Each has an address of its own: a link that names a snapshot says nothing about the store.
    field = Field(key, options, options[0])
    address.arrive(key, [field])
    st.selectbox(title, options, key=key, help="Times are UTC." if key == "snapshot" else None)
    return address.leave(key, [field])[key][0]


def current() -> Source:
    """Return what the pickers said in this run of the script."""
    source: Source = st.session_state["source"]
    return source


def choose(store: Path, snapshot_id: str) -> None:
    """Let the pickers say this store and snapshot from the next run of the script on."""
    known = _snapshots(store)
    labels = dict(zip(known["snapshot_id"], _labels(known), strict=True))
    st.session_state["store"] = next(name for name, path in stores().items() if path == store)
    st.session_state["snapshot"] = labels[snapshot_id]


def _snapshots(store: Path) -> pd.DataFrame:
    # Listing is one small file a snapshot, so it is never stale for the price of being read again.
    return list_snapshots(store)


def label_of(taken: pd.Timestamp) -> str:
    """Return what the picker calls the snapshot of the chosen store that was taken then."""
    shown = current()
    known = _snapshots(shown.store)
    organization = str(shown.snapshot_id).split("/")[0]
    of_time = (known["taken"] == taken) & (known["organization_id"] == organization)
    return next(name for name, wanted in zip(_labels(known), of_time, strict=True) if wanted)


def _labels(taken: pd.DataFrame) -> list[str]:
    organizations, times = taken["organization_id"], taken["taken"]
    short = [f"{time:%Y-%m-%d %H:%M}" for time in times]
    if len(set(organizations)) == 1 and len(set(short)) == len(short):
        return short
    return [f"{t:%Y-%m-%d %H:%M:%S} {name}" for t, name in zip(times, organizations, strict=True)]
