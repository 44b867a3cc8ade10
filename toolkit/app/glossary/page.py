"""Glossary: what each word and each cell means, and which rules a policy changed."""

import streamlit as st

from toolkit.app import frame
from toolkit.app.parts import plain
from toolkit.titles.glossary import WORDS, rules_in_words
from toolkit.titles.policy import policy_in_words

view = frame.chosen()
frame.header(view, "What the words mean, and by which rules pairs are judged")
with st.container(border=True, key="words"):
    plain.write("Words", "h2")
    plain.facts(WORDS)
for title, rules in rules_in_words(view.policy).items():
    with st.container(border=True):
        plain.write(title, "h2")
        plain.table([str(name) for name in rules], rules.itertuples(index=False))
if view.policy.changed:
    plain.message("notice", policy_in_words(view.policy)[0])
