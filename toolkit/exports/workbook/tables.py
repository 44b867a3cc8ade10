"""Sheets that are one table each: filters, a frozen head, severities marked as they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from toolkit import schema, theme
from toolkit.exports.report import AGE, REOPEN
from toolkit.schema import Severity, Table
from toolkit.text import as_text, printable, printable_series

_AT_ONCE: Final = 5_000
"""How many rows are turned into cells at a time, so that memory does not grow with them."""

STATUS: Final = "Status"
DUE: Final = "Due"
"""The heads of the columns that are there to be filled in."""

_EPOCH: Final = pd.Timestamp("1899-12-30", tz="UTC")
_WIDTHS: Final[Mapping[str, int]] = {
    "account_id": 15,
    "name": 30,
    "email": 32,
    "standard_state": 18,
    "joined_method": 11,
    "joined_at": 18,
    "ou_path": 34,
    "govcloud_account_id": 17,
    "govcloud_state": 18,
    "outcome": 15,
    "detail": 30,
    "fetched_at": 18,
    "verdict": 12,
    "severity": 11,
    "meaning": 70,
    "action": 70,
    "link_id": 22,
    "link_status": 22,
    "region": 16,
    "finding": 30,
    "state_by_pair": 18,
    "state_by_witness": 18,
    "since_is": 12,
    "owner": 26,
    "accepted_by": 26,
    "accepted_reason": 40,
    "last_seen": 18,
    AGE: 10,
    REOPEN: 34,
    STATUS: 13,
    DUE: 12,
}
_STATES: Final = ("Open", "In progress", "Waiting", "Done", "Accepted")
"""What the status of a row may be."""

_USUAL_WIDTH: Final = 19
_LONGEST_HEAD: Final = 200
"""Excel takes 255 characters for a table's head."""


@dataclass(frozen=True)
class Looks:
    """Formats of one workbook: xlsxwriter's belong to the book that made them."""

    text: Any
    time: Any
    day: Any
    count: Any
    number: Any
    head: Any
    title: Any
    muted: Any
    label: Any
    severities: Mapping[str, Any]
    unknown: Any
    accepted: Any


def make_looks(book: Any) -> Looks:
    """Return the formats of a workbook, in the project's font and colours."""
    base = {"font_name": theme.FONT, "font_size": 10, "valign": "top"}

    def add(**more: object) -> Any:
        return book.add_format(base | more)

    return Looks(
        text=add(num_format="@"),
        time=add(num_format="yyyy-mm-dd hh:mm"),
        day=add(num_format="yyyy-mm-dd"),
        count=add(num_format="#,##0"),
        number=add(num_format="General"),
        head=add(bold=True, font_color=theme.LIGHT.paper, bg_color=theme.NAVY, text_wrap=True),
        title=add(bold=True, font_size=16, font_color=theme.LIGHT.ink),
        muted=add(font_color=theme.LIGHT.muted),
        label=add(bold=True),
        severities={
            severity: book.add_format(
                {"bg_color": theme.LIGHT.tints[severity], "font_color": theme.LIGHT.ink}
            )
            for severity in Severity
        },
        unknown=book.add_format({"font_color": theme.LIGHT.states[schema.State.UNKNOWN]}),
        accepted=book.add_format({"font_color": theme.LIGHT.muted, "italic": True}),
    )


def add_table_sheet(book: Any, looks: Looks, name: str, table: Table, frame: pd.DataFrame) -> Any:
    """Add a sheet that is one table, and return it: filters, a frozen head, severities marked."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 2)
    set_printing(sheet)
    sheet.repeat_rows(0)
    add_table(sheet, looks, name, table, frame)
    return sheet


def add_table(
    sheet: Any,
    looks: Looks,
    name: str,
    table: Table,
    frame: pd.DataFrame,
    *,
    corner: tuple[int, int] = (0, 0),
) -> None:
    """Put a table on a sheet, below what is there: its head in the row of the corner."""
    top, left = corner
    columns = [
        table[name] if name in table.names else schema.own_column(name, frame[name])
        for name in frame.columns
    ]
    heads = _heads(columns)
    last = top + max(len(frame), 1)
    for place, column in enumerate(columns, start=left):
        look = {"time": looks.time, "count": looks.count, "number": looks.number}.get(
            column.kind, looks.text
        )
        if column.name == DUE and column.name not in table.names:
            look = looks.day
        sheet.set_column(place, place, _WIDTHS.get(column.name, _USUAL_WIDTH), look)
    _declare_table(sheet, name, heads, corner, last)
    sheet.set_row(top, 18)
    for place, head in enumerate(heads, start=left):
        sheet.write_string(top, place, head, looks.head)
    writers = [
        sheet.write_number if column.kind in ("time", "count", "number") else sheet.write_string
        for column in columns
    ]
    for start in range(0, len(frame), _AT_ONCE):
        part = frame.iloc[start : start + _AT_ONCE]
        cells = [_cells(c, part[c.name]) for c in columns]
        _write_rows((top + start + 1, left), cells, writers)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    for place, column in enumerate(columns, start=left):
        if column.name == "accepted_until" and frame[column.name].notna().any():
            # The first rule wins: what is accepted has no colour of a severity.
            _mute_accepted(sheet, looks, place, (top + 1, left, last, left + len(columns) - 1))
    for place, column in enumerate(columns, start=left):
        if column.vocabulary == tuple(Severity):
            _mark_severities(sheet, looks, (top + 1, place, last, place))


def _heads(columns: Sequence[schema.Column]) -> list[str]:
    """Return what stands over the columns: Excel wants each once, capitals aside."""
    heads: list[str] = []
    for column in columns:
        said = printable(column.label)[:_LONGEST_HEAD] or "Column"
        taken = [head.casefold() for head in heads]
        head, number = said, 1
        while head.casefold() in taken:
            number += 1
            head = f"{said} ({number})"
        heads.append(f"{head} (UTC)" if column.kind == "time" else head)
    return heads


def set_printing(sheet: Any) -> None:
    """Let a sheet print one page wide."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _declare_table(
    sheet: Any, name: str, heads: Sequence[str], corner: tuple[int, int], last: int
) -> None:
    # xlsxwriter refuses tables in constant memory, because it would write the heads after the
    # rows, and it keeps a record of each cell. The heads are written here, before the rows, and
    # the table is declared over two rows, then stretched.
    sheet.constant_memory = False
    columns = [{"header": head} for head in heads]
    options = {"name": name.replace(" ", "_"), "columns": columns, "style": "Table Style Light 1"}
    top, left = corner
    sheet.add_table(top, left, top + 1, left + len(heads) - 1, options)
    sheet.constant_memory = True
    declared = sheet.tables[-1]
    for key in ("range", "a_range", "autofilter"):
        declared[key] = declared[key].removesuffix(str(top + 2)) + str(last + 1)


