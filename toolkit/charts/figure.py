"""What every figure shares: template, title and alt text beside it, safe text, an empty state."""

import html
import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from toolkit import theme

LIGHT_TEMPLATE: Final = "account_pairs"
DARK_TEMPLATE: Final = "account_pairs_dark"

pio.templates[LIGHT_TEMPLATE] = go.layout.Template(theme.template())
pio.templates[DARK_TEMPLATE] = go.layout.Template(theme.template(dark=True))

LABEL: Final = 14
"""The size of the text in a bar, in pixels."""
_LEAST: Final = 11
"""The size below which no text in a bar is read, so that none is written."""

_CHARACTER: Final = 7.5
"""The width of a bold character at that size, in pixels."""


def new_figure(
    traces: list[Any], *, title: str, subtitle: str, alt: str, dark: bool, **layout: object
) -> go.Figure:
    """Return a figure of the traces with the template, and its sentences in `layout.meta`.

    Whoever draws it measures the text in its bars: what does not fit is smaller, or left out.
    """
    figure = go.Figure(traces)
    layout = {"uniformtext": {"mode": "hide", "minsize": _LEAST}} | layout
    figure.update_layout(
        template=DARK_TEMPLATE if dark else LIGHT_TEMPLATE,
        meta={"title": title, "subtitle": subtitle, "alt": alt},
        **layout,
    )
    return figure


def empty_figure(*, title: str, subtitle: str, dark: bool, height: int = 320) -> go.Figure:
    """Return a figure that says in one sentence why there is nothing to draw."""
    colours = theme.palette(dark=dark)
    figure = new_figure(
        [],
        title=title,
        subtitle=subtitle,
        alt=f"{title}. There is nothing to draw.",
        dark=dark,
        height=height,
        xaxis={"visible": False, "fixedrange": True},
        yaxis={"visible": False, "fixedrange": True},
    )
    figure.add_shape(
        type="rect",
        xref="paper",
        yref="paper",
        x0=0,
        x1=1,
        y0=0,
        y1=1,
        fillcolor=colours.panel,
        line={"width": 0},
        layer="below",
    )
    figure.add_annotation(
        text=plain(title),
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        showarrow=False,
        font={"size": 16, "color": colours.muted},
    )
    return figure


def entitled(figure: go.Figure, title: str) -> go.Figure:
    """Return the figure under another title, in what is read aloud of it, too."""
    alt = chart_alt(figure).replace(chart_title(figure), title)
    return figure.update_layout(meta=figure.layout.meta | {"title": title, "alt": alt})


def chart_title(figure: go.Figure) -> str:
    """Return the sentence that says what the figure shows, as plain text."""
    return _sentence(figure, "title")


def chart_subtitle(figure: go.Figure) -> str:
    """Return the line that says how to read the figure, as plain text."""
    return _sentence(figure, "subtitle")


def chart_alt(figure: go.Figure) -> str:
    """Return the text that stands for the figure where it cannot be seen."""
    return _sentence(figure, "alt")


def plain(text: str) -> str:
    """Return text that Plotly shows as it is: no tag, entity or formula in it is acted upon."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def bare(text: str) -> str:
    """Return our own text without the tags that set it in bold."""
    return text.replace("<b>", "").replace("</b>", "")


def records(table: pd.DataFrame) -> list[Any]:
    """Return the rows as tuples with the columns' names, to be read one by one."""
    return list(table.itertuples(index=False))


def see_through(colour: str, opacity: float) -> str:
    """Return #RRGGBB as a colour that lets through what is behind it."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def room_for(texts: Iterable[str]) -> int:
    """Return how wide the widest of these texts is at most, with some air beside it, in pixels."""
    return math.ceil(max(map(len, texts), default=0) * _CHARACTER) + 20


def apart(places: Sequence[float], gap: float, highest: float) -> list[float]:
    """Return ascending places moved just so far that they are that far apart, up to a highest."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else place)
    above = highest + gap
    for at in reversed(range(len(moved))):
        moved[at] = above = min(moved[at], above - gap)
    return moved


def unfaded(text: str) -> dict[str, Any]:
    """Return what keeps a trace as it is while something else is selected: labels stay readable."""
    # Plotly's bars fail in the browser where only one of the two says what text looks like.
    font = {"textfont": {"color": text}}
    return {"selected": font, "unselected": {"marker": {"opacity": 1}} | font}


def labelled(ink: str, **font: object) -> dict[str, Any]:
    """Return what writes a bar's text in its middle: upright, and only where it fits."""
    return {
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "inside",
        "textfont": {"color": ink, "size": LABEL, **font},
        **unfaded(ink),
    }


def segment(fill: str, gap: str, **font: object) -> dict[str, Any]:
    """Return how a segment of a stacked horizontal bar looks, with a gap in the paper's colour."""
    return {
        "orientation": "h",
        "marker": {"color": fill, "line": {"color": gap, "width": 1}},
        **labelled(theme.text_on(fill), **font),
    }


def at_ends(ends: Sequence[float], words: Sequence[str], ink: str) -> go.Scatter:
    """Return the words that stand at the ends of horizontal bars, from the top down."""
    return go.Scatter(
        x=list(ends),
        y=list(range(len(ends))),
        mode="text",
        text=[f"  {said}" for said in words],
        textposition="middle right",
        **unfaded(ink),
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )


def centred(bars: int, least: int) -> list[float]:
    """Return the range of an axis of bars from the top down, so that few do not grow fat."""
    room = max(least - bars, 0) / 2
    return [bars - 0.5 + room, -0.5 - room]


def legend_below(**more: object) -> dict[str, Any]:
    """Return a legend in one line under the plot, its entries in the order of the traces."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 0.01,
        "yanchor": "bottom",
        "yref": "container",
        "traceorder": "normal",
    } | more


def _sentence(figure: go.Figure, name: str) -> str:
    meta = figure.layout.meta
    return str(meta[name]) if isinstance(meta, dict) and name in meta else ""
