"""Overview: the answer in one sentence, the key figures, and where the accounts behind them are."""

from typing import Final

import streamlit as st

from toolkit.app import filters, frame
from toolkit.app.overview import cards, worst
from toolkit.app.pages import OVERVIEW
from toolkit.app.parts import acceptances, panels
from toolkit.app.parts.panels import Panel
from toolkit.titles import title_overview

PANELS: Final = {
    "distribution": Panel(
        height=230,
        opens=lambda bar: filters.of_words(filters.LINKED, **{bar[0]: bar[1]}).address(),
    ),
    "matrix": Panel(
        # How many of all disagree, the page has said above.
        rest=lambda title: title.partition("; ")[2] or title,
        opens=lambda cell: filters.of_words(
            filters.ALL, standard=cell[0], govcloud=cell[1]
        ).address(),
    ),
    "units": Panel(opens=lambda bar: filters.of_words(unit=bar[0], severity=bar[1]).address()),
}

view = frame.chosen()
frame.header(view, title_overview(view.pairs, view.left_behind))
acceptances.tell(view)
worst.show(view)
cards.show_key_figures(view)
first, *others = panels.charts_of(OVERVIEW)
panels.show(view, first, PANELS)
for place in range(0, len(others), 2):
    with st.container(key=f"side-by-side-{place}"):
        columns = st.columns([13, 9])
    for column, chart in zip(columns, others[place : place + 2], strict=False):
        with column:
            panels.show(view, chart, PANELS)
