"""What every page stands in: looks, header, the badge of the demo, and the one error boundary."""

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import streamlit as st

from toolkit.app import data, demo, ending, listings, look, source, standing
from toolkit.app.data import View
from toolkit.app.filters import ALL, Filter
from toolkit.app.pages import COLLECT, FLEET, OVERVIEW, is_shown
from toolkit.app.parts import plain, search_box
from toolkit.errors import StoreError, ToolkitError
from toolkit.schema import Severity, State
from toolkit.theme import palette, text_on
from toolkit.titles import caller_in_words, counted, day, times_in_words

_HERE: Final = Path(__file__).parent
_OPENED: Final = "opened"
"""Under what is kept that a tab has shown a page already."""

_NAMED: Final = 5
"""How many damaged files are named; whoever mends those sees the others."""


def style() -> None:
    """Put the style sheet on the page, with the palette's colours as its variables."""
    colours = palette(dark=look.is_dark())
    variables = {
        "accent": colours.states[State.ACTIVE],
        "on-accent": text_on(colours.states[State.ACTIVE]),
        "alarm": colours.severities[Severity.CRITICAL],
        "quiet": colours.muted,
        "muted": colours.muted,
        "line": colours.line,
    }
    root = "".join(f"--ap-{name}:{colour};" for name, colour in variables.items())
    st.html(f"<style>:root{{{root}}}{(_HERE / 'style.css').read_text('utf-8')}</style>")
    logo = (_HERE / "logo.svg").read_text("utf-8")
    for name, colour in {"ACCENT": variables["accent"], "INK": colours.ink}.items():
        logo = logo.replace(name, colour)
    st.logo(logo, size="large")


def open_first(page: Any, *, of_many: bool) -> None:
    """Let a new tab begin with Fleet where there are many organizations, unless a link led it here.

    The addresses of Overview stay what they are with one: a link to it is never a link to Fleet.
    """
    is_first, st.session_state[_OPENED] = _OPENED not in st.session_state, True
    named = {"organization", "snapshot"} & set(st.query_params)
    if of_many and is_first and is_shown(OVERVIEW, page) and not named:
        st.switch_page(FLEET.path)


def chosen() -> View:
    """Return the chosen snapshot; makes the demo first where it is wanted and not there yet.

    Where there is nothing to show, it says so, and the page ends here.
    """
    wanted = source.current()
    if wanted.is_demo:
        demo.complete()
    if wanted.error:
        raise wanted.error
    if not wanted.snapshot_id:
        _show_nothing(wanted)
    return data.view(wanted)


def header(view: View, sentence: str, *, finds: bool = False) -> None:
    """Show whose accounts these are, when they were seen and judged by what, and the answer.

    The search filters the page where it `finds`, and else leads to Mismatches.
    """
    taken, manifest = view.snapshot.taken, view.snapshot.manifest
    provenance = [
        f"Snapshot of {day(taken)}, {taken:%H:%M} UTC, {standing.age_now(view)}",
        manifest.organization_id,
        f"asked by {caller_in_words(manifest.caller_kind)}",
    ]
    if mixed := times_in_words(*view.snapshot.answered):
        provenance.append(mixed)
    if view.policy.name:
        provenance.append(f"own rules: {view.policy.name}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="provenance"):
        if view.source.is_demo or manifest.is_local:
            st.badge("demo organization", icon=":material/science:", color="violet")
        plain.write(" · ".join(provenance), "small")
        standing.offer_link(view)
        search_box.show(Filter(ALL).address(), finds=finds)
    standing.tell(view)
    plain.write(sentence, "h1")
    if view.source.missing:
        plain.message(
            "notice",
            f"This store holds {view.source.missing}.",
            "The newest is shown; the others are in the list on the left.",
        )
    if view.source.newest not in ("", view.snapshot.id):
        plain.message(
            "notice",
            f"The newest snapshot, {view.source.newest}, cannot be read.",
            "The newest that can be is shown; on the left stands what is wrong with it.",
        )


class _OverError(Exception):
    """A page has shown all that it has to show."""


def end_page() -> NoReturn:
    """End the page here; unlike `st.stop`, what stands beside it is still shown."""
    raise _OverError


@contextmanager
def telling_what_is_left_out() -> Iterator[None]:
    """Show beside a page, once it has read what it needs, what could not be read."""
    side = st.sidebar.container()
    try:
        yield
    except _OverError:
        pass
    finally:
        with side:
            _show_left_out(data.left_out(source.current()))


def _show_left_out(errors: Sequence[StoreError]) -> None:
    if not errors:
        return
    named = " ".join(str(error) for error in errors[:_NAMED])
    more = f" And {len(errors) - _NAMED:,} more." if len(errors) > _NAMED else ""
    plain.message(
        "notice",
        f"Left out, for it cannot be read: {counted(len(errors), 'snapshot')}.",
        named + more,
    )
    st.button("Read again", icon=":material/refresh:", key="read-again", on_click=data.forget)


@contextmanager
def boundary() -> Iterator[None]:
    """Show whatever goes wrong inside as one sentence and what to do; the only such place."""
    ending.wait_for_this_script()
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


def _show_nothing(wanted: source.Source) -> NoReturn:
    plain.write("No snapshot here yet", "h1")
    plain.message(
        "empty",
        f"The {listings.kind(wanted.store)} {wanted.store} holds no snapshot.",
        "Collect one from your own accounts, or look at the demo organization first.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Show the demo organization",
            icon=":material/science:",
            type="primary",
            on_click=source.choose_store,
            args=(source.DEMO,),
        )
        st.page_link(COLLECT.path, label="Collect a snapshot", icon=":material/cloud_download:")
    end_page()
