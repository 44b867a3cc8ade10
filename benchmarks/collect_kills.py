"""Twenty kills -9 at random moments of one collection: nothing is lost, little is asked twice.

Run: python benchmarks/collect_kills.py [--kills N] [--accounts N] [--seed N]

After each kill the emulator is asked whom it has answered and the journal whom it has kept: what
is in one and not in the other was in flight. Each such account may be asked again, no other.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from endpoint import ACCESS, Endpoint
from pandas.testing import assert_frame_equal

from toolkit.store import Snapshot, load_snapshot

RATE, LATENCY = 100.0, 0.06
STARTING = 1.5  # s until a process has imported what it needs and begins to ask


def start(url: str, store: Path) -> subprocess.Popen[bytes]:
    """Start the same command as anybody would."""
    where = ["--endpoint-url", url, "--store", str(store), "--link-regions", "none"]
    return subprocess.Popen(  # noqa: S603 - this project's own command
        [sys.executable, "-m", "toolkit", "collect", *where],
        cwd=Path(__file__).parents[1],
        env={**os.environ, **ACCESS, "AWS_DEFAULT_REGION": "us-east-1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kept(store: Path) -> int:
    """Count the answers in the journal."""
    answers = 0
    for path in store.glob("journal/*.sqlite"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as journal:
            answers += journal.execute("SELECT count(*) FROM govcloud").fetchone()[0]
    return answers


def same(one: Snapshot, other: Snapshot) -> bool:
    """Tell whether two snapshots say the same, apart from when they were asked."""
    for table in ("accounts", "govcloud", "links"):
        left, right = (
            getattr(snapshot, table).drop(columns="fetched_at", errors="ignore")
            for snapshot in (one, other)
        )
        try:
            assert_frame_equal(left.reset_index(drop=True), right.reset_index(drop=True))
        except AssertionError:
            return False
    return True


def main() -> None:
    """Kill, go on, and compare with a run that nobody disturbed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--accounts", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    dice = random.Random(chosen.seed)  # noqa: S311 - repeatable, not secret
    options = {"accounts": chosen.accounts, "rate": RATE, "latency": LATENCY}
    with tempfile.TemporaryDirectory() as folder:
        with Endpoint({"accounts": chosen.accounts}) as endpoint:
            start(endpoint.url, Path(folder, "undisturbed")).wait()
        undisturbed = load_snapshot(Path(folder, "undisturbed"))
        in_flight: list[int] = []
        store = Path(folder, "killed")
        with Endpoint(options) as endpoint:
            while len(in_flight) < chosen.kills:
                process = start(endpoint.url, store)
                time.sleep(STARTING + dice.random() * 2)
                if process.poll() is not None:
                    break
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                time.sleep(3 * LATENCY)  # what was under way at the server is answered, too
                in_flight.append(endpoint.counted().accounts_answered - kept(store))
            last = start(endpoint.url, store).wait()
            counted = endpoint.counted()
        killed = load_snapshot(store)
    twice = counted.answers - counted.accounts_answered
    print("| what | measured | target |\n|---|---|---|")
    print(f"| kills -9 | {len(in_flight)} | {chosen.kills} |")
    print(f"| exit code of the run that ended | {last} | 0 |")
    print(f"| accounts in the snapshot | {len(killed.govcloud):,} | {chosen.accounts:,} |")
    print(f"| snapshot equal to an undisturbed run's | {same(killed, undisturbed)} | True |")
    print(f"| in flight at a kill, at most | {max(in_flight, default=0)} | |")
    print(f"| answers asked for twice | {twice} | at most {sum(in_flight)} |")


if __name__ == "__main__":
    main()
