"""AWS's answers as frames: the accounts, their GovCloud accounts and their links."""

from toolkit.fetch.inputs import check_account_ids, read_account_ids
from toolkit.fetch.tables import fetch_accounts, fetch_caller, fetch_govcloud, fetch_links

__all__ = [
    "check_account_ids",
    "fetch_accounts",
    "fetch_caller",
    "fetch_govcloud",
    "fetch_links",
    "read_account_ids",
]
