"""The first sheet: the answer, figures that follow the other sheets, and how they came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from toolkit import analysis, schema, theme, titles
from toolkit.exports.report import Report
from toolkit.exports.workbook import live
from toolkit.exports.workbook.columns import STATUS
from toolkit.exports.workbook.fill_in import STATES
from toolkit.exports.workbook.looks import Looks, ranked
from toolkit.exports.workbook.measure import height, lines
from toolkit.exports.workbook.tables import Sheet, inert, set_printing
from toolkit.schema import Severity
from toolkit.text import printable

_FIRST: Final = 36
_OTHER: Final = 12
_LAST: Final = 7
"""How wide the columns are, and the last of them."""
_CHART: Final = (435, 330)
_CHART_ROWS: Final = 20
"""The chart's size in pixels, and how many rows it takes."""
_LEFT: Final = "Left behind"

_ABOUT: Final[Mapping[str, str]] = {
    "Mismatches": "Pairs that disagree, worst first, with owner, status and due day to fill in",
    _LEFT: "GovCloud accounts whose standard account has left the list; to fill in as well",
    "Pairs": "Every standard account with its GovCloud account",
    "Reconcile": "Every GovCloud account known to either side, and what both say of it",
    "Contacts": "Whom to call for the accounts that disagree",
    "Links": "Every WorkSpaces account link, by Region",
    "Changes": "What changed since the snapshot before",
    "Trend": "What each snapshot counted, oldest first",
    "Fleet": "All organizations of the store, each by its newest snapshot",
    "Rules": "What two states say together",
    "Link rules": "What a link's status and its two ends say together",
    "Reconcile rules": "What GovCloud's own list says together with the pairs",
    "Left behind rules": "What the state of a GovCloud account says that was left behind",
    "Acceptances": "What the policy accepts, and what became of it",
    "Owners": "Who may be chosen as owner; names written below are offered, too",
}
"""What each sheet has, for whoever looks for something."""


@dataclass
class _Page:
    """The summary while it is written from the top, as constant memory asks."""

    sheet: Any
    looks: Looks
    row: int = 0

    def say(self, text: str, look: Any, *, first: int = 0, size: float = 1) -> None:
        """Write a text over the columns from `first` on, wrapped, and go on below it."""
        width = (_FIRST if first == 0 else 0) + _OTHER * (_LAST + 1 - max(first, 1))
        self.sheet.set_row(self.row, height(lines(text, width / size)) * max(1, size * 0.9))
        self.sheet.merge_range(self.row, first, self.row, _LAST, "", look)
        self.sheet.write_string(self.row, first, inert(text), look)
        self.row += 1

    def count(self, label: str, *counts: live.Count) -> None:
        """Write a label with counts beside it, and go on below."""
        self.sheet.write_string(self.row, 0, label, self.looks.sentence)
        for place, (value, formula) in enumerate(counts, start=1):
            if formula:
                self.sheet.write_formula(self.row, place, formula, self.looks.count, value)
            else:
                self.sheet.write_number(self.row, place, value, self.looks.count)
        self.row += 1

    def head(self, *words: str) -> None:
        """Write the head of a block, and go on below."""
        for place, word in enumerate(words):
            look = self.looks.count_head if place else self.looks.head
            self.sheet.write_string(self.row, place, word, look)
        self.row += 1


