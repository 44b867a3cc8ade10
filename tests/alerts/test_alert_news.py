"""News: what got better, worse or new, and what is never taken for an improvement."""

import pandas as pd
import pytest
from alerted import accepting, an_organization, judged, standard

from toolkit.alerts import findings, news
from toolkit.store import Snapshot
from toolkit.verdicts import Policy

Row = tuple[str, str, str | None, str | None]


def told(before: Snapshot, after: Snapshot, *, earlier: Snapshot | None = None) -> list[Row]:
    """Return the news between two snapshots: what, kind, severity before and now."""
    past = [earlier] if earlier else []
    old, now = judged(*past, before), judged(*past, before, after)
    return rows_of(news(findings(old), findings(now), now))


def rows_of(found: pd.DataFrame) -> list[Row]:
    """Return news as plain values."""
    rows = found[["news", "kind", "was", "severity"]]
    plain = rows.astype("object").where(rows.notna(), None)
    return [tuple(row) for row in plain.to_numpy().tolist()]


FINE = ("ACTIVE", "ACTIVE")
CUT_OFF = ("ACTIVE", "SUSPENDED")
BARE = ("ACTIVE", "CLOSED")
SHUT = ("CLOSED", "ACTIVE")

WEEK = {
    1: (CUT_OFF, CUT_OFF),
    2: (FINE, FINE),
    3: (FINE, BARE),
    4: (CUT_OFF, FINE),
    5: (BARE, CUT_OFF),
    6: (CUT_OFF, BARE),
    7: (CUT_OFF, ("SUSPENDED", "ACTIVE")),
    8: (SHUT, None),  # listed no longer
    9: (BARE, None),
    10: (SHUT, SHUT),  # the look-up of which fails, as that of the next one
    11: (FINE, FINE),
    12: (CUT_OFF, BARE),
    13: (BARE, CUT_OFF),
    14: (CUT_OFF, FINE),
    15: (SHUT, SHUT),
    16: (SHUT, SHUT),
}
"""What each account of an organization is before and after a week."""
FAILED = (10, 11)


@pytest.fixture(scope="module")
def week() -> pd.DataFrame:
    """The news of that week, in which somebody accepts 12 to 14 as cut off, and 15 and 16."""
    entries = [
        *(accepting(number, *CUT_OFF) for number in (12, 13, 14)),
        accepting(15, until="2026-11-20"),
        accepting(16),
    ]
    tables = [one.acceptances.assign(entry=place) for place, one in enumerate(entries, 1)]
    policy = Policy(acceptances=pd.concat(tables, ignore_index=True))
    before = an_organization("2026-11-15", {one: old for one, (old, _) in WEEK.items()})
    pairs = {one: new for one, (_, new) in WEEK.items() if new}
    after = an_organization("2026-11-22", pairs, failed=FAILED)
    now = judged(before, after, policy=policy)
    return news(findings(judged(before, policy=policy)), findings(now), now)


def of(week: pd.DataFrame, *numbers: int) -> list[Row]:
    """Return the news of some accounts, in their order."""
    return rows_of(week[week["account_id"].isin(map(standard, numbers))])


def test_nothing_is_news_where_nothing_changed(week: pd.DataFrame) -> None:
    assert of(week, 1, 2) == []


def test_a_pair_that_begins_to_disagree_is_new_and_one_that_stops_is_resolved(
    week: pd.DataFrame,
) -> None:
    assert of(week, 3, 4) == [
        ("NEW", "MISMATCH", None, "MEDIUM"),
        ("RESOLVED", "MISMATCH", "HIGH", "HIGH"),
    ]


def test_a_graver_state_is_worse_a_milder_one_is_milder_and_an_equal_one_is_a_change(
    week: pd.DataFrame,
) -> None:
    assert of(week, 5, 6, 7) == [
        ("WORSE", "MISMATCH", "MEDIUM", "HIGH"),
        ("CHANGED", "MISMATCH", "HIGH", "HIGH"),
        ("MILDER", "MISMATCH", "HIGH", "MEDIUM"),
    ]


