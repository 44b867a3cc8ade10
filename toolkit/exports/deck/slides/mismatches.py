"""The slides on what disagrees: where, how, which pairs, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from toolkit import analysis, theme, titles
from toolkit.charts import chart
from toolkit.exports.deck.charts import add_stacked_bars, spelled
from toolkit.exports.deck.frames import add_remark, add_slide
from toolkit.exports.deck.sankey import Flow, add_sankey
from toolkit.exports.deck.shapes import Ink, add_legend
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import (
    Cell,
    Head,
    add_table,
    add_wrapped_table,
    paged,
    severity_cell,
)
from toolkit.exports.report import SPAN, TAG, Report
from toolkit.schema import Severity, Start, State, Verdict, label
from toolkit.text import printable
from toolkit.titles import board

_BARS: Final = 12
_ROWS: Final = 10
_TABLES: Final = 5
_ACTION_SLIDES: Final = 3
_ACTION_SIZE: Final = 10.5
_SIZE: Final = 11
_WIDE_SIZE: Final = 10
_BESIDE: Final = 2
"""How many of owner and tags have room beside the pairs; the workbook has all of them."""

_ENOUGH: Final = 2
"""Of how many on a chart says more than its title."""


@dataclass(frozen=True)
class _By:
    """What the bars of a slide stand for: the column that names one, and what it is called."""

    column: str
    nobody: str
    name: str
    is_path: bool


def add_units(stage: Stage, report: Report) -> None:
    """Add the mismatches by organizational unit and severity; the smaller units in one remark."""
    if report.figures.mismatches < _ENOUGH:
        return
    title = chart("units").title_of(report)
    by = _By("ou_path", "Unit not known", "organizational unit", is_path=True)
    table = analysis.mismatches_by_ou(report.pairs)
    if report.is_narrowed:  # how many pairs a unit has besides is not known of a selection
        _add_bars(stage, report, title, table, by)
        return
    of = zip(table["mismatches"], table["linked"], strict=True)
    rates = [f" of {titles.number(pairs)}, {titles.percent(bad, pairs)}" for bad, pairs in of]
    _add_bars(stage, report, title, table, by, rates)


def add_owners(stage: Stage, report: Report) -> None:
    """Add the mismatches by owner and severity, where anybody is known to answer for some."""
    owners = analysis.mismatches_by_owner(report.pairs)
    if owners["owner"].isna().all():
        return
    title = chart("owners").title_of(report)
    _add_bars(stage, report, title, owners, _By("owner", "No owner known", "owner", is_path=False))


def _add_bars(  # noqa: PLR0917 - two slides alone call it
    stage: Stage,
    report: Report,
    title: str,
    table: pd.DataFrame,
    by: _By,
    rates: Sequence[str] = (),
) -> None:
    beside = "; in brackets: of how many linked pairs, and the rate" if rates else ""
    subtitle = f"Mismatched pairs by {by.name} and severity{beside}"
    slide = add_slide(stage, title, subtitle, report.source)
    counts = table.set_index(table[by.column].fillna(by.nobody))[[str(s) for s in Severity]]
    rest = table.iloc[_BARS:]
    counts = counts.iloc[:_BARS]
    if len(rest):
        # One bar for all the rest would be the longest of all and flatten the others.
        others = titles.counted(int(rest["mismatches"].sum()), "mismatch", "mismatches")
        where = titles.counted(len(rest), f"other {by.name}")
        add_remark(stage, slide, f"{others} more {'in' if by.is_path else 'of'} {where}")
    room = stage.body.upper(stage.body.height - (0.3 * stage.scale if len(rest) else 0))
    counts.columns = [label(severity) for severity in counts.columns]
    add_stacked_bars(
        stage,
        slide,
        room.upper(min(room.height, (0.9 + 0.72 * len(counts)) * stage.scale)),
        counts,
        {label(severity): colour for severity, colour in stage.palette.severities.items()},
        alt=f"Stacked bars: {title}. {spelled(counts)}",
        totals=True,
        rates=rates[:_BARS],
        gap=40,
        legend="top",
    )


def add_flows(stage: Stage, report: Report) -> None:
    """Add the mismatching pairs as a Sankey from standard states to GovCloud states."""
    flows = analysis.mismatch_flows(report.pairs)
    if len(flows) < _ENOUGH:
        return
    title = chart("flows").title_of(report)
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
            colour=stage.palette.severities[str(row.severity)],
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
        {label(state): colour for state, colour in stage.palette.states.items()},
        order=[label(state) for state in State],
        alt=f"Flows: {title}. {spelled}",
    )
    present = set(flows["severity"].astype("str"))
    words = [(label(s), stage.palette.severities[s]) for s in Severity if s in present]
    add_legend(stage, slide, stage.body.below(stage.body.height - legend), words)


def add_worst(stage: Stage, report: Report) -> None:
    """Add the pairs that disagree and that nobody accepted, worst first, on up to five slides."""
    found = report.mismatches[analysis.is_open(report.mismatches)]
    shown = found.head(_ROWS * _TABLES)
    owned = bool(shown["owner"].notna().any())
    tags = report.tagged(shown, head=TAG).iloc[:, len(shown.columns) :]
    room = _BESIDE - owned
    tagged = tags.iloc[:, :room]
    dated = bool(shown["since"].notna().any())
    slides = -(-len(shown) // _ROWS)
    # As many on each slide, rather than a last one with a single row.
    each = -(-len(shown) // max(slides, 1))
    title = board.WORST
    subtitle = titles.title_mismatches(report.pairs)
    if dated:
        subtitle += "; ≤: at least since then"
    if graced := int(report.grace(found).notna().sum()):
        subtitle += f"; {titles.number(graced)} still in grace"
    heads = [
        Head("Severity", whole=True),
        Head("Account", whole=True),
        Head("Name", 2),
        Head("Organizational unit", 2.2, path=True),
        Head("Standard", whole=True),
        Head("GovCloud", whole=True),
        Head("GovCloud account", whole=True),
        *([Head("Since", whole=True)] if dated else []),
        *([Head("Owner", 1.6)] if owned else []),
        *(Head(printable(name), 1.4) for name in tagged.columns),
    ]
    height = min(0.34 * stage.scale, (stage.body.height - 0.3 * stage.scale) / (_ROWS + 1))
    for number in range(slides):
        part_of = slice(number * each, (number + 1) * each)
        part = f" ({number + 1} of {slides})" if slides > 1 else ""
        slide = add_slide(stage, f"{title}{part}", subtitle, report.source)
        rows = [
            _worst_row(stage, row, beside, dated=dated, owned=owned)
            for row, beside in zip(
                shown.iloc[part_of].to_dict("records"),
                tagged.iloc[part_of].itertuples(index=False, name=None),
                strict=True,
            )
        ]
        add_table(
            stage,
            slide,
            stage.body,
            heads,
            rows,
            alt=f"Mismatched pairs, worst first{part}",
            size=_WIDE_SIZE if owned else _SIZE,
            row_height=height,
        )
    hidden = len(found) - len(shown)
    more = [titles.number(hidden)] if hidden else []
    if len(tags.columns) > room:
        more.append(titles.counted(len(tags.columns) - room, "chosen tag"))
    if slides and more:
        add_remark(stage, slide, f"{' and '.join(more)} more in the workbook")


def _worst_row(
    stage: Stage, pair: dict[Any, Any], beside: Sequence[object], *, dated: bool, owned: bool
) -> list[Cell | str]:
    cells = [
        severity_cell(stage, str(pair["severity"])),
        pair["account_id"],
        *(_text(pair[name]) for name in ("name", "ou_path")),
        *(label(str(pair[name])) for name in ("standard_state", "govcloud_state")),
        pair["govcloud_account_id"],
    ]
    if dated:
        at_least = "≤ " if pair["since_is"] == Start.AT_LEAST else ""
        cells.append("" if pd.isna(pair["since"]) else f"{at_least}{_short(pair['since'])}")
    if owned:
        cells.append(_text(pair["owner"]))
    return [*cells, *map(_text, beside)]


def add_accepted(stage: Stage, report: Report) -> None:
    """Add the mismatches that somebody answers for: they are not counted until their day comes."""
    found = report.mismatches[~analysis.is_open(report.mismatches)]
    if found.empty:
        return
    verb = "is" if len(found) == 1 else "are"
    count = f"{titles.counted(len(found), 'mismatch', 'mismatches')} {verb} accepted"
    slide = add_slide(
        stage,
        board.ACCEPTED,
        f"{count}, and until then not counted; a change of either state ends it, too",
        report.source,
    )
    heads = [
        Head("Severity", whole=True),
        Head("Account", whole=True),
        Head("Name", 2),
        Head("Standard → GovCloud", whole=True),
        Head("Until", whole=True),
        Head("Who", 1.8),
        Head("Why", 3),
    ]
    shown = found.head(_ROWS).to_dict("records")
    rows = [_accepted_row(pair) for pair in shown]
    height = min(0.34 * stage.scale, (stage.body.height - 0.3 * stage.scale) / (_ROWS + 1))
    alt = "Accepted mismatches, worst first"
    add_table(stage, slide, stage.body, heads, rows, alt=alt, row_height=height)
    if len(found) > len(rows):
        add_remark(stage, slide, f"{titles.number(len(found) - len(rows))} more in the workbook")


def _accepted_row(pair: dict[Any, Any]) -> list[Cell | str]:
    states = (label(str(pair[name])) for name in ("standard_state", "govcloud_state"))
    return [
        Cell(theme.severity_name(str(pair["severity"])), colour=Ink.MUTED, bold=True),
        pair["account_id"],
        _text(pair["name"]),
        " → ".join(states),
        _short(pair["accepted_until"]),
        *(_text(pair[name]) for name in ("accepted_by", "accepted_reason")),
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _short(time: pd.Timestamp) -> str:
    return f"{time.day} {time:%b %Y}"


def add_actions(stage: Stage, report: Report) -> None:
    """Add what there is to do, counted, worst first."""
    table = report.actions
    if table.empty:
        return
    says_spend, says_who = "spend" in table, "who" in table
    subtitle = f"{titles.title_actions(report.pairs)}, worst first"
    if says_spend:
        subtitle += f"; GovCloud spend: {SPAN}"
    heads = [
        Head("Severity", whole=True),
        Head("Accounts", align="right", whole=True),
        *([Head("GovCloud spend", align="right", whole=True)] if says_spend else []),
        Head("What it means", 4.5, wrap=True),
        Head("What to do", 5.6, wrap=True),
        *([Head("Who", 2.4, wrap=True)] if says_who else []),
    ]
    rows: list[list[Cell | str]] = [
        [
            severity_cell(stage, str(row.severity))
            if row.verdict == Verdict.MISMATCH
            else "Unknown",
            Cell(f"{row.accounts:,}", bold=True),
            *([str(row.spend)] if says_spend else []),
            str(row.meaning),
            str(row.action),
            *([str(row.who)] if says_who else []),
        ]
        for row in table.itertuples(index=False)
    ]
    room = stage.body.height - 0.3 * stage.scale
    pages = paged(stage, stage.body.width, heads, rows, room, size=_ACTION_SIZE)
    shown = pages[:_ACTION_SLIDES]
    for number, page in enumerate(shown, start=1):
        part = f" ({number} of {len(shown)})" if len(shown) > 1 else ""
        title = board.ask_actions(names_owners=says_who)
        slide = add_slide(stage, f"{title}{part}", subtitle, report.source)
        add_wrapped_table(
            stage,
            slide,
            stage.body,
            heads,
            page,
            alt="What to do for how many accounts, worst first",
            size=_ACTION_SIZE,
        )
    hidden = sum(len(page) for page in pages[_ACTION_SLIDES:])
    if hidden:
        add_remark(stage, slide, f"{titles.counted(hidden, 'rarer case')} in the workbook")
