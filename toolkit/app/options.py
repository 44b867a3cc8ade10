"""What the app was started with: the store of one's own, and the policy that it judges by.

    streamlit run streamlit_app.py -- --store S --policy FILE

S is a folder, or s3://bucket/prefix; --store-profile and --store-kms-key say who reads and writes
that, and what it is encrypted by. ACCOUNT_PAIRS_STORE, ACCOUNT_PAIRS_POLICY,
ACCOUNT_PAIRS_STORE_PROFILE and ACCOUNT_PAIRS_STORE_KMS_KEY say the same where nothing stands behind
the `--`.
"""

import argparse
import os
import sys
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import streamlit as st

from toolkit.app.admission import is_admitted
from toolkit.store import Store
from toolkit.verdicts import Policy, load_policy

_NAMES: Final = ("store", "store-profile", "store-kms-key", "policy")
_KEPT: Final = timedelta(minutes=15)
"""How long a store is kept open: a bucket's logins end, and new ones are then taken."""


@dataclass(frozen=True)
class Options:
    """What was named at the start; None is the app's own choice."""

    store: Store | None
    policy: Path | None


def options() -> Options:
    """Return what was named; a relative path begins where the app was started."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name in _NAMES:
        variable = f"ACCOUNT_PAIRS_{name.upper().replace('-', '_')}"
        parser.add_argument(f"--{name}", default=os.environ.get(variable))
    named = parser.parse_known_args(sys.argv[1:])[0]
    return Options(
        _opened(named.store, named.store_profile or None, named.store_kms_key or None, Path.cwd())
        if named.store
        else None,
        Path(named.policy).expanduser().absolute() if named.policy else None,
    )


def forget() -> None:
    """Log in to a bucket anew at the next look."""
    _opened.clear()


@st.cache_resource(ttl=_KEPT, max_entries=4, show_spinner=False)
def _opened(address: str, profile: str | None, kms_key: str | None, here: Path) -> Store:
    del here  # a folder's address may begin there, so it is part of the key
    return Store.started_here(address, profile=profile, kms_key=kms_key)


def policy() -> Policy:
    """Return what everything in the app is judged by; a file that was changed is read anew.

    Whoever came without the token sees nothing of one's own, and so by none of one's own rules.
    Raises InputError where something in the file cannot be right.
    """
    file = options().policy if is_admitted() else None
    if file is None:
        return Policy()
    # Its words, and not when it was written: two changes can follow each other within a tick.
    content = _content(file)
    owners = _owners_in(content)
    return _policy(file, written=(content, _content(file.parent / owners) if owners else b""))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError):  # why it cannot be read, says whoever loads it
        return b""


@st.cache_data(max_entries=2, show_spinner=False)
def _owners_in(content: bytes) -> str:
    """Return the list of owners that a policy file names beside it; "" for none."""
    try:
        named = tomllib.loads(content.decode("utf-8-sig")).get("owners")
    except ValueError:  # what is wrong with it, says whoever loads it
        return ""
    return named if isinstance(named, str) else ""


@st.cache_resource(max_entries=2, show_spinner=False)
def _policy(file: Path, *, written: tuple[bytes, bytes]) -> Policy:
    del written  # it is part of the key alone
    return load_policy(file)
