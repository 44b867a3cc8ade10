"""The tables that are made from what is stored: judged, compared, counted, listed."""

from typing import Final

from toolkit.schema.common import (
    ACCEPTED_BY,
    ACCEPTED_REASON,
    ACCEPTED_UNTIL,
    ACTION,
    MEANING,
    OWNER,
    SEVERITY,
    TOOLKIT,
)
from toolkit.schema.declared import Column, Table
from toolkit.schema.ruled import (
    ACCEPTANCES,
    LEFT_BEHIND_RULES,
    LINK_RULES,
    OWNERS,
    RECONCILE_RULES,
    RULES,
)
from toolkit.schema.stored import ACCOUNTS, GOVCLOUD, LINKS, STORED
from toolkit.schema.words import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    Access,
    Change,
    Finding,
    Outcome,
    Severity,
    Start,
    State,
    Verdict,
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
        SEVERITY,
        MEANING,
        ACTION,
        Column(
            "since",
            "Since",
            "time",
            "Since when the two states have been as they are, as far as that is known",
            "CLOSURES and all earlier snapshots",
            optional=True,
        ),
        Column(
            "since_is",
            "Since is",
            "word",
            "Whether that is the closure, the first snapshot that shows it, or at the latest then",
            TOOLKIT,
            tuple(Start),
            optional=True,
        ),
        OWNER,
        ACCEPTED_UNTIL,
        ACCEPTED_BY,
        ACCEPTED_REASON,
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
        SEVERITY,
        MEANING,
        ACTION,
    ),
)

LEFT_BEHIND: Final = Table(
    "LEFT_BEHIND",
    "pair whose standard account has left the list while its GovCloud account was not closed",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "PAIRS"),
        Column("name", "Name", "text", "Its name when it was last listed", "PAIRS", optional=True),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            "Its organizational unit when it was last listed",
            "PAIRS",
            optional=True,
        ),
        Column(
            "govcloud_account_id", "GovCloud account", "id", "Id of what it left behind", "PAIRS"
        ),
        Column(
            "standard_state",
            "Standard state",
            "state",
            "State of the standard account when it was last listed",
            "PAIRS",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of the GovCloud account when a look-up last gave it",
            "PAIRS",
            tuple(GOVCLOUD_STATES),
            optional=True,
        ),
        Column(
            "last_seen", "Last listed", "time", "The last snapshot that lists it", "all snapshots"
        ),
        SEVERITY,
        MEANING,
        ACTION,
        OWNER,
        ACCEPTED_UNTIL,
    ),
    giver="what a Policy's judge gives as left_behind",
)

SPELLS: Final = Table(
    "SPELLS",
    "account and time in which every snapshot showed it the same",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "ACCOUNTS"),
        Column("name", "Name", "text", "Its name, the last one", "ACCOUNTS", optional=True),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            "Its organizational unit, the last one",
            "ACCOUNTS",
            optional=True,
        ),
        Column(
            "standard_state",
            "Standard state",
            "state",
            "State of the standard account",
            "ACCOUNTS",
            optional=True,
        ),
        Column("outcome", "Outcome", "word", "How the look-up ended", "GOVCLOUD", tuple(Outcome)),
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "Id of its GovCloud account",
            "GOVCLOUD",
            optional=True,
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of its GovCloud account",
            "GOVCLOUD",
            optional=True,
        ),
        Column("began", "Began", "time", "The first snapshot of them", "the manifest"),
        Column("ended", "Ended", "time", "The last snapshot of them", "the manifest"),
    ),
)

WITNESS_SPELLS: Final = Table(
    "WITNESS_SPELLS",
    "GovCloud account and time in which every list of its organization showed it the same",
    (
        Column(
            "govcloud_account_id", "GovCloud account", "id", "Id of the GovCloud account", "WITNESS"
        ),
        Column("state", "State", "state", "Its state in that list", "WITNESS", optional=True),
        Column("began", "Began", "time", "The first snapshot of them", "the manifest"),
        Column("ended", "Ended", "time", "The last snapshot of them", "the manifest"),
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
            TOOLKIT,
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
        SEVERITY,
        MEANING,
        ACTION,
    ),
    giver="what reconcile gives",
)

_FOUND: Final = (
    LEFT_BEHIND.name,
    Verdict.MISMATCH.value,
    *(word.value for word in Finding),
    Verdict.UNKNOWN.value,
)
"""What a finding can be: what a pair is, or what two organizations say of a GovCloud account."""

