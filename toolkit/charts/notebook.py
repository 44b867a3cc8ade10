"""Charts in a notebook: with their title, and offline, also in a page exported from it.

A notebook is a page with no place for a title beside a figure, so it is drawn above the plot as
the figure is shown; the figure itself stays as it was. Plotly's own renderers leave exported pages
without charts, or have them load a script from the net.
"""

import textwrap
from typing import Any, Final

import plotly.io as pio
from plotly.io.base_renderers import MimetypeRenderer, PlotlyRenderer
from plotly.offline import get_plotlyjs

from toolkit import theme
from toolkit.charts.figure import plain
from toolkit.notebook import in_notebook

NAME: Final = "account_pairs"
"""What the renderer is called in `plotly.io.renderers`."""

_REPLACED: Final = frozenset({"plotly_mimetype", "jupyterlab", "notebook", "vscode"})
"""Plotly's renderers for the two formats that ours gives, too."""

_CLEAR: Final = "rgba(0,0,0,0)"
_HEIGHT: Final = 450
_LINE: Final = 80
_TITLE: Final = {"size": 19, "line": 26}
_SUBTITLE: Final = {"size": 14, "line": 26}
_ROOM: Final = 18
"""Pixels between the sentences and the plot."""


class Renderer(MimetypeRenderer):  # type: ignore[misc] # plotly has no types
    """Shows a figure in JupyterLab, and beside it as HTML for the pages exported from there."""

    def activate(self) -> None:
        """Put plotly.js into the notebook, once, before the first chart."""
        from IPython.display import display_html  # noqa: PLC0415 - only a notebook gets here

        display_html(f"<script>{get_plotlyjs()}</script>", raw=True)  # type: ignore[no-untyped-call] # IPython has few types

    def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, Any]:
        """Return the figure in both formats."""
        config = dict(theme.PLOTLY_CONFIG)
        shown = titled(fig_dict)
        page = pio.to_html(
            shown,
            config=config,
            include_plotlyjs=False,
            include_mathjax=False,
            full_html=False,
            validate=False,
        )
        bundle: dict[str, Any] = PlotlyRenderer(config).to_mimebundle(shown)
        return bundle | {"text/html": page}


def titled(figure: dict[str, Any]) -> dict[str, Any]:
    """Return a figure, as Plotly's JSON has it, with its title and subtitle above the plot."""
    layout = figure["layout"]
    meta = layout.get("meta")
    if not isinstance(meta, dict) or not meta.get("title"):
        return figure
    ink = layout["template"]["layout"]["font"]["color"]
    colours = theme.palette(dark=ink == theme.DARK.ink)
    title, subtitle = (textwrap.wrap(meta.get(name, ""), _LINE) for name in ("title", "subtitle"))
    more = len(title) * _TITLE["line"] + len(subtitle) * _SUBTITLE["line"] + _ROOM
    margin = layout.get("margin", {})
    heading = {
        "text": f"<b>{_lines(title)}</b>",
        "font": {"size": _TITLE["size"], "color": colours.ink},
        "subtitle": {
            "text": _lines(subtitle),
            "font": {"size": _SUBTITLE["size"], "color": colours.muted},
        },
        "x": 0,
        "xanchor": "left",
        "xref": "container",
        "pad": {"l": 8, "t": 4},
        "y": 1,
        "yanchor": "top",
        "yref": "container",
    }
    return figure | {
        "layout": layout
        | {
            "title": heading,
            "height": layout.get("height", _HEIGHT) + more,
            "margin": margin | {"t": margin.get("t", 8) + more},
            # On a dark page, dark text needs a background of its own.
            "paper_bgcolor": colours.paper,
        }
    }


def use_in_notebook() -> None:
    """Show charts this way, where this is a notebook that no other renderer was chosen for."""
    if in_notebook() and _REPLACED.issuperset(pio.renderers.default.split("+")):
        pio.renderers[NAME] = Renderer()
        pio.renderers.default = NAME


def _lines(text: list[str]) -> str:
    return "<br>".join(plain(line) for line in text)
