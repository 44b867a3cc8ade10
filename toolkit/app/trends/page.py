"""Trends: mismatches and states over the snapshots, and what changed between any two of them."""

import streamlit as st

from toolkit import analysis
from toolkit.app import data, frame, look, source
from toolkit.app.parts import panels, plain, tables
from toolkit.app.trends import change_table
from toolkit.charts import plot_mismatch_trend, plot_state_trend
from toolkit.titles import title_changes, title_mismatch_trend

view = frame.chosen()
history = data.history(source.current())
trend, states = analysis.trend(history), analysis.state_trend(history)
frame.header(view, title_mismatch_trend(trend))
if len(history) == 1:
    plain.message(
        "empty",
        "There is one snapshot so far, and a trend needs two.",
        "Collect again in a few days: what changed in between then stands here.",
    )
    st.stop()
panels.show_chart(
    look.fitted(plot_mismatch_trend(trend, dark=look.is_dark()), height=300),
    "mismatch-trend",
    table=tables.words_shown(trend),
    title="Mismatches in each snapshot",
    opens=lambda point: change_table.day_address(point[0]),
)
before, after = change_table.choose_two(history)
changes = data.changes(source.current(), before, after)
plain.write(title_changes(changes), "h2")
change_table.show(change_table.chosen(changes), before, after)
panels.show_chart(
    look.fitted(plot_state_trend(states, dark=look.is_dark())),
    "state-trend",
    table=tables.words_shown(states),
)
