"""The page: the report as one HTML file that opens offline and loads nothing from anywhere."""

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
import pandas as pd
from markupsafe import Markup

from toolkit import analysis, charts, schema, theme, titles
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import SPAN, TAG, Report, as_report, minute
from toolkit.schema import Severity, State, Verdict, label
from toolkit.store import Snapshot
from toolkit.text import printable

_CARDS: Final = ("linked", "mismatches", "critical", "high", "unknown")
_WARNING: Final = ("mismatches", "critical")
"""The cards, and those whose number is a warning where it is not zero."""

_ROWS: Final = 200
"""How many rows a table shows before it points to the workbook."""

_CHANGED: Final = ("change", "account_id", "name", "ou_path")
_CHANGES: Final = 50
_WORDS: Final = ("change", "finding", "state_by_pair", "state_by_witness", "contact_type")
"""The columns, beside those of states, whose values are words of a vocabulary."""


_WHY: Final = ("meaning", "action")
_WHY_HEADS: Final = ("What it means", "What to do")

_TEMPLATE: Final = Path(__file__).with_name("page.html")
# Inside a script element only these could end it, or begin a comment or a line.
_UNSAFE: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}

Section = dict[str, Any]


def save_page(content: Report | Snapshot, path: str | os.PathLike[str]) -> Path:
    """Write the report as one HTML file, for an e-mail or a share, and return its path.

    A snapshot is reported on with the history of the store that it came from. Charts can be
    hovered, follow a light or dark page, and need no network: plotly.js is inside (about 5 MB) and
    the page forbids itself to load anything. Names are escaped, no e-mail address is in it, tables
    stop at 200 rows. Times are UTC. Raises InputError where the name does not end in .html,
    StoreError where it cannot be written.
    """
    target = destination(path, [".html", ".htm"], "a page")
    report = as_report(content)
    with replacing(target) as beside:
        beside.write_text(_page(report), encoding="utf-8")
    return target


def _page(content: Report) -> str:
    figures: dict[str, Any] = {"config": dict(theme.PLOTLY_CONFIG)}
    sections = [section for section in _sections(content, figures) if section]
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=printable(titles.title_overview(content.pairs)),
        note=printable(content.note),
        source=content.source,
        cards=_cards(content),
        sections=sections,
        severities=[str(severity) for severity in Severity],
        light=_colours(dark=False),
        dark=_colours(dark=True),
        font=Markup(theme.FONT_STACK),  # noqa: S704 - our own constant
        figures=_script(figures),
        plotly=_plotly(),
    )


def _script(data: Mapping[str, Any]) -> Markup:
    """Return JSON that is safe inside a script element, whatever names it holds."""
    return Markup(json.dumps(data).translate(_UNSAFE))  # noqa: S704 - escaped on this line


@cache
def _plotly() -> Markup:
    from plotly.offline import get_plotlyjs  # noqa: PLC0415 - 5 MB, for those who save a page

    return Markup(get_plotlyjs())  # noqa: S704 - plotly's own code, from the installed package


def _colours(*, dark: bool) -> dict[str, str]:
    palette = theme.palette(dark=dark)
    names = {name: getattr(palette, name) for name in ("ink", "muted", "line", "paper", "panel")}
    names |= {str(severity): colour for severity, colour in palette.severities.items()}
    names |= {f"tint-{severity}": colour for severity, colour in palette.tints.items()}
    names |= {f"verdict-{verdict}": colour for verdict, colour in palette.verdict_tints.items()}
    return names | {"accent": theme.ACCENT if dark else theme.NAVY}


def _cards(content: Report) -> Iterable[dict[str, Any]]:
    for figure in map(titles.figure, _CARDS):
        value = figure.value(content.figures)
        yield {
            "label": theme.severity_name(figure.severity) if figure.severity else figure.name,
            "value": titles.number(value),
            "note": figure.note(content.figures),
            "bad": figure.key in _WARNING and value > 0,
        }


def _sections(content: Report, figures: dict[str, Any]) -> Iterable[Section | None]:
    for chart in charts.CHARTS:
        if chart.in_page and chart.fills(content):
            # As a table of the page, the matrix can be read aloud and copied.
            matrix = chart.key == "matrix"
            yield _matrix(content) if matrix else _chart(chart, content, figures)
        if chart.key == "mismatch-trend" and content.compared:
            yield _changes(content)
    yield _reconciled(content)
    yield _worst(content)
    yield _actions(content)
    yield _contacts(content)
    yield {
        "title": "How these numbers came about",
        "subtitle": "Method and caveats",
        "method": [(topic, printable(sentence)) for topic, sentence in content.method],
    }


def _chart(chart: charts.Chart, content: Report, figures: dict[str, Any]) -> Section:
    """Put a chart among the figures of the page, for light and for dark, and return its section."""
    light, dark = (chart.figure(content, dark=dark) for dark in (False, True))
    figures[chart.key] = {"light": json.loads(light.to_json()), "dark": json.loads(dark.to_json())}
    return {
        "title": printable(charts.chart_title(light)),
        "subtitle": printable(charts.chart_subtitle(light)),
        "alt": printable(charts.chart_alt(light)),
        "chart": chart.key,
    }


def _matrix(content: Report) -> Section:
    cells = analysis.state_matrix(content.pairs)
    used = set(cells["govcloud_state"][cells["accounts"] > 0].astype("str"))
    used |= set(cells["govcloud_state"].astype("str")) - {State.NOT_LINKED, State.UNKNOWN}
    rows: dict[str, list[dict[str, str]]] = {}
    heads: list[str] = []
    for cell in cells.itertuples(index=False):
        if str(cell.govcloud_state) not in used:
            continue
        rows.setdefault(str(cell.standard_state), []).append(_matrix_cell(cell))
        if label(str(cell.govcloud_state)) not in heads:
            heads.append(label(str(cell.govcloud_state)))
    return {
        "title": titles.title_state_matrix(content.pairs),
        "subtitle": "Rows: standard state. Columns: GovCloud state. Words and colours: severity",
        "matrix": {
            "heads": heads,
            "rows": [
                {"label": label(state), "cells": line}
                for state, line in rows.items()
                if state != State.UNKNOWN or any(cell["count"] for cell in line)
            ],
        },
    }


