"""GovCloud list: whether the GovCloud organization's own list tells the same as the pairs."""

import streamlit as st

from toolkit.app import frame
from toolkit.app.pages import COLLECT
from toolkit.app.parts import downloads, plain
from toolkit.app.reconcile import both_sides, finding_table
from toolkit.titles import title_reconciled, unseen_in_words

view = frame.chosen()
seen, why = view.snapshot.was_seen("witness"), unseen_in_words(view.snapshot, "witness")
frame.header(view, title_reconciled(view.reconciled, seen=seen, why=why))
if not seen:
    plain.message(
        "notice",
        "Whether the GovCloud organization says the same cannot be told without its own list.",
        "Below is what the pairs and the creations say. Collect with a profile of the GovCloud"
        " organization to have its list, too.",
    )
    st.page_link(COLLECT.path, label="Collect with it", icon=":material/cloud_download:")
for text in view.reconciled_without:
    plain.message("notice", text)
if view.reconciled.empty:
    plain.message(
        "empty",
        "No GovCloud account is known to this snapshot.",
        "None of its accounts is paired, and no list of the GovCloud organization names one.",
    )
    frame.end_page()
finding_table.show_counts(view)
found = finding_table.choose(finding_table.with_names(view))
with st.container(horizontal=True, key="take-away"):
    downloads.offer_csv(found, f"govcloud-list-{view.snapshot.taken:%Y-%m-%d}")
picked = finding_table.show(view, found)
if picked is not None:
    both_sides.show(view, found.iloc[picked])
frame.end_page()
