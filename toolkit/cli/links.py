"""`links`: show the WorkSpaces account links that are worth a look, worst first."""

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
    *("severity", "link_id", "link_status", "region"),
    *("source_account_id", "source_state", "target_account_id", "target_state"),
)
_SPARE: Final = ("source_state", "target_state", "region")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "links",
        help="show the account links that are worth a look",
        examples=("", "--all --format json"),
    )
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    add_format(parser)
    parser.add_argument("--all", action="store_true", help="every link, not only those")
    add_quiet(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge the links of a snapshot, print them, and say on stderr what they come to."""
    from toolkit.cli.terminal import print_as
    from toolkit.schema import JUDGED_LINKS
    from toolkit.titles import title_link_status, unseen_in_words

    snapshot = snapshot_of(options)
    links = policy_of(options).judge(snapshot).links
    links = links.sort_values(["severity", "region", "link_id"], kind="stable", ignore_index=True)
    chosen = links if options.all else links[links["severity"].notna()]
    print_as(options.format, chosen, JUDGED_LINKS, _COLUMNS, _SPARE)
    if links.empty and snapshot.manifest.why_no_links:
        said = [unseen_in_words(snapshot, "links")]
    else:
        said = [f"{title_link_status(links)}."]
    if left := len(links) - len(chosen):
        said.append(
            f"{left:,} {'link is' if left == 1 else 'links are'} not shown: --all shows all."
        )
    print(" ".join(said), file=sys.stderr)
    return OK
