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


FLEET: Final = Page("fleet", "Fleet", "lan")
OVERVIEW: Final = Page("overview", "Overview", "dashboard")
MISMATCHES: Final = Page("mismatches", "Mismatches", "difference")
LINKS: Final = Page("links", "Links", "hub")
RECONCILE: Final = Page("reconcile", "GovCloud list", "compare_arrows")
TRENDS: Final = Page("trends", "Trends", "trending_up")
ACCOUNT: Final = Page("account", "Account", "person_search")
COLLECT: Final = Page("collect", "Collect", "cloud_download")
EXPORT: Final = Page("export", "Export", "ios_share")
GLOSSARY: Final = Page("glossary", "Glossary", "menu_book")

_RARE: Final = (GLOSSARY, FLEET)
"""What is there to look up, and what is there for many organizations alone."""

PAGES: Final = (OVERVIEW, MISMATCHES, LINKS, RECONCILE, TRENDS, ACCOUNT, COLLECT, EXPORT, *_RARE)
"""Every page; the first is the one that an address without a page names."""


def navigation(*, of_many: bool = False) -> Any:
    """Return Streamlit's navigation over every page, in the order of PAGES.

    Fleet is in front of them where there are organizations to compare, else nobody is led there.
    """
    return st.navigation(
        [
            st.Page(
                page.path,
                title=page.title,
                icon=f":material/{page.icon}:",
                # Without it, every page would be called page.
                url_path=page.folder,
                default=page is PAGES[0],
                visibility="visible" if page is not FLEET or of_many else "hidden",
            )
            for page in sorted(PAGES, key=lambda page: page is not FLEET)
        ]
    )


def is_shown(page: Page, shown: Any) -> bool:
    """Whether what `navigation` returned is that page."""
    return bool(shown.title == page.title)
