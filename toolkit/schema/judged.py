"""The tables that are made from what is stored: judged, compared, counted, listed."""

from typing import Final

from toolkit.schema.declared import Column, Table
from toolkit.schema.stored import ACCOUNTS, GOVCLOUD, LINKS, STORED
from toolkit.schema.words import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    Access,
    Change,
    Finding,
    LinkEnds,
    LinkStatus,
    Severity,
    State,
    Verdict,
)

_TOOLKIT = "this toolkit"

_SEVERITY = Column(
    "severity",
    "Severity",
    "word",
    "How much it matters; missing where there is nothing to do",
    "the rules",
    tuple(Severity),
    optional=True,
)
_MEANING = Column(
    "meaning", "What it means", "text", "One sentence on what it means", "the rules", optional=True
)
_ACTION = Column(
    "action", "What to do", "text", "One sentence on what to do", "the rules", optional=True
)

PAIRS: Final = Table(
    "PAIRS",
    "standard account",
    (
        *ACCOUNTS.columns,
        *(column for column in GOVCLOUD.columns if column.name != "account_id"),
        Column(
            "verdict", "Verdict", "word", "What the two states say", "the rules", tuple(Verdict)
        ),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
    giver="what judge_pairs gives",
)

JUDGED_LINKS: Final = Table(
    "JUDGED_LINKS",
    "link and Region",
    (
        *LINKS.columns,
        Column(
            "source_state",
            "Source state",
            "state",
            "Standard state of the source; missing when it is not in the list",
            "ACCOUNTS",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        Column(
            "target_state",
            "Target state",
            "state",
            "Standard state of the target; missing when it is not in the list",
            "ACCOUNTS",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
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
            _TOOLKIT,
            tuple(STANDARD_STATES),
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of the GovCloud account",
            _TOOLKIT,
            tuple(GOVCLOUD_STATES),
        ),
        Column("verdict", "Verdict", "word", "What they say together", _TOOLKIT, tuple(Verdict)),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
)

LINK_RULES: Final = Table(
    "LINK_RULES",
    "combination of a link status and what its ends are",
    (
        Column("link_status", "Status", "state", "Status of the link", _TOOLKIT, tuple(LinkStatus)),
        Column("ends", "Ends", "word", "What the two accounts are", _TOOLKIT, tuple(LinkEnds)),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
)

RECONCILED: Final = Table(
    "RECONCILED",
    "GovCloud account known to either side",
    (
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "Id of the GovCloud account",
            "GOVCLOUD, WITNESS or CREATED",
        ),
        Column(
            "account_id",
            "Account",
            "id",
            "The standard account that it is or was paired with; missing where none is known",
            "GOVCLOUD, an older snapshot or CREATED",
            optional=True,
        ),
        Column(
            "finding",
            "Finding",
            "word",
            "What both sides say together; missing where one of them was not seen",
            _TOOLKIT,
            tuple(Finding),
            optional=True,
        ),
        Column(
            "state_by_pair",
            "State by the pair",
            "state",
            "Its state as the standard account's look-up gave it",
            "GOVCLOUD",
            tuple(GOVCLOUD_STATES),
            optional=True,
        ),
        Column(
            "state_by_witness",
            "State by the witness",
            "state",
            "Its state in the GovCloud organization's own list",
            "WITNESS",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
    giver="what reconcile gives",
)

RECONCILE_RULES: Final = Table(
    "RECONCILE_RULES",
    "finding and state of the GovCloud account",
    (
        Column("finding", "Finding", "word", "What was found", _TOOLKIT, tuple(Finding)),
        Column(
            "state",
            "State",
            "state",
            "State of the GovCloud account: by the witness, else by the pair; UNKNOWN without one",
            _TOOLKIT,
            (*STANDARD_STATES, State.UNKNOWN),
        ),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
)

CHANGES: Final = Table(
    "CHANGES",
    "account that changed between two snapshots",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "PAIRS"),
        Column("name", "Name", "text", "Its name, the newer one", "PAIRS", optional=True),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            "Its organizational unit, the newer one",
            "PAIRS",
            optional=True,
        ),
        Column("change", "Change", "word", "What happened", _TOOLKIT, tuple(Change)),
        *(
            Column(
                f"{name}_{when}",
                f"{label} {when}",
                "state",
                f"{label} in the {which} snapshot",
                "PAIRS",
                optional=True,
            )
            for name, label in (
                ("standard_state", "Standard state"),
                ("govcloud_state", "GovCloud state"),
            )
            for when, which in (("before", "older"), ("after", "newer"))
        ),
        *(
            Column(
                f"severity_{when}",
                f"Severity {when}",
                "word",
                f"Severity in the {which} snapshot; missing where the pair did not disagree",
                "PAIRS",
                tuple(Severity),
                optional=True,
            )
            for when, which in (("before", "older"), ("after", "newer"))
        ),
    ),
)

SNAPSHOTS: Final = Table(
    "SNAPSHOTS",
    "snapshot",
    (
        Column("snapshot_id", "Snapshot", "text", "What --snapshot takes", "the manifest"),
        Column(
            "organization_id", "Organization", "text", "Whose accounts they are", "the manifest"
        ),
        Column("taken", "Taken", "time", "When the run began", "the manifest"),
        Column("accounts", "Accounts", "count", "Standard accounts", "the manifest"),
        Column("linked", "Linked", "count", "Those with a GovCloud account", "the manifest"),
        Column("not_seen", "Not seen", "count", "Look-ups that gave no answer", "the manifest"),
        Column("links", "Links", "count", "WorkSpaces account links", "the manifest"),
    ),
)

ACCESS: Final = Table(
    "ACCESS",
    "AWS operation",
    (
        Column("operation", "Operation", "text", "The AWS operation", _TOOLKIT),
        Column("permission", "Permission", "text", "What a policy must allow", _TOOLKIT),
        Column("allowed", "Allowed", "word", "Whether the caller may", _TOOLKIT, tuple(Access)),
        Column("detail", "Detail", "text", "What AWS said", _TOOLKIT, optional=True),
    ),
)

_TAKEN = Column("taken", "Taken", "time", "When the snapshot was taken", "the manifest")

TREND: Final = Table(
    "TREND",
    "snapshot and severity",
    (
        _TAKEN,
        Column("severity", "Severity", "word", "How much it matters", "PAIRS", tuple(Severity)),
        Column("mismatches", "Mismatches", "count", "Pairs of that severity", "PAIRS"),
    ),
    giver="what toolkit.analysis.trend gives",
)

STATE_TREND: Final = Table(
    "STATE_TREND",
    "snapshot, side and state",
    (
        _TAKEN,
        Column("side", "Side", "text", "The standard side or GovCloud", "PAIRS"),
        Column("state", "State", "word", "The state that was counted", "PAIRS", tuple(State)),
        Column("accounts", "Accounts", "count", "Accounts in that state", "PAIRS"),
    ),
    giver="what toolkit.analysis.state_trend gives",
)

TABLES: Final = (
    *STORED.values(),
    PAIRS,
    JUDGED_LINKS,
    RECONCILED,
    CHANGES,
    SNAPSHOTS,
    RULES,
    LINK_RULES,
    RECONCILE_RULES,
)
"""The tables an analyst meets, in the order of the data dictionary."""
