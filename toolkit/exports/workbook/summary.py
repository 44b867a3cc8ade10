"""The first sheet: key figures, states with a native chart, and how the numbers came about."""

from typing import Any

from toolkit import analysis, schema, theme, titles
from toolkit.exports.report import Report
from toolkit.exports.workbook.tables import Looks, set_printing
from toolkit.text import printable


def add_summary_sheet(book: Any, looks: Looks, content: Report) -> None:
    """Add the summary; its rows are written from the top, as constant memory asks."""
    sheet = book.add_worksheet("Summary")
    sheet.hide_gridlines(2)
    set_printing(sheet)
    sheet.set_row(0, 26)
    sheet.set_column(0, 0, 30, looks.text)
    sheet.set_column(1, 6, 16, looks.text)
    row = 0
    for text, look in (
        (titles.title_overview(content.pairs, content.left_behind), looks.title),
        (content.source, looks.muted),
        (printable(content.note), looks.muted),
    ):
        if text:
            sheet.write_string(row, 0, text, look)
            row += 1
    row = _write_figures(sheet, looks, content, row + 1)
    first = row + 1
    row = _write_states(sheet, looks, content, first)
    _add_chart(book, sheet, first, row)
    row += 1
    sheet.write_string(row, 0, "Method and caveats", looks.label)
    for topic, sentence in content.method:
        row += 1
        sheet.write_string(row, 0, topic, looks.muted)
        sheet.write_string(row, 1, printable(sentence), looks.text)


def _write_figures(sheet: Any, looks: Looks, content: Report, row: int) -> int:
    counts = [
        (f"  {figure.row}" if figure.severity else figure.row, figure.value(content.figures))
        for figure in titles.FIGURES
        if figure.key != "left-behind" or content.counts_left_behind
    ]
    if len(content.links) or not content.snapshot.manifest.why_no_links:
        counts.append(("Account links", len(content.links)))
    if content.compares_organizations:
        counts.append(("GovCloud accounts known to either side", len(content.reconciled)))
        counts += [(f"  {word}", count) for word, count in content.counts_by_finding]
    if content.compared:
        counts.append(("Changed since the snapshot before", len(content.changes)))
    for label, count in counts:
        sheet.write_string(row, 0, label, looks.text)
        sheet.write_number(row, 1, count, looks.count)
        row += 1
    return row


def _write_states(sheet: Any, looks: Looks, content: Report, row: int) -> int:
    """Write linked pairs by state, the table that the chart draws, and return the row below."""
    counts = analysis.state_distribution(content.pairs)
    sides = counts.pivot_table("accounts", "state", "side", observed=False, sort=False)
    for place, head in enumerate(("State of linked pairs", "Standard", "GovCloud")):
        sheet.write_string(row, place, head, looks.head)
    for state, (standard, govcloud) in zip(sides.index, sides.to_numpy().tolist(), strict=True):
        if not standard and not govcloud:
            continue
        row += 1
        sheet.write_string(row, 0, schema.label(str(state)), looks.text)
        sheet.write_number(row, 1, standard, looks.count)
        sheet.write_number(row, 2, govcloud, looks.count)
    return row + 1


def _add_chart(book: Any, sheet: Any, first: int, last: int) -> None:
    chart = book.add_chart({"type": "column"})
    for place, colour in zip((1, 2), theme.SIDES, strict=True):
        chart.add_series(
            {
                "name": ["Summary", first, place],
                "categories": ["Summary", first + 1, 0, max(last - 1, first + 1), 0],
                "values": ["Summary", first + 1, place, max(last - 1, first + 1), place],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": "#,##0"},
                "gap": 60,
            }
        )
    chart.set_title({"name": "Linked pairs by state", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 620, "height": 330})
    sheet.insert_chart("D4", chart, {"description": "Linked pairs by state on both sides"})
