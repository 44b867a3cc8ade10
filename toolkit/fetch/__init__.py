"""AWS's answers as frames: the accounts, their GovCloud accounts and their links.

Each source (one file each) fills one table of `schema.STORED`; `SOURCES` are all there are.
"""

from typing import Final

from toolkit.fetch.accounts import Accounts
from toolkit.fetch.closures import Closures
from toolkit.fetch.contacts import Contacts
from toolkit.fetch.created import Created
from toolkit.fetch.govcloud import Govcloud
from toolkit.fetch.inputs import check_account_ids, read_account_ids
from toolkit.fetch.links import Links
from toolkit.fetch.source import Source
from toolkit.fetch.spend import CHARGE, MONTHS, Spend
from toolkit.fetch.tables import (
    ask_first,
    fetch_accounts,
    fetch_caller,
    fetch_closures,
    fetch_contacts,
    fetch_created,
    fetch_govcloud,
    fetch_links,
    fetch_spend,
    fetch_tags,
    fetch_witness,
)
from toolkit.fetch.tags import Tags
from toolkit.fetch.witness import Witness

__all__ = [
    "CHARGE",
    "FURTHER",
    "MONTHS",
    "SOURCES",
    "ask_first",
    "check_account_ids",
    "fetch_accounts",
    "fetch_caller",
    "fetch_closures",
    "fetch_contacts",
    "fetch_created",
    "fetch_govcloud",
    "fetch_links",
    "fetch_spend",
    "fetch_tags",
    "fetch_witness",
    "read_account_ids",
]

SOURCES: Final[tuple[type[Source], ...]] = (
    Accounts,
    Govcloud,
    Links,
    Witness,
    Created,
    Closures,
    Tags,
    Spend,
    Contacts,
)
"""Every source a run asks, the one that lists the accounts first."""

FURTHER: Final = {one.table.file: one.by_default for one in SOURCES[2:]}
"""The sources that may be left out, and whether they are asked where nobody says which."""
