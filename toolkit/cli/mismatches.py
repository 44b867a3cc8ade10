"""`mismatches`: show the pairs that disagree, worst first."""

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from toolkit.cli.arguments import (
    OK,
    Commands,
    add_format,
    add_owners,
    add_policy,
    add_quiet,
    add_selection,
    add_snapshot,
    add_store,
    add_tags,
    policy_of,
    snapshot_of,
)

if TYPE_CHECKING:
    from toolkit.exports import Report

_COLUMNS: Final = (
    *("severity", "account_id", "name", "ou_path", "govcloud_account_id"),
    *("standard_state", "govcloud_state", "since"),
)
_SPARE: Final = (
    *("email", "ou_path", "accepted_by", "owner", "govcloud_account_id"),
    *("verdict", "accepted_until"),
)
_ACCEPTED: Final = ("accepted_until", "accepted_by")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "mismatches",
        help="show the pairs that disagree, worst first",
        examples=("", "--severity critical,high --ou Workloads", "--all --format csv"),
    )
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    add_owners(parser)
    add_tags(parser)
    add_selection(parser)
    add_format(parser)
    parser.add_argument("--all", action="store_true", help="every account, not only mismatches")
    add_quiet(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge a snapshot and print its pairs."""
    from toolkit.cli.terminal import print_as
    from toolkit.exports import Report
    from toolkit.schema import PAIRS, own_column, own_columns

    snapshot = snapshot_of(options)
    content = Report.of(snapshot, policy=policy_of(options), tags=options.tags)
    content = content.narrowed(options.severity, options.ou)
    chosen = content.tagged(content.pairs if options.all else content.mismatches)
    own = own_columns(PAIRS, chosen)
    columns = (*PAIRS.columns, *(own_column(name, chosen[name]) for name in own))
    marks = [
        *(["owner"] if chosen["owner"].notna().any() else []),
        *(_ACCEPTED if chosen["accepted_by"].notna().any() else []),
    ]
    shown = replace(PAIRS, columns=columns)
    verdict = ["verdict"] if options.all else []
    spare = (*own[::-1], *_SPARE)
    print_as(options.format, chosen, shown, (*verdict, *_COLUMNS, *marks, *own), spare)
    if content.note:
        print(f"{content.note}.", file=sys.stderr)
    for remark in (*content.remarks, *_beside(content)):
        print(remark, file=sys.stderr)
    unknown = content.figures.unknown
    if unknown and not options.all:
        print(f"{unknown:,} more could not be judged: --all shows them and why.", file=sys.stderr)
    return OK


def _beside(content: "Report") -> list[str]:
    """Say, a sentence each, what was accepted, what was left behind, and which entries are idle."""
    from toolkit import titles

    figures, snapshot = content.figures, content.snapshot
    said = []
    if not content.note and (figures.accepted or figures.left_behind):
        said.append(f"{titles.title_mismatches(content.pairs, content.left_behind)}.")
    entries = content.judged.acceptances
    if not snapshot.manifest.is_whole_organization:
        # Of accounts that nobody asked about, it is not known whether they disagree.
        entries = entries[entries["ended"]]
    return [*said, *titles.stale_in_words(entries)]
