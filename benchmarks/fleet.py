"""Count and judge the whole history of many organizations, by every engine, side by side.

Run: python benchmarks/fleet.py [--organizations 20] [--days 200] [--accounts 2000]

The store is made first, in a folder, and served from there as a bucket by a process of its own;
neither is measured. Every measurement runs in a process of its own: seconds, seconds of the
processor (those of the processes that it starts too, and not the bucket's), and the most memory
that all of them held together, looked at twenty times a second. Each begins without what an earlier
one has kept. All must give the same rows. What an account's own judgement takes is measured on a
sample of the snapshots, and scaled.
"""

import argparse
import hashlib
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import fleets
import pandas as pd
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit import analysis
from toolkit.fleet import counts, counts_from, fleet
from toolkit.store import Store
from toolkit.store.place import place_at
from toolkit.verdicts import judge_pairs

SAMPLE: Final = 40
"""How many snapshots are judged whole."""

AT_ONCE: Final = 16
"""How many files are fetched at once."""

Work = Callable[[str], "pd.DataFrame | None"]


@dataclass(frozen=True)
class Row:
    """What one way took."""

    wall: float
    processor: float
    peak: float
    said: str

    def __str__(self) -> str:
        return f"{self.wall:.1f} | {self.processor:.1f} | {self.peak:.0f}"


def main() -> None:
    """Make the store, measure each way on the bucket and on the folder, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--organizations", type=int, default=20)
    parser.add_argument("--days", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--store", type=Path, help="keep the folder there, or use that one")
    parser.add_argument("--on", choices=("bucket", "folder", "both"), default="both")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.store or Path(made)
        if not Store(folder).ids():
            fleets.make(folder, given.organizations, given.days, given.accounts)
        forget(str(folder))
        size = f"{given.organizations} organizations × {given.days} snapshots"
        print(f"{size} × {given.accounts:,} accounts\n")
        print("| on | way | seconds | of the processor | peak MB |\n|---|---|---|---|---|")
        if given.on != "folder":
            with fleets.bucket(folder) as address:
                measure_all("bucket", address, folder)
        if given.on != "bucket":
            measure_all("folder", str(folder), folder)


def measure_all(on: str, address: str, folder: Path) -> None:
    """Measure every way on one store."""

    def row(way: str, work: Work, at: str = address) -> Row:
        found = alone(work, at)
        print(f"| {on} | {way} | {found} |", flush=True)
        return found

    said = {row("counts, threads (the default)", counted).said}
    forget(address)
    said.add(row("counts, two processes", by_processes).said)
    forget(address)
    said.add(row("counts, Dask with two workers", by_dask).said)
    forget(address)
    with tempfile.TemporaryDirectory() as copy:
        if on == "bucket":
            row("DuckDB: fetching the files first", partial(fetched, copy))
        said.add(row("DuckDB, the SQL file", by_duckdb, copy if on == "bucket" else address).said)
    if len(said) != 1:
        raise SystemExit("Not all have counted the same.")
    sample = row(f"judging whole rows of {SAMPLE} snapshots", judged)
    snapshots = len(Store(address).ids())
    scaled = f"{sample.wall * snapshots / SAMPLE:.0f} | {sample.processor * snapshots / SAMPLE:.0f}"
    print(f"| {on} | … of all {snapshots:,}, by that | {scaled} | |")
    for part in (4, 2):
        forget(address)
        row(f"counts, threads, of the last 1/{part} of the days", partial(of_the_last, part))
    forget(address)
    first = row("fleet, the first call", table)
    again = row("fleet, again", table)
    added = fleets.next_day(folder, 0)
    place = place_at(address)
    for key, content in added.items():
        place.write(key, content)
    later = row("fleet, after one new snapshot", table)
    for key in reversed(added):
        place.remove(key)
    forget(address)
    by_dask_too = row("fleet, the first call, Dask with two workers", table_by_dask)
    if not first.said == again.said == by_dask_too.said != later.said:
        raise SystemExit("Not all have judged the same.")
    forget(address)


def counted(address: str) -> pd.DataFrame:
    """Count by the default path."""
    return counts(address)


def of_the_last(part: int, address: str) -> pd.DataFrame:
    """Count the newest snapshots of each organization: one of so many parts of them."""
    store = Store(address)
    ids = [store.ids(one) for one in store.organizations()]
    return counts(store, [one for of in ids for one in of[-len(of) // part :]])


def by_processes(address: str) -> pd.DataFrame:
    """Count by two processes."""
    with two_processes() as executor:
        return counts(address, executor=executor)


def by_dask(address: str) -> pd.DataFrame:
    """Count by two workers of Dask."""
    with two_workers() as executor:
        return counts(address, executor=executor)


def table(address: str) -> pd.DataFrame:
    """Judge the newest of each organization, by the default path."""
    return fleet(address)


def table_by_dask(address: str) -> pd.DataFrame:
    """Judge the newest of each organization by two workers of Dask."""
    with two_workers() as executor:
        return fleet(address, executor=executor)


def fetched(copy: str, address: str) -> None:
    """Fetch what DuckDB reads into a folder, many files at once."""
    place = place_at(address)
    keys = [key for of in ("accounts/", "govcloud/", "runs/") for key in place.versions(of)]

    def fetch(key: str) -> None:
        file = Path(copy, key)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(place.read(key))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fetch, keys))


def by_duckdb(folder: str) -> pd.DataFrame:
    """Count by the SQL file."""
    import duckdb  # noqa: PLC0415 - the others do not pay for it

    engine = duckdb.connect()
    engine.execute("SET threads = 2")
    for name in ("accounts", "govcloud"):
        parts = f"'{folder}/{name}/*/*/part.parquet'"
        engine.execute(
            f"CREATE VIEW {name} AS FROM read_parquet({parts},"
            " hive_partitioning = true, hive_types_autocast = false, union_by_name = true)"
        )
    pattern = "organization=([^=]+).taken=(.{20})[.]json$"
    manifests = f"glob('{folder}/runs/*/*.json')"
    runs = f"regexp_extract(file, '{pattern}', ['organization', 'taken'])"
    engine.execute(f"CREATE VIEW runs AS SELECT unnest({runs}) FROM {manifests}")  # noqa: S608 - our own names
    query = (files("toolkit.fleet") / "counts.sql").read_text(encoding="utf-8")
    return counts_from(engine.execute(query).df())


def judged(address: str) -> None:
    """Judge every row of some snapshots, and count the mismatches."""
    store = Store(address)
    ids = store.ids()
    for one in ids[:: max(1, len(ids) // SAMPLE)][:SAMPLE]:
        snapshot = store.load(one, organization=one.partition("/")[0])
        analysis.trend([(snapshot.taken, judge_pairs(snapshot.accounts, snapshot.govcloud))])


@contextmanager
def two_processes() -> Iterator[Executor]:
    """Give two processes that begin from nothing, as they do on every system."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        yield executor


