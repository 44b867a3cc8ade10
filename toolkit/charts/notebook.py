"""Charts in a notebook: under their title, and offline, also in a page exported from it.

Plotly's own renderers leave exported pages without charts, or have them load a script from the
net; and they know of no title that is not in the figure.
"""

import html
from typing import Any, Final

import plotly.io as pio
from plotly.io.base_renderers import ExternalRenderer, PlotlyRenderer
from plotly.offline import get_plotlyjs

from toolkit import theme
from toolkit.notebook import in_notebook
from toolkit.text import printable

NAME: Final = "account_pairs"
"""What the renderer is called in `plotly.io.renderers`."""

_REPLACED: Final = frozenset({"plotly_mimetype", "jupyterlab", "notebook", "vscode"})
"""Plotly's renderers for the two formats that ours gives, too."""

_HEADING: Final = (
    '<p style="font-size:1.25em;font-weight:600;margin:0.4em 0 0">{title}</p>'
    '<p style="opacity:0.75;margin:0.2em 0 0.6em">{subtitle}</p>'
)


class Renderer(ExternalRenderer):  # type: ignore[misc] # plotly has no types
    """Shows title and figure in a notebook, and puts what exported pages need beside them."""

    def activate(self) -> None:
        """Put plotly.js into the notebook, once, before the first chart."""
        _display({"text/html": f"<script>{get_plotlyjs()}</script>"})

    def render(self, fig_dict: dict[str, Any]) -> None:
        """Show one figure."""
        meta = fig_dict["layout"].get("meta")
        words = {
            name: html.escape(printable(str(text)))
            for name, text in (meta.items() if isinstance(meta, dict) else ())
        }
        if words.get("title"):
            _display({"text/html": _HEADING.format(**{"subtitle": ""} | words)})
            fig_dict = _on_paper(fig_dict)
        config = dict(theme.PLOTLY_CONFIG)
        page = pio.to_html(
            fig_dict,
            config=config,
            include_plotlyjs=False,
            include_mathjax=False,
            full_html=False,
            validate=False,
        )
        if words.get("alt"):
            page = f'<div role="img" aria-label="{words["alt"]}">{page}</div>'
        _display(PlotlyRenderer(config).to_mimebundle(fig_dict) | {"text/html": page})


def use_in_notebook() -> None:
    """Show charts this way, where this is a notebook that no other renderer was chosen for."""
    if in_notebook() and _REPLACED.issuperset(pio.renderers.default.split("+")):
        pio.renderers[NAME] = Renderer()
        pio.renderers.default = NAME


def _on_paper(figure: dict[str, Any]) -> dict[str, Any]:
    """Return the figure on the background its colours are made for, whatever the notebook's is."""
    layout = figure["layout"]
    ink = layout["template"]["layout"]["font"]["color"]
    paper = theme.palette(dark=ink == theme.DARK.ink).paper
    return figure | {"layout": layout | {"paper_bgcolor": paper}}


def _display(bundle: dict[str, Any]) -> None:
    from IPython.display import display  # noqa: PLC0415 - only a notebook gets here

    display(bundle, raw=True)  # type: ignore[no-untyped-call] # IPython has few types
