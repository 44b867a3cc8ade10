"""The fleet: all organizations of a store, and all its snapshots, however many there are.

What is counted of a snapshot are its COUNTS, some twenty rows: whatever counts them, this toolkit
on any executor or an engine by SQL, the policy is applied afterwards, so that no rule is written
twice.
"""

from toolkit.fleet.combinations import counts_from, trend
from toolkit.fleet.counting import counts
from toolkit.fleet.overview import Fleet, first_seen, fleet, overview, worst_organizations_first

__all__ = [
    "Fleet",
    "counts",
    "counts_from",
    "first_seen",
    "fleet",
    "overview",
    "trend",
    "worst_organizations_first",
]
