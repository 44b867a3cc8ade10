"""News: what got better, worse or new, and what is never taken for an improvement."""

import pandas as pd
from alerted import Pairs, accepting, an_organization, judged, standard

from toolkit.alerts import findings, news
from toolkit.store import Snapshot
from toolkit.verdicts import Policy

Row = tuple[str, str, str | None, str | None]


def told(
    before: Snapshot,
    after: Snapshot,
    policy: Policy | None = None,
    *,
    earlier: Snapshot | None = None,
) -> list[Row]:
    """Return the news between two snapshots: what, kind, severity before and now."""
    past = [earlier] if earlier else []
    old, now = judged(*past, before, policy=policy), judged(*past, before, after, policy=policy)
    rows = news(findings(old), findings(now), now)[["news", "kind", "was", "severity"]]
    plain = rows.astype("object").where(rows.notna(), None)
    return [tuple(row) for row in plain.to_numpy().tolist()]


def days(before: Pairs, after: Pairs) -> tuple[Snapshot, Snapshot]:
    """Return two snapshots of an organization."""
    return an_organization("2026-11-15", before), an_organization("2026-11-22", after)


FINE = ("ACTIVE", "ACTIVE")
CUT_OFF = ("ACTIVE", "SUSPENDED")
BARE = ("ACTIVE", "CLOSED")


def test_nothing_is_news_where_nothing_changed() -> None:
    assert told(*days({1: CUT_OFF, 2: FINE}, {1: CUT_OFF, 2: FINE})) == []


def test_a_pair_that_begins_to_disagree_is_new_and_one_that_stops_is_resolved() -> None:
    assert told(*days({1: CUT_OFF, 2: FINE}, {1: FINE, 2: BARE})) == [
        ("NEW", "MISMATCH", None, "MEDIUM"),
        ("RESOLVED", "MISMATCH", "HIGH", "HIGH"),
    ]


def test_a_graver_state_is_worse_a_milder_one_is_milder_and_an_equal_one_is_a_change() -> None:
    before = {1: BARE, 2: CUT_OFF, 3: ("ACTIVE", "SUSPENDED")}
    after = {1: CUT_OFF, 2: BARE, 3: ("SUSPENDED", "ACTIVE")}

    assert told(*days(before, after)) == [
        ("WORSE", "MISMATCH", "MEDIUM", "HIGH"),
        ("CHANGED", "MISMATCH", "HIGH", "HIGH"),
        ("MILDER", "MISMATCH", "HIGH", "MEDIUM"),
    ]


def test_the_end_of_grace_is_worse() -> None:
    active = an_organization("2026-10-01", {1: FINE})
    closed = [
        an_organization(day, {1: ("CLOSED", "ACTIVE")}) for day in ("2026-10-02", "2026-11-22")
    ]

    assert told(*closed, earlier=active) == [("WORSE", "MISMATCH", "HIGH", "CRITICAL")]


def test_what_left_the_list_and_was_not_closed_is_left_behind_and_never_resolved() -> None:
    assert told(*days({1: FINE, 2: ("CLOSED", "ACTIVE")}, {1: FINE})) == [
        ("LEFT_BEHIND", "LEFT_BEHIND", None, "CRITICAL")
    ]


def test_what_left_the_list_after_it_was_closed_is_resolved() -> None:
    assert told(*days({1: FINE, 2: BARE}, {1: FINE})) == [
        ("RESOLVED", "MISMATCH", "MEDIUM", "MEDIUM")
    ]


def test_what_could_not_be_judged_is_out_of_sight_and_never_resolved() -> None:
    before = an_organization("2026-11-15", {1: ("CLOSED", "ACTIVE"), 2: FINE})
    after = an_organization("2026-11-22", {1: ("CLOSED", "ACTIVE"), 2: FINE}, failed=[1, 2])

    assert told(before, after) == [
        ("LOST_SIGHT", "UNKNOWN", "CRITICAL", None),
        ("LOST_SIGHT", "UNKNOWN", None, None),
    ]
    # What cannot be judged again is no news.
    later = an_organization("2026-11-29", {1: ("CLOSED", "ACTIVE"), 2: FINE}, failed=[1, 2])
    assert told(after, later, earlier=before) == []


def test_the_end_of_an_acceptance_is_news_on_its_day() -> None:
    pairs: Pairs = {1: ("CLOSED", "ACTIVE")}
    policy = accepting(1, until="2026-11-20")

    assert told(*days(pairs, pairs), policy) == [
        ("ACCEPTANCE_ENDED", "MISMATCH", "CRITICAL", "CRITICAL")
    ]
    assert told(*days(pairs, pairs), accepting(1)) == []


def test_another_state_ends_an_acceptance_which_is_news() -> None:
    found = told(*days({1: CUT_OFF}, {1: BARE}), accepting(1, *CUT_OFF))

    assert found == [("ACCEPTANCE_ENDED", "MISMATCH", "HIGH", "MEDIUM")]


def test_what_becomes_what_was_accepted_is_accepted_now() -> None:
    assert told(*days({1: BARE}, {1: CUT_OFF}), accepting(1, *CUT_OFF)) == [
        ("ACCEPTED", "MISMATCH", "MEDIUM", "HIGH")
    ]


def test_what_was_accepted_and_is_gone_is_no_news() -> None:
    assert told(*days({1: CUT_OFF}, {1: FINE}), accepting(1, *CUT_OFF)) == []


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
    first = an_organization("2026-11-08", {1: FINE, 2: ("CLOSED", "ACTIVE")})
    left = an_organization("2026-11-15", {1: FINE}, members={1: "ACTIVE", 2: "ACTIVE"})
    closed = an_organization("2026-11-22", {1: FINE}, members={1: "ACTIVE", 2: "CLOSED"})

    assert told(left, closed, earlier=first) == [
        ("RESOLVED", "LEFT_BEHIND", "CRITICAL", "CRITICAL")
    ]


def test_news_names_each_account_once() -> None:
    before, after = days({1: ("CLOSED", "ACTIVE"), 2: CUT_OFF}, {2: BARE})
    now = judged(before, after)
    rows = news(findings(judged(before)), findings(now), now)

    assert rows["account_id"].tolist() == [standard(1), standard(2)]
    assert not pd.Index(rows["account_id"]).has_duplicates


def test_what_cannot_be_compared_any_more_is_not_resolved() -> None:
    before = an_organization("2026-11-15", {1: FINE, 2: FINE}, members={1: "ACTIVE", 2: "CLOSED"})
    # The look-up gives a word that nobody knows, so that nothing can be held against the list.
    odd = an_organization(
        "2026-11-22", {1: FINE, 2: ("ACTIVE", "ODD")}, members={1: "ACTIVE", 2: "CLOSED"}
    )

    assert told(before, odd) == [("LOST_SIGHT", "UNKNOWN", None, None)]
