"""What stands in the way of a collection, found by asking: for `doctor` and for the app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import pandas as pd

from toolkit import schema
from toolkit.aws import operations as ops
from toolkit.aws.access import (
    SAYS_SO,
    SEES_OTHERS,
    ask_each,
    organization_checks,
)
from toolkit.aws.clients import HOME
from toolkit.aws.fips import is_fips
from toolkit.aws.operations import Aws, Caller
from toolkit.aws.partitions import COMMERCIAL, PARTITIONS, partition_of
from toolkit.errors import AwsError, ToolkitError
from toolkit.schema import Access, CallerKind

SEES: Final[Mapping[str, str]] = {
    CallerKind.MANAGEMENT: "every account",
    CallerKind.DELEGATED: "every account, and every pair but the management account's",
    CallerKind.MEMBER: "its own pair only",
    CallerKind.STANDALONE: "its own pair only",
}
"""What each kind of caller gets to see."""

WHY_ALONE: Final[Mapping[str, tuple[str, str]]] = {
    CallerKind.MEMBER: (
        "This account alone can be asked: it is a member account, or may not list the others.",
        "Ask as the management account, or as a delegated administrator for Account Management.",
    ),
    CallerKind.STANDALONE: (
        "This account alone can be asked: it is in no organization.",
        "Ask with a profile of an organization's management account to see its accounts.",
    ),
}
"""Why a caller of such a kind sees no other account, and what to do about it."""

_WITHOUT: Final = {
    ops.DESCRIBE_ORGANIZATION: "The organization is recognized by its account list.",
    ops.LIST_SERVICE_ACCESS: "Whether trusted access is on shows in the look-ups alone.",
    ops.LIST_ACCOUNTS: "Only the caller's own account can be collected.",
    ops.DESCRIBE_UNIT: "Organizational units are shown by their ids.",
    ops.GET_GOVCLOUD: "No pair can be judged: every account stays unknown.",
    ops.GET_ACCOUNT_INFORMATION: "Nothing is lost where the account list may be read.",
    ops.LIST_CREATIONS: "What was created as a pair is not compared with what is one.",
    ops.LOOKUP_EVENTS: "When an account was closed is known from snapshots alone.",
    ops.GET_RESOURCES: "Accounts have no tags.",
    ops.GET_CONTACT: "Nobody is named to call about an account.",
    ops.LIST_LINKS: "Links are asked for account by account, which takes longer.",
    ops.GET_LINK: "Nothing is lost where links may be listed.",
}
"""What a collection goes without where an operation may not be asked."""

_OF_ORGANIZATION: Final = (
    ops.DESCRIBE_ORGANIZATION,
    ops.LIST_SERVICE_ACCESS,
    ops.DESCRIBE_UNIT,
    ops.LIST_CREATIONS,
)
_EXPLAINED: Final = {
    CallerKind.MEMBER: tuple(map(str, _OF_ORGANIZATION)),
    CallerKind.STANDALONE: tuple(map(str, (*_OF_ORGANIZATION, ops.LIST_ACCOUNTS))),
}
"""What such a caller is not answered, for no other reason than what it is."""

_ASKED_AT: Final = (ops.GET_CALLER_IDENTITY, ops.LIST_ACCOUNTS, ops.GET_GOVCLOUD, ops.LIST_LINKS)
_CLOCK_MATTERS: Final = 60.0
_CLOCK_REFUSED: Final = 300.0
"""Seconds by which AWS lets a request's time differ from its own."""


