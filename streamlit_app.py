"""The app's frame: pages, source picker and error boundary; what is on a page is in toolkit/app."""

import streamlit as st

from toolkit.app import frame, source

st.set_page_config(
    page_title="Account pairs", page_icon="🔗", layout="wide", initial_sidebar_state=236
)
frame.style()
page = st.navigation(
    [
        st.Page(frame.OVERVIEW, title="Overview", icon=":material/dashboard:", default=True),
        st.Page(frame.MISMATCHES, title="Mismatches", icon=":material/difference:"),
        st.Page(frame.LINKS, title="Links", icon=":material/hub:"),
        st.Page(frame.TRENDS, title="Trends", icon=":material/trending_up:"),
        st.Page(frame.ACCOUNT, title="Account", icon=":material/person_search:"),
        st.Page(frame.COLLECT, title="Collect", icon=":material/cloud_download:"),
        st.Page(frame.EXPORT, title="Export", icon=":material/ios_share:"),
    ]
)
with frame.boundary():
    with st.sidebar:
        st.session_state["source"] = source.pick()
    page.run()
