"""Notices: compared with what was told last, by the policy of now, through damage and deletion."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from alerted import accepting, an_organization, standard

from toolkit.alerts import Standing, Told, name_of
from toolkit.store import Snapshot, Store
from toolkit.verdicts import Policy

FINE, CRITICAL = ("ACTIVE", "ACTIVE"), ("CLOSED", "ACTIVE")
FIRST = {1: FINE, 2: CRITICAL}
SECOND = {1: ("ACTIVE", "SUSPENDED"), 2: CRITICAL}
Pairs = dict[int, tuple[str, str]]


def on(day: int, pairs: Pairs, **more: Any) -> Snapshot:
    """Return the snapshot of a day in November 2026."""
    return an_organization(f"2026-11-{day}", pairs, **more)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """The folder of a store with one snapshot, and what is remembered of who was told of it."""
    folder = tmp_path_factory.mktemp("first")
    told = standing(a_store(folder, on(15, FIRST))).notice(None).told
    assert told is not None
    return folder, told.written()


@pytest.fixture(scope="module")
def accepted(first: tuple[Path, bytes]) -> Told:
    """What is remembered where the snapshot was judged by a policy that accepts the mismatch."""
    return told_of(Store(first[0]), accepting(2))


@pytest.fixture
def store(first: tuple[Path, bytes], tmp_path: Path) -> Store:
    """A store of the test's own with that snapshot."""
    return Store(shutil.copytree(first[0], tmp_path, dirs_exist_ok=True))


@pytest.fixture
def told(first: tuple[Path, bytes]) -> Told:
    """What is remembered of an address that was told of that snapshot."""
    return Told.read(first[1])


def a_store(path: Path, *snapshots: Snapshot) -> Store:
    """Keep snapshots."""
    store = Store(path)
    for one in snapshots:
        store.save(one)
    return store


def standing(
    store: Store, policy: Policy | None = None, **stopped: pd.Timestamp | None
) -> Standing:
    """Judge the newest snapshot; a run that began then has stopped."""
    runs = {"o-test": stopped["stopped"]} if stopped else {}
    return Standing.of(store, "o-test", policy or Policy(), runs)


def told_of(store: Store, policy: Policy | None = None) -> Told:
    """Return what is remembered of an address that was told now, read back from its file."""
    told = standing(store, policy).notice(None).told
    assert told is not None
    return Told.read(told.written())


def manifest_of(store: Store, day: int) -> Path:
    """Return the file of the manifest of a day."""
    return Path(f"{store}/runs/organization=o-test/taken=2026-11-{day}T03-00-00Z.json")


def headline(notice_of: Standing, told: Told | None) -> str | None:
    """Return the headline of what is to be told, None where nothing is."""
    message = notice_of.notice(told).message
    return message.headline if message else None


def test_nothing_is_told_twice(store: Store, told: Told) -> None:
    now = standing(store)

    assert headline(now, None) == "1 of 2 linked pairs disagrees, critically"
    assert headline(now, told) is None


def test_what_is_newer_is_compared_with_what_was_told(store: Store, told: Told) -> None:
    store.save(on(22, SECOND))

    assert headline(standing(store), told) == "1 new mismatch since 15 November 2026, 03:00 UTC"
    # Several snapshots later it is still compared with the one that was told of.
    store.save(on(29, FIRST))
    assert headline(standing(store), told) is None


def test_another_policy_is_no_news(store: Store, accepted: Told) -> None:
    store.save(on(22, FIRST))

    # The mismatch was accepted when it was told of, and now nobody answers for it.
    assert headline(standing(store), accepted) is None


def test_the_end_of_an_acceptance_is_told_by_the_snapshot_after_its_day(store: Store) -> None:
    policy = accepting(2, until="2026-11-20")
    told = told_of(store, policy)
    store.save(on(22, FIRST))

    said = headline(standing(store, policy), told)
    assert said == "1 acceptance ended since 15 November 2026, 03:00 UTC"


