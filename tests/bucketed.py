"""Buckets for tests: moto's S3 over HTTP, and a second server that is another program."""

import logging
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

BUCKET = "account-pairs-tests"
REGION = "eu-central-1"


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[str]:
    """Give the URL of moto's S3, which has the bucket."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - most tests have no bucket

    logging.getLogger("werkzeug").disabled = True  # it tells of every request
    with_proxies = {name: os.environ.pop(name) for name in list(os.environ) if "_proxy" in name}
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = client_of(url)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.close()
    yield url
    server.stop()
    os.environ |= with_proxies


@pytest.fixture
def bucket(bucket_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a store in a bucket that is empty, and set what leads there."""
    lead_to(bucket_server, tmp_path, monkeypatch)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


def lead_to(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what has S3 asked at that URL, and the journals of buckets kept in that folder."""
    for name, value in settings_of(url, folder).items():
        monkeypatch.setenv(name, value)


def settings_of(url: str, folder: Path) -> dict[str, str]:
    """Return what leads to a server, for the environment of a program."""
    return {
        "AWS_ACCESS_KEY_ID": "bucketed",
        "AWS_SECRET_ACCESS_KEY": "bucketed",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_S3": url,
        "XDG_STATE_HOME": str(folder / "state"),
        "LOCALAPPDATA": str(folder / "state"),
    }


def client_of(url: str, **config: Any) -> Any:
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
            max_pool_connections=32,
            **config,
        ),
    )


def objects(client: Any, address: str) -> dict[str, bytes]:
    """Return what lies at an address, by its key there."""
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    under = f"{prefix}/" if prefix else ""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=under)
    return {
        one["Key"].removeprefix(under): client.get_object(Bucket=bucket, Key=one["Key"])[
            "Body"
        ].read()
        for page in pages
        for one in page.get("Contents", ())
    }
