"""List a bucket's snapshots: from nothing, again, and one manifest after the other.

Run: python benchmarks/buckets.py [SNAPSHOTS] [--latency MS] [--server moto|weed]

The bucket is in another process, moto's or SeaweedFS's, and a proxy in a third one keeps each
request waiting as long as a network would. The baseline reads a hundred of the manifests with
boto3, one after the other, and is scaled to all. Each is measured as often as --times says; the
best is shown, with its ratio to the baseline.
"""

import argparse
import asyncio
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import boto3
import pandas as pd
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit.store import Manifest, Store, keys

ORGANIZATION = "o-benchmark1"
BUCKET = "benchmark"
BEGIN = pd.Timestamp("2024-01-01T03:00:00Z")
BASELINE = 100
"""How many manifests are read one after the other."""


class Taken(NamedTuple):
    """What a piece of work has taken, in seconds."""

    wall: float
    processor: float


def main() -> None:
    """Make the bucket, and print the seconds of each way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("snapshots", nargs="?", type=int, default=1_000)
    parser.add_argument("--latency", type=float, default=5.0, help="milliseconds a request")
    parser.add_argument("--server", choices=("moto", "weed"), default="moto")
    parser.add_argument("--times", type=int, default=3, help="how often each is measured")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = stack.enter_context(moto() if given.server == "moto" else weed(folder))
        build(url, given.snapshots)
        far = stack.enter_context(behind(url, given.latency / 1_000))
        os.environ |= settings(far)
        store = Store(f"s3://{BUCKET}/snapshots")
        alone = best(given.times, lambda: one_by_one(far))
        share = given.snapshots / BASELINE
        rows = {
            f"baseline: boto3 reads one after the other (from {BASELINE})": Taken(
                alone.wall * share, alone.processor * share
            ),
            "list, nothing kept": best(given.times, store.listing, before=lambda: forget(url)),
            "list again": best(given.times, store.listing),
            "ids alone": best(given.times, store.ids),
        }
    print(f"{given.snapshots:,} snapshots, {given.latency:g} ms a request, {given.server}\n")
    print("| what | seconds | of this processor | of the baseline |\n|---|---|---|---|")
    first = next(iter(rows.values()))
    for name, taken in rows.items():
        ratio = taken.wall / first.wall
        print(f"| {name} | {taken.wall:.2f} | {taken.processor:.2f} | {ratio:.3f} |")


def best(times: int, work: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> Taken:
    """Return the best of several measurements; what is done before each is not measured."""
    found = []
    for _ in range(times):
        before()
        began, processor = time.perf_counter(), time.process_time()
        work()
        found.append(Taken(time.perf_counter() - began, time.process_time() - processor))
    return min(found)


def one_by_one(url: str) -> None:
    """Read some manifests as one would without the toolkit, and make of them what it does."""
    client = client_of(url)
    under = f"snapshots/{keys.manifests(ORGANIZATION)}"
    page = client.list_objects_v2(Bucket=BUCKET, Prefix=under, MaxKeys=BASELINE)
    for one in page["Contents"]:
        answer = client.get_object(Bucket=BUCKET, Key=one["Key"])
        Manifest.from_json(answer["Body"].read())
    client.close()


def forget(url: str) -> None:
    """Keep nothing of a list any more."""
    client = client_of(url)
    key = f"snapshots/{keys.kept_key(ORGANIZATION, 'manifests.json')}"
    client.delete_object(Bucket=BUCKET, Key=key)
    client.close()


def build(url: str, count: int) -> None:
    """Put the manifests of so many daily snapshots into the bucket."""
    client = client_of(url)
    client.create_bucket(Bucket=BUCKET)

    def put(day: int) -> None:
        taken = BEGIN + pd.Timedelta(days=day)
        manifest = Manifest(
            ORGANIZATION,
            taken,
            taken + pd.Timedelta(minutes=40),
            "000000000001",
            "management",
            complete=True,
            sources={name: {"outcome": "FOUND", "rows": 20_000} for name in ("accounts", "links")},
            outcomes={"FOUND": 12_000, "NOT_LINKED": 8_000},
            regions={f"xx-north-{n}": {"outcome": "FOUND", "links": 12} for n in range(14)},
            accounts=20_000,
            rate=9.8,
        )
        client.put_object(
            Bucket=BUCKET,
            Key=f"snapshots/{keys.manifest_key(manifest.snapshot_id)}",
            Body=manifest.to_json().encode(),
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(count)))
    client.close()


def client_of(url: str) -> Any:
    """Return a client of S3 as boto3 makes it."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="benchmark",
        aws_secret_access_key="benchmark",
        config=Config(request_checksum_calculation="when_required", proxies={}),
    )


def settings(url: str) -> dict[str, str]:
    """Return what leads the toolkit to a server."""
    return {
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def moto() -> Iterator[str]:
    """Give the URL of moto's S3 in a process of its own."""
    with _running(_serve_moto) as url:
        yield url


@contextmanager
def behind(url: str, seconds: float) -> Iterator[str]:
    """Give a URL at which a server answers, each request so many seconds later."""
    with _running(_serve_late, url, seconds) as late:
        yield late


@contextmanager
def weed(folder: str) -> Iterator[str]:
    """Give the URL of SeaweedFS's S3."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent)) or "weed"
    url = "http://127.0.0.1:18333"
    here = ("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.port=18333", "-s3.port.iceberg=0")
    with subprocess.Popen(  # noqa: S603 - a program of the tests, found beside Python
        [program, "server", f"-dir={folder}", *here, "-master.volumeSizeLimitMB=32"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        client = client_of(url)
        while True:
            try:
                client.create_bucket(Bucket="is-there")
                client.put_object(Bucket="is-there", Key="one", Body=b"")
            except Exception:  # noqa: BLE001 - it begins, in one way or another
                time.sleep(0.2)
            else:
                break
        client.close()
        yield url
        process.kill()


@contextmanager
def _running(serve: Callable[..., None], *about: object) -> Iterator[str]:
    """Give the URL that a process of its own tells once it serves."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *about), daemon=True)
    process.start()
    yield ours.recv()
    process.kill()
    process.join()


def _serve_moto(told: Connection) -> None:
    import logging  # noqa: PLC0415 - in a process of its own

    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - as above

    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told.send(f"http://{host}:{port}")
    while True:
        time.sleep(60)


def _serve_late(told: Connection, url: str, seconds: float) -> None:
    to = urlsplit(url)

    async def pump(read: asyncio.StreamReader, write: asyncio.StreamWriter, wait: float) -> None:
        while content := await read.read(1 << 16):
            await asyncio.sleep(wait)
            write.write(content)
        write.close()

    async def answer(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(to.hostname, to.port)
        await asyncio.gather(
            pump(read, back, seconds), pump(there, write, 0), return_exceptions=True
        )

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        told.send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
