"""Trends: mismatches and states over the snapshots, and what changed between any two of them."""

from typing import Final

from toolkit import analysis
from toolkit.app import data, frame
from toolkit.app.pages import TRENDS
from toolkit.app.parts import panels, plain
from toolkit.app.parts.panels import Panel
from toolkit.app.trends import change_table
from toolkit.titles import title_changes, title_mismatch_trend

view = frame.chosen()
PANELS: Final = {
    "mismatch-trend": Panel(
        "Mismatches in each snapshot",
        height=300,
        opens=lambda point: change_table.day_address(view.source, point[0]),
    ),
}
frame.header(view, title_mismatch_trend(analysis.trend(view.history, view.left_behind_counts)))
if len(view.past) == 1:
    plain.message(
        "empty",
        "There is one snapshot so far, and a trend needs two.",
        "Collect again in a few days: what changed in between then stands here.",
    )
    frame.end_page()
if view.reaches:
    plain.write(f"What is shown and compared here is {view.reaches}.", "small")
first, *others = panels.charts_of(TRENDS)
panels.show(view, first, PANELS)
before, after = change_table.choose_two([taken for taken, _ in view.past])
changes = data.changes(view, before, after)
shown = change_table.chosen(changes)
plain.write(title_changes(shown, of=len(changes)), "h2")
change_table.show(view, shown, before, after)
for chart in others:
    panels.show(view, chart, PANELS)
