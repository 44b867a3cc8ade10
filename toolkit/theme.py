"""Colours, fonts and sizes: one palette for charts, slides, workbook, page and app.

Colour is never the only sign: a severity also has a symbol and a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from toolkit.schema import LinkStatus, Severity, State, Verdict, label

FONT: Final = "Arial"
FONT_STACK: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"

TITLE_PT: Final = 26
SUBTITLE_PT: Final = 14
KPI_PT: Final = 30
BODY_PT: Final = 14
TABLE_PT: Final = 11
SOURCE_PT: Final = 10

NAVY: Final = "#0C3460"
ACCENT: Final = "#F5B314"

SYMBOLS: Final[Mapping[str, str]] = {
    Severity.CRITICAL: "◆",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "■",
    Severity.LOW: "●",
}
"""The sign that stands beside a severity's colour."""


def severity_name(severity: str) -> str:
    """Return a severity with its symbol, as it is shown everywhere: "◆ Critical"."""
    return f"{SYMBOLS[severity]} {label(severity)}"


PLOTLY_CONFIG: Final[Mapping[str, Any]] = {"displaylogo": False, "responsive": True}
"""What to pass as `config` wherever a figure is shown."""

_BLACK: Final = "#0B0F14"
_WHITE: Final = "#FFFFFF"


@dataclass(frozen=True)
class Palette:
    """Every colour of one background, as #RRGGBB.

    `ink` is text, `muted` secondary text, `line` axes and grids, `paper` the background the
    colours are made for, `panel` an empty cell or card. `tints` are fills behind `ink` text.
    """

    ink: str
    muted: str
    line: str
    paper: str
    panel: str
    states: Mapping[str, str]
    severities: Mapping[str, str]
    tints: Mapping[str, str]
    verdicts: Mapping[str, str]
    verdict_tints: Mapping[str, str]
    links: Mapping[str, str]


LIGHT: Final = Palette(
    ink="#17202B",
    muted="#566273",
    line="#E3E7EC",
    paper="#FFFFFF",
    panel="#F6F8FA",
    states={
        State.PENDING_ACTIVATION: "#9BD0EA",
        State.ACTIVE: "#0B5394",
        State.SUSPENDED: "#F5B314",
        State.PENDING_CLOSURE: "#C65BCF",
        State.CLOSED: "#788087",
        State.NOT_LINKED: "#DDE3EA",
        State.UNKNOWN: "#C02D06",
    },
    severities={
        Severity.CRITICAL: "#9B1C1C",
        Severity.HIGH: "#D9622B",
        Severity.MEDIUM: "#E8B04B",
        Severity.LOW: "#B8C4D0",
    },
    tints={
        Severity.CRITICAL: "#EFC4BF",
        Severity.HIGH: "#F6D5BE",
        Severity.MEDIUM: "#FAEBC5",
        Severity.LOW: "#E9EEF3",
    },
    verdicts={
        Verdict.MATCH: "#0B5394",
        Verdict.MISMATCH: "#9B1C1C",
        Verdict.NOT_LINKED: "#788087",
        Verdict.UNKNOWN: "#C02D06",
    },
    verdict_tints={
        Verdict.MATCH: "#DCE8F4",
        Verdict.MISMATCH: "#EFC4BF",
        Verdict.NOT_LINKED: "#E4E8ED",
        Verdict.UNKNOWN: "#FBEDE8",
    },
    links={
        LinkStatus.LINKED: "#0B5394",
        LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT: "#9BD0EA",
        LinkStatus.LINKING_FAILED: "#C02D06",
        LinkStatus.REJECTED: "#F5B314",
        LinkStatus.LINK_NOT_FOUND: "#788087",
        State.UNKNOWN: "#C65BCF",
    },
)

DARK: Final = Palette(
    ink="#E8EDF3",
    muted="#A7B3C2",
    line="#2C3542",
    paper="#0E1117",
    panel="#171D26",
    states={
        State.PENDING_ACTIVATION: "#B9DFF1",
        State.ACTIVE: "#4C9BE8",
        State.SUSPENDED: "#F5B314",
        State.PENDING_CLOSURE: "#D47BDB",
        State.CLOSED: "#8F99A3",
        State.NOT_LINKED: "#3A4553",
        State.UNKNOWN: "#E5623D",
    },
    severities={
        Severity.CRITICAL: "#E5484D",
        Severity.HIGH: "#E57A3C",
        Severity.MEDIUM: "#E8B04B",
        Severity.LOW: "#8D9CAD",
    },
    tints={
        Severity.CRITICAL: "#5E1A1E",
        Severity.HIGH: "#56301A",
        Severity.MEDIUM: "#4A3A14",
        Severity.LOW: "#2B3540",
    },
    verdicts={
        Verdict.MATCH: "#4C9BE8",
        Verdict.MISMATCH: "#E5484D",
        Verdict.NOT_LINKED: "#8F99A3",
        Verdict.UNKNOWN: "#E5623D",
    },
    verdict_tints={
        Verdict.MATCH: "#16324F",
        Verdict.MISMATCH: "#5E1A1E",
        Verdict.NOT_LINKED: "#28323F",
        Verdict.UNKNOWN: "#33211C",
    },
    links={
        LinkStatus.LINKED: "#4C9BE8",
        LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT: "#B9DFF1",
        LinkStatus.LINKING_FAILED: "#E5623D",
        LinkStatus.REJECTED: "#F5B314",
        LinkStatus.LINK_NOT_FOUND: "#8F99A3",
        State.UNKNOWN: "#D47BDB",
    },
)


def palette(*, dark: bool = False) -> Palette:
    """Return the colours for a light or a dark background."""
    return DARK if dark else LIGHT


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG counts it: 1 (none) to 21."""
    lower, higher = sorted((_luminance(one), _luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def text_on(colour: str) -> str:
    """Return the colour of text that reads best on a fill: near black or white."""
    return max((_WHITE, _BLACK), key=lambda text: contrast(text, colour))


def template(*, dark: bool = False) -> dict[str, Any]:
    """Return the Plotly template: our fonts and colours, no upload button, no background."""
    colours = palette(dark=dark)
    axis = {
        "automargin": True,
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "showgrid": False,
        "tickfont": {"size": 14},
        "title": {"font": {"size": 13, "color": colours.muted}},
        "zeroline": False,
    }
    return {
        "layout": {
            "bargap": 0.35,
            "colorway": list(colours.states.values()),
            "font": {"family": FONT_STACK, "size": 14, "color": colours.ink},
            "hoverlabel": {
                "align": "left",
                "bgcolor": colours.panel,
                "bordercolor": colours.muted,
                "font": {"family": FONT_STACK, "size": 13, "color": colours.ink},
                "namelength": -1,
            },
            "legend": {"font": {"size": 13}, "itemclick": False, "itemdoubleclick": False},
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "modebar": {
                "remove": ["sendChartToCloud", "select2d", "lasso2d"],
                "bgcolor": "rgba(0,0,0,0)",
                "color": colours.muted,
                "activecolor": colours.ink,
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "separators": ".,",
            "xaxis": axis,
            "yaxis": axis | {"ticklabelstandoff": 8},
        }
    }


def _luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's constants
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
