"""`report`: write slides, a workbook, a CSV or a page."""

import argparse
import sys
from pathlib import Path
from typing import Final

from toolkit.cli.arguments import (
    OK,
    Commands,
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

_NOBODY: Final = (
    "No owner of a mismatch is known: name owners with --owners, in the policy, or by the tag"
    " 'owner'."
)


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "report",
        help="write slides, a workbook, a CSV or a page",
        examples=(
            "--out states.pptx",
            "--out urgent.xlsx --severity critical,high --ou Workloads",
            "--out states.html --owners owners.csv --by-owner owners",
        ),
    )
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    add_owners(parser)
    add_tags(parser)
    add_selection(parser)
    parser.add_argument(
        "--note", default="", metavar="TEXT", help="a line of your own where the file begins"
    )
    parser.add_argument(
        "--contacts",
        action="store_true",
        help="name whom to call for the accounts that disagree: names, e-mails, phone numbers",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the ending says what: .pptx, .xlsx, .csv, .html",
    )
    parser.add_argument(
        "--by-owner",
        type=Path,
        metavar="DIR",
        help="beside it, one such file for each owner, and one for what nobody answers for",
    )
    parser.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="your own .pptx or .potx: its master, fonts and colours are used, its slides are not",
    )
    parser.add_argument(
        "--excel",
        action="store_true",
        help="a .csv that Excel opens without harm: ids as 1234-5678-9012, times it knows",
    )
    add_quiet(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge a snapshot with its history, write it, by owner where asked for, and print where."""
    from toolkit.exports import Report, format_of, save_by_owner, save_report

    chosen = {"template": options.template, "excel": options.excel}
    format_of(options.out, **chosen)  # a wrong call is said before anything
    snapshot = snapshot_of(options)
    content = Report.of(
        snapshot, policy=policy_of(options), tags=options.tags, contacts=options.contacts
    )
    content = content.narrowed(options.severity, options.ou).commented(options.note)
    if content.note:
        print(f"{content.note}.", file=sys.stderr)
    for remark in content.remarks:
        print(remark, file=sys.stderr)
    print(save_report(content, options.out, **chosen))
    if options.by_owner is not None:
        if not content.names_owners:
            print(_NOBODY, file=sys.stderr)
        suffix = options.out.suffix
        for path in save_by_owner(content, options.by_owner, suffix, **chosen):
            print(path)
    return OK
