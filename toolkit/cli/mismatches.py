"""`mismatches`: show the pairs that disagree, worst first."""

import argparse
import json
import sys
from typing import Final

from toolkit.cli.arguments import OK, Commands, add_policy, add_snapshot, add_store, policy_of

_COLUMNS: Final = (
    "account_id",
    "name",
    "ou_path",
    "standard_state",
    "govcloud_state",
    "verdict",
    "severity",
    "meaning",
)


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("mismatches", help="show the pairs that disagree, worst first")
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--all", action="store_true", help="every account, not only mismatches")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge a snapshot and print its pairs."""
    from toolkit.cli.terminal import print_table, records
    from toolkit.exports.csv_file import save_csv
    from toolkit.schema import PAIRS, Verdict
    from toolkit.store import load_snapshot
    from toolkit.verdicts import mismatches

    policy = policy_of(options)
    pairs = policy.judge(load_snapshot(options.store, options.snapshot)).pairs
    chosen = pairs if options.all else mismatches(pairs)
    if options.format == "json":
        print(json.dumps(records(chosen), indent=2, ensure_ascii=False))
    elif options.format == "csv":
        save_csv(chosen, sys.stdout)
    else:
        print_table(chosen, PAIRS, _COLUMNS)
    unknown = int((pairs["verdict"] == Verdict.UNKNOWN).sum())
    if unknown and not options.all:
        print(f"{unknown:,} more could not be judged: --all shows them and why.", file=sys.stderr)
    return OK
