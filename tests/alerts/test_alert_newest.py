"""Which snapshot stands for an organization among several."""

import warnings
from pathlib import Path

import pytest
from alerted import an_organization
from bucketed import Behind, Wanted, refusal
from misbehaving import Asked

from toolkit.alerts import newest
from toolkit.errors import SnapshotNotFoundError, StoreError, StoreUnreachableError
from toolkit.fleet import fleet
from toolkit.store import Store
from toolkit.store.listing import LeftOutWarning

FINE = {1: ("ACTIVE", "ACTIVE")}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two days of a whole organization, a day of chosen accounts; and a newer one of another."""
    found = Store(tmp_path)
    for day, complete, organization in (
        ("2026-11-20", True, "o-test"),
        ("2026-11-21", True, "o-test"),
        ("2026-11-22", False, "o-test"),
        ("2026-11-23", True, "o-other"),
    ):
        found.save(an_organization(day, FINE, complete=complete, organization=organization))
    return found


def damage(store: Store, day: str) -> None:
    for path in Path(str(store)).glob(f"accounts/organization=o-test/taken={day}*/*"):
        path.write_bytes(b"{")


def day_of(store: Store) -> str:
    return f"{newest(store, 'o-test').taken:%Y-%m-%d}"


def test_it_is_the_newest_of_the_whole_organization(store: Store) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert day_of(store) == "2026-11-21"


def test_where_that_cannot_be_read_it_is_the_one_before_and_that_is_said(store: Store) -> None:
    damage(store, "2026-11-21")

    with pytest.warns(LeftOutWarning, match="taken=2026-11-21"):
        assert day_of(store) == "2026-11-20"


def test_a_manifest_that_cannot_be_read_is_said_too(store: Store) -> None:
    manifest = "runs/organization=o-test/taken=2026-11-21T03-00-00Z.json"
    (Path(str(store)) / manifest).write_text("{", encoding="utf-8")

    with pytest.warns(LeftOutWarning, match=manifest):
        assert day_of(store) == "2026-11-20"


def test_where_no_whole_one_can_be_read_it_is_the_newest(store: Store) -> None:
    damage(store, "2026-11-2[01]")

    with pytest.warns(LeftOutWarning) as said:
        assert day_of(store) == "2026-11-22"
    assert sorted(str(one.message).partition("taken=")[2][:10] for one in said) == [
        "2026-11-20",
        "2026-11-21",
    ]


@pytest.mark.filterwarnings("ignore::toolkit.store.listing.LeftOutWarning")
@pytest.mark.parametrize("damaged", ["2026-11-23", "2026-11-21", "2026-11-2[01]"])
def test_it_is_the_one_that_the_fleet_shows(damaged: str, store: Store) -> None:
    damage(store, damaged)

    shown = fleet(store).set_index("organization_id")["taken"]
    assert newest(store, "o-test").taken == shown["o-test"]


def test_where_none_can_be_read_it_is_said_why_of_the_newest(store: Store) -> None:
    damage(store, "")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(StoreError, match="taken=2026-11-22"):
            newest(store, "o-test")


def test_an_organization_without_snapshots_is_named(store: Store) -> None:
    with pytest.raises(SnapshotNotFoundError, match="holds no snapshot of o-nobody"):
        newest(store, "o-nobody")


def test_a_login_that_runs_out_is_no_reason_to_try_an_older_one(between: Behind) -> None:
    store, server = between()
    for day in ("2026-11-20", "2026-11-21"):
        store.save(an_organization(day, FINE))
    expired = refusal("ExpiredToken", 400)
    server.rules.append(lambda asked: expired if _is_part(asked) else None)
    server.requests.clear()

    with pytest.raises(StoreUnreachableError):
        newest(store, "o-test")
    assert not [one for one in server.requests if _is_part(one) and "2026-11-20" in one.key]


def _is_part(asked: Asked) -> bool:
    is_part = isinstance(asked, Wanted) and asked.key.endswith(".parquet")
    return is_part and asked.operation == "GetObject"
