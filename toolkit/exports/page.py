"""The page: the report as one HTML file that opens offline and loads nothing from anywhere."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
import pandas as pd
from markupsafe import Markup

from toolkit import analysis, charts, schema, theme, titles
from toolkit.exports.files import destination, replacing
from toolkit.exports.report import GRACE, REOPEN, SPAN, TAG, Report, as_report, minute
from toolkit.schema import Severity, Start, State, Verdict, label
from toolkit.store import Snapshot
from toolkit.text import printable

_CARDS: Final = (
    "linked",
    "mismatches",
    "critical",
    "high",
    "accepted",
    "left-behind",
    "unknown",
)
_WARNING: Final = ("mismatches", "critical", "left-behind")
_WHERE_ANY: Final = ("accepted", "left-behind")
"""The cards, those whose number is a warning where it is not zero, those that none shows."""

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
    the page forbids itself to load anything. Names are escaped, no account's e-mail is in it,
    tables stop at 200 rows. Times are UTC. Raises InputError where the name does not end in .html,
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
        title=printable(titles.title_overview(content.pairs, content.left_behind)),
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
        if not value and figure.key in _WHERE_ANY:
            continue
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
    yield _left_behind(content)
    yield _reconciled(content)
    yield _fleet(content)
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
    dated = content.dated(found[schema.PAIRS.names])
    times = [(_since(row), _note(row)) for row in dated.to_dict("records")]
    is_dated = any(since for since, _ in times)
    owned = bool(found["owner"].notna().any())
    rows = [
        {
            "cells": [
                _severity(pair["severity"]),
                *(_cell(name, pair[name]) for name in (*columns, "govcloud_account_id")),
                *([{"text": since, "kind": "word"}] if is_dated else []),
                *([_cell("", pair["owner"])] if owned else []),
                _cell("meaning", pair["meaning"]) | {"note": note},
                *(_cell("", pair[name]) for name in tags),
            ],
            "is_accepted": pd.notna(pair["accepted_until"]),
        }
        for pair, (since, note) in zip(tagged.to_dict("records"), times, strict=True)
    ]
    heads += ["GovCloud account", *["Since"] * is_dated, *["Owner"] * owned]
    said = ["Mismatched pairs, worst first"]
    said += ["≤: at least since then"] * any(since.startswith("≤") for since, _ in times)
    said += ["grey: accepted, and not counted"] * bool(content.figures.accepted)
    return {
        "title": titles.title_mismatches(content.pairs, content.left_behind),
        "subtitle": "; ".join(said),
        "table": _table([*heads, "What it means", *tags], rows, content.mismatches),
    }


def _since(row: dict[Any, Any]) -> str:
    """Say since when a pair is so, as short as a column needs it."""
    if pd.isna(row["since"]):
        return ""
    return f"{'≤ ' if row['since_is'] == Start.AT_LEAST else ''}{_short(row['since'])}"


def _note(row: dict[Any, Any]) -> str:
    """Say who accepted a pair, until when it is in grace, and how long it can be reopened."""
    grace = titles.grace_in_words(row.get(GRACE, pd.NaT))
    parts = filter(None, (titles.acceptance_in_words(row), grace, _text(row.get(REOPEN))))
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]


def _left_behind(content: Report) -> Section | None:
    """Return what was left behind, with the GovCloud ids that one needs to act on it."""
    found = content.left_behind
    if found.empty:
        return None
    columns = ["govcloud_account_id", "govcloud_state", "account_id", "name", "ou_path"]
    heads = [schema.LEFT_BEHIND[name].label for name in ("severity", *columns, "last_seen")]
    owned = bool(found["owner"].notna().any())
    rows = [
        {
            "cells": [
                _severity(row["severity"]),
                *(_cell(name, row[name]) for name in columns),
                {"text": _short(row["last_seen"]), "kind": "word"},
                *([_cell("", row["owner"])] if owned else []),
                _cell("action", row["action"]) | {"note": _until(row["accepted_until"])},
            ],
            "is_accepted": pd.notna(row["accepted_until"]),
        }
        for row in found.head(_ROWS).to_dict("records")
    ]
    return {
        "title": titles.title_left_behind(found),
        "subtitle": "Not in the list any longer, worst first; states as last seen",
        "table": _table([*heads, *["Owner"] * owned, "What to do"], rows, found),
    }


def _until(time: pd.Timestamp) -> str:
    return "" if pd.isna(time) else f"Accepted until {titles.day(time)}"


def _short(time: pd.Timestamp) -> str:
    return f"{time.day} {time:%b %Y}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


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


def _fleet(content: Report) -> Section | None:
    """Return all organizations of the store, where the report is of one among several."""
    if content.fleet is None:
        return None
    found, unread = content.fleet.table, content.fleet.left_out
    mine = content.snapshot.manifest.organization_id
    counts = [column for column in schema.FLEET.columns if column.kind == "count"]
    rows = [
        [
            _cell("organization_id", row["organization_id"])
            | {"note": "this report" if row["organization_id"] == mine else ""},
            {"text": minute(row["taken"]), "kind": "word"},
            *({"text": titles.number(row[one.name]), "kind": "number"} for one in counts),
        ]
        for row in found.head(_ROWS).to_dict("records")
    ]
    heads = [schema.FLEET[name].label for name in ("organization_id", "taken")]
    names = [one.label for one in counts]
    said = [
        f"The newest snapshot of each organization, {titles.seen_in_words(found)}",
        "worst first",
        titles.unread_in_words(unread),
    ]
    return {
        "title": titles.title_fleet(found, len(unread)),
        "subtitle": "; ".join(filter(None, said)),
        "table": _table([*heads, *names], rows, found, numbers=names),
    }


def _actions(content: Report) -> Section | None:
    table = content.actions
    if table.empty:
        return None
    says_spend, says_who = "spend" in table, "who" in table
    rows = [
        [
            _severity(row["severity"])
            if row["verdict"] == Verdict.MISMATCH
            else _cell("", "Unknown"),
            {"text": titles.number(row["accounts"]), "kind": "number"},
            *([_cell("", row["spend"])] if says_spend else []),
            _cell("meaning", row["meaning"]),
            _cell("action", row["action"]),
            *([_cell("", row["who"])] if says_who else []),
        ]
        for row in table.to_dict("records")
    ]
    heads = ["Severity", "Accounts", *(["GovCloud spend"] if says_spend else []), *_WHY_HEADS]
    heads += ["Who"] if says_who else []
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


def _table(
    heads: list[str],
    rows: list[Any],
    frame: pd.DataFrame,
    *,
    numbers: Sequence[str] = ("Accounts",),
) -> dict[str, Any]:
    """Return a table; a row is its cells, or says beside them whether it is accepted."""
    rows = [row if isinstance(row, dict) else {"cells": row, "is_accepted": False} for row in rows]
    hidden = len(frame) - len(rows)
    return {
        "heads": heads,
        "rows": rows,
        "numbers": numbers,
        "hidden": titles.number(hidden) if hidden else "",
    }


def _severity(severity: str) -> dict[str, str]:
    return {"text": theme.severity_name(severity), "severity": severity, "kind": ""}


def _cell(name: str, value: object) -> dict[str, str]:
    text = printable(value) if isinstance(value, str) else ""
    if name in _WORDS or name.removesuffix("_before").removesuffix("_after").endswith("_state"):
        return {"text": label(text), "kind": "word"}
    kind = "long" if name in _WHY else "id" if name.endswith("_id") else ""
    return {"text": text, "kind": kind}
