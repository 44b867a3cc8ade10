"""Sheets that are one table each: filters, a frozen head, wrapped text, made to be printed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.exports.report import AGE
from toolkit.exports.workbook.columns import DUE, TYPED, USUAL_WIDTH, WIDTHS
from toolkit.exports.workbook.looks import Looks, ranked
from toolkit.exports.workbook.measure import height, heights, lines
from toolkit.exports.workbook.rows import lines_of, look_of, numbers, open_rows, texts
from toolkit.schema import Severity, Start, Table
from toolkit.text import as_text, printable

_AT_ONCE: Final = 5_000
"""How many rows are turned into cells at a time, so that memory does not grow with them."""

_EPOCH: Final = np.datetime64("1899-12-30")
"""Excel counts days from here."""
_LONGEST_HEAD: Final = 200
"""Excel takes 255 characters for a table's head."""
_LONGEST_FOOT: Final = 200
"""And as many for what stands below a printed page."""
_BUTTON: Final = 2.5
"""How much of a column's width the button of its filter takes."""
_A4: Final = 9

_STARTS: Final[Mapping[str, str]] = {
    Start.CLOSURE: "Its closure",
    Start.SNAPSHOT: "The first snapshot that shows it",
    Start.AT_LEAST: "At least since then",
}
"""How it is known since when a pair is as it is, as people read it beside the time."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, as the others refer to it.

    `heads` are the words over its columns, by their names, `rows` how many it lists, and `top` is
    the row of its head, from 0. `sheet` is xlsxwriter's.
    """

    name: str
    sheet: Any
    heads: Mapping[str, str]
    rows: int
    top: int

    @property
    def table(self) -> str:
        """The name of its table in formulas."""
        return self.name.replace(" ", "_")

    @property
    def last(self) -> int:
        """The last row of its table: an empty one has a row to write into."""
        return self.top + max(self.rows, 1)

    def place(self, column: str) -> int:
        """Return in which column of the sheet a column stands, from 0."""
        return list(self.heads).index(column)

    def __getitem__(self, column: str) -> str:
        """Return how a formula calls a column."""
        return f"{self.table}[{self.heads[column]}]"

    def __contains__(self, column: object) -> bool:
        """Say whether it has such a column."""
        return column in self.heads


@dataclass(frozen=True)
class Binder:
    """What every sheet of one workbook is made of and says: `note` above, `source` below."""

    book: Any
    looks: Looks
    note: str
    source: str

    def add(
        self, name: str, table: Table, frame: pd.DataFrame, *, printed: str | None = None
    ) -> Sheet:
        """Add a sheet that is one table, and return it.

        Columns behind the one that is `printed` last are not printed, and below each page it says
        so.
        """
        sheet = self.book.add_worksheet(name)
        columns = [
            table[name] if name in table.names else schema.own_column(name, frame[name])
            for name in frame.columns
        ]
        top = 1 if self.note else 0
        heads = dict(zip((c.name for c in columns), _heads(columns), strict=True))
        made = Sheet(name, sheet, heads, len(frame), top)
        widths = [WIDTHS.get(column.name, USUAL_WIDTH) for column in columns]
        self._set_up(made, widths, printed)
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(place, place, width, self._look(column))
        self._declare(made)
        if self.note:
            sheet.write_string(0, 0, inert(self.note), self.looks.note)
        sheet.set_row(top, height(max(map(_head_lines, heads.values(), widths))))
        for place, (column, head) in enumerate(zip(columns, heads.values(), strict=True)):
            counts = column.kind == "count" or column.name == AGE
            look = self.looks.count_head if counts else self.looks.head
            sheet.write_string(top, place, head, look)
        self._write(made, columns, widths, frame)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{made.last + 1}"})
        self._mark(made, columns, frame)
        return made

    def _set_up(self, made: Sheet, widths: Sequence[int], printed: str | None) -> None:
        sheet, columns = made.sheet, len(made.heads)
        sheet.freeze_panes(made.top + 1, min(2, columns))
        shown = columns if printed is None else made.place(printed) + 1
        set_printing(sheet, self.source, left_out=columns - shown, upright=sum(widths) < 90)  # noqa: PLR2004 - what an upright page has room for
        sheet.repeat_rows(0, made.top)
        sheet.print_area(0, 0, made.last, shown - 1)

    def _look(self, column: schema.Column) -> Any:
        looks = self.looks
        if _is_typed(column):
            return looks.day if column.name == DUE else looks.typed
        if column.name == AGE:
            return looks.count
        by_kind = {
            "id": looks.id,
            "time": looks.time,
            "count": looks.count,
            "number": looks.number,
        }
        return by_kind.get(column.kind, looks.text)

    def _declare(self, made: Sheet) -> None:
        # xlsxwriter refuses tables in constant memory, because it would write the heads after the
        # rows, and it keeps a record of each cell. The heads are written here, before the rows,
        # and the table is declared over two rows, then stretched.
        sheet, top = made.sheet, made.top
        sheet.constant_memory = False
        columns = [{"header": head} for head in made.heads.values()]
        options = {"name": made.table, "columns": columns, "style": "Table Style Light 1"}
        sheet.add_table(top, 0, top + 1, len(columns) - 1, options)
        sheet.constant_memory = True
        declared = sheet.tables[-1]
        for key in ("range", "a_range", "autofilter"):
            declared[key] = declared[key].removesuffix(str(top + 2)) + str(made.last + 1)

    def _write(
        self,
        made: Sheet,
        columns: Sequence[schema.Column],
        widths: Sequence[int],
        frame: pd.DataFrame,
    ) -> None:
        # Ours to import where a workbook is written: it is loaded by then.
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

        if frame.empty:
            return
        file = open_rows(made.sheet, made.top + 1, made.last)
        letters = [xl_col_to_name(place) for place in range(len(columns))]
        wrapped = [place for place, c in enumerate(columns) if c.kind in ("text", "word", "state")]
        for start in range(0, len(frame), _AT_ONCE):
            part = frame.iloc[start : start + _AT_ONCE]
            cells = [_cells(c, part[c.name]) for c in columns]
            high = heights([(cells[place], widths[place]) for place in wrapped])
            rendered = [self._rendered(c, own) for c, own in zip(columns, cells, strict=True)]
            file.writelines(lines_of(made.top + start + 2, letters, rendered, high))

    def _rendered(self, column: schema.Column, cells: Sequence[Any]) -> list[str | None]:
        look = look_of(self._look(column))
        if column.kind in ("time", "count", "number"):
            return numbers(cells, look)
        found = texts(cells, look)
        if _is_typed(column):
            # What one goes into and leaves again is read anew: it must not become a formula then.
            text = look_of(self.looks.text)
            for place, value in enumerate(cells):
                if value and value[0] in _BEGINS:
                    (found[place],) = texts([value], text)
        return found

    def _mark(self, made: Sheet, columns: Sequence[schema.Column], frame: pd.DataFrame) -> None:
        first, last = made.top + 1, made.last
        until = "accepted_until"
        if until in made and frame[until].notna().any():
            # The first rule wins: what is accepted has no colour of a severity.
            area = (first, 0, last, len(columns) - 1)
            _mute_accepted(made.sheet, self.looks, made.place(until), area)
        for place, column in enumerate(columns):
            if column.vocabulary == tuple(Severity):
                _mark_severities(made.sheet, self.looks, (first, place, last, place))


