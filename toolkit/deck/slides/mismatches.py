"""The slides on what disagrees: where, how, which pairs, and what to do about it."""

from typing import Final

import pandas as pd

from toolkit import analysis, theme, titles
from toolkit.deck.charts import add_stacked_bars, spelled
from toolkit.deck.measure import shortened_path
from toolkit.deck.sankey import Flow, add_sankey
from toolkit.deck.shapes import add_legend, add_remark, add_slide
from toolkit.deck.stage import Stage
from toolkit.deck.tables import Cell, Head, add_table, add_wrapped_table, paged, severity_cell
from toolkit.report import Report
from toolkit.schema import Severity, State, Verdict, label

_LIGHT: Final = theme.LIGHT
_UNITS: Final = 12
_ROWS: Final = 13
_TABLES: Final = 5
_ACTION_SLIDES: Final = 3
_ACTION_SIZE: Final = 10.5
_NO_UNIT: Final = "Unit not known"


def add_units(stage: Stage, report: Report) -> None:
    """Add the mismatches by organizational unit and severity; the smaller units in one bar."""
    units = analysis.mismatches_by_ou(report.pairs)
    if units.empty:
        return
    title = titles.title_mismatches_by_ou(report.pairs)
    slide = add_slide(
        stage, title, "Mismatched pairs by organizational unit and severity", report.source
    )
    counts = units.set_index(units["ou_path"].fillna(_NO_UNIT))[[str(s) for s in Severity]]
    if len(counts) > _UNITS:
        rest = counts.iloc[_UNITS - 1 :]
        name = f"{titles.counted(len(rest), 'other unit')}"
        counts = pd.concat([counts.iloc[: _UNITS - 1], rest.sum().to_frame(name).T])
    counts.columns = [label(severity) for severity in counts.columns]
    totals = counts.sum(axis="columns").tolist()
    names = [
        f"{shortened_path(str(unit), 3.2 * stage.scale, 12)}  ({titles.number(total)})"
        for unit, total in zip(counts.index, totals, strict=True)
    ]
    add_stacked_bars(
        stage,
        slide,
        stage.body.upper(min(stage.body.height, (0.9 + 0.72 * len(counts)) * stage.scale)),
        counts,
        {label(severity): colour for severity, colour in _LIGHT.severities.items()},
        alt=f"Stacked bars: {title}. {spelled(counts)}",
        names=names,
        gap=40,
        legend="top",
    )


def add_flows(stage: Stage, report: Report) -> None:
    """Add the mismatching pairs as a Sankey from standard states to GovCloud states."""
    flows = analysis.mismatch_flows(report.pairs)
    if flows.empty:
        return
    title = titles.title_mismatch_flows(report.pairs)
    slide = add_slide(
        stage,
        title,
        "Mismatched pairs only: standard state (left) → GovCloud state (right); colour: severity",
        report.source,
    )
    ribbons = [
        Flow(
            source=label(str(row.standard_state)),
            target=label(str(row.govcloud_state)),
            count=count,
            colour=_LIGHT.severities[str(row.severity)],
            word=label(str(row.severity)).lower(),
        )
        for row, count in zip(
            flows.itertuples(index=False), flows["accounts"].tolist(), strict=True
        )
    ]
    spelled = "; ".join(f"{f.source} → {f.target}: {f.count:,}, {f.word}" for f in ribbons)
    legend = 0.34 * stage.scale
    room = stage.body.upper(stage.body.height - legend - 0.1 * stage.scale)
    add_sankey(
        stage,
        slide,
        room,
        ribbons,
        {label(state): colour for state, colour in _LIGHT.states.items()},
        order=[label(state) for state in State],
        alt=f"Flows: {title}. {spelled}",
    )
    present = set(flows["severity"].astype("str"))
    words = [(label(s), _LIGHT.severities[s]) for s in Severity if s in present]
    add_legend(stage, slide, stage.body.below(stage.body.height - legend), words)


