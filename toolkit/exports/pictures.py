"""One chart as a file: PNG, SVG and PDF through one started browser, HTML without any."""

import asyncio
import atexit
import html
import os
import textwrap
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from toolkit import theme
from toolkit.charts import chart_alt, chart_subtitle, chart_title
from toolkit.charts.figure import plain
from toolkit.errors import InputError, MissingToolError
from toolkit.exports.files import destination, replacing
from toolkit.text import printable

SUFFIXES: Final = (".png", ".svg", ".pdf", ".html")

WIDTH: Final = 1210
HEIGHT: Final = 510
"""The slot under the title of a 16:9 slide, a hundredth of an inch a pixel."""

_SIZES: Final = (20, 14, 11)
"""How large title, subtitle and source are, in pixels."""
_EDGE: Final = 12
_LINE: Final = 26
"""From one of their lines to the next, as Plotly sets them: by the largest."""
_GLYPH: Final = 0.58
"""The width of a bold character, in its heights: wider than most, so that no line is cut."""
_SCALE: Final = 2
_TIMEOUT: Final = 90.0
# Chrome looks for updates and the like by itself. Through a proxy that is not there nothing gets
# out; the chart and its plotly.js are local files.
_NOWHERE: Final = "http://127.0.0.1:9"
_WITHOUT: Final = "Without it, save the deck (.pptx) or the chart as .html."


def save_figure(
    fig: Any,
    path: str | os.PathLike[str],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    titled: bool = False,
    source: str = "",
) -> Path:
    """Write a `plot_*` figure as .png (2×), .svg, .pdf or .html, and return its path.

    Pictures fill the slot under a 16:9 slide's title, which says what the chart shows; one that is
    `titled`, and an HTML file, which stands alone and loads nothing, carry title and subtitle
    themselves. `source` is the line that says where it is from, shown where it is given. `width`
    and `height` are in pixels of a hundredth of an inch. The first picture starts a browser (about
    2 s), which the next ones use. Raises InputError for another suffix, MissingToolError where
    kaleido or Chrome is missing, StoreError where the file cannot be written.
    """
    if not hasattr(fig, "to_plotly_json") or not hasattr(fig, "layout"):
        raise InputError(
            f"A {type(fig).__name__} is no chart.", "Pass what one of the plot_ functions gave."
        )
    target = destination(path, SUFFIXES, "a chart")
    suffix = target.suffix.lower()
    if suffix == ".html":
        content = _page(fig, source)
    else:
        said = [chart_title(fig), chart_subtitle(fig)] if titled else ["", ""]
        content = _picture(fig, suffix[1:], width, height, [*said, source])
    with replacing(target) as beside:
        beside.write_bytes(content)
    return target


def missing_for_pictures() -> str | None:
    """Say in a sentence what must be installed for pictures; None where nothing is missing."""
    try:
        _browser_path()
    except MissingToolError as error:
        return str(error)
    return None


def _picture(fig: Any, kind: str, width: int, height: int, said: Sequence[str]) -> bytes:
    figure = fig.to_plotly_json()
    size: dict[str, Any] = {
        "width": width,
        "height": height,
        **_heading(fig, (width, height), said),
    }
    paper = fig.layout.paper_bgcolor or fig.layout.template.layout.paper_bgcolor
    if paper in (None, "rgba(0,0,0,0)"):
        # A picture has no page behind it that could show through.
        size |= {"paper_bgcolor": _palette(fig).paper}
    figure["layout"] = figure["layout"] | size
    options = {"format": kind, "width": width, "height": height}
    options |= {"scale": _SCALE if kind == "png" else 1}
    browser = _browser()
    try:
        return browser.draw(figure, options)
    except _BROKEN:
        # It was ended from outside, or hangs: a new one may do.
        _forget(browser)
        return _browser().draw(figure, options)


