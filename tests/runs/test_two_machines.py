"""Two machines that collect one organization into one store: neither run is lost, nothing mixed."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bucketed import Behind
from emulated import Connect, FastClock, a_pair, an_organization

from toolkit.aws import Aws
from toolkit.emulator import Emulator
from toolkit.errors import RunStoppedError, StoreUnreachableError
from toolkit.runs import collect
from toolkit.store import Snapshot, Store

MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
FAST: dict[str, Any] = {"rate": 5_000.0, "sources": "none", "progress": None}
Machine = Callable[[Aws, str], Snapshot]
FIRST, SECOND = "2026-11-22T03-00-00Z", "2026-11-22T03-00-01Z"


class Still(FastClock):
    """A clock that tells one time of day."""

    def now(self) -> datetime:
        return MOMENT


@pytest.fixture
def emulators() -> Iterator[list[Emulator]]:
    """The organization as each machine sees it: an account was closed in between."""
    states = "ACTIVE", "CLOSED"
    made = [Emulator(an_organization(a_pair(10), a_pair(11, govcloud=one))) for one in states]
    with made[0], made[1]:
        yield made


class AboutToSave(Store):
    """A store before whose first save something happens."""

    def __init__(self, address: str, happens: Callable[[], None]) -> None:
        super().__init__(address)
        self._happens = happens

    def save(self, snapshot: Snapshot, **how: Any) -> Snapshot:
        self._happens()
        return super().save(snapshot, **how)


@pytest.fixture
def other_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Collect as a machine does that has a disk of its own, where it journals."""

    def collects(aws: Aws, bucket: str) -> Snapshot:
        with monkeypatch.context() as there:
            there.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
            return collect(aws, bucket, clock=Still(), **FAST)

    return collects


def interrupt() -> None:
    raise KeyboardInterrupt


def govcloud_states(store: Store, taken: str) -> list[str]:
    loaded = store.load(taken)
    assert loaded.manifest.accounts == len(loaded.accounts) == len(loaded.govcloud)
    return loaded.govcloud["govcloud_state"].dropna().astype("str").tolist()


def test_of_two_runs_of_one_second_the_later_one_to_end_takes_the_next(
    way: Connect, emulators: list[Emulator], bucket: str, other_machine: Machine
) -> None:
    store = Store(bucket)
    others: list[Snapshot] = []

    def meanwhile() -> None:
        if not others:
            others.append(other_machine(way(emulators[1]), bucket))

    mine = collect(way(emulators[0]), AboutToSave(bucket, meanwhile), clock=Still(), **FAST)

    assert others[0].id.endswith(FIRST)
    assert mine.id.endswith(SECOND)
    assert store.ids() == [others[0].id, mine.id]
    assert not mine.manifest.completed
    assert mine.manifest.finished >= mine.taken
    assert govcloud_states(store, FIRST) == ["ACTIVE", "CLOSED"]
    assert govcloud_states(store, SECOND) == ["ACTIVE", "ACTIVE"]
    assert store.unfinished() == []


def test_a_run_that_goes_on_completes_no_snapshot_of_another_machine(
    way: Connect, emulators: list[Emulator], bucket: str, other_machine: Machine
) -> None:
    with pytest.raises(KeyboardInterrupt):
        collect(way(emulators[0]), AboutToSave(bucket, interrupt), clock=Still(), **FAST)
    theirs = other_machine(way(emulators[1]), bucket)

    mine = collect(way(emulators[0]), bucket, clock=Still(), **FAST)

    store = Store(bucket)
    assert theirs.id.endswith(FIRST)
    assert store.ids() == [theirs.id, mine.id]
    assert govcloud_states(store, FIRST) == ["ACTIVE", "CLOSED"]
    assert govcloud_states(store, SECOND) == ["ACTIVE", "ACTIVE"]


def test_the_journal_of_a_bucket_stays_on_this_machine_and_is_gone_on_with(
    way: Connect, emulators: list[Emulator], bucket: str, tmp_path: Path
) -> None:
    store = Store(bucket)

    with pytest.raises(KeyboardInterrupt):
        collect(way(emulators[0]), AboutToSave(bucket, interrupt), clock=Still(), **FAST)
    asked = emulators[0].calls.copy()

    assert store.unfinished() == ["o-emulator01"]
    assert tmp_path / "state" in store.journal.parents
    assert (store.is_begun, store.ids()) == (True, [])
    mine = collect(way(emulators[0]), bucket, clock=Still(), **FAST)
    assert store.ids() == [mine.id]
    look_ups = "GetGovCloudAccountInformation"
    assert emulators[0].calls[look_ups] == asked[look_ups]
    assert store.unfinished() == []


def test_a_bucket_that_nothing_could_be_saved_in_is_told_before_anything_is_asked(
    way: Connect, emulators: list[Emulator], between: Behind
) -> None:
    store, _ = between(drops=("if-none-match",))

    with pytest.raises(StoreUnreachableError, match="takes no heed of If-None-Match"):
        collect(way(emulators[0]), store, clock=Still(), **FAST)

    assert emulators[0].calls["ListAccounts"] == 0
    assert store.ids() == []


def test_a_stop_is_heeded_while_a_snapshot_is_being_saved_and_the_next_run_saves_it(
    way: Connect, emulators: list[Emulator], bucket: str
) -> None:
    stop, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        stop.set()
        let_go.wait(60)
        interrupt()

    with pytest.raises(RunStoppedError) as stopped:
        collect(way(emulators[0]), AboutToSave(bucket, hang), clock=Still(), stop=stop, **FAST)
    held = let_go.is_set()
    let_go.set()

    assert not held
    assert stopped.value.message == "Stopped while the snapshot was being saved."
    assert Store(bucket).ids() == []
    saved = collect(way(emulators[0]), bucket, clock=Still(), **FAST)
    assert Store(bucket).ids() == [saved.id]
    assert govcloud_states(Store(bucket), FIRST) == ["ACTIVE", "ACTIVE"]
