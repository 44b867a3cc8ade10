"""Colours, fonts and sizes: one palette for charts, slides, workbook, page and app.

Colour is never the only sign: a severity also has a symbol and a word. Every fill stands out from
paper and panel by itself, so that no mark needs an outline, and lines may have its colour, too.
States and links are cool or grey, severities warm, so that no one takes one for the other, also
where red and green look alike; tests/test_theme.py says how far apart they are.
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
"""Adorns what counts nothing, as a title slide; no mark of a chart has it."""

SIDES: Final = (NAVY, "#878D94")
"""The standard side and GovCloud beside each other, on white."""

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
    colours are made for, `panel` an empty cell or card. `tints` are fills behind `ink` text. What
    counts everything, whatever its state or severity, is drawn in `ink`.
    """

    ink: str
    muted: str
    line: str
    paper: str
    panel: str
    states: Mapping[str, str]
    severities: Mapping[str, str]
    tints: Mapping[str, str]
    verdict_tints: Mapping[str, str]
    links: Mapping[str, str]


LIGHT: Final = Palette(
    ink="#17202B",
    muted="#566273",
    line="#E3E7EC",
    paper="#FFFFFF",
    panel="#F6F8FA",
    states={
        State.PENDING_ACTIVATION: "#499D6B",
        State.ACTIVE: "#0B5394",
        State.SUSPENDED: "#A141EC",
        State.PENDING_CLOSURE: "#2788A5",
        State.CLOSED: "#3E434B",
        State.NOT_LINKED: "#878D94",
        State.UNKNOWN: "#0A0B2A",
    },
    severities={
        Severity.CRITICAL: "#8C0F1F",
        Severity.HIGH: "#AE4A05",
        Severity.MEDIUM: "#AE8410",
        Severity.LOW: "#666B4F",
    },
    tints={
        Severity.CRITICAL: "#EFC4BF",
        Severity.HIGH: "#F8D9BE",
        Severity.MEDIUM: "#FBF0B8",
        Severity.LOW: "#E4E5D3",
    },
    verdict_tints={
        Verdict.MATCH: "#D8E7F6",
        Verdict.MISMATCH: "#EFC4BF",
        Verdict.NOT_LINKED: "#EBEDF0",
        Verdict.UNKNOWN: "#DDDAEC",
    },
    links={
        LinkStatus.LINKED: "#0B5394",
        LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT: "#499D6B",
        LinkStatus.LINKING_FAILED: "#A141EC",
        LinkStatus.REJECTED: "#2788A5",
        LinkStatus.LINK_NOT_FOUND: "#3E434B",
        State.UNKNOWN: "#0A0B2A",
    },
)

DARK: Final = Palette(
    ink="#E8EDF3",
    muted="#A7B3C2",
    line="#2C3542",
    paper="#0E1117",
    panel="#171D26",
    states={
        State.PENDING_ACTIVATION: "#92D0B2",
        State.ACTIVE: "#4C9BE8",
        State.SUSPENDED: "#9D42D4",
        State.PENDING_CLOSURE: "#68E0FE",
        State.CLOSED: "#A3A6B3",
        State.NOT_LINKED: "#686C72",
        State.UNKNOWN: "#F9FAFC",
    },
    severities={
        Severity.CRITICAL: "#EE4B3C",
        Severity.HIGH: "#FD9E10",
        Severity.MEDIUM: "#F2EE8C",
        Severity.LOW: "#938E66",
    },
    tints={
        Severity.CRITICAL: "#6B1A1C",
        Severity.HIGH: "#613A12",
        Severity.MEDIUM: "#55510F",
        Severity.LOW: "#363527",
    },
    verdict_tints={
        Verdict.MATCH: "#123A63",
        Verdict.MISMATCH: "#6B1A1C",
        Verdict.NOT_LINKED: "#29303A",
        Verdict.UNKNOWN: "#383152",
    },
    links={
        LinkStatus.LINKED: "#4C9BE8",
        LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT: "#92D0B2",
        LinkStatus.LINKING_FAILED: "#9D42D4",
        LinkStatus.REJECTED: "#68E0FE",
        LinkStatus.LINK_NOT_FOUND: "#A3A6B3",
        State.UNKNOWN: "#F9FAFC",
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