def _matrix_cell(cell: Any) -> dict[str, str]:
    if not cell.accounts:
        return {"count": "", "word": "", "kind": ""}
    disagrees = cell.verdict == Verdict.MISMATCH
    return {
        "count": titles.number(cell.accounts),
        "word": _severity(cell.severity)["text"] if disagrees else "",
        "kind": str(cell.severity if disagrees else cell.verdict),
    }


def _worst(content: Report) -> Section | None:
    if content.mismatches.empty:
        return None
    columns = ("account_id", "name", "ou_path", "standard_state", "govcloud_state")
    heads = ["Severity", "Account", "Name", "Organizational unit", "Standard", "GovCloud"]
    found = content.mismatches.head(_ROWS)
    tagged = content.tagged(found, head=TAG)
    tags = list(tagged.columns[len(found.columns) :])
    shown = (*columns, "govcloud_account_id", "meaning")
    rows = [
        [
            _severity(pair["severity"]),
            *(_cell(name, pair[name]) for name in shown),
            *(_cell("", pair[name]) for name in tags),
        ]
        for pair in tagged.to_dict("records")
    ]
    heads += ["GovCloud account", "What it means", *tags]
    return {
        "title": titles.title_mismatches(content.pairs),
        "subtitle": "Mismatched pairs, worst first",
        "table": _table(heads, rows, content.mismatches),
    }


def _reconciled(content: Report) -> Section | None:
    """Return what the GovCloud organization's own list says of the pairs, where it was seen."""
    if not content.compares_organizations:
        return None
    found = content.worst_reconciled
    columns = ("govcloud_account_id", "account_id", "finding", "state_by_pair", "state_by_witness")
    rows = [
        [_severity(row["severity"]), *(_cell(name, row[name]) for name in (*columns, *_WHY))]
        for row in found.head(_ROWS).to_dict("records")
    ]
    heads = [schema.RECONCILED[name].label for name in ("severity", *columns, *_WHY)]
    counts = [f"{word}: {titles.number(count)}" for word, count in content.counts_by_finding]
    known = titles.counted(len(content.reconciled), "GovCloud account")
    return {
        "title": printable(content.reconciled_in_words),
        "subtitle": f"GovCloud's own list. Of {known} known to either side: {' · '.join(counts)}",
        "table": _table(heads, rows, found) if rows else None,
    }


def _actions(content: Report) -> Section | None:
    table = content.actions
    if table.empty:
        return None
    says_spend = "spend" in table
    rows = [
        [
            _severity(row["severity"])
            if row["verdict"] == Verdict.MISMATCH
            else _cell("", "Unknown"),
            {"text": titles.number(row["accounts"]), "kind": "number"},
            *([_cell("", row["spend"])] if says_spend else []),
            _cell("", row["meaning"]),
            _cell("", row["action"]),
        ]
        for row in table.to_dict("records")
    ]
    heads = ["Severity", "Accounts", *(["GovCloud spend"] if says_spend else []), *_WHY_HEADS]
    spend = f"; GovCloud spend: {SPAN}" if says_spend else ""
    return {
        "title": titles.title_actions(content.pairs),
        "subtitle": f"What to do, worst first{spend}",
        "table": _table(heads, rows, table),
    }


def _contacts(content: Report) -> Section | None:
    """Return whom to call, which is there only where the report was asked to name them."""
    found = content.contacts
    if found.empty:
        return None
    columns = ("account_id", "contact_type", "name", "title", "email", "phone", "detail")
    rows = [
        [_cell(name, row[name]) for name in columns] for row in found.head(_ROWS).to_dict("records")
    ]
    accounts = titles.counted(found["account_id"].nunique(), "account")
    return {
        "title": f"Whom to call for {accounts} whose states disagree",
        "subtitle": "Alternate contacts, worst mismatches first",
        "table": _table([schema.CONTACTS[name].label for name in columns], rows, found),
    }


def _changes(content: Report) -> Section:
    changes = content.changes
    states = [name for name in changes.columns if "_state_" in name]
    columns = [*_CHANGED, *states]
    heads = [schema.CHANGES[name].label for name in columns]
    rows = [
        [_cell(name, row[name]) for name in columns]
        for row in changes[columns].head(_CHANGES).to_dict("records")
    ]
    return {
        "title": titles.title_changes(changes),
        "subtitle": f"Since the snapshot before, {minute(content.before)}",
        "table": _table(heads, rows, changes) if rows else None,
    }


def _table(heads: list[str], rows: list[Any], frame: pd.DataFrame) -> dict[str, Any]:
    hidden = len(frame) - len(rows)
    return {
        "heads": heads,
        "rows": rows,
        "numbers": ["Accounts"],
        "hidden": titles.number(hidden) if hidden else "",
    }


def _severity(severity: str) -> dict[str, str]:
    return {"text": theme.severity_name(severity), "severity": severity, "kind": ""}


def _cell(name: str, value: object) -> dict[str, str]:
    text = printable(value) if isinstance(value, str) else ""
    if name in _WORDS or name.removesuffix("_before").removesuffix("_after").endswith("_state"):
        return {"text": label(text), "kind": "word"}
    return {"text": text, "kind": "id" if name.endswith("_id") else ""}
