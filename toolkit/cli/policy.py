"""`policy`: write a policy file, say what one changes, and accept what disagrees today."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.cli.arguments import OK, Commands, Parser, add_snapshot, add_store, snapshot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from toolkit.store import Snapshot
    from toolkit.verdicts import Judged
    from toolkit.verdicts.policy_file.edit import Entry


def add(commands: Commands) -> None:
    """Declare the command and what it can do."""
    parser = commands.add_parser("policy", help="write, check and fill a file of own rules")
    actions = parser.add_subparsers(required=True, metavar="ACTION", parser_class=Parser)
    new = actions.add_parser(
        "new",
        help="write a file with our rules as comments, to be changed",
        examples=("policy.toml",),
    )
    check = actions.add_parser(
        "check",
        help="say what a file changes, and what it accepts",
        examples=("policy.toml", "policy.toml --store s3://bucket/pairs"),
    )
    baseline = actions.add_parser(
        "baseline",
        help="accept what disagrees today, until a day",
        examples=("policy.toml --until 2027-03-31 --owner finops --reason 'known before us'",),
    )
    for action, run in ((new, run_new), (check, run_check), (baseline, run_baseline)):
        action.add_argument("file", type=Path, metavar="FILE", help="the policy file (TOML)")
        action.set_defaults(run=run)
    add_store(check, default=None)
    add_store(baseline)
    for action in (check, baseline):
        add_snapshot(action)
    baseline.add_argument(
        "--until", type=_day, required=True, metavar="DATE", help="the day on which it counts again"
    )
    baseline.add_argument("--owner", required=True, metavar="WHO", help="who answers for it")
    baseline.add_argument("--reason", required=True, metavar="TEXT", help="why it is accepted")


def run_new(options: argparse.Namespace) -> int:
    """Write a new policy file, and print where."""
    from toolkit.verdicts.policy_file.new import new_policy

    print(new_policy(options.file))
    return OK


def run_check(options: argparse.Namespace) -> int:
    """Print what a policy file changes, and what each of its acceptances matches."""
    from toolkit import titles
    from toolkit.verdicts import load_policy
    from toolkit.verdicts.policy_file.accepted import ACCEPTED
    from toolkit.verdicts.policy_file.lines import statements
    from toolkit.verdicts.policy_file.reading import text_of

    policy = load_policy(options.file)
    for sentence in titles.policy_in_words(policy):
        print(sentence)
    snapshot = _snapshot(options)
    if snapshot is not None and len(policy.acceptances):
        text = text_of(options.file.read_bytes(), policy.name)
        lines = {
            one.entry: one.begin + 1 for one in reversed(statements(text)) if one.kind == ACCEPTED
        }
        print(f"As of the snapshot of {titles.day(snapshot.taken)}:")
        for entry in policy.judge(snapshot).acceptances.to_dict("records"):
            line = lines.get(entry["entry"], lines.get(0))
            print(titles.entry_in_words(entry, f"The acceptance on line {line}"))
    return OK


def run_baseline(options: argparse.Namespace) -> int:
    """Accept whatever disagrees in a snapshot, in a policy file, and print how much that is."""
    import pandas as pd

    from toolkit import titles
    from toolkit.schema import GOVCLOUD_STATES
    from toolkit.verdicts import Policy, load_policy
    from toolkit.verdicts.policy_file.edit import append

    policy = load_policy(options.file) if options.file.exists() else Policy()
    judged = policy.judge(snapshot_of(options))
    pairs, left = _open(judged)
    known = left["govcloud_state"].isin([str(state) for state in GOVCLOUD_STATES])
    unknown = int((~known | left["standard_state"].isna()).sum())
    left = left[known & left["standard_state"].notna()]
    if len(pairs) or len(left):
        entries = _entries(pd.concat([pairs, left]), options)
        append(options.file, entries, today=None, make=True)
        of = [titles.counted(len(pairs), "mismatch", "mismatches")] if len(pairs) else []
        if len(left):
            of.append(f"{titles.number(len(left))} that {_were(len(left))} left behind")
        print(
            f"{options.file} accepts {titles.counted(len(pairs) + len(left), 'account')} more, in"
            f" {titles.counted(len(entries), 'entry', 'entries')}, until {options.until}:"
            f" {', and '.join(of)}."
        )
    else:
        print("There is nothing to accept: no pair disagrees that is not accepted already.")
    if unknown:
        print(
            f"{titles.number(unknown)} more {_were(unknown)} left behind in a state that nobody"
            " knows: that is never accepted."
        )
    return OK


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _open(judged: "Judged") -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return the pairs that disagree, and what was left behind, where nobody has accepted it."""
    from toolkit.analysis import is_open

    columns = ["account_id", "name", "standard_state", "govcloud_state", "severity"]
    left = judged.left_behind
    pairs = judged.pairs[is_open(judged.pairs)]
    return pairs[columns], left[left["accepted_until"].isna()][columns]


def _entries(rows: "pd.DataFrame", options: argparse.Namespace) -> "Sequence[Entry]":
    """Return an entry for each two states in which something disagrees, the gravest first."""
    from toolkit.verdicts.policy_file.edit import Entry

    entries = []
    states = ["standard_state", "govcloud_state"]
    ordered = rows.sort_values(["severity", *states], kind="stable")
    for (standard, govcloud), of in ordered.groupby(states, sort=False, observed=True):
        ids = [str(account) for account in of["account_id"]]
        names = dict(zip(ids, of["name"].fillna(""), strict=True))
        why = options.reason, options.owner, options.until
        entries.append(Entry(ids, str(standard), str(govcloud), *why, names=names))
    return entries


def _snapshot(options: argparse.Namespace) -> "Snapshot | None":
    """Return the snapshot that was named, or the newest; None where there is none by itself."""
    from toolkit.errors import SnapshotNotFoundError

    try:
        return snapshot_of(options)
    except SnapshotNotFoundError:
        if options.store or options.snapshot or options.organization:
            raise
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day such as 2027-03-31") from None
