"""A run that stops, however it stops, goes on where it was and asks nothing twice."""

import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import patience
import pytest
from emulated import Connect, FastClock, a_pair, an_organization
from misbehaving import Misbehaving, always, fault
from processes import Program, running

from toolkit.aws import connect_local
from toolkit.emulator import Account, Emulator, Link, Switches
from toolkit.errors import InputError, RunStoppedError
from toolkit.fetch.journal import Journal
from toolkit.runs import Clock, Progress, collect, summary
from toolkit.store import Snapshot, Store, load_snapshot

PAIRS = [a_pair(number, govcloud="ACTIVE" if number % 3 else None) for number in range(10, 160)]
FEWER = PAIRS[:78]
"""With the two that every organization has, four pages of accounts."""

FAST = {"rate": 5_000.0, "link_regions": "none", "progress": None}
LOOK_UP = "GetGovCloudAccountInformation"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(an_organization(*FEWER)) as emulator:
        yield emulator


class StopAfter:
    """A stop and a progress that sets it once so many accounts are answered."""

    def __init__(self, done: int) -> None:
        self.event = threading.Event()
        self._done = done

    def __call__(self, progress: Progress) -> None:
        if progress.done >= self._done:
            self.event.set()


def stopped_after(way: Connect, emulator: Emulator, store: Path, done: int) -> RunStoppedError:
    stop = StopAfter(done)
    with pytest.raises(RunStoppedError) as caught:
        collect(
            way(emulator), store, **(FAST | {"progress": stop, "stop": stop.event, "rate": 150})
        )
    return caught.value


def answers(snapshot: Snapshot) -> pd.DataFrame:
    """Return what a snapshot says, without when it was said."""
    return snapshot.accounts.merge(snapshot.govcloud.drop(columns="fetched_at"), on="account_id")


