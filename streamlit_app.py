"""The app's frame: pages, source picker and error boundary; what is on a page is in toolkit/app."""

import streamlit as st

from toolkit.app import admission, frame, pages, source

st.set_page_config(
    page_title="Account pairs", page_icon="🔗", layout="wide", initial_sidebar_state=236
)
frame.style()
admission.arrive()
page = pages.navigation()
with frame.boundary():
    with st.sidebar:
        source.pick()
    with frame.telling_what_is_left_out():
        page.run()
