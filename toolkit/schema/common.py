"""The columns that several tables have: what the policy says of a row, and who answers for it."""

from typing import Final

from toolkit.schema.declared import Column
from toolkit.schema.words import Severity

TOOLKIT: Final = "this toolkit"
POLICY: Final = "the policy"
"""Where the values of columns are from."""

SEVERITY: Final = Column(
    "severity",
    "Severity",
    "word",
    "How much it matters; missing where there is nothing to do",
    "the rules",
    tuple(Severity),
    optional=True,
)

MEANING: Final = Column(
    "meaning", "What it means", "text", "One sentence on what it means", "the rules", optional=True
)

ACTION: Final = Column(
    "action", "What to do", "text", "One sentence on what to do", "the rules", optional=True
)

OWNER: Final = Column(
    "owner", "Owner", "text", "Who answers for it, where that is known", POLICY, optional=True
)

ACCEPTED_UNTIL: Final = Column(
    "accepted_until",
    "Accepted until",
    "time",
    "The day, UTC, on which it counts again; missing where it is not accepted",
    POLICY,
    optional=True,
)

ACCEPTED_BY: Final = Column(
    "accepted_by",
    "Accepted by",
    "text",
    "Who accepted it; without a day, the acceptance has ended",
    POLICY,
    optional=True,
)

ACCEPTED_REASON: Final = Column(
    "accepted_reason", "Accepted because", "text", "Why it is accepted", POLICY, optional=True
)
