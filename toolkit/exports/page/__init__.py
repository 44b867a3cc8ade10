"""The page: the report as one HTML file that opens offline and loads nothing from anywhere."""

import os
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import jinja2
from markupsafe import Markup

from toolkit import theme, titles
from toolkit.exports.files import destination, replacing
from toolkit.exports.page.cases import ask, listed_in_words, worst
from toolkit.exports.page.sections import cards, sections
from toolkit.exports.report import Report, as_report
from toolkit.schema import Severity
from toolkit.store import Snapshot
from toolkit.text import printable

_HERE: Final = Path(__file__).parent
_COLOURS: Final = ("ink", "muted", "line", "paper", "panel")


def save_page(content: Report | Snapshot, path: str | os.PathLike[str]) -> Path:
    """Write the report as one HTML file, for an e-mail or a share, and return its path.

    A snapshot is reported on with the history of the store that it came from. The page says what
    to do first, then shows every chart, each with its table behind it, and lists up to 500
    mismatches and 1,000 accounts, to be searched and sorted; it says where it stops, and a workbook
    has the rest. It follows a light or dark screen, is made to be printed and read on a phone, can
    be read without its script, and forbids itself to load anything. Names are escaped, no account's
    e-mail is in it. Times are UTC. Raises InputError where the name does not end in .html,
    StoreError where it cannot be written.
    """
    target = destination(path, [".html", ".htm"], "a page")
    report = as_report(content)
    with replacing(target) as beside:
        beside.write_text(_page(report), encoding="utf-8")
    return target


def _page(report: Report) -> str:
    script = _file("page.js")
    return _template().render(
        title=printable(report.headline),
        ask=printable(ask(report)),
        note=printable(report.note),
        comment=printable(report.comment),
        source=report.source,
        worst=worst(report),
        cards=cards(report),
        sections=list(sections(report)),
        nothing=listed_in_words(report),
        severities=[str(severity) for severity in Severity],
        colours=_colours(),
        font=Markup(theme.FONT_STACK),  # noqa: S704 - our own constant
        style=Markup(_file("page.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        digest=b64encode(sha256(script.encode()).digest()).decode(),
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_HERE)
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = titles.number
    return environment.get_template("page.html")


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _colours() -> dict[str, str]:
    """Return every colour by its name in the style, the one for light pages and that for dark."""
    both = []
    for dark in (False, True):
        palette = theme.palette(dark=dark)
        names = {name: getattr(palette, name) for name in _COLOURS}
        names |= {str(severity): colour for severity, colour in palette.severities.items()}
        names |= {f"tint-{severity}": colour for severity, colour in palette.tints.items()}
        names |= {f"verdict-{name}": colour for name, colour in palette.verdict_tints.items()}
        both.append(names | {"accent": theme.ACCENT if dark else theme.NAVY})
    light, dark_ones = both
    return {name: f"light-dark({colour},{dark_ones[name]})" for name, colour in light.items()}
