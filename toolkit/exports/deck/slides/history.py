"""The slides on time: how mismatches moved, and what changed since the snapshot before."""

from typing import Final

import pandas as pd

from toolkit import analysis, titles
from toolkit.exports.deck.charts import add_lines, spelled
from toolkit.exports.deck.frames import add_remark, add_slide
from toolkit.exports.deck.shapes import Card, add_cards
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import Cell, Head, add_table, paged
from toolkit.exports.report import Report, minute
from toolkit.schema import Change, Severity, label

_MOST: Final = 20
"""More changes than fit below the cards, however short what is said of them."""

_LEAST: Final = 9.5
"""The size at which it is seen how many fit: rather some more than in the largest."""

_LEFT: Final = "Left behind"
_TOLD: Final = 24
"""Up to how many snapshots are all told to those who hear a slide."""


def add_trend(stage: Stage, report: Report) -> None:
    """Add the number of mismatches over the snapshots, where there is more than one."""
    if not report.compared:
        return
    table = analysis.trend(report.history, report.left_behind_counts)
    title = titles.title_mismatch_trend(table)
    by_time = table.groupby("taken")["mismatches"].sum()
    critical = table[table["severity"] == Severity.CRITICAL].set_index("taken")["mismatches"]
    lines = pd.DataFrame({"Mismatches": by_time})
    if critical.any():
        lines = lines.assign(Critical=critical)
    left = table.groupby("taken")["left_behind"].first()
    if left.any():
        lines = lines.assign(**{_LEFT: left})
    what = "Mismatched pairs" + (", and pairs left behind," if left.any() else "")
    subtitle = f"{what} in each of {titles.number(len(lines))} snapshots"
    slide = add_slide(stage, title, subtitle, report.source)
    add_lines(
        stage,
        slide,
        stage.body,
        lines,
        {
            "Mismatches": stage.palette.ink,
            "Critical": stage.palette.severities[Severity.CRITICAL],
            _LEFT: stage.palette.muted,
        },
        alt=f"Lines: {title}. {_told(lines)}",
    )


def _told(lines: pd.DataFrame) -> str:
    """Say the counts of each snapshot, or of many the first, the highest and the last."""
    most = int(lines["Mismatches"].to_numpy().argmax())
    few = len(lines) <= _TOLD
    shown = lines if few else lines.iloc[sorted({0, most, len(lines) - 1})]
    days = [titles.day(taken) for taken in pd.DatetimeIndex(shown.index)]
    of = "" if few else f"The first, the highest and the last of {titles.number(len(lines))}: "
    return f"{of}{spelled(shown.set_axis(days))}"


_WORDS: Final = {
    Change.APPEARED: ("Appeared", "new mismatches"),
    Change.RESOLVED: ("Resolved", "agree now"),
    Change.CHANGED: ("Changed", "in other states"),
    Change.ACCEPTANCE_ENDED: ("Counts again", "acceptance ended"),
    Change.VANISHED: ("Vanished", "left the list"),
    Change.JOINED: ("Joined", "new in the list"),
    Change.LOST_SIGHT: ("Lost sight of", "unknown now"),
}


def add_changes(stage: Stage, report: Report) -> None:
    """Add what changed since the snapshot before: the counts, and the accounts it was worst for."""
    if not report.compared:
        return
    changes = report.changes
    slide = add_slide(
        stage,
        titles.title_changes(changes),
        f"Since the snapshot before, {minute(report.before)}",
        report.source,
    )
    counts = changes["change"].value_counts()
    cards = [
        Card(word, titles.number(int(counts.get(change.value, 0))), note)
        for change, (word, note) in _WORDS.items()
        if change is not Change.ACCEPTANCE_ENDED or change in counts.index
    ]
    height = 1.2 * stage.scale
    add_cards(stage, slide, stage.body.upper(height), cards)
    if changes.empty:
        return
    area = stage.body.below(height + 0.22 * stage.scale)
    heads = [
        Head("Change", whole=True),
        Head("Account", whole=True),
        Head("Name", 2.2),
        Head("Organizational unit", 2.4, path=True),
        Head("Before: standard → GovCloud", whole=True),
        Head("Now", whole=True),
    ]
    # Some of each kind, rather than one long group that hides the others.
    turn = changes.groupby("change", observed=True).cumcount().sort_values(kind="stable")
    rows: dict[int, list[Cell | str]] = {
        place: [
            Cell(_WORDS[Change(str(change.change))][0], bold=True),
            str(change.account_id),
            _text(change.name),
            _text(change.ou_path),
            _pair(change.standard_state_before, change.govcloud_state_before),
            _pair(change.standard_state_after, change.govcloud_state_after),
        ]
        for place, change in zip(
            turn.index[:_MOST],
            changes.loc[turn.index[:_MOST]].itertuples(index=False),
            strict=True,
        )
    }
    room = stage.remark.top - area.top
    fit = len(paged(stage, area.width, heads, list(rows.values()), room, size=_LEAST)[0])
    shown = [rows[place] for place in sorted(list(rows)[:fit])]
    row = 0.34 * stage.scale
    add_table(
        stage, slide, area, heads, shown, alt="Accounts that changed, examples", row_height=row
    )
    hidden = len(changes) - len(shown)
    if hidden:
        add_remark(stage, slide, f"{titles.number(hidden)} more in the workbook")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _pair(standard: object, govcloud: object) -> str:
    words = [label(value if isinstance(value, str) else "–") for value in (standard, govcloud)]
    return " → ".join(words) if words != ["–", "–"] else "not in the list"
