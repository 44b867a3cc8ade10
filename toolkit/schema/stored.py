"""The tables that a run fills and a store keeps: what AWS answered."""

from collections.abc import Mapping
from typing import Final

from toolkit.schema.declared import Column, Table
from toolkit.schema.words import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    ContactType,
    CreationState,
    LinkStatus,
    Outcome,
)

_TOOLKIT = "this toolkit"
_LIST_ACCOUNTS = "organizations ListAccounts"
_GET_GOVCLOUD = "account GetGovCloudAccountInformation"
_LIST_LINKS = "workspaces ListAccountLinks"
_WITNESS = "organizations ListAccounts in aws-us-gov"
_CREATED = "organizations ListCreateAccountStatus"
_EVENTS = "cloudtrail LookupEvents CloseAccountResult"
_TAGS = "resourcegroupstaggingapi GetResources"
_COST = "ce GetCostAndUsage"
_CONTACT = "account GetAlternateContact"


def _listed(
    account: Column, state: Column, operation: str, organization: str
) -> tuple[Column, ...]:
    """Return the columns of an organization's own list of accounts, the same in each partition."""
    return (
        account,
        Column("name", "Name", "text", "Its name", f"{operation} Name", optional=True),
        Column("email", "E-mail", "text", "Its root e-mail", f"{operation} Email", optional=True),
        state,
        Column(
            "joined_method",
            "Joined by",
            "state",
            f"How it came into the {organization}: INVITED or CREATED",
            f"{operation} JoinedMethod",
            ("INVITED", "CREATED"),
            optional=True,
        ),
        Column(
            "joined_at",
            "Joined",
            "time",
            f"When it came into the {organization}",
            f"{operation} JoinedTimestamp",
            optional=True,
        ),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            f"Units of the {organization} from the root down, joined by /; ids where names may not"
            " be read",
            f"{operation} Paths, organizations DescribeOrganizationalUnit Name",
            optional=True,
        ),
    )


ACCOUNTS: Final = Table(
    "ACCOUNTS",
    "standard account",
    _listed(
        Column("account_id", "Account", "id", "Id of the standard account", f"{_LIST_ACCOUNTS} Id"),
        Column(
            "standard_state",
            "Standard state",
            "state",
            "Its state, kept as AWS gave it; missing when AWS gave none",
            f"{_LIST_ACCOUNTS} State, or account GetAccountInformation AccountState",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        _LIST_ACCOUNTS,
        "organization",
    ),
    key=("account_id",),
    giver="a snapshot, or its accounts",
)

GOVCLOUD: Final = Table(
    "GOVCLOUD",
    "standard account",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "the request"),
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "Id of the linked GovCloud account; missing unless the outcome is FOUND",
            f"{_GET_GOVCLOUD} GovCloudAccountId",
            optional=True,
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "Its state, kept as AWS gave it; missing unless the outcome is FOUND",
            f"{_GET_GOVCLOUD} AccountState",
            tuple(GOVCLOUD_STATES),
            optional=True,
        ),
        Column(
            "outcome", "Outcome", "word", "How the look-up ended", _GET_GOVCLOUD, tuple(Outcome)
        ),
        Column(
            "detail",
            "Detail",
            "text",
            "Why, where the outcome is not FOUND or NOT_LINKED",
            f"{_GET_GOVCLOUD} error",
            optional=True,
        ),
        Column("fetched_at", "Fetched", "time", "When the answer arrived", _TOOLKIT, optional=True),
    ),
    key=("account_id",),
    giver="the look-ups of a snapshot, which are its govcloud",
)

LINKS: Final = Table(
    "LINKS",
    "link and Region",
    (
        Column("link_id", "Link", "text", "Id of the account link", f"{_LIST_LINKS} AccountLinkId"),
        Column(
            "link_status",
            "Status",
            "state",
            "Its status, kept as AWS gave it",
            f"{_LIST_LINKS} AccountLinkStatus",
            tuple(LinkStatus),
            optional=True,
        ),
        Column(
            "source_account_id",
            "Source account",
            "id",
            "The account that shares its configuration",
            f"{_LIST_LINKS} SourceAccountId",
            optional=True,
        ),
        Column(
            "target_account_id",
            "Target account",
            "id",
            "The account that is shared with",
            f"{_LIST_LINKS} TargetAccountId",
            optional=True,
        ),
        Column("region", "Region", "text", "The Region that was asked", "the request"),
        Column("fetched_at", "Fetched", "time", "When the answer arrived", _TOOLKIT, optional=True),
    ),
    key=("region", "link_id"),
    giver="the links of a snapshot, or what judge_links gives",
)

