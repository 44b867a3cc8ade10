"""Links: WorkSpaces account links by Region and status, and which of them are worth a look."""

import streamlit as st

from toolkit import analysis
from toolkit.app import data, frame, look, source
from toolkit.app.links import link_table
from toolkit.app.parts import downloads, panels, plain, tables
from toolkit.titles import title_link_status

view = frame.chosen()
frame.header(view, title_link_status(view.links))
for text in link_table.not_seen(view.snapshot.manifest.regions):
    plain.message("notice", text)
if view.links.empty:
    plain.message(
        "empty",
        "This snapshot holds no WorkSpaces account link.",
        "Accounts are linked to share a bring-your-own-licence configuration; most never are.",
    )
    st.stop()
panels.show_chart(
    data.drawn(source.current(), "plot_link_status", dark=look.is_dark()),
    "links",
    table=tables.words_shown(analysis.link_status(view.links)),
    title="Status by Region",
    narrows=link_table.narrowed_by,
)
found = link_table.choose(link_table.with_ends(view))
link_table.show(found)
with st.container(horizontal=True, horizontal_alignment="right"):
    downloads.offer_csv(found, f"links-{view.snapshot.taken:%Y-%m-%d}")
