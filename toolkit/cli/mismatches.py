"""`mismatches`: show the pairs that disagree, worst first."""

import argparse
import sys
from dataclasses import replace
from typing import Final

from toolkit.cli.arguments import (
    OK,
    Commands,
    add_format,
    add_policy,
    add_snapshot,
    add_store,
    add_tags,
    policy_of,
)

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
    add_tags(parser)
    add_format(parser)
    parser.add_argument("--all", action="store_true", help="every account, not only mismatches")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge a snapshot and print its pairs."""
    from toolkit.cli.terminal import print_as
    from toolkit.exports import Report
    from toolkit.schema import PAIRS, own_column, own_columns
    from toolkit.store import load_snapshot

    snapshot = load_snapshot(options.store, options.snapshot)
    content = Report.of(snapshot, policy=policy_of(options), tags=options.tags)
    chosen = content.tagged(content.pairs if options.all else content.mismatches)
    own = own_columns(PAIRS, chosen)
    columns = (*PAIRS.columns, *(own_column(name, chosen[name]) for name in own))
    shown = replace(PAIRS, columns=columns)
    print_as(options.format, chosen, shown, (*_COLUMNS, *own))
    for remark in content.remarks:
        print(remark, file=sys.stderr)
    unknown = content.figures.unknown
    if unknown and not options.all:
        print(f"{unknown:,} more could not be judged: --all shows them and why.", file=sys.stderr)
    return OK
