"""`fleet`: show every organization of a store in a row, the worst first."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from toolkit.cli.arguments import (
    INCOMPLETE,
    OK,
    Commands,
    add_format,
    add_policy,
    add_store,
    policy_of,
    store_of,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from toolkit.fleet import Fleet

_DASK: Final = "dask:"
_PATIENCE: Final = 5.0
"""Seconds after which a scheduler that has not answered is none."""

_ENDS: Final = """\
exit codes:
  0  every organization is in the table
  1  one is not, as none of its snapshots can be read
  2  a wrong call, or a store or policy that cannot be read
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "fleet",
        help="show every organization of a store, worst first",
        epilog=_ENDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_store(parser)
    parser.add_argument(
        "--engine",
        type=_engine,
        default="",
        metavar="local|dask:ADDRESS",
        help="what does the work: this machine, or the Dask scheduler at that address",
    )
    add_policy(parser)
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge the newest snapshot of each organization, and print FLEET."""
    from toolkit.cli.terminal import print_as
    from toolkit.fleet import overview
    from toolkit.schema import FLEET

    store, policy = store_of(options), policy_of(options)
    with _executor(options.engine) as executor:
        found = overview(store, policy, executor=executor)
    print_as(options.format, found.table, FLEET, FLEET.names)
    if options.format == "table" and len(found.table) > 1:
        print(_totals(found.table))
    for organization in found.left_out:
        print(f"{organization} is not in it: none of its snapshots can be read.", file=sys.stderr)
    return INCOMPLETE if found.left_out else OK


def _engine(text: str) -> str:
    """Return the address of the Dask scheduler that was named, "" for this machine."""
    if text == "local":
        return ""
    address = text.removeprefix(_DASK)
    if address == text or not address:
        raise argparse.ArgumentTypeError(f"{text} is neither local nor dask:ADDRESS")
    return address


@contextmanager
def _executor(address: str) -> Iterator["Executor | None"]:
    """Give the executor of a Dask scheduler, or none where there is no address."""
    if not address:
        yield None
        return
    raise NotImplementedError


def _totals(table: "pd.DataFrame") -> str:
    """Say in a line what all organizations come to."""
    from toolkit.titles import counted

    raise NotImplementedError
