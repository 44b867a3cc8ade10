"""Notices: compared with what was told last, by the policy of now, through damage and deletion."""

from pathlib import Path

import pandas as pd
import pytest
from alerted import accepting, an_organization, standard

from toolkit.alerts import Standing, Told, name_of
from toolkit.store import Snapshot, Store
from toolkit.verdicts import Policy

FINE, CRITICAL = ("ACTIVE", "ACTIVE"), ("CLOSED", "ACTIVE")
FIRST = an_organization("2026-11-15", {1: FINE, 2: CRITICAL})
SECOND = an_organization("2026-11-22", {1: ("ACTIVE", "SUSPENDED"), 2: CRITICAL})


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


def headline(notice_of: Standing, told: Told | None) -> str | None:
    """Return the headline of what is to be told, None where nothing is."""
    message = notice_of.notice(told).message
    return message.headline if message else None


def test_nothing_is_told_twice(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)

    assert headline(standing(store), None) == "1 of 2 linked pairs disagrees, critically"
    assert headline(standing(store), told_of(store)) is None


def test_what_is_newer_is_compared_with_what_was_told(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)
    told = told_of(store)
    store.save(SECOND)

    assert headline(standing(store), told) == "1 new mismatch since 15 November 2026, 03:00 UTC"
    # Several snapshots later it is still compared with the one that was told of.
    store.save(an_organization("2026-11-29", {1: FINE, 2: CRITICAL}))
    assert headline(standing(store), told) is None


def test_another_policy_is_no_news(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)
    told = told_of(store, accepting(2))
    store.save(an_organization("2026-11-22", {1: FINE, 2: CRITICAL}))

    # The mismatch was accepted when it was told of, and now nobody answers for it.
    assert headline(standing(store), told) is None


def test_the_end_of_an_acceptance_is_told_by_the_snapshot_after_its_day(tmp_path: Path) -> None:
    policy = accepting(2, until="2026-11-20")
    store = a_store(tmp_path, FIRST)
    told = told_of(store, policy)
    store.save(an_organization("2026-11-22", {1: FINE, 2: CRITICAL}))

    said = headline(standing(store, policy), told)
    assert said == "1 acceptance ended since 15 November 2026, 03:00 UTC"


def test_a_snapshot_that_was_completed_since_is_compared_with_what_was_told(tmp_path: Path) -> None:
    store = a_store(tmp_path, an_organization("2026-11-15", {1: FINE, 2: CRITICAL}, failed=[2]))
    told = told_of(store)
    store.save(FIRST, again=True)

    assert headline(standing(store), told) == "1 new mismatch since 15 November 2026, 03:00 UTC"


def test_where_the_snapshot_that_was_told_of_is_gone_what_was_told_stands_in(
    tmp_path: Path,
) -> None:
    store = a_store(tmp_path, FIRST)
    told = told_of(store)
    store.save(SECOND)
    (tmp_path / "runs/organization=o-test/taken=2026-11-15T03-00-00Z.json").unlink()

    assert headline(standing(store), told) == "1 new mismatch since 15 November 2026, 03:00 UTC"


def test_a_chosen_list_of_accounts_is_not_told_of(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)
    told = told_of(store)
    store.save(an_organization("2026-11-22", {1: ("ACTIVE", "SUSPENDED")}, complete=False))

    assert headline(standing(store), told) is None


@pytest.mark.filterwarnings("ignore::toolkit.store.LeftOutWarning")
def test_a_damaged_snapshot_is_told_once_and_takes_nothing_back(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST, SECOND)
    told = told_of(store)
    (tmp_path / "runs/organization=o-test/taken=2026-11-22T03-00-00Z.json").write_text("{")

    notice = standing(store).notice(told)

    assert notice.message is not None
    assert notice.message.headline == "The snapshot of 22 November 2026, 03:00 UTC cannot be read"
    assert str(tmp_path) not in notice.message.text
    assert notice.told is not None
    assert notice.told.snapshot_id == SECOND.id
    assert headline(standing(store), Told.read(notice.told.written())) is None


@pytest.mark.filterwarnings("ignore::toolkit.store.LeftOutWarning")
def test_where_no_snapshot_can_be_read_that_is_told_and_later_how_it_stands(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)
    manifest = tmp_path / "runs/organization=o-test/taken=2026-11-15T03-00-00Z.json"
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


def test_a_run_that_stopped_is_told_once(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)
    began = pd.Timestamp("2026-11-22T03:00Z")
    told = told_of(store)

    notice = standing(store, stopped=began).notice(told)

    assert notice.message is not None
    assert notice.message.headline == (
        "The run of 22 November 2026, 03:00 UTC stopped before its end: collect again, which goes"
        " on with it"
    )
    assert notice.told is not None
    again = Told.read(notice.told.written())
    assert headline(standing(store, stopped=began), again) is None
    later = began + pd.Timedelta(days=1)
    assert headline(standing(store, stopped=later), again) is not None


def test_what_is_remembered_has_no_person_and_no_address(tmp_path: Path) -> None:
    store = a_store(tmp_path, FIRST)
    told = standing(store, accepting(2)).notice(None).told
    assert told is not None

    kept = told.written()
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
