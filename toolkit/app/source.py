"""Where the accounts on screen come from: the stores there are, and the one that is chosen.

Of a store that holds several organizations one is chosen, and then one of its snapshots; the page
that is of all of them needs neither.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd
import streamlit as st

from toolkit import demo
from toolkit.app import address, admission, listings
from toolkit.app.address import Address, Field
from toolkit.app.options import options, policy
from toolkit.app.parts import plain
from toolkit.errors import StoreError, ToolkitError
from toolkit.store import Store
from toolkit.store.keys import TAKEN, snapshot_id, time_of
from toolkit.store.keys import organization as organization_of
from toolkit.verdicts import Policy

DEMO: Final = "Demo organization"
NEWEST: Final = "Newest"

_CURRENT: Final = "source"
_SHOWN: Final = "whose snapshots"
"""Under what is kept of which store and organization the snapshot was chosen."""


@dataclass(frozen=True)
class Source:
    """A store, one snapshot in it, and what it is judged by.

    `snapshot_id` is empty while the store holds none; `missing` is what the address asked for and
    the store does not hold. Where the newest was asked for, `older` are the ids that stand in for
    it should it turn out to be damaged, newest first, and `newest` is the id of the newest that the
    organization has, damaged or not. `latest` is that of the newest whose manifest can be read,
    whichever is shown. `left_out` is why some of its manifests cannot be read, by id,
    and `error` why nothing of it can. `organizations` are all those of the store, and
    `organization` is the chosen one: empty on the page that is of all of them.
    """

    name: str
    store: Store
    snapshot_id: str
    missing: str
    policy: Policy
    older: tuple[str, ...] = ()
    newest: str = ""
    latest: str = ""
    left_out: Mapping[str, StoreError] = field(default_factory=dict)
    error: ToolkitError | None = None
    organizations: Sequence[str] = ()
    organization: str = ""

    @property
    def is_demo(self) -> bool:
        """Whether this is the invented organization that the app made by itself."""
        return self.name == DEMO

    @property
    def is_of_many(self) -> bool:
        """Whether the store holds several organizations."""
        return len(self.organizations) > 1

    @property
    def whose(self) -> Address:
        """What an address says of the organization: nothing where there is one alone.

        A link that says it leaves nothing to be written where it leads, and so no press of Back.
        """
        return {"organization": self.organization} if self.is_of_many else {}

    def label_of(self, taken: pd.Timestamp) -> str:
        """Return what the picker calls the organization's snapshot that was taken then."""
        organization = organization_of(self.snapshot_id)
        labels = _labels(listings.versions(self.store, organization))
        return labels[snapshot_id(organization, taken)]

    def address_of(self, taken: pd.Timestamp) -> Address:
        """Return the address of the organization's snapshot that was taken then."""
        return {**self.whose, "snapshot": self.label_of(taken)}


def own_store() -> Store:
    """Return the store of one's own snapshots: the one named at the start, or snapshots/.

    Like the command line's, that one lies where the app was started.
    """
    return options().store or Store.started_here("snapshots")


def stores() -> dict[str, Store]:
    """Return the stores that this tab may see by name, the one to show first in front."""
    made = {DEMO: Store(demo.folder())}
    if not admission.is_admitted():
        return made
    own = {own_store().name: own_store()}
    if options().store is not None or _is_begun(own_store(), snapshots=True):
        return own | made
    return made | own if _is_begun(own_store()) else made


def is_of_many() -> bool:
    """Whether the store that is chosen holds several organizations; what cannot be read does not.

    It can be asked before the pickers are shown, which say what cannot be read.
    """
    try:
        known = stores()
        _arrive("store", list(known))
        return len(listings.organizations(known[st.session_state["store"]])) > 1
    except ToolkitError:
        return False


def pick(*, of_all: bool = False) -> None:
    """Show the pickers of store, organization and snapshot, as the address has them.

    `current` says what of. There is no picker of a single organization, and on a page that is
    `of_all` the store is the only choice. A store that cannot be read leaves the pickers, and the
    pages that need none.
    """
    known = stores()
    name = _choose("Accounts of", "store", list(known))
    found = Source(name, known[name], "", "", policy())
    try:
        found = replace(found, organizations=listings.organizations(found.store))
        if of_all and found.is_of_many:
            _forget_address("organization", "snapshot")
        else:
            found = _picked(found)
    except ToolkitError as error:
        found = replace(found, error=error)
    if not admission.is_admitted():
        plain.write(admission.UNKNOWN, "small")
    st.session_state[_CURRENT] = found


