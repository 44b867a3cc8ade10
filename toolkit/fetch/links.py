"""WorkSpaces account links: Region by Region, and from each end that may be asked.

ListAccountLinks gives the links of the account that asks. Where it is denied, GetAccountLink
answers for one other account at a time. With a role in each member account, ListAccountLinks is
also asked from there. Whatever a Region or a role answers is its outcome, never the end of a run.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import Aws
from toolkit.aws import operations as ops
from toolkit.errors import AccessDeniedError, AwsError, NotFoundError, RequestInvalidError
from toolkit.fetch.desk import Desk, Pages, Probe
from toolkit.fetch.rows import link_row, outcome_of
from toolkit.fetch.source import Ended, Source, Wanted
from toolkit.schema import SEEN_OUTCOMES, Outcome

LIST: Final = ops.LIST_LINKS.name
GET: Final = ops.GET_LINK.name
ROLE: Final = ops.ASSUME_ROLE.name

ROLES_AT_ONCE: Final = 8
"""Member accounts whose roles are worked with at the same time: each costs some megabytes."""

_END: Final = ""
"""Stands for the token of a next page where there is none."""

_NO_OTHER: Final = "There is no other account to ask GetAccountLink about."


@dataclass(frozen=True)
class _Listing:
    """One list of links: who asks, where, and for which member account; "" for the caller's own."""

    aws: Aws
    region: str
    account_id: str = ""
    pages: Pages = field(default_factory=lambda: Pages(LIST))


class Links(Source):
    """Asks for the links of the caller's account, and of others that may be asked, per Region."""

    table = schema.LINKS
    operations = (ops.LIST_LINKS, ops.GET_LINK, ops.ASSUME_ROLE)
    phase = "links"

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        self._accounts: list[str] = []
        self._no_more = False
        self._one_by_one: dict[str, tuple[AccessDeniedError, Probe]] = {}
        self._roles: deque[str] = deque()
        self._roles_open: dict[str, int] = {}
        self._roles_failed: dict[str, tuple[Outcome, str]] = {}

    def begin(self) -> None:
        """Ask each Region that an earlier run has not finished."""
        for region in self.wanted.regions:
            token, outcome = self.desk.journal.asked(LIST, region=region)
            if outcome is None:
                self._list(_Listing(self.desk.aws, region), token)
            elif outcome == Outcome.ACCESS_DENIED:
                self._list(_Listing(self.desk.aws, region), None)

    def found(self, accounts: Mapping[str, str | None]) -> None:
        """Ask about these accounts where accounts are asked about one by one, or by their role."""
        others = [account for account in accounts if account != self.desk.caller.account_id]
        self._accounts += others
        for region, (_, probe) in self._one_by_one.items():
            probe.add(self._unasked(region, others))
        if self.wanted.role_name and self.wanted.regions:
            self._roles += others
            self._open_roles()

    def finish(self) -> None:
        """Close the Regions in which accounts would have been asked about, where there is none."""
        self._no_more = True
        for region, (denied, _) in self._one_by_one.items():
            self._close_without_others(region, denied)

    def ended(self, rows: pd.DataFrame) -> Ended | None:
        """Return FOUND where a Region gave an answer, else how the first Region ended."""
        if not self.wanted.regions:
            return None
        regions = region_outcomes(self.desk, self.wanted.regions)
        facts = {"links": len(rows), "regions": regions, "roles": role_outcomes(self.desk)}
        silent = [name for name, region in regions.items() if region["outcome"] != Outcome.FOUND]
        if not silent:
            return Ended(Outcome.FOUND, None, facts)
        outcome = regions[silent[0]]["outcome"] if len(silent) == len(regions) else Outcome.FOUND
        why = f"No answer from {len(silent)} of {len(regions)} Regions."
        return Ended(Outcome(outcome), why, facts)

    def _list(self, listing: "_Listing", token: str | None) -> None:
        self.desk.ask_if_possible(
            f"{LIST} {listing.region}",
            partial(listing.aws.list_links_page, listing.region, token),
            partial(self._listed, listing, token),
        )

    def _listed(
        self, listing: "_Listing", token: str | None, answer: dict[str, Any] | AwsError
    ) -> None:
        region, account_id = listing.region, listing.account_id
        if isinstance(answer, AccessDeniedError) and not account_id:
            self._ask_one_by_one(region, answer)
            return
        outcome, why = Outcome.FOUND, None
        try:
            following = self._taken(listing, token, answer)
        except AwsError as error:
            outcome, why = outcome_of(error), error.message
        else:
            if following != _END:
                self.desk.journal.save_asked(
                    LIST, region=region, account_id=account_id, token=following
                )
                self._list(listing, following)
                return
        self.desk.journal.save_asked(
            LIST, region=region, account_id=account_id, outcome=outcome, detail=why
        )
        if account_id:
            if outcome is not Outcome.FOUND:
                self._roles_failed[account_id] = (outcome, f"{region}: {why}")
            self._role_answered(listing.aws, account_id)

    def _taken(
        self, listing: "_Listing", token: str | None, answer: dict[str, Any] | AwsError
    ) -> str | None:
        """Save what a page has; return the token of the next, None for the first, or _END."""
        if isinstance(answer, RequestInvalidError) and token:
            listing.pages.restart()
            return None
        if isinstance(answer, AwsError):
            raise answer
        at = self.desk.now()
        rows = [link_row(entry, listing.region, at) for entry in answer["AccountLinks"]]
        for row in rows:
            self.desk.save(self.table, row)
        following = answer.get("NextToken")
        listing.pages.take([row["link_id"] for row in rows], following)
        return following or _END

    def _ask_one_by_one(self, region: str, denied: AccessDeniedError) -> None:
        probe = Probe(
            self.desk,
            f"{GET} {region}",
            call=lambda account_id: partial(self.desk.aws.get_link, region, account_id),
            receive=partial(self._got, region),
            denied=partial(self._close, region),
        )
        self._one_by_one[region] = (denied, probe)
        probe.add(self._unasked(region, self._accounts))
        if self._no_more:
            self._close_without_others(region, denied)

    def _unasked(self, region: str, account_ids: Iterable[str]) -> list[str]:
        asked = self.desk.journal.asked
        return [one for one in account_ids if asked(GET, region=region, account_id=one)[1] is None]

    def _got(self, region: str, account_id: str, answer: dict[str, Any] | AwsError) -> None:
        outcome, why = Outcome.FOUND, None
        if isinstance(answer, NotFoundError):
            outcome = Outcome.NOT_LINKED
        elif isinstance(answer, AwsError):
            outcome, why = outcome_of(answer), answer.message
        else:
            self.desk.save(self.table, link_row(answer, region, self.desk.now()))
        self.desk.journal.save_asked(
            GET, region=region, account_id=account_id, outcome=outcome, detail=why
        )

    def _close_without_others(self, region: str, denied: AccessDeniedError) -> None:
        if not self._accounts:
            self._close(region, denied, _NO_OTHER)

    def _close(self, region: str, error: AccessDeniedError, why: str = "") -> None:
        self.desk.journal.save_asked(
            LIST,
            region=region,
            outcome=Outcome.ACCESS_DENIED,
            detail=f"{error.message} {why}".strip(),
        )

    def _open_roles(self) -> None:
        while self._roles and len(self._roles_open) < ROLES_AT_ONCE:
            account_id = self._roles.popleft()
            if self.desk.journal.asked(ROLE, account_id=account_id)[1] is not None:
                continue
            self._roles_open[account_id] = len(self.wanted.regions)
            arn = f"arn:aws:iam::{account_id}:role/{self.wanted.role_name}"
            self.desk.ask_if_possible(
                ROLE, partial(self.desk.aws.assume, arn), partial(self._assumed, account_id)
            )

    def _assumed(self, account_id: str, answer: Aws | AwsError) -> None:
        if isinstance(answer, AwsError):
            self._close_role(account_id, outcome_of(answer), answer.message)
            return
        for region in self.wanted.regions:
            self._list(_Listing(answer, region, account_id), None)

    def _role_answered(self, aws: Aws, account_id: str) -> None:
        self._roles_open[account_id] -= 1
        if not self._roles_open[account_id]:
            aws.close()
            self._close_role(account_id, *self._roles_failed.get(account_id, (Outcome.FOUND, None)))

    def _close_role(self, account_id: str, outcome: Outcome, why: str | None) -> None:
        self.desk.journal.save_asked(ROLE, account_id=account_id, outcome=outcome, detail=why)
        del self._roles_open[account_id]
        self._open_roles()


