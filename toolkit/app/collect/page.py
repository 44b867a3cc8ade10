"""Collect: who asks and what it may ask, then a run in the background, to stop and resume."""

import streamlit as st

from toolkit.app import demo, runs, source
from toolkit.app.collect import form as collect_form
from toolkit.app.collect import run_panel
from toolkit.app.parts import plain

OWN = "Your own accounts"

stores = {source.DEMO: source.demo_store(), OWN: source.own_store()}
plain.write("Collect a snapshot", "h1")
plain.write(
    "Every account of an organization is looked up once, as fast as AWS allows, and kept as a"
    " snapshot on this machine."
)
whose = st.segmented_control(
    "Whose accounts",
    list(stores),
    default=collect_form.first_choice(stores),
    required=True,
    key="collect-whose",
    persist_state="session",
)
store = stores[str(whose)]
if whose == source.DEMO:
    demo.complete(store)
run = runs.find(store)
if run is not None:
    run_panel.show(run)
elif whose == source.DEMO:
    collect_form.show_demo(store)
else:
    collect_form.show_own(store)
