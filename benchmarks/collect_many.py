"""What twenty organizations cost in one process: side by side, and one after the other.

Run: python benchmarks/collect_many.py [--organizations N] [--accounts N] [--rate N] [--way WAY ...]

Each organization has a quota of its own, as each management account has. Both ways are measured in
a process of their own, and the emulators are in another one, so that they take no memory or CPU
from what is measured, but they do use the same cores.
"""

import argparse
import hashlib
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit.aws import connect_local
from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.runs import collect, collect_all
from toolkit.store import Snapshot

LATENCY = 0.06  # s, as of a call to us-east-1 from the same continent
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Measured:
    """What one way cost: seconds, MB, and the most threads and open files at any time."""

    accounts: int
    wall: float
    cpu: float
    memory: float
    threads: int
    files: int
    rows: str  # a digest of what was collected

    def line(self, way: str) -> str:
        """Write it as a line of a Markdown table."""
        return (
            f"| {way} | {self.accounts:,} | {self.wall:.1f} s | {self.cpu:.1f} s"
            f" | {self.memory:.0f} MB | {self.threads} | {self.files} | {self.rows} |"
        )


HEAD = (
    "| way | accounts | wall | CPU | peak memory | threads | open files | rows |\n"
    "|---|---|---|---|---|---|---|---|"
)


def one_after_the_other(urls: list[str], store: str) -> list[Snapshot]:
    """Collect as a script with a loop does."""
    return [collect(connect_local(url), store, progress=None) for url in urls]


def side_by_side(urls: list[str], store: str) -> list[Snapshot]:
    """Collect as `collect --profiles` does."""
    ended = collect_all({url: connect_local(url) for url in urls}, store, progress=None)
    return [one for one in ended.values() if isinstance(one, Snapshot)]


WAYS: dict[str, Callable[[list[str], str], list[Snapshot]]] = {
    "alone": lambda urls, store: one_after_the_other(urls[:1], store),
    "loop": one_after_the_other,
    "together": side_by_side,
}


def measure(way: str, urls: list[str]) -> Measured:
    """Collect everything in this process, which did nothing else before."""
    this = psutil.Process()
    most = [0, 0, 0]
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.05):
            now = this.memory_info().rss, this.num_threads() - 1, this.num_fds()
            most[:] = map(max, most, now)

    looking = threading.Thread(target=look, daemon=True)
    with tempfile.TemporaryDirectory() as store:
        looking.start()
        began, cpu = time.monotonic(), time.process_time()
        snapshots = WAYS[way](urls, store)
        wall, cpu = time.monotonic() - began, time.process_time() - cpu
        is_over.set()
        looking.join()
    told = [
        one.govcloud[["account_id", "outcome", "govcloud_state"]].to_csv(index=False)
        for one in sorted(snapshots, key=lambda one: one.id.partition("/")[0])
    ]
    return Measured(
        sum(len(one.accounts) for one in snapshots),
        wall,
        cpu,
        most[0] / 2**20,
        most[1],
        most[2],
        hashlib.sha256("".join(told).encode()).hexdigest()[:8],
    )


@contextmanager
def emulators(organizations: int, accounts: int, rate: float | None) -> Iterator[list[str]]:
    """Give the addresses of so many companies, all answered for by one other process."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(there, organizations, accounts, rate), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("stop")
        process.join()


def _serve(there: Connection, organizations: int, accounts: int, rate: float | None) -> None:
    switches = Switches(rate=rate, latency=LATENCY)
    with ExitStack() as stack:
        made = [make_organization(accounts, seed) for seed in range(organizations)]
        there.send([stack.enter_context(Emulator(one, switches)).url for one in made])
        there.recv()


def main() -> None:
    """Measure each way and print its line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--organizations", type=int, default=20, metavar="N")
    parser.add_argument("--accounts", type=int, default=2_000, metavar="N")
    parser.add_argument("--rate", type=float, metavar="N", help="calls per second of each quota")
    parser.add_argument("--way", action="append", choices=WAYS)
    options = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    print(HEAD)
    with emulators(options.organizations, options.accounts, options.rate) as urls:
        for way in options.way or WAYS:
            with SPAWN.Pool(1) as process:
                print(process.apply(measure, (way, urls)).line(way), flush=True)


if __name__ == "__main__":
    main()
