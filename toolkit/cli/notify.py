"""`notify`: tell addresses what is news since each was told last."""

import argparse
import sys
from typing import TYPE_CHECKING, Final

from toolkit.cli.arguments import (
    INCOMPLETE,
    OK,
    Commands,
    add_policy,
    add_store,
    policy_of,
    positive,
    store_of,
)

if TYPE_CHECKING:
    from toolkit.alerts import Notice, Standing, Told

_ENDS: Final = """\
addresses:
  https://host/path       a webhook: JSON by POST, with text, organization, snapshot, figures, news
  slack://… mailtos://…   any address of apprise: pip install 'account-pairs[notify]'

exit codes:
  0  every address has been told, or there was nothing new to tell it
  1  an address was not told, or that it was could not be remembered: the next run tells it again
  2  a wrong call, an address that is none, or a store or policy that cannot be read
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "notify",
        help="tell addresses what is news since they were told last",
        epilog=_ENDS,
        examples=(
            "--to https://hooks.example.com/pairs --dry-run",
            "--to slack://token/channel --policy policy.toml",
        ),
    )
    add_store(parser)
    add_policy(parser)
    parser.add_argument(
        "--to",
        nargs="+",
        action="extend",
        required=True,
        metavar="URL",
        help="whom to tell: a webhook, or an address of apprise",
    )
    parser.add_argument(
        "--timeout",
        type=positive,
        default=10.0,
        metavar="SECONDS",
        help="how long to wait for an answer; 10 when not given",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print the messages; send and remember nothing"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Tell each address of each organization in the store, and remember that it was told."""
    from toolkit.alerts import NotToldError, Patience, Standing, send, way_to
    from toolkit.errors import StoreError
    from toolkit.runs.stopped import failed_run, stopped_runs
    from toolkit.store import keys

    policy, store = policy_of(options), store_of(options)
    patience = Patience(options.timeout)
    addresses = list(dict.fromkeys(options.to))
    # A wrong address ends it before anybody is told anything.
    ways = {} if options.dry_run else {one: way_to(one, patience) for one in addresses}
    organizations = {keys.organization(one) for one in store.ids()} | set(store.unfinished())
    if not organizations:
        store.find()  # which says what to do about that
    stopped, failed = stopped_runs(store), failed_run(store)
    code = OK
    for organization in sorted(organizations):
        standing = Standing.of(store, organization, policy, stopped, failed)
        for place, address in enumerate(addresses, 1):
            called = _called(address, place, len(addresses))
            told = _told(standing, address, called)
            notice = standing.notice(told)
            try:
                if notice.message is None:
                    print(f"{called}: nothing new of {organization}.")
                elif options.dry_run:
                    print(f"{called}:\n{notice.message.text}\n")
                else:
                    send(ways[address], called, notice.message, patience)
                    print(f"{called}: told of {organization}: {notice.message.headline}.")
            except NotToldError as error:
                print(error, file=sys.stderr)
                code = INCOMPLETE
                continue
            try:
                if not options.dry_run:
                    _remember(standing, address, notice, told)
            except StoreError as error:
                print(f"{called} will be told the same again: {error}", file=sys.stderr)
                code = INCOMPLETE
    return code


def _called(address: str, place: int, of: int) -> str:
    """Return what an address is called here: what may be secret in it is left out."""
    from toolkit.alerts import shown

    return shown(address) if of == 1 else f"{place}. {shown(address)}"


def _told(standing: "Standing", address: str, called: str) -> "Told | None":
    """Return what an address was told last; None where nothing was, or nobody knows."""
    from toolkit.alerts import Told, name_of
    from toolkit.errors import StoreError

    try:
        kept = standing.store.recall(standing.organization, name_of(address))
        return None if kept is None else Told.read(kept)
    except (StoreError, ValueError) as error:
        print(
            f"{called} is told how all stands, since what it was told is not known: {error}",
            file=sys.stderr,
        )
        return None


def _remember(standing: "Standing", address: str, notice: "Notice", told: "Told | None") -> None:
    from toolkit.alerts import name_of

    new = notice.told.written() if notice.told else b""
    if new and (told is None or new != told.written()):
        standing.store.remember(standing.organization, name_of(address), new)
