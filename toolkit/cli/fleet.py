"""`fleet`: show every organization of a store in a row, the worst first."""

import argparse
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from toolkit.cli.arguments import (
    INCOMPLETE,
    OK,
    SNAPSHOTS,
    Commands,
    add_format,
    add_policy,
    add_store,
    policy_of,
    store_of,
)
from toolkit.errors import InputError, MissingToolError, ToolkitError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

_SPARE: Final = ("snapshots", "low", "medium", "accepted", "paired", "unknown", "taken")
_DASK: Final = "dask:"
_PROTOCOLS: Final = ("tcp", "tls", "ws", "wss")
_SHOWN: Final = 200
"""How much is shown of what a worker says."""
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
        examples=("--store s3://bucket/pairs", "--format csv"),
    )
    add_store(parser)
    parser.add_argument(
        "--engine",
        type=_engine,
        default="local",
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
    from toolkit.store.place import absolute

    policy = policy_of(options)
    if options.engine:
        options.store = absolute(options.store or SNAPSHOTS)  # workers began somewhere else
    store = store_of(options)
    with _executor(options.engine) as executor:
        found = overview(store, policy, executor=executor)
    print_as(options.format, found.table, FLEET, FLEET.names, _SPARE)
    if options.format == "table" and len(found.table) > 1:
        print(_totals(found.table))
    for organization in found.left_out:
        print(f"{organization} is not in it: nothing of it can be read.", file=sys.stderr)
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
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingToolError(
            "Dask is not installed.", "Install it: pip install 'account-pairs[dask]'"
        ) from error
    connect: Any = Client
    with (
        _answering(address),
        connect(address, timeout=_PATIENCE, set_as_default=False) as client,
        _working(address),
    ):
        # Another look at the same store is another task: it may have changed meanwhile.
        yield client.get_executor(pure=False)


@contextmanager
def _answering(address: str) -> Iterator[None]:
    """Say in one sentence that no scheduler answers there."""
    from toolkit.text import printable

    host, port = _host_and_port(address)
    refused = InputError(
        f"No Dask scheduler answers at {printable(address)}.",
        "Start one with dask scheduler, and name the address that it prints.",
    )
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except OSError as error:
        raise refused from error
    try:
        yield
    except OSError as error:
        raise refused from error


@contextmanager
def _working(address: str) -> Iterator[None]:
    """Say in one sentence that the workers could not do it; what they said of a store stays."""
    from toolkit.text import printable

    try:
        yield
    except ToolkitError:
        raise
    except Exception as error:
        why = printable(str(error) or type(error).__name__)[:_SHOWN]
        raise ToolkitError(
            f"The Dask workers at {printable(address)} could not do it: {why.rstrip('. ')}.",
            "Every worker needs the same versions of account-pairs, Python and Dask as this one.",
        ) from error


def _host_and_port(address: str) -> tuple[str, int]:
    """Return where a Dask scheduler listens; raises InputError where that cannot be."""
    from toolkit.text import printable

    with suppress(ValueError):
        found = urlsplit(address if "://" in address else f"tcp://{address}")
        if found.hostname and found.port and found.scheme in _PROTOCOLS and not found.path:
            return found.hostname, found.port
    raise InputError(
        f"'{printable(address)}' is no address of a Dask scheduler.",
        "Name it as the scheduler prints it: --engine dask:tcp://HOST:8786.",
    )


def _totals(table: "pd.DataFrame") -> str:
    """Say in a line what all organizations come to."""
    from toolkit.schema import FLEET_SEVERITIES
    from toolkit.titles.words import counted, number

    sums = table.select_dtypes("int64").sum()
    by_severity = ", ".join(f"{number(sums[word])} {word}" for word in FLEET_SEVERITIES)
    return (
        f"{counted(len(table), 'organization')}: {counted(sums['accounts'], 'account')},"
        f" {number(sums['paired'])} paired, {counted(sums['mismatches'], 'mismatch', 'mismatches')}"
        f" ({by_severity}), {number(sums['accepted'])} accepted,"
        f" {number(sums['left_behind'])} left behind, {number(sums['unknown'])} unknown."
    )