def write_summary(
    book: Any, sheet: Any, looks: Looks, report: Report, sheets: Sequence[Sheet]
) -> None:
    """Write the summary: its figures are formulas over these sheets, their values are known."""
    by_name = {one.name: one for one in sheets}
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _FIRST)
    sheet.set_column(1, _LAST, _OTHER)
    set_printing(sheet, report.source, upright=True)
    page = _Page(sheet, looks)
    _begin(page, report)
    _to_work_on(page, report, [by_name[name] for name in ("Mismatches", _LEFT) if name in by_name])
    page.row += 1
    top = page.row
    page.head(f"Key figures{_of(report)}", "Count")
    for label, count in live.figures(report, by_name):
        page.count(label, count)
    page.row += 1
    drawn = page.row
    _states(page, report, by_name["Pairs"])
    _draw(book, sheet, (top, drawn, page.row), f"Linked pairs by state{_of(report)}")
    page.row = max(page.row, top + _CHART_ROWS) + 1
    _contents(page, sheets, report)
    page.row += 1
    page.head("Method and caveats")
    for topic, sentence in report.method:
        sheet.write_string(page.row, 0, topic, looks.muted)
        page.say(printable(sentence), looks.sentence, first=1)
    sheet.print_area(0, 0, page.row, _LAST)


def _begin(page: _Page, report: Report) -> None:
    looks, headline = page.looks, printable(report.headline)
    page.say(headline, looks.title, size=1.6)
    if report.figures.mismatches or report.figures.left_behind:
        page.say(printable(titles.ask(report.pairs, report.left_behind)), looks.label)
    page.say(report.source, looks.muted)
    for text in (report.note, report.comment):
        if text and printable(text) != headline:
            page.say(printable(text), looks.label)
    page.row += 1


def _of(report: Report) -> str:
    return " of the selection" if report.note else ""


def _states(page: _Page, report: Report, pairs: Sheet) -> None:
    """Write linked pairs by state, the table that the chart draws."""
    counts = analysis.state_distribution(report.pairs)
    page.head("State of linked pairs", "Standard", "GovCloud")
    sides = [rows.set_index("state")["accounts"] for _, rows in counts.groupby("side", sort=False)]
    for (state, standard), govcloud in zip(sides[0].items(), sides[1], strict=True):
        if standard or govcloud:
            page.count(
                schema.label(str(state)),
                live.state(pairs, "standard_state", str(state), standard),
                live.state(pairs, "govcloud_state", str(state), govcloud),
            )


def _draw(book: Any, sheet: Any, rows: tuple[int, int, int], title: str) -> None:
    top, head, end = rows
    first, last = head + 1, max(end - 1, head + 1)
    chart = book.add_chart({"type": "column"})
    for place, colour in zip((1, 2), theme.SIDES, strict=True):
        chart.add_series(
            {
                "name": ["Summary", head, place],
                "categories": ["Summary", first, 0, last, 0],
                "values": ["Summary", first, place, last, place],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": "#,##0"},
                "gap": 60,
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    width, high = _CHART
    chart.set_size({"width": width, "height": high})
    words = {"description": "Linked pairs by state on both sides", "x_offset": 8}
    sheet.insert_chart(top, 3, chart, words)


def _to_work_on(page: _Page, report: Report, sheets: Sequence[Sheet]) -> None:
    """Write how far what there is to do has come, as it stands on the sheets."""
    page.head("To do, by status", *STATES, "All")
    rows = live.to_do(report)
    for severity in Severity:
        page.count(ranked(severity), *live.by_status(sheets, rows, severity))
    page.count("All", *live.by_status(sheets, rows))
    page.count("Due before today, and not done", live.overdue(sheets))
    page.count("Without an owner", live.unowned(sheets, report))
    which = " and ".join(one.name for one in sheets)
    page.say(
        f"Counted in {which}: what changes there, {STATUS} above all, changes here.",
        page.looks.muted,
    )


def _contents(page: _Page, sheets: Sequence[Sheet], report: Report) -> None:
    page.head("Sheets", "Rows")
    for one in sheets:
        link = f"internal:'{one.name}'!A1"
        page.sheet.write_url(page.row, 0, link, page.looks.link, f"Go to {one.name}")
        page.sheet.write_number(page.row, 1, one.rows, page.looks.count)
        unknown = one.name == "Changes" and not report.compared
        about = "Nothing: there is no snapshot before to compare with" if unknown else ""
        page.say(about or _ABOUT[one.name], page.looks.sentence, first=2)
