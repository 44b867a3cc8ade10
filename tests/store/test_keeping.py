"""Which snapshots a rule keeps, over time and whatever was taken when."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import a_snapshot

from toolkit.errors import InputError
from toolkit.store import Manifest
from toolkit.store.keeping import DEFAULT, Rule

MANIFEST = a_snapshot().manifest
LATER = pd.Timestamp("2100-01-01T00:00:00Z")
RULES = ("all", "all:3d", DEFAULT, "daily:2w,monthly", "weekly:40d,yearly", "all:1d,daily:60d")


def taken(*times: str | pd.Timestamp, **facts: object) -> list[Manifest]:
    """Return the manifests of snapshots that were taken then, UTC."""
    return [
        replace(MANIFEST, taken=pd.Timestamp(time).tz_localize("UTC"), **facts)  # type: ignore[arg-type] - each test gives what it needs
        for time in times
    ]


def daily(first: str, last: str) -> list[Manifest]:
    """Return the manifests of a snapshot a day, at 3 in the morning."""
    return taken(*(day + pd.Timedelta(hours=3) for day in pd.date_range(first, last)))


def days(manifests: Iterable[Manifest]) -> list[str]:
    return [f"{one.taken:%Y-%m-%d}" for one in manifests]


def kept(rule: str, manifests: list[Manifest], now: pd.Timestamp = LATER) -> list[Manifest]:
    unkept = Rule.read(rule).unkept(manifests, now)
    return [one for one in manifests if one.snapshot_id not in unkept]


def test_two_years_of_days_become_days_then_weeks_then_months() -> None:
    staying = days(kept("default", daily("2024-11-25", "2026-11-26")))

    assert staying[-31:] == days(daily("2026-10-27", "2026-11-26"))
    # Sundays, and the ends of months: those stay when their weeks are over.
    assert staying[-36:-31] == [
        *("2026-09-30", "2026-10-04", "2026-10-11", "2026-10-18", "2026-10-25")
    ]
    assert staying[:4] == ["2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28"]
    # The week of the day that is a year ago is kept, and so are its month and those before it.
    assert [day for day in staying if "2025-11-01" <= day <= "2025-12-08"] == [
        "2025-11-30",
        "2025-12-07",
    ]
    assert len(staying) == 31 + 48 + 21  # days, Sundays, and ends of months that are no Sundays


def test_what_nothing_keeps_is_told_oldest_first_with_the_reason() -> None:
    some = taken("2026-11-26T03:00", "2026-09-21T03:00", "2026-09-22T04:00", "2026-01-01")

    assert Rule.read("all:30d,weekly:90d").unkept(some, LATER) == {
        "o-exampleorgid/2026-01-01T00-00-00Z": "it is older than 90 days",
        "o-exampleorgid/2026-09-21T03-00-00Z": "of that week, 2026-09-22 04:00 UTC stays",
    }


def test_a_collection_that_has_stopped_loses_nothing_by_time() -> None:
    some = daily("2020-01-01", "2020-01-20")
    assert kept("all:30d", some, LATER) == some


def test_a_snapshot_of_a_clock_that_was_ahead_ages_nothing() -> None:
    now = pd.Timestamp("2026-11-26T12:00:00Z")
    some = [*daily("2026-11-01", "2026-11-26"), *taken("2099-01-01")]
    assert kept("all:30d", some, now) == some


def test_each_organization_is_looked_at_by_itself() -> None:
    new = taken("2026-11-26", organization_id="o-new")
    old = taken("2020-01-01", "2020-01-02", organization_id="o-old")
    assert kept("all:7d", [*old, *new]) == [*old, *new]


def test_snapshots_of_chosen_accounts_stand_in_for_none_of_the_whole_organization() -> None:
    whole = taken("2026-06-01", "2026-06-02", "2026-06-03")
    chosen = taken("2026-06-05", "2026-11-26", complete=False)
    # Seen together, the first of June would be as old as half a year, and its month had the fifth.
    assert kept("all:1d,monthly", [*whole, *chosen]) == [*whole[1:], *chosen]


def test_an_empty_store_has_nothing_to_remove() -> None:
    assert Rule.read("default").unkept([], LATER) == {}


MINUTES = st.integers(0, 3 * 365 * 24 * 60)
TIMES = st.lists(MINUTES, min_size=1, max_size=40, unique=True).map(
    lambda found: [pd.Timestamp("2024-01-01") + pd.Timedelta(minutes=one) for one in sorted(found)]
)


@settings(max_examples=60)
@given(TIMES, st.sampled_from(RULES), st.data())
def test_to_prune_as_time_goes_by_leaves_what_to_prune_once_leaves(
    times: list[pd.Timestamp], rule: str, data: st.DataObject
) -> None:
    some = taken(*times)
    once = kept(rule, some)
    assert kept(rule, once) == once
    assert some[-1] in once

    left: list[Manifest] = []
    for one in some:
        left.append(one)
        if data.draw(st.booleans()):
            left = kept(rule, left)
    assert kept(rule, left) == once


@settings(max_examples=40)
@given(TIMES, st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_a_rule_that_keeps_longer_keeps_what_a_shorter_one_keeps(
    times: list[pd.Timestamp], first: int, more: int, longer: int
) -> None:
    some = taken(*times)
    short = kept(f"all:{first}d,weekly:{first + more + 1}d", some)
    assert set(days(short)) <= set(
        days(kept(f"all:{first + longer}d,weekly:{first + more + longer + 1}d,yearly", some))
    )


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_weeks_and_months_are_those_of_utc_wherever_it_is_looked_at(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    # Over the days on which clocks are changed, at the ends of a week and of a month.
    some = taken("2026-10-25T00:30", "2026-10-25T23:30", "2026-10-26T00:30", "2026-10-31T23:30")
    some += taken("2026-11-01T00:30", "2027-11-01")
    assert days(kept("weekly", some)) == ["2026-10-25", "2026-11-01", "2027-11-01"]
    assert days(kept("monthly", some)) == ["2026-10-31", "2026-11-01", "2027-11-01"]


def test_a_week_goes_over_the_end_of_a_year() -> None:
    some = taken("2026-12-28", "2026-12-31", "2027-01-01", "2027-01-03T23:59", "2027-01-04")
    assert kept("weekly", some) == some[-2:]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no rule of what to keep"),
        ("30d", "'30d' is no rule of what to keep"),
        ("all:30d,,monthly", "'' is no rule of what to keep"),
        ("all:30d,hourly", "it begins with none of all, daily, weekly, monthly, yearly"),
        ("all:30", "'30' in 'all:30' does not say for how long"),
        ("all:0d", "'0d' in 'all:0d' does not say for how long"),
        ("all:6m", "'6m' in 'all:6m' does not say for how long"),
        ("all:", "'' in 'all:' does not say for how long"),
        ("weekly:30d,all:1y", "'all' cannot come after 'weekly'"),
        ("weekly:30d,weekly:1y", "'weekly' cannot come after 'weekly'"),
        ("all,weekly:1y", "'all' does not say for how long, and only the last step is for ever"),
        ("all:1y,weekly:52w", "'weekly' for 364 days keeps nothing that 'all' for 365 days"),
    ],
)
def test_what_is_no_rule_is_one_sentence_with_an_example(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        Rule.read(text)
    assert said in caught.value.message
    assert caught.value.message.count(".") == 1
    assert DEFAULT in caught.value.hint
