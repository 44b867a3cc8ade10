"""Tables in a terminal: ids whole at any width, names shortened, the severity first seen."""

import sys
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final, NoReturn

import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from toolkit.schema import Column, Severity, Start, Table, label
from toolkit.text import printable, shorten_middle
from toolkit.theme import severity_name
from toolkit.titles.words import counted, joined

_PIPED_WIDTH: Final = 240
"""A pipe has no width: without one, rich would fold rows at 80 columns."""

_GAP: Final = 2
"""Cells between two columns."""
_LEAST: Final = 12
"""Cells that a text is never shortened below."""

_DAYS: Final = ("since", "last_seen", "accepted_until")
"""The times of which the day is enough."""

_MOVED: Final = " → "
"""What stands between two states of which one followed the other."""

_HEADS: Final = {"ou_path": "Unit"}
"""What is called shorter at the head of a column than in a sentence."""

_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
}
"""Of the sixteen colours that every terminal shows so that its owner can read them."""


def print_table(
    frame: pd.DataFrame, table: Table, columns: Sequence[str], spare: Sequence[str] = ()
) -> None:
    """Print these columns of a table, one row a line, and how many rows there are.

    Ids, severities and times are never cut, nor is the word of a state. A narrow terminal gets
    names that are shortened in the middle, and what is `spare` is left out of it, the first of it
    first; that is said below.
    """
    console = _console()
    shown = [_Shown(frame[name], table[name], frame.get("since_is"), console) for name in columns]
    hidden: list[str] = []
    for name in spare:
        if _least(shown) <= console.width:
            break
        hidden += [one.head for one in shown if one.name == name]
        shown = [one for one in shown if one.name != name]
    if _least(shown) > console.width:
        # An id in two pieces could not be copied: rather let the terminal fold what is too much.
        console = _console(_least(shown))
    rooms = _rooms(shown, console.width)
    heads = [textwrap.wrap(one.head, room) for one, room in zip(shown, rooms, strict=True)]
    tallest = max(map(len, heads))
    heads = [[""] * (tallest - len(lines)) + lines for lines in heads]
    console.print(Text(_line(heads, rooms, shown), "bold"), soft_wrap=True)
    if not frame.empty:
        console.print(_body(shown, rooms), soft_wrap=True)
    also = f"; a wider window shows {joined(hidden[::-1])}, too" if hidden else ""
    console.print(f"{counted(len(frame), 'row')}{also}", highlight=False, soft_wrap=True)


def print_meanings(rows: pd.DataFrame) -> None:
    """Print what rows mean and what to do; where many say the same, it stands there once."""
    console = _console()
    said = rows[["severity", "meaning", "action"]].astype("str").dropna(subset="meaning")
    counts = said.value_counts(sort=False, dropna=False).reset_index()
    for severity, *sentences, count in counts.itertuples(index=False):
        head = Text(f"{count:,} ×", _style(severity))
        text = Text(printable(" ".join(one for one in sentences if isinstance(one, str))))
        if console.is_terminal:
            grid = Grid.grid(padding=(0, 1, 0, 0))
            grid.add_row(head, text)
            console.print(grid)
        else:
            console.print(head, text, soft_wrap=True)


def _body(shown: "Sequence[_Shown]", rooms: Sequence[int]) -> Text:
    """Return the rows as one text: a grid of rich takes half a millisecond for each."""
    cells = [one.cells(room) for one, room in zip(shown, rooms, strict=True)]
    lines = [_line(row, rooms, shown) for row in zip(*cells, strict=True)]
    text = Text("\n".join(lines))
    for place, one in enumerate(shown):
        if one.name == "severity":
            begin = sum(rooms[:place]) + _GAP * place
            for line, severity in zip(lines, one.values, strict=True):
                text.stylize(_style(severity), begin, begin + rooms[place])
                begin += len(line) + 1
    return text


