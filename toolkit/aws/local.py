"""Logging in to a stand-in for AWS on this machine, which asks for no credentials."""

from typing import Final

import boto3
import botocore.session

from toolkit.aws.clients import HOME, Clients
from toolkit.aws.connection import check_url
from toolkit.aws.operations import Aws
from toolkit.aws.translation import Login
from toolkit.errors import InputError
from toolkit.text import is_local

_UNSET: Final = (None, None, None, None)


def connect_local(endpoint_url: str, caller: str = "management", *, region: str = HOME) -> Aws:
    """Return the way to a stand-in for AWS on this machine, such as the emulator.

    `caller` stands where the access key would: the emulator takes the caller's kind from it, and
    from the `region` which partition is asked. The machine's own AWS profiles and keys are neither
    read nor sent. Raises InputError where the URL leads anywhere else.
    """
    if not is_local(endpoint_url):
        raise InputError(
            f"{endpoint_url} is not on this machine.",
            "Use connect(endpoint_url=…) for any other address.",
        )
    check_url(endpoint_url)
    # Whatever AWS_PROFILE and the config files say, broken ones included, is about real accounts.
    inner = botocore.session.Session(
        session_vars={"profile": _UNSET, "config_file": _UNSET, "credentials_file": _UNSET}
    )
    inner.set_config_variable("region", region)
    inner.set_credentials(caller, "no-secret")
    return Aws(Clients(boto3.Session(botocore_session=inner), Login(), endpoint_url))
