"""Links: WorkSpaces account links by Region and status, and which of them are worth a look."""

from typing import Final

import streamlit as st

from toolkit.app import frame
from toolkit.app.links import link_table
from toolkit.app.pages import LINKS
from toolkit.app.parts import downloads, panels, plain
from toolkit.app.parts.panels import Panel
from toolkit.titles import title_link_status

PANELS: Final = {"links": Panel("Status by Region", narrows=link_table.narrowed_by)}

view = frame.chosen()
unseen = view.snapshot.manifest.why_no_links if view.links.empty else ""
frame.header(view, f"Account links: {unseen}" if unseen else title_link_status(view.links))
for text in link_table.not_seen(view.snapshot.manifest.regions):
    plain.message("notice", text)
if view.links.empty:
    plain.message(
        "empty",
        f"Account links were {unseen}."
        if unseen
        else "This snapshot holds no WorkSpaces account link.",
        "Accounts are linked to share a bring-your-own-licence configuration; most never are.",
    )
    frame.end_page()
for chart in panels.charts_of(LINKS):
    panels.show(view, chart, PANELS)
found = link_table.choose(link_table.with_ends(view))
with st.container(horizontal=True, key="take-away"):
    downloads.offer_csv(found, f"links-{view.snapshot.taken:%Y-%m-%d}")
link_table.show(found)