def _line(cells: Sequence[Sequence[str]], rooms: Sequence[int], shown: "Sequence[_Shown]") -> str:
    """Return a row, in as many lines as its tallest cell has."""
    lines = []
    for parts in zip_longest(*cells, fillvalue=""):
        padded = (
            " " * (room - cell_len(part)) + part
            if one.is_number
            else part + " " * (room - cell_len(part))
            for part, room, one in zip(parts, rooms, shown, strict=True)
        )
        lines.append((" " * _GAP).join(padded).rstrip())
    return "\n".join(lines)


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leave it to the command line what it means that the reader has gone."""
        raise BrokenPipeError


def _console(width: int | None = None) -> Console:
    return _Console(width=width or (None if sys.stdout.isatty() else _PIPED_WIDTH))


class _Shown:
    """A column as people read it: its head, a text for each row, and how narrow it may become."""

    def __init__(
        self, values: pd.Series, column: Column, since_is: pd.Series | None, console: Console
    ) -> None:
        self.name, self.head = column.name, _HEADS.get(column.name, printable(column.label))
        self.is_number = column.kind in ("count", "number")
        self.values = values
        self._texts = [_cell(value, column) for value in values]
        signed = console.encoding.startswith("utf")
        if self.name == "severity" and signed and console.is_terminal:
            self._texts = ["–" if pd.isna(one) else severity_name(one) for one in values]
        if self.name == "since" and since_is is not None:
            early = (since_is == Start.AT_LEAST).to_list()
            sign = "≤ " if signed else "by "
            self._texts = [
                sign * is_early + text for is_early, text in zip(early, self._texts, strict=True)
            ]
        self._folds = column.kind in ("state", "word") and self.name != "severity"
        shortens = column.kind == "text" and not self.name.endswith(("_id", "region"))
        heads = max(map(cell_len, self.head.split()), default=0)
        self.widest = max(map(cell_len, set(self._texts)), default=0)
        self.natural = max(cell_len(self.head), self.widest)
        self.least = max(heads, self.widest)
        if shortens:
            self.least = max(heads, min(self.widest, _LEAST))
        elif self._folds:
            words = {word for text in set(self._texts) for word in text.split()}
            self.least = max([heads, *map(cell_len, words)])

    def cells(self, room: int) -> list[list[str]]:
        """Return what stands in each row, in lines of so many cells."""
        if room >= self.widest:
            return [[text] for text in self._texts]
        if self._folds:
            return [textwrap.wrap(text, room) for text in self._texts]
        return [[shorten_middle(text, room, width=cell_len)] for text in self._texts]


def _least(shown: Sequence[_Shown]) -> int:
    return sum(one.least + _GAP for one in shown) - _GAP


def _rooms(shown: Sequence[_Shown], width: int) -> list[int]:
    """Share the width out in equal parts: first to what would be shortened, then to the heads."""
    rooms = [one.least for one in shown]
    for wanted in ([one.widest for one in shown], [one.natural for one in shown]):
        left = width - sum(rooms) - _GAP * (len(rooms) - 1)
        lacks = [max(0, want - room) for want, room in zip(wanted, rooms, strict=True)]
        order = sorted(range(len(shown)), key=lacks.__getitem__)
        for number, place in enumerate(order):
            more = min(lacks[place], left // (len(order) - number))
            rooms[place] += more
            left -= more
    return rooms


def _style(severity: object) -> str:
    return _STYLES.get(severity, "") if isinstance(severity, str) else ""  # type: ignore[call-overload]


def _cell(value: Any, column: Column) -> str:
    """Return a cell as text that people read, and that a terminal shows but does not obey."""
    if pd.isna(value):
        return "–"
    if column.kind == "count":
        return f"{value:,}"
    if column.kind == "flag":
        return "yes" if value else "no"
    if column.kind == "time":
        return f"{value:%Y-%m-%d}" if column.name in _DAYS else f"{value:%Y-%m-%d %H:%M} UTC"
    if column.kind in ("state", "word"):
        return printable(_MOVED.join(map(label, str(value).split(_MOVED))))
    return printable(str(value))
