"""Overview: the answer in one sentence, the key figures, and where the accounts behind them are."""

from functools import partial

import streamlit as st

from toolkit import analysis
from toolkit.app import data, filters, frame, look, source
from toolkit.app.overview import cards
from toolkit.app.parts import panels, tables
from toolkit.titles import title_overview

view = frame.chosen()
pairs = view.pairs
drawn = partial(data.drawn, source.current(), dark=look.is_dark())
frame.header(view, title_overview(pairs))
cards.show_key_figures(data.figures(source.current()))
panels.show_chart(
    drawn("plot_state_distribution", height=230),
    "distribution",
    table=tables.words_shown(analysis.state_distribution(pairs)),
    opens=lambda bar: filters.of_words(filters.LINKED, **{bar[0]: bar[1]}).address(),
)
with st.container(key="side-by-side"):
    matrix, units = st.columns([13, 9])
with matrix:
    panels.show_chart(
        drawn("plot_state_matrix"),
        "matrix",
        table=tables.words_shown(analysis.state_matrix(pairs).query("accounts > 0")),
        opens=lambda cell: filters.of_words(
            filters.ALL, standard=cell[0], govcloud=cell[1]
        ).address(),
    )
with units:
    panels.show_chart(
        drawn("plot_mismatches_by_ou"),
        "units",
        table=tables.words_shown(analysis.mismatches_by_ou(pairs)),
        opens=lambda bar: filters.of_words(unit=bar[0], severity=bar[1]).address(),
    )
