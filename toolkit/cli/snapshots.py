"""`snapshots`: list the snapshots of a store, newest first."""

import argparse

from toolkit.cli.arguments import OK, Commands, add_store, store_of


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("snapshots", help="list the snapshots, newest first")
    add_store(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the SNAPSHOTS table of a store."""
    from toolkit.cli.terminal import print_table
    from toolkit.schema import SNAPSHOTS

    print_table(store_of(options).snapshots(), SNAPSHOTS, SNAPSHOTS.names)
    return OK