WITNESS: Final = Table(
    "WITNESS",
    "GovCloud account of the GovCloud organization",
    _listed(
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "Id of the GovCloud account",
            f"{_WITNESS} Id",
        ),
        Column(
            "state",
            "State",
            "state",
            "Its state, kept as AWS gave it; missing when AWS gave none",
            f"{_WITNESS} State",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        _WITNESS,
        "GovCloud organization",
    ),
    key=("govcloud_account_id",),
    giver="the witness of a snapshot",
)

CREATED: Final = Table(
    "CREATED",
    "creation request",
    (
        Column("request_id", "Request", "text", "Id of the request", f"{_CREATED} Id"),
        Column(
            "account_id",
            "Account",
            "id",
            "The standard account that was created; missing until the request has succeeded",
            f"{_CREATED} AccountId",
            optional=True,
        ),
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "The GovCloud account that was created with it; missing where none was asked for",
            f"{_CREATED} GovCloudAccountId",
            optional=True,
        ),
        Column(
            "name",
            "Name",
            "text",
            "The name that was asked for",
            f"{_CREATED} AccountName",
            optional=True,
        ),
        Column(
            "state",
            "State",
            "state",
            "How far it is, kept as AWS gave it",
            f"{_CREATED} State",
            tuple(CreationState),
            optional=True,
        ),
        Column(
            "requested_at",
            "Requested",
            "time",
            "When it was asked for",
            f"{_CREATED} RequestedTimestamp",
            optional=True,
        ),
        Column(
            "completed_at",
            "Completed",
            "time",
            "When it was done",
            f"{_CREATED} CompletedTimestamp",
            optional=True,
        ),
        Column(
            "failure_reason",
            "Failed because",
            "text",
            "Why it failed, in AWS's word",
            f"{_CREATED} FailureReason",
            optional=True,
        ),
    ),
    key=("request_id",),
    giver="the created of a snapshot",
)

CLOSURES: Final = Table(
    "CLOSURES",
    "closed account",
    (
        Column(
            "account_id",
            "Account",
            "id",
            "Id of the standard account",
            f"{_EVENTS} accountId",
        ),
        Column(
            "closed_at",
            "Closed",
            "time",
            "When its closure was complete, the last time where it was closed more than once",
            f"{_EVENTS} completedTimestamp",
        ),
    ),
    key=("account_id",),
    giver="the closures of a snapshot",
)

TAGS: Final = Table(
    "TAGS",
    "account and key",
    (
        Column(
            "account_id",
            "Account",
            "id",
            "Id of the standard account",
            f"{_TAGS} ResourceARN",
        ),
        Column("key", "Key", "text", "The tag's key", f"{_TAGS} Key"),
        Column("value", "Value", "text", "Its value, which may be empty", f"{_TAGS} Value"),
    ),
    key=("account_id", "key"),
    giver="the tags of a snapshot",
)

SPEND: Final = Table(
    "SPEND",
    "account, month and unit",
    (
        Column(
            "account_id",
            "Account",
            "id",
            "Id of the standard account, which GovCloud usage is billed to",
            f"{_COST} LINKED_ACCOUNT",
        ),
        Column("month", "Month", "text", "The month, as 2026-08", f"{_COST} TimePeriod"),
        Column(
            "amount",
            "Amount",
            "number",
            "What GovCloud cost in that month, unblended",
            f"{_COST} UnblendedCost Amount",
        ),
        Column("unit", "Unit", "text", "What the amount is counted in", f"{_COST} Unit"),
        Column(
            "is_estimated",
            "Estimated",
            "flag",
            "Whether AWS calls the amount an estimate",
            f"{_COST} Estimated",
        ),
    ),
    key=("account_id", "month", "unit"),
    giver="the spend of a snapshot",
)

CONTACTS: Final = Table(
    "CONTACTS",
    "mismatching account and kind of contact",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "the request"),
        Column(
            "contact_type",
            "Contact",
            "word",
            "What the contact is there for",
            "the request",
            tuple(ContactType),
        ),
        Column("name", "Name", "text", "Whom to call", f"{_CONTACT} Name", optional=True),
        Column("title", "Title", "text", "Their title", f"{_CONTACT} Title", optional=True),
        Column(
            "email", "E-mail", "text", "Their e-mail", f"{_CONTACT} EmailAddress", optional=True
        ),
        Column(
            "phone", "Phone", "text", "Their phone number", f"{_CONTACT} PhoneNumber", optional=True
        ),
        Column(
            "detail",
            "Detail",
            "text",
            "Why there is none: none is set, or what AWS said",
            f"{_CONTACT} error",
            optional=True,
        ),
    ),
    key=("account_id", "contact_type"),
    giver="the contacts of a snapshot",
)

STORED: Final[Mapping[str, Table]] = {
    table.file: table
    for table in (
        ACCOUNTS,
        GOVCLOUD,
        LINKS,
        WITNESS,
        CREATED,
        CLOSURES,
        TAGS,
        SPEND,
        CONTACTS,
    )
}
"""The tables that a run fills and a store keeps, by what they are called there."""
