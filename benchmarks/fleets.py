"""Many organizations over many days, made quickly: a folder of snapshots, and a bucket of the same.

Each organization begins as the emulator makes it, every one with another seed; from day to day a
few accounts change a state, a few are not seen, a few leave the list. The same seeds give the same
bytes.
"""

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit import schema
from toolkit.emulator import make_organization
from toolkit.schema import Outcome
from toolkit.store import Manifest, keys, parquet

BUCKET = "account-pairs"
PREFIX = "snapshots"
NEWEST = pd.Timestamp("2026-11-22T03:00:00Z")
CHANGED, UNSEEN, GONE = 0.002, 0.005, 0.0002
"""The shares of the accounts that change a day, that are not seen, and that leave the list."""

_SECONDS = 600.0


def organization(number: int) -> str:
    """Return the id of an organization."""
    return f"o-benchmark{number:02d}"


def make(folder: Path, organizations: int, days: int, accounts: int) -> None:
    """Write a store into a folder that is empty, two organizations at a time."""
    work = partial(_make_one, folder, days, accounts)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(work, range(organizations)))


def next_day(folder: Path, number: int) -> dict[str, bytes]:
    """Return the files of one more day of an organization: its newest, a day later."""
    newest = max((folder / keys.manifests(organization(number))).glob("*.json"))
    manifest = Manifest.from_json(newest.read_bytes())
    later = Manifest.from_json(
        manifest.to_json().replace(
            manifest.taken.isoformat(), (manifest.taken + pd.Timedelta(days=1)).isoformat()
        )
    )
    parts = {
        keys.part_key(name, later.snapshot_id): (
            folder / keys.part_key(name, manifest.snapshot_id)
        ).read_bytes()
        for name in manifest.tables
    }
    return parts | {keys.manifest_key(later.snapshot_id): later.to_json().encode()}


def _make_one(folder: Path, days: int, accounts: int, number: int) -> None:
    """Write every day of one organization."""
    random = np.random.default_rng(number)
    begun = make_organization(accounts, number)
    table = pd.DataFrame(
        {
            name: [getattr(one, name) for one in begun.accounts]
            for name in (*schema.ACCOUNTS.names, "govcloud_account_id", "govcloud_state")
        }
    )
    paired = table["govcloud_account_id"].notna().to_numpy()
    # An account that changes becomes what another one with or without a pair began as, so that
    # the shares of the states stay as the emulator has them.
    states = table[["standard_state", "govcloud_state"]].to_numpy()
    began, alike = states.copy(), [np.flatnonzero(paired == one) for one in (False, True)]
    links = parquet.written("links", schema.empty(schema.LINKS))
    listed = np.ones(accounts, dtype=bool)
    for day in range(days):
        taken = NEWEST - pd.Timedelta(days=days - 1 - day)
        for places in alike:
            changed = places[random.random(len(places)) < CHANGED]
            states[changed] = began[random.choice(places, len(changed))]
        listed &= random.random(accounts) >= GONE
        seen = random.random(accounts) >= UNSEEN
        outcome = np.where(seen, np.where(paired, "FOUND", "NOT_LINKED"), "UNAVAILABLE")
        rows = int(listed.sum())
        looked_up = table.assign(
            govcloud_account_id=table["govcloud_account_id"].where(outcome == Outcome.FOUND),
            govcloud_state=pd.Series(states[:, 1]).where(outcome == Outcome.FOUND),
            outcome=outcome,
        )[listed]
        answered = taken + pd.to_timedelta(np.arange(rows) // 50, unit="s")
        parts = {
            "accounts": parquet.written(
                "accounts", table.assign(standard_state=states[:, 0])[listed]
            ),
            "govcloud": parquet.written("govcloud", looked_up.assign(fetched_at=answered)),
            "links": links,
        }
        words, counts = np.unique(outcome[listed], return_counts=True)
        manifest = Manifest(
            organization_id=organization(number),
            taken=taken,
            finished=taken + pd.Timedelta(seconds=rows // 50),
            caller_account_id="100000000000",
            caller_kind="management",
            complete=True,
            sources={
                name: {"outcome": "FOUND", "detail": None, "rows": 0 if name == "links" else rows}
                for name in parts
            },
            outcomes={str(word): int(count) for word, count in zip(words, counts, strict=True)},
            accounts=rows,
        )
        for name, content in parts.items():
            _put(folder / keys.part_key(name, manifest.snapshot_id), content)
        _put(folder / keys.manifest_key(manifest.snapshot_id), manifest.to_json().encode())


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@contextmanager
def bucket(folder: Path, port: int | None = None) -> Iterator[str]:
    """Serve what is in a folder as a bucket, in a process of its own; gives its address.

    What is asked for here and in what this process starts finds it by the environment.
    """
    port = port or _free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "AWS_ENDPOINT_URL_S3": url,
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    before = {name: os.environ.get(name) for name in settings}
    server = subprocess.Popen([sys.executable, __file__, str(folder), str(port)])  # noqa: S603 - this file itself
    os.environ.update(settings)
    try:
        _wait_for(port, server)
        yield f"s3://{BUCKET}/{PREFIX}"
    finally:
        server.kill()
        server.wait()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until it listens, which it does once it has every file."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The bucket did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(folder: Path, port: int) -> None:
    """Serve the files of a folder as a bucket for ever; they are put there without a request."""
    from moto.s3.models import s3_backends  # noqa: PLC0415 - nobody else wants the server
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - as above

    logging.getLogger("werkzeug").disabled = True  # it tells of every request
    backend = s3_backends["123456789012"]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"{PREFIX}/{path.relative_to(folder).as_posix()}"
            backend.put_object(BUCKET, key, path.read_bytes())
    ThreadedMotoServer("127.0.0.1", port, verbose=False).start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
