"""The command line, `python -m toolkit …`: collect, mismatches, report, snapshots, emulator.

Each command imports what it needs when it runs, so that `--help` answers at once. A wrong call
ends with exit code 2 and one line; a collection that another try could complete ends with 1.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from toolkit.errors import InputError, RunStoppedError, ToolkitError

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.store import Snapshot

_OK, _INCOMPLETE, _WRONG = 0, 1, 2

_LOOK_FOR_STOP: Final = 0.1  # seconds between two looks whether the emulator was told to stop

_TABLE_COLUMNS: Final = (
    "account_id",
    "name",
    "ou_path",
    "standard_state",
    "govcloud_state",
    "verdict",
    "severity",
    "meaning",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 incomplete, 2 a wrong call."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except RunStoppedError as error:
        print(error, file=sys.stderr)
        return _INCOMPLETE
    except ToolkitError as error:
        print(error, file=sys.stderr)
        return _WRONG
    except BrokenPipeError:
        # The reader has gone (`… | head`): not an error, but Python would print one at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _OK


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}. Try: {self.prog} --help", file=sys.stderr)
        raise SystemExit(_WRONG)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m toolkit",
        description="Which standard and GovCloud accounts disagree, how badly, and since when.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    collect = commands.add_parser("collect", help="fetch every account and keep a snapshot")
    _add_store(collect)
    collect.add_argument(
        "--profile", action="append", metavar="P", help="AWS profile; repeat for several at once"
    )
    collect.add_argument("--region", metavar="R", help="the profile's Region when not given")
    collect.add_argument("--endpoint-url", metavar="U", help="ask this address instead of AWS")
    collect.add_argument("--role-arn", metavar="A", help="assume this role first")
    collect.add_argument(
        "--role-name", metavar="R", help="list account links from each member through this role"
    )
    collect.add_argument(
        "--rate", type=_positive, metavar="N", help="the known quota, in calls per second"
    )
    collect.add_argument(
        "--accounts", type=Path, metavar="FILE", help="ask only these ids: one a line, or a CSV"
    )
    collect.add_argument(
        "--link-regions", default="all", metavar="R,R|all|none", help="where to look for links"
    )
    collect.add_argument(
        "--max-age", type=_age, metavar="AGE", help="use earlier answers younger than this: 12h, 7d"
    )
    collect.add_argument("--fresh", action="store_true", help="forget an unfinished run")
    collect.set_defaults(run=_collect)

    mismatches = commands.add_parser("mismatches", help="show the pairs that disagree, worst first")
    _add_store(mismatches)
    _add_snapshot(mismatches)
    mismatches.add_argument("--format", choices=("table", "csv", "json"), default="table")
    mismatches.add_argument("--all", action="store_true", help="every account, not only mismatches")
    mismatches.set_defaults(run=_mismatches)

    report = commands.add_parser("report", help="write slides, a workbook, a CSV or a page")
    _add_store(report)
    _add_snapshot(report)
    report.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=".pptx, .xlsx, .csv or .html"
    )
    report.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="your own .pptx: its master, fonts and colours are used, its slides are not",
    )
    report.set_defaults(run=_report)

    snapshots = commands.add_parser("snapshots", help="list the snapshots, newest first")
    _add_store(snapshots)
    snapshots.set_defaults(run=_snapshots)

    emulator = commands.add_parser("emulator", help="answer as AWS would, for a made-up company")
    emulator.add_argument("--port", type=int, default=0, metavar="N", help="a free one by default")
    emulator.add_argument("--accounts", type=int, default=300, metavar="N")
    emulator.add_argument("--seed", type=int, default=7, metavar="N")
    emulator.add_argument("--rate", type=_positive, metavar="N", help="calls per second granted")
    emulator.add_argument("--burst", type=_positive, metavar="N", help="calls granted at once")
    emulator.add_argument("--latency", type=float, default=0.0, metavar="S", help="in seconds")
    emulator.add_argument(
        "--faults", type=float, default=0.0, metavar="P", help="share of failing calls, 0 to 1"
    )
    emulator.set_defaults(run=_emulator)
    return parser


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--store", type=Path, default=Path("snapshots"), metavar="DIR", help="folder of snapshots"
    )


def _add_snapshot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--snapshot", metavar="ID", help="the newest when not given")


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return number


def _age(text: str) -> "pd.Timedelta":
    import pandas as pd

    try:
        age = pd.Timedelta(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not an age such as 12h or 7d") from None
    if not age > pd.Timedelta(0):
        raise argparse.ArgumentTypeError(f"{text} is not an age such as 12h or 7d")
    return age


def _collect(options: argparse.Namespace) -> int:
    from toolkit.aws import connect
    from toolkit.fetch import read_account_ids
    from toolkit.runs import collect_all, summary

    accounts = read_account_ids(options.accounts) if options.accounts else None
    connections = [
        connect(
            profile=profile,
            region=options.region,
            endpoint_url=options.endpoint_url,
            role_arn=options.role_arn,
        )
        for profile in options.profile or [None]
    ]
    snapshots = collect_all(
        connections,
        options.store,
        rate=options.rate,
        accounts=accounts,
        link_regions=_regions(options.link_regions),
        role_name=options.role_name,
        max_age=options.max_age,
        fresh=options.fresh,
    )
    for snapshot in snapshots:
        print(summary(snapshot))
    return _INCOMPLETE if any(_report_mendable(snapshot) for snapshot in snapshots) else _OK


def _regions(text: str) -> "str | list[str]":
    if text in ("all", "none"):
        return text
    return [region.strip() for region in text.split(",") if region.strip()]


def _report_mendable(snapshot: "Snapshot") -> bool:
    from toolkit.schema import MENDABLE_OUTCOMES
    from toolkit.text import printable

    failed = snapshot.govcloud[snapshot.govcloud["outcome"].isin(list(MENDABLE_OUTCOMES))]
    if failed.empty:
        return False
    print(
        f"{len(failed):,} of {len(snapshot.govcloud):,} accounts got no answer."
        " Run the same command again: only those are asked.",
        file=sys.stderr,
    )
    for row in failed.itertuples():
        print(f"{row.account_id}  {row.outcome}  {printable(str(row.detail))}", file=sys.stderr)
    return True


def _mismatches(options: argparse.Namespace) -> int:
    from toolkit.cli.terminal import print_table, records
    from toolkit.exports.workbook import save_csv
    from toolkit.schema import PAIRS, Verdict
    from toolkit.store import load_snapshot
    from toolkit.verdicts import judge_pairs, mismatches

    pairs = judge_pairs(load_snapshot(options.store, options.snapshot))
    chosen = pairs if options.all else mismatches(pairs)
    if options.format == "json":
        print(json.dumps(records(chosen), indent=2, ensure_ascii=False))
    elif options.format == "csv":
        save_csv(chosen, sys.stdout)
    else:
        print_table(chosen, PAIRS, _TABLE_COLUMNS)
    unknown = int((pairs["verdict"] == Verdict.UNKNOWN).sum())
    if unknown and not options.all:
        print(f"{unknown:,} more could not be judged: --all shows them and why.", file=sys.stderr)
    return _OK


def _report(options: argparse.Namespace) -> int:
    suffixes = (".pptx", ".xlsx", ".csv", ".html")
    suffix = options.out.suffix.lower()
    if suffix not in suffixes:
        raise InputError(
            f"{options.out.name} does not say what to write.", f"End it in {', '.join(suffixes)}."
        )
    if options.template and suffix != ".pptx":
        raise InputError("--template is for slides.", "Leave it out, or end --out in .pptx.")

    from toolkit.store import load_history, load_snapshot

    snapshot = load_snapshot(options.store, options.snapshot)
    if suffix == ".csv":
        from toolkit.exports.workbook import save_csv
        from toolkit.verdicts import judge_pairs

        save_csv(judge_pairs(snapshot), options.out)
    else:
        history = load_history(options.store, snapshot)
        if suffix == ".pptx":
            from toolkit.exports.deck import save_deck

            save_deck(snapshot, options.out, history=history, template=options.template)
        elif suffix == ".xlsx":
            from toolkit.exports.workbook import save_workbook

            save_workbook(snapshot, options.out, history=history)
        else:
            from toolkit.exports.page import save_page

            save_page(snapshot, options.out, history=history)
    print(options.out)
    return _OK


def _snapshots(options: argparse.Namespace) -> int:
    from toolkit.cli.terminal import print_table
    from toolkit.schema import SNAPSHOTS
    from toolkit.store import list_snapshots

    listed = list_snapshots(options.store)
    print_table(listed, SNAPSHOTS, SNAPSHOTS.names)
    return _OK


def _emulator(options: argparse.Namespace) -> int:
    from toolkit.emulator import Emulator

    stops: list[int] = []
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: stops.append(number))
    with Emulator(
        port=options.port,
        accounts=options.accounts,
        seed=options.seed,
        rate=options.rate,
        burst=options.burst,
        latency=options.latency,
        faults=options.faults,
    ) as emulator:
        print(emulator.url, flush=True)
        # Not one long wait: a signal that comes just before it begins would not end it.
        while not stops:
            time.sleep(_LOOK_FOR_STOP)
    return _OK
