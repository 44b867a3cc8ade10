"""What several commands take: the store, a snapshot, a policy, numbers; and how each can end."""

import argparse
import re
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.schema import Severity
    from toolkit.store import Snapshot, Store
    from toolkit.verdicts import Policy

OK: Final = 0
INCOMPLETE: Final = 1
"""Another try could complete it."""
WRONG: Final = 2
"""A wrong call, no credentials, or nothing that may be asked."""

Commands: TypeAlias = Any
"""What argparse gives to add commands to; it has no public name there."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help that names each default, and folds paragraphs to the terminal, but not lists."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        parts = text.strip("\n").split("\n\n")
        folded = [one if "\n  " in one else textwrap.fill(one, width) for one in parts]
        return textwrap.indent("\n\n".join(folded), indent)

    def _get_help_string(self, action: argparse.Action) -> str:
        said = str(action.help)
        is_said = action.default in (None, False, "", (), argparse.SUPPRESS) or "when not" in said
        return said if is_said else f"{said}; %(default)s when not given"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, and whose help ends with examples."""

    def __init__(self, *, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **settings})
        if examples:
            lines = "\n".join(f"  {self.prog} {one}".rstrip() for one in examples)
            self.epilog = "\n\n".join(filter(None, [self.epilog, f"examples:\n{lines}"]))

    def error(self, message: str) -> NoReturn:
        """Print the error with a way on, and exit as a wrong call."""
        print(f"{message[:1].upper()}{message[1:]}. Try: {self.prog} --help", file=sys.stderr)
        raise SystemExit(WRONG)


SNAPSHOTS: Final = "snapshots"
"""The folder that is a command's store where none is named."""


def add_store(parser: argparse.ArgumentParser, *, default: str | None = SNAPSHOTS) -> None:
    """Let a command name its store."""
    parser.add_argument(
        "--store",
        default=default,
        metavar="S",
        help="where the snapshots are, a folder or s3://bucket/prefix"
        + ("" if default else f"; {SNAPSHOTS} when not given"),
    )
    add_bucket(parser)


def add_bucket(parser: argparse.ArgumentParser) -> None:
    """Let a command say who reads and writes a bucket, and how that is encrypted."""
    parser.add_argument(
        "--store-profile", metavar="P", help="AWS profile of the bucket, where it has its own"
    )
    parser.add_argument(
        "--store-kms-key", metavar="KEY", help="KMS key that what is written there is encrypted by"
    )


def store_of(options: argparse.Namespace, *, profile: str | None = None) -> "Store":
    """Return the store that was named; `profile` is a bucket's where none was named for it."""
    from toolkit.store import Store

    return Store(
        options.store or SNAPSHOTS,
        profile=options.store_profile or profile,
        kms_key=options.store_kms_key,
    )


def add_snapshot(parser: argparse.ArgumentParser) -> None:
    """Let a command name one snapshot, or whose newest one it takes."""
    parser.add_argument(
        "--snapshot",
        metavar="ID",
        help="as the command snapshots lists them; the newest when not given",
    )
    parser.add_argument(
        "--organization", metavar="ID", help="only the snapshots of this one; any when not given"
    )


def snapshot_of(options: argparse.Namespace) -> "Snapshot":
    """Return the snapshot that was named, or the newest.

    Says on stderr whose it is where there are several organizations and nobody chose.
    """
    store = store_of(options)
    snapshot = store.load(options.snapshot, organization=options.organization)
    if options.snapshot is None and options.organization is None:
        count = len(store.organizations())
        if count > 1:
            print(
                f"This is {snapshot.manifest.organization_id}, whose snapshot is the newest of"
                f" {count:,} organizations: choose another one with --organization.",
                file=sys.stderr,
            )
    return snapshot


def add_format(parser: argparse.ArgumentParser) -> None:
    """Let a command print its rows for people or for other programs."""
    parser.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="rows for people, or all columns for other programs",
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Let a command say nothing beside its result; what ends it is said all the same."""
    parser.add_argument(
        "--quiet", dest="silent", action="store_true", help="no remarks, only the result"
    )


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Let a command name what is judged by."""
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="rules, acceptances and owners (TOML), as policy new writes a file of them; this"
        " toolkit's own rules when not given",
    )


def add_owners(parser: argparse.ArgumentParser) -> None:
    """Let a command name who answers for what."""
    parser.add_argument(
        "--owners",
        type=Path,
        metavar="FILE",
        help="who answers for what (CSV: owner, and account_id or ou_path), over the policy's own",
    )


def add_tags(parser: argparse.ArgumentParser) -> None:
    """Let a command name tags."""
    parser.add_argument(
        "--tags",
        type=keys,
        default=(),
        metavar="KEY,KEY",
        help="tags of the accounts that stand beside them, one column a key",
    )


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Let a command name what it is on: of which severities, in which organizational unit."""
    parser.add_argument(
        "--severity",
        type=severities,
        default=(),
        metavar="S,S",
        help="only what has one of these: critical, high, medium, low",
    )
    parser.add_argument(
        "--ou",
        default="",
        metavar="PATH",
        help="only this organizational unit and what is below it, such as 'Workloads/Production'",
    )


def policy_of(options: argparse.Namespace) -> "Policy":
    """Return the policy that was named, or this toolkit's own, with the owners that were named."""
    from toolkit.verdicts import Policy, load_owners, load_policy

    policy = load_policy(options.policy) if options.policy else Policy()
    owners = getattr(options, "owners", None)
    return policy.owned_by(load_owners(owners)) if owners else policy


def keys(text: str) -> tuple[str, ...]:
    """Read the keys of tags, as AWS writes them, commas between them."""
    found = tuple(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' names no tag")
    return found


def severity(text: str) -> "Severity":
    """Read how grave something is."""
    from toolkit.schema import Severity

    try:
        return Severity(text.strip().upper())
    except ValueError:
        known = ", ".join(one.lower() for one in Severity)
        raise argparse.ArgumentTypeError(f"{text.strip()} is none of {known}") from None


def severities(text: str) -> "tuple[Severity, ...]":
    """Read several of them, commas between them."""
    found = tuple(dict.fromkeys(severity(one) for one in text.split(",") if one.strip()))
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' names no severity")
    return found


def positive(text: str) -> float:
    """Read a number above zero."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return number


def age(text: str) -> "pd.Timedelta":
    """Read an age such as 12h or 7d."""
    import pandas as pd

    try:
        # pandas wants days as D soon, and everything else in lower case.
        length = pd.Timedelta(re.sub("d$", "D", text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not an age such as 12h or 7d") from None
    if not length > pd.Timedelta(0):
        raise argparse.ArgumentTypeError(f"{text} is not an age such as 12h or 7d")
    return length
