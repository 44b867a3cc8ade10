"""Where one is: how old what is on screen is, what is newer, what is being collected, and a link.

What can change while a page is looked at is looked at again by itself, without the page.
"""

import html
from datetime import UTC, datetime, timedelta
from typing import Final

import pandas as pd
import streamlit as st

from toolkit.app import listings, runs, source
from toolkit.app.data import View
from toolkit.app.pages import COLLECT
from toolkit.app.parts import plain
from toolkit.errors import StoreError
from toolkit.store import Store
from toolkit.store.keys import TAKEN, time_of
from toolkit.titles import counted, day

_NEWER: Final = 15
_HOW_FAR: Final = 2
"""Seconds between two looks for a newer snapshot, and at how far a collection is."""

_COPY: Final = """<script>
if (!window.linksAreCopied) {
  window.linksAreCopied = true;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".ap-copy");
    if (!button) return;
    const link = new URL(window.location.href);
    for (const [name, value] of Object.entries(button.dataset)) {
      if (value && !link.searchParams.has(name)) link.searchParams.set(name, value);
    }
    await navigator.clipboard.writeText(link.href);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy link"; }, 2000);
  });
}
</script>"""


def age(taken: pd.Timestamp, now: datetime) -> str:
    """Say how old a snapshot is, in whole days or hours."""
    # The clock of whoever collected may be ahead of this one.
    old = max(now - taken.to_pydatetime(warn=False), timedelta())
    if old.days:
        return f"{counted(old.days, 'day')} old"
    hours = old.seconds // 3600
    return f"{counted(hours, 'hour')} old" if hours else "less than an hour old"


def age_now(view: View) -> str:
    """Say how old the snapshot on screen is now."""
    return age(view.snapshot.taken, datetime.now(UTC))


def offer_link(view: View) -> None:
    """Offer a link to exactly this: page, filters and row as the address has them, this snapshot.

    It has no token: whoever opens it needs one of their own.
    """
    pinned = view.source.address_of(view.snapshot.taken)
    data = "".join(f' data-{name}="{html.escape(str(value))}"' for name, value in pinned.items())
    st.html(_COPY, unsafe_allow_javascript=True)
    st.html(f'<button type="button" class="ap-copy"{data}>Copy link</button>')


def tell(view: View) -> None:
    """Say where the snapshot is old or overtaken, and what is being collected meanwhile."""
    here, newest = view.snapshot.id, view.source.latest
    if newest not in ("", here):
        with st.container(key="old-snapshot"):
            plain.message(
                "notice",
                f"This is an old snapshot, of {day(view.snapshot.taken)}.",
                f"The newest is of {_day_of(newest)}.",
            )
            st.button(
                "Back to the newest",
                icon=":material/update:",
                key="back-to-newest",
                on_click=source.choose_newest,
            )
    _tell_of_newer(view.source.store, view.source.organization, newest)
    tell_of_runs()


@st.fragment(run_every=_NEWER)
def _tell_of_newer(store: Store, organization: str, known: str) -> None:
    try:
        newest = max(listings.versions(store, organization), default="")
    except StoreError:  # the page itself says so when it next asks
        return
    if not known or newest <= known:
        return
    with st.container(key="newer-snapshot"):
        plain.message("notice", "A new snapshot is there.", f"It is of {_day_of(newest)}.")
        if st.button("Show it", icon=":material/update:", key="show-newer"):
            source.choose_newest()
            st.rerun()


def tell_of_runs() -> None:
    """Say on any page what is being collected; the page Collect shows more of it."""
    under_way = [run for run in map(runs.find, source.stores().values()) if run]
    if any(run.is_under_way for run in under_way):
        _tell_how_far()


@st.fragment(run_every=_HOW_FAR)
def _tell_how_far() -> None:
    found = [run for run in map(runs.find, source.stores().values()) if run and run.is_under_way]
    if not found:
        st.rerun()
    for place, run in enumerate(found):
        told = run.progress
        share = min(told.done / told.total, 1.0) if told and told.total else 0.0
        many = f": {told.done:,} of {told.total:,}" if told and told.total else ""
        with st.container(key=f"collecting-{place}"):
            st.progress(share, text=f"A collection is under way{many}")
            st.page_link(COLLECT.path, label="See it", icon=":material/arrow_forward:")


def _day_of(snapshot_id: str) -> str:
    return day(pd.to_datetime(time_of(snapshot_id), format=TAKEN, utc=True))
