"""Logging in: a profile or the default credential chain, an endpoint, a role."""

from functools import cache
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.exceptions import BotoCoreError

from toolkit.aws.clients import Clients
from toolkit.aws.login import ask_for_codes
from toolkit.aws.operations import GET_CALLER_IDENTITY, Aws
from toolkit.aws.translation import Login, translate
from toolkit.errors import InputError, expect


def connect(
    profile: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
    role_arn: str | None = None,
) -> Aws:
    """Return the way to AWS for a profile, or the default credential chain; nothing is asked yet.

    `region` is where sts is asked who the caller is, else the profile's; `endpoint_url` replaces
    AWS's own addresses (AWS_ENDPOINT_URL does, too). With `role_arn` the role is assumed first, and
    again whenever it runs out; the profile's other settings hold for it, too. Raises InputError
    where there is no such profile, or the URL is none or holds a password.
    """
    expect(profile, str | None, "profile", "Name one from your AWS config files.")
    expect(region, str | None, "Region", "Name one such as us-east-1.")
    expect(role_arn, str | None, "ARN of a role", "Give one such as arn:aws:iam::…:role/audit.")
    expect(endpoint_url, str | None, "URL", "Give one such as http://127.0.0.1:5000.")
    if endpoint_url is not None:
        check_url(endpoint_url)
    session, login = log_in(profile, region)
    clients = Clients(session, login, endpoint_url)
    return Aws(clients.assuming(role_arn) if role_arn else clients)


def log_in(profile: str | None, region: str | None = None) -> tuple[boto3.Session, Login]:
    """Return a session of a profile, or of the default chain, and who logs in there.

    Raises InputError where there is no such profile.
    """
    login = Login(profile, tuple(profiles()))
    try:
        inner = botocore.session.Session(profile=profile)
        session = boto3.Session(botocore_session=inner, region_name=region)
        ask_for_codes(inner)
    except BotoCoreError as error:
        raise translate(error, GET_CALLER_IDENTITY, login) from error
    return session, login


def profiles() -> list[str]:
    """Return the names of the configured AWS profiles, in the order of the config files.

    Raises InputError where a config file cannot be read.
    """
    try:
        return list(botocore.session.Session().available_profiles)
    except BotoCoreError as error:
        raise translate(error, GET_CALLER_IDENTITY, Login()) from error


def link_regions() -> list[str]:
    """Return every commercial Region in which WorkSpaces is known to exist."""
    return list(_link_regions())


@cache
def _link_regions() -> tuple[str, ...]:
    known = botocore.session.Session().get_available_regions("workspaces", partition_name="aws")
    return tuple(known)


def check_url(url: str) -> None:
    """Raise InputError for what is no URL of an endpoint, or holds something secret."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        secret = parts.username is not None or bool(parts.query or parts.fragment)
    except ValueError:
        good, secret = False, "@" in url
    if secret:
        # It is not repeated: whoever reads the screen or a log would read the password, too.
        raise InputError(
            "The URL of an endpoint has no user name, password or query.",
            "Give one such as http://127.0.0.1:5000.",
        )
    if not good:
        raise InputError(
            f"'{url}' is not the URL of an endpoint.", "Give one such as http://127.0.0.1:5000."
        )
