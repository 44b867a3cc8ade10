"""Fold a year of daily snapshots of 20,000 accounts, and see what the next day costs.

Run: python benchmarks/history.py [DAYS] [ACCOUNTS]

The store is made first, and is not measured. Every measurement runs in a process of its own, so
that its peak of memory is its own: folding from nothing, as often as --times says, then what is
asked of the spells; the next day, of which one snapshot is read; and, as a baseline in the same
run, judging every snapshot and counting it, which is what a trend took before.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit import analysis, schema
from toolkit.analysis import state_trend_of, trend_of
from toolkit.spells import Spells, spells_of
from toolkit.store import Manifest, Snapshot, Store
from toolkit.verdicts import Policy
from toolkit.verdicts.left_behind import left_behind

ORGANIZATION = "o-benchmark1"
BEGIN = pd.Timestamp("2025-11-23T03:00:00Z")
CHANGED, UNSEEN, GONE = 0.002, 0.005, 0.0002
"""The shares of the accounts that change a day, that are not seen, and that leave the list."""
BASELINE_DAYS = 20


def main() -> None:
    """Make the store, and print seconds and memory of each way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("days", nargs="?", type=int, default=365)
    parser.add_argument("accounts", nargs="?", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3, help="how often each is measured")
    parser.add_argument("--store", help="keep the store there, or use the one that is there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = given.store or folder
        if not Store(address).ids():
            build(address, given.days, given.accounts)
        rows = [
            best(given.times, from_nothing, address),
            best(given.times, next_day, address),
            best(given.times, kept_alone, address),
            best(1, judged_each, address),
        ]
    print(f"{given.days} daily snapshots of {given.accounts:,} accounts\n")
    print("| what | seconds | of the processor | peak MB |\n|---|---|---|---|")
    for name, seconds, processor, peak in (row for group in rows for row in group):
        print(f"| {name} | {seconds:.2f} | {processor:.2f} | {peak:.0f} |")


Row = tuple[str, float, float, float]


class Watch:
    """Rows of what was measured in this process."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def measure(self, name: str, work: Callable[[], Any]) -> Any:
        """Do something once, and note how long it took."""
        began, processor = time.perf_counter(), time.process_time()
        found = work()
        taken = time.perf_counter() - began, time.process_time() - processor
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.rows.append((name, *taken, peak))
        return found


def from_nothing(address: str, watch: Watch) -> None:
    """Fold every snapshot, and ask the spells for what they are there for."""
    forget(address)
    store = Store(address)
    spells = watch.measure("fold all from nothing", lambda: spells_of(store, ORGANIZATION))
    ask(store, spells, watch)


def ask(store: Store, spells: Spells, watch: Watch) -> None:
    """Ask for the three things that the issue names."""
    policy = Policy()
    newest = store.load()
    watch.measure("… first_seen", lambda: analysis.first_seen(spells))
    watch.measure("… trends", lambda: (trend_of(spells, policy), state_trend_of(spells)))
    watch.measure("… LEFT_BEHIND", lambda: left_behind(newest, spells, policy.left_behind_rules))


def next_day(address: str, watch: Watch) -> None:
    """Fold a day that was not there yet onto what is kept."""
    store = Store(address)
    spells_of(store, ORGANIZATION)
    newest = store.load()
    day = replace(newest.manifest, taken=newest.taken + pd.Timedelta(days=1))
    Store(address).save(Snapshot(newest.tables, day))
    watch.measure("the next day", lambda: spells_of(store, ORGANIZATION))
    for part in Path(address).rglob(f"*taken={day.taken.strftime('%Y-%m-%dT%H-%M-%SZ')}*"):
        remove(part)


def kept_alone(address: str, watch: Watch) -> None:
    """Read what is kept where there is nothing new."""
    store = Store(address)
    spells_of(store, ORGANIZATION)
    watch.measure("nothing new", lambda: spells_of(store, ORGANIZATION))


def judged_each(address: str, watch: Watch) -> None:
    """Judge some snapshots one by one, and count them."""
    store = Store(address)
    ids = store.ids(ORGANIZATION)[-BASELINE_DAYS:]
    spells = spells_of(store, ORGANIZATION)

    def work() -> None:
        history = [
            (one.snapshot.taken, one.pairs)
            for one in (Policy().judge(store.load(each), spells=spells) for each in ids)
        ]
        analysis.trend(history)

    watch.measure(f"baseline: judge and count {len(ids)} snapshots alone", work)


def best(times: int, work: Callable[[str, Watch], None], address: str) -> list[Row]:
    """Return the best of several measurements, each in a process of its own."""
    found = [alone(work, address) for _ in range(times)]
    return [min(each, key=lambda row: row[1]) for each in zip(*found, strict=True)]


def alone(work: Callable[[str, Watch], None], address: str) -> list[Row]:
    """Measure in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, address))


