"""A run that stops, however it stops, goes on where it was and asks nothing twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from emulated import Connect, FastClock, a_pair, an_organization

from toolkit.runs import Clock, Progress, collect
from toolkit.emulator import Emulator
from toolkit.errors import InputError, RunStoppedError
from toolkit.store import Snapshot, list_snapshots, load_snapshot

PAIRS = [a_pair(number, govcloud="ACTIVE" if number % 3 else None) for number in range(10, 310)]
FAST = {"rate": 5_000.0, "link_regions": "none", "progress": None}
LOOK_UP = "GetGovCloudAccountInformation"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
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
    assert list_snapshots(tmp_path).empty


def test_a_resumed_run_asks_each_account_once_in_all(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    stopped_after(way, emulator, tmp_path, 20)
    stopped_after(way, emulator, tmp_path, 60)
    pages = emulator.calls["ListAccounts"]
    snapshot = collect(way(emulator), tmp_path, **FAST)
    assert emulator.calls[LOOK_UP] == 302
    assert set(emulator.answered.values()) == {1}
    assert pages <= 16 + 1
    assert len(snapshot.govcloud) == 302
    assert snapshot.manifest.calls >= 302 + 16


def test_a_resumed_run_is_the_one_that_began(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    clock = FastClock(datetime(2026, 11, 22, 3, tzinfo=UTC))
    stop = StopAfter(20)
    with pytest.raises(RunStoppedError):
        collect(
            way(emulator),
            tmp_path,
            clock=clock,
            **(FAST | {"progress": stop, "stop": stop.event, "rate": 150}),
        )
    later = Clock(datetime(2026, 11, 22, 5, tzinfo=UTC))
    snapshot = collect(way(emulator), tmp_path, clock=later, **FAST)
    assert snapshot.taken == pd.Timestamp("2026-11-22T03:00:00Z")
    assert snapshot.manifest.finished >= pd.Timestamp("2026-11-22T05:00:00Z")


def test_credentials_that_expire_end_the_run_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.expire_after = 100
    with pytest.raises(RunStoppedError, match="The credentials have expired") as caught:
        collect(way(emulator), tmp_path, **FAST)
    assert "aws sso login" in caught.value.hint
    emulator.renew_credentials()
    snapshot = collect(way(emulator), tmp_path, **FAST)
    assert snapshot.manifest.outcomes == {"FOUND": 200, "NOT_LINKED": 102}
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
    assert snapshot.manifest.outcomes == {"FOUND": 200, "NOT_LINKED": 102}


def test_a_list_denied_in_mid_run_ends_it_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    def deny(progress: Progress) -> None:
        if progress.total:
            emulator.switches.denied_operations.add("ListAccounts")

    emulator.latency = 0.02
    with pytest.raises(RunStoppedError, match="AWS denied organizations ListAccounts") as caught:
        collect(way(emulator), tmp_path, **(FAST | {"progress": deny}))
    assert "organizations:ListAccounts" in caught.value.hint
    assert "found so far" in caught.value.message
    emulator.switches.denied_operations.clear()
    assert len(collect(way(emulator), tmp_path, **FAST).accounts) == 302


def test_a_quota_of_nothing_ends_the_run_in_order(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.set_rate(0.0, 0.0, operation=LOOK_UP)
    with pytest.raises(RunStoppedError, match="Nothing got through for 5 minutes"):
        collect(
            way(emulator),
            tmp_path,
            accounts=["000000000011"],
            clock=FastClock(),
            link_regions="none",
            progress=None,
        )
    emulator.set_rate(None, operation=LOOK_UP)
    snapshot = collect(way(emulator), tmp_path, accounts=["000000000011"], **FAST)
    assert snapshot.manifest.outcomes == {"FOUND": 1}


def test_what_still_fails_is_kept_with_its_reason_and_alone_asked_again(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.switches.failing.update({"000000000020": "424", "000000000021": "500"})
    first = collect(way(emulator), tmp_path, clock=FastClock(), **FAST)
    outcomes = first.govcloud.set_index("account_id")
    assert outcomes.loc["000000000020", "outcome"] == "UNAVAILABLE"
    assert outcomes.loc["000000000021", "outcome"] == "FAILED"
    assert "InternalServerException" in outcomes.loc["000000000021", "detail"]

    asked = emulator.calls[LOOK_UP]
    emulator.switches.failing.clear()
    second = collect(way(emulator), tmp_path, **FAST)
    assert emulator.calls[LOOK_UP] == asked + 2
    assert second.id == first.id
    assert second.manifest.outcomes == {"FOUND": 200, "NOT_LINKED": 102}
    assert len(list_snapshots(tmp_path)) == 1

    third = collect(way(emulator), tmp_path, **FAST)
    assert third.id != first.id
    assert emulator.calls[LOOK_UP] == asked + 2 + 302


def test_a_region_in_which_something_failed_is_mended_too(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.switches.denied_operations.add("ListAccountLinks")
    emulator.switches.failing["000000000020"] = "500"
    options = FAST | {
        "link_regions": ["us-east-1"],
        "accounts": ["000000000019", "000000000020", "000000000021"],
    }
    first = collect(way(emulator), tmp_path, clock=FastClock(), **options)
    assert first.manifest.regions["us-east-1"]["outcome"] == "FAILED"
    assert first.manifest.regions["us-east-1"]["detail"].startswith("000000000020: ")

    emulator.switches.failing.clear()
    asked = emulator.calls["GetAccountLink"]
    second = collect(way(emulator), tmp_path, **options)
    assert second.id == first.id
    assert second.manifest.regions["us-east-1"]["outcome"] == "FOUND"
    assert emulator.calls["GetAccountLink"] == asked + 1


def test_fresh_forgets_an_unfinished_run(way: Connect, emulator: Emulator, tmp_path: Path) -> None:
    stopped_after(way, emulator, tmp_path, 50)
    before = emulator.calls[LOOK_UP]
    collect(way(emulator), tmp_path, fresh=True, **FAST)
    assert emulator.calls[LOOK_UP] == before + 302


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
        connect_local(sys.argv[1]), sys.argv[2], rate=400.0, link_regions="none", progress=None
    )
except ToolkitError as error:
    print(error)
    raise SystemExit(1)
"""


