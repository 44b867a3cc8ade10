"""What the page Export offers: what goes out, a card for each kind of file, and the charts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from toolkit.app import filters
from toolkit.app.data import View
from toolkit.app.export import files as exports
from toolkit.app.export.files import Made, Outgoing
from toolkit.app.filters import Filter
from toolkit.app.parts import plain
from toolkit.errors import ToolkitError
from toolkit.exports import FORMATS, Format, Report
from toolkit.exports.pictures import missing_for_pictures
from toolkit.text import printable
from toolkit.titles import counted

_WHOLE: Final = "The whole snapshot"
_VIEW: Final = "The view on Mismatches"
_ALL_CHARTS: Final = "All charts"
_BUILT: Final = "export-made"
_TEMPLATE: Final = "export-template"
_TAGS: Final = "export-tags"
_KILOBYTE: Final = 1024


def choose(view: View) -> Outgoing:
    """Show what can go out, in words, and return what is chosen."""
    chosen = filters.on_screen()
    found, left = view.kept(chosen)
    if st.session_state.get("export-filter-seen") != chosen:
        # Another filter than at the last visit is what one came with.
        st.session_state["export-filter-seen"] = chosen
        st.session_state["export-scope"] = _WHOLE if chosen == Filter() else _VIEW
    scope = st.segmented_control(
        "What goes out",
        [_WHOLE, _VIEW],
        required=True,
        key="export-scope",
        persist_state="session",
    )
    tags = _pick_tags(view)
    if scope == _WHOLE:
        plain.write(f"{counted(len(view.pairs), 'account')}, nothing filtered.")
        return Outgoing(view, Report.of(view.snapshot, policy=view.policy, tags=tags))
    report = view.selection(found, left, chosen)
    with st.container(horizontal=True, vertical_alignment="center", key="export-filter"):
        plain.write(f"{report.note}.")
        if not chosen.is_wide:
            st.button(
                "Clear the filter",
                icon=":material/filter_alt_off:",
                key="export-clear",
                on_click=filters.clear,
            )
    return Outgoing(view, report.with_tags(tags))


def _pick_tags(view: View) -> list[str]:
    """Show the keys of the tags, where they were seen, and return those that become columns."""
    keys = sorted(view.snapshot.tags["key"].unique()) if view.snapshot.was_seen("tags") else []
    if not keys:
        return []
    kept = [key for key in st.session_state.get(_TAGS, []) if key in keys]
    if st.session_state.get(_TAGS, kept) != kept:
        st.session_state[_TAGS] = kept
    return st.multiselect(
        "Tags as columns",
        keys,
        format_func=printable,
        key=_TAGS,
        persist_state="session",
        placeholder="None",
        help="In the workbook, the page and the table: the value that each account has.",
    )


def show_files(outgoing: Outgoing) -> None:
    """Show a card for each kind of file: made on demand, then offered."""
    for first in range(0, len(FORMATS), 2):
        for place, kind in zip(st.columns(2), FORMATS[first : first + 2], strict=False):
            with place, st.container(border=True, key=f"export-{kind.key}", height="stretch"):
                plain.write(kind.name, "h2")
                plain.write(kind.about)
                _show_file(kind, outgoing)


def show_pictures(outgoing: Outgoing) -> None:
    """Show the charts to choose from, where there is a browser that can draw them."""
    with st.container(border=True, key="export-pictures"):
        plain.write("Single charts", "h2")
        plain.write(
            "Made for a slide: PNG at double size, SVG sharp at any, HTML to hover and zoom."
        )
        missing = missing_for_pictures()
        if missing:
            plain.message("notice", missing)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = str(
                st.selectbox(
                    "Chart",
                    [_ALL_CHARTS, *(chart.name for chart in outgoing.charts)],
                    key="export-chart",
                    persist_state="session",
                )
            )
            form = st.segmented_control(
                "Format",
                ["HTML"] if missing else ["PNG", "SVG", "HTML"],
                default="HTML" if missing else "PNG",
                required=True,
                key="export-format",
                persist_state="session",
            )
            titled = st.toggle("Title and source", key="export-titled", persist_state="session")
            dark = st.toggle("Dark", key="export-dark", persist_state="session")
            pressed = st.button("Draw", icon=":material/draw:", key="export-draw")
        suffix = f".{str(form).lower()}"
        how = {"titled": titled, "dark": dark}
        mark = (name, suffix, titled, dark, outgoing.mark)
        if pressed:
            _keep("pictures", mark, lambda bar: _draw(name, suffix, outgoing, bar, **how))
        made = _kept("pictures", mark)
        if made:
            if name != _ALL_CHARTS and suffix != ".html":
                st.image(
                    made.data if suffix == ".png" else made.data.decode(), width=640, alt=made.alt
                )
            _offer(made, "pictures")


def _show_file(kind: Format, outgoing: Outgoing) -> None:
    takes_template = "template" in kind.options
    file = st.session_state.get(_TEMPLATE) if takes_template else None
    template = None if file is None else file.getvalue()
    mark = (outgoing.mark, template)
    made = _kept(kind.key, mark)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            f"Make the {kind.name.lower()}",
            icon=f":material/{kind.icon}:",
            key=f"export-make-{kind.key}",
            type="secondary" if made else "primary",
        )
        offer = st.empty()
        if takes_template:
            with st.popover("Your own template", icon=":material/palette:", type="tertiary"):
                st.file_uploader(
                    "A .pptx or .potx whose fonts and colours the slides are to have",
                    type=["pptx", "potx"],
                    key=_TEMPLATE,
                )
    if pressed:
        _keep(kind.key, mark, lambda _: exports.make(kind, outgoing.report, template))
        made = _kept(kind.key, mark)
    if made:
        with offer:
            _offer(made, kind.key)


def _draw(name: str, suffix: str, outgoing: Outgoing, bar: Any, **how: bool) -> Made:
    charts = outgoing.charts
    made = []
    for done, chart in enumerate(charts):
        if name in (_ALL_CHARTS, chart.name):
            bar.progress(done / len(charts), text=f"Drawing {chart.name}")
            made.append(exports.make_picture(chart, outgoing, suffix, **how))
    return (
        made[0] if name != _ALL_CHARTS else exports.bundle(made, f"{outgoing.report.name}-charts")
    )


def _keep(key: str, mark: tuple[object, ...], make: Callable[[Any], Made]) -> None:
    """Make a file while saying so, and keep it with the marks of what it was made of."""
    st.session_state.setdefault(_BUILT, {}).pop(key, None)
    with st.spinner("Writing the file", show_time=True):
        bar = st.empty()
        try:
            st.session_state[_BUILT][key] = (mark, make(bar))
        except ToolkitError as error:
            plain.message("error", error.message, error.hint)
        bar.empty()


def _kept(key: str, mark: tuple[object, ...]) -> Made | None:
    """Return the file if it was made of what is on screen now."""
    known, made = st.session_state.get(_BUILT, {}).get(key, (None, None))
    found: Made | None = made if known == mark else None
    return found


def _offer(made: Made, key: str) -> None:
    st.download_button(
        f"Download {Path(made.name).suffix} ({_size(len(made.data))})",
        made.data,
        made.name,
        made.mime,
        key=f"export-download-{key}",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )


def _size(count: int) -> str:
    kilobytes = count / _KILOBYTE
    if kilobytes < _KILOBYTE:
        return f"{max(kilobytes, 1):,.0f} kB"
    return f"{kilobytes / _KILOBYTE:,.1f} MB"
