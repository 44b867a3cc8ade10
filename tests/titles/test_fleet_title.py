"""What is said of many organizations: the worst first, and nothing that was not seen."""

import pandas as pd
import pytest

from toolkit.titles import seen_in_words, title_fleet

DAY = pd.Timestamp("2026-11-26T03:00Z")

Row = dict[str, int]


def org(paired: int = 9, **counts: int) -> Row:
    """Return a row of FLEET of ten accounts, its mismatches those of all severities."""
    severities = {name: counts.get(name, 0) for name in ("critical", "high", "medium", "low")}
    none = {"accepted": 0, "left_behind": 0, "unknown": 0}
    whole = {"accounts": 10, "paired": paired, "mismatches": sum(severities.values())}
    return {**none, **whole, **severities, **counts}


def fleet_of(*rows: Row, days: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return FLEET of these rows, all seen on one day where no others are given."""
    taken = pd.to_datetime(list(days), utc=True) if days else [DAY] * len(rows)
    names = list(org())
    return pd.DataFrame(list(rows), columns=names).assign(taken=taken)


FINE, EMPTY = org(), org(paired=0)
BAD = org(critical=3, high=1)
WORSE = org(critical=4, low=1200)
HIGH = org(high=2)


@pytest.mark.parametrize(
    ("rows", "unread", "title"),
    [
        ((), 0, "There are no organizations yet"),
        ((), 1, "The only organization could not be read"),
        ((), 12, "None of 12 organizations could be read"),
        ((FINE,), 0, "The only organization agrees"),
        ((FINE,) * 20, 0, "All 20 organizations agree"),
        ((FINE, FINE), 1, "All 2 organizations agree; 1 more organization could not be read"),
        ((FINE, EMPTY), 0, "1 of 2 organizations agrees, and 1 has no GovCloud account"),
        (
            (FINE, FINE, EMPTY, EMPTY),
            0,
            "2 of 4 organizations agree, and 2 have no GovCloud account",
        ),
        ((EMPTY,), 0, "No GovCloud account was found in the only organization"),
        (
            (EMPTY, org(paired=0, unknown=7)),
            0,
            "No GovCloud account was found in 2 organizations, but 7 accounts could not be judged",
        ),
        (
            (FINE, org(unknown=1)),
            0,
            "No judged pair disagrees in 2 organizations, but 1 account could not be judged",
        ),
        ((FINE, org(accepted=1)), 0, "The only mismatch in 2 organizations is accepted"),
        (
            (org(accepted=3, unknown=2), FINE),
            0,
            "All 3 mismatches in 2 organizations are accepted, but 2 accounts could not be judged",
        ),
        (
            (FINE, org(left_behind=1)),
            0,
            "All 2 organizations agree; 1 pair left behind",
        ),
        (
            (WORSE, BAD, FINE),
            0,
            "7 critical mismatches in 2 of 3 organizations, 1,201 milder in 2",
        ),
        ((org(critical=1), FINE), 0, "1 critical mismatch in 1 of 2 organizations"),
        ((BAD, HIGH), 0, "3 critical mismatches in 1 of 2 organizations, 3 milder in 2"),
        ((HIGH, org(low=5)), 0, "2 high mismatches in 1 of 2 organizations, 5 milder in 1"),
        ((BAD,), 0, "3 critical mismatches in the only organization, 1 milder"),
        ((FINE,), 1, "1 organization agrees; 1 more organization could not be read"),
        (
            (HIGH,),
            2,
            "2 high mismatches in 1 organization; 2 more organizations could not be read",
        ),
        (
            (org(low=2, accepted=4), FINE),
            0,
            "2 low mismatches in 1 of 2 organizations, 4 more accepted",
        ),
        (
            (org(high=2, unknown=3, left_behind=2), org(unknown=1)),
            0,
            "2 high mismatches in 1 of 2 organizations; 4 accounts unknown; 2 pairs left behind",
        ),
    ],
)
def test_the_worst_is_said_first_and_nothing_is_hidden(
    rows: tuple[Row, ...], unread: int, title: str
) -> None:
    assert title_fleet(fleet_of(*rows), unread) == title


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2026-11-26T03:00", "2026-11-26T23:00"), "seen on 26 November 2026"),
        (("2026-11-26", "2026-11-24"), "seen between 24 and 26 November 2026"),
        (("2026-10-30", "2026-11-26"), "seen between 30 October and 26 November 2026"),
        (("2026-01-02", "2025-11-26"), "seen between 26 November 2025 and 2 January 2026"),
    ],
)
def test_of_when_it_is_says_as_much_as_tells_the_days_apart(
    days: tuple[str, ...], said: str
) -> None:
    assert seen_in_words(fleet_of(FINE, BAD, days=days)) == said


def test_no_organization_was_seen_at_no_time() -> None:
    assert seen_in_words(fleet_of()) == ""
