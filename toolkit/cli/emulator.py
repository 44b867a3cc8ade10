"""`emulator`: answer as AWS would, for a made-up company, until told to stop."""

import argparse
import signal
import time
from datetime import UTC, datetime
from typing import Final

from toolkit.cli.arguments import OK, Commands, positive

_HOW: Final = """\
It answers until Ctrl-C. In another terminal, first
  export AWS_ENDPOINT_URL={url}
  export AWS_ACCESS_KEY_ID=management
  export AWS_SECRET_ACCESS_KEY=any
or in PowerShell
  $env:AWS_ENDPOINT_URL = "{url}"
  $env:AWS_ACCESS_KEY_ID = "management"
  $env:AWS_SECRET_ACCESS_KEY = "any"
and then: {collect}
"""
"""How to ask it; the first line that is printed is its address alone, for programs."""

_LOOK_FOR_STOP: Final = 0.1  # seconds between two looks whether it was told to stop


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "emulator",
        help="answer as AWS would, for a made-up company",
        examples=("", "--port 4566 --accounts 1000 --rate 20 --faults 0.02"),
    )
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="where; a free one when not given"
    )
    parser.add_argument("--accounts", type=int, default=300, metavar="N", help="how many there are")
    parser.add_argument(
        "--seed", type=int, default=7, metavar="N", help="another number is another company"
    )
    parser.add_argument(
        "--rate", type=positive, metavar="N", help="calls a second; no limit when not given"
    )
    parser.add_argument(
        "--burst", type=positive, metavar="N", help="calls at once; the rate when not given"
    )
    parser.add_argument(
        "--latency",
        type=float,
        default=0.0,
        metavar="S",
        help="seconds that each call takes; none when not given",
    )
    parser.add_argument(
        "--faults",
        type=float,
        default=0.0,
        metavar="P",
        help="share of calls that fail, 0 to 1; none when not given",
    )
    parser.set_defaults(run=run, program=parser.prog)


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
        command = options.program.replace(" emulator", " collect")
        print(
            f"{emulator.url}\n{_HOW.format(url=emulator.url, collect=command)}", end="", flush=True
        )
        # Not one long wait: a signal that comes just before it begins would not end it.
        while not stops:
            time.sleep(_LOOK_FOR_STOP)
    return OK
