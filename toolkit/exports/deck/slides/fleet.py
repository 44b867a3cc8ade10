"""The slide on all organizations of the store: where this one stands among them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from toolkit import schema, theme, titles
from toolkit.exports.deck.frames import add_remark, add_slide
from toolkit.exports.deck.shapes import Ink
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import Cell, Head, add_table, largest_size
from toolkit.exports.report import Report
from toolkit.schema import FLEET_SEVERITIES

_ROWS: Final = 10
"""How many organizations have a row of their own where one row is for all others."""
_SIZES: Final = (11, 10, 9, 8)
_COUNTS: Final = ("accounts", "paired", *FLEET_SEVERITIES, "accepted", "left_behind", "unknown")


def add_fleet(stage: Stage, report: Report) -> None:
    """Add the organizations of the store, worst first, where the report is of one among several."""
    fleet = report.fleet
    if fleet is None:
        return
    table, unread = fleet.table, fleet.left_out
    seen = titles.seen_in_words(table)
    slide = add_slide(
        stage,
        titles.title_fleet(table, len(unread)),
        f"The newest snapshot of each organization, {seen}; worst first",
        report.source_of_fleet,
    )
    mine = table["organization_id"] == report.snapshot.manifest.organization_id
    places = _shown(mine.tolist())
    rest = table.drop(index=table.index[places])
    counts = [name for name in _COUNTS if name != "accepted" or table[name].any()]
    rows = [
        _row(stage, row, counts, is_mine=is_mine)
        for row, is_mine in zip(
            table.iloc[places].to_dict("records"), mine.iloc[places], strict=True
        )
    ]
    if len(rest):
        name = titles.counted(len(rest), "more organization")
        rows.append(_sum(name, rest, counts, colour=Ink.MUTED))
    rows.append(_sum("Total", table, counts, bold=True))
    heads = [
        Head("Organization", whole=True),
        *(Head(_head(name), align="right", whole=True) for name in counts),
        Head("As of", align="right", whole=True),
    ]
    room = stage.body.height - 0.3 * stage.scale
    height = min(0.34 * stage.scale, room / (_ROWS + 3))
    size = largest_size(stage, stage.body.width, heads, rows, _SIZES)
    alt = "Organizations and their mismatches by severity, worst first"
    add_table(stage, slide, stage.body, heads, rows, alt=alt, size=size, row_height=height)
    if said := titles.unread_in_words(unread):
        add_remark(stage, slide, said[0].upper() + said[1:])


def _shown(mine: Sequence[bool]) -> list[int]:
    """Return the places of the organizations that have a row: the first, and this one."""
    if len(mine) <= _ROWS + 1:
        return list(range(len(mine)))
    own = mine.index(True) if True in mine else 0
    return [*range(_ROWS - 1), max(own, _ROWS - 1)]


def _row(
    stage: Stage, row: Mapping[Any, Any], counts: Sequence[str], *, is_mine: bool
) -> list[Cell | str]:
    name = f"{row['organization_id']} (this deck)" if is_mine else row["organization_id"]
    cells = [_count(stage, name, row[name], bold=is_mine) for name in counts]
    return [Cell(name, bold=is_mine), *cells, Cell(_short(row["taken"]), bold=is_mine)]


def _sum(name: str, table: pd.DataFrame, counts: Sequence[str], **look: Any) -> list[Cell | str]:
    """Return a row of what several organizations have together."""
    cells = [Cell(titles.number(int(table[count].sum())), **look) for count in counts]
    first, last = table["taken"].min(), table["taken"].max()
    since = f"{'from ' if first.date() < last.date() else ''}{_short(first)}"
    return [Cell(name, **look), *cells, Cell(since, **look)]


def _count(stage: Stage, name: str, count: int, *, bold: bool) -> Cell:
    text = titles.number(count)
    if not count:
        return Cell(text, colour=Ink.MUTED)
    if name in FLEET_SEVERITIES:
        fill = stage.palette.tints[FLEET_SEVERITIES[name]]
        return Cell(text, fill=fill, colour=stage.palette.ink, bold=True)
    return Cell(text, bold=bold)


def _head(name: str) -> str:
    severity = FLEET_SEVERITIES.get(name)
    return theme.severity_name(severity) if severity else schema.FLEET[name].label


def _short(time: pd.Timestamp) -> str:
    return f"{time.day} {time:%b %Y}"