def _cells(column: schema.Column, values: pd.Series) -> list[Any]:
    """Return a column's cells as Excel has them, None where there is nothing."""
    if column.kind == "time":
        # Excel counts days; xlsxwriter's own conversion of each time costs as much as the rest.
        days = (pd.to_datetime(values, utc=True) - _EPOCH) / pd.Timedelta(days=1)
        return [None if day != day else day for day in days.tolist()]  # noqa: PLR0124 - NaN alone differs from itself
    if column.kind == "count":
        return list(values.tolist())
    if column.kind == "number":
        numbers = values.astype("float64")
        return list(numbers.astype("object").where(np.isfinite(numbers), None).tolist())
    if column.kind in ("word", "state"):
        codes, seen = pd.factorize(values)
        words = [*(schema.label(printable(str(word))) for word in seen), None]
        return [words[code] for code in codes.tolist()]
    missing = values.isna()
    if not isinstance(values.dtype, pd.StringDtype):
        values = as_text(values)
    text = values if column.kind == "id" else printable_series(values)
    return list(text.astype("object").where(~missing, None).tolist())


def _write_rows(
    corner: tuple[int, int],
    columns: Sequence[Sequence[Any]],
    writers: Sequence[Callable[[int, int, Any], object]],
) -> None:
    top, left = corner
    places = range(len(columns))
    for row, values in enumerate(zip(*columns, strict=True), start=top):
        for place in places:
            value = values[place]
            if value is not None:
                writers[place](row, left + place, value)


def _mark_severities(sheet: Any, looks: Looks, place: tuple[int, int, int, int]) -> None:
    for severity, look in looks.severities.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{schema.label(severity)}"'}
        sheet.conditional_format(*place, rule | {"format": look})


def _mute_accepted(sheet: Any, looks: Looks, column: int, place: tuple[int, int, int, int]) -> None:
    # Ours to import where a workbook is written: it is loaded by then.
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

    first = xl_rowcol_to_cell(place[0], column, col_abs=True)
    rule = {"type": "formula", "criteria": f"=LEN({first})>0", "format": looks.accepted}
    sheet.conditional_format(*place, rule | {"stop_if_true": True})


def to_fill_in(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a status and a due day to fill in; what is accepted says so already."""
    accepted = frame["accepted_until"].notna()
    status = pd.Series(_STATES[-1], index=frame.index, dtype="str").where(accepted)
    return frame.assign(**{STATUS: status, DUE: pd.Series(None, frame.index, "str")})


def validate(sheet: Any, frame: pd.DataFrame, since: pd.Timestamp) -> None:
    """Let the status be one of a list only, and the due day be a day from the snapshot's on."""
    last = max(len(frame), 1)
    columns = list(frame.columns)
    status, due = columns.index(STATUS), columns.index(DUE)
    sheet.data_validation(
        1,
        status,
        last,
        status,
        {
            "validate": "list",
            "source": list(_STATES),
            "error_title": "Not a status",
            "error_message": f"Choose one of: {', '.join(_STATES)}.",
        },
    )
    day = since.tz_localize(None).normalize().to_pydatetime()
    sheet.data_validation(
        1,
        due,
        last,
        due,
        {
            "validate": "date",
            "criteria": ">=",
            "value": day,
            "error_title": "Not a due day",
            "error_message": f"Write a day from {day:%Y-%m-%d} on, such as 2026-12-31.",
        },
    )
