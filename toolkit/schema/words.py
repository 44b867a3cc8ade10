"""The vocabularies: every word that a column may hold, and how people write it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import pandas as pd


class State(StrEnum):
    """The states of an account, and the two words for a side that has none to show."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PENDING_CLOSURE = "PENDING_CLOSURE"
    CLOSED = "CLOSED"
    NOT_LINKED = "NOT_LINKED"
    UNKNOWN = "UNKNOWN"


class Outcome(StrEnum):
    """How one look-up of a GovCloud account ended."""

    FOUND = "FOUND"
    NOT_LINKED = "NOT_LINKED"
    NOT_QUERYABLE = "NOT_QUERYABLE"
    ACCESS_DENIED = "ACCESS_DENIED"
    UNAVAILABLE = "UNAVAILABLE"
    THROTTLED = "THROTTLED"
    INVALID = "INVALID"
    FAILED = "FAILED"


class Verdict(StrEnum):
    """What a pair's two states say together."""

    MATCH = "MATCH"
    MISMATCH = "MISMATCH"
    NOT_LINKED = "NOT_LINKED"
    UNKNOWN = "UNKNOWN"


class Severity(StrEnum):
    """How much a mismatch matters, worst first."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Start(StrEnum):
    """How it is known since when a pair has been in its two states."""

    CLOSURE = "CLOSURE"
    SNAPSHOT = "SNAPSHOT"
    AT_LEAST = "AT_LEAST"


class Finding(StrEnum):
    """What the two organizations say together of one GovCloud account."""

    AGREE = "AGREE"
    STATE_DISAGREES = "STATE_DISAGREES"
    NOT_IN_GOVCLOUD_ORGANIZATION = "NOT_IN_GOVCLOUD_ORGANIZATION"
    WITHOUT_PAIR = "WITHOUT_PAIR"
    PAIR_LEFT_LIST = "PAIR_LEFT_LIST"
    CREATED_BUT_NOT_PAIRED = "CREATED_BUT_NOT_PAIRED"


class CreationState(StrEnum):
    """How far AWS is with a request for an account."""

    IN_PROGRESS = "IN_PROGRESS"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class ContactType(StrEnum):
    """What an account's alternate contact is there for."""

    BILLING = "BILLING"
    OPERATIONS = "OPERATIONS"
    SECURITY = "SECURITY"


class LinkStatus(StrEnum):
    """The states of a WorkSpaces account link."""

    LINKED = "LINKED"
    PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT = "PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT"
    LINKING_FAILED = "LINKING_FAILED"
    REJECTED = "REJECTED"
    LINK_NOT_FOUND = "LINK_NOT_FOUND"


class LinkEnds(StrEnum):
    """What the two accounts of a link are, as far as the organization's list tells."""

    BOTH_ACTIVE = "BOTH_ACTIVE"
    NOT_ACTIVE = "NOT_ACTIVE"
    OUTSIDE = "OUTSIDE"
    NOT_SEEN = "NOT_SEEN"


class Change(StrEnum):
    """What happened to an account between two snapshots."""

    APPEARED = "APPEARED"
    RESOLVED = "RESOLVED"
    CHANGED = "CHANGED"
    ACCEPTANCE_ENDED = "ACCEPTANCE_ENDED"
    LOST_SIGHT = "LOST_SIGHT"
    VANISHED = "VANISHED"
    JOINED = "JOINED"


class CallerKind(StrEnum):
    """What the identity that asks is in its organization."""

    MANAGEMENT = "management"
    DELEGATED = "delegated"
    MEMBER = "member"
    STANDALONE = "standalone"


class Access(StrEnum):
    """Whether the caller may use an operation."""

    ALLOWED = "ALLOWED"
    DENIED = "DENIED"
    UNKNOWN = "UNKNOWN"


STANDARD_STATES: Final = (
    State.PENDING_ACTIVATION,
    State.ACTIVE,
    State.SUSPENDED,
    State.PENDING_CLOSURE,
    State.CLOSED,
)
"""The states Organizations knows."""

GOVCLOUD_STATES: Final = tuple(s for s in STANDARD_STATES if s is not State.PENDING_CLOSURE)
"""The states the Account API knows."""

LEFT_STATES: Final = (*(s for s in GOVCLOUD_STATES if s is not State.CLOSED), State.UNKNOWN)
"""The states of a GovCloud account that was left behind; UNKNOWN is a word that nobody knows."""

SEEN_OUTCOMES: Final = (Outcome.FOUND, Outcome.NOT_LINKED)
"""Outcomes that tell whether there is a GovCloud account; any other saw nothing."""

MENDABLE_OUTCOMES: Final = (Outcome.UNAVAILABLE, Outcome.THROTTLED, Outcome.FAILED)
"""Outcomes that asking again may change."""


_LABELS: Final[Mapping[str, str]] = {
    LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT: "Awaiting acceptance",
    LinkStatus.LINK_NOT_FOUND: "Link not found",
    Finding.NOT_IN_GOVCLOUD_ORGANIZATION: "Not in GovCloud organization",
    Change.LOST_SIGHT: "Could no longer be judged",
}

_STATE_DTYPE: Final = pd.CategoricalDtype([str(state) for state in State], ordered=True)


def label(word: str) -> str:
    """Say a vocabulary word as people write it: `PENDING_CLOSURE` is "Pending closure"."""
    return _LABELS.get(word, word.replace("_", " ").capitalize())


def states(values: pd.Series) -> pd.Series:
    """Return states as one ordered category; a missing or unheard-of one becomes UNKNOWN."""
    known = values.astype("str").where(values.isin(_STATE_DTYPE.categories), State.UNKNOWN.value)
    return known.astype(_STATE_DTYPE)