def add_worst(stage: Stage, report: Report) -> None:
    """Add the mismatching pairs, worst first, as far as five slides reach."""
    found = report.mismatches
    shown = found.head(_ROWS * _TABLES)
    since = analysis.first_seen(report.history) if report.compared else None
    slides = -(-len(shown) // _ROWS)
    # As many on each slide, rather than a last one with a single row.
    each = -(-len(shown) // max(slides, 1))
    subtitle = "Mismatched pairs, worst first"
    if since is not None:
        subtitle += "; ≤: since the oldest snapshot at least"
    for number in range(slides):
        rows = shown.iloc[number * each : (number + 1) * each]
        part = f" ({number + 1} of {slides})" if slides > 1 else ""
        title = titles.title_mismatches(report.pairs)
        slide = add_slide(stage, f"{title}{part}", subtitle, report.source)
        height = min(0.34 * stage.scale, (stage.body.height - 0.3 * stage.scale) / (_ROWS + 1))
        heads = [
            Head("Severity", 1.1),
            Head("Account", 1.25),
            Head("Name", 2),
            Head("Organizational unit", 2.2, path=True),
            Head("Standard", 1.5),
            Head("GovCloud", 1.5),
            Head("GovCloud account", 1.5),
        ]
        if since is not None:
            heads.append(Head("Since", 1.2))
        add_table(
            stage,
            slide,
            stage.body,
            heads,
            [_worst_row(row, since, report.history[0][0]) for row in rows.itertuples(index=False)],
            alt=f"Mismatched pairs, worst first{part}",
            row_height=height,
        )
        if number == slides - 1 and len(found) > len(shown):
            add_remark(
                stage, slide, f"{titles.number(len(found) - len(shown))} more in the workbook"
            )


def _worst_row(row: object, since: pd.Series | None, oldest: pd.Timestamp) -> list[Cell | str]:
    pair = row._asdict()  # type: ignore[attr-defined] # a named tuple of pandas
    cells = [
        severity_cell(str(pair["severity"])),
        pair["account_id"],
        *(pair[name] if isinstance(pair[name], str) else "" for name in ("name", "ou_path")),
        *(label(str(pair[name])) for name in ("standard_state", "govcloud_state")),
        pair["govcloud_account_id"],
    ]
    if since is not None:
        taken = since[pair["account_id"]]
        cells.append(f"{'≤ ' if taken == oldest else ''}{taken.day} {taken:%b %Y}")
    return cells


def add_actions(stage: Stage, report: Report) -> None:
    """Add what there is to do, counted, worst first."""
    table = analysis.actions(report.pairs)
    if table.empty:
        return
    heads = [
        Head("Severity", 1.1),
        Head("Accounts", 0.9, "right"),
        Head("What it means", 4.5, wrap=True),
        Head("What to do", 5.6, wrap=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            severity_cell(str(row.severity)) if row.verdict == Verdict.MISMATCH else "Unknown",
            Cell(f"{row.accounts:,}", bold=True),
            str(row.meaning),
            str(row.action),
        ]
        for row in table.itertuples(index=False)
    ]
    room = stage.body.height - 0.3 * stage.scale
    pages = paged(stage, stage.body.width, heads, rows, room, size=_ACTION_SIZE)
    shown = pages[:_ACTION_SLIDES]
    for number, page in enumerate(shown, start=1):
        part = f" ({number} of {len(shown)})" if len(shown) > 1 else ""
        title = titles.title_actions(report.pairs)
        slide = add_slide(stage, f"{title}{part}", "What to do, worst first", report.source)
        add_wrapped_table(
            stage, slide, stage.body, heads, page, alt="What to do", size=_ACTION_SIZE
        )
    hidden = sum(len(page) for page in pages[_ACTION_SLIDES:])
    if hidden:
        add_remark(stage, slide, f"{titles.counted(hidden, 'rarer case')} in the workbook")
