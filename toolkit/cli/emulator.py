"""`emulator`: answer as AWS would, for a made-up company, until told to stop."""

import argparse
import signal
import time
from datetime import UTC, datetime
from typing import Final

from toolkit.cli.arguments import OK, Commands, positive

_LOOK_FOR_STOP: Final = 0.1  # seconds between two looks whether it was told to stop


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("emulator", help="answer as AWS would, for a made-up company")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="a free one by default")
    parser.add_argument("--accounts", type=int, default=300, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--rate", type=positive, metavar="N", help="calls per second granted")
    parser.add_argument("--burst", type=positive, metavar="N", help="calls granted at once")
    parser.add_argument("--latency", type=float, default=0.0, metavar="S", help="in seconds")
    parser.add_argument(
        "--faults", type=float, default=0.0, metavar="P", help="share of failing calls, 0 to 1"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the address and answer there, until a signal comes."""
    from toolkit.emulator import Emulator, Switches, make_organization, told_on

    stops: list[int] = []
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):  # the last is Ctrl-Break, on Windows alone
        if stop := getattr(signal, name, None):
            signal.signal(stop, lambda number, _: stops.append(number))
    # Whoever asks means the 90 days and the months before their own day.
    today = datetime.now(UTC).date()
    organization = told_on(make_organization(options.accounts, options.seed), today)
    switches = Switches(
        rate=options.rate, burst=options.burst, latency=options.latency, faults=options.faults
    )
    with Emulator(organization, switches, port=options.port) as emulator:
        print(emulator.url, flush=True)
        # Not one long wait: a signal that comes just before it begins would not end it.
        while not stops:
            time.sleep(_LOOK_FOR_STOP)
    return OK
