"""The slides that a board sees first: what the deck is about, what it asks, and the worst cases."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from toolkit import analysis, titles
from toolkit.analysis import KeyFigures
from toolkit.exports.deck.frames import add_opening_slide, add_remark, add_slide
from toolkit.exports.deck.shapes import Card, Colour, Ink, add_cards
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import Cell, Head, add_wrapped_table, paged, severity_cell
from toolkit.exports.report import Report
from toolkit.schema import Severity, Start, label
from toolkit.titles import board

_WORST: Final = 5
_ROWS: Final = 10
_SIZE: Final = 11
_SUMMARY_SIZES: Final = (_SIZE, 10.5, 10, 9.5, 9)
"""The first at which all of the worst are named, or else the last."""

_UNKNOWN: Final = "Nobody knows"


def add_opening(stage: Stage, report: Report) -> None:
    """Add the title slide: what the deck is about, its one sentence, whose it is and when."""
    manifest = report.snapshot.manifest
    said = dict.fromkeys((report.headline, report.note, report.comment))
    demo = "demo organization" if manifest.is_local else manifest.organization_id
    lines = [*filter(None, said), f"{titles.day(report.snapshot.taken)} · {demo}"]
    add_opening_slide(stage, "Account states: Standard and GovCloud", lines)


def add_summary(stage: Stage, report: Report) -> None:
    """Add what the deck asks, the key figures, and the worst cases by name."""
    cases = report.worst
    who = ", who answers," if report.names_owners else ""
    what = f"The worst first: since when{who} and what to do" if len(cases) else "Key figures"
    seen = looked_at(report)
    if seen is not None and analysis.key_figures(seen).unknown:
        what += f" · {titles.title_unknown(seen)}"
    slide = add_slide(
        stage,
        titles.ask(report.pairs, report.left_behind),
        what,
        report.source,
    )
    height = 1.2 * stage.scale
    add_cards(stage, slide, stage.body.upper(height), _cards(stage, report))
    if cases.empty:
        return
    area = stage.body.below(height + 0.2 * stage.scale)
    heads, rows = _table(stage, report, cases.head(_WORST))
    room = stage.remark.top - area.top
    for size in _SUMMARY_SIZES:
        shown = paged(stage, area.width, heads, rows, room, size=size)[0]
        if len(shown) == len(rows):
            break
    add_wrapped_table(
        stage, slide, area, heads, shown, alt="The worst cases, and what to do", size=size
    )
    if len(cases) > len(shown):
        more = titles.counted(len(cases) - len(shown), "more case")
        few = len(cases) <= _ROWS
        where = "on the slides that follow" if few else "the worst follow, all are in the workbook"
        add_remark(stage, slide, f"{more}{' ' if few else ': '}{where}")


def add_critical(stage: Stage, report: Report) -> None:
    """Add the critical pairs with both ids, ten on a slide: what was left behind has its own."""
    cases = report.worst
    found = cases[(cases["kind"] == "pair") & (cases["severity"] == Severity.CRITICAL)]
    if found.empty:
        return
    title = board.ask_critical(names_owners=bool(found["owner"].notna().any()))
    states = found[["standard_state", "govcloud_state"]].drop_duplicates()
    heads = [
        Head("Account", whole=True),
        Head("GovCloud account", whole=True),
        Head("Name", 2, wrap=True),
        Head("Organizational unit", 2, wrap=True),
        *([Head("Standard → GovCloud", whole=True)] if len(states) > 1 else []),
        Head("Since", whole=True),
        Head("Owner", 1.4, wrap=True),
        Head("What to do", 4, wrap=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            Cell(str(row["account_id"]), bold=True),
            _text(row["govcloud_account_id"]),
            _text(row["name"]),
            _text(row["ou_path"]),
            *([_states(row)] if len(states) > 1 else []),
            since(row),
            _text(row["owner"]) or _UNKNOWN,
            _text(row["action"]),
        ]
        for row in found.to_dict("records")
    ]
    room = stage.remark.top - stage.body.top
    pages = [
        page
        for first in range(0, len(rows), _ROWS)
        for page in paged(
            stage, stage.body.width, heads, rows[first : first + _ROWS], room, size=_SIZE
        )
    ]
    shown = pages[:_WORST]
    meaning = _text(found["meaning"].iloc[0])
    for number, page in enumerate(shown, start=1):
        part = f" ({number} of {len(shown)})" if len(shown) > 1 else ""
        slide = add_slide(stage, f"{title}{part}", meaning, report.source)
        alt = f"Critical pairs{part}"
        add_wrapped_table(stage, slide, stage.body, heads, page, alt=alt, size=_SIZE)
    if hidden := sum(map(len, pages[_WORST:])):
        add_remark(stage, slide, f"{titles.number(hidden)} more in the workbook")


def looked_at(report: Report) -> pd.DataFrame | None:
    """Return the PAIRS of which it can be said how many were not seen; None where nobody knows.

    What is chosen by a severity has one, and so was seen: those not seen are among what it was
    chosen of.
    """
    if not report.is_narrowed:
        return report.pairs
    return report.selection.base if report.selection else None


def since(row: Mapping[Any, Any]) -> str:
    """Return since when a row of `analysis.worst` is so, for a narrow column: "≤ 3 Sep 2026"."""
    if pd.isna(row["since"]):
        return ""
    how = row["since_is"]
    sign = "after " if row["kind"] == "left" else "≤ " if how == Start.AT_LEAST else ""
    return f"{sign}{row['since'].day} {row['since']:%b %Y}"


def _table(
    stage: Stage, report: Report, cases: pd.DataFrame
) -> tuple[list[Head], list[list[Cell | str]]]:
    """Return the table of the worst cases: name over unit, the rest in a column each."""
    owned = report.names_owners
    heads = [
        Head("Severity", whole=True),
        Head("What", 2.6, wrap=True),
        Head("Name and unit", 2.6, wrap=True),
        Head("GovCloud account", whole=True),
        Head("Since", whole=True),
        *([Head("Owner", 1.3, wrap=True)] if owned else []),
        Head("What to do", 4.4, wrap=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            severity_cell(stage, str(row["severity"])),
            "Left the list" if row["kind"] == "left" else _states(row),
            " · ".join(filter(None, (_text(row["name"]), _text(row["ou_path"])))),
            Cell(_text(row["govcloud_account_id"]), bold=True),
            since(row),
            *([_text(row["owner"]) or _UNKNOWN] if owned else []),
            _text(row["action"]),
        ]
        for row in cases.to_dict("records")
    ]
    return heads, rows


def _cards(stage: Stage, report: Report) -> list[Card]:
    """Return the key figures; of a selection, no share of what it was chosen by."""
    figures, warning = report.figures, stage.palette.severities[Severity.CRITICAL]
    seen = looked_at(report)
    rate = figures.mismatch_rate
    left = _card(figures, "left-behind", note=_left_since_before(report), warning=warning)
    critical = _card(figures, "critical", note=_severities(figures.by_severity), warning=warning)
    whole = [
        _card(figures, "linked"),
        Card(
            "Mismatch rate",
            "–" if rate is None else titles.share(rate),
            f"of {titles.counted(figures.judged, 'judged pair')}",
        ),
    ]
    return [
        critical,
        _card(figures, "mismatches", note=_since_before(report), warning=warning),
        *([left] if figures.left_behind else []),
        *([] if report.is_narrowed else whole),
        *([_card(analysis.key_figures(seen), "unknown")] if seen is not None else []),
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
    others: Sequence[Severity] = [s for s in Severity if s is not Severity.CRITICAL and counts[s]]
    return ", ".join(f"{titles.number(counts[s])} {label(s).lower()}" for s in others)


def _states(row: Mapping[Any, Any]) -> str:
    return " → ".join(label(str(row[f"{side}_state"])) for side in ("standard", "govcloud"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
