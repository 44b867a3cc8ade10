"""The slide on what was left behind: GovCloud accounts whose standard account left the list."""

from typing import Any, Final

import pandas as pd
from pptx.util import Inches

from toolkit import theme, titles
from toolkit.exports.deck.frames import add_remark, add_slide
from toolkit.exports.deck.shapes import Ink, add_text
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import Cell, Head, add_table, severity_cell
from toolkit.exports.report import Report
from toolkit.schema import label
from toolkit.titles import board

_ROWS: Final = 10
_SIZE: Final = 10.5
_TODO: Final = 0.5
"""How high a sentence on what to do is, in inches."""


def add_left_behind(stage: Stage, report: Report) -> None:
    """Add what was left behind, worst first; its GovCloud id is what one needs to act on it."""
    found = report.left_behind
    if found.empty:
        return
    shown = found.head(_ROWS)
    owned, accepted = (bool(shown[name].notna().any()) for name in ("owner", "accepted_until"))
    is_open = bool(found["accepted_until"].isna().any())
    title = board.ASK_LEFT_BEHIND if is_open else board.ALL_ACCEPTED
    subtitle = f"{titles.title_left_behind(found)}; states as last seen"
    slide = add_slide(stage, title, subtitle, report.source)
    heads = [
        Head("Severity", whole=True),
        Head("GovCloud account", whole=True),
        Head("GovCloud state", whole=True),
        Head("Account", whole=True),
        Head("Name", 2),
        Head("Organizational unit", 2.2, path=True),
        Head("Last listed", whole=True),
        *([Head("Owner", 1.4)] if owned else []),
        *([Head("Accepted until", whole=True)] if accepted else []),
    ]
    rows = [_row(stage, row, owned=owned, accepted=accepted) for row in shown.to_dict("records")]
    room = stage.body.height - (_TODO + 0.3) * stage.scale
    height = min(0.34 * stage.scale, room / (_ROWS + 1))
    alt = "GovCloud accounts that were left behind, worst first"
    upper = stage.body.upper(room)
    table = add_table(stage, slide, upper, heads, rows, alt=alt, size=_SIZE, row_height=height)
    below = stage.body.below(table.height / Inches(1) + 0.1 * stage.scale)
    area = below.upper(_TODO * stage.scale)
    # That of the worst: what there is to do hardly differs.
    sizes = [stage.points(size) for size in (12, 11, 10, 9)]
    action, points = stage.fitted(_text(found["action"].iloc[0]), area, sizes)
    add_text(slide, area, action, size=points, colour=Ink.MUTED).name = "What to do"
    if len(found) > len(shown):
        add_remark(stage, slide, f"{titles.number(len(found) - len(shown))} more in the workbook")


def _row(stage: Stage, row: dict[Any, Any], *, owned: bool, accepted: bool) -> list[Cell | str]:
    until = row["accepted_until"]
    is_accepted = pd.notna(until)
    texts = [
        row["govcloud_account_id"],
        label(row["govcloud_state"]) if isinstance(row["govcloud_state"], str) else "Unknown",
        row["account_id"],
        *(_text(row[name]) for name in ("name", "ou_path")),
        _short(row["last_seen"]),
    ]
    if owned:
        texts.append(_text(row["owner"]))
    if accepted:
        texts.append(_short(until) if is_accepted else "")
    if is_accepted:
        return [
            Cell(theme.severity_name(str(row["severity"])), colour=Ink.MUTED),
            *(Cell(text, colour=Ink.MUTED) for text in texts),
        ]
    return [severity_cell(stage, str(row["severity"])), *texts]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _short(time: pd.Timestamp) -> str:
    return f"{time.day} {time:%b %Y}"
