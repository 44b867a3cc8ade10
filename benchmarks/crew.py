"""What each rule of the crew of threads is worth: collections with all of them, and without one.

Run: python benchmarks/crew.py [SETTING ...] [--rounds N] [--load N] [--only WITHOUT ...]

Settings: free (no quota), far (no quota, 60 ms away), quota-10, quota-200. In each round every
variant collects once, in turn; the ratios are medians of the rounds, each round against its own
run with all rules, so that whatever else the machine does weighs on all alike. --load keeps so
many processes busy beside it.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from collect import LATENCY
from endpoint import ACCESS, Endpoint

import toolkit as tk
from toolkit.dispatch import crew, dispatcher

WITHOUT: dict[str, list[tuple[ModuleType, str, float]]] = {
    "nothing": [],
    "BUSY": [(crew, "BUSY", inf)],
    "BUSY_AND_LATE": [(crew, "BUSY_AND_LATE", inf)],
    "GROW_EACH": [(crew, "GROW_EACH", 0.0)],
    "AHEAD": [(crew, "AHEAD", 0)],
    "GATHER": [(dispatcher, "GATHER", 0.0)],
}
WITHOUT["busy rules"] = WITHOUT["BUSY"] + WITHOUT["BUSY_AND_LATE"]
WITHOUT["all five"] = [rule for rules in [*WITHOUT.values()][:6] for rule in rules]

SETTINGS: dict[str, dict[str, Any]] = {
    "free": {"accounts": 4_000},
    "far": {"accounts": 4_000, "latency": LATENCY},
    "quota-10": {"accounts": 200, "latency": LATENCY, "rate": 10},
    "quota-200": {"accounts": 3_000, "latency": LATENCY, "rate": 200},
}


@dataclass(frozen=True)
class Run:
    """What one collection took."""

    calls_a_second: float
    cpu: float  # ms of this process a call
    threads: int


@contextmanager
def without(rules: Sequence[tuple[ModuleType, str, float]]) -> Iterator[None]:
    """Switch rules off, each by the value at which it changes nothing, and on again."""
    before = [getattr(module, name) for module, name, _ in rules]
    for module, name, off in rules:
        setattr(module, name, off)
    yield
    for (module, name, _), value in zip(rules, before, strict=True):
        setattr(module, name, value)


def collected(url: str) -> Run:
    """Collect everything at the emulator into a store of its own."""
    threads = 0

    def look(_: object) -> None:
        nonlocal threads
        threads = max(threads, sum(t.name == "toolkit-call" for t in threading.enumerate()))

    with tempfile.TemporaryDirectory() as store:
        aws = tk.connect(endpoint_url=url, region="us-east-1")
        began, worked = time.monotonic(), time.process_time()
        snapshot = tk.collect(aws, store, link_regions="none", progress=look)
        seconds, worked = time.monotonic() - began, time.process_time() - worked
        aws.close()
    calls = snapshot.manifest.calls
    return Run(calls / seconds, 1000 * worked / calls, threads)


def measured(setting: str, names: Sequence[str], rounds: int) -> Mapping[str, list[Run]]:
    """Collect with each variant in turn, `rounds` times, after one run that does not count."""
    runs: dict[str, list[Run]] = {name: [] for name in names}
    with Endpoint(SETTINGS[setting]) as endpoint:
        collected(endpoint.url)
        for number in range(rounds):
            first = number % len(names)
            for name in [*names[first:], *names[:first]]:
                time.sleep(2 if "rate" in SETTINGS[setting] else 0)  # until the bucket is full
                with without(WITHOUT[name]):
                    runs[name].append(collected(endpoint.url))
    return runs


def lines(setting: str, runs: Mapping[str, list[Run]]) -> Iterator[str]:
    """Write each variant as a line of a Markdown table."""
    for name, ours in runs.items():
        speed = [o.calls_a_second / a.calls_a_second for o, a in _rounds(ours, runs["nothing"])]
        cpu = [o.cpu / a.cpu for o, a in _rounds(ours, runs["nothing"])]
        yield (
            f"| {setting} | {name} | {_median(o.calls_a_second for o in ours):,.0f}/s"
            f" | {_spread(speed)} | {_median(o.cpu for o in ours):.2f} ms | {_spread(cpu)}"
            f" | {_median(o.threads for o in ours):.0f} |"
        )


def _rounds(ours: list[Run], whole: list[Run]) -> Iterator[tuple[Run, Run]]:
    return zip(ours, whole, strict=True)


def _median(values: Iterator[float]) -> float:
    return statistics.median(values)


def _spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def burn() -> None:
    """Keep one core busy until ended."""
    while True:
        pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the settings that were named and print their lines as they come."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("setting", nargs="*", choices=[[], *SETTINGS], metavar="SETTING")
    parser.add_argument("--rounds", type=int, default=5, help="collections of each variant")
    parser.add_argument("--load", type=int, default=0, help="processes that keep cores busy")
    parser.add_argument("--only", nargs="+", choices=WITHOUT, default=list(WITHOUT)[1:])
    chosen = parser.parse_args(arguments)
    load = [multiprocessing.Process(target=burn, daemon=True) for _ in range(chosen.load)]
    for process in load:
        process.start()
    print("| setting | without | speed | against all | CPU a call | against all | threads |")
    print("|---|---|---|---|---|---|---|")
    for setting in chosen.setting or SETTINGS:
        for line in lines(setting, measured(setting, ["nothing", *chosen.only], chosen.rounds)):
            print(line, flush=True)
    for process in load:
        process.terminate()


if __name__ == "__main__":
    import os

    os.environ.update(ACCESS)
    main()
