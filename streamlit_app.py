"""The app's frame: pages, source picker and error boundary; what is on a page is in toolkit/app."""

import streamlit as st

from toolkit.app import admission, frame, pages, source

st.set_page_config(
    page_title="Account pairs", page_icon="🔗", layout="wide", initial_sidebar_state=236
)
frame.style()
admission.arrive()
of_many = source.is_of_many()
page = pages.navigation(of_many=of_many)
frame.open_first(page, of_many=of_many)
with frame.boundary():
    with st.sidebar:
        source.pick(of_all=pages.is_shown(pages.FLEET, page))
    with frame.telling_what_is_left_out():
        page.run()
