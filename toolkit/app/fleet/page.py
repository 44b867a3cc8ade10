"""Fleet: how all organizations of a store stand, the worst first, and the way to each."""

import pandas as pd
import streamlit as st

from toolkit.app import source
from toolkit.app.fleet import organization_table, totals
from toolkit.app.pages import OVERVIEW
from toolkit.app.parts import downloads, plain
from toolkit.titles import counted, seen_in_words, title_fleet

wanted, now = source.current(), pd.Timestamp.now("UTC")
if not wanted.is_of_many:
    st.switch_page(OVERVIEW.path)
fleet = organization_table.gathered(wanted, now)
provenance = [counted(len(wanted.organizations), "organization"), seen_in_words(fleet.table)]
if wanted.policy.name:
    provenance.append(f"own rules: {wanted.policy.name}")
plain.write(" · ".join(filter(None, provenance)), "small")
plain.write(title_fleet(fleet.table, unread=len(fleet.left_out)), "h1")
if not fleet.table.empty:
    totals.show(fleet.table, wanted.policy)
    organization_table.show(fleet, now)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        plain.write("Pick a row to open its organization.", "small")
        downloads.offer_csv(
            fleet.table, f"fleet-{fleet.table['taken'].max():%Y-%m-%d}", key="fleet"
        )
for organization, error in fleet.left_out.items():
    plain.message("notice", f"Nothing of {organization} can be read.", str(error))
