"""Clients of the emulator: boto3, and plain HTTP for what no SDK would send."""

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.config import Config
from npm import IS_LEFT_OUT
from patience import LONG

from toolkit.emulator import Emulator, make_organization

# Node is no part of what the toolkit needs; CI has it and must run this.
collect_ignore = ["test_javascript_sdk.py"] if IS_LEFT_OUT else []
ONE_TRY = Config(retries={"total_max_attempts": 1})


class Reply(NamedTuple):
    """A raw HTTP answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(make_organization(120)) as emulator:
        yield emulator


@pytest.fixture
def client() -> Iterator[Callable[..., Any]]:
    """Give boto3 clients that ask once and are closed in the end."""
    made = []

    def connect(
        emulator: Emulator,
        service: str,
        key: str = "management",
        region: str = "us-east-1",
        token: str | None = None,
    ) -> Any:
        made.append(
            boto3.client(
                service,
                region_name=region,
                endpoint_url=emulator.url,
                aws_access_key_id=key,
                aws_secret_access_key="secret",
                aws_session_token=token,
                config=ONE_TRY,
            )
        )
        return made[-1]

    yield connect
    for each in made:
        each.close()


@pytest.fixture
def post() -> Callable[..., Reply]:
    """Send one raw request, signed (as far as the emulator reads it) unless `key` is None."""

    def send(
        emulator: Emulator,
        path: str = "/",
        body: bytes | str = b"",
        *,
        service: str = "account",
        region: str = "us-east-1",
        key: str | None = "management",
        method: str = "POST",
        **headers: str,
    ) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Authorization"] = (
                f"AWS4-HMAC-SHA256 Credential={key}/20261122/{region}/{service}/aws4_request, "
                "SignedHeaders=host;x-amz-date, Signature=0"
            )
        connection = http.client.HTTPConnection(emulator.url.removeprefix("http://"), timeout=LONG)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    return send
