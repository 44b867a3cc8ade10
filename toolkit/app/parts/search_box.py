"""The search field of every page: `/` leads into it, and it leads to Mismatches."""

from typing import Final

import streamlit as st

from toolkit.app.address import Address
from toolkit.app.pages import MISMATCHES

FIND: Final = "find"
"""The key of the field on Mismatches, and its name in the address."""
_ELSEWHERE: Final = "find-from-elsewhere"
_ASKED: Final = "find-asked"
_PLACE: Final = "Name, id, unit or e-mail ( / )"
_HELP: Final = (
    "Several words find what has all of them. Ids may have dashes or blanks; a list of ids finds"
    " each of them."
)
_SLASH: Final = """<script>
if (!window.slashFinds) {
  window.slashFinds = true;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (at && (at.matches("input, textarea, select") || at.isContentEditable)) return;
    const field = document.querySelector("[class*=st-key-find] input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
</script>"""


def show(everything: Address, *, finds: bool) -> None:
    """Show the field: where the page `finds`, it filters that; elsewhere it leads to Mismatches.

    `everything` is the address there of all accounts.
    """
    # The script is the same for everybody, and has nothing in it that anybody typed.
    st.html(_SLASH, unsafe_allow_javascript=True)
    if finds:
        st.text_input(
            "Search",
            key=FIND,
            persist_state="session",
            type="search",
            live=True,
            icon=":material/search:",
            placeholder=_PLACE,
            help=_HELP,
            label_visibility="collapsed",
            width=330,
        )
    else:
        st.text_input(
            "Search",
            key=_ELSEWHERE,
            type="search",
            icon=":material/search:",
            placeholder=_PLACE,
            label_visibility="collapsed",
            width=330,
            on_change=_ask,
        )
    if asked := st.session_state.pop(_ASKED, ""):
        st.switch_page(MISMATCHES.path, query_params={**everything, FIND: asked})


def _ask() -> None:
    st.session_state[_ASKED] = st.session_state[_ELSEWHERE].strip()
    st.session_state[_ELSEWHERE] = ""
