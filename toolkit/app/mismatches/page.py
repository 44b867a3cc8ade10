"""Mismatches: the pairs behind every number, to filter, search, look at, accept and take away."""

from typing import Final

import streamlit as st

from toolkit.app import filters, frame
from toolkit.app.mismatches import accepting, detail, drawers, left_table, pair_table
from toolkit.app.pages import MISMATCHES
from toolkit.app.parts import acceptances, downloads, panels, tables
from toolkit.app.parts.panels import Panel

PANELS: Final = {"owners": Panel(narrows=filters.narrowed_to_owner)}

view = frame.chosen()
heading = st.container()
chosen, fields = filters.choose(view.listed, view.left_listed, view.tags)
found, left = view.kept(chosen)
account = filters.account_of_address()
filters.leave(fields, {*found["account_id"], *left["account_id"]})
with heading:
    frame.header(view, pair_table.title(view, found, left, chosen), finds=True)
    accepting.tell_what_was_done()
    acceptances.tell(view)
if not found.empty:
    with st.container(horizontal=True, key="take-away"):
        downloads.offer_pairs(view, found, left, chosen)
    table, drawer = drawers.beside("pairs")
    with table:
        key = tables.signature(chosen, view.mark)
        picked = pair_table.show(view, found, key=key, account=account)
    with drawer:
        detail.show_pair(view, found.iloc[picked])
elif chosen.show != filters.LEFT_BEHIND or left.empty:
    pair_table.show_none(view, chosen)
if not left.empty:
    left_table.show(view, left, chosen, alone=found.empty, account=account)
for chart in panels.charts_of(MISMATCHES):
    if chosen.show == filters.MISMATCHES and chart.fills(view):
        panels.show(view, chart, PANELS)