def started(emulator: Emulator, store: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, emulator.url, str(store)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_after_kills_at_any_moment_the_same_call_ends_as_if_undisturbed(
    way: Connect, tmp_path: Path
) -> None:
    """What was answered is never asked again, save what was in flight when the kill came."""
    at = random.Random(7)  # noqa: S311 - moments, no secret
    kills = 5
    with Emulator(organization=an_organization(*PAIRS), latency=0.02) as emulator:
        undisturbed = collect(way(emulator), tmp_path / "undisturbed", **FAST)
        once = emulator.calls[LOOK_UP]
        for _ in range(kills):
            begun = emulator.calls[LOOK_UP]
            process = started(emulator, tmp_path / "killed")
            wanted = begun + at.randint(5, 50)
            while emulator.calls[LOOK_UP] < wanted and process.poll() is None:
                time.sleep(0.002)
            process.kill()
            process.communicate()
        finished = started(emulator, tmp_path / "killed")
        said, _ = finished.communicate(timeout=120)
        asked = emulator.calls[LOOK_UP] - once
    assert (finished.returncode, said) == (0, "")
    killed = load_snapshot(tmp_path / "killed")
    pd.testing.assert_frame_equal(answers(killed), answers(undisturbed))
    assert 302 <= asked <= 302 + kills * 48


def test_ctrl_c_ends_in_order_and_the_same_call_goes_on(tmp_path: Path) -> None:
    with Emulator(organization=an_organization(*PAIRS), latency=0.02) as emulator:
        process = started(emulator, tmp_path)
        while emulator.calls[LOOK_UP] < 40:
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert said.startswith("The collection was stopped.")
        assert "Run the same again to go on" in said
        finished = started(emulator, tmp_path)
        finished.communicate(timeout=120)
        assert finished.returncode == 0
        assert emulator.calls[LOOK_UP] == 302
