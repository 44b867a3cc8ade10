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

from toolkit.aws import Aws, Caller
from toolkit.dispatch import Clock, Dispatcher
from toolkit.errors import AccessDeniedError, AwsError, NotFoundError, RequestInvalidError
from toolkit.fetch.journal import Journal
from toolkit.fetch.rows import link_row, outcome_of
from toolkit.schema import Outcome

LIST: Final = "ListAccountLinks"
GET: Final = "GetAccountLink"
ROLE: Final = "AssumeRole"

ROLES_AT_ONCE: Final = 8
"""Member accounts whose roles are worked with at the same time: each costs some megabytes."""

_NO_OTHER = "There is no other account to ask GetAccountLink about."


@dataclass
class _Region:
    """What is known of one Region while its links are looked up account by account."""

    denied: AccessDeniedError
    open: bool = False
    closed: bool = False
    probing: bool = False
    held: list[str] = field(default_factory=list)


class Links:
    """Asks for the links of the caller's account, and of others that may be asked, per Region.

    Accounts are given to `found` as they become known; `finish` is told when no more will come.
    """

    def __init__(
        self,
        aws: Aws,
        caller: Caller,
        dispatcher: Dispatcher,
        journal: Journal,
        clock: Clock,
        *,
        regions: Iterable[str],
        role_name: str | None = None,
    ) -> None:
        self._aws = aws
        self._caller = caller
        self._dispatcher = dispatcher
        self._journal = journal
        self._clock = clock
        self._regions = list(regions)
        self._role_name = role_name
        self._accounts: list[str] = []
        self._no_more = False
        self._one_by_one: dict[str, _Region] = {}
        self._roles: deque[str] = deque()
        self._roles_open: dict[str, int] = {}
        self._roles_failed: dict[str, tuple[Outcome, str]] = {}

    def begin(self) -> None:
        """Ask each Region that an earlier run has not finished."""
        for region in self._regions:
            token, outcome = self._journal.asked(LIST, region=region)
            if outcome is None:
                self._list(self._aws, region, "", token)
            elif outcome == Outcome.ACCESS_DENIED:
                self._list(self._aws, region, "", None)

    def found(self, account_ids: Iterable[str]) -> None:
        """Take in accounts of the organization that have become known."""
        others = [account for account in account_ids if account != self._caller.account_id]
        self._accounts += others
        for region, state in self._one_by_one.items():
            state.held += others
            self._get_held(region, state)
        if self._role_name and self._regions:
            self._roles += others
            self._open_roles()

    def finish(self) -> None:
        """Learn that no more accounts will come."""
        self._no_more = True
        for region, state in self._one_by_one.items():
            self._get_held(region, state)

    def _list(self, aws: Aws, region: str, account_id: str, token: str | None) -> None:
        self._dispatcher.add(
            f"{LIST} {region}",
            partial(aws.list_links_page, region, token),
            partial(self._listed, aws, region, account_id, token),
        )

    def _listed(
        self,
        aws: Aws,
        region: str,
        account_id: str,
        token: str | None,
        answer: dict[str, Any] | AwsError,
    ) -> None:
        if isinstance(answer, RequestInvalidError) and token:
            self._list(aws, region, account_id, None)
            return
        if isinstance(answer, AccessDeniedError) and not account_id:
            self._one_by_one[region] = state = _Region(answer, held=list(self._accounts))
            self._get_held(region, state)
            return
        if isinstance(answer, AwsError):
            outcome, why = outcome_of(answer), answer.message
        else:
            entries = answer.get("AccountLinks") or []
            self._save(entries, region)
            following = answer.get("NextToken")
            if following:
                self._journal.save_asked(
                    LIST, region=region, account_id=account_id, token=following
                )
                self._list(aws, region, account_id, following)
                return
            outcome, why = Outcome.FOUND, None
        self._journal.save_asked(
            LIST, region=region, account_id=account_id, outcome=outcome, detail=why
        )
        if account_id:
            if outcome is not Outcome.FOUND:
                self._roles_failed[account_id] = (outcome, f"{region}: {why}")
            self._role_answered(aws, account_id)

    def _save(self, entries: Iterable[Mapping[str, Any]], region: str) -> None:
        for entry in entries:
            self._journal.save_link(link_row(entry, region, self._clock.now()))

    def _get_held(self, region: str, state: _Region) -> None:
        """Ask for the accounts held back: one shows whether asking is allowed, then all."""
        if self._no_more and not self._accounts and not state.closed:
            self._close(region, state, state.denied, _NO_OTHER)
        while state.held and not state.closed and (state.open or not state.probing):
            account_id = state.held.pop()
            if self._journal.asked(GET, region=region, account_id=account_id)[1] is not None:
                continue
            state.probing = True
            self._dispatcher.add(
                f"{GET} {region}",
                partial(self._aws.get_link, region, account_id),
                partial(self._got, region, account_id),
            )

    def _got(self, region: str, account_id: str, answer: dict[str, Any] | AwsError) -> None:
        state = self._one_by_one[region]
        if isinstance(answer, AccessDeniedError) and not state.open:
            self._close(region, state, answer)
            return
        outcome, why = Outcome.FOUND, None
        if isinstance(answer, NotFoundError):
            outcome = Outcome.NOT_LINKED
        elif isinstance(answer, AwsError):
            outcome, why = outcome_of(answer), answer.message
        else:
            self._save([answer], region)
        self._journal.save_asked(
            GET, region=region, account_id=account_id, outcome=outcome, detail=why
        )
        state.open = True
        self._get_held(region, state)

    def _close(self, region: str, state: _Region, error: AccessDeniedError, why: str = "") -> None:
        state.closed = True
        self._journal.save_asked(
            LIST,
            region=region,
            outcome=Outcome.ACCESS_DENIED,
            detail=f"{error.message} {why}".strip(),
        )

    def _open_roles(self) -> None:
        while self._roles and len(self._roles_open) < ROLES_AT_ONCE:
            account_id = self._roles.popleft()
            if self._journal.asked(ROLE, account_id=account_id)[1] is not None:
                continue
            self._roles_open[account_id] = len(self._regions)
            arn = f"arn:aws:iam::{account_id}:role/{self._role_name}"
            self._dispatcher.add(
                ROLE, partial(self._aws.assume, arn), partial(self._assumed, account_id)
            )

    def _assumed(self, account_id: str, answer: Aws | AwsError) -> None:
        if isinstance(answer, AwsError):
            self._close_role(account_id, outcome_of(answer), answer.message)
            return
        for region in self._regions:
            self._list(answer, region, account_id, None)

    def _role_answered(self, aws: Aws, account_id: str) -> None:
        self._roles_open[account_id] -= 1
        if not self._roles_open[account_id]:
            aws.close()
            self._close_role(account_id, *self._roles_failed.get(account_id, (Outcome.FOUND, None)))

    def _close_role(self, account_id: str, outcome: Outcome, why: str | None) -> None:
        self._journal.save_asked(ROLE, account_id=account_id, outcome=outcome, detail=why)
        del self._roles_open[account_id]
        self._open_roles()


