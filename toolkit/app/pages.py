"""The app's pages: one row each, and the only place that knows where they lie.

A page is a folder with a `page.py`, which reads its widgets, loads, analyses and plots, in that
order, and a row here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Page:
    """One page: its folder, what it is called, and its icon (a Material symbol)."""

    folder: str
    title: str
    icon: str

    @property
    def path(self) -> Path:
        """The script that Streamlit runs."""
        return _HERE / self.folder / "page.py"


OVERVIEW: Final = Page("overview", "Overview", "dashboard")
MISMATCHES: Final = Page("mismatches", "Mismatches", "difference")
LINKS: Final = Page("links", "Links", "hub")
RECONCILE: Final = Page("reconcile", "GovCloud list", "compare_arrows")
TRENDS: Final = Page("trends", "Trends", "trending_up")
ACCOUNT: Final = Page("account", "Account", "person_search")
COLLECT: Final = Page("collect", "Collect", "cloud_download")
EXPORT: Final = Page("export", "Export", "ios_share")

PAGES: Final = (OVERVIEW, MISMATCHES, LINKS, RECONCILE, TRENDS, ACCOUNT, COLLECT, EXPORT)
"""Every page, in the order of the navigation; the first is where the app opens."""


def navigation() -> Any:
    """Return Streamlit's navigation over every page."""
    return st.navigation(
        [
            st.Page(
                page.path,
                title=page.title,
                icon=f":material/{page.icon}:",
                # Without it, every page would be called page.
                url_path=page.folder,
                default=page is PAGES[0],
            )
            for page in PAGES
        ]
    )
