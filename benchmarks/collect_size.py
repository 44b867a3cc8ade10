"""What a collection of 50,000 accounts needs: memory at its peak, and time to write the snapshot.

Run: python benchmarks/collect_size.py [--accounts N]
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from endpoint import ACCESS, Endpoint

import toolkit as tk
from toolkit.runs import Progress

MOST_MEMORY = 300  # MB
MOST_SECONDS = 2.0


def measure(url: str) -> tuple[int, float, float, float]:
    """Collect; return accounts, seconds, seconds after the last answer, and peak memory in MB."""
    os.environ.update(ACCESS)
    connect, collect = tk.connect, tk.collect
    answered_at, done = 0.0, -1

    def progress(at: Progress) -> None:
        nonlocal answered_at, done
        if at.done > done and at.phase not in ("saving", "done"):
            answered_at, done = time.monotonic(), at.done

    with tempfile.TemporaryDirectory() as store:
        began = time.monotonic()
        aws = connect(endpoint_url=url, region="us-east-1")
        snapshot = collect(aws, store, link_regions="none", progress=progress)
        ended = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return len(snapshot.govcloud), ended - began, ended - answered_at, peak


def main() -> None:
    """Measure in a process of its own and print one line for each target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, default=50_000)
    accounts = parser.parse_args().accounts
    with Endpoint({"accounts": accounts}) as endpoint, get_context("spawn").Pool(1) as process:
        answered, seconds, writing, peak = process.apply(measure, (endpoint.url,))
    print("| what | measured | target | share of the target |\n|---|---|---|---|")
    print(f"| accounts collected | {answered:,} in {seconds:.0f} s | {accounts:,} | |")
    print(f"| peak memory | {peak:.0f} MB | {MOST_MEMORY} MB | {peak / MOST_MEMORY:.0%} |")
    print(
        f"| last answer shown to snapshot written | {writing:.2f} s | {MOST_SECONDS:g} s"
        f" | {writing / MOST_SECONDS:.0%} |"
    )


if __name__ == "__main__":
    main()
