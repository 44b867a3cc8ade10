"""`check`: end with 3 where something is as grave as --fail-on and nobody has accepted it."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from toolkit.cli.arguments import (
    INCOMPLETE,
    OK,
    WRONG,
    Commands,
    add_policy,
    add_quiet,
    add_snapshot,
    add_store,
    age,
    policy_of,
    severity,
    snapshot_of,
    store_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.store import Snapshot, Store
    from toolkit.verdicts import Judged, Policy

FOUND: Final = 3
"""There is something that --fail-on names."""

_COLUMNS: Final = (
    *("severity", "kind", "account_id", "name", "ou_path", "govcloud_account_id"),
    *("standard_state", "govcloud_state", "since", "owner"),
)
_SPARE: Final = ("ou_path", "owner", "govcloud_account_id", "standard_state")
_ENDS: Final = """\
Without --snapshot every organization of the store is checked, each by its newest snapshot of all
accounts; one that cannot be judged stops no other. Of their exit codes 2 comes before 1 before 3.

exit codes:
  0  nothing that --fail-on names
  1  a snapshot is older than --max-age: collect again, then check
  2  a wrong call, or a store or policy that cannot be read
  3  at least one finding that --fail-on names and nobody has accepted, or an
     account that could not be judged
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "check",
        help="fail where something is grave and not accepted, for a pipeline",
        epilog=_ENDS,
        examples=("--fail-on critical --max-age 7d", "--new-only --policy policy.toml"),
    )
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    parser.add_argument(
        "--fail-on",
        type=severity,
        default="high",
        metavar="SEVERITY",
        help="critical, high, medium or low, and whatever is graver; high when not given",
    )
    parser.add_argument(
        "--new-only",
        action="store_true",
        help="count only what the snapshot before did not have, or had milder",
    )
    parser.add_argument(
        "--max-age", type=age, metavar="AGE", help="end with 1 if the snapshot is older: 12h, 7d"
    )
    parser.add_argument(
        "--allow-unknown", action="store_true", help="let accounts pass that could not be judged"
    )
    parser.add_argument(
        "--format",
        choices=("table", "json", "ocsf"),
        default="table",
        help="rows for people, or findings for other programs",
    )
    add_quiet(parser)
    parser.set_defaults(run=run)


@dataclass(frozen=True, eq=False)
class _Look:
    """What was found in one organization, how that ends, and what is said of it.

    `old` says that its snapshot is too old. Where it could not be judged, nothing was found.
    """

    code: int
    said: Sequence[str]
    old: Sequence[str] = ()
    failing: "pd.DataFrame | None" = None
    events: Sequence[Mapping[str, Any]] = ()
    acceptances: "pd.DataFrame | None" = None
    is_whole: bool = False


def run(options: argparse.Namespace) -> int:
    """Judge a snapshot of each organization, print what counts, and say what it comes to."""
    from toolkit.alerts import newest, title_all

    policy, store = policy_of(options), store_of(options)
    known = store.organizations() if options.snapshot is None else []
    is_one_of_several = len(known) > 1 and options.organization is not None
    if len(known) > 1 and not is_one_of_several:
        looks = {one: _tried(options, policy, store, one) for one in known}
    else:
        found = newest(store, options.organization) if is_one_of_several else snapshot_of(options)
        looks = {"": _looked_at(options, policy, found)}
    _print(options.format, looks)
    said = {name: look.said for name, look in looks.items()}
    old = {name: look.old for name, look in looks.items()}
    lines = [*_lines(said), *_stale(looks, is_part=is_one_of_several), *_lines(old)]
    if len(looks) > 1:
        lines.append(title_all([name for name, look in looks.items() if look.code], len(looks)))
    for line in lines:
        print(line, file=sys.stderr)
    codes = {look.code for look in looks.values()}
    return next((code for code in (WRONG, INCOMPLETE, FOUND) if code in codes), OK)


def _tried(
    options: argparse.Namespace, policy: "Policy", store: "Store", organization: str
) -> _Look:
    """Look at one of several organizations: that it cannot be judged stops no other."""
    from toolkit.alerts import newest
    from toolkit.errors import SchemaError, StoreError, StoreUnreachableError

    try:
        return _looked_at(options, policy, newest(store, organization))
    except StoreUnreachableError:
        raise  # nor can the others
    except (StoreError, SchemaError) as error:
        return _Look(WRONG, [str(error)])