class Standing(StrEnum):
    """How well one thing stands: it is fine, deserves a look, or stops a collection."""

    FINE = "FINE"
    LOOK = "LOOK"
    STOPS = "STOPS"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what, how it stands, and what to do about it."""

    about: str
    standing: Standing
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Findings:
    """What was found out about one login.

    `access` is the ACCESS table, one row per AWS operation, empty where that was not reached;
    `endpoints` the address at which each service is asked, and `error` what ended the asking.
    """

    found: tuple[Finding, ...]
    arn: str | None = None
    caller: Caller | None = None
    access: pd.DataFrame = field(default_factory=lambda: schema.coerce(schema.ACCESS, []))
    endpoints: Mapping[str, str] = field(default_factory=dict)
    clock_ahead: float | None = None
    error: ToolkitError | None = None

    @property
    def worst(self) -> Standing:
        """How the worst of it stands."""
        order = list(Standing)
        return max((one.standing for one in self.found), key=order.index, default=Standing.FINE)


def examine(aws: Aws, *, region: str = HOME, now: Callable[[], datetime] | None = None) -> Findings:
    """Ask, about a dozen calls none of which writes, and tell what a collection would meet.

    `region` is where WorkSpaces is asked; with `now`, this machine's time of day, its clock is
    compared with AWS's. Raises nothing that the toolkit knows: what goes wrong is a finding.
    """
    found: list[Finding] = []
    endpoints: dict[str, str] = {}
    arn = caller = ahead = None
    access = schema.coerce(schema.ACCESS, [])
    error: ToolkitError | None = None
    try:
        endpoints = _endpoints(aws, region)
        found += _about_endpoints(aws, endpoints)
        try:
            arn = str(aws.identity()["Arn"])
        finally:
            if now is not None and aws.answered_at is not None:
                ahead = (now() - aws.answered_at).total_seconds()
                found.append(_about_clock(ahead))
        found.append(Finding("Credentials", Standing.FINE, f"They are those of {arn}."))
        caller = aws.caller()
        found.append(Finding("Partition", Standing.FINE, f"{PARTITIONS[COMMERCIAL]}."))
        found.append(_about_caller(caller))
        found += _about_organization(aws, caller)
        access = ask_each(aws, caller, region)
        found += _about_access(access, caller)
    except ToolkitError as stopped:
        error = stopped
        known = arn is not None
        about = "Credentials" if not known else "Partition" if _is_far(arn) else "Caller"
        found.append(Finding(about, Standing.STOPS, stopped.message, stopped.hint))
    return Findings(tuple(found), arn, caller, access, endpoints, ahead, error)


def examine_govcloud(aws: Aws) -> Finding:
    """Say whether a second login is one of GovCloud that may list its organization.

    Two calls: sts GetCallerIdentity and organizations ListAccounts.
    """
    about, there = "GovCloud profile", aws.in_govcloud()
    try:
        arn = str(there.witness()["Arn"])
    except ToolkitError as error:
        return Finding(about, Standing.STOPS, error.message, error.hint)
    try:
        there.list_accounts_page()
    except AwsError as error:
        said = f"Its credentials are those of {arn}, and its list may not be read: {error.message}"
        return Finding(about, Standing.LOOK, said, error.hint)
    said = f"Its credentials are those of {arn}, and may list the GovCloud organization."
    return Finding(about, Standing.FINE, said)


def _is_far(arn: str | None) -> bool:
    return partition_of(arn or "") != COMMERCIAL


def _endpoints(aws: Aws, region: str) -> dict[str, str]:
    return {
        one.service: aws.address(one, region) if one.regional else aws.address(one)
        for one in _ASKED_AT
    }


def _about_endpoints(aws: Aws, endpoints: Mapping[str, str]) -> list[Finding]:
    stand_in = aws.endpoint_url
    said = f"{stand_in} answers instead of AWS." if stand_in else "AWS's own addresses are asked."
    found = [Finding("Endpoints", Standing.FINE, said)]
    fips = [name for name, url in endpoints.items() if is_fips(url)]
    if fips:
        said = f"FIPS addresses are asked for {', '.join(fips)}; AWS has them in some Regions only."
        found.append(Finding("FIPS", Standing.FINE, said))
    return found


def _about_clock(ahead: float) -> Finding:
    off, side = abs(ahead), "ahead of" if ahead > 0 else "behind"
    if off < _CLOCK_MATTERS:
        return Finding("Clock", Standing.FINE, "This machine's clock agrees with AWS's.")
    stops = off >= _CLOCK_REFUSED
    return Finding(
        "Clock",
        Standing.STOPS if stops else Standing.LOOK,
        f"This machine's clock is {off:,.0f} seconds {side} AWS's"
        f"{', which refuses what is signed so' if stops else ''}.",
        "Set it right.",
    )


def _about_caller(caller: Caller) -> Finding:
    if caller.kind in WHY_ALONE:
        return Finding("Caller", Standing.LOOK, *WHY_ALONE[caller.kind])
    return Finding("Caller", Standing.FINE, f"It sees {SEES[caller.kind]}.")


def _about_organization(aws: Aws, caller: Caller) -> list[Finding]:
    if caller.kind not in SEES_OTHERS:
        return []
    found = []
    for about, is_on, off, fine in organization_checks():
        try:
            if is_on(aws):
                found.append(Finding(about, Standing.FINE, fine))
                continue
        except AwsError as error:
            found.append(Finding(about, Standing.LOOK, "It could not be asked.", error.message))
            continue
        found.append(Finding(about, Standing.STOPS, off.message, off.hint))
        break
    return found


def _about_access(access: pd.DataFrame, caller: Caller) -> list[Finding]:
    without = {one.permission: text for one, text in _WITHOUT.items()}
    explained = _EXPLAINED.get(caller.kind, ())
    found = []
    for row in access.itertuples():
        if row.allowed == Access.ALLOWED or row.operation in explained:
            continue
        if SAYS_SO in str(row.detail):
            # The organization's own settings, which have been found.
            continue
        stops = row.permission == ops.GET_GOVCLOUD.permission and row.allowed == Access.DENIED
        said = (
            f"Missing permission: {row.permission}"
            if row.allowed == Access.DENIED
            else f"{row.operation} gave no clear answer: {row.detail}"
        )
        found.append(
            Finding(
                "Permission",
                Standing.STOPS if stops else Standing.LOOK,
                said,
                without.get(str(row.permission), ""),
            )
        )
    if not found:
        found.append(Finding("Permissions", Standing.FINE, "No permission is missing."))
    return found