def _heading(fig: Any, size: tuple[int, int], said: Sequence[str]) -> dict[str, Any]:
    """Return what of the layout puts these sentences above the chart, wrapped to its width."""
    width, height = size
    colours = _palette(fig)
    looks = zip(_SIZES, (colours.ink, colours.muted, colours.muted), said, strict=True)
    blocks, taken = [], 0
    for tall, colour, text in looks:
        lines = textwrap.wrap(printable(text), int((width - 2 * _EDGE) / (tall * _GLYPH)))
        taken += len(lines) * _LINE
        words = "<br>".join(map(plain, lines))
        if words:
            bold = f"<b>{words}</b>" if tall == _SIZES[0] else words
            blocks.append(f"<span style='font-size:{tall}px;color:{colour}'>{bold}</span>")
    if not blocks:
        return {}
    margin = fig.layout.margin.to_plotly_json()
    return {
        "margin": margin | {"t": (margin.get("t") or 0) + taken + 2 * _EDGE},
        "title": {
            "text": "<br>".join(blocks),
            "font": {"size": _SIZES[0]},
            "x": _EDGE / width,
            "xanchor": "left",
            "yref": "container",
            "y": 1 - _LINE / height,
            "yanchor": "top",
        },
    }


def _page(fig: Any, source: str) -> bytes:
    colours = _palette(fig)
    chart = fig.to_html(full_html=False, include_plotlyjs=True, config=dict(theme.PLOTLY_CONFIG))
    title, subtitle, alt = (
        html.escape(printable(sentence(fig)))
        for sentence in (chart_title, chart_subtitle, chart_alt)
    )
    from_ = f"<p>{html.escape(printable(source))}</p>" if source else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>body{{font-family:{theme.FONT_STACK};color:{colours.ink};"
        f"background:{colours.paper};margin:2rem auto;max-width:1210px;padding:0 1rem}}"
        f"p{{color:{colours.muted}}}</style></head><body><h1>{title}</h1><p>{subtitle}</p>"
        f'<div role="img" aria-label="{alt}">{chart}</div>{from_}</body></html>\n'
    ).encode()


def _palette(fig: Any) -> theme.Palette:
    """Return the colours of the background that a figure was made for."""
    return theme.palette(dark=fig.layout.template.layout.font.color == theme.DARK.ink)


def _browser_path() -> str:
    """Return where Chrome or Chromium is; BROWSER_PATH overrides. Raises MissingToolError."""
    try:
        from choreographer.browsers.chromium import Chromium  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingToolError(
            "Pictures need kaleido: pip install kaleido (and a Chrome or Chromium).", _WITHOUT
        ) from error
    path = Chromium.find_browser(skip_local=False)
    if not path or not Path(path).is_file():
        raise MissingToolError(
            "Pictures need Chrome or Chromium, and none was found: install one, or set"
            " BROWSER_PATH to where it is.",
            _WITHOUT,
        )
    return str(path)


class _Browser:
    """One Chrome behind the event loop of one thread, so that any thread may draw."""

    def __init__(self, path: str) -> None:
        import kaleido  # noqa: PLC0415 - optional: without pictures nobody needs it

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True)
        self._thread.start()
        self._kaleido = self._run(_opened(kaleido, path))
        atexit.register(self.close)

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        if self._loop.is_closed():
            raise ConnectionError("The browser was ended.")
        drawn: bytes = self._run(self._kaleido.calc_fig(figure, options))
        return drawn

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._run(self._kaleido.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_TIMEOUT)


async def _opened(kaleido: Any, path: str) -> Any:
    # MathJax would come from a CDN: on a closed network it costs two minutes a picture.
    renderer = kaleido.Kaleido(n=1, mathjax=False, path=path, proxy_server=_NOWHERE)
    await renderer.open()
    return renderer


_BROKEN: Final = (OSError, RuntimeError, TimeoutError)
_STARTING: Final = threading.Lock()
_started: dict[str, _Browser] = {}


def _forget(browser: _Browser) -> None:
    with _STARTING:
        for path, known in list(_started.items()):
            if known is browser:
                del _started[path]


def _browser() -> _Browser:
    """Return the started browser, starting it at the first picture. Raises MissingToolError."""
    path = _browser_path()
    with _STARTING:
        if path not in _started:
            try:
                _started[path] = _Browser(path)
            except _BROKEN as error:
                raise MissingToolError(
                    f"The browser for pictures did not start: {path}.", _WITHOUT
                ) from error
        return _started[path]
