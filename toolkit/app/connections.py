"""Who asks: the profiles there are, and one connection for each that is asked with.

A connection is kept for a quarter of an hour and forgotten at the first error, so that after
`aws sso login` the very next click works, without starting the app anew.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from toolkit.aws import Aws, Findings, connect, examine, profiles
from toolkit.errors import ToolkitError

DEFAULT: Final = "Default credentials"
"""The choice for whoever logs in by other means than a profile."""

_NOBODY: Final = "None: its own list is not asked"

_KEPT: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Login:
    """With whose credentials AWS is asked; None is what AWS's own tools would take."""

    profile: str | None = None
    role_arn: str | None = None
    region: str | None = None


def pick_login(key: str) -> Login:
    """Show the profiles and the role, and return what they say; the choice is kept by `key`."""
    left, right = st.columns([2, 3])
    with left:
        chosen = st.selectbox(
            "AWS profile",
            [*profiles(), DEFAULT],
            key=f"{key}-profile",
            persist_state="session",
            help="From this machine's AWS config files. The app never asks for keys.",
        )
    with right:
        role = st.text_input(
            "Role to assume (optional)",
            key=f"{key}-role",
            persist_state="session",
            placeholder="arn:aws:iam::111122223333:role/Audit",
        )
    return Login(None if chosen == DEFAULT else chosen, (role or "").strip() or None)


def pick_govcloud(key: str) -> Login | None:
    """Show the profiles for the GovCloud organization, and return what is chosen, if one is."""
    chosen = st.selectbox(
        "AWS profile of the GovCloud organization (optional)",
        [_NOBODY, *profiles()],
        key=f"{key}-govcloud",
        persist_state="session",
        help="With it, the GovCloud organization's own list is laid beside the pairs.",
    )
    return None if chosen == _NOBODY else Login(chosen)


def opened(login: Login) -> Aws:
    """Return a new connection of a login, which is the taker's to close."""
    return connect(profile=login.profile, region=login.region, role_arn=login.role_arn)


@contextmanager
def asking(login: Login) -> Iterator[Aws]:
    """Give the connection of a login; whatever goes wrong with it, the next one is a new one."""
    key = (login.profile, login.role_arn, login.region)
    try:
        yield _connection(*key)
    except ToolkitError:
        _connection.clear(*key)
        raise


def check(login: Login) -> Findings:
    """Ask what the caller is and what it may ask: about a dozen calls, none of which writes.

    Raises the ToolkitError that ended the asking.
    """
    with asking(login) as aws:
        return checked(aws)


def checked(aws: Aws) -> Findings:
    """Return what was found out about the caller behind a connection; raises as `check` does."""
    findings = examine(aws, now=lambda: datetime.now(UTC))
    if findings.error is not None:
        raise findings.error
    return findings


def check_govcloud(login: Login) -> str:
    """Return the ARN of a login of the GovCloud organization: one call.

    Raises InputError where it is of another partition, and whatever else ended the asking.
    """
    with asking(login) as aws, closing(aws.in_govcloud()) as govcloud:
        return str(govcloud.witness()["Arn"])


@st.cache_resource(ttl=_KEPT, max_entries=8, show_spinner=False, on_release=Aws.close)
def _connection(profile: str | None, role_arn: str | None, region: str | None) -> Aws:
    return opened(Login(profile, role_arn, region))
