"""Several organizations side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pandas as pd
import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.emulator import Account, Emulator
from toolkit.errors import CredentialsError, InputError, RunStoppedError, StoreError
from toolkit.runs import Progress, collect_all, several
from toolkit.runs.progress import Report
from toolkit.store import Snapshot, Store

FAST = {"rate": 5_000.0, "link_regions": "none"}
ORGANIZATION = an_organization(*(a_pair(number) for number in range(10, 40)))
OTHER = replace(
    an_organization(
        *(a_pair(number) for number in range(50, 60)),
        members=(Account("900000000001", "main"), Account("900000000050", "one")),
    ),
    organization_id="o-emulator02",
)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(ORGANIZATION) as started:
        yield started


@pytest.fixture
def other() -> Iterator[Emulator]:
    with Emulator(OTHER) as started:
        yield started


def snapshots(ended: dict[str, object]) -> dict[str, Snapshot]:
    assert all(isinstance(came, Snapshot) for came in ended.values()), ended
    return ended  # type: ignore[return-value] - looked at in the line above


def test_each_organization_gets_a_snapshot_of_its_own(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    reports: list[Progress] = []
    ways = {name: way(emulator, name) for name in ("management", "standalone", "noorg")}
    ended = snapshots(collect_all(ways, tmp_path, progress=reports.append, **FAST))
    assert {name: one.manifest.organization_id for name, one in ended.items()} == {
        "management": ORGANIZATION.organization_id,
        "standalone": "account-700000000007",
        "noorg": "account-800000000008",
    }
    assert len(Store(tmp_path).snapshots()) == 3
    assert {one.source for one in reports if one.phase == "done"} == set(ways)
    # The store is opened once, and all have it.
    assert len({id(one.store) for one in ended.values()}) == 1


def test_one_that_fails_leaves_the_others_alone(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    reports: list[Progress] = []
    ways = {name: way(emulator, name) for name in ("expired", "management", "invalid")}
    ended = collect_all(ways, tmp_path, progress=reports.append, **FAST)
    assert list(ended) == ["expired", "management", "invalid"]
    assert isinstance(ended["expired"], CredentialsError)
    assert isinstance(ended["management"], Snapshot)
    assert "InvalidClientTokenId" in str(ended["invalid"])
    assert {one.source for one in reports if one.phase == "failed"} == {"expired", "invalid"}
    assert len(Store(tmp_path).ids()) == 1


def test_of_two_ways_to_one_organization_the_first_collects_it(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    ways = {name: way(emulator, name) for name in ("management", "delegated")}
    ended = collect_all(ways, tmp_path, progress=None, **FAST)
    (first,) = (name for name, came in ended.items() if isinstance(came, Snapshot))
    (error,) = (came for came in ended.values() if not isinstance(came, Snapshot))
    assert isinstance(error, InputError)
    assert error.message == f"It leads to o-emulator01, which '{first}' collects already."
    assert len(Store(tmp_path).ids()) == 1


def test_each_has_a_witness_of_its_own(
    way: Connect, emulator: Emulator, other: Emulator, tmp_path: Path
) -> None:
    ended = snapshots(
        collect_all(
            {"one": way(emulator), "two": way(other)},
            tmp_path,
            govcloud={"two": way(other, "govcloud")},
            progress=None,
            **FAST,
        )
    )
    assert "witness" not in ended["one"].manifest.sources
    assert ended["two"].table("witness")["govcloud_account_id"].tolist() == [
        *("900000000001", "900000000050")
    ]


@pytest.mark.parametrize(
    "limit", [("MOST_TOGETHER", 1), ("_files_allowed", lambda _wanted: 100)], ids=["most", "files"]
)
def test_more_than_there_is_room_for_wait_for_their_turn(
    limit: tuple[str, object],
    way: Connect,
    emulator: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(several, *limit)
    reports: list[Progress] = []
    ways = {name: way(emulator, name) for name in ("management", "standalone", "noorg")}
    snapshots(collect_all(ways, tmp_path, progress=reports.append, **FAST))
    order = pd.Series([one.source for one in reports])
    assert order[order != order.shift()].tolist() == list(ways)


def test_no_more_files_are_asked_for_than_are_needed_and_none_are_taken_away() -> None:
    before = several._files_allowed(0)
    assert several._files_allowed(before) == before
    assert several._together(1) == 1
    assert several._together(1_000) <= several.MOST_TOGETHER


def test_a_stop_ends_all_in_order_and_all_go_on_where_they_were(
    way: Connect, emulator: Emulator, other: Emulator, tmp_path: Path
) -> None:
    stop, answered = Event(), dict.fromkeys(("one", "two"), 0)

    def report(progress: Progress) -> None:
        answered[progress.source] = max(answered[progress.source], progress.done)
        if all(answered.values()):
            stop.set()

    ways = {"one": way(emulator), "two": way(other)}
    slow = FAST | {"rate": 4.0}
    ended = collect_all(ways, tmp_path, progress=report, stop=stop, **slow)
    for came in ended.values():
        assert isinstance(came, RunStoppedError)
        assert came.message.startswith("The collection was stopped. ")
        assert "are answered and kept" in came.message
    assert Store(tmp_path).unfinished() == ["o-emulator01", "o-emulator02"]
    assert Store(tmp_path).ids() == []

    before = {one: one.calls["GetGovCloudAccountInformation"] for one in (emulator, other)}
    whole = snapshots(collect_all(ways, tmp_path, progress=None, **FAST))
    asked = {one: one.calls["GetGovCloudAccountInformation"] - before[one] for one in before}
    assert asked[emulator] < len(whole["one"].accounts) == 32
    assert asked[other] < len(whole["two"].accounts) == 12


def test_bars_wait_until_all_have_logged_in_and_then_tell_of_all(
    way: Connect,
    emulator: Emulator,
    other: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, reports = [], list[Progress]()

    @contextmanager
    def bars(runs: int) -> Iterator[Report]:
        calls = [one.calls["DescribeOrganization"] for one in (emulator, other)]
        asked.append((runs, min(calls) > 0))
        yield reports.append

    monkeypatch.setattr(several, "bars", bars)
    other.change(latency=0.3)
    ways = {"one": way(emulator), "two": way(other), "old": way(other, "expired")}
    collect_all(ways, tmp_path, **FAST)
    assert asked == [(3, True)]
    assert {one.source: one.phase for one in reports} == {
        "one": "done",
        "two": "done",
        "old": "failed",
    }


def test_a_store_that_cannot_be_is_said_once_and_nobody_is_asked(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="is a file, not a folder"):
        collect_all({"one": way(emulator)}, tmp_path / "file", progress=None, **FAST)
    assert not emulator.calls


def test_what_no_error_of_this_toolkit_is_is_raised_when_all_have_ended(
    way: Connect, emulator: Emulator, tmp_path: Path
) -> None:
    def report(progress: Progress) -> None:
        if progress.source == "noorg":
            raise ZeroDivisionError

    ways = {name: way(emulator, name) for name in ("noorg", "management")}
    with pytest.raises(ZeroDivisionError):
        collect_all(ways, tmp_path, progress=report, **FAST)
    assert Store(tmp_path).organizations() == [ORGANIZATION.organization_id]
