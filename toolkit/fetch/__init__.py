"""AWS's answers as frames: the accounts, their GovCloud accounts and their links.

Each source (one file each) fills one table of `schema.STORED`; `SOURCES` are all there are.
"""

from typing import Final

from toolkit.fetch.accounts import Accounts
from toolkit.fetch.govcloud import Govcloud
from toolkit.fetch.inputs import check_account_ids, read_account_ids
from toolkit.fetch.links import Links
from toolkit.fetch.source import Source
from toolkit.fetch.tables import (
    ask_first,
    fetch_accounts,
    fetch_caller,
    fetch_govcloud,
    fetch_links,
)

__all__ = [
    "SOURCES",
    "ask_first",
    "check_account_ids",
    "fetch_accounts",
    "fetch_caller",
    "fetch_govcloud",
    "fetch_links",
    "read_account_ids",
]

SOURCES: Final[tuple[type[Source], ...]] = (Accounts, Govcloud, Links)
"""Every source a run asks, the one that lists the accounts first."""
