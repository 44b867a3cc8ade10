"""Account: some accounts asked about here and now, beside what the snapshot says of them."""

import streamlit as st

from toolkit.app import frame
from toolkit.app.account import account_ids, comparison
from toolkit.app.account import panels as account_panels
from toolkit.app.parts import plain

view = frame.chosen()
heading = st.container()
asked = account_panels.show_question(view)
answers = account_panels.last_answers(view)
compared = comparison.compare(answers.live, view.judged, answers.regions) if answers else []
with heading:
    frame.header(view, comparison.summary(compared) if compared else "Ask AWS about accounts now")
    plain.write("Both states and the links of each, looked up live and laid beside this snapshot.")
if asked.wrong:
    plain.message("notice", account_ids.complaint(asked.wrong, len(asked.ids)))
if answers:
    account_panels.show_answers(view, asked, answers, compared)
else:
    plain.message(
        "empty",
        "No account has been looked up yet.",
        "Type or paste ids above, or take the worst mismatches of this snapshot.",
    )