def test_a_stopped_run_says_how_far_it_got_and_how_to_go_on(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    error = stopped_after(way, emulator, tmp_path, 20)
    assert error.message.startswith("The collection was stopped. ")
    assert "are answered and kept." in error.message
    assert error.hint == "Run the same again to go on: what was answered is kept."
    assert Store(tmp_path).snapshots().empty


def test_a_resumed_run_asks_each_account_once_in_all(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    stopped_after(way, emulator, tmp_path, 20)
    stopped_after(way, emulator, tmp_path, 40)
    pages = emulator.calls["ListAccounts"]
    snapshot = collect(way(emulator), tmp_path, **FAST)
    assert emulator.calls[LOOK_UP] == 80
    assert set(emulator.answered.values()) == {1}
    assert pages <= 4 + 1
    assert len(snapshot.govcloud) == 80
    assert snapshot.manifest.calls >= 80 + 4


@pytest.mark.parametrize(
    ("pause", "taken", "is_listed_again"),
    [
        (timedelta(minutes=50), "2026-11-22T03", False),
        (timedelta(hours=5), "2026-11-22T08", True),
        (timedelta(minutes=-50), "2026-11-22T03", False),
        (timedelta(hours=-2), "2026-11-22T01", True),
    ],
)
def test_a_run_that_paused_for_long_lists_again_and_keeps_its_look_ups(
    way: Connect,
    emulator: Emulator,
    tmp_path: Path,
    pause: timedelta,
    taken: str,
    *,
    is_listed_again: bool,
) -> None:
    """A clock that was set back in between discards nothing either."""
    began = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)
    stop = StopAfter(20)
    with pytest.raises(RunStoppedError):
        collect(
            way(emulator),
            tmp_path,
            clock=FastClock(began),
            **(FAST | {"progress": stop, "stop": stop.event, "rate": 150}),
        )
    pages = emulator.calls["ListAccounts"]
    snapshot = collect(way(emulator), tmp_path, clock=Clock(began + pause), **FAST)
    assert f"{snapshot.taken:%Y-%m-%dT%H}" == taken
    assert set(emulator.answered.values()) == {1}
    assert (emulator.calls["ListAccounts"] - pages >= 4) is is_listed_again
    first, last = snapshot.answered
    assert last - first > abs(pause) - timedelta(minutes=1)


def test_credentials_that_expire_end_the_run_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(expire_after=40)
    with pytest.raises(RunStoppedError, match="The credentials have expired") as caught:
        collect(way(emulator), tmp_path, **FAST)
    assert "aws sso login" in caught.value.hint
    emulator.change(expire_after=None)
    snapshot = collect(way(emulator), tmp_path, **FAST)
    assert snapshot.manifest.outcomes == {"FOUND": 52, "NOT_LINKED": 28}
    assert set(emulator.answered.values()) == {1}


def test_a_lost_network_ends_the_run_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    def cut(progress: Progress) -> None:
        if progress.done >= 30:
            emulator.stop()

    with pytest.raises(RunStoppedError, match="No answer from") as caught:
        collect(
            way(emulator), tmp_path, clock=FastClock(), **(FAST | {"progress": cut, "rate": 150})
        )
    assert emulator.url in caught.value.message
    emulator.start()
    snapshot = collect(way(emulator), tmp_path, **FAST)
    assert snapshot.manifest.outcomes == {"FOUND": 52, "NOT_LINKED": 28}


def test_a_list_denied_in_mid_run_ends_it_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    def deny(progress: Progress) -> None:
        if progress.total:
            emulator.change(denied_operations={"ListAccounts"})

    emulator.change(latency=0.1)
    with pytest.raises(RunStoppedError, match="AWS denied organizations ListAccounts") as caught:
        collect(way(emulator), tmp_path, **(FAST | {"progress": deny}))
    assert "organizations:ListAccounts" in caught.value.hint
    assert "found so far" in caught.value.message
    emulator.change(denied_operations=(), latency=0.0)
    assert len(collect(way(emulator), tmp_path, **FAST).accounts) == 80


def test_a_quota_of_nothing_ends_the_run_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(rate={LOOK_UP: 0.0}, burst=0.0)
    with pytest.raises(RunStoppedError, match="Nothing got through for 5 minutes"):
        collect(
            way(emulator),
            tmp_path,
            accounts=["000000000011"],
            clock=FastClock(),
            link_regions="none",
            progress=None,
        )
    emulator.change(rate=None)
    snapshot = collect(way(emulator), tmp_path, accounts=["000000000011"], **FAST)
    assert snapshot.manifest.outcomes == {"FOUND": 1}


def test_what_still_fails_is_kept_with_its_reason_and_alone_asked_again(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(failing={"000000000020": "424", "000000000021": "500"})
    first = collect(way(emulator), tmp_path, clock=FastClock(), **FAST)
    outcomes = first.govcloud.set_index("account_id")
    assert outcomes.loc["000000000020", "outcome"] == "UNAVAILABLE"
    assert outcomes.loc["000000000021", "outcome"] == "FAILED"
    assert "InternalServerException" in outcomes.loc["000000000021", "detail"]

    asked = emulator.calls[LOOK_UP]
    emulator.change(failing={})
    second = collect(way(emulator), tmp_path, **FAST)
    assert emulator.calls[LOOK_UP] == asked + 2
    assert second.id == first.id
    assert second.manifest.outcomes == {"FOUND": 52, "NOT_LINKED": 28}
    assert len(Store(tmp_path).snapshots()) == 1

    third = collect(way(emulator), tmp_path, **FAST)
    assert third.id != first.id
    assert emulator.calls[LOOK_UP] == asked + 2 + 80


def test_a_region_in_which_something_failed_is_mended_too(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(denied_operations={"ListAccountLinks"}, failing={"000000000020": "500"})
    options = FAST | {
        "link_regions": ["us-east-1"],
        "accounts": ["000000000019", "000000000020", "000000000021"],
    }
    first = collect(way(emulator), tmp_path, clock=FastClock(), **options)
    assert first.manifest.regions["us-east-1"]["outcome"] == "FAILED"
    assert first.manifest.regions["us-east-1"]["detail"].startswith("000000000020: ")

    emulator.change(failing={})
    asked = emulator.calls["GetAccountLink"]
    second = collect(way(emulator), tmp_path, **options)
    assert second.id == first.id
    assert second.manifest.regions["us-east-1"]["outcome"] == "FOUND"
    assert emulator.calls["GetAccountLink"] == asked + 1


def test_a_region_that_failed_holds_no_run_open_and_is_asked_again_in_the_next(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    # A delegated administrator asks about the management account's links, never about its pair.
    emulator.change(denied_operations={"ListAccountLinks"}, failing={"000000000001": "500"})
    options = FAST | {"link_regions": ["us-east-1"]}
    first = collect(way(emulator, "delegated"), tmp_path, clock=FastClock(), **options)
    assert first.manifest.regions["us-east-1"]["outcome"] == "FAILED"
    assert Store(tmp_path).unfinished() == []

    emulator.change(failing={})
    second = collect(way(emulator, "delegated"), tmp_path, **options)
    assert second.id != first.id
    assert second.manifest.regions["us-east-1"]["outcome"] == "FOUND"


@pytest.mark.parametrize(("minutes", "is_mended"), [(50, True), (70, False)])
def test_failed_look_ups_are_mended_while_the_rest_is_fresh_and_then_a_new_run_begins(
    way: Connect, tmp_path: Path, minutes: int, *, is_mended: bool
) -> None:
    began = datetime(2026, 11, 22, 3, tzinfo=UTC)
    organization = an_organization(a_pair(10), a_pair(11))
    with Emulator(organization, Switches(failing={"000000000010": "424"})) as emulator:
        first = collect(way(emulator), tmp_path, clock=FastClock(began), **FAST)
        emulator.change(failing={})
        later = Clock(began + timedelta(minutes=minutes))
        second = collect(way(emulator), tmp_path, clock=later, **FAST)
    assert (second.id == first.id) is second.manifest.completed is is_mended
    said = "completed the snapshot of 2026-11-22 03:00 UTC" if is_mended else "took a new one"
    assert summary(second).splitlines()[0] == f"Snapshot {second.id}: {said}"
    assert second.manifest.outcomes == {"FOUND": 2, "NOT_LINKED": 2}


def test_a_payer_that_closed_before_the_rest_was_mended_is_not_missed(
    way: Connect, tmp_path: Path
) -> None:
    """Another that left the list is not in the snapshot any more, and nobody is asked twice."""
    before = an_organization(a_pair(10), a_pair(11), a_pair(12), a_pair(13))
    after = an_organization(a_pair(10), a_pair(11, standard="CLOSED"), a_pair(12))
    with Emulator(before, Switches(failing={"000000000010": "424"})) as emulator:
        first = collect(way(emulator), tmp_path, clock=FastClock(), **FAST)
    with Emulator(after) as emulator:
        second = collect(way(emulator), tmp_path, **FAST)
    assert second.id == first.id
    states = second.accounts.set_index("account_id")["standard_state"]
    assert states["000000000011"] == "CLOSED"
    assert "000000000013" not in states
    assert len(second.govcloud) == len(second.accounts) == 5
    assert dict(emulator.answered) == {"000000000010": 1}


def test_a_region_that_does_not_answer_hides_no_payer_that_closed(tmp_path: Path) -> None:
    options = FAST | {"link_regions": ["us-east-1"]}
    broken = always("ListAccountLinks", fault("InternalServerException", 500))

    def collected(payer: Account) -> Snapshot:
        with (
            Emulator(an_organization(payer)) as emulator,
            Misbehaving(emulator.url, broken) as server,
        ):
            aws = connect_local(server.url)
            return collect(aws, tmp_path, clock=FastClock(), **options)

    first = collected(a_pair(11))
    assert first.manifest.regions["us-east-1"]["outcome"] == "FAILED"
    second = collected(a_pair(11, standard="CLOSED"))
    assert second.id != first.id
    states = second.accounts.set_index("account_id")["standard_state"]
    assert states["000000000011"] == "CLOSED"


def left_with(store: Path, what: str, region: str, token: str) -> None:
    """Let the run that was stopped there have got as far as this token."""
    journal = Journal(store / "journal", "o-emulator01")
    journal.save_asked(what, region=region, token=token)
    journal.commit()
    journal.close()


def test_a_list_whose_token_is_stale_is_read_again_and_nobody_is_asked_twice(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    stopped_after(way, emulator, tmp_path, 40)
    left_with(tmp_path, "ListAccounts", "", "stale")
    reports: list[Progress] = []

    snapshot = collect(way(emulator), tmp_path, **(FAST | {"progress": reports.append}))

    assert len(snapshot.accounts) == 80
    assert set(emulator.answered.values()) == {1}
    assert (reports[-1].done, reports[-1].total) == (80, 80)


def test_links_whose_token_is_stale_are_listed_again(way: Connect, tmp_path: Path) -> None:
    links = tuple(
        Link(f"link-{n:012}", "LINKED", "000000000001", f"{n:012}", "us-east-1")
        for n in range(10, 40)
    )
    options = FAST | {"link_regions": ["us-east-1"]}
    with Emulator(an_organization(*FEWER, links=links)) as emulator:
        stop = StopAfter(20)
        with pytest.raises(RunStoppedError):
            collect(
                way(emulator),
                tmp_path,
                **(options | {"progress": stop, "stop": stop.event, "rate": 150}),
            )
        left_with(tmp_path, "ListAccountLinks", "us-east-1", "stale")
        snapshot = collect(way(emulator), tmp_path, **options)
    assert len(snapshot.links) == 30
    assert snapshot.manifest.regions["us-east-1"]["outcome"] == "FOUND"


def test_a_run_that_ended_just_after_its_manifest_completes_its_own_snapshot(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    """Killed between the manifest and the journal's end, it finds its snapshot there already."""
    with pytest.raises(Killed):
        collect(way(emulator), Ending(tmp_path), **FAST)
    (first,) = Store(tmp_path).ids()

    second = collect(way(emulator), tmp_path, **FAST)

    assert second.id == first
    assert second.manifest.completed
    assert Store(tmp_path).ids() == [first]


class Killed(BaseException):
    """The process has ended, as kill -9 ends one."""


class Ending(Store):
    """A store whose process is killed as soon as a snapshot is in it."""

    def save(self, snapshot: Snapshot, **how: Any) -> Snapshot:
        super().save(snapshot, **how)
        raise Killed


def test_fresh_forgets_an_unfinished_run(way: Connect, emulator: Emulator, tmp_path: Path) -> None:
    stopped_after(way, emulator, tmp_path, 20)
    before = emulator.calls[LOOK_UP]
    collect(way(emulator), tmp_path, fresh=True, **FAST)
    assert emulator.calls[LOOK_UP] == before + 80


def test_an_unfinished_run_is_not_mixed_with_other_settings(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    stopped_after(way, emulator, tmp_path, 20)
    with pytest.raises(InputError, match="was begun with other accounts") as caught:
        collect(way(emulator), tmp_path, accounts=["000000000011"], **FAST)
    assert "--fresh" in caught.value.hint
    with pytest.raises(InputError, match="was begun with other link regions"):
        collect(way(emulator), tmp_path, **(FAST | {"link_regions": ["us-east-1"]}))


def test_an_unfinished_run_of_long_ago_is_begun_anew(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    stopped_after(way, emulator, tmp_path, 20)
    later = Clock(datetime.now(UTC) + pd.Timedelta(days=8))
    snapshot = collect(way(emulator), tmp_path, clock=later, **FAST)
    assert snapshot.taken > pd.Timestamp.now("UTC") + pd.Timedelta(days=7)


PROGRAM = """
import sys
from toolkit.aws import connect_local
from toolkit.runs import collect
from toolkit.errors import ToolkitError
try:
    collect(
        connect_local(sys.argv[1]), sys.argv[2], rate=200.0, link_regions="none", progress=None
    )
except ToolkitError as error:
    print(error)
    raise SystemExit(1)
"""


@contextmanager
def started(emulator: Emulator, store: Path) -> Iterator[Program]:
    command = [sys.executable, "-c", PROGRAM, emulator.url, store]
    log = store.with_name("log")
    with running(command, log, PYTHONPATH=str(Path(__file__).parents[2])) as program:
        yield program


def await_calls(emulator: Emulator, number: int, program: Program) -> None:
    """Wait until the program has asked so much, or has ended."""
    patience.until(lambda: emulator.calls[LOOK_UP] >= number or not program.runs)


def test_after_kills_at_any_moment_the_same_call_ends_as_if_undisturbed(
    way: Connect, tmp_path: Path
) -> None:
    """What was answered is never asked again, save what was in flight when the kill came."""
    at = random.Random(7)  # noqa: S311 - moments, no secret
    kills = 3
    with Emulator(an_organization(*PAIRS), Switches(latency=0.02)) as emulator:
        undisturbed = collect(way(emulator), tmp_path / "undisturbed", **FAST)
        once = emulator.calls[LOOK_UP]
        for _ in range(kills):
            begun = emulator.calls[LOOK_UP]
            with started(emulator, tmp_path / "killed") as program:
                await_calls(emulator, begun + at.randint(5, 30), program)
                program.kill()
        collect(way(emulator), tmp_path / "killed", **FAST)
        asked = emulator.calls[LOOK_UP] - once
    killed = load_snapshot(tmp_path / "killed")
    pd.testing.assert_frame_equal(answers(killed), answers(undisturbed))
    assert 152 <= asked <= 152 + kills * 48


def test_ctrl_c_ends_in_order_and_the_same_call_goes_on(way: Connect, tmp_path: Path) -> None:
    with Emulator(an_organization(*PAIRS), Switches(latency=0.02)) as emulator:
        with started(emulator, tmp_path / "store") as program:
            await_calls(emulator, 20, program)
            program.interrupt()
            assert program.ended() == 1, program.said
        assert program.said.startswith("The collection was stopped.")
        assert "Run the same again to go on" in program.said
        snapshot = collect(way(emulator), tmp_path / "store", **FAST)
        assert emulator.calls[LOOK_UP] == len(snapshot.govcloud) == 152
