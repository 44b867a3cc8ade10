"""The app's frame: pages, source picker and error boundary; what is on a page is in toolkit/app."""

import sys

import streamlit as st

# The first tab of all waits for what is read from the disk: that is said before it is read.
opening = st.empty()
if "toolkit.app.frame" not in sys.modules:
    opening.markdown("Opening the snapshots …")

from toolkit.app import admission, frame, pages, source  # noqa: E402 - said before it is read

opening.empty()
st.set_page_config(
    page_title="Account pairs", page_icon="🔗", layout="wide", initial_sidebar_state=236
)
frame.style()
admission.arrive()
of_many = source.is_of_many()
page = pages.navigation(of_many=of_many)
frame.open_first(page, of_many=of_many)
with frame.boundary():
    st.set_page_config(page_title=f"{page.title} · Account pairs")
    with st.sidebar:
        source.pick(of_all=pages.is_shown(pages.FLEET, page))
    with frame.telling_what_is_left_out():
        page.run()
