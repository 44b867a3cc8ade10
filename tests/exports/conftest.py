"""Reports that many outputs are rendered from: each is judged once, and only read."""

import pytest
from governed import governed_report
from reported import hostile_snapshot, older_snapshot, small_snapshot, witnessed_snapshot

from toolkit.exports import Report


@pytest.fixture(scope="session")
def small_report() -> Report:
    """Report on five pairs."""
    return Report.of(small_snapshot())


@pytest.fixture(scope="session")
def dated_report() -> Report:
    """Report on five pairs and what they were a week before."""
    return Report.of(small_snapshot(), history=[older_snapshot()])


@pytest.fixture(scope="session")
def witnessed_report() -> Report:
    """Report on five pairs of which every further source tells something."""
    return Report.of(witnessed_snapshot())


@pytest.fixture(scope="session")
def followed_report() -> Report:
    """Report on the same with what they were a week before: a pair has left since."""
    return Report.of(witnessed_snapshot(), history=[older_snapshot()])


@pytest.fixture(scope="session")
def governed() -> Report:
    """Report on five pairs by a policy of owners and acceptances."""
    return governed_report()


@pytest.fixture(scope="session")
def hostile_report() -> Report:
    """Report on pairs whose every name is one to beware of."""
    before = hostile_snapshot(190, day="2026-11-15")
    return Report.of(hostile_snapshot(200), history=[before])