def _looked_at(options: argparse.Namespace, policy: "Policy", snapshot: "Snapshot") -> _Look:
    """Judge a snapshot with the one before it."""
    import pandas as pd

    from toolkit.alerts import Checked, events, title_checked

    store = snapshot.store
    judged = policy.judge(snapshot, lambda: store.history(snapshot, most=1) if store else ())
    checked = Checked.of(
        judged,
        options.fail_on,
        new_only=options.new_only,
        allows_unknown=options.allow_unknown,
    )
    since, old = pd.Timestamp.now(tz="UTC") - snapshot.taken, []
    if options.max_age is not None and since > options.max_age:
        old.append(
            f"The snapshot is {_length(since)} old, more than {_length(options.max_age)}:"
            " collect again, then check."
        )
    is_ocsf = options.format == "ocsf"
    return _Look(
        code=INCOMPLETE if old else OK if checked.failing.empty else FOUND,
        said=[title_checked(checked, judged), *_remarks(judged)],
        old=old,
        failing=checked.failing,
        events=events(checked.shown, checked.added, snapshot) if is_ocsf else (),
        acceptances=judged.acceptances,
        is_whole=snapshot.manifest.is_whole_organization,
    )


def _print(form: str, looks: Mapping[str, _Look]) -> None:
    """Print what counts: for people each organization by itself, for programs all together."""
    import pandas as pd

    from toolkit import schema
    from toolkit.alerts import in_order
    from toolkit.cli.terminal import print_as
    from toolkit.schema import FINDINGS

    if form == "ocsf":
        found = [event for look in looks.values() for event in look.events]
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    tables = {name: look.failing for name, look in looks.items() if look.failing is not None}
    if form == "json":
        together = pd.concat([schema.empty(FINDINGS), *tables.values()], ignore_index=True)
        print_as(form, in_order(together), FINDINGS, _COLUMNS)
        return
    for name, failing in tables.items():
        if not name:
            _print_table(failing)
        elif len(failing):
            print(f"{name}:")
            _print_table(failing)
            print()


def _print_table(failing: "pd.DataFrame") -> None:
    from toolkit.cli.terminal import print_as
    from toolkit.schema import FINDINGS

    unowned = failing["owner"].isna().all()
    columns = [name for name in _COLUMNS if name != "owner" or not unowned]
    print_as("table", failing, FINDINGS, columns, _SPARE)


def _lines(said: Mapping[str, Sequence[str]]) -> list[str]:
    """Return sentences, each with the organization that it is of where there are several."""
    return [f"{name}: {one}" if name else one for name, of in said.items() for one in of]


def _remarks(judged: "Judged") -> list[str]:
    """Return what was not looked at."""
    from toolkit.titles import unseen_in_words

    snapshot, said = judged.snapshot, []
    if not snapshot.manifest.is_whole_organization:
        said.append("It is not of a whole organization: what was left behind is not in it.")
    if unseen := unseen_in_words(snapshot, "witness"):
        said.append(unseen)
    return said


def _stale(looks: Mapping[str, _Look], *, is_part: bool) -> list[str]:
    """Return what the policy says in vain.

    Where something was not looked at, nobody knows of an acceptance that it matches nothing.
    """
    from toolkit.alerts import acceptances_of_all
    from toolkit.titles import stale_in_words

    entries = [look.acceptances for look in looks.values() if look.acceptances is not None]
    if not entries:
        return []
    is_part |= len(looks) > 1 and not all(look.is_whole for look in looks.values())
    found = acceptances_of_all(entries)
    return stale_in_words(found[found["ended"]] if is_part else found)


def _length(length: "pd.Timedelta") -> str:
    """Say a length of time in days, or in hours where it is less than two days."""
    from toolkit.titles import counted

    hours = int(length.total_seconds() // 3600)
    if hours < 1:
        return "less than 1 hour"
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")  # noqa: PLR2004 - two days
