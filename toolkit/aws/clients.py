"""boto3 clients: one per service and Region, shared by all threads, renewing their credentials."""

import threading
from collections.abc import Mapping
from typing import Any, Final
from urllib.request import getproxies

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, DeferredRefreshableCredentials

from toolkit.aws.translation import Login
from toolkit.aws.wire import look_at_answers, read_time
from toolkit.errors import InputError
from toolkit.text import is_local

HOME: Final = "us-east-1"
"""Where the account and organizations services are signed for, whatever the profile's Region."""

MOST_CONNECTIONS: Final = 128
"""Connections a client keeps open: more than a run ever starts threads."""

ROLE_SESSION: Final = "account-pairs"
"""How CloudTrail names sessions of a role that this toolkit assumed."""

_CONFIG: Final = Config(
    # The pacer owns the pace: a retry that it does not see would break it.
    retries={"total_max_attempts": 1},
    max_pool_connections=MOST_CONNECTIONS,
    connect_timeout=10,
    read_timeout=20,
    # Building the default one for every request is a tenth of a call's work.
    user_agent="account-pairs",
)


class Clients:
    """One shared client per service and Region (clients are thread-safe, making them is not)."""

    def __init__(self, session: boto3.Session, login: Login, endpoint_url: str | None) -> None:
        self._session = session
        parsers = session._session.get_component("response_parser_factory")  # noqa: SLF001 - boto3 gives no other way
        parsers.set_parser_defaults(timestamp_parser=read_time)
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self.login = login
        self.endpoint_url = endpoint_url
        self.region: str = session.region_name or HOME

    def get(self, service: str, region: str) -> Any:
        """Return the client, made at first use; raises InputError where settings are wrong."""
        client = self._made.get((service, region))
        if client is None:
            with self._lock:
                client = self._made.get((service, region)) or self._make(service, region)
                self._made[service, region] = client
        return client

    def log_in(self) -> None:
        """Fetch the credentials, or renew them where that is due; raises what went wrong."""
        credentials = self._session.get_credentials()
        if credentials is not None:
            credentials.get_frozen_credentials()

    def close(self) -> None:
        """Close every connection; whatever asks next opens new ones."""
        with self._lock:
            made, self._made = self._made, {}
        for client in made.values():
            client.close()

    def assuming(self, role_arn: str) -> "Clients":
        """Return clients that work as the role; it is assumed at the first call, then renewed."""

        def assume() -> dict[str, str]:
            answer = self.get("sts", self.region).assume_role(
                RoleArn=role_arn, RoleSessionName=ROLE_SESSION
            )
            keys = answer["Credentials"]
            return {
                "access_key": keys["AccessKeyId"],
                "secret_key": keys["SecretAccessKey"],
                "token": keys["SessionToken"],
                "expiry_time": keys["Expiration"].isoformat(),
            }

        return self._with(
            DeferredRefreshableCredentials(method="assume-role", refresh_using=assume)
        )

    def with_keys(self, keys: Mapping[str, Any]) -> "Clients":
        """Return clients that work with the keys that AssumeRole gave."""
        return self._with(
            Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        )

    def _with(self, credentials: Credentials) -> "Clients":
        inner = botocore.session.Session()
        inner.set_config_variable("region", self.region)
        # Each loader reads the service models anew: 30 ms and some megabytes a session.
        loader = self._session._session.get_component("data_loader")  # noqa: SLF001 - boto3 shares it in no other way
        inner.register_component("data_loader", loader)
        inner._credentials = credentials  # noqa: SLF001 - botocore's setter takes none that renew
        return Clients(boto3.Session(botocore_session=inner), self.login, self.endpoint_url)

    def _make(self, service: str, region: str) -> Any:
        try:
            client = self._session.client(
                service, region_name=region, endpoint_url=self.endpoint_url, config=_CONFIG
            )
            if getproxies() and is_local(client.meta.endpoint_url):
                # A proxy is the way out, and what is on this machine is not out there.
                direct = _CONFIG.merge(Config(proxies={}))
                client.close()
                client = self._session.client(
                    service, region_name=region, endpoint_url=self.endpoint_url, config=direct
                )
        except ValueError as error:
            # This is how botocore says that AWS_ENDPOINT_URL is no URL.
            raise InputError(f"{error}.", "Give one such as http://127.0.0.1:5000.") from error
        look_at_answers(client)
        return client
