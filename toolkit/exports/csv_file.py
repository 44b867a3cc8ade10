"""The CSV file: a table for scripts and spreadsheets, whatever names it holds."""

import os
from pathlib import Path
from typing import Any, Final, TextIO

import pandas as pd

from toolkit.exports.files import destination, replacing
from toolkit.exports.report import Report, as_report
from toolkit.schema import LEFT_BEHIND, PAIRS, free_name, own_columns
from toolkit.store import Snapshot
from toolkit.text import as_text, printable_series

_FORMULA: Final = r"\s*[=+\-@＝＋－＠]|[\t\r\n]"
_STATES: Final = ("standard_state", "govcloud_state")
_MAY_MISS: Final = {"i": "Int64", "u": "UInt64", "b": "boolean"}
"""The dtypes that hold what others do, and missing values beside it."""

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_TIME_OF_EXCEL: Final = "%Y-%m-%d %H:%M:%S"
_ID: Final = r"[0-9]{12}"

LEFT_SINCE: Final = "left_behind_since"
"""The column that only rows of what was left behind fill: when the account was last listed."""


def save_pairs(
    content: Report | Snapshot, path: str | os.PathLike[str], *, excel: bool = False
) -> Path:
    """Write the PAIRS of a report, or of a snapshot, as CSV and return its path.

    Chosen tags stand behind them, a column a key, and where the report names contacts a column for
    each kind. Where something was left behind, rows of it stand below the pairs, with one more
    column, `left_behind_since`: they are no pairs of the list, so that they have no state, outcome
    and verdict, but the GovCloud account's id, a severity, and what to do. `excel` writes what a
    spreadsheet keeps as it is, as `save_csv` does. Raises what `save_csv` raises, and InputError
    for what is neither.
    """
    report = as_report(content)
    pairs = report.called(report.tagged(report.pairs))
    save_csv(_with_left_behind(pairs, report.left_behind), path, excel=excel)
    return Path(path)


def _with_left_behind(pairs: pd.DataFrame, left_behind: pd.DataFrame) -> pd.DataFrame:
    """Return PAIRS with what was left behind below them; what they do not share is missing."""
    if left_behind.empty:
        return pairs
    since = free_name(LEFT_SINCE, pairs.columns)
    shared = [name for name in LEFT_BEHIND.names if name in PAIRS.names and name not in _STATES]
    left = left_behind[[*shared, "last_seen"]].rename(columns={"last_seen": since})
    # A whole number of the user's own stays one above cells that are missing.
    own = {name: _MAY_MISS.get(pairs[name].dtype.kind) for name in own_columns(PAIRS, pairs)}
    wide = pairs.astype({name: dtype for name, dtype in own.items() if dtype})
    both = pd.concat([wide, left], ignore_index=True)
    return both.astype({name: PAIRS[name].dtype for name in PAIRS.names})


def save_csv(
    pairs: pd.DataFrame, path: "str | os.PathLike[str] | TextIO", *, excel: bool = False
) -> Path | None:
    """Write PAIRS, or any other table, as CSV in UTF-8 and return its path (none for a stream).

    A file begins with the byte order mark that Excel asks for; a text stream gets none. Every text
    is quoted, ids stay 12 digits, times are UTC, and a text that a spreadsheet would take for a
    formula gets an apostrophe in front, as OWASP advises.

    A spreadsheet that opens such a file takes an id for a number all the same: it loses leading
    zeros, and shows 1.23457E+11. With `excel` twelve digits are written as AWS's console shows
    them, 1234-5678-9012, which no spreadsheet takes for a number or a day, and times as they know
    them, 2026-11-22 03:00:00, still UTC. Raises InputError where the name does not end in .csv,
    StoreError where it cannot be written.
    """
    safe = pd.DataFrame(
        {place: _harmless(pairs.iloc[:, place], excel=excel) for place in range(len(pairs.columns))}
    )
    safe.columns = _harmless(pd.Series([str(name) for name in pairs.columns], dtype="str")).tolist()
    options: dict[str, Any] = {
        "index": False,
        "quoting": 2,  # csv.QUOTE_NONNUMERIC
        "date_format": _TIME_OF_EXCEL if excel else _TIME,
        "lineterminator": "\n",
    }
    if not isinstance(path, str | os.PathLike):
        safe.to_csv(path, **options)
        return None
    target = destination(path, [".csv"], "a CSV file")
    with replacing(target) as beside:
        safe.to_csv(beside, encoding="utf-8-sig", **options)
    return target


def _harmless(values: pd.Series, *, excel: bool = False) -> pd.Series:
    if values.dtype == "object" or isinstance(values.dtype, pd.CategoricalDtype):
        # A column of the user's own may hold anything, a formula among it.
        values = as_text(values)
    if not isinstance(values.dtype, pd.StringDtype):
        return values
    clean = printable_series(values)
    if excel and (ids := values.str.fullmatch(_ID, na=False)).any():
        clean = clean.where(~ids, _dashed(clean))
    formula = values.str.match(_FORMULA, na=False)
    return clean.where(~formula, "'" + clean) if formula.any() else clean


def _dashed(ids: pd.Series) -> pd.Series:
    return ids.str[:4] + "-" + ids.str[4:8] + "-" + ids.str[8:]
