"""Mismatches: the pairs behind every number, to filter, search, look at and take away."""

import streamlit as st

from toolkit.app import data, filters, frame
from toolkit.app.mismatches import detail, pair_table
from toolkit.app.parts import downloads, tables

view = frame.chosen()
heading = st.container()
chosen = filters.choose(view.listed)
found = filters.kept(view.listed, chosen)
with heading:
    frame.header(view, pair_table.title(found, chosen))
if found.empty:
    pair_table.show_none(chosen)
    frame.end_page()
with st.container(horizontal=True, horizontal_alignment="right", key="take-away"):
    downloads.offer_pairs(view, found, chosen.in_words())
since = data.since(view)[found.index]
picked = pair_table.show(found, since, key=tables.signature(chosen, view.mark))
pair = found.iloc[picked]
ends = view.links[["source_account_id", "target_account_id"]]
detail.show_pair(
    pair,
    since.iloc[picked],
    view.links[(ends == pair["account_id"]).any(axis=1)],
    oldest=view.past[0][0],
)
