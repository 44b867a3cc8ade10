"""What every page stands in: looks, header, the badge of the demo, and the one error boundary."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from toolkit.app import data, demo, look, source
from toolkit.app.data import View
from toolkit.app.pages import COLLECT
from toolkit.app.parts import plain
from toolkit.errors import ToolkitError
from toolkit.schema import CallerKind, State
from toolkit.theme import palette, text_on

_HERE: Final = Path(__file__).parent

_ASKED_BY: Final = {
    CallerKind.MANAGEMENT: "asked by the management account",
    CallerKind.DELEGATED: "asked by a delegated administrator",
    CallerKind.MEMBER: "asked by a member account",
    CallerKind.STANDALONE: "asked by an account of no organization",
}


def style() -> None:
    """Put the style sheet on the page, with the palette's colours as its variables."""
    colours = palette(dark=look.is_dark())
    variables = {
        "accent": colours.states[State.ACTIVE],
        "on-accent": text_on(colours.states[State.ACTIVE]),
        "alarm": colours.states[State.UNKNOWN],
        "quiet": colours.states[State.CLOSED],
        "muted": colours.muted,
        "line": colours.line,
    }
    root = "".join(f"--ap-{name}:{colour};" for name, colour in variables.items())
    st.html(f"<style>:root{{{root}}}{(_HERE / 'style.css').read_text('utf-8')}</style>")
    logo = (_HERE / "logo.svg").read_text("utf-8")
    for name, colour in {"ACCENT": variables["accent"], "INK": colours.ink}.items():
        logo = logo.replace(name, colour)
    st.logo(logo, size="large")


def chosen() -> View:
    """Return the chosen snapshot; makes the demo first where it is wanted and not there yet.

    Where there is nothing to show, it says so, and the page ends here.
    """
    wanted = source.current()
    if wanted.is_demo:
        demo.complete(wanted.store)
    if wanted.snapshot_id is None:
        _show_nothing(wanted)
    return data.view(wanted)


def header(view: View, sentence: str) -> None:
    """Show whose accounts these are and when they were seen, and the page's answer under it."""
    manifest = view.snapshot.manifest
    asked = _ASKED_BY.get(CallerKind(manifest.caller_kind), "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="provenance"):
        if is_demo(view):
            st.badge("demo organization", icon=":material/science:", color="violet")
        plain.write(
            f"Snapshot of {view.snapshot.taken:%-d %B %Y, %H:%M} UTC · {manifest.organization_id}"
            f" · {asked}",
            "small",
        )
    plain.write(sentence, "h1")
    missing = st.session_state.pop("missing_snapshot", None)
    if missing:
        plain.message(
            "notice",
            f"This store holds no snapshot '{missing}'.",
            "The newest is shown; the others are in the list on the left.",
        )


def is_demo(view: View) -> bool:
    """Whether the snapshot is of an organization that an emulator on this machine made up."""
    host = urlsplit(view.snapshot.manifest.endpoint_url or "").hostname
    return source.current().is_demo or host in {"127.0.0.1", "localhost", "::1"}


@contextmanager
def boundary() -> Iterator[None]:
    """Show whatever goes wrong inside as one sentence and what to do; the only such place."""
    try:
        yield
    except ToolkitError as error:
        plain.message("error", error.message, error.hint)
        _offer_again()
    except Exception:  # noqa: BLE001 - the app's error boundary: nothing may reach the user raw
        plain.message(
            "error",
            "Something in the app itself went wrong; the snapshots are untouched.",
            "Try again. If it stays, the technical detail below helps whoever looks after the app.",
        )
        _offer_again()
        with st.expander("Technical detail"):
            st.code(traceback.format_exc(), language=None)


def _offer_again() -> None:
    st.button("Try again", icon=":material/refresh:", on_click=data.forget)


def _show_nothing(wanted: source.Source) -> None:
    plain.write("No snapshot here yet", "h1")
    plain.message(
        "empty",
        f"The folder {wanted.store} holds no snapshot.",
        "Collect one from your own accounts, or look at the demo organization first.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Show the demo organization",
            icon=":material/science:",
            type="primary",
            on_click=_show_demo,
        )
        st.page_link(COLLECT.path, label="Collect a snapshot", icon=":material/cloud_download:")
    st.stop()


def _show_demo() -> None:
    st.session_state["store"] = source.DEMO