def region_outcomes(desk: Desk, regions: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return how each Region ended: its outcome, what was asked there, why where it gave nothing.

    Where accounts were asked one by one, the outcome is FOUND when every one gave an answer.
    """
    listed = {row["region"]: row for row in desk.journal.all_asked(LIST) if not row["account_id"]}
    got: dict[str, list[dict[str, Any]]] = {}
    for row in desk.journal.all_asked(GET):
        got.setdefault(row["region"], []).append(row)
    return {region: _region(listed.get(region), got.get(region, [])) for region in regions}


def role_outcomes(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return the member accounts that could not be asked through their role, with the reason."""
    return {
        row["account_id"]: {"outcome": row["outcome"], "detail": row["detail"]}
        for row in desk.journal.all_asked(ROLE)
        if row["outcome"] != Outcome.FOUND
    }


def _region(listed: Mapping[str, Any] | None, got: list[dict[str, Any]]) -> dict[str, Any]:
    if not got:
        outcome = listed["outcome"] if listed else Outcome.FAILED.value
        return {
            "outcome": outcome,
            "asked": LIST,
            "detail": listed["detail"] if listed else "It was not asked.",
        }
    silent = [row for row in got if row["outcome"] not in SEEN_OUTCOMES]
    if not silent:
        return {"outcome": Outcome.FOUND.value, "asked": GET, "detail": None}
    more = f" (and {len(silent) - 1} more)" if len(silent) > 1 else ""
    return {
        "outcome": silent[0]["outcome"],
        "asked": GET,
        "detail": f"{silent[0]['account_id']}: {silent[0]['detail']}{more}",
    }