def test_the_end_of_grace_is_worse() -> None:
    active = an_organization("2026-10-01", {1: FINE})
    closed = [an_organization(day, {1: SHUT}) for day in ("2026-10-02", "2026-11-22")]

    assert told(*closed, earlier=active) == [("WORSE", "MISMATCH", "HIGH", "CRITICAL")]


def test_what_left_the_list_and_was_not_closed_is_left_behind_and_never_resolved(
    week: pd.DataFrame,
) -> None:
    assert of(week, 8) == [("LEFT_BEHIND", "LEFT_BEHIND", None, "CRITICAL")]


def test_what_left_the_list_after_it_was_closed_is_resolved(week: pd.DataFrame) -> None:
    assert of(week, 9) == [("RESOLVED", "MISMATCH", "MEDIUM", "MEDIUM")]


def test_what_could_not_be_judged_is_out_of_sight_and_never_resolved(week: pd.DataFrame) -> None:
    assert of(week, *FAILED) == [
        ("LOST_SIGHT", "UNKNOWN", "CRITICAL", None),
        ("LOST_SIGHT", "UNKNOWN", None, None),
    ]


def test_what_cannot_be_judged_again_is_no_news() -> None:
    before, after, later = (
        an_organization(f"2026-11-{day}", {1: SHUT, 2: FINE}, failed=failed)
        for day, failed in ((15, []), (22, [1, 2]), (29, [1, 2]))
    )
    assert told(after, later, earlier=before) == []


def test_the_end_of_an_acceptance_is_news_on_its_day(week: pd.DataFrame) -> None:
    assert of(week, 15) == [("ACCEPTANCE_ENDED", "MISMATCH", "CRITICAL", "CRITICAL")]
    assert of(week, 16) == []


def test_another_state_ends_an_acceptance_which_is_news(week: pd.DataFrame) -> None:
    assert of(week, 12) == [("ACCEPTANCE_ENDED", "MISMATCH", "HIGH", "MEDIUM")]


def test_what_becomes_what_was_accepted_is_accepted_now(week: pd.DataFrame) -> None:
    assert of(week, 13) == [("ACCEPTED", "MISMATCH", "MEDIUM", "HIGH")]


def test_what_was_accepted_and_is_gone_is_no_news(week: pd.DataFrame) -> None:
    assert of(week, 14) == []


def test_what_the_other_list_told_is_not_resolved_where_that_list_was_not_seen() -> None:
    outside = an_organization("2026-11-15", {1: FINE}, members={2: "ACTIVE"})
    unseen = an_organization("2026-11-22", {1: FINE})
    inside = an_organization("2026-11-22", {1: FINE}, members={1: "ACTIVE"})

    assert told(outside, unseen) == []
    assert {(what, kind) for what, kind, _, _ in told(outside, inside)} == {
        ("RESOLVED", "NOT_IN_GOVCLOUD_ORGANIZATION"),
        ("RESOLVED", "WITHOUT_PAIR"),
    }


def test_what_was_left_behind_is_resolved_where_the_other_list_shows_it_closed() -> None:
    first = an_organization("2026-11-08", {1: FINE, 2: SHUT})
    left = an_organization("2026-11-15", {1: FINE}, members={1: "ACTIVE", 2: "ACTIVE"})
    closed = an_organization("2026-11-22", {1: FINE}, members={1: "ACTIVE", 2: "CLOSED"})

    assert told(left, closed, earlier=first) == [
        ("RESOLVED", "LEFT_BEHIND", "CRITICAL", "CRITICAL")
    ]


def test_news_names_each_account_once(week: pd.DataFrame) -> None:
    assert not pd.Index(week["account_id"]).has_duplicates
    assert set(week["account_id"]) == {standard(n) for n in (*range(3, 14), 15)}


def test_what_cannot_be_compared_any_more_is_not_resolved() -> None:
    before = an_organization("2026-11-15", {1: FINE, 2: FINE}, members={1: "ACTIVE", 2: "CLOSED"})
    # The look-up gives a word that nobody knows, so that nothing can be held against the list.
    odd = an_organization(
        "2026-11-22", {1: FINE, 2: ("ACTIVE", "ODD")}, members={1: "ACTIVE", 2: "CLOSED"}
    )

    assert told(before, odd) == [("LOST_SIGHT", "UNKNOWN", None, None)]
