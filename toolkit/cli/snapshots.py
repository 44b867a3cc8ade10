"""`snapshots`: list the snapshots of a store, newest first, or remove those that no rule keeps."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from toolkit.cli.arguments import INCOMPLETE, OK, Commands, add_store, store_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.store import Store

_PRUNING: Final = """\
What --prune keeps is said in steps: all, daily, weekly, monthly or yearly, each for so many days,
weeks or years (30d, 12w, 1y), the last one for ever: all:30d,weekly:1y,monthly. Of each week, month
or year the newest snapshot stays, and never the newest of an organization goes. Ages are counted
from that one, so that nothing goes where none are taken any more. Snapshots of chosen accounts are
counted by themselves, and what cannot be read is left alone. What is known of removed snapshots is
known no longer: trends have fewer days, and what began in a week is known since that week's end.
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "snapshots",
        help="list the snapshots, newest first, or prune them",
        epilog=_PRUNING,
        examples=("", "--prune default", "--prune all:30d,monthly --yes"),
    )
    add_store(parser)
    parser.add_argument("--organization", metavar="ID", help="only the snapshots of this one")
    parser.add_argument(
        "--prune",
        metavar="RULE",
        help="show what the rule would not keep: default, which is all:30d,weekly:1y,monthly, or"
        " another one",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="with --prune: only show what would go")
    how.add_argument("--yes", action="store_true", help="with --prune: remove it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the SNAPSHOTS table of a store, or prune it."""
    from toolkit.cli.tables import print_table
    from toolkit.errors import InputError
    from toolkit.schema import SNAPSHOTS

    if options.prune is not None:
        return _prune(options)
    if options.yes or options.dry_run:
        raise InputError(
            "Nothing says what is to be kept.", "Name a rule: --prune default, or see --help."
        )
    table = store_of(options).snapshots(options.organization)
    # An id has the organization in it.
    columns = [name for name in SNAPSHOTS.names if name != "organization_id"]
    print_table(table, SNAPSHOTS, columns, spare=("taken", "links"))
    return OK


def _prune(options: argparse.Namespace) -> int:
    """Show what a rule does not keep; with --yes remove it.

    Nothing that was only shown is a failure: that ends with 0, too.
    """
    import pandas as pd

    from toolkit.store.keeping import Rule
    from toolkit.store.listing import warn

    rule = Rule.read(options.prune)
    store = store_of(options)
    listing = store.listing(options.organization)
    warn(listing.left_out.values())
    unkept = rule.unkept(listing.manifests, pd.Timestamp(datetime.now(UTC)))
    whole = len(listing.manifests) + len(listing.left_out)
    staying = f"{whole - len(unkept):,} {'stays' if whole - len(unkept) == 1 else 'stay'}"
    if listing.left_out:
        staying += f", of which {len(listing.left_out):,} cannot be read"
    if options.yes:
        return _remove(store, list(unkept), staying)
    _show(unkept)
    print(f"{len(unkept):,} of {whole:,} snapshots would go, {staying}.")
    if unkept and not options.dry_run:
        print("Nothing was removed. To remove them, say the same with --yes.")
    return OK


def _show(unkept: "Mapping[str, str]") -> None:
    for snapshot_id, why in unkept.items():
        print(f"{snapshot_id}  {why}")


def _remove(store: "Store", unkept: list[str], staying: str) -> int:
    """Remove snapshots, the oldest first; what ends that before its end is told with what is left.

    The one that could not be removed may have lost its manifest, which goes first: then no reader
    meets it any more.
    """
    from toolkit.errors import StoreError

    for done, snapshot_id in enumerate(unkept):
        try:
            store.remove(snapshot_id)
        except StoreError as error:
            rest = len(unkept) - done - 1
            more = f", and neither {_were(rest)} {rest:,} more" if rest else ""
            print(
                f"{done:,} of {len(unkept):,} snapshots {_were(done)} removed."
                f" {snapshot_id} was not, or not wholly{more}: {error}",
                file=sys.stderr,
            )
            return INCOMPLETE
    noun = "snapshot" if len(unkept) == 1 else "snapshots"
    print(f"{len(unkept):,} {noun} {_were(len(unkept))} removed, {staying}.")
    return OK


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