def _measured(work: Callable[[str, Watch], None], address: str) -> list[Row]:
    watch = Watch()
    work(address, watch)
    return watch.rows


def forget(address: str) -> None:
    """Throw away what is kept."""
    for file in Path(address, "kept").rglob("*.parquet"):
        file.unlink()


def remove(path: Path) -> None:
    """Remove a file, or a folder of files."""
    for one in path.iterdir() if path.is_dir() else ():
        one.unlink()
    path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)


def build(address: str, days: int, count: int) -> None:
    """Write a store in which a few accounts change each day, a few are not seen, a few leave."""
    random = np.random.default_rng(7)
    store = Store(address)
    standard, govcloud = (
        np.array(list(map(str, words)))
        for words in (
            schema.STANDARD_STATES,
            schema.GOVCLOUD_STATES,
        )
    )
    ids = np.array([f"1{number:011d}" for number in range(count)])
    behind = np.array([f"9{number:011d}" for number in range(count)])
    units = np.array([f"Division {number % 7}/Team {number % 131}" for number in range(count)])
    names = np.array([f"workload-{number}" for number in range(count)])
    mails = np.array([f"aws+{number}@mail.example" for number in range(count)])
    state = np.where(random.random(count) < 0.9, "ACTIVE", random.choice(standard, count))
    other = np.where(
        (random.random(count) < 0.95) & np.isin(state, govcloud),
        state,
        random.choice(govcloud, count),
    )
    linked = random.random(count) < 0.9
    listed = np.ones(count, dtype=bool)
    joined = pd.Timestamp("2020-01-01T00:00:00Z")
    for day in range(days):
        taken = BEGIN + pd.Timedelta(days=day)
        for side, words in ((state, standard), (other, govcloud)):
            change = random.random(count) < CHANGED / 2
            side[change] = random.choice(words, int(change.sum()))
        listed &= random.random(count) >= GONE
        seen = random.random(count) >= UNSEEN
        outcome = np.where(seen, np.where(linked, "FOUND", "NOT_LINKED"), "UNAVAILABLE")
        found = (outcome == "FOUND")[listed]
        accounts = pd.DataFrame(
            {
                "account_id": ids[listed],
                "name": names[listed],
                "email": mails[listed],
                "standard_state": state[listed],
                "joined_method": "CREATED",
                "joined_at": joined,
                "ou_path": units[listed],
            }
        )
        looked_up = pd.DataFrame(
            {
                "account_id": ids[listed],
                "govcloud_account_id": pd.Series(behind[listed]).where(found),
                "govcloud_state": pd.Series(other[listed]).where(found),
                "outcome": outcome[listed],
                "fetched_at": taken,
            }
        )
        words, counts = np.unique(outcome[listed], return_counts=True)
        ended = {"outcome": "FOUND", "detail": None}
        manifest = Manifest(
            organization_id=ORGANIZATION,
            taken=taken,
            finished=taken,
            caller_account_id="100000000000",
            caller_kind="management",
            complete=True,
            sources=dict.fromkeys(("accounts", "govcloud", "links"), ended),
            outcomes={str(w): int(c) for w, c in zip(words, counts, strict=True)},
            accounts=int(listed.sum()),
        )
        store.save(
            Snapshot(
                {"accounts": accounts, "govcloud": looked_up, "links": schema.empty(schema.LINKS)},
                manifest,
            )
        )


if __name__ == "__main__":
    main()
