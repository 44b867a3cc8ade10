"""What a policy is made of: its tables of rules, what it accepts, and who owns what."""

from typing import Final

from toolkit.schema.common import ACTION, MEANING, POLICY, SEVERITY, TOOLKIT
from toolkit.schema.declared import Column, Table
from toolkit.schema.words import (
    GOVCLOUD_STATES,
    LEFT_STATES,
    STANDARD_STATES,
    Finding,
    LinkEnds,
    LinkStatus,
    Severity,
    State,
    Verdict,
)

RULES: Final = Table(
    "RULES",
    "combination of a standard and a GovCloud state",
    (
        Column(
            "standard_state",
            "Standard state",
            "state",
            "State of the standard account",
            TOOLKIT,
            tuple(STANDARD_STATES),
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of the GovCloud account",
            TOOLKIT,
            tuple(GOVCLOUD_STATES),
        ),
        Column("verdict", "Verdict", "word", "What they say together", TOOLKIT, tuple(Verdict)),
        SEVERITY,
        MEANING,
        ACTION,
        Column(
            "grace_days",
            "Days of grace",
            "count",
            "For how many days it is milder, from when it began; 0 for none",
            TOOLKIT,
            optional=True,
        ),
        Column(
            "grace_severity",
            "Severity in grace",
            "word",
            "How much it matters in those days",
            TOOLKIT,
            tuple(Severity),
            optional=True,
        ),
    ),
)

LINK_RULES: Final = Table(
    "LINK_RULES",
    "combination of a link status and what its ends are",
    (
        Column("link_status", "Status", "state", "Status of the link", TOOLKIT, tuple(LinkStatus)),
        Column("ends", "Ends", "word", "What the two accounts are", TOOLKIT, tuple(LinkEnds)),
        SEVERITY,
        MEANING,
        ACTION,
    ),
)

RECONCILE_RULES: Final = Table(
    "RECONCILE_RULES",
    "finding and state of the GovCloud account",
    (
        Column("finding", "Finding", "word", "What was found", TOOLKIT, tuple(Finding)),
        Column(
            "state",
            "State",
            "state",
            "State of the GovCloud account: by the witness, else by the pair; UNKNOWN without one",
            TOOLKIT,
            (*STANDARD_STATES, State.UNKNOWN),
        ),
        SEVERITY,
        MEANING,
        ACTION,
    ),
)

LEFT_BEHIND_RULES: Final = Table(
    "LEFT_BEHIND_RULES",
    "state of a GovCloud account that was left behind",
    (
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "Its state when a look-up last gave it",
            TOOLKIT,
            tuple(LEFT_STATES),
        ),
        SEVERITY,
        MEANING,
        ACTION,
    ),
)

ACCEPTANCES: Final = Table(
    "ACCEPTANCES",
    "account, unit or tags that an entry of a policy accepts",
    (
        Column("entry", "Entry", "count", "The number of the entry in the policy", POLICY),
        Column(
            "account_id", "Account", "id", "The account; missing for any", POLICY, optional=True
        ),
        Column(
            "ou",
            "Organizational unit",
            "text",
            "A unit; * is any one of a level, ** whatever is below; missing for any",
            POLICY,
            optional=True,
        ),
        Column(
            "tags",
            "Tags",
            "text",
            'Tags that it has, as JSON such as {"stage": "sunset"}; missing for any',
            POLICY,
            optional=True,
        ),
        Column(
            "standard_state",
            "Standard state",
            "state",
            "State of the standard account; another one ends it",
            POLICY,
            tuple(STANDARD_STATES),
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of the GovCloud account; another one ends it",
            POLICY,
            tuple(GOVCLOUD_STATES),
        ),
        Column("reason", "Reason", "text", "Why it is accepted", POLICY),
        Column("owner", "Owner", "text", "Who answers for it", POLICY),
        Column("until", "Until", "time", "The day, UTC, on which it counts again", POLICY),
    ),
)

OWNERS: Final = Table(
    "OWNERS",
    "account or organizational unit, and who answers for it",
    (
        Column("account_id", "Account", "id", "The account", POLICY, optional=True),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            "The unit, for whatever is below it, too",
            POLICY,
            optional=True,
        ),
        Column("owner", "Owner", "text", "Who answers for it", POLICY),
    ),
)
