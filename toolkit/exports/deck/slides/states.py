"""The first slides: what the deck is about, the answer, and the states of both sides."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from toolkit import analysis, theme, titles
from toolkit.analysis import KeyFigures
from toolkit.exports.deck.charts import add_stacked_bars, spelled
from toolkit.exports.deck.frames import add_opening_slide, add_slide
from toolkit.exports.deck.shapes import Card, Colour, Ink, add_cards, add_legend, add_text
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import Cell, Head, add_table
from toolkit.exports.report import Report
from toolkit.schema import Severity, State, Verdict, label

_SIDES: Final = {"standard": "Standard", "govcloud": "GovCloud"}


def add_opening(stage: Stage, report: Report) -> None:
    """Add the title slide: what the deck is about, its one sentence, whose it is and when."""
    manifest = report.snapshot.manifest
    lines = [titles.title_overview(report.pairs, report.left_behind)]
    if report.note:
        lines.append(report.note)
    demo = "demo organization" if manifest.is_local else manifest.organization_id
    lines.append(f"{titles.day(report.snapshot.taken)} · {demo}")
    add_opening_slide(stage, "Account states: Standard and GovCloud", lines)


def add_overview(stage: Stage, report: Report) -> None:
    """Add the answer in one sentence, the key figures, and the states of both sides."""
    figures = report.figures
    of = " · ".join(part for part in ("Linked pairs by state on each side", report.note) if part)
    slide = add_slide(
        stage, titles.title_overview(report.pairs, report.left_behind), of, report.source
    )
    rate = figures.mismatch_rate
    warning = stage.palette.severities[Severity.CRITICAL]
    left_behind = _card(figures, "left-behind", note=_left_since_before(report), warning=warning)
    cards = [
        _card(figures, "linked"),
        _card(figures, "mismatches", note=_since_before(report), warning=warning),
        Card(
            "Mismatch rate",
            "–" if rate is None else titles.share(rate),
            f"of {titles.counted(figures.judged, 'judged pair')}",
        ),
        _card(figures, "critical", note=_severities(figures.by_severity), warning=warning),
        *([left_behind] if figures.left_behind else []),
        _card(figures, "unknown"),
    ]
    height = 1.22 * stage.scale
    add_cards(stage, slide, stage.body.upper(height), cards)
    rest = stage.body.below(height + 0.12 * stage.scale)
    if not figures.linked:
        add_text(
            slide,
            rest,
            "No linked pair was found, so there are no states to compare.",
            size=stage.points(16),
            colour=Ink.MUTED,
            anchor="middle",
            align="center",
        )
        return
    table = analysis.state_distribution(report.pairs)
    counts = table.pivot_table("accounts", "side", "state", observed=False, sort=False)
    counts = counts.astype("int64").reindex(list(_SIDES))
    counts = counts.rename(index=_SIDES, columns=lambda state: label(str(state)))
    add_stacked_bars(
        stage,
        slide,
        rest,
        counts,
        {label(state): colour for state, colour in stage.palette.states.items()},
        alt=f"Stacked bars: {titles.title_state_distribution(report.pairs)}. {spelled(counts)}",
    )


def add_matrix(stage: Stage, report: Report) -> None:
    """Add the states of one side against those of the other, coloured by severity."""
    if not report.figures.linked:
        return
    title = titles.title_state_matrix(report.pairs)
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


def _card(
    figures: KeyFigures, key: str, *, note: str | None = None, warning: Colour = Ink.TEXT
) -> Card:
    """Return a key figure as a card, in the colour of a warning where it is not zero."""
    figure = titles.figure(key)
    value = figure.value(figures)
    return Card(
        figure.name,
        titles.number(value),
        figure.note(figures) if note is None else note,
        warning if value else Ink.TEXT,
    )


def _since_before(report: Report) -> str:
    if not report.compared:
        return ""
    before = analysis.key_figures(report.history[-2][1]).mismatches
    difference = report.figures.mismatches - before
    day = f"{report.before.day} {report.before:%b}"
    if not difference:
        return f"as many as on {day}"
    return f"{difference:+,} since {day}".replace("-", "−")


def _left_since_before(report: Report) -> str | None:
    """Say how many have left since the snapshot before: fewer mismatches may be no progress."""
    if not report.compared:
        return None
    left = report.left_behind[report.left_behind["accepted_until"].isna()]
    new = int((left["last_seen"] == report.before).sum())
    return f"+{titles.number(new)} since {report.before.day} {report.before:%b}" if new else None


def _severities(counts: Mapping[str, int]) -> str:
    others = [s for s in Severity if s is not Severity.CRITICAL and counts[s]]
    return ", ".join(f"{titles.number(counts[s])} {label(s).lower()}" for s in others)
