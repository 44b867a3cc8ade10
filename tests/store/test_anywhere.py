"""What a store promises, wherever it is: in a folder, in a bucket, on another server's."""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bucketed import a_bucket_at, contents, second_server  # noqa: F401 - a fixture
from copied import ROOT
from patience import LONG
from stored import ID, MANIFEST, TAKEN, a_snapshot

from toolkit.errors import SnapshotExistsError, SnapshotNotFoundError
from toolkit.store import Store, keys
from toolkit.store.place import Place

WEEK = pd.Timedelta(weeks=1)
CLAIM = keys.claim_key(ID)


def a_store(kind: str, request: pytest.FixtureRequest) -> Store:
    folder = request.getfixturevalue("tmp_path")
    if kind == "a folder":
        return Store(folder / "store")
    server = request.getfixturevalue("bucket_server" if kind == "a bucket" else "second_server")
    return Store(a_bucket_at(server, folder, request.getfixturevalue("monkeypatch")))


@pytest.fixture(params=["a folder", "a bucket"])
def store(request: pytest.FixtureRequest) -> Store:
    return a_store(request.param, request)


@pytest.fixture(params=["a folder", "a bucket", "another server"])
def any_store(request: pytest.FixtureRequest) -> Store:
    return a_store(request.param, request)


def test_what_was_saved_is_read_back(any_store: Store) -> None:
    assert (any_store.is_begun, any_store.ids(), any_store.organizations()) == (False, [], [])
    saved = any_store.save(a_snapshot())
    any_store.save(a_snapshot(TAKEN - WEEK, organization="o-another0000"))

    loaded = any_store.load()

    assert any_store.is_begun
    assert any_store.ids() == ["o-another0000/2026-11-15T03-00-00Z", ID]
    assert any_store.organizations() == ["o-another0000", "o-exampleorgid"]
    assert any_store.listing("o-exampleorgid").manifests == (saved.manifest,)
    assert loaded.manifest == saved.manifest
    for name in ("accounts", "govcloud", "links"):
        pd.testing.assert_frame_equal(loaded.table(name), saved.table(name))


def test_a_second_snapshot_of_an_id_is_refused_before_a_part_is_written(any_store: Store) -> None:
    any_store.save(a_snapshot(name="Before"))
    before = contents(any_store)

    with pytest.raises(SnapshotExistsError, match=f"has a snapshot {ID} already"):
        any_store.save(a_snapshot(name="After"))

    assert contents(any_store) == before


