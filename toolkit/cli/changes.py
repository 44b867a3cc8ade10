"""`changes`: show what happened to which account since an earlier snapshot."""

import argparse
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from toolkit.cli.arguments import (
    OK,
    Commands,
    add_format,
    add_policy,
    add_quiet,
    add_snapshot,
    add_store,
    age,
    policy_of,
    snapshot_of,
    store_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.store import Snapshot, Store

_COLUMNS: Final = (
    *("change", "severity", "account_id", "name", "ou_path", "govcloud_account_id"),
    *("standard_state", "govcloud_state"),
)
_SPARE: Final = ("ou_path", "govcloud_account_id", "standard_state")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "changes",
        help="show what changed since an earlier snapshot",
        examples=("", "--since 7d", "--since 2026-09-30 --format csv"),
    )
    add_store(parser)
    add_snapshot(parser)
    parser.add_argument(
        "--since",
        type=_since,
        metavar="ID|AGE|DATE",
        help="compare with this snapshot, or with the newest that is so old: 7d, 2026-09-30",
    )
    add_policy(parser)
    add_format(parser)
    add_quiet(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge both snapshots by the same rules, print what changed, and say what it comes to."""
    from toolkit import titles
    from toolkit.cli.terminal import print_as
    from toolkit.exports import Report
    from toolkit.schema import CHANGES, PAIRS

    snapshot = snapshot_of(options)
    before = _before(snapshot, store_of(options), options.since)
    changes = Report.of(snapshot, history=[before], policy=policy_of(options)).changes
    if options.format == "table":
        moved = ("standard_state", "govcloud_state")
        columns = (*CHANGES.columns, PAIRS["severity"], *(PAIRS[name] for name in moved))
        shown = changes.assign(
            severity=changes["severity_after"].fillna(changes["severity_before"]),
            **{name: _moved(changes, name) for name in moved},
        )
        print_as(options.format, shown, replace(CHANGES, columns=columns), _COLUMNS, _SPARE)
    else:
        print_as(options.format, changes, CHANGES, ())
    between = f"{titles.day(before.taken)} to {titles.day(snapshot.taken)}"
    print(f"{titles.title_changes(changes)}, from {between}.", file=sys.stderr)
    return OK


def _moved(changes: "pd.DataFrame", side: str) -> "pd.Series":
    """Return both states of a side as one text, or the one that stayed."""
    was, now = (changes[f"{side}_{when}"].fillna("–") for when in ("before", "after"))
    return was.where(was == now, was + " → " + now)


def _since(text: str) -> "str | pd.Timedelta | date":
    """Read what to compare with: an id as it is, an age, or a day."""
    if "/" in text:
        return text
    with suppress(ValueError):
        return date.fromisoformat(text)
    try:
        return age(text)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(
            f"{text} is neither the id of a snapshot nor an age such as 7d nor a day such as"
            " 2026-09-30"
        ) from None


def _before(snapshot: "Snapshot", store: "Store", since: Any) -> "Snapshot":
    """Return the earlier snapshot that one is compared with.

    Raises InputError where there is none, or where the one that was named is not earlier.
    """
    import pandas as pd

    from toolkit.errors import InputError
    from toolkit.titles import day

    if isinstance(since, str):
        named = store.load(since)
        if named.taken >= snapshot.taken:
            raise InputError(
                f"{named.id} is not earlier than {snapshot.id}.",
                "Name an earlier one with --since, or a later one with --snapshot.",
            )
        return named
    earlier = store.listing(snapshot.manifest.organization_id).earlier(snapshot.manifest)
    if not earlier:
        raise InputError(
            "There is no earlier snapshot of the whole organization to compare with.",
            "Collect again another day, or name one: --since ID.",
        )
    latest = snapshot.taken
    if isinstance(since, pd.Timedelta):
        latest -= since
    elif since is not None:  # to the end of that day
        latest = pd.Timestamp(since, tz="UTC") + pd.Timedelta(days=1)
    old = [one for one in earlier if one.taken <= latest]
    if not old:
        print(f"None is so old: the first is of {day(earlier[0].taken)}.", file=sys.stderr)
    return store.load((old[-1] if old else earlier[0]).snapshot_id)
