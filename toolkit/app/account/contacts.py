"""Whom to call about an account: its alternate contacts, told to whoever asks for them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

import pandas as pd
import streamlit as st

from toolkit.app.data import View
from toolkit.app.parts import plain
from toolkit.aws import Aws
from toolkit.errors import ToolkitError
from toolkit.fetch import fetch_contacts
from toolkit.schema import label
from toolkit.titles import contact_in_words, day

_TOLD: Final = "account-contacts-told"


def show(view: View, account_id: str, way: Callable[[], AbstractContextManager[Aws]]) -> None:
    """Show a button, and once it is pressed the contacts: the snapshot's, else asked now.

    `way` gives the way to AWS.
    """
    mark = (view.snapshot.id, account_id)
    if st.button("Whom to call", icon=":material/call:", key="account-contacts"):
        st.session_state.pop(_TOLD, None)
        try:
            st.session_state[_TOLD] = (mark, *_known(view, account_id, way))
        except ToolkitError as error:
            plain.message("error", error.message, error.hint)
    of, when, found = st.session_state.get(_TOLD, (None, "", None))
    if of == mark:
        with st.container(key="contacts"):
            plain.write(when, "small")
            rows = found.to_dict("records")
            plain.facts({label(row["contact_type"]): contact_in_words(row) for row in rows})


def _known(
    view: View, account_id: str, way: Callable[[], AbstractContextManager[Aws]]
) -> tuple[str, pd.DataFrame]:
    """Return when the alternate contacts of an account were told, and its rows of CONTACTS."""
    kept = view.snapshot.contacts
    kept = kept[kept["account_id"] == account_id]
    if not kept.empty:
        return f"Alternate contacts in the snapshot of {day(view.snapshot.taken)}", kept
    with way() as aws:
        found = fetch_contacts(aws, [account_id])
    now = pd.Timestamp(datetime.now(UTC))
    return f"Alternate contacts, asked on {day(now)} at {now:%H:%M} UTC", found
