"""`reconcile`: show what both organizations say of each GovCloud account, worst first."""

import argparse
import sys
from typing import Final

from toolkit.cli.arguments import (
    OK,
    Commands,
    add_format,
    add_policy,
    add_quiet,
    add_snapshot,
    add_store,
    policy_of,
    snapshot_of,
)

_COLUMNS: Final = (
    *("severity", "govcloud_account_id", "account_id", "finding"),
    *("state_by_pair", "state_by_witness"),
)


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "reconcile",
        help="show where the GovCloud organization's own list tells another story",
        examples=("", "--all --format csv"),
    )
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    add_format(parser)
    parser.add_argument(
        "--all", action="store_true", help="every GovCloud account, not only what is to be done"
    )
    add_quiet(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Reconcile a snapshot, print what has to be done, and say on stderr what it comes to."""
    from toolkit.cli.terminal import print_as
    from toolkit.schema import RECONCILED
    from toolkit.titles import title_reconciled, unseen_in_words

    policy = policy_of(options)
    snapshot = snapshot_of(options)
    reconciled = policy.judge(snapshot).reconciled
    chosen = reconciled if options.all else reconciled[reconciled["severity"].notna()]
    print_as(options.format, chosen, RECONCILED, _COLUMNS)
    why = unseen_in_words(snapshot, "witness")
    said = [f"{title_reconciled(reconciled, seen=not why, why=why)}."]
    said += [unseen_in_words(snapshot, "created")]
    if left := len(reconciled) - len(chosen):
        said.append(f"{left:,} {'row is' if left == 1 else 'rows are'} not shown: --all shows all.")
    print(" ".join(filter(None, said)), file=sys.stderr)
    return OK
