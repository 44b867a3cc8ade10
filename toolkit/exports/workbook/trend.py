"""The sheet of what each snapshot counted, oldest first, and the chart beside it."""

from typing import Any, Final

import pandas as pd

from toolkit import analysis, theme
from toolkit.exports.report import Report
from toolkit.exports.workbook.looks import ranked
from toolkit.exports.workbook.tables import Binder, Sheet
from toolkit.schema import FLEET_SEVERITIES, FLEET_TREND, Column, Severity, Table

_COUNTED: Final = "the snapshot"
_TREND: Final = Table(
    "TREND",
    "snapshot",
    (
        FLEET_TREND["taken"],
        FLEET_TREND["linked"],
        FLEET_TREND["mismatches"],
        *(
            Column(name, ranked(severity), "count", "Mismatches of that severity", _COUNTED)
            for name, severity in FLEET_SEVERITIES.items()
        ),
        FLEET_TREND["left_behind"],
        FLEET_TREND["unknown"],
        Column("percent", "Percent of judged", "number", "Share that disagrees", _COUNTED),
    ),
)


def add_trend(binder: Binder, report: Report) -> Sheet:
    """Add a row for each snapshot of the history, with a chart where there are several."""
    made = binder.add("Trend", _TREND, _by_snapshot(report))
    if made.rows > 1:
        _add_chart(binder.book, made)
    return made


def _by_snapshot(report: Report) -> pd.DataFrame:
    counts = analysis.trend(report.history, report.left_behind_counts)
    # Each snapshot has a row for every severity, in their order.
    whole = counts.iloc[:: len(Severity)].reset_index(drop=True)
    wide = counts["mismatches"].to_numpy().reshape(-1, len(Severity))
    columns = {
        "taken": whole["taken"],
        "linked": whole["linked"],
        "mismatches": wide.sum(axis=1),
        **{name: wide[:, place] for place, name in enumerate(FLEET_SEVERITIES)},
        "left_behind": whole["left_behind"],
        "unknown": whole["unknown"],
        "percent": (whole["mismatch_rate"] * 100).round(1),
    }
    return pd.DataFrame(columns)


def _add_chart(book: Any, made: Sheet) -> None:
    chart = book.add_chart({"type": "line"})
    first, last, name = made.top + 1, made.last, made.name
    times = made.place("taken")
    for column, severity in FLEET_SEVERITIES.items():
        place = made.place(column)
        chart.add_series(
            {
                "name": [name, made.top, place],
                "categories": [name, first, times, last, times],
                "values": [name, first, place, last, place],
                "line": {"color": theme.LIGHT.severities[Severity(severity)], "width": 2.25},
                "marker": {"type": "circle", "size": 5},
            }
        )
    chart.set_title({"name": "Mismatches by severity", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"text_axis": True, "num_format": "yyyy-mm-dd"})
    chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True}, "num_format": "#,##0"})
    chart.set_size({"width": 620, "height": 330})
    words = {"description": "Mismatches by severity in each snapshot"}
    made.sheet.insert_chart(made.top, len(made.heads) + 1, chart, words)
    # The chart is printed with the table.
    made.sheet.print_area(0, 0, max(made.last, made.top + 20), len(made.heads) + 10)