_BEGINS: Final = ("=", "+", "-", "@")
"""How a text begins that becomes a formula where it is typed."""


def set_printing(sheet: Any, source: str, *, left_out: int = 0, upright: bool = False) -> None:
    """Let a sheet print one page wide on A4, with its name, its source and page numbers."""
    if not upright:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    more = f" ({left_out} more columns in the file)" if left_out else ""
    said = f"{source[:_LONGEST_FOOT]}{more}".replace("&", "&&")
    sheet.set_header('&L&"Arial,Bold"&10&A')
    sheet.set_footer(f'&L&"Arial"&8{said}&R&"Arial"&8Page &P of &N')


def inert(text: str) -> str:
    """Return a text that xlsxwriter writes as one: what looks like its markup ends in a blank."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _is_typed(column: schema.Column) -> bool:
    own = column.source == "your own table"
    return column.name in TYPED or (own and column.kind == "text")


def _head_lines(head: str, width: int) -> int:
    # Heads are bold, which is wider.
    return lines(head, (width - _BUTTON) / 1.08)


def _heads(columns: Sequence[schema.Column]) -> list[str]:
    """Return what stands over the columns: Excel wants each once, capitals aside."""
    heads: list[str] = []
    for column in columns:
        said = inert(printable(column.label)[:_LONGEST_HEAD]) or "Column"
        taken = [head.casefold() for head in heads]
        head, number = said, 1
        while head.casefold() in taken:
            number += 1
            head = f"{said} ({number})"
        heads.append(f"{head} (UTC)" if column.kind == "time" else head)
    return heads


def _cells(column: schema.Column, values: pd.Series) -> list[Any]:
    """Return a column's cells as Excel has them, None where there is nothing."""
    if column.kind == "time":
        days = (values.to_numpy("datetime64[us]") - _EPOCH) / np.timedelta64(1, "D")
        return [None if day != day else day for day in days.tolist()]  # noqa: PLR0124 - NaN alone differs from itself
    if column.kind == "count":
        return list(values.tolist())
    if column.kind == "number":
        numbers = values.astype("float64")
        return list(numbers.astype("object").where(np.isfinite(numbers), None).tolist())
    if column.kind in ("word", "state"):
        codes, seen = pd.factorize(values)
        say = _words(column)
        words = [*(say(str(word)) for word in seen), None]
        return [words[code] for code in codes.tolist()]
    missing = values.isna()
    if not isinstance(values.dtype, pd.StringDtype):
        values = as_text(values).where(~missing)
    say = str if column.kind == "id" else printable
    return [say(text) if isinstance(text, str) else None for text in values.tolist()]


def _words(column: schema.Column) -> Callable[[str], str]:
    """Return how a word of a column is said."""
    if column.vocabulary == tuple(Severity):
        return ranked
    if column.vocabulary == tuple(Start):
        return _STARTS.__getitem__
    return lambda word: schema.label(printable(word))


def _mark_severities(sheet: Any, looks: Looks, place: tuple[int, int, int, int]) -> None:
    for severity, look in looks.severities.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{ranked(severity)}"'}
        sheet.conditional_format(*place, rule | {"format": look})


def _mute_accepted(sheet: Any, looks: Looks, column: int, place: tuple[int, int, int, int]) -> None:
    # Ours to import where a workbook is written: it is loaded by then.
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

    first = xl_rowcol_to_cell(place[0], column, col_abs=True)
    rule = {"type": "formula", "criteria": f"=LEN({first})>0", "format": looks.accepted}
    sheet.conditional_format(*place, rule | {"stop_if_true": True})
