"""`collect`: fetch every account and keep a snapshot; of one organization, or of many at once."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
    from collections.abc import Mapping

    from toolkit.aws import Aws
    from toolkit.errors import ToolkitError
    from toolkit.store import Snapshot, Store

_NAMED: Final = 10  # accounts named of those with one and the same reason

_MANY: Final = """\
Several organizations are collected side by side, and one that fails stops no other. --profiles has
one profile a line, or is a CSV with a column profile and, where wanted, govcloud_profile and
role_arn. Exit codes: 0 all went well; 1 the same command again could complete something; 2 only
what is wrong is left: no credentials, no permission, no such profile.
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "collect",
        help="fetch every account and keep a snapshot",
        epilog=_MANY,
        examples=(
            "--profile audit",
            "--profile audit --govcloud-profile gov --store s3://bucket/pairs",
            "--profiles organizations.csv --quiet",
        ),
    )
    add_store(parser)
    parser.add_argument(
        "--profile",
        action="append",
        metavar="P",
        help="AWS profile, repeated for several at once; the default credentials when not given",
    )
    parser.add_argument(
        "--profiles", type=Path, metavar="FILE", help="a file of AWS profiles, all at once"
    )
    parser.add_argument(
        "--region",
        metavar="R",
        help="where sts is asked who you are; in the profile's when not given",
    )
    parser.add_argument("--endpoint-url", metavar="U", help="ask this address instead of AWS")
    parser.add_argument("--role-arn", metavar="A", help="assume this role first")
    parser.add_argument(
        "--role-name", metavar="R", help="list account links from each member through this role"
    )
    parser.add_argument(
        "--rate",
        type=positive,
        metavar="N",
        help="the known quota, in calls per second; found out when not given",
    )
    parser.add_argument(
        "--accounts",
        type=Path,
        metavar="FILE",
        help="ask only these ids, one a line or a CSV; all when not given",
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
        "--format",
        choices=("text", "json"),
        default="text",
        help="json prints the manifest, of several a list",
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing where all went well")
    parser.add_argument("--fresh", action="store_true", help="forget an unfinished run")
    parser.set_defaults(run=run)


class _Login(NamedTuple):
    """Who asks about an organization: a profile, and what the file of profiles says beside it."""

    profile: str | None
    govcloud_profile: str | None
    role_arn: str | None

    @property
    def name(self) -> str:
        """What it is called among several."""
        return f"{self.profile} as {self.role_arn}" if self.role_arn else str(self.profile)


def run(options: argparse.Namespace) -> int:
    """Collect each profile's organization, and say what came of it.

    That nothing could be asked leaves no journal: it is noted for `notify`.
    """
    from toolkit.fetch import CHARGE, read_account_ids
    from toolkit.runs.settings import chosen_sources

    logins = _logins(options)
    store = store_of(options, profile=logins[0].profile if len(logins) == 1 else None)
    is_witnessed = any(login.govcloud_profile for login in logins)
    if "spend" in chosen_sources(options.sources, with_witness=is_witnessed) and not options.quiet:
        print(CHARGE, file=sys.stderr)
    settings = {
        "rate": options.rate,
        "accounts": read_account_ids(options.accounts) if options.accounts else None,
        "link_regions": _regions(options.link_regions),
        "role_name": options.role_name,
        "sources": options.sources,
        "progress": None if options.quiet else "auto",
        "max_age": options.max_age,
        "fresh": options.fresh,
    }
    if len(logins) == 1 and not options.profiles:
        return _collect(logins[0], store, options, settings)
    return _collect_all(logins, store, options, settings)


def _logins(options: argparse.Namespace) -> list[_Login]:
    from toolkit.errors import InputError
    from toolkit.fetch.inputs import profiles_in

    given = profiles_in(options.profiles) if options.profiles else []
    named = options.profile or ([] if given else [None])
    second = options.govcloud_profile
    if second and (given or len(named) > 1):
        raise InputError(
            "One GovCloud organization cannot be the witness of several others.",
            "Name each one's own in a file: --profiles FILE with the columns profile and"
            " govcloud_profile.",
        )
    logins = [_Login(profile, second, options.role_arn) for profile in named]
    for row in given:
        role = row["role_arn"] or options.role_arn
        logins.append(_Login(row["profile"], row["govcloud_profile"] or None, role))
    names = [login.name for login in logins]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"'{twice}' is named twice.", "Each organization is collected once.")
    return logins


def _collect(
    login: _Login, store: "Store", options: argparse.Namespace, settings: dict[str, Any]
) -> int:
    from toolkit.errors import AwsError, CredentialsError
    from toolkit.runs import collect
    from toolkit.runs.stopped import forget_failed, note_failed

    try:
        aws, govcloud = _connect(login, options)
        snapshot = collect(aws, store, govcloud=govcloud, **settings)
    except (AwsError, CredentialsError):
        note_failed(store, datetime.now(UTC))
        raise
    forget_failed(store)
    if options.format == "json":
        _print_json(_manifest(snapshot))
    elif not options.quiet:
        _tell(snapshot)
    return _report_unseen(snapshot)


