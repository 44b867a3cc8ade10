"""The sections of the page, in their order: each a sentence, and what it is said of."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from toolkit import charts, schema, theme, titles
from toolkit.exports.page import cases
from toolkit.exports.page.cells import (
    Cell,
    cell,
    count,
    counts_in_words,
    heads,
    made,
    noted,
    severity,
)
from toolkit.exports.page.drawing import drawn
from toolkit.exports.page.matrix import matrix
from toolkit.exports.page.section import Section
from toolkit.exports.report import SPAN, Report, minute
from toolkit.schema import Verdict
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

_CHANGED: Final = ("change", "name", "account_id", "ou_path")
_WHY: Final = ("meaning", "action")


def cards(report: Report) -> Iterator[dict[str, Any]]:
    """Give the key figures: what each is called, its number, and whether that is a warning."""
    for figure in map(titles.figure, _CARDS):
        value = figure.value(report.figures)
        if not value and figure.key in _WHERE_ANY:
            continue
        yield {
            "label": theme.severity_name(figure.severity) if figure.severity else figure.name,
            "value": titles.number(value),
            "note": figure.note(report.figures),
            "bad": figure.key in _WARNING and value > 0,
        }


def sections(report: Report) -> Iterator[Section]:
    """Give the sections that the report has something for."""
    for chart in charts.CHARTS:
        if chart.in_page and chart.fills(report):
            yield _chart(chart, report)
        if chart.key == "mismatch-trend" and report.compared:
            yield _changes(report)
    for make in (
        cases.left_behind,
        _reconciled,
        _fleet,
        cases.mismatches,
        _actions,
        cases.contacts,
        cases.accounts,
    ):
        section = make(report)
        if section:
            yield section
    said = [(topic, printable(sentence)) for topic, sentence in report.method]
    title = "How these numbers came about"
    yield Section("method", "Method", title, "Method and caveats", method=said)


def _chart(chart: charts.Chart, report: Report) -> Section:
    """Return a chart with its table behind it, or the table alone where nothing here draws it."""
    light, dark = (chart.figure(report, dark=dark) for dark in (False, True))
    section = Section(
        chart.key,
        chart.name,
        printable(charts.chart_title(light)),
        printable(charts.chart_subtitle(light)),
        counts_in_words(chart.table(report)),
        "Table behind the chart",
    )
    if chart.key == "matrix":
        # As a table of the page, the matrix can be read aloud and copied.
        said = "Rows: standard state. Columns: GovCloud state. Words and colours: severity"
        return replace(section, subtitle=said, matrix=matrix(report.pairs))
    drawing = drawn(light, dark, printable(charts.chart_alt(light)))
    return replace(section, drawing=drawing, behind=section.behind if drawing else "")


def _changes(report: Report) -> Section:
    changes = report.changes
    columns = [*_CHANGED, *(name for name in changes.columns if "_state_" in name)]
    rows = [
        [cell(name, row[name]) for name in columns]
        for row in changes[columns].head(cases.ROWS).to_dict("records")
    ]
    return Section(
        "changes",
        "Changes",
        titles.title_changes(changes),
        f"Since the snapshot before, {minute(report.before)}",
        made([schema.CHANGES[name].label for name in columns], rows, len(changes)),
    )


def _reconciled(report: Report) -> Section | None:
    """Return what the GovCloud organization's own list says of the pairs, where it was seen."""
    if not report.compares_organizations:
        return None
    found = report.worst_reconciled
    columns = ("govcloud_account_id", "account_id", "finding", "state_by_pair", "state_by_witness")
    rows = [
        [
            severity(row["severity"]),
            *(cell(name, row[name]) for name in columns),
            noted(cell("action", row["action"]), printable(row["meaning"])),
        ]
        for row in found.head(cases.ROWS).to_dict("records")
    ]
    counts = [f"{word}: {titles.number(accounts)}" for word, accounts in report.counts_by_finding]
    known = titles.counted(len(report.reconciled), "GovCloud account")
    return Section(
        "reconciled",
        "Reconcile",
        printable(report.reconciled_in_words),
        f"GovCloud's own list. Of {known} known to either side: {' · '.join(counts)}",
        made(
            [schema.RECONCILED[name].label for name in ("severity", *columns, "action")],
            rows,
            len(found),
        ),
    )


def _fleet(report: Report) -> Section | None:
    """Return all organizations of the store, where the report is of one among several."""
    if report.fleet is None:
        return None
    found, unread = report.fleet.table, report.fleet.left_out
    mine = report.snapshot.manifest.organization_id
    counts = [column for column in schema.FLEET.columns if column.kind == "count"]
    rows = [
        [
            replace(
                cell("organization_id", row["organization_id"]),
                note="this report" if row["organization_id"] == mine else "",
            ),
            Cell(minute(row["taken"]), "word", rank=row["taken"].isoformat()),
            *(count(row[one.name]) for one in counts),
        ]
        for row in found.head(cases.ROWS).to_dict("records")
    ]
    said = [
        f"The newest snapshot of each organization, {titles.seen_in_words(found)}",
        "worst first",
        titles.unread_in_words(unread),
    ]
    names = [schema.FLEET[name].label for name in ("organization_id", "taken")]
    return Section(
        "fleet",
        "Organizations",
        titles.title_fleet(found, len(unread)),
        printable("; ".join(filter(None, said))),
        made([*names, *(one.label for one in counts)], rows, len(found)),
    )


def _actions(report: Report) -> Section | None:
    table = report.actions
    if table.empty:
        return None
    says_spend, says_who = "spend" in table, "who" in table
    rows = [
        [
            severity(row["severity"])
            if row["verdict"] == Verdict.MISMATCH
            else Cell("Unknown", "word", rank="9"),
            count(row["accounts"]),
            *([Cell(printable(row["spend"]), "word")] if says_spend else []),
            *(cell(name, row[name]) for name in _WHY),
            *([cell("who", row["who"])] if says_who else []),
        ]
        for row in table.to_dict("records")
    ]
    names = ["severity", "accounts", *["spend"] * says_spend, *_WHY, *["who"] * says_who]
    spend = f"; GovCloud spend: {SPAN}" if says_spend else ""
    return Section(
        "actions",
        "What to do",
        titles.title_actions(report.pairs),
        f"What to do, worst first{spend}",
        made(heads(names, spend="GovCloud spend", who="Who"), rows, len(table)),
    )
