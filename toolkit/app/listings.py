"""What stores hold: their organizations, the versions of their snapshots, and the manifests.

A folder is looked at anew whenever somebody asks, so that nothing on screen is ever stale. Of a
bucket each look is a request, so what it told is kept for a few seconds, its refusals too.
Manifests are read anew where a version is another.
"""

import hashlib
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final, TypeAlias, TypeVar

import streamlit as st

from toolkit.errors import StoreError
from toolkit.store import Listing, Store

_FRESH: Final = 5.0
"""Seconds for which, at most, what a bucket told is taken to be so."""

_Told = TypeVar("_Told")

Versions: TypeAlias = Mapping[str, str]
"""The ids of snapshots, oldest first, each with a mark that changes when it is written anew."""

HASHED: Final[dict[str | type[Any], Any]] = {Store: str}
"""By what the caches tell stores apart: the address, whoever reads it."""


def kind(store: Store) -> str:
    """Return what a sentence calls a store: a bucket, or a folder."""
    return "bucket" if store.is_bucket else "folder"


def organizations(store: Store) -> list[str]:
    """Return the organizations that a store has snapshots of, sorted.

    Raises StoreError where it cannot be read.
    """
    return _told(_organizations(store, _tick()) if store.is_bucket else store.organizations())


def versions(store: Store, organization: str | None = None) -> Versions:
    """Return the versions of all snapshots of a store, or of those of one organization.

    Raises StoreError where it cannot be read.
    """
    if not store.is_bucket:
        return store.versions(organization)
    return _told(_versions(store, organization, _tick()))


def listing(store: Store, organization: str) -> Listing:
    """Return the manifests of an organization's snapshots; raises StoreError as `versions` does."""
    return _listing(store, organization, mark(versions(store, organization)))


def marks(known: Versions) -> dict[str, str]:
    """Return for each snapshot a short text that differs where one up to it is another, or gone."""
    found, digest = {}, hashlib.sha256()
    for snapshot_id, version in known.items():
        digest.update(f"{snapshot_id} {version}\0".encode())
        found[snapshot_id] = digest.hexdigest()[:16]
    return found


def mark(known: Versions) -> str:
    """Return the mark of the newest snapshot, which is one of all of them."""
    return next(reversed(marks(known).values()), "")


def forget() -> None:
    """Ask the stores anew at the next look."""
    for kept in (_organizations, _versions, _listing):
        kept.clear()


def _tick() -> int:
    """Return a number that is another one a few seconds later."""
    return int(monotonic() / _FRESH)


def _told(answer: _Told | StoreError) -> _Told:
    if isinstance(answer, StoreError):
        raise answer
    return answer


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=HASHED)
def _organizations(store: Store, tick: int) -> list[str] | StoreError:
    del tick  # it is part of the key alone
    try:
        return store.organizations()
    except StoreError as error:
        return error


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=HASHED)
def _versions(store: Store, organization: str | None, tick: int) -> Versions | StoreError:
    del tick
    try:
        return store.versions(organization)
    except StoreError as error:
        return error


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=HASHED)
def _listing(store: Store, organization: str, mark: str) -> Listing:
    del mark  # it is part of the key alone
    return store.listing(organization)
