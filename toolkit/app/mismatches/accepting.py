"""Accepting a mismatch, or what was left behind: who answers for it, why, and until when.

It is written into the policy file that the app was started with, and read from it anew. Only
whoever may see that file's rules may write to it.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from toolkit.app import admission
from toolkit.app.options import options
from toolkit.app.parts import plain
from toolkit.errors import InputError, ToolkitError
from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES, Verdict
from toolkit.titles import day
from toolkit.verdicts.acceptances import MOST_DAYS
from toolkit.verdicts.policy_file.edit import accept, take_back

_NEAR: Final = 30
"""How many days ahead an acceptance lasts unless another day is chosen."""

_DONE: Final = "accepted-last"
_NO_FILE: Final = (
    "To accept it, make a policy file with 'account-pairs policy new policy.toml', and start the"
    " app with it: 'account-pairs app --policy policy.toml'."
)
_NO_TOKEN: Final = "Open the address that was printed at the start to accept it."  # noqa: S105


def tell_what_was_done() -> None:
    """Say once what was written into the policy file in the run before this one."""
    if done := st.session_state.pop(_DONE, ""):
        plain.message("notice", done)


def offer(row: pd.Series) -> None:
    """Offer to accept a row of `View.listed` or `View.left_listed`, or to take that back.

    What agrees needs nobody to answer for it, and for what was not seen nobody can.
    """
    if not _can_be_accepted(row):
        return
    if not admission.is_admitted():
        plain.write(_NO_TOKEN, "small")
        return
    file = options().policy
    if file is None:
        plain.write(_NO_FILE, "small")
    elif pd.isna(row["accepted_until"]):
        _offer_to_accept(row, file)
    else:
        _offer_to_take_back(row, file)


def _can_be_accepted(row: pd.Series) -> bool:
    if row.get("verdict", Verdict.MISMATCH) != Verdict.MISMATCH:
        return False
    known = (str(state) for state in STANDARD_STATES), (str(state) for state in GOVCLOUD_STATES)
    return row["standard_state"] in known[0] and row["govcloud_state"] in known[1]


def _offer_to_accept(row: pd.Series, file: Path) -> None:
    account, today = str(row["account_id"]), datetime.now(UTC).date()
    with (
        st.expander("Accept it until a day", icon=":material/handshake:"),
        st.form(f"accept-{account}", border=False),
    ):
        plain.write(
            "It stays in the list with its severity, and leaves the counts until that day, or until"
            f" one of its two states changes. This is written into {file.name}.",
            "small",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.text_input(
                "Who answers for it",
                value=row["owner"] if isinstance(row["owner"], str) else "",
                key=f"accept-owner-{account}",
                width=260,
            )
            until = st.date_input(
                "Until (UTC)",
                value=today + timedelta(days=_NEAR),
                min_value=today + timedelta(days=1),
                max_value=today + timedelta(days=MOST_DAYS),
                format="YYYY-MM-DD",
                key=f"accept-until-{account}",
                width=160,
            )
        reason = st.text_input("Why it may stay so", key=f"accept-reason-{account}")
        pressed = st.form_submit_button("Accept", type="primary", key=f"accept-button-{account}")

        def write() -> str:
            if not isinstance(until, date):
                raise InputError("No day was chosen.", "Choose until when it is accepted.")
            accept(file, [account], *_states(row), reason, owner, until, today=today)
            return f"{_called(row)} is accepted until {day(pd.Timestamp(until))}."

        if pressed:
            _try(write)


def _offer_to_take_back(row: pd.Series, file: Path) -> None:
    account = str(row["account_id"])
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Take the acceptance back", icon=":material/undo:", key=f"take-back-{account}"
        )
        plain.write(f"It counts again then. This is taken out of {file.name}.", "small")

    def write() -> str:
        take_back(file, account, *_states(row))
        return f"{_called(row)} is accepted no longer."

    if pressed:
        _try(write)


def _try(write: Callable[[], str]) -> None:
    """Write into the policy file and begin the page anew, or say why it could not be written."""
    try:
        st.session_state[_DONE] = write()
    except ToolkitError as error:
        plain.message("error", error.message, error.hint)
    else:
        st.rerun()


def _states(row: pd.Series) -> tuple[str, str]:
    return str(row["standard_state"]), str(row["govcloud_state"])


def _called(row: pd.Series) -> str:
    name = row["name"]
    return f"{name} ({row['account_id']})" if isinstance(name, str) and name else row["account_id"]
