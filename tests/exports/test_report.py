"""The report: what every output is rendered from, whole or a selection."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from reported import older_snapshot, small_snapshot

from toolkit.errors import InputError, SchemaError
from toolkit.exports.report import Report, as_report
from toolkit.store import LeftOutWarning, Snapshot, Store


def manifest_with(**more: object) -> Snapshot:
    snapshot = small_snapshot()
    return replace(snapshot, manifest=replace(snapshot.manifest, **more))  # type: ignore[arg-type] # passed on as they came


def test_history_is_judged_oldest_first_and_ends_with_the_snapshot() -> None:
    content = Report.of(
        small_snapshot(), history=[older_snapshot(), small_snapshot(day="2026-11-01")]
    )
    assert [f"{taken:%m-%d}" for taken, _ in content.history] == ["11-01", "11-15", "11-22"]
    assert f"{content.before:%m-%d}" == "11-15"
    assert set(content.changes["change"]) == {"APPEARED", "RESOLVED", "VANISHED", "JOINED"}


def test_snapshots_that_are_not_earlier_are_left_out() -> None:
    later = small_snapshot(day="2026-12-01")
    assert not Report.of(small_snapshot(), history=[small_snapshot(), later]).compared


def test_between_chosen_lists_an_account_in_one_of_them_tells_nothing() -> None:
    content = Report.of(small_snapshot(complete=False), history=[older_snapshot()])
    assert set(content.changes["change"]) == {"APPEARED", "RESOLVED"}


def test_a_selection_has_the_links_that_touch_it_and_no_history(dated_report: Report) -> None:
    whole = dated_report
    chosen = whole.only(whole.pairs[whole.pairs["name"] == "three"], "Only three")
    assert chosen.links["target_account_id"].tolist() == ["100000000003"]
    assert (whole.compared, chosen.compared) == (True, False)
    assert chosen.changes.empty
    assert chosen.is_partial
    assert chosen.name == "account-states-2026-11-22-only-three"


def test_a_selection_counts_its_own_pairs_and_keeps_the_whole(small_report: Report) -> None:
    whole = small_report
    chosen = whole.only(whole.pairs.head(2), "Only two")
    assert (chosen.figures.accounts, len(chosen.judged.pairs)) == (2, 5)
    assert len(chosen.judged.links) == 3
    assert chosen.mismatches["account_id"].tolist() == ["100000000002"]
    assert chosen.method[0] == ("Selection", "Only two (2 accounts in all)")


def test_the_whole_as_a_selection_keeps_its_history_and_all_links(dated_report: Report) -> None:
    whole = dated_report
    chosen = whole.only(whole.pairs, "All of them")
    assert chosen.compared
    assert len(chosen.links) == 3
    assert not chosen.is_partial


def test_a_selection_carries_columns_of_the_users_own(small_report: Report) -> None:
    whole = small_report
    chosen = whole.only(whole.pairs.assign(mine=1), "All of them")
    pd.testing.assert_frame_equal(chosen.pairs, whole.pairs.assign(mine=1))


def test_a_selection_that_is_not_judged_is_refused(small_report: Report) -> None:
    with pytest.raises(SchemaError, match="The selection has no column"):
        small_report.only(small_snapshot().accounts, "Not judged")


def test_history_of_another_organization_is_refused() -> None:
    strange = small_snapshot(organization="o-other", day="2026-11-01")
    with pytest.raises(InputError, match=r"o-other/.* is a snapshot of another organization than"):
        Report.of(small_snapshot(), history=[older_snapshot(), strange])


def test_without_a_history_given_it_is_that_of_the_store(
    small_report: Report, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    store.save(older_snapshot())
    snapshot = store.save(small_snapshot())
    store.save(small_snapshot(day="2026-12-01"))
    for found in (snapshot, store.load(snapshot.id)):
        content = Report.of(found)
        assert [f"{taken:%m-%d}" for taken, _ in content.history] == ["11-15", "11-22"]
    assert not Report.of(snapshot, history=()).compared
    assert not small_report.compared


def test_what_is_neither_snapshot_nor_report_is_refused_in_a_sentence(small_report: Report) -> None:
    pairs = small_report.pairs
    with pytest.raises(InputError, match="A DataFrame is neither a snapshot nor a report"):
        as_report(pairs)  # type: ignore[arg-type] # the mistake that is tested


def test_regions_that_gave_no_answer_are_named() -> None:
    regions = {"us-east-1": {"outcome": "FOUND"}, "eu-west-1": {"outcome": "ACCESS_DENIED"}}
    facts = dict(Report.of(manifest_with(regions=regions)).method)
    assert facts["Account links"] == "3 in 1 of 2 Regions asked; no answer from eu-west-1"


def test_reporting_leaves_its_tables_alone() -> None:
    snapshot = small_snapshot()
    before = snapshot.accounts.copy()
    Report.of(snapshot, history=[older_snapshot()])
    pd.testing.assert_frame_equal(snapshot.accounts, before)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:2"]
)
def test_what_a_local_endpoint_answered_is_never_shown_as_aws(endpoint: str) -> None:
    content = Report.of(manifest_with(endpoint_url=endpoint))
    assert content.source == (
        "Source: a local endpoint, not AWS (demo organization), snapshot 2026-11-22 03:00 UTC"
    )
    assert dict(content.method)["Sources"].endswith(f"; asked at {endpoint}")


def test_another_endpoint_is_told_but_is_no_demo() -> None:
    content = Report.of(manifest_with(endpoint_url="https://proxy.example"))
    assert content.source.startswith(
        "Source: AWS Organizations and Account Management, asked at https://proxy.example, snapshot"
    )
    assert dict(content.method)["Sources"].endswith("; asked at https://proxy.example")


def test_the_run_is_told_in_calls_and_time() -> None:
    content = Report.of(manifest_with(calls=1_234, seconds=700.0, throttled=5, calls_saved=20))
    assert dict(content.method)["Run"] == (
        "1,234 calls in 11 min 40 s, 5 of them throttled;"
        " 20 look-ups reused from the snapshot before"
    )


def test_roles_that_could_be_entered_are_counted() -> None:
    roles = {"100000000002": {"outcome": "FOUND"}, "100000000003": {"outcome": "ACCESS_DENIED"}}
    assert dict(Report.of(manifest_with(roles=roles)).method)["Roles"] == (
        "1 of 2 member accounts entered"
    )


def test_a_history_that_is_cut_or_has_gaps_is_said_in_the_method(tmp_path: Path) -> None:
    store = Store(tmp_path)
    newest = small_snapshot()
    for week in range(15):
        taken = newest.taken - pd.Timedelta(weeks=14 - week)
        store.save(replace(newest, manifest=replace(newest.manifest, taken=taken)))

    method = dict(Report.of(store.load()).method)
    assert method["History"] == "the last 13 of 15 snapshots"
    assert "Left out" not in method

    min(tmp_path.glob("runs/*/*.json")).write_bytes(b"{")
    with pytest.warns(LeftOutWarning):
        method = dict(Report.of(store.load()).method)
    assert method["History"] == "the last 13 of 14 snapshots"
    assert method["Left out"] == "1 snapshot of the store cannot be read"
