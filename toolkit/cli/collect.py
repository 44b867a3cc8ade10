"""`collect`: fetch every account and keep a snapshot."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from toolkit.cli.arguments import (
    INCOMPLETE,
    OK,
    WRONG,
    Commands,
    add_store,
    age,
    positive,
    store_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.store import Snapshot, Store

_NAMED: Final = 10  # accounts named of those with one and the same reason


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("collect", help="fetch every account and keep a snapshot")
    add_store(parser)
    parser.add_argument(
        "--profile", action="append", metavar="P", help="AWS profile; repeat for several at once"
    )
    parser.add_argument(
        "--region", metavar="R", help="where sts is asked who you are, else in the profile's Region"
    )
    parser.add_argument("--endpoint-url", metavar="U", help="ask this address instead of AWS")
    parser.add_argument("--role-arn", metavar="A", help="assume this role first")
    parser.add_argument(
        "--role-name", metavar="R", help="list account links from each member through this role"
    )
    parser.add_argument(
        "--rate", type=positive, metavar="N", help="the known quota, in calls per second"
    )
    parser.add_argument(
        "--accounts", type=Path, metavar="FILE", help="ask only these ids: one a line, or a CSV"
    )
    parser.add_argument(
        "--link-regions", default="all", metavar="R,R|all|none", help="where to look for links"
    )
    parser.add_argument(
        "--max-age", type=age, metavar="AGE", help="use earlier answers younger than this: 12h, 7d"
    )
    parser.add_argument(
        "--govcloud-profile",
        metavar="P",
        help="a second AWS profile, whose GovCloud organization's own list is asked, too",
    )
    parser.add_argument(
        "--sources",
        metavar="LIST|all|none",
        help="what to ask beside the pairs: links,witness,created,closures,tags (the default),"
        " spend (AWS charges $0.01 a request), contacts",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="json prints the manifest"
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing where all went well")
    parser.add_argument("--fresh", action="store_true", help="forget an unfinished run")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Collect each profile's organization, and say what came of it.

    That nothing could be asked leaves no journal: it is noted for `notify`.
    """
    from toolkit.errors import AwsError, CredentialsError
    from toolkit.runs.stopped import forget_failed, note_failed

    profiles = options.profile or [None]
    store = store_of(options, profile=profiles[0] if len(profiles) == 1 else None)
    try:
        code = _collect(options, store)
    except (AwsError, CredentialsError):
        note_failed(store, datetime.now(UTC))
        raise
    forget_failed(store)
    return code


def _collect(options: argparse.Namespace, store: "Store") -> int:
    from toolkit.aws import connect
    from toolkit.errors import InputError
    from toolkit.fetch import CHARGE, read_account_ids
    from toolkit.runs import collect_all
    from toolkit.runs.settings import chosen_sources

    second = options.govcloud_profile
    profiles = options.profile or [None]
    if second and len(profiles) > 1:
        raise InputError(
            "One GovCloud organization cannot be the witness of several others.",
            "Name one --profile with --govcloud-profile, and collect the others without.",
        )
    asked = chosen_sources(options.sources, with_witness=second is not None)
    if "spend" in asked and not options.quiet:
        print(CHARGE, file=sys.stderr)
    accounts = read_account_ids(options.accounts) if options.accounts else None
    connections = [
        connect(
            profile=profile,
            region=options.region,
            endpoint_url=options.endpoint_url,
            role_arn=options.role_arn,
        )
        for profile in profiles
    ]
    govcloud = connect(profile=second, endpoint_url=options.endpoint_url) if second else None
    snapshots = collect_all(
        connections,
        store,
        rate=options.rate,
        accounts=accounts,
        link_regions=_regions(options.link_regions),
        role_name=options.role_name,
        govcloud=govcloud,
        sources=asked,
        progress=None if options.quiet else "auto",
        max_age=options.max_age,
        fresh=options.fresh,
    )
    if options.format == "json":
        manifests = [json.loads(snapshot.manifest.to_json()) for snapshot in snapshots]
        whole = manifests if len(manifests) > 1 else manifests[0]
        print(json.dumps(whole, indent=2, ensure_ascii=False))
    elif not options.quiet:
        _tell(snapshots)
    return max(_report_unseen(snapshot) for snapshot in snapshots)


def _tell(snapshots: "Sequence[Snapshot]") -> None:
    from toolkit.runs import summary
    from toolkit.titles import times_in_words

    for snapshot in snapshots:
        print(summary(snapshot))
        if mixed := times_in_words(*snapshot.answered):
            print(f"It mixes times: {mixed}")


def _regions(text: str) -> str | list[str]:
    if text in ("all", "none"):
        return text
    return [region.strip() for region in text.split(",") if region.strip()]


def _report_unseen(snapshot: "Snapshot") -> int:
    """Say what was not seen and why, and return how the command ends.

    What was answered to every account alike is said once. Of the rest, those are named that another
    try may still see.
    """
    from toolkit.schema import MENDABLE_OUTCOMES, SEEN_OUTCOMES, Outcome
    from toolkit.text import printable

    source = snapshot.manifest.sources["govcloud"]
    failed = snapshot.govcloud[snapshot.govcloud["outcome"].isin(list(MENDABLE_OUTCOMES))]
    if source["outcome"] not in (*SEEN_OUTCOMES, *MENDABLE_OUTCOMES, Outcome.NOT_QUERYABLE):
        print(printable(source["detail"]), file=sys.stderr)
        return WRONG
    if failed.empty:
        return OK
    print(
        f"{len(failed):,} of {len(snapshot.govcloud):,} accounts got no answer."
        " Run the same command again: only those are asked.",
        file=sys.stderr,
    )
    for (outcome, detail), rows in failed.groupby(["outcome", "detail"], observed=True):
        ids = rows["account_id"].tolist()
        more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
        print(
            f"{', '.join(ids[:_NAMED])}{more}  {outcome}  {printable(str(detail))}", file=sys.stderr
        )
    return INCOMPLETE
