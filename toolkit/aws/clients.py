"""boto3 clients: one per service and Region, shared by all threads, renewing their credentials."""

import copy
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final
from urllib.request import getproxies

import boto3
from botocore.config import Config
from botocore.credentials import Credentials, DeferredRefreshableCredentials
from botocore.loaders import Loader, create_loader

from toolkit.aws.login import Guarded, fetching
from toolkit.aws.partitions import GOVCLOUD, partition_at
from toolkit.aws.translation import Login
from toolkit.aws.wire import look_at_answers, read_time
from toolkit.errors import InputError
from toolkit.text import bare_url, is_local

HOME: Final = "us-east-1"
"""Where the account and organizations services are signed for, whatever the profile's Region."""

GOVCLOUD_HOME: Final = "us-gov-west-1"
"""The same in GovCloud."""

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


_SIGNED: Final = ("account", "organizations")
"""The services whose answers a snapshot is signed with."""

_OWN: Final = r"https://{}(-fips)?\.(us-east-1|aws-global)\.(amazonaws\.com|api\.aws)/?"
"""AWS's own addresses of such a service, with and without FIPS and dual stack."""

_USER: Final = re.compile("//[^/@]*@")


class Clients:
    """One shared client per service and Region (clients are thread-safe, making them is not)."""

    def __init__(
        self,
        session: boto3.Session,
        login: Login,
        endpoint_url: str | None,
        region: str | None = None,
        config: Config = _CONFIG,
    ) -> None:
        self._session = session
        self._config = config
        models = _models(self._inner.get_config_variable("data_path"))
        self._inner.register_component("data_loader", models)
        parsers = self._inner.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=read_time)
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self.login = login
        self.given_url = endpoint_url
        self.region: str = region or session.region_name or HOME
        self.home = GOVCLOUD_HOME if partition_at(self.region) == GOVCLOUD else HOME
        """Where the services are signed for that have one address in a partition."""
        self.answered_at: datetime | None = None
        """The time of day that sts told with its last answer, errors included."""

    def get(self, service: str, region: str) -> Any:
        """Return the client, made at first use.

        Raises InputError where settings are wrong, and CredentialsError where there are
        credentials that cannot be fetched.
        """
        client = self._made.get((service, region))
        if client is None:
            with self._lock:
                client = self._made.get((service, region)) or self._make(service, region)
                self._made[service, region] = client
        return client

    def address(self, service: str, region: str | None = None) -> str:
        """Return the URL that a service is asked at, without what may be secret in it."""
        return bare_url(self.get(service, region or self.home).meta.endpoint_url)

    def at(self, region: str) -> "Clients":
        """Return clients of the same login whose Region is another."""
        return Clients(self._session, self.login, self.given_url, region)

    @property
    def endpoint_url(self) -> str | None:
        """The URL that answers instead of AWS, whoever named it; None where AWS itself does."""
        addresses = {service: self.address(service) for service in _SIGNED}
        return next(
            (url for name, url in addresses.items() if not re.fullmatch(_OWN.format(name), url)),
            None,
        )

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
        """Return clients with other credentials and every other setting of these: the profile's.

        They share what botocore has read, configuration and service models, which costs most.
        """
        inner = copy.copy(self._inner)
        # boto3 registers handlers of its own with each session; the copy must not fill ours.
        inner._events = copy.copy(inner._events)  # noqa: SLF001 - botocore copies sessions in no other way
        inner._credentials = credentials  # noqa: SLF001 - botocore's setter takes none that renew
        session = boto3.Session(botocore_session=inner)
        return Clients(session, self.login, self.given_url, self.region)

    @property
    def _inner(self) -> Any:
        return self._session._session  # noqa: SLF001 - boto3 gives it in no other way

    def _make(self, service: str, region: str) -> Any:
        self._log_in()
        try:
            client = self._client(service, region, self._config)
            if getproxies() and is_local(client.meta.endpoint_url):
                # A proxy is the way out, and what is on this machine is not out there.
                client.close()
                direct = self._config.merge(Config(proxies={}))
                client = self._client(service, region, direct)
        except ValueError as error:
            # This is how botocore says that AWS_ENDPOINT_URL is no URL.
            raise InputError(
                f"{_USER.sub('//', str(error))}.", "Give one such as http://127.0.0.1:5000."
            ) from error
        look_at_answers(client)
        if service == "sts":
            client.meta.events.register("response-received.sts", self._look_at_clock)
        return client

    def _client(self, service: str, region: str, config: Config) -> Any:
        return self._session.client(
            service, region_name=region, endpoint_url=self.given_url, config=config
        )

    def _log_in(self) -> None:
        """Fetch the credentials before botocore does, so that what goes wrong is told as that."""
        inner = self._inner
        if isinstance(inner._credentials, Guarded):  # noqa: SLF001 - as above
            return
        with fetching(self.login):
            found = inner.get_credentials()
        if found is not None:
            inner._credentials = Guarded(found, self.login)  # noqa: SLF001 - as above

    def _look_at_clock(self, response_dict: Mapping[str, Any] | None, **_: object) -> None:
        try:
            told = parsedate_to_datetime((response_dict or {})["headers"]["date"])
        except (KeyError, TypeError, ValueError):
            return
        self.answered_at = told.replace(tzinfo=told.tzinfo or UTC)


@cache
def _models(data_path: str | None) -> Loader:
    """Return what reads the models of AWS's services: each once, whoever logs in."""
    return create_loader(data_path)