@contextmanager
def two_workers() -> Iterator[Executor]:
    """Give two workers of Dask, each a process with one thread."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 - the others do not pay for it

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


def alone(work: Work, address: str) -> Row:
    """Measure something in a process of its own, and look at the memory of all that it starts."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(work, address, its))
    process.start()
    its.close()
    peak = 0
    while not ours.poll(0.05):
        peak = max(peak, _held(process.pid))
    wall, processor, own_peak, said = ours.recv()
    process.join()
    return Row(wall, processor, max(peak / 2**20, own_peak), said)


def _measured(work: Work, address: str, out: Connection) -> None:
    began, processor = time.perf_counter(), _processor()
    found = work(address)
    wall, processor = time.perf_counter() - began, _processor() - processor
    out.send((wall, processor, _own_peak(), "" if found is None else _digest(found)))


def _own_peak() -> float:
    """Return the most memory that this process has held so far, in MB."""
    import resource  # noqa: PLC0415 - a benchmark runs on Linux, and is imported anywhere

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> float:
    """Return the seconds of the processor of this process and of those that it started."""
    own = psutil.Process()
    times = own.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in own.children(recursive=True):
        spent = child.cpu_times()
        total += spent.user + spent.system
    return float(total)


def _held(pid: int | None) -> int:
    try:
        family = psutil.Process(pid)
        return sum(one.memory_info().rss for one in [family, *family.children(recursive=True)])
    except psutil.Error:
        return 0


def _digest(table: pd.DataFrame) -> str:
    """Return what two tables have in common that hold the same rows, in whatever order."""
    texts = table.astype("str").fillna("-")
    rows = texts.sort_values(list(texts.columns)).to_csv(index=False)
    return hashlib.sha256(rows.encode()).hexdigest()


def forget(address: str) -> None:
    """Throw away what was kept."""
    place = place_at(address)
    for key in place.versions("kept/"):
        place.remove(key)


if __name__ == "__main__":
    main()
