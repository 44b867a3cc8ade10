"""Who may see more than the demo: whoever came with the token that was made at the start.

Another user of the machine can reach its ports, and so can a page of another program on it; neither
knows the token. Where none was made, everybody may see everything.
"""

import os
from hmac import compare_digest
from typing import Final

import streamlit as st

TOKEN: Final = "ACCOUNT_PAIRS_TOKEN"  # noqa: S105 - the name of the variable that holds it
PARAMETER: Final = "token"
"""What the token is called in the address."""

UNKNOWN: Final = "Open the address that was printed at the start to see your own snapshots."
"""What a tab without the token is told."""

_ADMITTED: Final = "admitted"


def arrive() -> None:
    """Take the token out of the address, so that no copied link holds it, and keep what it says."""
    given = st.query_params.pop(PARAMETER, None)
    if given is not None:
        right = compare_digest(given.encode("utf-8", "replace"), _token().encode())
        st.session_state[_ADMITTED] = right or bool(st.session_state.get(_ADMITTED))


def is_admitted() -> bool:
    """Say whether this tab may see own stores, own rules and what own profiles may ask."""
    return not _token() or bool(st.session_state.get(_ADMITTED))


def _token() -> str:
    return os.environ.get(TOKEN, "")