def _collect_all(
    logins: list[_Login], store: "Store", options: argparse.Namespace, settings: dict[str, Any]
) -> int:
    """Collect side by side; every profile ends with its summary, or with its one sentence."""
    from toolkit.errors import AwsError, CredentialsError, ToolkitError
    from toolkit.runs import collect_all
    from toolkit.runs.stopped import forget_failed, note_failed

    ended: dict[str, Snapshot | ToolkitError] = {}
    ways: dict[str, Aws] = {}
    witnesses: dict[str, Aws] = {}
    for login in logins:
        try:
            ways[login.name], witness = _connect(login, options)
        except ToolkitError as error:
            ended[login.name] = error
        else:
            witnesses |= {login.name: witness} if witness else {}
    ended |= collect_all(ways, store, govcloud=witnesses, **settings)
    ended = {login.name: ended[login.name] for login in logins}
    if any(isinstance(came, AwsError | CredentialsError) for came in ended.values()):
        note_failed(store, datetime.now(UTC))
    elif any(not isinstance(came, ToolkitError) for came in ended.values()):
        forget_failed(store)
    if options.format == "json":
        _print_json([_entry(login, ended[login.name]) for login in logins])
    return _tell_all(ended, is_quiet=options.quiet or options.format == "json")


def _tell_all(ended: "Mapping[str, Snapshot | ToolkitError]", *, is_quiet: bool) -> int:
    """Say what came of each, and return how the command ends.

    What another try could complete is worth that try, whatever else stays wrong.
    """
    from toolkit.errors import ToolkitError

    errors: dict[str, ToolkitError] = {}
    codes = []
    for name, came in ended.items():
        if isinstance(came, ToolkitError):
            errors[name] = came
            continue
        if not is_quiet:
            _tell(came, name)
        codes.append(_report_unseen(came, name))
    _tell_errors(errors)
    codes += map(_code, errors.values())
    well = codes.count(OK)
    if well < len(codes):
        print(f"{well:,} of {len(codes):,} collections ended well.", file=sys.stderr)
    return INCOMPLETE if INCOMPLETE in codes else max(codes)


def _connect(login: _Login, options: argparse.Namespace) -> "tuple[Aws, Aws | None]":
    from toolkit.aws import connect

    url, second = options.endpoint_url, login.govcloud_profile
    aws = connect(login.profile, options.region, url, login.role_arn)
    return aws, connect(profile=second, endpoint_url=url) if second else None


def _code(error: "ToolkitError") -> int:
    from toolkit.errors import CredentialsError, StoreBusyError

    # Credentials that AWS refused for one call are good for none where nothing was collected.
    mends_itself = error.retryable and not isinstance(error, CredentialsError)
    return INCOMPLETE if mends_itself or isinstance(error, StoreBusyError) else WRONG


def _tell_errors(errors: "Mapping[str, ToolkitError]") -> None:
    """Say what each ended with; what they have in common is said once."""
    names: dict[str, list[str]] = {}
    for name, error in errors.items():
        names.setdefault(str(error), []).append(name)
    for text, alike in names.items():
        print(_of(", ".join(alike), text), file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _manifest(snapshot: "Snapshot") -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(snapshot.manifest.to_json())
    return manifest


def _entry(login: _Login, came: "Snapshot | ToolkitError") -> dict[str, Any]:
    from toolkit.errors import ToolkitError

    whose = {"profile": login.profile} | ({"role_arn": login.role_arn} if login.role_arn else {})
    return whose | ({"error": str(came)} if isinstance(came, ToolkitError) else _manifest(came))


def _tell(snapshot: "Snapshot", name: str = "") -> None:
    from toolkit.runs import summary
    from toolkit.titles import times_in_words

    print(_of(name, summary(snapshot)))
    if mixed := times_in_words(*snapshot.answered):
        print(f"It mixes times: {mixed}")


def _of(name: str, text: str) -> str:
    """Return what is said, with whose it is where there are several."""
    from toolkit.text import printable

    return f"{printable(name)}: {text}" if name else text


def _regions(text: str) -> str | list[str]:
    if text in ("all", "none"):
        return text
    return [region.strip() for region in text.split(",") if region.strip()]


def _report_unseen(snapshot: "Snapshot", name: str = "") -> int:
    """Say what was not seen and why, and return how the command ends.

    What was answered to every account alike is said once. Of the rest, those are named that another
    try may still see.
    """
    from toolkit.schema import MENDABLE_OUTCOMES, SEEN_OUTCOMES, Outcome
    from toolkit.text import printable

    source = snapshot.manifest.sources["govcloud"]
    failed = snapshot.govcloud[snapshot.govcloud["outcome"].isin(list(MENDABLE_OUTCOMES))]
    if source["outcome"] not in (*SEEN_OUTCOMES, *MENDABLE_OUTCOMES, Outcome.NOT_QUERYABLE):
        print(_of(name, printable(source["detail"])), file=sys.stderr)
        return WRONG
    if failed.empty:
        return OK
    unanswered = f"{len(failed):,} of {len(snapshot.govcloud):,} accounts got no answer."
    again = "Run the same command again: only those are asked."
    print(_of(name, f"{unanswered} {again}"), file=sys.stderr)
    for (outcome, detail), rows in failed.groupby(["outcome", "detail"], observed=True):
        ids = rows["account_id"].tolist()
        more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
        print(
            f"{', '.join(ids[:_NAMED])}{more}  {outcome}  {printable(str(detail))}", file=sys.stderr
        )
    return INCOMPLETE
