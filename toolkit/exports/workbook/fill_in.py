"""What people fill in: who has a row, how far it is, and until when it is due."""

from typing import Any, Final

import pandas as pd

from toolkit.exports.report import Report
from toolkit.exports.workbook.columns import DUE, STATUS
from toolkit.exports.workbook.tables import Sheet
from toolkit.schema import Column, Table
from toolkit.text import printable

OPEN: Final = "Open"
DONE: Final = "Done"
ACCEPTED: Final = "Accepted"
STATES: Final = (OPEN, "In progress", "Waiting", DONE, ACCEPTED)
"""What the status of a row may be."""

OWNERS: Final = Table(
    "OWNERS",
    "owner",
    (Column("owner", "Owner", "text", "Who may be chosen as owner", "the policy"),),
)


def to_fill_in(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a status and a due day to fill in: open, or accepted already."""
    accepted = frame["accepted_until"].notna()
    status = pd.Series(OPEN, index=frame.index, dtype="str").where(~accepted, ACCEPTED)
    return frame.assign(**{STATUS: status, DUE: pd.Series(None, frame.index, "str")})


def known_owners(report: Report) -> pd.DataFrame:
    """Return whom one may choose as owner, each once: a selection tells of its own alone."""
    named = [report.pairs["owner"], report.left_behind["owner"]]
    if report.selection is None:
        named.append(report.policy.owners["owner"])
    found = pd.concat(named, ignore_index=True).dropna().map(printable).unique()
    return pd.DataFrame({"owner": sorted(found, key=str.casefold)}, dtype="str")


def validate(made: Sheet, day: pd.Timestamp, owners: Sheet | None) -> None:
    """Let the status be one of a list, the due day a day from this one on, and help with owners.

    Whoever is not among the owners may be written all the same.
    """
    first = day.tz_localize(None).normalize().to_pydatetime()
    _allow(
        made,
        STATUS,
        {
            "validate": "list",
            "source": list(STATES),
            "error_title": "Not a status",
            "error_message": f"Choose one of: {', '.join(STATES)}.",
        },
    )
    _allow(
        made,
        DUE,
        {
            "validate": "date",
            "criteria": ">=",
            "value": first,
            "error_title": "Not a due day",
            "error_message": f"Write a day from {first:%Y-%m-%d} on, such as 2026-12-31.",
        },
    )
    if owners is not None:
        named = f"={owners.name}!$A${owners.top + 2}:$A${owners.last + 1}"
        _allow(made, "owner", {"validate": "list", "source": named, "show_error": False})


def _allow(made: Sheet, column: str, rule: dict[str, Any]) -> None:
    place = made.place(column)
    made.sheet.data_validation(made.top + 1, place, made.last, place, rule)
