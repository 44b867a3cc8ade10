"""The GovCloud account of each standard account: one call each, every one with an outcome."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pandas as pd

from toolkit import schema
from toolkit.aws import explains_every_denial
from toolkit.aws import operations as ops
from toolkit.dispatch import Learned, Pacer
from toolkit.errors import AwsError, UnavailableError, UnknownOperationError
from toolkit.fetch.desk import SPARED, Desk
from toolkit.fetch.rows import Row, govcloud_row, not_queryable_row, outcome_of
from toolkit.fetch.source import Ended, Source, Tally, Wanted
from toolkit.schema import MENDABLE_OUTCOMES, SEEN_OUTCOMES, CallerKind, Outcome

LOOK_UP: Final = ops.GET_GOVCLOUD.name

_WAITING_FOR_EACH: Final = 8  # accounts waiting for each in flight, as long as the list grows
_LEAST_AT_ONCE: Final = 2
_CROWDING: Final = 200.0  # calls/s: below that, look-ups leave the list all the time it needs
_FAILED_FIRST: Final = 10  # look-ups given up, and none answered: the others would fare no better


class Govcloud(Source):
    """Asks for the GovCloud account of each standard account as AWS lets this caller ask.

    The caller's own account is asked for without naming it; the management account cannot be
    asked for by a delegated administrator at all, and is not. What an earlier run was answered, or
    an earlier snapshot still tells, is not asked again.
    """

    table = schema.GOVCLOUD
    operations = (ops.GET_GOVCLOUD,)
    phase = "looking up"

    def __init__(self, desk: Desk, wanted: Wanted) -> None:
        super().__init__(desk, wanted)
        noted = desk.journal.noted("learned")
        self._learned = Learned(**noted) if noted else wanted.learned
        pacer = Pacer(known_rate=wanted.rate, learned=self._learned)
        self._lane = desk.dispatcher.lane(LOOK_UP, pacer)
        self._saved = int(desk.journal.noted("calls_saved") or 0)
        self._known: dict[str, str] = {}
        self._tally = Tally()
        self._more_come = True
        self._given_up: AwsError | None = None

    @property
    def is_open(self) -> bool:
        """Whether an account known so far has no answer yet."""
        return self._tally.done < self._tally.total

    @property
    def is_mendable(self) -> bool:
        """Whether an account has an outcome that asking again may change."""
        return any(self._tally.outcomes[outcome] for outcome in MENDABLE_OUTCOMES)

    @property
    def tally(self) -> Tally:
        """How many accounts have an answer, of those known so far."""
        self._tally.throttled = self._lane.throttled
        return self._tally

    def begin(self) -> None:
        """Take in what an earlier run was answered; what asking again may change is asked again."""
        outcomes = self.desk.journal.values(self.table, "outcome")
        self._known = {one: word for one, word in outcomes.items() if word not in MENDABLE_OUTCOMES}

    def found(self, accounts: Mapping[str, str | None]) -> None:
        """Ask about each account that has no answer."""
        self._tally.total += len(accounts)
        for account_id, standard_state in accounts.items():
            if account_id in self._known:
                self._tally.outcomes[self._known[account_id]] += 1
            else:
                self._ask(account_id, standard_state)
        self._let_the_list_lead()

    def finish(self) -> None:
        """Ask as fast as the quota allows from now on."""
        self._more_come = False
        self._let_the_list_lead()

    def notes(self) -> dict[str, Any]:
        """Return the rate found, and the calls that earlier answers saved."""
        learned = self._lane.pacer.learned or self._learned
        return {
            "learned": learned and {"rate": learned.rate, "clusters": learned.clusters},
            "calls_saved": self._saved,
        }

    def ended(self, rows: pd.DataFrame) -> Ended:
        """Return FOUND where an account was seen, else how most look-ups ended."""
        counts = {str(word): int(n) for word, n in rows["outcome"].value_counts().items() if n}
        learned = self._lane.pacer.learned or self._learned
        facts = {
            "outcomes": counts,
            "calls_saved": self._saved,
            "rate": learned.rate if learned else None,
            "rate_clusters": learned.clusters if learned else 0,
        }
        silent = rows[~rows["outcome"].isin(SEEN_OUTCOMES)]
        if silent.empty:
            return Ended(Outcome.FOUND, None, facts)
        why = f"{len(silent):,} of {len(rows):,} accounts were not seen."
        if len(silent) < len(rows):
            return Ended(Outcome.FOUND, why, facts)
        # Where none was seen, what most were answered is what there is to say of all.
        common = silent[["outcome", "detail"]].value_counts(dropna=False).index[0]
        return Ended(Outcome(common[0]), f"{why} {common[1]}", facts)

    def _ask(self, account_id: str, standard_state: str | None) -> None:
        caller = self.desk.caller
        row = self.wanted.earlier(account_id, standard_state)
        if row is not None:
            self._saved += 1
            self._save(row)
        elif self._given_up is not None:
            self._save(govcloud_row(account_id, self._given_up, self.desk.now()))
        elif caller.kind is CallerKind.DELEGATED and account_id == caller.management_account_id:
            self._save(not_queryable_row(account_id, self.desk.now()))
        else:
            named = None if account_id == caller.account_id else account_id
            call = partial(self.desk.aws.get_govcloud, named)
            self.desk.ask(LOOK_UP, call, partial(self._answered, account_id))

    def _answered(self, account_id: str, answer: dict[str, Any] | AwsError) -> None:
        explained = explains_every_denial(answer) if isinstance(answer, AwsError) else None
        if explained is not None:
            raise explained
        self._save(govcloud_row(account_id, answer, self.desk.now()))
        if isinstance(answer, AwsError) and self._given_up is None and self._is_for_all(answer):
            self._given_up = answer
            self.desk.give_up(LOOK_UP, answer)
        self._let_the_list_lead()

    def _is_for_all(self, error: AwsError) -> bool:
        """Say whether this answer to one account is the answer to every one."""
        if isinstance(error, UnknownOperationError):
            return True
        outcomes = self._tally.outcomes
        return (
            isinstance(error, UnavailableError)
            and outcomes[outcome_of(error)] == self._tally.done >= _FAILED_FIRST
            and self._lane.is_stuck(self.desk.clock.monotonic(), SPARED)
        )

    def _save(self, row: Row) -> None:
        self.desk.save(self.table, row)
        self._tally.outcomes[row["outcome"]] += 1

    def _let_the_list_lead(self) -> None:
        """Bound the look-ups in flight while the list grows.

        Those that crowd it out would soon have nothing left to look up.
        """
        crowd = max(_LEAST_AT_ONCE, len(self._lane.waiting) // _WAITING_FOR_EACH)
        crowds = self._more_come and self._lane.pacer.rate > _CROWDING
        self._lane.width = crowd if crowds else None
