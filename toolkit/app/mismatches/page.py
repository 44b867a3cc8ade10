"""Mismatches: the pairs behind every number, to filter, search, look at and take away."""

import streamlit as st

from toolkit.app import filters, frame
from toolkit.app.mismatches import detail, pair_table
from toolkit.app.parts import downloads, tables

view = frame.chosen()
heading = st.container()
chosen = filters.choose(view.listed, view.tags)
found = filters.kept(view.listed, chosen, view.tags)
with heading:
    frame.header(view, pair_table.title(found, chosen))
if found.empty:
    pair_table.show_none(chosen)
    frame.end_page()
with st.container(horizontal=True, horizontal_alignment="right", key="take-away"):
    downloads.offer_pairs(view, found, chosen.in_words())
picked = pair_table.show(view, found, key=tables.signature(chosen, view.mark))
detail.show_pair(view, found.iloc[picked])
