"""`check`: end with 3 where something is as grave as --fail-on and nobody has accepted it."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Final

from toolkit.cli.arguments import (
    INCOMPLETE,
    OK,
    Commands,
    add_policy,
    add_snapshot,
    add_store,
    age,
    policy_of,
    store_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.alerts import Checked
    from toolkit.schema import Severity
    from toolkit.store import Snapshot
    from toolkit.verdicts import Judged

FOUND: Final = 3
"""There is something that --fail-on names."""

_COLUMNS: Final = (
    *("kind", "severity", "account_id", "name", "ou_path", "govcloud_account_id"),
    *("standard_state", "govcloud_state", "since", "owner"),
)
_ENDS: Final = """\
exit codes:
  0  nothing that --fail-on names
  1  the snapshot is older than --max-age: collect again, then check
  2  a wrong call, or a store or policy that cannot be read
  3  at least one finding that --fail-on names and nobody has accepted, or an account that could
     not be judged
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "check",
        help="fail where something is grave and not accepted, for a pipeline",
        epilog=_ENDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_store(parser)
    add_snapshot(parser)
    add_policy(parser)
    parser.add_argument(
        "--fail-on",
        type=_severity,
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
    parser.add_argument("--format", choices=("table", "json", "ocsf"), default="table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge a snapshot, print what counts, and say on stderr what it comes to."""
    import pandas as pd

    from toolkit.alerts import Checked, title_checked

    policy = policy_of(options)
    snapshot = store_of(options).load(options.snapshot)
    store = snapshot.store
    judged = policy.judge(snapshot, lambda: store.history(snapshot, most=1) if store else ())
    checked = Checked.of(
        judged,
        options.fail_on,
        new_only=options.new_only,
        allows_unknown=options.allow_unknown,
    )
    _print(options.format, checked, snapshot)
    print(title_checked(checked, judged), file=sys.stderr)
    for remark in _remarks(judged, whole=options.snapshot is not None):
        print(remark, file=sys.stderr)
    old = pd.Timestamp.now(tz="UTC") - snapshot.taken
    if options.max_age is not None and old > options.max_age:
        print(
            f"The snapshot is {_length(old)} old, more than {_length(options.max_age)}:"
            " collect again, then check.",
            file=sys.stderr,
        )
        return INCOMPLETE
    return OK if checked.failing.empty else FOUND


def _severity(text: str) -> "Severity":
    """Read how grave something is."""
    from toolkit.schema import Severity

    try:
        return Severity(text.upper())
    except ValueError:
        known = ", ".join(one.lower() for one in Severity)
        raise argparse.ArgumentTypeError(f"{text} is none of {known}") from None


def _print(form: str, checked: "Checked", snapshot: "Snapshot") -> None:
    from toolkit.alerts import events
    from toolkit.cli.terminal import print_as
    from toolkit.schema import FINDINGS
    from toolkit.text import printable

    if form == "ocsf":
        found = events(checked.shown, checked.added, snapshot)
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    failing = checked.failing
    unowned = failing["owner"].isna().all()
    columns = [name for name in _COLUMNS if name != "owner" or not unowned]
    print_as(form, failing, FINDINGS, columns)
    if form == "table":
        # Many findings say the same, which has no room beside them: each is said once.
        said = failing["meaning"] + " " + failing["action"]
        for sentences, count in said.value_counts(sort=False).items():
            print(printable(f"{count:,} × {sentences}"))


def _remarks(judged: "Judged", *, whole: bool) -> list[str]:
    """Return what else one has to know: what was not looked at, and what the policy says in vain.

    `whole` says that a snapshot was named: then nobody expects another organization.
    """
    from toolkit.titles import stale_in_words, unseen_in_words

    snapshot, said = judged.snapshot, []
    manifest, store = snapshot.manifest, snapshot.store
    if not manifest.is_whole_organization:
        said.append("It is not of a whole organization: what was left behind is not in it.")
    said.append(unseen_in_words(snapshot, "witness"))
    said += stale_in_words(judged.acceptances)
    known = {one.rpartition("/")[0] for one in store.ids()} if store and not whole else set()
    if others := sorted(known - {manifest.organization_id}):
        said.append(
            f"Only {manifest.organization_id} was checked, and not {', '.join(others)}: name a"
            " snapshot of it with --snapshot."
        )
    return [one for one in said if one]


def _length(length: "pd.Timedelta") -> str:
    """Say a length of time in days, or in hours where it is less than two days."""
    from toolkit.titles import counted

    hours = int(length.total_seconds() // 3600)
    if hours < 1:
        return "less than 1 hour"
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")  # noqa: PLR2004 - two days
