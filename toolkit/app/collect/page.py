"""Collect: who asks and what it may ask, then a run in the background, to stop and resume."""

import streamlit as st

from toolkit.app import demo, runs, source
from toolkit.app.admission import is_admitted
from toolkit.app.collect import form as collect_form
from toolkit.app.collect import run_panel
from toolkit.app.parts import plain
from toolkit.demo import folder
from toolkit.store import Store

OWN = "Your own accounts"

stores = {source.DEMO: Store(folder())}
if is_admitted():
    stores[OWN] = source.own_store()
plain.write("Collect a snapshot", "h1")
plain.write(
    "Every account of an organization is looked up once, as fast as AWS allows, and kept as a"
    " snapshot."
)
whose = st.segmented_control(
    "Whose accounts",
    list(stores),
    default=collect_form.first_choice(stores, source.DEMO if source.current().is_demo else OWN),
    required=True,
    key="collect-whose",
    persist_state="session",
)
store = stores[str(whose)]
if whose == source.DEMO:
    demo.complete()
run = runs.find(store)
if run is not None:
    run_panel.show(run)
elif whose == source.DEMO:
    collect_form.show_demo(folder())
else:
    collect_form.show_own(store)
