"""Buckets for tests: moto's S3 over HTTP, a second server, and one in between that misbehaves."""

import logging
import shutil
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from misbehaving import Answer, Asked, Misbehaving, Rule
from patience import until

from toolkit.store import Store

BUCKET = "account-pairs-tests"
REGION = "eu-central-1"


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[str]:
    """Give the URL of moto's S3, which has the bucket."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - most tests have no bucket

    logging.getLogger("werkzeug").disabled = True  # it tells of every request
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with_bucket(url)
    yield url
    server.stop()


@pytest.fixture(scope="session")
def second_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of SeaweedFS, another program that speaks as S3 does; it has the bucket."""
    folder = tmp_path_factory.mktemp("seaweed")
    weed = shutil.which("weed", path=str(Path(sys.executable).parent)) or "weed"
    parts = ("master", "volume", "filer", "s3")
    ports = {f"{part}.port{kind}": free_port() for part in parts for kind in ("", ".grpc")}
    program = subprocess.Popen(
        [
            *(weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.volumeSizeLimitMB=32"),
            *(f"-{name}={n}" for name, n in ports.items()),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{ports['s3.port']}"

    def is_ready() -> bool:
        try:
            with_bucket(url)
        except (BotoCoreError, ClientError):
            return False
        return True

    try:
        until(is_ready)
        yield url
    finally:
        program.kill()  # it takes its time to end in order
        program.wait()


@pytest.fixture
def bucket(bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a store in a bucket that is empty, and set what leads there."""
    return a_bucket_at(bucket_server, tmp_path, monkeypatch)


def a_bucket_at(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of an empty store on a server, and set what leads there."""
    for name, value in settings_of(url, folder).items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


def settings_of(url: str, folder: Path) -> dict[str, str]:
    """Return what leads to a server, for the environment of a program.

    The journals of buckets are kept in that folder.
    """
    return {
        "AWS_ACCESS_KEY_ID": "bucketed",
        "AWS_SECRET_ACCESS_KEY": "bucketed",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_S3": url,
        "XDG_STATE_HOME": str(folder / "state"),
        "LOCALAPPDATA": str(folder / "state"),
    }


def with_bucket(url: str) -> None:
    """Make the bucket on a server, and see that it takes objects."""
    client = client_of(url)
    try:
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        client.put_object(Bucket=BUCKET, Key="is-there", Body=b"")
    finally:
        client.close()


def client_of(url: str) -> Any:
    """Return a client that looks at the objects themselves."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="bucketed",
        aws_secret_access_key="bucketed",
        config=Config(
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            proxies={},
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        ),
    )


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def contents(store: Store) -> dict[str, bytes]:
    """Return what lies in a store, whatever it is in, by key."""
    place = store._place
    return {key: place.read(key) for key in place.versions("")}


@dataclass(frozen=True)
class Wanted(Asked):
    """One request of S3: `key` is that of the object, or how the keys begin that are listed."""

    key: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def sent(self) -> dict[str, str]:
        """The headers, by name in small letters."""
        return {name.lower(): value for name, value in self.headers}


class Between(Misbehaving):
    """A server in front of another one of S3; it answers by its rules, and keeps what was asked.

    Headers that are named in `drops` do not get through.
    """

    def __init__(self, url: str, *rules: Rule, drops: tuple[str, ...] = ()) -> None:
        super().__init__(url, *rules)
        self.requests: list[Wanted] = []
        self._server.handle_error = lambda *_: None  # of connections that a client has cut
        self._drops = {*drops, "connection", "expect"}

    def _read(self, handler: BaseHTTPRequestHandler, body: bytes) -> Wanted:
        del body
        url = urlsplit(handler.path)
        key = unquote(url.path).partition(f"/{BUCKET}/")[2]
        is_list = handler.command == "GET" and "list-type=2" in url.query
        key = parse_qs(url.query)["prefix"][0] if is_list else key
        name = "ListObjectsV2" if is_list else f"{handler.command.title()}Object"
        with self._lock:
            self.asked[name] += 1
            asked = Wanted(
                name, REGION, {}, self.asked[name], key=key, headers=tuple(handler.headers.items())
            )
            self.requests.append(asked)
        return asked

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        connection = HTTPConnection(self._emulator.hostname or "", self._emulator.port, timeout=60)
        try:
            sent = {k: v for k, v in handler.headers.items() if k.lower() not in self._drops}
            connection.request(handler.command, handler.path, body, sent)
            response = connection.getresponse()
            named = {"connection", "content-length", "content-type", "transfer-encoding"}
            kept = {k: v for k, v in response.getheaders() if k.lower() not in named}
            kind = response.getheader("content-type") or ""
            return Answer(response.status, response.read(), kind, kept)
        finally:
            connection.close()


def refusal(
    code: str, status: int = 403, message: str = "Said the server.", **headers: str
) -> Answer:
    """Answer with an error of S3."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, body.encode(), "application/xml", headers)


Behind = Callable[..., tuple[Store, Between]]


@pytest.fixture
def between(
    bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Behind]:
    """Give what opens an empty store in a bucket behind rules, and the server in between."""
    with ExitStack() as opened:

        def behind(*rules: Rule, drops: tuple[str, ...] = (), **how: Any) -> tuple[Store, Between]:
            server = opened.enter_context(Between(bucket_server, *rules, drops=drops))
            return Store(a_bucket_at(server.url, tmp_path, monkeypatch), **how), server

        yield behind
