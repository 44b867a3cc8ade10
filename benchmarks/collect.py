"""How much of the API's quota a collection uses, beside what boto3 alone makes of it.

Run: python benchmarks/collect.py [GROUP ...] [--quick] [--seconds S] [--together N] [--ours]

Groups: quota-3, quota-10, quota-50, quota-200, halving, faults, unlimited. All by default, which
takes half an hour; --quick takes a few minutes and is less exact, since what is measured is short.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from baselines import RetryMode, serial, threaded
from endpoint import ACCESS, Counted, Endpoint

import toolkit as tk
from toolkit.schema import MENDABLE_OUTCOMES
from toolkit.store import Snapshot

LATENCY = 0.06  # s, as of a call to us-east-1 from the same continent
BARE_THREADS = 16  # more only wait for each other
SERIAL_SECONDS = 60  # a loop is as fast after a minute as after ten
FAULTS = {"500": 0.02, "424": 0.01, "reset": 0.01, "slow": 0.01}


@dataclass(frozen=True)
class Measured:
    """One line of the table."""

    quota: str
    what: str
    accounts: int
    seconds: float
    share: float
    throttled: float
    lost: int
    note: str = ""

    def line(self) -> str:
        """Write it as a line of a Markdown table."""
        return (
            f"| {self.quota} | {self.what} | {self.accounts:,} | {self.seconds:.1f} s"
            f" | {self.share:.1%} | {self.throttled:.3f} | {self.lost:,} | {self.note} |"
        )


HEAD = (
    "| quota | how | accounts | time | of the ceiling | throttled per account | lost | |\n"
    "|---|---|---|---|---|---|---|---|"
)


def share(granted: int, rate: float, seconds: float) -> float:
    """Share of the ceiling: what the quota alone needs, its burst spent, over the time taken."""
    return (granted - max(rate, 1)) / rate / seconds


def collected(url: str, store: str, *, rate: float | None = None) -> tuple[float, Snapshot]:
    """Collect everything at the emulator; return the seconds it took and the snapshot."""
    os.environ.update(ACCESS)
    connect, collect = tk.connect, tk.collect  # imported here, outside of the measured time
    began = time.monotonic()
    aws = connect(endpoint_url=url, region="us-east-1")
    # Progress is asked for and thrown away: telling it is a part of what a run costs.
    snapshot = collect(aws, store, rate=rate, link_regions="none", progress=lambda _: None)
    return time.monotonic() - began, snapshot


def failed(snapshot: Snapshot) -> int:
    """Accounts without an answer in the end."""
    return int(snapshot.govcloud["outcome"].isin(list(MENDABLE_OUTCOMES)).sum())


def by_collect(rate: float, accounts: int, *, known: bool = False) -> list[Measured]:
    """Collect with nothing known, then again with what that run has learned; or with --rate."""
    lines = []
    with (
        Endpoint({"accounts": accounts, "rate": rate, "latency": LATENCY}) as endpoint,
        tempfile.TemporaryDirectory() as store,
    ):
        whats = ["collect --rate"] if known else ["collect, rate unknown", "collect, rate learned"]
        for what in whats:
            before = endpoint.counted()
            seconds, snapshot = collected(endpoint.url, store, rate=rate if known else None)
            after = endpoint.counted()
            granted = after.granted - before.granted
            throttled = (after.throttled - before.throttled) / accounts
            lines.append(
                Measured(
                    f"{rate:g}/s",
                    what,
                    accounts,
                    seconds,
                    share(granted, rate, seconds),
                    throttled,
                    failed(snapshot),
                    f"found {snapshot.manifest.rate:.2f}/s" if snapshot.manifest.rate else "",
                )
            )
            time.sleep(2)  # until the bucket is full again
    return lines


def while_halving(rate: float, accounts: int, halve: int) -> list[Measured]:
    """Collect while the quota halves after `halve` granted calls."""
    with (
        Endpoint({"accounts": accounts, "rate": rate, "latency": LATENCY}, halve) as endpoint,
        tempfile.TemporaryDirectory() as store,
    ):
        seconds, snapshot = collected(endpoint.url, store)
        counted = endpoint.counted()
    halved_at = counted.halved_at or counted.granted
    ceiling = (halved_at - rate) / rate + (counted.granted - halved_at) / (rate / 2)
    return [
        Measured(
            f"{rate:g} then {rate / 2:g}/s",
            "collect, rate unknown",
            accounts,
            seconds,
            ceiling / seconds,
            counted.throttled / accounts,
            failed(snapshot),
        )
    ]


def with_faults(rate: float, accounts: int) -> list[Measured]:
    """Collect while calls fail: 2 % 500, 1 % each of 424, resets and answers of 3 s."""
    options = {
        "accounts": accounts,
        "rate": rate,
        "latency": LATENCY,
        "faults": FAULTS,
        "slow": 3.0,
    }
    with Endpoint(options) as endpoint, tempfile.TemporaryDirectory() as store:
        seconds, snapshot = collected(endpoint.url, store)
        counted = endpoint.counted()
    return [
        Measured(
            f"{rate:g}/s, faults",
            "collect, rate unknown",
            accounts,
            seconds,
            share(counted.granted, rate, seconds),
            counted.throttled / accounts,
            failed(snapshot),
            f"{counted.granted - accounts:,} calls failed and were asked again",
        )
    ]


def by_boto3(rate: float, accounts: int, mode: RetryMode | None) -> list[Measured]:
    """Ask with boto3 alone: in a loop (no mode), or in 16 threads with one of its retry modes."""
    with Endpoint({"accounts": accounts, "rate": rate, "latency": LATENCY}) as endpoint:
        began = time.monotonic()
        if mode:
            asked = threaded(endpoint.url, endpoint.account_ids[1:], mode)
        else:
            asked = serial(endpoint.url, endpoint.account_ids[1:])
        seconds = time.monotonic() - began
        counted: Counted = endpoint.counted()
    return [
        Measured(
            f"{rate:g}/s",
            f"boto3, 16 threads, {mode}" if mode else "boto3 in a loop",
            accounts,
            seconds,
            share(asked.answered, rate, seconds),
            counted.throttled / accounts,
            asked.lost,
        )
    ]


def without_quota(accounts: int, rounds: int) -> list[Measured]:
    """Collect where only the client is the limit, and bare boto3 with as many threads, in turn."""
    ours, bare, times = [], [], []
    with Endpoint({"accounts": accounts}) as endpoint:
        for _ in range(rounds):
            began = time.monotonic()
            threaded(endpoint.url, endpoint.account_ids[1:], None, BARE_THREADS)
            bare.append((accounts - 1) / (time.monotonic() - began))
            with tempfile.TemporaryDirectory() as store:
                seconds, snapshot = collected(endpoint.url, store)
            times.append(seconds)
            ours.append(snapshot.manifest.calls / seconds)
    ratio = statistics.median(o / b for b, o in zip(bare, ours, strict=True))
    return [
        Measured(
            "none",
            f"bare boto3, {BARE_THREADS} threads",
            accounts,
            accounts / statistics.median(bare),
            1.0,
            0.0,
            0,
            f"{statistics.median(bare):,.0f} calls/s = 100 %",
        ),
        Measured(
            "none",
            "collect",
            accounts,
            statistics.median(times),
            ratio,
            0.0,
            failed(snapshot),
            f"{statistics.median(ours):,.0f} calls/s, those of the listing included",
        ),
    ]


Job = partial[list[Measured]]


def at_quota(rate: float, seconds: float) -> list[Job]:
    """Every way to ask at one quota, for about so many seconds each."""
    accounts = round(rate * seconds)
    loop = min(accounts, round(min(rate, 1 / LATENCY) * SERIAL_SECONDS))
    return [
        partial(by_collect, rate, accounts),
        partial(by_collect, rate, accounts, known=True),
        partial(by_boto3, rate, loop, None),
        partial(by_boto3, rate, accounts, "legacy"),
        partial(by_boto3, rate, accounts, "standard"),
        partial(by_boto3, rate, accounts, "adaptive"),
    ]


def groups(seconds: float) -> dict[str, tuple[int, list[Job]]]:
    """Return the groups, and how many of each may run side by side undisturbed."""
    return {
        "quota-3": (6, at_quota(3, seconds)),
        "quota-10": (6, at_quota(10, seconds)),
        "quota-50": (3, at_quota(50, seconds)),
        "quota-200": (
            1,
            [
                *at_quota(200, seconds / 4),
                partial(by_collect, 200, round(200 * seconds * 5 / 6)),
            ],
        ),
        "halving": (
            2,
            [
                partial(while_halving, 10, round(10 * seconds), round(5 * seconds)),
                partial(while_halving, 50, round(50 * seconds), round(25 * seconds)),
            ],
        ),
        "faults": (
            2,
            [
                partial(with_faults, 10, round(10 * seconds)),
                partial(with_faults, 50, round(50 * seconds)),
            ],
        ),
        "unlimited": (
            1,
            [partial(without_quota, round(200 * seconds), 3)],
        ),
    }


def run(job: Job) -> list[Measured]:
    """Run one job, once everything is imported and has run, so that only asking is measured."""
    with Endpoint({"accounts": 5}) as endpoint, tempfile.TemporaryDirectory() as store:
        collected(endpoint.url, store)
        serial(endpoint.url, endpoint.account_ids[1:])
    return job()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the groups that were named and print their lines as they come."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("group", nargs="*", choices=[[], *groups(1)], metavar="GROUP")
    parser.add_argument("--seconds", type=float, default=120, help="length of a measurement")
    parser.add_argument("--quick", action="store_true", help="20 seconds each")
    parser.add_argument("--together", type=int, help="how many measurements side by side")
    parser.add_argument("--ours", action="store_true", help="leave the baselines out")
    chosen = parser.parse_args(arguments)
    measurements = groups(20 if chosen.quick else chosen.seconds)
    print(HEAD)
    for name in chosen.group or measurements:
        together, jobs = measurements[name]
        if chosen.ours:
            jobs = [job for job in jobs if job.func is not by_boto3]
        with ProcessPoolExecutor(
            chosen.together or together, get_context("spawn"), max_tasks_per_child=1
        ) as processes:
            for lines in processes.map(run, jobs):
                for line in lines:
                    print(line.line(), flush=True)


if __name__ == "__main__":
    main()
