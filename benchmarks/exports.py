"""What exports cost: the workbook against bare xlsxwriter, every format by size.

    python benchmarks/exports.py [--accounts 1000 50000] [--rounds 3]

Ratios come from one run, the sides taking turns; times are CPU seconds of this process, so that
a busy machine does not tell. Peak memory is that of the workbook's writing alone.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit import schema
from toolkit.emulator import make_organization
from toolkit.exports import FORMATS, Report
from toolkit.exports.csv_file import save_csv
from toolkit.exports.workbook import save_workbook
from toolkit.store import Manifest, Snapshot


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[1_000, 50_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for accounts in options.accounts:
            compare_workbook(place, accounts, options.rounds)
        for accounts in options.accounts:
            time_reports(place, accounts, options.rounds)


def compare_workbook(place: Path, accounts: int, rounds: int) -> None:
    """Compare save_workbook with xlsxwriter's plain `write` of the same cells, and CSV too.

    The report is judged before, and so are the snapshots before it: only writing is compared.
    """
    history = [make_snapshot(accounts, days) for days in (28, 21, 14, 7)]
    report = Report.of(make_snapshot(accounts), history=history)
    save_workbook(report, place / "ours.xlsx")
    sheets = cells_of(place / "ours.xlsx")
    ours, plain, table, bare = [], [], [], []
    for _ in range(rounds):
        ours.append(cpu(lambda: save_workbook(report, place / "ours.xlsx")))
        plain.append(cpu(lambda: write_plainly(sheets, place / "plain.xlsx")))
        table.append(cpu(lambda: save_csv(report.pairs, place / "ours.csv")))
        bare.append(cpu(lambda: report.pairs.to_csv(place / "plain.csv", index=False)))
    tracemalloc.start()
    save_workbook(report, place / "ours.xlsx")
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    count = sum(int(frame.notna().to_numpy().sum()) for frame in sheets.values())
    print(f"{accounts:,} accounts, {len(sheets)} sheets, {count:,} cells")
    line("workbook", min(ours), min(plain), "plain xlsxwriter, the same cells")
    line("csv", min(table), min(bare), "DataFrame.to_csv")
    print(f"  workbook: peak of Python memory while writing {peak:.0f} MB")


def cells_of(path: Path) -> dict[str, pd.DataFrame]:
    """Read back what stands in a workbook: the values of each sheet, as frames."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: pd.DataFrame(sheet.iter_rows(values_only=True)) for sheet in book}


def write_plainly(sheets: dict[str, pd.DataFrame], path: Path) -> None:
    """Write the cells of frames as a script would, with nothing around them."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name)
            objects = frame.astype("object")
            for row, values in enumerate(objects.where(objects.notna(), None).to_numpy().tolist()):
                for place, value in enumerate(values):
                    if isinstance(value, datetime):
                        sheet.write(row, place, value, day)
                    elif value is not None:
                        sheet.write(row, place, value)


def time_reports(place: Path, accounts: int, rounds: int) -> None:
    """Time each format of a size, with four snapshots of history, judging included."""
    snapshot = make_snapshot(accounts)
    history = [make_snapshot(accounts, days) for days in (28, 21, 14, 7)]
    print(f"{accounts:,} accounts, {len(history)} snapshots before")
    for one in FORMATS:
        path = place / f"x{one.suffix}"
        took = [
            cpu(lambda: one.save(Report.of(snapshot, history=history), path))  # noqa: B023 - called at once
            for _ in range(rounds)
        ]
        print(f"  {one.key:9} {min(took):6.2f} s")


def make_snapshot(accounts: int, days_before: int = 0) -> Snapshot:
    """Make a snapshot of the emulator's organization without asking it over the wire."""
    day = date(2026, 11, 22) - timedelta(days=days_before)
    taken = pd.Timestamp(datetime.combine(day, datetime.min.time(), UTC))
    organization = make_organization(accounts, 7, day)
    rows = pd.DataFrame(organization.pairs())
    found = rows["govcloud_account_id"].notna().map({True: "FOUND", False: "NOT_LINKED"})
    looked_up = rows.assign(outcome=found, detail=None, fetched_at=taken)
    links = pd.DataFrame(organization.links()).assign(fetched_at=taken)
    manifest = Manifest(
        organization_id=organization.organization_id,
        taken=taken,
        finished=taken,
        caller_account_id=organization.management_account_id,
        caller_kind="management",
        complete=True,
    )
    tables = {"accounts": rows, "govcloud": looked_up, "links": links}
    return Snapshot(
        {name: schema.coerce(schema.STORED[name], made) for name, made in tables.items()}, manifest
    )


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def line(name: str, ours: float, theirs: float, what: str) -> None:
    """Print one comparison."""
    print(f"  {name:9} {ours:6.2f} s = {ours / theirs:.2f} × {what} ({theirs:.2f} s)")


if __name__ == "__main__":
    main()
