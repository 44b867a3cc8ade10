"""What the further sources cost a collection: time at a quota of 50/s, and memory at its peak.

Run: python benchmarks/collect_sources.py [--accounts N] [--size N]
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

QUOTA = 50.0
LATENCY = 0.06
MOST_LONGER = 0.05
MOST_MEMORY = 350  # MB
FREE = "witness,created,closures,tags"
REGIONS = ["us-east-1", "us-west-2"]


def measure(url: str, sources: str) -> tuple[float, int, float]:
    """Collect; return seconds, rows of the further sources, and peak memory in MB."""
    os.environ.update(ACCESS)
    aws = tk.connect(endpoint_url=url, region="us-east-1")
    govcloud = None
    if "witness" in sources:
        os.environ["AWS_ACCESS_KEY_ID"] = "govcloud"
        govcloud = tk.connect(endpoint_url=url, region="us-gov-west-1")
        govcloud.identity()  # takes its keys from the environment while they are there
        os.environ.update(ACCESS)
    with tempfile.TemporaryDirectory() as store:
        began = time.monotonic()
        snapshot = tk.collect(
            aws, store, govcloud=govcloud, sources=sources, link_regions=REGIONS, progress=None
        )
        seconds = time.monotonic() - began
    rows = sum(len(snapshot.table(name)) for name in FREE.split(","))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, rows, peak


def main() -> None:
    """Measure each in a process of its own, all on one quota each, and print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, default=6_000, help="for the time at the quota")
    parser.add_argument("--size", type=int, default=50_000, help="for the memory, without a quota")
    options = parser.parse_args()
    paced = {"accounts": options.accounts, "rate": QUOTA, "latency": LATENCY}
    taken = {}
    print("| what | measured | baseline or target | ratio |\n|---|---|---|---|")
    for sources in ("links", f"links,{FREE}"):
        with Endpoint(paced) as endpoint, get_context("spawn").Pool(1) as process:
            taken[sources] = process.apply(measure, (endpoint.url, sources))
    three, all_ = taken.values()
    ratio = all_[0] / three[0]
    print(
        f"| {options.accounts:,} accounts at {QUOTA:g}/s, {all_[1]:,} further rows"
        f" | {all_[0]:.1f} s | {three[0]:.1f} s with three sources"
        f" | {ratio:.3f} (at most {1 + MOST_LONGER:g}) |"
    )
    with Endpoint({"accounts": options.size}) as endpoint, get_context("spawn").Pool(1) as process:
        seconds, rows, peak = process.apply(measure, (endpoint.url, f"links,{FREE}"))
    print(
        f"| peak memory of {options.size:,} accounts, {rows:,} further rows, {seconds:.0f} s"
        f" | {peak:.0f} MB | {MOST_MEMORY} MB | {peak / MOST_MEMORY:.2f} |"
    )


if __name__ == "__main__":
    main()
