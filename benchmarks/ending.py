"""Signals at random moments: what is told to end does so within three seconds.

Run: python benchmarks/ending.py [--tries N] [--seed N]

The app is told while tabs load its pages, while it makes its demo and while it collects; the
commands while they work. Each time it is SIGINT or SIGTERM, by turns. Prints, of each kind, how
many ended in time, the slowest of them, and what their exit codes were.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from endpoint import ACCESS, Endpoint
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from toolkit import demo

ROOT = Path(__file__).resolve().parents[1]
IN_TIME = 3.0
GIVEN_UP = 30.0
PAGES = ("", "mismatches", "links", "trends", "export")
SIGNALS = (signal.SIGINT, signal.SIGTERM)

Ended = tuple[float, int]
"""Seconds until it ended, and its exit code."""


def environment(**more: str) -> dict[str, str]:
    """Return what this project's programs are started with, and nothing of one's own accounts."""
    theirs = ("ACCOUNT_PAIRS_", "AWS_")
    mine = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    quiet = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return {**mine, **quiet, **ACCESS, "AWS_DEFAULT_REGION": "us-east-1", **more}


def start(*arguments: str | Path, **more: str) -> subprocess.Popen[bytes]:
    """Start a program of this project."""
    return subprocess.Popen(  # noqa: S603 - this project's own command
        [sys.executable, "-m", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def seconds_to_end(process: "subprocess.Popen[bytes]", told: signal.Signals) -> float:
    """Tell a process to end and return how long it took; one that does not is killed."""
    began = time.monotonic()
    process.send_signal(told)
    try:
        process.wait(GIVEN_UP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return time.monotonic() - began


@contextmanager
def app(
    demo: str, script: Path = ROOT / "streamlit_app.py"
) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Start the app on a free port, and give it with the address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ("--server.port", str(port), "--server.headless", "true")
    more = {"ACCOUNT_PAIRS_DEMO": demo, "PYTHONPATH": str(ROOT)}
    process = start("streamlit", "run", script, *settings, **more)
    address = f"127.0.0.1:{port}"
    try:
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"http://{address}/_stcore/health"):
                break
            time.sleep(0.05)
        yield process, address
    finally:
        process.kill()
        process.wait()


@contextmanager
def tab(address: str, page: str = "") -> Iterator[None]:
    """Open a page as a tab does, and stay there."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    until = threading.Event()

    def stay() -> None:
        with (
            suppress(OSError, WebSocketException),
            connect(f"ws://{address}/_stcore/stream", max_size=None) as socket_,
        ):
            socket_.send(asked.SerializeToString())
            while not until.is_set():
                with suppress(TimeoutError):
                    socket_.recv(timeout=0.1)

    there = threading.Thread(target=stay)
    there.start()
    try:
        yield
    finally:
        until.set()
        there.join()


def collects(folder: Path) -> Path:
    """Write a page that collects in the background as the app's does, and return its script."""
    script = folder / "collects.py"
    script.write_text(
        "import os\n"
        "from pathlib import Path\n"
        "import streamlit as st\n"
        "from toolkit.app import ending\n"
        "from toolkit.app import demo_calls, runs\n"
        "from toolkit.store import Store\n"
        "folder = Path(os.environ['ACCOUNT_PAIRS_DEMO'])\n"
        "if runs.find(Store(folder)) is None:\n"
        "    runs.start(Store(folder), 'the demo', demo_calls.collection(folder))\n"
        "ending.wait_for_this_script()\n"
        "st.write('collecting')\n",
        encoding="utf-8",
    )
    return script


def told_app(dice: random.Random, told: signal.Signals, wait: float, **how: Any) -> Ended:
    """Tell the app to end while tabs load its pages, and say how it ended."""
    with app(**how) as (process, address), ExitStack() as tabs:
        for _ in range(3):
            tabs.enter_context(tab(address, dice.choice(PAGES)))
        time.sleep(dice.random() * wait)
        seconds = seconds_to_end(process, told)
    return seconds, process.returncode


def told_command(
    dice: random.Random, told: signal.Signals, wait: float, *arguments: str | Path
) -> Ended:
    """Tell a command to end, and say how it ended."""
    process = start("toolkit", *arguments)
    time.sleep(0.3 + dice.random() * wait)
    return seconds_to_end(process, told), process.returncode


def kinds(folder: Path, url: str) -> dict[str, Callable[[random.Random, signal.Signals], Ended]]:
    """Return what is told to end, by name; `folder` has a demo in `made`."""
    made, places = folder / "made", count()
    page = collects(folder)

    def fresh() -> str:
        return str(folder / f"store-{next(places)}")

    def copy() -> str:
        return str(shutil.copytree(made, fresh()))

    where = ("--store", made)
    out = ("--out", folder / "states.pptx")
    return {
        "app, loading": lambda d, s: told_app(d, s, 2.0, demo=str(made)),
        "app, making its demo": lambda d, s: told_app(d, s, 6.0, demo=fresh()),
        "app, collecting": lambda d, s: told_app(d, s, 3.0, demo=copy(), script=page),
        "mismatches": lambda d, s: told_command(d, s, 1.5, "mismatches", *where),
        "report": lambda d, s: told_command(d, s, 4.0, "report", *where, *out),
        "snapshots": lambda d, s: told_command(d, s, 1.0, "snapshots", *where),
        "collect": lambda d, s: told_command(
            d, s, 4.0, "collect", "--store", fresh(), "--endpoint-url", url
        ),
    }


def main() -> None:
    """Tell each of them to end, many times."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tries", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="those whose name begins so")
    chosen = parser.parse_args()
    dice = random.Random(chosen.seed)  # noqa: S311 - repeatable, not secret
    print(f"| what | tries | ended within {IN_TIME:.0f} s | slowest | exit codes |")
    print("|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        Endpoint({"accounts": 2_000, "rate": 50.0, "latency": 0.06}) as endpoint,
    ):
        folder = Path(name)
        demo.make(folder / "made", today=datetime.now(UTC).date())
        for kind, tell in kinds(folder, endpoint.url).items():
            if not kind.startswith(chosen.only):
                continue
            ended = [tell(dice, SIGNALS[number % 2]) for number in range(chosen.tries)]
            seconds = [one for one, _ in ended]
            codes = ", ".join(f"{code}: {n}" for code, n in Counter(c for _, c in ended).items())
            in_time = sum(one <= IN_TIME for one in seconds)
            print(
                f"| {kind} | {len(ended)} | {in_time} | {max(seconds):.1f} s | {codes} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
