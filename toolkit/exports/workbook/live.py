"""Counts that follow what people write into the sheets: a formula, and what it gives at first.

The values are written beside the formulas, so that whoever opens the file without counting anew
sees them as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import pandas as pd

from toolkit import schema, titles
from toolkit.exports.report import Report
from toolkit.exports.workbook.columns import DUE, STATUS
from toolkit.exports.workbook.fill_in import ACCEPTED, DONE, OPEN, STATES
from toolkit.exports.workbook.looks import ranked
from toolkit.exports.workbook.tables import Sheet
from toolkit.schema import Outcome, Severity, State, Verdict

Count: TypeAlias = tuple[int, str]
"""A number and the formula that gives it; "" where nothing in the sheets does."""

_VERDICTS: Final[Mapping[str, Verdict]] = {
    "matches": Verdict.MATCH,
    "not-linked": Verdict.NOT_LINKED,
    "unknown": Verdict.UNKNOWN,
}
"""The key figures that count a verdict."""


def figures(report: Report, sheets: Mapping[str, Sheet]) -> list[tuple[str, Count]]:
    """Return the key figures with their labels, as formulas over the sheets of these names."""
    found = [
        (
            f"  {figure.row}" if figure.severity else figure.row,
            (figure.value(report.figures), _figure(figure, sheets)),
        )
        for figure in titles.FIGURES
        if figure.key != "left-behind" or report.counts_left_behind
    ]
    if len(report.links) or not report.snapshot.manifest.why_no_links:
        found.append(("Account links", (len(report.links), _rows(sheets["Links"], "link_id"))))
    if report.compares_organizations:
        both = sheets["Reconcile"]
        count = (len(report.reconciled), _rows(both, "govcloud_account_id"))
        found.append(("GovCloud accounts known to either side", count))
        found += [
            (f"  {word}", (value, _counted(both, {"finding": f'"{word}"'})))
            for word, value in report.counts_by_finding
        ]
    if report.compared:
        count = (len(report.changes), _rows(sheets["Changes"], "account_id"))
        found.append(("Changed since the snapshot before", count))
    return found


def _figure(figure: titles.KeyFigure, sheets: Mapping[str, Sheet]) -> str:
    pairs, left = sheets["Pairs"], sheets.get("Left behind")
    mismatch = {"verdict": _word(Verdict.MISMATCH)}
    if figure.severity:
        return _open(pairs, mismatch | {"severity": f'"{ranked(figure.severity)}"'})
    if figure.key in _VERDICTS:
        return _counted(pairs, {"verdict": _word(_VERDICTS[figure.key])})
    if figure.key == "left-behind":
        # Its rows are there to be filled in: one that has no state is a row all the same.
        return _open(left, {"govcloud_account_id": '"?*"'}) if left else ""
    by_key = {
        "accounts": lambda: _rows(pairs, "account_id"),
        "linked": lambda: _counted(pairs, {"outcome": _word(Outcome.FOUND)}),
        "mismatches": lambda: _open(pairs, mismatch),
        "accepted": lambda: _counted(pairs, mismatch | {"accepted_until": '">0"'}),
    }
    return by_key[figure.key]() if figure.key in by_key else ""


def state(pairs: Sheet, column: str, word: str, value: int) -> Count:
    """Return how many linked pairs are in a state; what is unheard of has no formula."""
    found = {"outcome": _word(Outcome.FOUND), column: _word(word)}
    return value, "" if word == State.UNKNOWN else _counted(pairs, found)


def to_do(report: Report) -> list[tuple[str, str]]:
    """Return what there is to fill in: the severity of each row, and its status at first."""
    return [
        (str(severity), OPEN if pd.isna(until) else ACCEPTED)
        for table in (report.mismatches, report.left_behind)
        for severity, until in zip(table["severity"], table["accepted_until"], strict=True)
    ]


def by_status(
    sheets: Sequence[Sheet], rows: Sequence[tuple[str, str]], which: Severity | None = None
) -> list[Count]:
    """Return how many rows have each status, and of any: those of a severity, or all."""
    statuses = [status for severity, status in rows if which in (None, severity)]
    chosen = {"severity": f'"{ranked(which)}"'} if which else {}
    counts = [
        (
            statuses.count(status),
            _sum(_counted(one, {**chosen, STATUS: f'"{status}"'}) for one in sheets),
        )
        for status in STATES
    ]
    every = chosen or {"account_id": '"?*"'}
    return [*counts, (len(statuses), _sum(_counted(one, every) for one in sheets))]


def overdue(sheets: Sequence[Sheet]) -> Count:
    """Return how many rows should have been done by now: none where no day is written yet."""
    return 0, _sum(
        f'=COUNTIFS({one[DUE]},"<"&TODAY(),{one[STATUS]},"<>{DONE}",{one[STATUS]},"<>{ACCEPTED}")'
        for one in sheets
    )


def unowned(sheets: Sequence[Sheet], report: Report) -> Count:
    """Return how many rows nobody is the owner of."""
    parts = (f"=COUNTA({one['account_id']})-COUNTA({one['owner']})" for one in sheets)
    tables = (report.mismatches, report.left_behind)
    return sum(int(table["owner"].isna().sum()) for table in tables), _sum(parts)


def _rows(sheet: Sheet, column: str) -> str:
    return f"=COUNTA({sheet[column]})"


def _counted(sheet: Sheet, criteria: Mapping[str, str]) -> str:
    said = ",".join(f"{sheet[column]},{which}" for column, which in criteria.items())
    return f"=COUNTIFS({said})"


def _open(sheet: Sheet, criteria: Mapping[str, str]) -> str:
    """Count rows that fulfil the criteria and that nobody has accepted."""
    whole = _counted(sheet, criteria)
    if "accepted_until" not in sheet:
        return whole
    accepted = _counted(sheet, {**criteria, "accepted_until": '">0"'})
    return f"{whole}-{accepted[1:]}"


def _word(word: str) -> str:
    return f'"{schema.label(word)}"'


def _sum(formulas: Iterable[str]) -> str:
    return "=" + "+".join(formula[1:] for formula in formulas)