FINDINGS: Final = Table(
    "FINDINGS",
    "finding",
    (
        Column("kind", "Kind", "word", "What was found", TOOLKIT, _FOUND),
        PAIRS["severity"],
        Column(
            "account_id",
            "Account",
            "id",
            "The standard account; missing where none is known",
            "PAIRS, LEFT_BEHIND or RECONCILED",
            optional=True,
        ),
        PAIRS["name"],
        PAIRS["ou_path"],
        PAIRS["govcloud_account_id"],
        PAIRS["standard_state"],
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of the GovCloud account: by its organization's list where that is the finding",
            "PAIRS, LEFT_BEHIND or RECONCILED",
            optional=True,
        ),
        Column(
            "since",
            "Since",
            "time",
            "Since when it is so; of what was left behind, when it was last listed",
            "PAIRS or LEFT_BEHIND",
            optional=True,
        ),
        PAIRS["since_is"],
        PAIRS["owner"],
        PAIRS["accepted_until"],
        PAIRS["accepted_by"],
        PAIRS["accepted_reason"],
        PAIRS["meaning"],
        PAIRS["action"],
    ),
    giver="what findings gives",
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
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "Id of its GovCloud account, of the older snapshot where the newer has none",
            "PAIRS",
            optional=True,
        ),
        Column("change", "Change", "word", "What happened", TOOLKIT, tuple(Change)),
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

_ORGANIZATION = Column(
    "organization_id", "Organization", "text", "Whose accounts they are", "the manifest"
)

SNAPSHOTS: Final = Table(
    "SNAPSHOTS",
    "snapshot",
    (
        Column("snapshot_id", "Snapshot", "text", "What --snapshot takes", "the manifest"),
        _ORGANIZATION,
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
        Column("operation", "Operation", "text", "The AWS operation", TOOLKIT),
        Column("permission", "Permission", "text", "What a policy must allow", TOOLKIT),
        Column("allowed", "Allowed", "word", "Whether the caller may", TOOLKIT, tuple(Access)),
        Column("detail", "Detail", "text", "What AWS said", TOOLKIT, optional=True),
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

_UNKNOWN = Column("unknown", "Unknown", "count", "Accounts that could not be judged", "PAIRS")
_LEFT_BEHIND = Column(
    "left_behind",
    "Left behind",
    "count",
    "Pairs left behind that nobody has accepted",
    "LEFT_BEHIND",
)

FLEET_TREND: Final = Table(
    "FLEET_TREND",
    "organization, snapshot and severity",
    (
        _ORGANIZATION,
        *TREND.columns,
        Column("linked", "Linked", "count", "Pairs of the snapshot, of every severity", "PAIRS"),
        _UNKNOWN,
        Column(
            "mismatch_rate",
            "Mismatch rate",
            "number",
            "Share of the judged pairs that disagree, 0 to 1; missing where none was judged",
            "PAIRS",
            optional=True,
        ),
        _LEFT_BEHIND,
    ),
    giver="the trend of an overview",
)

COUNTS: Final = Table(
    "COUNTS",
    "organization, snapshot and combination of outcome and states",
    (
        _ORGANIZATION,
        _TAKEN,
        PAIRS["outcome"],
        PAIRS["standard_state"],
        PAIRS["govcloud_state"],
        Column("accounts", "Accounts", "count", "Standard accounts that are so", "PAIRS"),
    ),
    giver="what toolkit.fleet.counts gives",
)

FLEET_SEVERITIES: Final = {severity.lower(): severity for severity in Severity}
"""The columns of FLEET that count the mismatches of a severity, gravest first, and which it is."""

FLEET: Final = Table(
    "FLEET",
    "organization, by its newest snapshot",
    (
        _ORGANIZATION,
        Column("taken", "Taken", "time", "When its newest snapshot was taken", "the manifest"),
        Column("accounts", "Accounts", "count", "Standard accounts", "PAIRS"),
        Column("paired", "Paired", "count", "Those with a GovCloud account", "PAIRS"),
        Column("mismatches", "Mismatches", "count", "Pairs that disagree, not accepted", "PAIRS"),
        *(
            Column(
                name,
                word.capitalize(),
                "count",
                f"Mismatches of severity {word}, not accepted",
                "PAIRS",
            )
            for name, word in FLEET_SEVERITIES.items()
        ),
        Column("accepted", "Accepted", "count", "Mismatches that somebody accepted", "PAIRS"),
        _LEFT_BEHIND,
        _UNKNOWN,
        Column("snapshots", "Snapshots", "count", "Its snapshots in the store", "the store"),
    ),
    giver="what fleet gives",
)

TABLES: Final = (
    *STORED.values(),
    PAIRS,
    LEFT_BEHIND,
    JUDGED_LINKS,
    RECONCILED,
    FINDINGS,
    CHANGES,
    SNAPSHOTS,
    FLEET,
    FLEET_TREND,
    COUNTS,
    RULES,
    LINK_RULES,
    RECONCILE_RULES,
    LEFT_BEHIND_RULES,
    ACCEPTANCES,
    OWNERS,
    SPELLS,
    WITNESS_SPELLS,
)
"""The tables an analyst meets, in the order of the data dictionary."""