def _picked(found: Source) -> Source:
    """Show the pickers of organization and snapshot, and return what they say."""
    if not found.organizations:
        return found
    found = _of_one(found)
    listing = listings.listing(found.store, found.organization)
    found = replace(found, left_out=listing.left_out)
    every = _labels(listings.versions(found.store, found.organization))
    labels = {one: label for one, label in reversed(every.items()) if one not in listing.left_out}
    newest = next(reversed(every), "")
    if not labels:
        if listing.left_out:
            raise listing.left_out[newest]
        return found
    ids = {label: snapshot_id for snapshot_id, label in labels.items()}
    asked = st.query_params.get("snapshot", NEWEST)
    missing = found.missing or ("" if asked in (NEWEST, *ids) else f"no snapshot '{asked}'")
    chosen = _choose("Snapshot", "snapshot", [NEWEST, *ids])
    first, *older = labels
    found = replace(found, missing=missing, latest=first)
    if chosen != NEWEST:
        return replace(found, snapshot_id=ids[chosen])
    return replace(found, snapshot_id=first, older=tuple(older), newest=newest)


def _of_one(found: Source) -> Source:
    """Show the picker of organizations where there are several, and return what it says.

    An address that names a snapshot alone, as those of earlier versions do, means the organization
    that has it. A snapshot that was chosen of another organization is chosen no more.
    """
    known, missing = list(found.organizations), ""
    asked = st.query_params.get("organization")
    if asked not in known and _is_asked("organization"):
        missing = f"no organization '{asked}'"
    of_asked = [asked] if asked in known and _is_asked("organization") else known
    kept = st.session_state.get("organization")
    one, label = _meant(found.store, sorted(of_asked, key=lambda each: each != kept))
    if label:
        st.query_params["snapshot"] = label
        st.session_state["organization"] = one
    if found.is_of_many:
        one = _choose("Organization", "organization", known, always=True)
    else:
        _forget_address("organization")
    shown = (found.name, one)
    if st.session_state.get(_SHOWN, shown) != shown and not _is_asked("snapshot"):
        _forget_address("snapshot")
        st.session_state["snapshot"] = NEWEST
    st.session_state[_SHOWN] = shown
    return replace(found, organization=one, missing=missing)


def _forget_address(*keys: str) -> None:
    for key in keys:
        st.query_params.pop(key, None)


def _meant(store: Store, organizations: Sequence[str]) -> tuple[str, str]:
    """Return the first of the organizations that has the snapshot of the address, and its label.

    It is named by its label, by the second, or as where several organizations had one picker.
    """
    asked = st.query_params.get("snapshot")
    if _is_asked("snapshot"):
        for one in organizations:
            labels = _labels(listings.versions(store, one))
            for snapshot_id, label in labels.items():
                day, _, second = time_of(snapshot_id).removesuffix("Z").partition("T")
                named = f"{day} {second.replace('-', ':')}"
                if asked in (label, named, f"{named} {one}"):
                    return one, label
    return organizations[0], ""


def _is_asked(key: str) -> bool:
    """Whether the address asks something of a picker that the picker has not written there."""
    return key in st.query_params and not address.is_own(key, [Field(key)])


def current() -> Source:
    """Return what the pickers said in this run of the script."""
    source: Source = st.session_state[_CURRENT]
    return source


def choose(store: Store, snapshot_id: str) -> None:
    """Let the pickers say this store and snapshot from the next run of the script on."""
    listings.forget()
    name = next(name for name, one in stores().items() if one == store)
    choose_store(name)
    organization = organization_of(snapshot_id)
    st.session_state["organization"] = organization
    st.session_state["snapshot"] = _labels(listings.versions(store, organization))[snapshot_id]
    st.session_state[_SHOWN] = (name, organization)


def choose_newest() -> None:
    """Let the picker say the organization's newest snapshot from the next run of the script on."""
    listings.forget()
    st.session_state["snapshot"] = NEWEST


def choose_store(name: str) -> None:
    """Let the picker say this store from the next run of the script on."""
    st.session_state["store"] = name


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


def _choose(title: str, key: str, options: list[str], *, always: bool = False) -> str:
    # Each has an address of its own: a link that names a snapshot says nothing about the store.
    field = _arrive(key, options, always=always)
    st.selectbox(
        title,
        options,
        key=key,
        help="Times are UTC." if key == "snapshot" else None,
        # The page that is of all organizations has no picker of one.
        persist_state="session",
    )
    return address.leave(key, [field])[key][0]


def _arrive(key: str, options: list[str], *, always: bool = False) -> Field:
    field = Field(key, options, options[0], always=always)
    address.arrive(key, [field])
    return field


def _labels(snapshot_ids: Iterable[str]) -> dict[str, str]:
    """Return what each of an organization's snapshots is called, by its id and in its order."""
    ids = list(snapshot_ids)
    times = pd.to_datetime([time_of(one) for one in ids], format=TAKEN, utc=True)
    return dict(zip(ids, names_of(list(times)), strict=True))


def _is_begun(store: Store, *, snapshots: bool = False) -> bool:
    """Whether there is something in a store; of one that cannot be read, it is better to say so."""
    try:
        return bool(store.organizations()) if snapshots else store.is_begun
    except StoreError:
        return True