def test_of_eight_that_save_one_snapshot_one_succeeds_and_all_of_it_is_its_own(
    any_store: Store,
) -> None:
    together = threading.Barrier(8)
    saved: list[str] = []
    refused: list[SnapshotExistsError] = []

    def save(name: str) -> None:
        snapshot = a_snapshot(name=name)
        snapshot.govcloud["detail"] = name
        together.wait()
        try:
            any_store.save(snapshot)
        except SnapshotExistsError as error:
            refused.append(error)
        else:
            saved.append(name)

    writers = [threading.Thread(target=save, args=(f"writer {n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(refused) == 7
    loaded = any_store.load()
    assert [loaded.accounts["name"].iloc[0]] == saved
    assert set(loaded.govcloud["detail"]) == set(saved)


def test_a_second_writer_is_refused_while_the_first_is_in_the_middle(store: Store) -> None:
    store._place.write_if_absent(CLAIM, b"the first")
    before = contents(store)

    with pytest.raises(SnapshotExistsError, match="Another collection is writing the snapshot"):
        store.save(a_snapshot())

    assert contents(store) == before


class Killed(BaseException):
    """The process has ended, as kill -9 ends one."""


class Ending:
    """A place whose process is killed at one of its operations: after it, nothing is done."""

    def __init__(self, place: Place, operation: str, key: str) -> None:
        self._place = place
        self._at = operation, key
        self._is_dead = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._place, name)
        if not callable(found):
            return found

        def asked(*about: Any) -> Any:
            self._is_dead = self._is_dead or (name, about[0]) == self._at
            if self._is_dead:
                raise Killed
            return found(*about)

        return asked


def save_and_die(store: Store, snapshot: Any, operation: str, key: str, **how: Any) -> None:
    ending = Store(str(store))
    ending._place = Ending(store._place, operation, key)  # type: ignore[assignment]
    with pytest.raises(Killed):
        ending.save(snapshot, **how)


def test_who_is_killed_before_the_manifest_leaves_nothing_that_is_seen(store: Store) -> None:
    save_and_die(store, a_snapshot(), "write_if_absent", MANIFEST)

    assert store.ids() == []
    assert store.organizations() == []
    with pytest.raises(SnapshotNotFoundError):
        store.load()
    with pytest.raises(SnapshotExistsError, match="or was stopped at that"):
        store.save(a_snapshot(name="another's"))

    store.save(a_snapshot())

    assert store.load().accounts["name"].tolist() == ["Payments", "NA"]


def test_a_writer_goes_on_by_its_claim_where_it_was_killed(store: Store) -> None:
    links = keys.part_key("links", ID)
    save_and_die(store, a_snapshot(name="first"), "write", links, claim="a run's own")

    with pytest.raises(SnapshotExistsError):
        store.save(a_snapshot(name="another's"), claim="another run's own")
    store.save(a_snapshot(name="again"), claim="a run's own")

    assert store.load().accounts["name"].tolist() == ["again", "NA"]


def test_a_claim_is_no_key_to_a_snapshot_that_is_there(store: Store) -> None:
    store.save(a_snapshot(name="Before"), claim="a run's own")
    before = contents(store)

    with pytest.raises(SnapshotExistsError, match="has a snapshot"):
        store.save(a_snapshot(name="After"), claim="a run's own")

    assert contents(store) == before


def test_a_snapshot_that_is_completed_needs_no_claim(store: Store) -> None:
    store.save(a_snapshot(name="Before"))
    before = store.versions()

    after = a_snapshot(name="After")
    store.save(replace(after, manifest=replace(after.manifest, completed=True)), again=True)

    assert store.load().accounts["name"].tolist() == ["After", "NA"]
    assert store.versions().keys() == before.keys()
    assert store.versions() != before


class Watched:
    """A place that has something looked at after each removal."""

    def __init__(self, place: Place, look: Callable[[str], None]) -> None:
        self._place = place
        self._look = look

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)

    def remove(self, key: str) -> None:
        self._place.remove(key)
        self._look(key)


def test_a_snapshot_is_gone_for_readers_from_the_first_step_of_its_removal(store: Store) -> None:
    kept = store.save(a_snapshot(TAKEN - WEEK))
    before = contents(store)
    store.save(a_snapshot())
    seen: list[tuple[str, list[str]]] = []
    watched = Store(str(store))
    watched._place = Watched(  # type: ignore[assignment]
        store._place, lambda key: seen.append((key, store.ids()))
    )

    watched.remove(ID)

    assert seen[0][0] == MANIFEST
    assert {tuple(ids) for _, ids in seen} == {(kept.id,)}
    assert contents(store) == before
    store.remove(ID)  # nothing is there, and so nothing happens


def test_a_store_in_a_bucket_works_in_another_process(bucket: str) -> None:
    store = Store(bucket)
    store.save(a_snapshot())
    program = "import pickle, sys; print(pickle.loads(bytes.fromhex(sys.argv[1])).ids())"

    told = subprocess.run(
        [sys.executable, "-c", program, pickle.dumps(store).hex()],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
        timeout=LONG,
    )

    assert told.stdout == f"['{ID}']\n"


def test_what_is_remembered_is_recalled_and_what_is_not_is_none(store: Store) -> None:
    assert store.recall("o-exampleorgid", "told.json") is None

    store.remember("o-exampleorgid", "told.json", b"one")
    store.remember("o-exampleorgid", "told.json", b"two")

    assert store.recall("o-exampleorgid", "told.json") == b"two"


def test_what_a_save_costs_does_not_grow_with_what_is_there(tmp_path: Path) -> None:
    def events_of_a_save(folder: Path, earlier: int) -> int:
        store = Store(folder)
        for week in range(earlier):
            store.save(a_snapshot(TAKEN - (week + 1) * WEEK))
        snapshot = a_snapshot()
        with counted() as events:
            store.save(snapshot)
        return len(events)

    assert events_of_a_save(tmp_path / "few", 2) == events_of_a_save(tmp_path / "many", 12)


class counted:  # noqa: N801 - a context manager
    """The file events of this process, of which a hook tells that cannot be taken out again."""

    on: list[list[str]] = []  # noqa: RUF012 - one for all
    hooked = False

    def __enter__(self) -> list[str]:
        if not counted.hooked:
            sys.addaudithook(counted.hear)
            counted.hooked = True
        counted.on.append([])
        return counted.on[-1]

    def __exit__(self, *_: object) -> None:
        counted.on.pop()

    @staticmethod
    def hear(event: str, about: Any) -> None:
        if counted.on and event.startswith(("open", "os.")):
            counted.on[-1].append(f"{event} {about!r}")
