"""The demo organization: its weekly snapshots, made once and gone on with."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from toolkit import demo
from toolkit.emulator import REFERENCE_DAY
from toolkit.store import Store, load_snapshot
from toolkit.verdicts import judge_pairs

_TODAY = date(2027, 3, 2)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo have as few accounts as those whose places are denied need."""
    monkeypatch.setattr(demo, "ACCOUNTS", 60)


def test_what_a_stopped_start_left_half_done_the_next_one_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 2)
    seen: list[date] = []

    def stop_at_the_second(day: date, _done: float) -> None:
        seen.append(day)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make(tmp_path, today=_TODAY, told=stop_at_the_second)
    assert not demo.is_complete(tmp_path)
    demo.make(tmp_path, today=_TODAY + timedelta(days=1), told=stop_at_the_second)

    assert demo.is_complete(tmp_path)
    assert seen[:3] == [date(2027, 2, 22), date(2027, 3, 1), date(2027, 3, 1)]
    assert [f"{taken:%Y-%m-%d %H}" for taken in Store(tmp_path).snapshots()["taken"]] == [
        "2027-03-01 03",
        "2027-02-22 03",
    ]


def test_its_newest_snapshot_is_what_the_emulator_knows_but_for_what_is_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 1)
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(tmp_path))

    pairs = judge_pairs(load_snapshot(demo.store())).set_index("account_id")

    emulator = demo.emulator(REFERENCE_DAY)
    denied = set(pairs.index[pairs["outcome"] == "ACCESS_DENIED"])
    assert denied == emulator.switches.denied_accounts
    for truth in emulator.organization.pairs():
        row = pairs.loc[truth["account_id"]]
        assert row["standard_state"] == truth["standard_state"]
        if truth["account_id"] not in denied and truth["govcloud_state"]:
            assert row["govcloud_state"] == truth["govcloud_state"]


def test_a_demo_that_an_older_version_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 1)
    demo.make(tmp_path, today=_TODAY)
    (manifest,) = tmp_path.glob("runs/*/*.json")
    told = json.loads(manifest.read_text(encoding="utf-8"))
    del told["sources"]["witness"]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert not demo.is_complete(tmp_path)

    demo.make(tmp_path, today=_TODAY + timedelta(days=7))

    assert demo.is_complete(tmp_path)
    assert [f"{taken:%Y-%m-%d}" for taken in Store(tmp_path).snapshots()["taken"]] == ["2027-03-08"]
    assert len(load_snapshot(tmp_path).witness) > 20


def test_what_the_demo_tells_of_time_is_of_the_day_that_it_is_taken_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "WEEKS", 1)
    demo.make(tmp_path, today=_TODAY)
    snapshot = load_snapshot(tmp_path)

    closed = snapshot.closures["closed_at"]
    assert len(closed) > 3
    assert closed.between(snapshot.taken - timedelta(days=90), snapshot.taken).all()
    assert sorted(set(snapshot.spend["month"])) == ["2026-12", "2027-01", "2027-02"]
    assert not snapshot.spend["is_estimated"].any()
