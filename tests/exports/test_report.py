from dataclasses import replace

import pandas as pd
import pytest
from reported import older_snapshot, small_snapshot

from toolkit.errors import SchemaError
from toolkit.exports.report import report, share
from toolkit.store import Snapshot
from toolkit.verdicts import judge_pairs


def manifest_with(**more: object) -> Snapshot:
    snapshot = small_snapshot()
    return replace(snapshot, manifest=replace(snapshot.manifest, **more))  # type: ignore[arg-type] # passed on as they came


def test_history_is_judged_oldest_first_and_ends_with_the_snapshot() -> None:
    content = report(small_snapshot(), history=[older_snapshot(), small_snapshot(day="2026-11-01")])
    assert [f"{taken:%m-%d}" for taken, _ in content.history] == ["11-01", "11-15", "11-22"]


def test_snapshots_that_are_not_earlier_are_left_out() -> None:
    later = small_snapshot(day="2026-12-01")
    assert not report(small_snapshot(), history=[small_snapshot(), later]).compared


def test_between_chosen_lists_an_account_in_one_of_them_tells_nothing() -> None:
    content = report(small_snapshot(complete=False), history=[older_snapshot()])
    assert set(content.changes["change"]) == {"APPEARED", "RESOLVED"}


def test_links_of_a_selection_are_those_that_touch_it() -> None:
    pairs = judge_pairs(small_snapshot())
    content = report(small_snapshot(), pairs=pairs[pairs["name"] == "three"])
    assert content.links["target_account_id"].tolist() == ["100000000003"]


def test_the_whole_as_a_selection_keeps_its_history() -> None:
    pairs = judge_pairs(small_snapshot())
    assert report(small_snapshot(), pairs=pairs, history=[older_snapshot()]).compared


def test_a_selection_that_is_not_judged_is_refused() -> None:
    with pytest.raises(SchemaError, match="The selection has no column"):
        report(small_snapshot(), pairs=small_snapshot().accounts)


def test_regions_that_gave_no_answer_are_named() -> None:
    regions = {"us-east-1": {"outcome": "FOUND"}, "eu-west-1": {"outcome": "ACCESS_DENIED"}}
    facts = dict(report(manifest_with(regions=regions)).method)
    assert facts["Account links"] == "3 in 1 of 2 Regions asked; no answer from eu-west-1"


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0.0, "0 %"), (0.0001, "0.1 %"), (0.056, "5.6 %"), (0.9999, "99.9 %"), (1.0, "100 %")],
)
def test_a_share_is_none_or_all_only_where_it_is(rate: float, words: str) -> None:
    assert share(rate) == words


def test_reporting_leaves_its_tables_alone() -> None:
    snapshot = small_snapshot()
    before = snapshot.accounts.copy()
    report(snapshot, history=[older_snapshot()])
    pd.testing.assert_frame_equal(snapshot.accounts, before)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:2"]
)
def test_what_a_local_endpoint_answered_is_never_shown_as_aws(endpoint: str) -> None:
    content = report(manifest_with(endpoint_url=endpoint))
    assert content.source == (
        "Source: a local endpoint, not AWS (demo organization), snapshot 2026-11-22 03:00 UTC"
    )
    assert dict(content.method)["Sources"].endswith(f"; asked at {endpoint}")


def test_another_endpoint_is_told_but_is_no_demo() -> None:
    content = report(manifest_with(endpoint_url="https://proxy.example"))
    assert content.source.startswith("Source: AWS Organizations and Account Management")
    assert dict(content.method)["Sources"].endswith("; asked at https://proxy.example")


def test_the_run_is_told_in_calls_and_minutes() -> None:
    content = report(manifest_with(calls=1_234, seconds=700.0, throttled=5, calls_saved=20))
    assert dict(content.method)["Run"] == (
        "1,234 calls in 12 minutes, 5 of them throttled;"
        " 20 look-ups reused from the snapshot before"
    )


def test_roles_that_could_be_entered_are_counted() -> None:
    roles = {"100000000002": {"outcome": "FOUND"}, "100000000003": {"outcome": "ACCESS_DENIED"}}
    assert dict(report(manifest_with(roles=roles)).method)["Roles"] == (
        "1 of 2 member accounts entered"
    )
