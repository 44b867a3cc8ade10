"""Overview: the answer in one sentence, the key figures, and where the accounts behind them are."""

import streamlit as st

from toolkit import analysis
from toolkit.app import cards, data, filters, frame, panels, source, tables
from toolkit.charts import plot_mismatches_by_ou, plot_state_distribution, plot_state_matrix
from toolkit.titles import title_overview

view = frame.chosen()
pairs, dark = view.pairs, tables.is_dark()
frame.header(view, title_overview(pairs))
cards.show_key_figures(data.figures(source.current()))
panels.show_chart(
    plot_state_distribution(pairs, dark=dark),
    "distribution",
    table=tables.words_shown(analysis.state_distribution(pairs)),
    height=230,
    opens=lambda bar: filters.of_words(filters.LINKED, **{bar[0]: bar[1]}).address(),
)
with st.container(key="side-by-side"):
    matrix, units = st.columns([13, 9])
with matrix:
    panels.show_chart(
        plot_state_matrix(pairs, dark=dark),
        "matrix",
        table=tables.words_shown(analysis.state_matrix(pairs).query("accounts > 0")),
        opens=lambda cell: filters.of_words(
            filters.ALL, standard=cell[0], govcloud=cell[1]
        ).address(),
    )
with units:
    panels.show_chart(
        plot_mismatches_by_ou(pairs, dark=dark),
        "units",
        table=tables.words_shown(analysis.mismatches_by_ou(pairs)),
        opens=lambda bar: filters.of_words(unit=bar[0], severity=bar[1]).address(),
    )
