"""The slides on states: those of both sides, and of one side against those of the other."""

from typing import Any, Final

import pandas as pd

from toolkit import analysis, theme, titles
from toolkit.charts import chart
from toolkit.exports.deck.charts import add_stacked_bars, spelled
from toolkit.exports.deck.frames import add_slide
from toolkit.exports.deck.shapes import Ink, add_legend
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import Cell, Head, add_table
from toolkit.exports.report import Report
from toolkit.schema import Severity, State, Verdict, label
from toolkit.titles import board

_SIDES: Final = {"standard": "Standard", "govcloud": "GovCloud"}


def add_distribution(stage: Stage, report: Report) -> None:
    """Add the states of both sides, one bar each."""
    if not report.figures.linked:
        return
    title = chart("distribution").title_of(report)
    slide = add_slide(stage, title, "Linked pairs by state on each side", report.source)
    table = analysis.state_distribution(report.pairs)
    counts = table.pivot_table("accounts", "side", "state", observed=False, sort=False)
    counts = counts.astype("int64").reindex(list(_SIDES))
    counts = counts.rename(index=_SIDES, columns=lambda state: label(str(state)))
    add_stacked_bars(
        stage,
        slide,
        stage.body.upper(min(stage.body.height, 4.2 * stage.scale)),
        counts,
        {label(state): colour for state, colour in stage.palette.states.items()},
        alt=f"Stacked bars: {title}. {spelled(counts)}",
    )


def add_matrix(stage: Stage, report: Report) -> None:
    """Add the states of one side against those of the other, coloured by severity."""
    if not report.figures.linked:
        return
    title = board.tell_matrix(report.pairs, selected=report.is_narrowed)
    subtitle = "Rows: standard state. Columns: GovCloud state. Colour: severity of the mismatch"
    slide = add_slide(stage, title, subtitle, report.source)
    cells = analysis.state_matrix(report.pairs)
    used = cells[cells["accounts"] > 0]
    rows = _states_shown(cells["standard_state"], used["standard_state"])
    columns = _states_shown(cells["govcloud_state"], used["govcloud_state"])
    by_states = {
        (str(cell.standard_state), str(cell.govcloud_state)): cell for cell in cells.itertuples()
    }
    legend = 0.32 * stage.scale
    area = stage.body.upper(stage.body.height - legend - 0.12 * stage.scale)
    counts = cells.groupby("govcloud_state", observed=True)["accounts"].sum()
    size = stage.points(13)
    lines = []
    for row in rows:
        line = [Cell(label(row), bold=True, size=size)]
        line += [_matrix_cell(stage, by_states[row, column]) for column in columns]
        total = int(cells["accounts"][cells["standard_state"] == row].sum())
        lines.append([*line, Cell(titles.number(total), colour=Ink.MUTED, size=size)])
    totals = [titles.number(int(counts[column])) for column in columns]
    totals.append(titles.number(len(report.pairs)))
    lines.append([Cell(text, colour=Ink.MUTED, size=size) for text in ("Total", *totals)])
    ends = 0.5 * stage.scale
    height = (area.height - 2 * ends) / len(rows)
    add_table(
        stage,
        slide,
        area,
        [
            Head("Standard ↓  GovCloud →", 1.8),
            *(Head(label(column), 1, "center") for column in columns),
            Head("Total", 0.7, "center"),
        ],
        lines,
        alt=f"Matrix of states: {title}",
        size=12,
        row_height=[height] * len(rows) + [ends],
        head_height=ends,
        grid=True,
    )
    words = [("States agree", stage.palette.verdict_tints[Verdict.MATCH])]
    words += [(label(severity), stage.palette.tints[severity]) for severity in Severity]
    if State.UNKNOWN in (*rows, *columns):
        words.append(("Unknown", stage.palette.verdict_tints[Verdict.UNKNOWN]))
    below = stage.body.below(stage.body.height - legend)
    add_legend(stage, slide, below, words)


def _matrix_cell(stage: Stage, cell: Any) -> Cell:
    count = int(cell.accounts)
    if not count:
        return Cell("", fill=stage.palette.panel)
    disagrees = cell.verdict == Verdict.MISMATCH
    tint = (
        stage.palette.tints[cell.severity]
        if disagrees
        else stage.palette.verdict_tints[str(cell.verdict)]
    )
    word = str(cell.severity if disagrees else "")
    return Cell(
        titles.number(count),
        fill=tint,
        colour=stage.palette.ink,
        bold=True,
        size=stage.points(18),
        note=theme.severity_name(word) if word else "",
    )


def _states_shown(order: pd.Series, used: pd.Series) -> list[str]:
    """Return the states of a side in order: all that AWS has, others only where they occur."""
    special = (State.NOT_LINKED, State.UNKNOWN)
    present = set(used.astype("str"))
    return [
        state
        for state in dict.fromkeys(order.astype("str"))
        if state not in special or state in present
    ]