def region_outcomes(journal: Journal, regions: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return how each Region ended: its outcome, what was asked there, why where it gave nothing.

    Where accounts were asked one by one, the outcome is FOUND when every one gave an answer.
    """
    listed = {row["region"]: row for row in journal.all_asked(LIST) if not row["account_id"]}
    got: dict[str, list[dict[str, Any]]] = {}
    for row in journal.all_asked(GET):
        got.setdefault(row["region"], []).append(row)
    return {region: _region(listed.get(region), got.get(region, [])) for region in regions}


def role_outcomes(journal: Journal) -> dict[str, dict[str, Any]]:
    """Return the member accounts that could not be asked through their role, with the reason."""
    return {
        row["account_id"]: {"outcome": row["outcome"], "detail": row["detail"]}
        for row in journal.all_asked(ROLE)
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
    answered = (Outcome.FOUND, Outcome.NOT_LINKED)
    silent = [row for row in got if row["outcome"] not in answered]
    if not silent:
        return {"outcome": Outcome.FOUND.value, "asked": GET, "detail": None}
    more = f" (and {len(silent) - 1} more)" if len(silent) > 1 else ""
    return {
        "outcome": silent[0]["outcome"],
        "asked": GET,
        "detail": f"{silent[0]['account_id']}: {silent[0]['detail']}{more}",
    }
