"""The slides beyond the pairs: what GovCloud's own list says of them, and whom to call."""

from typing import Any, Final

import pandas as pd

from toolkit import titles
from toolkit.exports.deck.frames import add_remark, add_slide
from toolkit.exports.deck.shapes import Card, add_cards
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import (
    Cell,
    Head,
    add_table,
    add_wrapped_table,
    paged,
    severity_cell,
)
from toolkit.exports.report import Report
from toolkit.schema import Finding, Severity, label

_CARDS: Final = {
    Finding.AGREE: ("Agree", "both tell the same"),
    Finding.STATE_DISAGREES: ("Disagree", "in two states"),
    Finding.NOT_IN_GOVCLOUD_ORGANIZATION: ("Outside", "in no such list"),
    Finding.WITHOUT_PAIR: ("Without pair", "who pays?"),
    Finding.PAIR_LEFT_LIST: ("Pair left", "GovCloud is still there"),
    Finding.CREATED_BUT_NOT_PAIRED: ("Created only", "never paired"),
}
_NOT_SEEN: Final = "–"
_SIZE: Final = 10.5
_MOST: Final = 20
"""More than fit below the cards, however short what is said of them."""

_CONTACTS: Final = 10


def add_reconciled(stage: Stage, report: Report) -> None:
    """Add what the GovCloud organization's own list says: the counts, and where it was worst."""
    if not report.compares_organizations:
        return
    found = report.reconciled
    known = titles.counted(len(found), "GovCloud account")
    slide = add_slide(
        stage,
        report.reconciled_in_words,
        f"GovCloud's own list: {known} known to either side; worst first, with both states",
        report.source,
    )
    height = 1.2 * stage.scale
    counts = report.findings[report.findings["finding"].notna() | report.findings["accounts"].gt(0)]
    cards = [_card(stage, row) for row in counts.itertuples(index=False)]
    add_cards(stage, slide, stage.body.upper(height), cards)
    worst = report.worst_reconciled.reset_index(drop=True)
    if worst.empty:
        return
    heads = [
        Head("Severity", whole=True),
        Head("GovCloud account", whole=True),
        Head("Account", whole=True),
        Head("Finding", whole=True),
        Head("Pair", whole=True),
        Head("List", whole=True),
        Head("What to do", wrap=True),
    ]
    # Some of each kind, rather than one long group that hides the others.
    turn = worst.groupby("finding", observed=True).cumcount().sort_values(kind="stable")
    places = turn.index[:_MOST]
    rows: list[list[Cell | str]] = [
        [
            severity_cell(stage, str(row.severity)),
            str(row.govcloud_account_id),
            _text(row.account_id) or "not known",
            label(str(row.finding)) if isinstance(row.finding, str) else _NOT_SEEN,
            _state(row.state_by_pair),
            _state(row.state_by_witness),
            _text(row.action),
        ]
        for row in worst.loc[places].itertuples(index=False)
    ]
    area = stage.body.below(height + 0.18 * stage.scale)
    room = area.height - 0.3 * stage.scale
    fit = len(paged(stage, area.width, heads, rows, room, size=_SIZE)[0])
    shown = [row for _, row in sorted(zip(places[:fit], rows[:fit], strict=True), key=_place)]
    add_wrapped_table(
        stage, slide, area, heads, shown, alt="GovCloud accounts, worst first", size=_SIZE
    )
    if len(shown) < len(worst):
        add_remark(stage, slide, f"{titles.number(len(worst) - len(shown))} more in the workbook")


def _card(stage: Stage, row: Any) -> Card:
    if pd.isna(row.finding):
        return Card("Not compared", titles.number(row.accounts), "one side not seen")
    word, note = _CARDS[Finding(str(row.finding))]
    if not row.is_seen:
        return Card(word, _NOT_SEEN, "not seen")
    is_bad = row.accounts > 0 and row.severity == Severity.CRITICAL
    colour = {"colour": stage.palette.severities[Severity.CRITICAL]} if is_bad else {}
    return Card(word, titles.number(row.accounts), note, **colour)


def add_contacts(stage: Stage, report: Report) -> None:
    """Add whom to call for the pairs that disagree, where the report was asked to name them."""
    found = report.contacts
    if found.empty:
        return
    names = report.pairs.set_index("account_id")["name"]
    accounts = titles.counted(found["account_id"].nunique(), "account")
    slide = add_slide(
        stage,
        f"Whom to call for {accounts} whose states disagree",
        "Alternate contacts, worst mismatches first",
        report.source,
    )
    heads = [
        Head("Account", whole=True),
        Head("Name", 1.5),
        Head("For", whole=True),
        Head("Whom to call", 2.2),
        Head("E-mail", 3.2),
        Head("Phone", 1.4),
    ]
    rows: list[list[Cell | str]] = [
        [
            str(row.account_id),
            _text(names.get(row.account_id)),
            label(str(row.contact_type)),
            ", ".join(part for part in (_text(row.name), _text(row.title)) if part)
            or _text(row.detail),
            _text(row.email),
            _text(row.phone),
        ]
        for row in found.head(_CONTACTS).itertuples(index=False)
    ]
    height = min(0.34 * stage.scale, (stage.body.height - 0.3 * stage.scale) / (_CONTACTS + 1))
    add_table(stage, slide, stage.body, heads, rows, alt="Alternate contacts", row_height=height)
    if len(found) > len(rows):
        add_remark(stage, slide, f"{titles.number(len(found) - len(rows))} more in the workbook")


def _place(row: tuple[int, Any]) -> int:
    return row[0]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _state(value: object) -> str:
    return label(value) if isinstance(value, str) else _NOT_SEEN
