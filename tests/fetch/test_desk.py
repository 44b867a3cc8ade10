"""The desk: sources hear of accounts, and one question shows whether the others may be asked."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from emulated import FastClock

from toolkit import schema
from toolkit.aws import Caller
from toolkit.errors import AccessDeniedError, AwsError, NotFoundError
from toolkit.fetch.desk import BARREN_PAGES, RESTARTS, Desk, Pages, Probe
from toolkit.fetch.journal import Journal
from toolkit.fetch.source import Source, Wanted
from toolkit.schema import CallerKind

CALLER = Caller("000000000001", "arn", CallerKind.MANAGEMENT)


@pytest.fixture
def desk() -> Desk:
    """A desk at which calls are plain functions."""
    return Desk(None, CALLER, Journal(), FastClock())


class Asked:
    """What happened to a probe's questions, in order."""

    def __init__(self, desk: Desk, answers: Mapping[str, Any]) -> None:
        self.events: list[tuple[str, str]] = []
        self._answers = answers
        self.probe = Probe(desk, "Ask", call=self._call, receive=self._receive, denied=self._denied)

    def _call(self, item: str) -> Callable[[], Any]:
        def call() -> Any:
            self.events.append(("asked", item))
            answer = self._answers.get(item, "well")
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def _receive(self, item: str, answer: Any) -> None:
        kind = "denied" if isinstance(answer, AccessDeniedError) else "answered"
        self.events.append((kind, item))

    def _denied(self, error: AccessDeniedError) -> None:
        self.events.append(("none may be asked", error.message))


def test_the_others_wait_for_the_answer_to_the_first(desk: Desk) -> None:
    asked = Asked(desk, {})
    asked.probe.add(["a", "b", "c"])

    desk.run([])

    assert asked.events[:2] == [("asked", "a"), ("answered", "a")]
    assert sorted(asked.events) == sorted(
        (kind, item) for item in "abc" for kind in ("asked", "answered")
    )


def test_where_the_first_is_denied_no_other_is_asked(desk: Desk) -> None:
    asked = Asked(desk, {"a": AccessDeniedError("no")})
    asked.probe.add(["a", "b"])
    desk.run([])
    asked.probe.add(["c"])
    desk.run([])

    assert asked.events == [("asked", "a"), ("none may be asked", "no")]


def test_once_one_was_answered_a_denial_is_that_ones_own_answer(desk: Desk) -> None:
    asked = Asked(desk, {"b": AccessDeniedError("no")})
    asked.probe.add(["a", "b", "c"])

    desk.run([])

    assert ("denied", "b") in asked.events
    assert ("answered", "c") in asked.events


def test_that_there_is_nothing_is_an_answer_too(desk: Desk) -> None:
    asked = Asked(desk, {"a": NotFoundError("none")})
    asked.probe.add(["a"])
    desk.run([])
    asked.probe.add(["b"])
    desk.run([])

    assert asked.events == [
        ("asked", "a"),
        ("answered", "a"),
        ("asked", "b"),
        ("answered", "b"),
    ]


class Listening(Source):
    """A source that notes what it is told."""

    table = schema.GOVCLOUD
    operations = ()
    phase = "looking up"

    def __init__(self, desk: Desk, heard: list[str]) -> None:
        super().__init__(desk, Wanted())
        self._heard = heard

    def begin(self) -> None:
        self._heard.append("begin")

    def found(self, accounts: Mapping[str, str | None]) -> None:
        self._heard.append(f"found {', '.join(accounts)}")

    def finish(self) -> None:
        self._heard.append("finish")


class Telling(Listening):
    """A source that knows of accounts as soon as it begins."""

    def begin(self) -> None:
        super().begin()
        self.desk.found({"000000000010": "ACTIVE"})
        self.desk.finish()


def test_every_source_has_begun_before_it_hears_of_accounts(desk: Desk) -> None:
    first: list[str] = []
    second: list[str] = []

    desk.run([Telling(desk, first), Listening(desk, second)])

    assert second == ["begin", "found 000000000010", "finish"]
    assert first == ["begin", "found 000000000010", "finish"]


def test_given_accounts_are_all_there_are(desk: Desk) -> None:
    heard: list[str] = []

    desk.run([Listening(desk, heard)], {"000000000010": None, "000000000011": None})

    assert heard == ["begin", "found 000000000010, 000000000011", "finish"]


def test_a_source_is_called_as_its_table(desk: Desk) -> None:
    source = Listening(desk, [])

    assert source.name == "govcloud"
    assert source.is_wanted(Wanted())
    assert source.ended(schema.empty(schema.GOVCLOUD)).outcome == "FOUND"


def test_a_list_may_have_empty_pages_and_rows_that_come_twice() -> None:
    pages = Pages("ListThings")
    for number in range(500):
        pages.take([number // 2] if number % 50 else [], f"page {number}")
    pages.take([], None)


def test_a_list_that_names_a_page_again_goes_in_circles() -> None:
    pages = Pages("ListThings")
    pages.take([1], "a")
    pages.take([2], "b")
    with pytest.raises(AwsError, match="ListThings names a page again that it has given"):
        pages.take([3], "a")


def test_a_list_without_anything_new_ends_after_many_pages() -> None:
    pages = Pages("ListThings")
    pages.take([1], "first")
    for number in range(BARREN_PAGES - 1):
        pages.take([1], f"page {number}")
    with pytest.raises(AwsError, match="100 pages in a row with nothing new"):
        pages.take([1], "last")


def test_a_list_that_is_read_again_knows_nothing_of_before_and_ends_some_time() -> None:
    pages = Pages("ListThings")
    for _ in range(RESTARTS):
        pages.take([1], "a")
        pages.restart()
    with pytest.raises(AwsError, match="does not know its own next page"):
        pages.restart()
