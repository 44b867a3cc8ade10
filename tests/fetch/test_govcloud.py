"""Look-ups of GovCloud accounts: as many at once as the list of accounts can bear."""

import threading
import time
from typing import Any

from patience import LONG

from toolkit.aws import Caller
from toolkit.dispatch import Clock
from toolkit.dispatch.pacing import FIRST_IN_FLIGHT
from toolkit.fetch.desk import Desk
from toolkit.fetch.govcloud import Govcloud
from toolkit.fetch.journal import Journal
from toolkit.fetch.source import Wanted
from toolkit.schema import CallerKind

ACCOUNTS = {f"{number:012}": "ACTIVE" for number in range(100, 140)}


class Counted:
    """A way to AWS that counts the look-ups in flight, and answers most when so many are."""

    def __init__(self, at_once: int = 1) -> None:
        self.most = 0
        self._asked = 0
        self._in_flight = 0
        self._lock = threading.Lock()
        self._full = threading.Event()
        self._at_once = at_once

    def get_govcloud(self, account_id: str | None) -> dict[str, Any]:
        del account_id
        with self._lock:
            self._asked += 1
            soon = self._asked <= FIRST_IN_FLIGHT  # no more leave before the first answer
            self._in_flight += 1
            self.most = max(self.most, self._in_flight)
            if self._in_flight >= self._at_once:
                self._full.set()
        assert soon or self._full.wait(LONG)
        time.sleep(0.002)  # the way there and back, in which others would leave, were they let
        with self._lock:
            self._in_flight -= 1
        return {"govCloudAccountId": "900000000009", "accountState": "ACTIVE"}


def a_source(aws: Any, rate: float = 100_000.0) -> Govcloud:
    caller = Caller("000000000001", "arn", CallerKind.MANAGEMENT)
    return Govcloud(Desk(aws, caller, Journal(), Clock()), Wanted(rate=rate))


def test_while_the_list_grows_one_in_eight_of_those_that_wait_is_asked_about() -> None:
    aws = Counted()
    source = a_source(aws)
    source.begin()
    source.found(ACCOUNTS)

    source.desk.dispatcher.run()

    assert source.tally.done == len(ACCOUNTS)
    assert aws.most <= len(ACCOUNTS) / 8


def test_look_ups_at_a_slow_pace_hold_up_no_list_and_are_held_up_by_none() -> None:
    """Where an answer takes long, many are in flight at a pace that crowds nobody out."""
    aws = Counted(at_once=10)
    source = a_source(aws, rate=150.0)
    source.begin()
    source.found(ACCOUNTS)

    source.desk.dispatcher.run()

    assert source.tally.done == len(ACCOUNTS)
    assert aws.most >= 10


def test_once_all_are_listed_as_many_as_the_quota_allows_are_asked_about() -> None:
    aws = Counted(at_once=20)
    source = a_source(aws)
    source.begin()
    source.found(ACCOUNTS)
    source.finish()

    source.desk.dispatcher.run()

    assert source.tally.done == len(ACCOUNTS)
    assert aws.most >= 20
