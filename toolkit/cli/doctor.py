"""`doctor`: ask a dozen questions and tell what a collection would meet."""

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from toolkit.cli.arguments import INCOMPLETE, OK, WRONG, Commands

if TYPE_CHECKING:
    from toolkit.aws import Finding, Findings

_CODES: Final = {"FINE": OK, "LOOK": INCOMPLETE, "STOPS": WRONG}
_MARKS: Final = {"FINE": "fine", "LOOK": "look", "STOPS": "STOPS"}


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "doctor",
        help="ask what a collection would meet, and what to do",
        examples=("--profile audit", "--profile audit --redact"),
    )
    parser.add_argument(
        "--profile", metavar="P", help="AWS profile; the default credentials when not given"
    )
    parser.add_argument(
        "--govcloud-profile", metavar="P", help="a second profile, of the GovCloud organization"
    )
    parser.add_argument("--endpoint-url", metavar="U", help="ask this address instead of AWS")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people or for programs"
    )
    parser.add_argument(
        "--redact", action="store_true", help="without ids, names and addresses, to be passed on"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Ask, print what was found, and return 2 where something stops a collection, 1 for a look."""
    from toolkit.aws import Standing
    from toolkit.installation import versions
    from toolkit.text import printable, redacted

    findings, found = _examined(options)
    told = versions()
    if options.format == "json":
        text = json.dumps(_as_json(findings, found, told), indent=2, ensure_ascii=False)
    else:
        text = "\n".join(printable(line) for line in _as_lines(findings, found, told))
    names = [name for name in (options.profile, options.govcloud_profile) if name]
    print(redacted(text, names) if options.redact else text)
    worst = max((one.standing for one in found), key=list(Standing).index)
    return _CODES[worst]


def _examined(options: argparse.Namespace) -> "tuple[Findings, list[Finding]]":
    """Return what was found of the first login, and every finding of both."""
    from contextlib import ExitStack, closing

    from toolkit.aws import connect, examine, examine_govcloud

    url, second = options.endpoint_url, options.govcloud_profile
    with ExitStack() as closed:
        aws = closed.enter_context(closing(connect(options.profile, endpoint_url=url)))
        other = connect(second, endpoint_url=url) if second else None
        findings = examine(aws, now=lambda: datetime.now(UTC))
        found = list(findings.found)
        if other:
            found.append(examine_govcloud(closed.enter_context(closing(other))))
    return findings, found


def _as_json(
    findings: "Findings", found: "list[Finding]", versions: dict[str, str]
) -> dict[str, Any]:
    from dataclasses import asdict

    from toolkit.cli.terminal import records

    return {
        "versions": versions,
        "caller": asdict(findings.caller) if findings.caller else None,
        "arn": findings.arn,
        "endpoints": dict(findings.endpoints),
        "clock_ahead": findings.clock_ahead,
        "findings": [asdict(one) for one in found],
        "access": records(findings.access),
    }


def _as_lines(findings: "Findings", found: "list[Finding]", versions: dict[str, str]) -> list[str]:
    lines = [", ".join(f"{name} {version}" for name, version in versions.items()), ""]
    lines += [f"asks {service:14} at {url}" for service, url in findings.endpoints.items()]
    lines.append("")
    for one in found:
        lines.append(f"{_MARKS[one.standing]:6} {one.about}: {one.message}")
        if one.hint:
            lines.append(f"{'':6} {one.hint}")
    if not findings.access.empty:
        lines.append("")
        for row in findings.access.itertuples():
            lines.append(f"{str(row.allowed).lower():8} {row.permission}")
    return lines
