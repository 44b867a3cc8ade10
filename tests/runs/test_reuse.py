"""Answers of earlier runs that are used again, and only where that is proven right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from emulated import Connect, a_pair, an_organization

from toolkit import schema
from toolkit.emulator import Emulator
from toolkit.runs import Clock, collect, summary
from toolkit.runs.reuse import Earlier, known_closures
from toolkit.store import Manifest, Snapshot, Store

FAST = {"rate": 5_000.0, "link_regions": "none", "progress": None}
LOOK_UP = "GetGovCloudAccountInformation"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def on_day(number: int) -> Clock:
    return Clock(NOW + timedelta(days=number))


def a_snapshot(
    days_ago: float,
    *pairs: tuple[str, str, str],
    fetched_days_ago: float = -1,
    complete: bool = True,
) -> Snapshot:
    """Make a snapshot of (account, standard state, GovCloud state); "" is a failed look-up."""
    taken = pd.Timestamp(NOW) - pd.Timedelta(days=days_ago)
    fetched = taken if fetched_days_ago < 0 else NOW - timedelta(days=fetched_days_ago)
    accounts = [{"account_id": a, "standard_state": s} for a, s, _ in pairs]
    govcloud = [
        {
            "account_id": account_id,
            "govcloud_account_id": "000000000007" if state else None,
            "govcloud_state": state or None,
            "outcome": "FOUND" if state else "FAILED",
            "fetched_at": fetched,
        }
        for account_id, _, state in pairs
    ]
    return Snapshot(
        {
            "accounts": schema.coerce(schema.ACCOUNTS, accounts),
            "govcloud": schema.coerce(schema.GOVCLOUD, govcloud),
        },
        Manifest("o-x", taken, taken, "000000000001", "management", complete),
    )


A, B = "000000000042", "000000000043"
CLOSED = (A, "CLOSED", "CLOSED")


def earlier(folder: Path, *snapshots: Snapshot, max_age: timedelta | None = None) -> Earlier:
    store = Store(folder)
    for snapshot in snapshots:
        store.save(snapshot)
    return Earlier(store, "o-x", pd.Timestamp(NOW), max_age)


def test_without_snapshots_everything_is_asked(tmp_path: Path) -> None:
    assert earlier(tmp_path, max_age=timedelta(days=1)).row(A, "CLOSED") is None


def test_an_answer_younger_than_the_age_stands_with_its_own_time(tmp_path: Path) -> None:
    known = earlier(tmp_path, a_snapshot(0.5, (A, "ACTIVE", "ACTIVE")), max_age=timedelta(days=1))
    row = known.row(A, "ACTIVE")
    assert row is not None
    assert row["govcloud_state"] == "ACTIVE"
    assert row["detail"] is None
    assert row["fetched_at"] == "2026-11-21T15:00:00+00:00"
    assert known.row(B, "ACTIVE") is None


def test_an_answer_taken_over_from_an_older_run_ages_from_when_it_was_given(
    tmp_path: Path,
) -> None:
    older = a_snapshot(0.5, (A, "ACTIVE", "ACTIVE"), fetched_days_ago=2)
    assert earlier(tmp_path, older, max_age=timedelta(days=1)).row(A, "ACTIVE") is None


def test_a_failure_is_never_used_again(tmp_path: Path) -> None:
    known = earlier(tmp_path, a_snapshot(0.5, (A, "ACTIVE", "")), max_age=timedelta(days=1))
    assert known.row(A, "ACTIVE") is None


def test_a_pair_closed_in_every_snapshot_for_90_days_is_not_asked_again(tmp_path: Path) -> None:
    known = earlier(tmp_path, a_snapshot(91, CLOSED), a_snapshot(40, CLOSED), a_snapshot(1, CLOSED))
    row = known.row(A, "CLOSED")
    assert row is not None
    assert row["govcloud_state"] == "CLOSED"
    assert known.row(A, "ACTIVE") is None


@pytest.mark.parametrize(
    "snapshots",
    [
        pytest.param([(89, CLOSED), (1, CLOSED)], id="not long enough"),
        pytest.param([(91, (A, "CLOSED", "ACTIVE")), (1, CLOSED)], id="one side only"),
        pytest.param([(91, CLOSED), (40, (A, "ACTIVE", "CLOSED")), (1, CLOSED)], id="reopened"),
        pytest.param([(91, CLOSED), (40, (A, "CLOSED", "")), (1, CLOSED)], id="out of sight"),
        pytest.param([(91, CLOSED), (40, (B, "ACTIVE", "ACTIVE")), (1, CLOSED)], id="vanished"),
        pytest.param([(91, CLOSED), (1, (A, "CLOSED", ""))], id="not seen last time"),
    ],
)
def test_whatever_leaves_a_doubt_is_asked(
    tmp_path: Path, snapshots: list[tuple[int, tuple[str, str, str]]]
) -> None:
    known = earlier(tmp_path, *(a_snapshot(days, pair) for days, pair in snapshots))
    assert known.row(A, "CLOSED") is None


def test_a_run_over_chosen_accounts_says_nothing_of_the_others(tmp_path: Path) -> None:
    chosen = a_snapshot(40, (B, "ACTIVE", "ACTIVE"), complete=False)
    assert earlier(tmp_path, a_snapshot(91, CLOSED), chosen, a_snapshot(1, CLOSED)).row(A, "CLOSED")


def test_closed_on_an_old_answer_counts_from_the_snapshot_not_the_answer(tmp_path: Path) -> None:
    """That the standard account was closed is known only from when it was listed so."""
    known = earlier(tmp_path, a_snapshot(1, CLOSED, fetched_days_ago=200))
    assert known.row(A, "CLOSED") is None


def test_a_damaged_snapshot_proves_nothing_and_stops_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for snapshot in (a_snapshot(91, CLOSED), a_snapshot(1, CLOSED)):
        store.save(snapshot)
    parts = sorted(tmp_path.glob("govcloud/*/*/part.parquet"))
    parts[0].write_bytes(b"damaged")
    assert Earlier(store, "o-x", pd.Timestamp(NOW), None).row(A, "CLOSED") is None
    parts[1].write_bytes(b"damaged")
    assert Earlier(store, "o-x", pd.Timestamp(NOW), None).newest is None


def test_the_next_run_asks_only_for_what_is_older_and_says_what_it_saved(
    way: Connect, tmp_path: Path
) -> None:
    first_pairs = [a_pair(number) for number in range(10, 40)]
    with Emulator(an_organization(*first_pairs)) as emulator:
        collect(way(emulator), tmp_path, clock=on_day(0), **FAST)
        emulator.organization = an_organization(*first_pairs, a_pair(40), a_pair(41))
        before = emulator.calls[LOOK_UP]
        snapshot = collect(
            way(emulator), tmp_path, clock=on_day(1), max_age=timedelta(days=2), **FAST
        )
        assert emulator.calls[LOOK_UP] == before + 2
        assert snapshot.manifest.calls_saved == 32
        assert "32 saved by earlier answers" in summary(snapshot)
        assert snapshot.manifest.outcomes == {"FOUND": 32, "NOT_LINKED": 2}
        before = emulator.calls[LOOK_UP]
        collect(
            way(emulator), tmp_path, clock=on_day(2), max_age=timedelta(days=9), fresh=True, **FAST
        )
        assert emulator.calls[LOOK_UP] == before + 34


def test_long_closed_pairs_are_not_asked_again(way: Connect, tmp_path: Path) -> None:
    pairs = [a_pair(10), a_pair(11, "CLOSED", "CLOSED"), a_pair(12, "CLOSED", "ACTIVE")]
    with Emulator(an_organization(*pairs)) as emulator:
        for day in (0, 45, 91):
            before = emulator.calls[LOOK_UP]
            snapshot = collect(way(emulator), tmp_path, clock=on_day(day), **FAST)
        assert emulator.calls[LOOK_UP] == before + 4
    assert snapshot.manifest.calls_saved == 1
    assert len(snapshot.govcloud) == 5


def closing(days_ago: float, closed: dict[str, str], *, complete: bool = True) -> Snapshot:
    """Make a snapshot that knows when accounts were closed."""
    snapshot = a_snapshot(days_ago, CLOSED, complete=complete)
    rows = [{"account_id": account, "closed_at": at} for account, at in closed.items()]
    ended = {"outcome": "FOUND", "detail": None, "rows": len(rows)}
    return Snapshot(
        {**snapshot.tables, "closures": schema.coerce(schema.CLOSURES, rows)},
        replace(snapshot.manifest, sources={"closures": ended}),
    )


def test_the_last_closure_that_any_snapshot_knew_counts_however_old_the_snapshot(
    tmp_path: Path,
) -> None:
    """A snapshot of chosen accounts says nothing of the others, so older ones are looked at."""
    store = Store(tmp_path)
    store.save(closing(400, {A: "2020-01-01T00:00:00Z"}))
    store.save(closing(300, {A: "2025-01-01T00:00:00Z", B: "2025-02-01T00:00:00Z"}))
    store.save(a_snapshot(200, CLOSED))
    store.save(closing(100, {A: "2026-08-01T00:00:00Z"}, complete=False))

    known = known_closures(store, "o-x", pd.Timestamp(NOW))

    assert known == {A: "2026-08-01T00:00:00+00:00", B: "2025-02-01T00:00:00+00:00"}