def test_a_snapshot_that_was_completed_since_is_compared_with_what_was_told(tmp_path: Path) -> None:
    store = a_store(tmp_path, on(15, FIRST, failed=[2]))
    told = told_of(store)
    store.save(on(15, FIRST), again=True)

    assert headline(standing(store), told) == "1 new mismatch since 15 November 2026, 03:00 UTC"


def test_where_the_snapshot_that_was_told_of_is_gone_what_was_told_stands_in(
    store: Store, told: Told
) -> None:
    store.save(on(22, SECOND))
    manifest_of(store, 15).unlink()

    assert headline(standing(store), told) == "1 new mismatch since 15 November 2026, 03:00 UTC"


def test_a_chosen_list_of_accounts_is_not_told_of(store: Store, told: Told) -> None:
    store.save(on(22, {1: ("ACTIVE", "SUSPENDED")}, complete=False))

    assert headline(standing(store), told) is None


@pytest.mark.filterwarnings("ignore::toolkit.store.LeftOutWarning")
def test_a_damaged_snapshot_is_told_once_and_takes_nothing_back(store: Store) -> None:
    second = store.save(on(22, SECOND))
    told = told_of(store)
    manifest_of(store, 22).write_text("{")

    notice = standing(store).notice(told)

    assert notice.message is not None
    assert notice.message.headline == "The snapshot of 22 November 2026, 03:00 UTC cannot be read"
    assert str(store) not in notice.message.text
    assert notice.told is not None
    assert notice.told.snapshot_id == second.id
    assert headline(standing(store), Told.read(notice.told.written())) is None


@pytest.mark.filterwarnings("ignore::toolkit.store.LeftOutWarning")
def test_where_no_snapshot_can_be_read_that_is_told_and_later_how_it_stands(store: Store) -> None:
    manifest = manifest_of(store, 15)
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text("{")

    notice = standing(store).notice(None)
    assert notice.message is not None
    assert notice.told is not None
    told = Told.read(notice.told.written())
    assert notice.message.headline == "The snapshot of 15 November 2026, 03:00 UTC cannot be read"
    assert headline(standing(store), told) is None

    manifest.write_text(whole, encoding="utf-8")
    assert headline(standing(store), told) == "1 of 2 linked pairs disagrees, critically"


def test_a_run_that_stopped_is_told_once(store: Store, told: Told) -> None:
    began = pd.Timestamp("2026-11-22T03:00Z")
    now = standing(store, stopped=began)

    notice = now.notice(told)

    assert notice.message is not None
    assert notice.message.headline == (
        "The run of 22 November 2026, 03:00 UTC stopped before its end: collect again, which goes"
        " on with it"
    )
    assert notice.told is not None
    again = Told.read(notice.told.written())
    assert headline(now, again) is None
    later = began + pd.Timedelta(days=1)
    assert headline(standing(store, stopped=later), again) is not None


def test_what_is_remembered_has_no_person_and_no_address(accepted: Told) -> None:
    kept = accepted.written()
    name = name_of("slack://secret-token@channel")

    assert b"@" not in kept
    assert "secret" not in name
    assert name.startswith("told-")
    assert name_of("slack://other") != name
    read = Told.read(kept)
    assert read.findings["account_id"].tolist() == [standard(2)]
    assert read.findings["accepted_until"].tolist() == [pd.Timestamp("2027-03-31T00:00Z")]
    assert read.written() == kept


@pytest.mark.parametrize(
    "kept",
    [
        *(b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"format": 2}', b"\xff\xfe"),
        b'{"format": 1, "snapshot": "a", "version": "b", "taken": "never", "troubles": []}',
        b'{"format": 1, "snapshot": "a", "version": "b", "findings": [["MISMATCH"]]}',
    ],
    ids=range(9),
)
def test_what_is_damaged_is_refused(kept: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Told.read(kept)
